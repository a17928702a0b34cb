"""The rows behind a `RecordTable`: one vector of row numbers in view order, the rows themselves in pages of 100.

`ids` is an `array('q')` of `local_no`, built by the reader thread; `fetch(numbers)` returns the rows of one page in
that order and is called in place, since a page by ids costs under a millisecond.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.widgets.cell_delegate import LEFT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.widgets.marks import Mark, Marks

# plain integers: Qt hands `data` the role as one, and comparing integers is what keeps scrolling fast
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
TELLING = (int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole))
HORIZONTAL = Qt.Orientation.Horizontal
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
PAGE = 100
PAGES_KEPT = 30
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `text(row)` makes the cell, `sort` is the name the store sorts by (empty = cannot be sorted).

    A column of `marks` draws icons: its cells have no text of their own (None).  `tone(row)` names a role of `Colours`
    for words that are to stand out, in tables that `show_tones`; the words must say it too.
    """

    key: str
    title: str
    width: int
    text: Callable[[Any], str | None]
    sort: str = ""
    align: int | None = None
    shown: bool = True
    marks: Marks | None = None
    tone: Callable[[Any], str] | None = None


class RecordModel(QAbstractTableModel):
    """Rows of a vector of numbers. `row(n)` is whatever `fetch` returned for it, or None if it is gone meanwhile.

    `home` is the column the cursor stands in first, so that a screen reader begins with what the row is about.
    """

    def __init__(
        self, columns: Sequence[Column], fetch: Callable[[array[int]], Sequence[Any]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.ids: array[int] = array("q")
        self._fetch = fetch
        self._rows: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._texts: OrderedDict[int, list[tuple[str | None, ...]]] = OrderedDict()
        self._marks: dict[int, Sequence[Mark | None]] = {}
        self._marking = next((column.marks for column in columns if column.marks is not None), None)
        if self._marking is not None:
            self._marking.forgotten(self._forget_marks)
        self.home = next((at for at, column in enumerate(columns) if column.marks is None), 0)

    def show(self, ids: array[int]) -> None:
        """Take a new vector; the selection is lost, the scroll position is the view's matter."""
        self.beginResetModel()
        self.ids = ids
        self._forget()
        self.endResetModel()

    def refetch(self) -> None:
        """Ask again for what is visible, for the same vector."""
        self._forget()
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns) - 1))

    def _forget(self) -> None:
        self._rows.clear()
        self._texts.clear()
        self._marks.clear()

    def _forget_marks(self) -> None:
        """Somebody committed or synced: what is visible is asked again when it is drawn."""
        self._marks.clear()
        at = next(at for at, column in enumerate(self.columns) if column.marks is not None)
        if self.ids:
            self.dataChanged.emit(self.index(0, at), self.index(len(self.ids) - 1, at))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def row(self, number: int) -> Any:
        self._page(number // PAGE)
        return self._rows[number // PAGE][number % PAGE]

    def mark(self, number: int) -> Mark | None:
        """The mark of a row; those of its page are asked for together, the first time one of them is drawn."""
        page = number // PAGE
        if page not in self._marks:
            self._ask_marks(page)
        found = self._marks[page]
        return found[number % PAGE] if found else None

    def _ask_marks(self, page: int) -> None:
        self._page(page)
        while len(self._marks) >= PAGES_KEPT:
            self._marks.pop(next(iter(self._marks)))
        waiting: Sequence[Mark | None] = []
        self._marks[page] = waiting

        def deliver(found: Sequence[Mark | None]) -> None:
            if self._marks.get(page) is waiting:  # else it was forgotten meanwhile, or asked for again
                self._marks[page] = found
                at = next(at for at, column in enumerate(self.columns) if column.marks is not None)
                self.dataChanged.emit(self.index(page * PAGE, at), self.index(page * PAGE + len(found) - 1, at))

        if self._marking is not None:
            self._marking.ask(self._rows[page], deliver)

    def _page(self, number: int) -> list[tuple[str | None, ...]]:
        page = self._texts.get(number)
        if page is not None:
            return page
        wanted = self.ids[number * PAGE : (number + 1) * PAGE]
        rows = tuple(self._fetch(wanted))
        rows += (None,) * (len(wanted) - len(rows))
        blank: tuple[str | None, ...] = ("",) * len(self.columns)
        page = [blank if row is None else tuple(column.text(row) for column in self.columns) for row in rows]
        self._rows[number], self._texts[number] = rows, page
        if len(self._texts) > PAGES_KEPT:
            self._rows.popitem(last=False)
            self._texts.popitem(last=False)
        return page

    def data(self, index: _Index, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            return self._aside(index, role)
        number = index.row()
        text = self._page(number // PAGE)[number % PAGE][index.column()]
        return text if text is not None else self._told(number)

    def _aside(self, index: _Index, role: int) -> Any:
        """What is asked less often than the text of a cell."""
        if role == ALIGNMENT and index.isValid():
            return self.columns[index.column()].align
        if role in TELLING and index.isValid() and self.columns[index.column()].marks is not None:
            return self._told(index.row())
        return None

    def _told(self, number: int) -> str:
        mark = self.mark(number)
        return mark.told if mark else ""

    def text(self, row: int, column: int) -> str | None:
        """The text of a cell, as it is drawn; None for a mark."""
        return self._page(row // PAGE)[row % PAGE][column]

    def tone(self, row: int, column: int) -> str:
        """The role of the colour of a cell's words, "" for the usual one."""
        told = self.columns[column].tone
        record = self.row(row) if told is not None else None
        return told(record) if told is not None and record is not None else ""

    def alignment(self, column: int) -> int:
        """How a column is aligned, as flags of Qt."""
        return self.columns[column].align or LEFT

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            across = role == ALIGNMENT and orientation is HORIZONTAL
            return (self.columns[section].align or None) if across else None
        return self.columns[section].title if orientation is HORIZONTAL else str(section + 1)
