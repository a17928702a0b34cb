"""A table of any length: one vector of row numbers in view order, the rows themselves in pages of 100.

`ids` is an `array('q')` of `local_no`, built by the reader thread; `fetch(numbers)` returns the rows of one page in
that order and is called in place, since a page by ids costs under a millisecond. Sorting and filtering belong to the
store: the table says `sort_asked`, the page brings a new vector.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from ui.widgets.cell_delegate import LEFT, CellDelegate
from ui.widgets.fast_table import FastTable, selected_rows, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# plain integers: Qt hands `data` the role as one, and comparing integers is what keeps scrolling fast
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
HORIZONTAL = Qt.Orientation.Horizontal
ASCENDING = Qt.SortOrder.AscendingOrder
DESCENDING = Qt.SortOrder.DescendingOrder
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
COPY = QKeySequence.StandardKey.Copy
PAGE = 100
PAGES_KEPT = 30
RANGES_KEPT = 500  # a selection in more pieces than these is not put back after a change
COPY_LIMIT = 20_000
_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `text(row)` makes the cell, `sort` is the name the store sorts by (empty = cannot be sorted)."""

    key: str
    title: str
    width: int
    text: Callable[[Any], str]
    sort: str = ""
    align: int | None = None
    shown: bool = True


class RecordModel(QAbstractTableModel):
    """Rows of a vector of numbers. `row(n)` is whatever `fetch` returned for it, or None if it is gone meanwhile."""

    def __init__(
        self, columns: Sequence[Column], fetch: Callable[[array[int]], Sequence[Any]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.ids: array[int] = array("q")
        self._fetch = fetch
        self._rows: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._texts: OrderedDict[int, list[tuple[str, ...]]] = OrderedDict()

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

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def row(self, number: int) -> Any:
        self._page(number // PAGE)
        return self._rows[number // PAGE][number % PAGE]

    def _page(self, number: int) -> list[tuple[str, ...]]:
        page = self._texts.get(number)
        if page is not None:
            return page
        wanted = self.ids[number * PAGE : (number + 1) * PAGE]
        rows = tuple(self._fetch(wanted))
        rows += (None,) * (len(wanted) - len(rows))
        blank = ("",) * len(self.columns)
        page = [blank if row is None else tuple(column.text(row) for column in self.columns) for row in rows]
        self._rows[number], self._texts[number] = rows, page
        if len(self._texts) > PAGES_KEPT:
            self._rows.popitem(last=False)
            self._texts.popitem(last=False)
        return page

    def data(self, index: _Index, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            return self.columns[index.column()].align if role == ALIGNMENT and index.isValid() else None
        number = index.row()
        return self._page(number // PAGE)[number % PAGE][index.column()]

    def text(self, row: int, column: int) -> str:
        """The text of a cell, as it is drawn."""
        return self._page(row // PAGE)[row % PAGE][column]

    def alignment(self, column: int) -> int:
        """How a column is aligned, as flags of Qt."""
        return self.columns[column].align or LEFT

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            across = role == ALIGNMENT and orientation is HORIZONTAL
            return (self.columns[section].align or None) if across else None
        return self.columns[section].title if orientation is HORIZONTAL else str(section + 1)


class RecordTable(FastTable):
    """The table with its habits: sort by header, choose columns, copy with heads, Ctrl+A is the whole filter."""

    opened = Signal(int)  # local_no, by Enter or double click
    pointed = Signal(int)  # local_no of the current row, or 0
    peeked = Signal()  # Space: preview pane
    sort_asked = Signal(str, bool)  # column's sort name, ascending
    selection_counted = Signal(int)  # selected rows
    menu_asked = Signal(object)  # QMenu to fill for the current row

    def __init__(self, model: RecordModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = model
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model, self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._row_menu)
        self._dress_header()
        self.doubleClicked.connect(self._open)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)
        header.sectionClicked.connect(self._sort_by)
        self._sorted = (-1, ASCENDING)
        header.setSortIndicator(-1, ASCENDING)
        self.restore_columns()

    # ---------------------------------------------------------------------------------------------------------- columns

    def restore_columns(self) -> None:
        """恢复默认列: order, widths and which are shown."""
        header = self.horizontalHeader()
        for at, column in enumerate(self.records.columns):
            header.moveSection(header.visualIndex(at), at)
            header.resizeSection(at, column.width)
            header.setSectionHidden(at, not column.shown)
        header.setStretchLastSection(True)

    def scale_columns(self, factor: float) -> None:
        """Widths are given for 14 px text; larger text needs wider columns."""
        for at, column in enumerate(self.records.columns):
            self.horizontalHeader().resizeSection(at, round(column.width * factor))

    def column_menu(self) -> QMenu:
        """Which columns are shown."""
        menu = QMenu(self)
        header = self.horizontalHeader()
        for at, column in enumerate(self.records.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(at))
            action.setData(at)
        menu.addSeparator()
        menu.addAction(self.tr("恢复默认列")).setData(-1)
        menu.triggered.connect(self._columns_chosen)
        return menu

    def _columns_chosen(self, action: QAction) -> None:
        at = action.data()
        if at < 0:
            self.restore_columns()
        elif action.isChecked() or self.horizontalHeader().hiddenSectionCount() < len(self.records.columns) - 1:
            self.horizontalHeader().setSectionHidden(at, not action.isChecked())

    def _header_menu(self, at: QPoint) -> None:
        menu = self.column_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    # ------------------------------------------------------------------------------------------------------------- rows

    def show_ids(self, ids: array[int], *, keep: bool = True) -> None:
        """Show a new vector; the cursor and the selection stay on the same records where they are still there."""
        current, top = self.current_no(), self.verticalScrollBar().value()
        chosen = self.selected_nos()
        self.records.show(ids)
        if not keep or not ids:
            self.scrollToTop()
            self._say_current()
            return
        at = ids.index(current) if current and current in ids else -1
        if at >= 0:
            self.verticalScrollBar().setValue(top)
            self.setCurrentIndex(self.records.index(at, 0))
            self._select_again(chosen)
        self._say_current()

    def _select_again(self, chosen: array[int]) -> None:
        """Others change records while many are selected; a commit must not drop the selection."""
        wanted = set(chosen)
        rows = [row for row, number in enumerate(self.records.ids) if number in wanted] if len(wanted) > 1 else []
        breaks = [at for at, (row, after) in enumerate(pairwise(rows), 1) if after != row + 1]
        if not rows or len(rows) < len(wanted) or len(breaks) > RANGES_KEPT:
            return
        selection, last = QItemSelection(), self.records.columnCount() - 1
        for begin, end in zip([0, *breaks], [*breaks, len(rows)], strict=True):
            selection.select(self.records.index(rows[begin], 0), self.records.index(rows[end - 1], last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def current_no(self) -> int:
        """The `local_no` under the cursor, or 0."""
        row = self.currentIndex().row()
        return self.records.ids[row] if 0 <= row < len(self.records.ids) else 0

    def current_row(self) -> Any:
        """What `fetch` gave for the row under the cursor, or None."""
        row = self.currentIndex().row()
        return self.records.row(row) if 0 <= row < len(self.records.ids) else None

    def selected_nos(self) -> array[int]:
        """The `local_no` of every selected row, in view order; from ranges, so it is quick for the whole filter."""
        chosen: array[int] = array("q")
        for top, bottom in spans(self.selectionModel().selection()):
            chosen.extend(self.records.ids[top : bottom + 1])
        return chosen

    def point_at(self, row: int) -> None:
        """Put the cursor on a row."""
        if 0 <= row < len(self.records.ids):
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.records.index(row, 0), flags)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self._say_current()

    def _say_current(self) -> None:
        self.pointed.emit(self.current_no())

    def selectionChanged(self, selected: Any, deselected: Any) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_counted.emit(selected_rows(self))

    def _sort_by(self, section: int) -> None:
        column = self.records.columns[section]
        if not column.sort:
            self.horizontalHeader().setSortIndicator(*self._sorted)
            return
        last, order = self._sorted
        order = DESCENDING if last == section and order is ASCENDING else ASCENDING
        self.show_sort(section, order)
        self.sort_asked.emit(column.sort, order is ASCENDING)

    def show_sort(self, section: int, order: Qt.SortOrder) -> None:
        """Draw the arrow without asking for anything."""
        self._sorted = (section, order)
        self.horizontalHeader().setSortIndicator(section, order)

    # ------------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.setAccepted(self.current_no() > 0)  # an empty table leaves Return to its page
            self._open()
        elif event.key() == Qt.Key.Key_Space:
            self.peeked.emit()
        elif event.matches(COPY):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if number := self.current_no():
            self.opened.emit(number)

    def copy(self) -> int:
        """Selected rows with heads, for Excel or WeChat; what is masked on screen stays masked. Returns how many."""
        header = self.horizontalHeader()
        order = sorted(
            (at for at in range(len(self.records.columns)) if not header.isSectionHidden(at)), key=header.visualIndex
        )
        lines = ["\t".join(self.records.columns[at].title for at in order)]
        rows = spans(self.selectionModel().selection())
        numbers = [row for top, bottom in rows for row in range(top, bottom + 1)][:COPY_LIMIT]
        lines += ["\t".join(str(self.records.data(self.records.index(row, at))) for at in order) for row in numbers]
        QGuiApplication.clipboard().setText("\n".join(lines))
        return len(numbers)

    def _row_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_asked.emit(menu)
        copy = menu.addAction(self.tr("复制（带表头）"))
        copy.triggered.connect(self.copy)
        menu.popup(self.viewport().mapToGlobal(at))
