"""A face of a page: a list with filters and sorting, the line under the cursor in full, its verbs, a form beside it.

A pane says what it is about (`columns`, `filters`, `orders`, `ask`, `facts`, `verbs`); everything else is here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.store.database import Database
from ui.pages.face_pane import FacePane
from ui.pages.page import Page
from ui.shell.commands import Command, native
from ui.shell.parts import button, clear, label, with_card
from ui.shell.row_marks import RowMarks
from ui.shell.state_line import StateLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.flow import Flow
from ui.widgets.inline_form import Ask, InlineForm, Pending
from ui.widgets.line_table import LineTable, line_id
from ui.widgets.record_form import scrolled
from ui.widgets.record_model import Column
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from desktop_app.printing.forms.table import TablePaper

Facts_ = Sequence[tuple[str, str | QWidget | None]]
_WIDE = "A4 横向"
_BUTTONS = 5
"""Verbs that stand as buttons under the facts; the others stand behind 更多, all of them in the palette too."""


class ListPane(FacePane):
    """The list at the left, the line or a form at the right; the list is there first."""

    name: ClassVar[str] = ""
    """What the list is called, in words."""
    stretch: ClassVar[str] = ""
    search: ClassVar[str] = ""
    """What can be searched for, in words."""
    record: ClassVar[str] = ""
    """The table of the records in the list: each line says how its record stands with the server."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page: Page = page
        self._order, self._up = "", True
        self._point = ""
        self._verb = ""  # the words of the verb that was asked for last
        self._put_off = ""  # the draft nobody wants to be told of again
        self._resumed = ""  # the draft to go on with once the list is there
        self._runs: dict[str, Callable[[], object]] = {}
        self._lines: Sequence[Any] = ()
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self._make_list()
        yield
        self._make_card()
        yield
        self._make_form()
        yield
        self._make_verbs()

    # ------------------------------------------------------------------------------------------ what a pane says

    def columns(self) -> tuple[Column, ...]:
        """The columns of the list; `sort` names one of `orders`."""
        raise NotImplementedError

    def record_of(self, line: Any) -> str:
        """The identifier of the record behind a line, "" where there is none."""
        return line_id(line)

    def filters(self) -> tuple[Filter, ...]:
        """The chips above the list."""
        return ()

    def orders(self) -> Mapping[str, Callable[[Any], Any]]:
        """Sort key by name."""
        return {}

    def ask(self, db: Database, chosen: Chosen) -> Sequence[Any]:
        """The lines; runs on the reader thread."""
        raise NotImplementedError

    def title_of(self, line: Any) -> str:
        """What stands above the facts of a line."""
        raise NotImplementedError

    def facts(self, line: Any) -> Facts_:
        """A line in full; asked in place, so nothing that takes long."""
        raise NotImplementedError

    def verbs(self) -> tuple[Command, ...]:
        """What can be done; the first makes a new one, the others are about the line under the cursor."""
        return ()

    def below(self, _line: Any) -> QLayout | None:
        """What stands under the facts of a line."""
        return None

    def open(self) -> None:
        """Return or double click."""

    def nothing(self) -> str:
        """What to say where there is nothing yet."""
        return ""

    def first_step(self) -> Command | None:
        """What to do where there is nothing yet; None for nothing that could be done here."""
        return next(iter(self._known_verbs()), None)

    def write_file(self, db: Database, path: Path, lines: Sequence[Any]) -> None:
        """Save the list as a workbook; runs on the writer thread."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------- what it does

    def _make_list(self) -> None:
        self.bar = FilterBar(self.filters(), self.search, self.page.desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self.refresh())
        self._stack = QStackedWidget(self)
        marks = (RowMarks(self.page.desk, self.record, self, self.record_of).column(),) if self.record else ()
        self.table = LineTable((*marks, *self.columns()), self.name, self._stack, stretch=self.stretch)
        self.table.show_tones(self.page.desk.theme)
        self.table.sort_asked.connect(self._sort)
        self.table.chosen.connect(self._show_line)
        self.table.asked.connect(lambda _line: self.open())
        self.table.menu_asked.connect(lambda menu: self._fill(menu, self._known_verbs()[1:]))
        self._stack.addWidget(self.table)
        self._side = with_card(self, self.bar, self._stack, (5, 3))

    def _make_card(self) -> None:
        inner = QVBoxLayout(self._side)
        inner.setContentsMargins(14, 10, 10, 12)
        self._card = QWidget(self._side)
        self._title = label("", "title", wrap=True)
        self._state_line = StateLine(self.page.desk, self.record, self._card)
        self._facts = Facts(self._card)
        self._below = QVBoxLayout()
        self._buttons = Flow(self._card)
        card = QVBoxLayout(self._card)
        card.setContentsMargins(0, 0, 0, 0)
        card.setSpacing(10)
        card.addWidget(self._title)
        card.addWidget(self._state_line)
        card.addWidget(self._facts)
        card.addLayout(self._below)
        card.addWidget(self._buttons)
        card.addStretch(1)
        self._scroll = scrolled(self._card)
        inner.addWidget(self._scroll, 1)

    def _make_form(self) -> None:
        self.form = InlineForm(self.page.desk, self)
        self.form.face = self.name
        self.form.resume_asked.connect(self._resume)
        self.form.opened.connect(self._flip)
        self.form.closed.connect(self._flip)
        self._form = scrolled(self.form)
        self._form.hide()
        inner, whole = self._side.layout(), self.layout()
        if isinstance(inner, QVBoxLayout):
            inner.addWidget(self._form, 1)
        self.notice = Strip(self.page.desk.theme, self)
        self.notice.closed.connect(self._not_now)
        if isinstance(whole, QVBoxLayout):
            whole.insertWidget(1, self.notice)
        self._empty = EmptyState(self._stack)
        self._stack.addWidget(self._empty)
        self.page.place_forms(self)

    def _make_verbs(self) -> None:
        icon = self.page.desk.theme.icon
        first, *others = self._known_verbs() or (None,)
        if first is not None:
            made = button(
                f"{first.text} {first.keys}", first.run, tone="primary", icon=icon(first.icon or "plus", "on_accent")
            )
            self.page.desk.offer(first.right, made)
            self.bar.actions_row.addWidget(made)
        shown = [button(f"{one.text} {one.keys}".strip(), one.run) for one in others[:_BUTTONS]]
        for one, made in zip(others, shown, strict=False):
            self.page.desk.offer(one.right, made)
        if others[_BUTTONS:]:
            more = button(self.tr("更多"))
            menu = QMenu(more)
            menu.aboutToShow.connect(menu.clear)
            menu.aboutToShow.connect(lambda: self._fill(menu, others[_BUTTONS:]))
            more.setMenu(menu)
            shown.append(more)
        self._buttons.show_widgets(shown)

    def _fill(self, menu: QMenu, verbs: Sequence[Command]) -> None:
        """What may be done, with its keys."""
        for one in verbs:
            if self.page.desk.may(one.right):
                menu.addAction(f"{one.text}\t{native(one.keys)}").triggered.connect(one.run)

    def _flip(self) -> None:
        self._scroll.setVisible(not self.form.is_open)
        self._form.setVisible(self.form.is_open)
        self._offer_draft()
        if not self.form.is_open:
            self.first_focus().setFocus()

    def first_focus(self) -> QWidget:
        """The list, or what stands in its place while it is empty: what is hidden takes no keys."""
        return self._empty.place if self._stack.currentIndex() else self.table

    def commands(self) -> tuple[Command, ...]:
        """The verbs and what every list has."""
        return (
            *self._known_verbs(),
            Command(self.tr("导出这张表"), self.export, "Ctrl+E", "export", self.name),
            Command(self.tr("查找"), self.bar.search.setFocus, "Ctrl+F", "search", self.name),
        )

    def refresh(self) -> None:
        db, chosen = self.page.desk.app.db, self.bar.chosen
        self.page.read(partial(self.ask, db, chosen), self._take, key=self.name)

    def _take(self, lines: Sequence[Any]) -> None:
        self.when_whole(partial(self._show, lines))

    def point_at(self, record_id: str) -> None:
        """After the next refresh the cursor goes to this record."""
        self._point = record_id

    def _show(self, lines: Sequence[Any]) -> None:
        self._lines = lines
        self.table.set_row_height(self.page.desk.theme.row_height)
        self._show_sorted()
        now = QApplication.focusWidget()
        held = now is not None and self._stack.isAncestorOf(now)
        self._stack.setCurrentIndex(0 if lines else 1)
        self.bar.show_count(self.tr("共 {n} 条").format(n=len(lines)))
        first = self.first_step()
        if not self.bar.chosen.is_empty:
            self._empty.show_words(self.tr("没有符合条件的。"), self.tr("清除条件"), "", self.bar.clear)
        elif first is not None and self.page.desk.may(first.right):
            self._empty.show_words(self.nothing(), first.text, first.keys, first.run)
        else:
            self._empty.show_words(self.nothing())
        if held:
            self.first_focus().setFocus()
        self._offer_draft()

    def _show_sorted(self) -> None:
        key = self.orders().get(self._order)
        lines = sorted(self._lines, key=key, reverse=not self._up) if key else self._lines
        self.table.show_lines(lines, point=self._point)
        self._point = ""

    def _sort(self, order: str, up: bool) -> None:
        self._order, self._up = order, up
        self._show_sorted()

    def _show_line(self, line: Any) -> None:
        self._card.setVisible(line is not None)
        clear(self._below)
        if line is None:
            return
        self._title.setText(self.title_of(line))
        if self.record:
            self._state_line.show_record(self.record_of(line))
        self._facts.show_facts(self.facts(line))
        more = self.below(line)
        if more is not None:
            self._below.addLayout(more)

    def begin(self, ask: Ask | None) -> None:
        """Open a form beside the list."""
        if ask is not None:
            line = None if ask.fresh else self.table.current
            self.form.begin(ask, about=line_id(line) if line is not None else "", verb=self._verb)

    def _known_verbs(self) -> tuple[Command, ...]:
        """The verbs; each remembers that it was asked for, so that a draft of its form can be opened by it again."""
        return tuple(
            replace(one, run=self._runs.setdefault(one.text, partial(self._run, one.text))) for one in self.verbs()
        )

    def _run(self, words: str) -> None:
        self._verb = words
        one = next((one for one in self.verbs() if one.text == words), None)
        if one is not None:
            one.run()

    # ---------------------------------------------------------------------------------------------------------- drafts

    def _offer_draft(self) -> None:
        """What was typed here and not saved; a line that is not in the list is not offered."""
        pending = self.form.pending()
        here = pending is not None and (not pending.about or any(line_id(one) == pending.about for one in self._lines))
        if pending is None or not here or pending.key == self._put_off:
            self._resumed = ""
            self.notice.hide()
        elif self._resumed == pending.key:
            self._resumed = ""
            self._go_on(pending)
        else:
            words = self.tr("“{what}”写到一半，没有保存，写过的内容都在。").format(what=pending.name)
            may = any(one.text == pending.verb and self.page.desk.may(one.right) for one in self.verbs())
            self.notice.show_words(words, "", self.tr("接着写") if may else "", partial(self._go_on, pending))

    def _not_now(self) -> None:
        pending = self.form.pending()
        self._put_off = pending.key if pending is not None else ""

    def _go_on(self, pending: Pending) -> None:
        if pending.about:
            self.table.show_lines(self.table.lines, point=pending.about)
        self._run(pending.verb)

    def _resume(self, draft: str) -> None:
        self._resumed, self._put_off = draft, ""
        self.point_at(self.form.pending_of(draft).about)
        self.refresh()

    # ------------------------------------------------------------------------------------------------------ giving out

    def export(self) -> None:
        """Save the list as it is shown."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = self.tr("Excel 表格 (*.xlsx);;可打印的 PDF (*.pdf)")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("导出"), f"{folder}/{self.name}.xlsx", kinds)
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the list to a file: a workbook, or a PDF of what is shown; the register of exports knows of it."""
        from desktop_app.printing.form import Choice
        from desktop_app.printing.forms.table import TableForm
        from desktop_app.printing.spooler import save
        from desktop_app.privacy.exporting import Export, give_out

        desk, lines = self.page.desk, list(self.table.lines)
        paper, app = self._paper(lines), desk.app

        def make(draft: Path) -> None:
            if path.suffix.lower() == ".pdf":
                save(TableForm().draw([paper], Choice(size=_WIDE)), draft)
            else:
                self.write_file(app.db, draft, lines)

        export = Export(self.name, [column.title for column in paper.columns], len(lines))
        told = self.tr("已导出：{name}").format(name=path.name)
        self.page.write(lambda: give_out(app.db, app.actor, export, path, make), lambda _done: desk.say(told))

    def _paper(self, lines: Sequence[Any]) -> "TablePaper":
        from desktop_app.printing.forms.table import TablePaper  # the papers are loaded when the first is asked for
        from desktop_app.printing.tables import Column as PaperColumn

        shown = [column for column in self.table.records.columns if column.title and column.marks is None]
        rows = tuple(tuple(column.text(line) or "" for column in shown) for line in lines)
        return TablePaper(self.name, tuple(PaperColumn(column.title) for column in shown), rows, self._note(len(lines)))

    def _note(self, count: int) -> str:
        community, day = self.page.desk.app.community.name, self.page.desk.app.clock.today().isoformat()
        return self.tr("{community}　{day}　共 {n} 条").format(community=community, day=day, n=count)
