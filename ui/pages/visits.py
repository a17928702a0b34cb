"""走访: who is due, what was recorded, campaigns; a visit is entered beside the list, without leaving the keyboard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.store.database import Database
from desktop_app.visits import queries
from desktop_app.visits.campaigns import CampaignLine, campaigns
from desktop_app.visits.queries import DueCounts, DueLine, VisitLine
from ui.pages.campaign_new import DRAFT, CampaignDialog
from ui.pages.page import Page
from ui.pages.visit_asks import VisitAsks
from ui.pages.visit_form import VisitForm
from ui.pages.visits_lists import CampaignsTable, DoneTable, DueTable
from ui.pages.visits_month import MonthBar
from ui.pages.whose import NEW, whose
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.elided import ElidedLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.inline_form import InlineForm
from ui.widgets.segments import Segments

_MOST = 500
_FORM_WIDTH, _FORM_LEAST = 400, 280
_DUE, _DONE, _CAMPAIGNS = range(3)


@dataclass(frozen=True, slots=True)
class VisitsFacts:
    """Everything the page shows but the month."""

    due: Sequence[DueLine]
    counts: DueCounts
    done: Sequence[VisitLine]
    campaigns: Sequence[CampaignLine]


def visits_facts(db: Database, on: str, also: str = "") -> VisitsFacts:
    """Runs on the reader thread; `also` is a visit that is to be in the list however long ago it was."""
    done = queries.visits(db, most=_MOST)
    if also and all(one.id != also for one in done):
        done += queries.visits(db, visit_id=also)
    return VisitsFacts(queries.due(db, on, most=_MOST), queries.due_counts(db, on), done, campaigns(db))


class VisitsPage(Page):
    """Three lists, and the form beside them."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "visit",
            "campaign",
            "campaign_item",
            "person_tag",
            "household",
            "household_member",
            "person",
            "appeal",
            "attachment",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = self._also = ""
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        faces = (self.tr("该走访"), self.tr("走访记录"), self.tr("敲门行动"))
        self.faces = Segments(faces, self.tr("看哪一面"), self)
        self._stack = QStackedWidget(self)
        self.due = DueTable(desk, self)
        self.due.asked.connect(lambda _line: self.record())
        self._headline = ElidedLabel("muted", self)
        icon = desk.theme.icon
        self._verb = button(self.tr("登记走访 V"), self.record, tone="primary", icon=icon("plus", "on_accent"))
        self._new = button(self.tr("新的敲门行动 N"), self.begin_campaign, icon=icon("plus", "accent_text"))
        self._route = button(self.tr("打路线单"), self.print_route, icon=icon("printer", "accent_text"))
        self._out = button(self.tr("导出"), self.export, icon=icon("export", "accent_text"))
        self._files = button(self.tr("附件 F"), self.toggle_files, icon=icon("file", "accent_text"))
        self._files.setCheckable(True)
        self._edit = button(self.tr("修改 E"), self.correct, icon=icon("edit", "accent_text"))
        self._undo = button(self.tr("撤销 X"), self.withdraw, icon=icon("undo", "accent_text"))
        desk.offer("visits.change", self._verb, self._new, self._edit, self._undo)
        desk.offer("attachments.read", self._files)
        self.faces.chosen.connect(self._turn)
        self._arrange()
        yield
        self.month = MonthBar(desk, self)
        self._whole.addWidget(self.month)
        yield
        self.done, self.campaigns = DoneTable(desk, self), CampaignsTable(desk, self)
        self.done.menu_asked.connect(self._fill_menu)
        self.campaigns.asked.connect(lambda line: desk.open_record("campaign", line.id))
        self._empty = EmptyState(self)
        for part in (self.done, self.campaigns, self._empty):
            self._stack.addWidget(part)
        yield
        self._make_form()
        yield
        self._make_files()

    def _make_form(self) -> None:
        self.form = VisitForm(self.desk, self)
        self.form.hide()
        self.form.closed.connect(lambda: self.first_focus().setFocus())
        self.form.opened.connect(self._only_form)
        self._beside(self.form)
        self._asks, self.ask = VisitAsks(self.desk), InlineForm(self.desk, self)
        self.ask.face = "withdraw"
        self.ask.opened.connect(self._only_ask)
        self.ask.closed.connect(lambda: self.first_focus().setFocus())
        self.ask.resume_asked.connect(self._resume)
        self._beside(self.ask)

    def _only_form(self) -> None:
        self.hide_files()
        self.ask.close_form()

    def _only_ask(self) -> None:
        self.hide_files()
        self.form.close_form()

    def _beside(self, part: QWidget) -> None:
        """The form, the question or the files, one of them, beside the list."""
        factor = self.desk.theme.font_px / 14
        part.setMinimumWidth(round(_FORM_LEAST * factor))
        part.setMaximumWidth(round(_FORM_WIDTH * factor))
        self._body.addWidget(part, 2)

    def _make_files(self) -> None:
        """The photographs and files of the visit under the cursor."""
        self.attached = AttachmentsPane(self.desk, "visit", self)
        self.attached.hide()
        self.attached.counted.connect(self._count_files)
        self.done.chosen.connect(lambda _line: self._show_files())
        self.done.asked.connect(self._open_files)
        self._beside(self.attached)

    def _arrange(self) -> None:
        self._stack.addWidget(self.due)
        self._body = body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self._stack, 3)
        self._whole = layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        verbs = (self._edit, self._undo, self._files, self._out, self._route, self._new, self._verb)
        for one in (self.faces, self._headline, *verbs):
            head.addWidget(one)
        head.setStretch(1, 1)
        layout.addLayout(head)
        layout.addLayout(body, 1)

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("走访")

    def icon(self) -> str:
        return "pin"

    def first_focus(self) -> QWidget:
        shown = self._stack.currentWidget()
        return self._verb if isinstance(shown, EmptyState) else shown

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (
            Command(self.tr("登记走访"), self.record, "V", "plus", here, "visits.change"),
            Command(self.tr("新的敲门行动"), self.begin_campaign, "N", "plus", here, "visits.change"),
            Command(self.tr("修改这次走访"), self.correct, "E", "edit", here, "visits.change"),
            Command(self.tr("撤销这次走访（登记错了）"), self.withdraw, "X", "undo", here, "visits.change"),
            Command(self.tr("看或收起走访的照片和附件"), self.toggle_files, "F", "file", here, "attachments.read"),
            Command(self.tr("打路线单"), self.print_route, "Ctrl+P", "printer", here),
            Command(self.tr("导出这张表"), self.export, "Ctrl+E", "export", here),
            Command(self.tr("上个月的数字"), lambda: self.month.turn(-1), "Alt+PgUp", "back", here),
            Command(self.tr("下个月的数字"), lambda: self.month.turn(1), "Alt+PgDown", "forward", here),
            *self.faces.commands(here),
        )

    def show_this(self, what: object, /) -> None:
        """`campaigns`: the third face; `visit:…`: one of the visits that were made."""
        if what == "campaigns":
            self.faces.choose(_CAMPAIGNS)
        elif isinstance(what, str) and what.startswith("visit:"):
            self._wanted = self._also = what.removeprefix("visit:")
            self.faces.choose(_DONE)
            self.refresh(frozenset())

    def go_on_with(self, draft: str) -> None:
        if draft == DRAFT:
            self.faces.choose(_CAMPAIGNS)
            self.begin_campaign()
        else:
            super().go_on_with(draft)

    def unsaved(self) -> str:
        return self.form.title.text() if self.form.is_typed else super().unsaved()

    def keep_typed(self) -> None:
        self.form.keep_typed()
        super().keep_typed()

    # --------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, on, also = self.desk.app.db, self.desk.app.clock.today().isoformat(), self._also
        self.read(lambda: visits_facts(db, on, also), self._show, key="visits")
        self.month.refresh()

    def _show(self, found: VisitsFacts) -> None:
        shown = ((self.due, found.due), (self.done, found.done), (self.campaigns, found.campaigns))
        for table, lines in shown:
            table.set_row_height(self.desk.theme.row_height)
            table.show_lines(lines, point=self._wanted if table is self.done else "")
        self._wanted = ""
        self._show_files()
        self.faces.show_count(_DUE, found.counts.homes)
        self._headline.show_words("　".join(f"{tag} {count}" for tag, count in found.counts.by_tag))
        self._turn(self.faces.current)

    def _turn(self, at: int) -> None:
        lists = (self.due, self.done, self.campaigns)
        self._route.setVisible(at == _DUE)
        self._out.setVisible(at != _CAMPAIGNS)
        made = at == _DONE and bool(self.done.lines)
        self._files.setVisible(at == _DONE and self.desk.may("attachments.read"))
        for one in (self._edit, self._undo):
            one.setVisible(made and self.desk.may("visits.change"))
        self._new.setVisible(at != _DONE and self.desk.may("visits.change"))
        if not made:
            self.hide_files()
        if lists[at].lines:
            self._stack.setCurrentIndex(at)
            return
        people = self.tr("看居民")
        words, verb, key, run = (
            (self.tr("今天没有到期的走访。"), people, "", self._residents),
            (self.tr("还没有走访记录。按 V 记第一次。"), self.tr("登记走访"), "V", self.record),
            (self.tr("还没有敲门行动。按 N 建立第一次。"), self.tr("新的敲门行动"), "N", self.begin_campaign),
        )[at]
        self._empty.show_words(words, verb, key, run)
        self._stack.setCurrentIndex(len(lists))

    def _residents(self) -> None:
        self.desk.open_page("residents")

    # -------------------------------------------------------------------------------------------------------- verbs

    def record(self) -> None:
        """Open the form for the home under the cursor, or for a resident to be chosen."""
        line: DueLine | None = self.due.current if self.faces.current == _DUE else None
        self.form.begin(whose(self.desk.app.db, f"{line.subject}:{line.id}" if line else NEW))

    def correct(self) -> None:
        """Put right what was written of the visit under the cursor."""
        line = self._visit_here()
        if line is not None:
            self.form.begin(whose(self.desk.app.db, f"visit:{line.id}"))

    def withdraw(self) -> None:
        """Take back the visit under the cursor, which was entered by mistake."""
        line = self._visit_here()
        if line is not None:
            self.ask.begin(self._asks.withdraw(line), about=line.id, kind=self.tr("撤销走访"))

    def _visit_here(self) -> VisitLine | None:
        """The visit under the cursor; None, with a word in the status bar, where none is pointed at."""
        line: VisitLine | None = self.done.current
        if self.faces.current == _DONE and line is not None:
            return line
        self.faces.choose(_DONE)
        self.desk.say(self.tr("请在走访记录里停在要改的那一次，再按一次。"))
        return None

    def _fill_menu(self, menu: QMenu) -> None:
        verbs = (self.correct, self.withdraw, self.toggle_files)
        for one in self.commands():
            if one.run in verbs and self.desk.may(one.right):
                menu.addAction(f"{one.text}\t{one.keys}").triggered.connect(one.run)

    def _resume(self, draft: str) -> None:
        """Go on with the question that was begun about one of the visits."""
        found = queries.visits(self.desk.app.db, visit_id=self.ask.pending_of(draft).about)
        if found:
            self.show_this(f"visit:{found[0].id}")
            self.ask.begin(self._asks.withdraw(found[0]), about=found[0].id, kind=self.tr("撤销走访"))

    def begin_campaign(self) -> None:
        """A new campaign; it opens in its own tab."""
        CampaignDialog(self.desk, self).open()

    def toggle_files(self) -> None:
        """The photographs and files of the visit under the cursor, beside the list; once more puts them away."""
        self.whole()
        if not self.attached.isHidden():
            self.hide_files()
            self.done.setFocus()
            return
        self.faces.choose(_DONE)
        if self.done.current is None:
            self._files.setChecked(False)
            return
        self.form.close_form()
        self.ask.close_form()
        self._files.setChecked(True)
        self.attached.show()
        self._show_files()

    def _open_files(self, _line: VisitLine) -> None:
        if self.desk.may("attachments.read") and self.attached.isHidden():
            self.toggle_files()

    def hide_files(self) -> None:
        """The list alone again."""
        self._files.setChecked(False)
        self._files.setText(self.tr("附件 F"))
        if self.is_whole:
            self.attached.hide()

    def _show_files(self) -> None:
        if self.is_whole and not self.attached.isHidden():
            now: VisitLine | None = self.done.current
            if now is not None:  # there is none while the list is being asked for again
                self.attached.show_record(now.id)

    def _count_files(self, count: int) -> None:
        self._files.setText(self.tr("附件 {n}").format(n=count) if count else self.tr("附件 F"))

    def print_route(self) -> None:
        """The way to all who are due."""
        self.desk.print_form("visit_route", [line.id for line in self.due.lines])

    def export(self) -> None:
        """Save the list that is shown as a workbook."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.tr("该走访.xlsx") if self.faces.current == _DUE else self.tr("走访记录.xlsx")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("导出"), f"{folder}/{name}", "Excel (*.xlsx)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the list; a child process does the work.  Of the records the month that is shown."""
        month = self.month.month.isoformat()[:7]
        words = ["due"] if self.faces.current == _DUE else ["list", "--month", month, "--limit", "100000"]
        job = self.desk.background.start_job(self.tr("导出"), ["visit", *words, "-o", str(path)])
        desk, told = self.desk, self.tr("已导出：{name}").format(name=path.name)
        job.ended.connect(lambda _done: desk.say(told))
        job.failed.connect(self.desk.problem)
