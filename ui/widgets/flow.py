"""Widgets one after another that go on below where the width ends: small ones in lines, cards in one column."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

_GAP = 6
_CARDS = 10


class Flow(QWidget):
    """Its height follows its width; the children keep their size hints."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[QWidget] = []

    def show_widgets(self, parts: Sequence[QWidget]) -> None:
        """Replace what is shown."""
        for old in self._parts:
            old.hide()
            old.deleteLater()
        self._parts = list(parts)
        for part in self._parts:
            part.setParent(self)
            part.show()
        if self.parent() is not None or not parts:  # what stands nowhere yet would come up as a window of its own
            self.setVisible(bool(parts))
        self._arrange()

    def _arrange(self) -> None:
        left = top = line = 0
        for part in self._parts:
            size = part.sizeHint()
            if left and left + size.width() > self.width():
                left, top = 0, top + line + _GAP
            part.setGeometry(left, top, size.width(), size.height())
            left, line = left + size.width() + _GAP, max(line, size.height())
        self.setFixedHeight(max(top + line, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())


class Beside(QWidget):
    """Cards side by side, equally wide; one below the other where one of them would be cut."""

    def __init__(self, *cards: QWidget) -> None:
        super().__init__()
        self._cards = cards
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_CARDS)
        for card in cards:
            self._layout.addWidget(card, 1)

    def _widths(self) -> list[int]:
        return [card.minimumSizeHint().width() for card in self._cards if not card.isHidden()] or [0]

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        """What fits is asked of the cards and not of the layout: a column is narrow, whatever it holds."""
        widths = self._widths()
        fits = len(widths) * max(widths) + _CARDS * (len(widths) - 1) <= self.width()
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if way != self._layout.direction():
            self._layout.setDirection(way)
