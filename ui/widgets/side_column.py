"""What is read on the left, and on the right a column of cards that scrolls by itself, where forms open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.widgets.record_form import scrolled


class SideColumn(QSplitter):
    """`column` takes the cards; it never gets narrower than `width`, and what is left of the page goes to `left`."""

    def __init__(self, left: QWidget, width: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(12)
        cards = QWidget(parent)
        self.column = QVBoxLayout(cards)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self._area = scrolled(cards)
        self._area.setMinimumWidth(width)
        self.addWidget(left)
        self.addWidget(self._area)
        self.setStretchFactor(0, 1)

    def to_top(self) -> None:
        """The first card comes into sight."""
        self._area.verticalScrollBar().setValue(0)
