"""Draws the cells of a `RecordTable`:

The text, and a frame where the keyboard is. One question to the model for each cell.

Qt's own delegate asks a model written in Python seven times a cell, which is most of the time a frame takes.
"""

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

if TYPE_CHECKING:
    from ui.shell.theme import Theme
    from ui.widgets.marks import Mark

_SELECTED = QStyle.StateFlag.State_Selected
_FOCUSED = QStyle.StateFlag.State_HasFocus
_ELIDE = Qt.TextElideMode.ElideRight
_PADDING = 4
_ICON = 18
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_Index = QModelIndex | QPersistentModelIndex


class Texts(Protocol):
    """What a model offers: the text of a cell (None: a mark instead), and how a column is aligned."""

    def text(self, row: int, column: int) -> str | None: ...
    def mark(self, number: int) -> "Mark | None": ...
    def alignment(self, column: int) -> int: ...
    def tone(self, row: int, column: int) -> str: ...


class CellDelegate(QStyledItemDelegate):
    """The ground of the row, striped or selected, is drawn by the view's style before."""

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        area = cast("QRect", option.rect)  # type: ignore[attr-defined]  # the stub lacks the fields of options
        state = cast("QStyle.StateFlag", option.state)  # type: ignore[attr-defined]  # as above
        palette = cast("QPalette", option.palette)  # type: ignore[attr-defined]  # as above
        if state & _SELECTED:
            painter.fillRect(area, palette.brush(QPalette.ColorRole.Highlight))
            painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        else:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
        column = index.column()
        text = self._texts.text(index.row(), column)
        if text:
            if (ink := self.ink(index.row(), column)) is not None:
                painter.setPen(ink)
            inner = area.adjusted(_PADDING, 0, -_PADDING, 0)
            metrics = painter.fontMetrics()
            if len(text) * metrics.height() > inner.width():  # no character is wider than a line is high
                text = metrics.elidedText(text, _ELIDE, inner.width())
            painter.drawText(inner, self._texts.alignment(column), text)
        elif text is None and (mark := self._texts.mark(index.row())) is not None:
            side = min(_ICON, area.height())
            square = QRect(0, 0, side, side)
            square.moveCenter(area.center())
            (mark.selected if state & _SELECTED else mark.icon).paint(painter, square)
        if state & _FOCUSED:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1))
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def ink(self, _row: int, _column: int) -> QColor | None:
        """The colour of a cell's words where it is not the usual one."""
        return None


class TonedDelegate(CellDelegate):
    """Some words in the colours of the theme: what is late, what soon will be."""

    def __init__(self, texts: Texts, theme: "Theme", parent: QObject | None = None) -> None:
        super().__init__(texts, parent)
        self._theme = theme

    def ink(self, row: int, column: int) -> QColor | None:
        tone = self._texts.tone(row, column)
        return self._theme.colour(tone) if tone else None
