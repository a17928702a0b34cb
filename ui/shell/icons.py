"""SVG files of `resources/icons`, tinted with the colour a role has at the moment of painting.

So a widget keeps its icon when the theme changes. Every icon stands beside a word or has an accessible name.
"""

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_app.shared.resources import resource

_DISABLED = 0.4


@lru_cache(maxsize=128)
def _svg(name: str, colour: str) -> QSvgRenderer:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The icon drawn at `size` pixels square."""
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _svg(name, colour).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


class TintedEngine(QIconEngine):
    """Draws one icon in whatever colour `colour()` gives now."""

    def __init__(self, name: str, colour: Callable[[], str]) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, float(side), float(side)
        )
        painter.save()
        if mode is QIcon.Mode.Disabled:
            painter.setOpacity(_DISABLED)
        _svg(self._name, self._colour()).render(painter, square)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return TintedEngine(self._name, self._colour)
