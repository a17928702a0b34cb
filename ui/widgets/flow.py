"""Small widgets one after another that wrap to the next line where the width ends."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

_GAP = 6


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
