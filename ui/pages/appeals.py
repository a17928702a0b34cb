"""诉求: what residents brought up, what is late standing out; open one, take one in, print and export the list."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.appeals import lists, queries
from desktop_app.appeals.queries import DUE_WORDS, AppealFilter, AppealLine
from ui.pages.appeals_filter import appeal_filter, chosen_from, filters
from ui.pages.appeals_sentence import SentenceDialog
from ui.pages.appeals_words import due_tone, due_words
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, FilterBar
from ui.widgets.record_model import Column, RecordModel
from ui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from array import array

_MOST_PRINTED = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """The vector of the list, and what is late whatever the filter."""

    numbers: "array[int]"
    overdue: int
    near: int


class AppealsPage(Page):
    """Ctrl+N takes one in, Return opens, Ctrl+F narrows."""

    tables: ClassVar[frozenset[str]] = frozenset({"appeal", "appeal_event", "appeal_state", "person", "room"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._order, self._ascending = "received", False
        self._count = label("", "muted")
        self.filter = FilterBar(filters(self, desk.app.db), self.tr("编号、事由、内容、地点、姓名"), desk.theme, self)
        self.filter.changed.connect(self._ask)
        self.marks = RowMarks(desk, "appeal", self)
        self.table = RecordTable(RecordModel(self._columns(), self._lines), self.tr("诉求列表"), self)
        self.table.show_tones(desk.theme)
        self.empty = EmptyState(self)
        self._new = button(
            self.tr("登记诉求"), self.register, tone="primary", icon=desk.theme.icon("plus", "on_accent")
        )
        self.overdue = button("", lambda: self._narrow(AppealFilter(due=DUE_WORDS[0])), tone="danger")
        self.near = button("", lambda: self._narrow(AppealFilter(due=DUE_WORDS[1])), tone="chip")
        desk.offer("appeals.change", self._new)
        self._connect()
        self._arrange()
        self._dress()

    def _columns(self) -> tuple[Column, ...]:
        today = self.desk.app.clock.today
        return (
            self.marks.column(),
            Column("no", self.tr("编号"), 92, lambda line: line.no, "no"),
            Column("received", self.tr("接到"), 92, lambda line: line.received_on, "received"),
            Column("title", self.tr("事由"), 262, _title, "title"),
            Column(
                "due",
                self.tr("期限"),
                176,
                lambda line: due_words(line.due_on, line.due_what, line.due, line.phase, today()),
                "due",
                tone=lambda line: due_tone(line.due),
            ),
            Column("phase", self.tr("状态"), 70, lambda line: line.phase, "phase"),
            Column("step", self.tr("层级"), 104, lambda line: line.step_name, "step"),
            Column("klass", self.tr("分类"), 80, lambda line: line.klass, "klass"),
            Column("channel", self.tr("渠道"), 76, lambda line: line.channel),
            Column("reporter", self.tr("反映人"), 74, lambda line: line.reporter, "reporter"),
            Column("place", self.tr("地点"), 150, lambda line: line.place),
            Column("assignee", self.tr("承办"), 100, lambda line: line.assignee),
            Column("kind", self.tr("类型"), 60, lambda line: line.kind, shown=False),
            Column("outcome", self.tr("结果"), 120, lambda line: line.outcome, shown=False),
            Column("rating", self.tr("评价"), 90, lambda line: line.satisfaction, shown=False),
        )

    def _connect(self) -> None:
        self.table.opened.connect(lambda _number: self.open())
        self.table.sort_asked.connect(self._sort)
        self.table.selection_counted.connect(self._selected)
        self.table.menu_asked.connect(self._menu)
        self.desk.theme.changed.connect(self._dress)

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        head = row(
            label(self.title(), "title"),
            self.overdue,
            self.near,
            self._count,
            1,
            self._new,
            button(self.tr("办理情况"), self.tell, icon=icon("copy", "accent_text")),
            button(self.tr("打印台账"), self.print_ledger, icon=icon("printer", "accent_text")),
            button(self.tr("导出"), self.export, icon=icon("export", "accent_text")),
            button(self.tr("列"), self._choose_columns, icon=icon("columns", "accent_text")),
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.filter)
        layout.addWidget(self._stack, 1)

    def _dress(self) -> None:
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.scale_columns(self.desk.theme.font_px / 14)

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("诉求")

    def icon(self) -> str:
        return "phone"

    def first_focus(self) -> QWidget:
        return self.table if self._stack.currentWidget() is self.table else self._new

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (
            Command(self.tr("登记诉求"), self.register, "Ctrl+N", "plus", here, "appeals.change"),
            Command(self.tr("筛选诉求"), self.filter.search.setFocus, "Ctrl+F", "filter", here),
            Command(self.tr("只看逾期的"), lambda: self._narrow(AppealFilter(due=DUE_WORDS[0])), "Alt+1", "", here),
            Command(self.tr("只看将到期的"), lambda: self._narrow(AppealFilter(due=DUE_WORDS[1])), "Alt+2", "", here),
            Command(self.tr("只看在办的"), lambda: self._narrow(AppealFilter(phase="在办")), "Alt+3", "", here),
            Command(self.tr("一段时间的办理情况"), self.tell, "T", "copy", here),
            Command(self.tr("打印台账"), self.print_ledger, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打印受理回执"), self.print_receipts, "P", "printer", here, "papers.change"),
            Command(self.tr("导出台账（Excel）"), self.export, "Ctrl+E", "export", here),
            Command(self.tr("清除筛选"), self.filter.clear, "Ctrl+Backspace", "close", here),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        self._ask(self.filter.chosen)

    def show_this(self, what: object, /) -> None:
        """`new`, or the filter another page asks for."""
        if what == "new":
            self.register()
        elif isinstance(what, AppealFilter):
            self._narrow(what)

    # ------------------------------------------------------------------------------------------------------- asking

    def _narrow(self, wanted: AppealFilter) -> None:
        if wanted.due:
            self._order, self._ascending = "due", True
        self.filter.choose(chosen_from(wanted))

    def _ask(self, chosen: Chosen) -> None:
        db, order, ascending = self.desk.app.db, self._order, self._ascending
        wanted = appeal_filter(chosen, self.desk.app.clock.today())

        def work() -> Found:
            return Found(lists.numbers(db, wanted, order, ascending=ascending), *queries.due_counts(db))

        self.read(work, self._show, key="numbers")

    def _lines(self, numbers: "array[int]") -> list[AppealLine | None]:
        return lists.lines_of(self.desk.app.db, numbers)

    def _show(self, found: Found) -> None:
        self.table.show_ids(found.numbers)
        if found.numbers and not self.table.current_no():
            self.table.point_at(0)
        self.filter.show_count(self.tr("共 {n} 件").format(n=f"{len(found.numbers):,}"))
        for made, words, count in (
            (self.overdue, self.tr("逾期 {n} 件"), found.overdue),
            (self.near, self.tr("将到期 {n} 件"), found.near),
        ):
            made.setText(words.format(n=count))
            made.setVisible(bool(count))
        self._stack.setCurrentIndex(0 if found.numbers else 1)
        if self.filter.chosen.is_empty:
            words = self.tr("还没有登记过诉求。按 Ctrl+N 登记第一件。")
            self.empty.show_words(words, self.tr("登记诉求"), "Ctrl+N", self.register)
        else:
            words = self.tr("没有符合这些条件的诉求。")
            self.empty.show_words(words, self.tr("清除筛选"), "Ctrl+Backspace", self.filter.clear)

    def _sort(self, order: str, ascending: bool) -> None:
        self._order, self._ascending = order, ascending
        self._ask(self.filter.chosen)

    def _selected(self, count: int) -> None:
        self._count.setText(self.tr("已选 {n} 件").format(n=f"{count:,}") if count > 1 else "")

    # -------------------------------------------------------------------------------------------------------- doing

    def open(self) -> None:
        """The appeal under the cursor in its own tab."""
        if (line := self.table.current_row()) is not None:
            self.desk.open_record("appeal", line.id)

    def register(self) -> None:
        self.desk.open_record("appeal-form", "new")

    def tell(self) -> None:
        """The sentence of a period."""
        SentenceDialog(self.desk, self).open()

    def _wanted(self) -> "array[int]":
        """Those that are selected where several are, else the whole list."""
        chosen = self.table.selected_nos()
        return chosen if len(chosen) > 1 else self.table.records.ids

    def print_ledger(self) -> None:
        """The list as it is shown, as a paper."""
        wanted = self._wanted()
        if len(wanted) > _MOST_PRINTED:
            self.desk.say(
                self.tr("一次最多打 {n} 件，这里有 {all} 件：请先筛选，或者导出 Excel。").format(
                    n=f"{_MOST_PRINTED:,}", all=f"{len(wanted):,}"
                )
            )
            return
        self._print("appeal_ledger", wanted)

    def print_receipts(self) -> None:
        """A receipt for each that is selected."""
        self._print("appeal_receipt", self.table.selected_nos())

    def _print(self, form: str, wanted: "array[int]") -> None:
        db = self.desk.app.db
        self.read(lambda: lists.ids_of(db, wanted), lambda ids: self.desk.print_form(form, ids), key="print")

    def export(self) -> None:
        """Save the list as it is shown, or what is selected, with masked numbers."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出台账（电话已遮盖）"), f"{folder}/{self.tr('诉求台账.xlsx')}", "Excel (*.xlsx)"
        )
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the list; a child process does the work."""
        job = self.desk.background.start_job(
            self.tr("导出台账"),
            ["appeal", "export", "-o", str(path), "--numbers"],
            input_text=" ".join(map(str, self._wanted())),
        )
        desk, words = self.desk, self.tr("已导出 {n} 件：{name}")  # the tab may be closed before it is done
        job.ended.connect(lambda done: desk.say(words.format(n=done["rows"], name=path.name)))
        job.failed.connect(self.desk.problem)

    def _choose_columns(self) -> None:
        menu = self.table.column_menu()
        corner = self.table.rect().topRight() - QPoint(menu.sizeHint().width(), 0)
        menu.popup(self.table.mapToGlobal(corner))

    def _menu(self, menu: QMenu) -> None:
        icon = self.desk.theme.icon
        for words, run, name in (
            (self.tr("打开"), self.open, "forward"),
            (self.tr("打印受理回执"), self.print_receipts, "printer"),
        ):
            menu.addAction(icon(name, "muted"), words).triggered.connect(run)
        menu.addSeparator()


def _title(line: AppealLine) -> str:
    return line.title if line.urgency == "一般" else f"【{line.urgency}】{line.title}"
