"""Shares of a whole as one painted bar, with the same in words beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.shell.theme import Theme


class ShareBar(QWidget):
    """`show_shares([(words, number, tone)…])`; tones are roles of `Colours`, nought is left out."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._shares: Sequence[tuple[str, int, str]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: Sequence[tuple[str, int, str]]) -> None:
        self._shares = [share for share in shares if share[1] > 0]
        self.setAccessibleName(f"{self._name}：{self.words or '无'}")
        self.setToolTip(self.words)
        self.setVisible(bool(self._shares))
        self.update()

    @property
    def words(self) -> str:
        """“出席 12，请假 2，缺席 1”"""
        return "，".join(f"{word} {number}" for word, number, _ in self._shares)

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total = sum(number for _, number, _ in self._shares) or 1
        left = 0.0
        for _, number, tone in self._shares:
            wide = self.width() * number / total
            painter.setBrush(self._theme.colour(tone))
            painter.drawRoundedRect(QRectF(left, 1, max(wide - 2, 2), self.height() - 2), 3, 3)
            left += wide
        painter.end()
