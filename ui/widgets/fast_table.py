"""A table that stays fast when hundreds of thousands of rows are selected.

Two questions of Qt's are left out above BIG rows.

`FastHeader`: before painting a section, `QHeaderView.initStyleOptionForIndex` asks the selection model whether this
column and its neighbours are wholly selected, which a model written in Python answers once per row: 6 to 16 s for
200,000 rows.
`FastTable`: while an assistive technology is connected, `QTableView.selectionChanged` lists every selected index (1.6
million for 200,000 × 8, two Python calls each): 9 to 10 s to select and as long to clear. The page announces the
number of selected rows instead.
"""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelection, QItemSelectionRange, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionHeader, QTableView, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
HORIZONTAL = Qt.Orientation.Horizontal
ASCENDING = Qt.SortOrder.AscendingOrder
ARROW = QStyleOptionHeader.SortIndicator
BIG = 2000


def spans(selection: QItemSelection) -> list[tuple[int, int]]:
    """First and last row of each range of a selection, in order and without repeats."""
    ranges = cast("Iterable[QItemSelectionRange]", selection)  # it is a list; the stub does not say so
    return sorted({(part.top(), part.bottom()) for part in ranges})


def height(selection: QItemSelection) -> int:
    """Rows in a selection, from its ranges; never `selectedRows()`, which builds one index a row."""
    return sum(bottom - top + 1 for top, bottom in spans(selection))


def selected_rows(view: QTableView) -> int:
    """Rows selected in a view that selects whole rows."""
    return height(view.selectionModel().selection())


class FastHeader(QHeaderView):
    """Draws its sections without asking about the selection when that would be slow."""

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        selection = self.selectionModel()
        if selection is None or height(selection.selection()) <= BIG:
            super().initStyleOptionForIndex(option, section)
            return
        # the stub does not know that these are attributes of the option
        option.section = section  # type: ignore[attr-defined]
        option.text = str(self.model().headerData(section, self.orientation(), DISPLAY) or "")  # type: ignore[attr-defined]
        option.textAlignment = self.defaultAlignment()  # type: ignore[attr-defined]
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == section:
            down = self.sortIndicatorOrder() is ASCENDING
            option.sortIndicator = ARROW.SortDown if down else ARROW.SortUp  # type: ignore[attr-defined]


class FastTable(QTableView):
    """Rows of one height, no wrapping, no grid, no row numbers; says nothing to a screen reader about a big change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        header = FastHeader(HORIZONTAL, self)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalHeader(header)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.hide()
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_row_height(self, pixels: int) -> None:
        self.verticalHeader().setDefaultSectionSize(pixels)
        self.horizontalHeader().setFixedHeight(pixels + 2)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        if height(selected) + height(deselected) > BIG:
            self.viewport().update()
        else:
            super().selectionChanged(selected, deselected)
