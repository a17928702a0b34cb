"""How far something has come, as a row of steps painted side by side; the same stands in words beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.shell.theme import Theme

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_ROUND = 6.0


class StepBar(QWidget):
    """`show_steps(names, current, under)`: steps before `current` are done; `under` is a word below each."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._names: Sequence[str] = ()
        self._under: Sequence[str] = ()
        self._current, self._over = 1, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, names: Sequence[str], current: int, under: Sequence[str] = (), *, over: bool = False) -> None:
        """Steps are counted from 1; `over` when all of it is done."""
        self._names, self._under, self._current, self._over = names, under, current, over
        self.setAccessibleName(f"{self._name}：{self.words}")
        self.setToolTip(self.words)
        self.update()

    @property
    def words(self) -> str:
        """“第 3 步，共 5 步：民事民决”"""
        if not self._names:
            return ""
        name = self._names[min(self._current, len(self._names)) - 1]
        return f"第 {self._current} 步，共 {len(self._names)} 步：{name}" + ("（已结束）" if self._over else "")

    def sizeHint(self) -> QSize:
        return QSize(400, round(self._theme.font_px * 3.6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._names:
            return
        painter, colour = QPainter(self), self._theme.colour
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.width() / len(self._names)
        high = round(self._theme.font_px * 1.9)
        for at, name in enumerate(self._names, 1):
            box = QRect(round((at - 1) * wide), 1, round(wide) - 6, high)
            done, now = at < self._current or self._over, at == self._current and not self._over
            painter.setPen(colour("accent") if now else Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent") if done else colour("selected") if now else colour("line"))
            painter.drawRoundedRect(box, _ROUND, _ROUND)
            painter.setPen(colour("on_accent") if done else colour("text"))
            mark = "✓ " if done else ""
            words = painter.fontMetrics().elidedText(mark + name, Qt.TextElideMode.ElideRight, box.width() - 8)
            painter.drawText(box, _CENTRE, words)
            if at <= len(self._under):
                painter.setPen(colour("muted"))
                below = QRect(box.left(), box.bottom() + 2, box.width(), self.height() - high - 2)
                painter.drawText(below, _CENTRE, self._under[at - 1])
        painter.end()
