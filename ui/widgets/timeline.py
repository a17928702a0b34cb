"""What happened, newest first: a date, a title, a detail. A list, so that arrows and screen readers work as usual."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.shell.theme import Theme

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SELECTED = QStyle.StateFlag.State_Selected
_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a time line; `on` is shown as it is, a date or a date with a time."""

    on: str
    title: str
    detail: str = ""
    tone: str = "accent"
    opens: tuple[str, str] | None = None
    """Kind and identifier of the record behind it; None where there is nothing to open."""


class MomentModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.moments: list[Moment] = []

    def show(self, moments: Sequence[Moment]) -> None:
        self.beginResetModel()
        self.moments = list(moments)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.moments)

    def data(self, index: _Index, role: int = DISPLAY) -> str | None:
        if role != DISPLAY or not index.isValid():
            return None
        moment = self.moments[index.row()]
        return " ".join(part for part in (moment.on, moment.title, moment.detail) if part)


class MomentDelegate(QStyledItemDelegate):
    """Date at the left, a dot on a line, words at the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        model = index.model()
        two = isinstance(model, MomentModel) and bool(model.moments[index.row()].detail)
        return QSize(200, round(self._theme.row_height * (1.7 if two else 1.15)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, MomentModel):
            return
        moment, colour = model.moments[index.row()], self._theme.colour
        area: QRect = option.rect  # type: ignore[attr-defined]  # the stub lacks the fields of options
        if option.state & _SELECTED:  # type: ignore[attr-defined]  # as above
            painter.fillRect(area, colour("selected"))
        metrics, line = painter.fontMetrics(), self._theme.row_height
        date = metrics.horizontalAdvance("2026-10-10 10:10") + 12
        top = QRect(area.left(), area.top(), area.width(), line)
        painter.setPen(colour("muted"))
        painter.drawText(QRect(top.left(), top.top(), date - 8, line), _RIGHT, moment.on)
        axis = area.left() + date + 8
        painter.setPen(colour("line"))
        painter.drawLine(axis, area.top(), axis, area.bottom())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour(moment.tone))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(axis, top.center().y()), 4.0, 4.0)
        words = top.adjusted(date + 24, 0, -8, 0)
        painter.setPen(colour("text"))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(words, _LEFT, metrics.elidedText(moment.title, elide, words.width()))
        if moment.detail:
            below = words.translated(0, round(line * 0.65))
            painter.setPen(colour("muted"))
            painter.drawText(below, _LEFT, metrics.elidedText(moment.detail, elide, words.width()))


class Timeline(QListView):
    """Says `asked(kind, id)` on Return or double click where there is something to open."""

    asked = Signal(str, str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.moments = MomentModel(self)
        self.setModel(self.moments)
        self.setItemDelegate(MomentDelegate(theme, self))
        self.setAccessibleName(name)
        self.setSpacing(0)
        self.setUniformItemSizes(False)
        self.doubleClicked.connect(lambda _index: self._open())

    def show_moments(self, moments: Sequence[Moment]) -> None:
        self.moments.show(moments)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers():
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        at = self.currentIndex().row()
        opens = self.moments.moments[at].opens if 0 <= at < len(self.moments.moments) else None
        if opens is not None:
            self.asked.emit(*opens)
