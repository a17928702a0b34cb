"""走访: who is due, what was recorded, campaigns; a visit is entered beside the list, without leaving the keyboard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.store.database import Database
from desktop_app.visits import queries
from desktop_app.visits.campaigns import CampaignLine, campaigns
from desktop_app.visits.queries import DueCounts, DueLine, VisitLine
from ui.pages.campaign_new import DRAFT, CampaignDialog
from ui.pages.page import Page
from ui.pages.visit_form import VisitForm
from ui.pages.visits_month import MonthBar
from ui.pages.whose import NEW, whose
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button
from ui.shell.row_marks import RowMarks
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.elided import ElidedLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column
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


def visits_facts(db: Database, on: str) -> VisitsFacts:
    """Runs on the reader thread."""
    done = queries.visits(db, most=_MOST)
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
        self._wanted = ""
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        faces = (self.tr("该走访"), self.tr("走访记录"), self.tr("敲门行动"))
        self.faces = Segments(faces, self.tr("看哪一面"), self)
        self._stack = QStackedWidget(self)
        self.due = self._make_due()
        self._headline = ElidedLabel("muted", self)
        icon = desk.theme.icon
        self._verb = button(self.tr("登记走访 V"), self.record, tone="primary", icon=icon("plus", "on_accent"))
        self._new = button(self.tr("新的敲门行动 N"), self.begin_campaign, icon=icon("plus", "accent_text"))
        self._route = button(self.tr("打路线单"), self.print_route, icon=icon("printer", "accent_text"))
        self._out = button(self.tr("导出"), self.export, icon=icon("export", "accent_text"))
        self._files = button(self.tr("附件 F"), self.toggle_files, icon=icon("file", "accent_text"))
        self._files.setCheckable(True)
        desk.offer("visits.change", self._verb, self._new)
        desk.offer("attachments.read", self._files)
        self.faces.chosen.connect(self._turn)
        self._arrange()
        yield
        self.month = MonthBar(desk, self)
        self._whole.addWidget(self.month)
        yield
        self.done, self.campaigns = self._make_done(), self._make_campaigns()
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
        self.form.opened.connect(self.hide_files)
        self._beside(self.form)

    def _beside(self, part: QWidget) -> None:
        """The form or the files, one of the two, beside the list."""
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

    def _make_due(self) -> LineTable:
        table = LineTable(
            (
                Column("name", self.tr("户主"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 180, lambda line: line.address),
                Column("tags", self.tr("关怀"), 150, lambda line: "、".join(line.tags)),
                Column("last", self.tr("上次走访"), 100, lambda line: line.last_on or self.tr("从未走访")),
                Column("over", self.tr("逾期"), 80, self._over, tone=lambda line: "bad" if line.days_over > 0 else ""),
            ),
            self.tr("该走访的户"),
            self,
            stretch="address",
        )
        table.show_tones(self.desk.theme)
        table.asked.connect(lambda _line: self.record())
        return table

    def _make_done(self) -> LineTable:
        return LineTable(
            (
                RowMarks(self.desk, "visit", self).column(),
                Column("on", self.tr("日期"), 100, lambda line: line.on),
                Column("name", self.tr("对象"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 160, lambda line: line.address),
                Column("result", self.tr("结果"), 64, lambda line: line.result),
                Column("workers", self.tr("走访人"), 100, lambda line: line.workers),
                Column("findings", self.tr("情况"), 220, lambda line: line.findings),
            ),
            self.tr("走访记录"),
            self,
            stretch="findings",
        )

    def _make_campaigns(self) -> LineTable:
        table = LineTable(
            (
                Column("name", self.tr("名称"), 220, lambda line: line.name),
                Column("state", self.tr("状态"), 60, lambda line: line.state),
                Column("round", self.tr("轮次"), 70, lambda line: self.tr("第 {n} 轮").format(n=line.round)),
                Column("from_on", self.tr("开始"), 100, lambda line: line.from_on),
                Column("homes", self.tr("户数"), 60, lambda line: str(line.coverage.homes), align=RIGHT),
                Column("reached", self.tr("见到"), 60, lambda line: str(line.coverage.reached), align=RIGHT),
                Column("waiting", self.tr("没上门"), 70, lambda line: str(line.coverage.waiting), align=RIGHT),
                Column("percent", self.tr("覆盖率"), 70, _percent, align=RIGHT),
            ),
            self.tr("敲门行动"),
            self,
            stretch="name",
        )
        table.asked.connect(lambda line: self.desk.open_record("campaign", line.id))
        return table

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
        for one in (self.faces, self._headline, self._files, self._out, self._route, self._new, self._verb):
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
            self._wanted = what.removeprefix("visit:")
            self.faces.choose(_DONE)
            self.refresh(frozenset())

    def go_on_with(self, draft: str) -> None:
        if draft == DRAFT:
            self.faces.choose(_CAMPAIGNS)
            self.begin_campaign()
        else:
            super().go_on_with(draft)

    def unsaved(self) -> str:
        return self.form.title.text() if self.form.is_typed else ""

    def keep_typed(self) -> None:
        self.form.keep_typed()

    # --------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, on = self.desk.app.db, self.desk.app.clock.today().isoformat()
        self.read(lambda: visits_facts(db, on), self._show, key="visits")
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
        self._files.setVisible(at == _DONE and self.desk.may("attachments.read"))
        if at != _DONE or not self.done.lines:
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

    def _over(self, line: DueLine) -> str:
        if line.last_on is None:
            return ""
        return self.tr("{n} 天").format(n=line.days_over) if line.days_over else self.tr("今天")

    # -------------------------------------------------------------------------------------------------------- verbs

    def record(self) -> None:
        """Open the form for the home under the cursor, or for a resident to be chosen."""
        line: DueLine | None = self.due.current if self.faces.current == _DUE else None
        self.form.begin(whose(self.desk.app.db, f"{line.subject}:{line.id}" if line else NEW))

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


def _percent(line: CampaignLine) -> str:
    return "—" if line.coverage.percent is None else f"{line.coverage.percent}%"
