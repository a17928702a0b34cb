"""A line, plain or to click, that ends in … where it does not fit; the tool tip has the whole of it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

_ROOM = {"link": 14}  # padding and focus frame
_USUAL = 30


class ElidedButton(QPushButton):
    """Takes whatever width there is."""

    def __init__(
        self, words: str, run: Callable[[], object], parent: QWidget | None = None, *, tone: str = "link"
    ) -> None:
        super().__init__(parent)
        self._room = _ROOM.get(tone, _USUAL)
        self.setProperty("tone", tone)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: self._run())
        self.show_words(words, run)

    def show_words(self, words: str, run: Callable[[], object]) -> None:
        """Say and do something else."""
        self._words, self._run = words, run
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._fit()

    def _fit(self) -> None:
        width = max(self.width() - self._room, 0)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, width))

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._words) + self._room, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class ElidedLabel(QLabel):
    """Plain words in whatever width there is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_words(self, words: str) -> None:
        """Replace what is shown."""
        self._words = words
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
