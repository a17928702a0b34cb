"""The board: a column for each stage, the matters that stand there one below the other; arrows move, Return opens."""

from collections.abc import Sequence
from itertools import islice
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop_app.matters.counting import BoardColumn, board
from desktop_app.matters.queries import MatterLine
from ui.pages.face_pane import FacePane
from ui.pages.page import Page
from ui.shell.parts import clear, label
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.marks import Mark

_ID = Qt.ItemDataRole.UserRole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StageList(QListWidget):
    """The matters of one stage."""

    def __init__(self, page: Page, board: "Board", column: BoardColumn) -> None:
        super().__init__(board)
        self._page, self._board = page, board
        self.setWordWrap(True)
        self.setSpacing(3)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("{name}：{n} 件").format(name=column.name, n=len(column.lines)))
        self.lines = tuple(column.lines)
        for line in column.lines:
            item = QListWidgetItem(self._words(line), self)
            item.setData(_ID, line.id)
            if line.late:
                item.setForeground(page.desk.theme.colour("bad"))
        self.itemActivated.connect(lambda item: page.desk.open_record("matter", item.data(_ID)))

    def mark_rows(self, marks: Sequence[Mark | None]) -> None:
        """How each matter stands with the server, in words below its own: there is room for them."""
        for at, (line, found) in enumerate(zip(self.lines, marks, strict=True)):
            words = self._words(line)
            self.item(at).setText(f"{words}\n{found.words}" if found else words)
            self.item(at).setToolTip(found.told if found else "")

    def _words(self, line: MatterLine) -> str:
        due = (
            self.tr("　已过期 {day}").format(day=line.due_on)
            if line.late
            else f"　{line.due_on}"
            if line.due_on
            else ""
        )
        lead = self.tr("{lead} {n}%").format(lead=line.lead, n=line.progress) if line.lead else line.proposer
        return f"{line.no}　{line.title}\n{lead}{due}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._board.move_from(self, 1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in _ENTER and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class Board(FacePane):
    """Columns side by side."""

    tables: ClassVar[frozenset[str]] = frozenset({"matter", "matter_event"})

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page: Page = page
        self.lists: list[StageList] = []
        self._marks = RowMarks(page.desk, "matter", self)
        self._marks.forgotten(self._ask_marks)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(8)
        self._empty = EmptyState(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._columns, 1)
        layout.addWidget(self._empty)

    def refresh(self) -> None:
        db = self.page.desk.app.db
        self.page.read(lambda: board(db), self.show_columns, key="board")

    def show_columns(self, columns: Sequence[BoardColumn]) -> None:
        """What stands where."""
        clear(self._columns)
        self.lists = []
        some = any(column.lines for column in columns)
        self._empty.setVisible(not some)
        if not some:
            self._empty.show_words(self.tr("没有在办的议题。在“议题”一面按 Ctrl+N 提出一个。"))
        for column in columns if some else ():
            holder = QWidget(self)
            inner = QVBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(4)
            inner.addWidget(label(f"{column.name}　{len(column.lines)}", "section"))
            made = StageList(self.page, self, column)
            self.lists.append(made)
            inner.addWidget(made, 1)
            self._columns.addWidget(holder, 1)
        self._ask_marks()

    def _ask_marks(self) -> None:
        shown = self.lists

        def deliver(found: Sequence[Mark | None]) -> None:
            marks = iter(found)
            for one in shown if shown is self.lists else ():  # else other columns stand there by now
                one.mark_rows(list(islice(marks, len(one.lines))))

        if shown:
            self._marks.ask([line for one in shown for line in one.lines], deliver)

    def first_focus(self) -> QWidget:
        return next((one for one in self.lists if one.count()), self)

    def move_from(self, now: StageList, by: int) -> None:
        """To the next column that has something."""
        at = self.lists.index(now) + by
        while 0 <= at < len(self.lists):
            if self.lists[at].count():
                self.lists[at].setFocus()
                self.lists[at].setCurrentRow(min(max(now.currentRow(), 0), self.lists[at].count() - 1))
                return
            at += by
