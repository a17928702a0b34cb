"""A story, the oldest first: a day, what was done and by whom, and the words of it in full, wrapped.

A list, so that arrows and screen readers work as usual; what is read out is everything that is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.shell.theme import Theme

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_SELECTED = QStyle.StateFlag.State_Selected
_ELIDE = Qt.TextElideMode.ElideRight
_GAP, _DOT, _TALLEST = 10, 4.0, 10_000
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Told:
    """One step: `head` in a line, `aside` at its right, `text` below; `tone` is a role of `Colours`."""

    on: str
    head: str
    aside: str = ""
    text: str = ""
    tone: str = "accent"

    @property
    def spoken(self) -> str:
        """For the screen reader."""
        return " ".join(part for part in (self.on, self.head, self.aside, self.text) if part)


class StoryModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps: list[Told] = []

    def show(self, steps: Sequence[Told]) -> None:
        self.beginResetModel()
        self.steps = list(steps)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.steps)

    def data(self, index: _Index, role: int = DISPLAY) -> str | None:
        return self.steps[index.row()].spoken if role == DISPLAY and index.isValid() else None


class StoryDelegate(QStyledItemDelegate):
    """The day at the left, a dot on a line, words at the right."""

    def __init__(self, theme: Theme, story: "Story") -> None:
        super().__init__(story)
        self._theme, self._story = theme, story

    def _indent(self, metrics: QFontMetrics) -> int:
        return metrics.horizontalAdvance("2026-10-10") + 3 * _GAP + 2

    def _height(self, text: str, metrics: QFontMetrics, width: int) -> int:
        room = QRect(0, 0, max(width, _GAP), _TALLEST)
        return metrics.boundingRect(room, _WRAPPED, text).height() if text else 0

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        step, metrics = self._story.told.steps[index.row()], self._story.fontMetrics()
        width = self._story.viewport().width()
        below = self._height(step.text, metrics, width - self._indent(metrics) - _GAP)
        return QSize(_GAP, self._theme.row_height + below + (_GAP // 2 if below else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        step, colour = self._story.told.steps[index.row()], self._theme.colour
        area: QRect = option.rect  # type: ignore[attr-defined]  # the stub lacks the fields of options
        if option.state & _SELECTED:  # type: ignore[attr-defined]  # as above
            painter.fillRect(area, colour("selected"))
        metrics, line = painter.fontMetrics(), self._theme.row_height
        indent = self._indent(metrics)
        top = QRect(area.left(), area.top(), area.width(), line)
        painter.setPen(colour("muted"))
        painter.drawText(QRect(top.left(), top.top(), indent - 2 * _GAP, line), _RIGHT, step.on)
        axis = area.left() + indent - _GAP
        painter.setPen(colour("line"))
        painter.drawLine(axis, area.top(), axis, area.bottom())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour(step.tone))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(axis, top.center().y()), _DOT, _DOT)
        words = top.adjusted(indent, 0, -_GAP, 0)
        painter.setPen(colour("muted"))
        painter.drawText(words, _RIGHT, step.aside)
        room = words.width() - metrics.horizontalAdvance(step.aside) - _GAP
        painter.setPen(colour(step.tone if step.tone in {"bad", "warn", "muted"} else "text"))
        painter.drawText(words, _LEFT, metrics.elidedText(step.head, _ELIDE, room))
        if step.text:
            painter.setPen(colour("text"))
            below = QRect(words.left(), area.top() + line, words.width(), area.height() - line)
            painter.drawText(below, _WRAPPED, step.text)


class Story(QListView):
    """Show with `show_story`; the newest step is scrolled to."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told = StoryModel(self)
        self.setModel(self.told)
        self.setItemDelegate(StoryDelegate(theme, self))
        self.setAccessibleName(name)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_story(self, steps: Sequence[Told]) -> None:
        """Replace what is shown."""
        self.told.show(steps)
        self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap elsewhere now."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
