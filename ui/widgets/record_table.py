"""A table of any length over a `RecordModel`, with its habits: sorting, choosing columns, copying, keys.

Sorting and filtering belong to the store: the table says `sort_asked`, the page brings a new vector.
"""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from ui.widgets.cell_delegate import CellDelegate, TonedDelegate
from ui.widgets.fast_table import FastTable, selected_rows, spans

if TYPE_CHECKING:
    from ui.shell.theme import Theme
    from ui.widgets.record_model import RecordModel

ASCENDING = Qt.SortOrder.AscendingOrder
DESCENDING = Qt.SortOrder.DescendingOrder
COPY = QKeySequence.StandardKey.Copy
RANGES_KEPT = 500  # a selection in more pieces than these is not put back after a change
COPY_LIMIT = 20_000
_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


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

    def show_tones(self, theme: Theme) -> None:
        """Columns with a `tone` are drawn in it."""
        self.setItemDelegate(TonedDelegate(self.records, theme, self))

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
            self.setCurrentIndex(self.records.index(at, self.records.home))
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
            self.selectionModel().setCurrentIndex(self.records.index(row, self.records.home), flags)

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
        shown = (
            at for at, one in enumerate(self.records.columns) if one.marks is None and not header.isSectionHidden(at)
        )
        order = sorted(shown, key=header.visualIndex)
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
