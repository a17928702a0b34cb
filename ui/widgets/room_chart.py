"""楼栋图: floors × rooms as a table with a delegate, so that a screen reader can read every room.

Colour and letter together say the theme; the letter also survives a black-and-white printer. Arrows move, Return opens,
Insert adds a person, and typing a room number such as `2-602` or `602` jumps to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.shell.desk import announce
from ui.shell.theme import Theme

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOP_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_TOP_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SELECTED = QStyle.StateFlag.State_Selected
_FOCUSED = QStyle.StateFlag.State_HasFocus
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING_MS = 1500
_SIDE, _GAP = 22, 22  # of the legend
_WIDTH, _WIDEST, _NARROW = 92, 1.6, 14
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is drawn and said: a letter, the word behind it, and a role of `Colours` for the ground."""

    letter: str
    word: str
    ground: str
    ink: str = "text"


@dataclass(frozen=True, slots=True)
class RoomCell:
    """One room of the chart. `state` is a key of the theme's looks; `marks` are further letters, e.g. 独 低 残."""

    room_id: str
    no: str
    head: str = ""
    people: int = 0
    state: str = ""
    marks: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a stairwell's position, or a narrow gap between two stairwells."""

    unit: str
    seq: int
    gap: bool = False


@dataclass(slots=True)
class Chart:
    """The building as a grid: floors from the top, columns from left to right, rooms where there are some."""

    floors: Sequence[str] = ()
    columns: Sequence[Column] = ()
    rooms: dict[tuple[int, int], RoomCell] = field(default_factory=dict)


class ChartModel(QAbstractTableModel):
    """What is drawn is also what is said: 2单元602，空置。"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chart = Chart()
        self.looks: Mapping[str, Look] = {}

    def show(self, chart: Chart, looks: Mapping[str, Look]) -> None:
        self.beginResetModel()
        self.chart, self.looks = chart, looks
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.chart.floors)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.chart.columns)

    def room(self, index: _Index) -> RoomCell | None:
        return self.chart.rooms.get((index.row(), index.column()))

    def data(self, index: _Index, role: int = DISPLAY) -> str | None:
        if role != DISPLAY:
            return None
        room = self.room(index)
        if room is None:
            return ""
        look = self.looks.get(room.state)
        unit = self.chart.columns[index.column()].unit
        where = self.tr("{unit}单元").format(unit=unit) + room.no if unit else room.no
        people = self.tr("{n}人").format(n=room.people) if room.people else ""
        parts = (where, room.head, people, look.word if look else "", room.marks, room.note)
        return " ".join(part for part in parts if part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> str | None:
        if role != DISPLAY:
            return None
        if orientation is Qt.Orientation.Vertical:
            floors = self.chart.floors
            return self.tr("{n}层").format(n=floors[section]) if section < len(floors) else None
        column = self.chart.columns[section]
        if column.gap:
            return ""
        return self.tr("{unit}单元").format(unit=column.unit) if column.unit and column.seq == 1 else ""

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.room(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def find(self, text: str) -> QModelIndex:
        """The room meant by `2-602` or `602`; an invalid index if there is none."""
        unit, _, number = text.rpartition("-")
        for (row, column), room in sorted(self.chart.rooms.items()):
            if room.no.startswith(number) and (not unit or self.chart.columns[column].unit == unit):
                return self.index(row, column)
        return QModelIndex()


class RoomDelegate(QStyledItemDelegate):
    """Ground by state; number and letter above, head of household and number of people below."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        room = model.room(index) if isinstance(model, ChartModel) else None
        if room is None or not isinstance(model, ChartModel):
            return
        look = model.looks.get(room.state) or Look("", "", "surface")
        area: QRect = option.rect  # type: ignore[attr-defined]  # the stub lacks the fields of options
        state = option.state  # type: ignore[attr-defined]  # as above
        box = area.adjusted(1, 1, -2, -2)
        painter.fillRect(box, self._theme.colour(look.ground))
        painter.setPen(self._border(bool(state & _SELECTED), bool(state & _FOCUSED)))
        painter.drawRect(box)
        self._words(painter, box.adjusted(5, 1, -5, -1), room, look)

    def _border(self, selected: bool, focused: bool) -> QPen:
        colour = self._theme.colour("accent" if selected or focused else "line")
        return QPen(colour, 2.0 if selected or focused else 1.0)

    def _words(self, painter: QPainter, inner: QRect, room: RoomCell, look: Look) -> None:
        half = inner.height() // 2
        above = QRect(inner.left(), inner.top(), inner.width(), half)
        below = QRect(inner.left(), inner.top() + half, inner.width(), inner.height() - half)
        ink, muted = self._theme.colour(look.ink), self._theme.colour("muted")
        painter.setPen(self._theme.colour("text"))
        painter.drawText(above, _TOP_LEFT, room.no)
        painter.setPen(ink)
        painter.drawText(above, _TOP_RIGHT, look.letter + room.marks)
        count = str(room.people) if room.people else ""
        painter.setPen(muted)
        painter.drawText(below, _TOP_RIGHT, count)
        width = below.width() - painter.fontMetrics().horizontalAdvance(count) - 4
        painter.setPen(self._theme.colour("text") if room.head else muted)
        words = painter.fontMetrics().elidedText(room.head or room.note, Qt.TextElideMode.ElideRight, width)
        painter.drawText(below, _TOP_LEFT, words)


class RoomChart(QTableView):
    """Signals carry the identifier of the room."""

    opened = Signal(str)
    pointed = Signal(str)
    add_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.chart = ChartModel(self)
        self.setModel(self.chart)
        self.setItemDelegate(RoomDelegate(theme, self))
        self.setAccessibleName(self.tr("楼栋图"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setMinimumSectionSize(8)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._typed = ""
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._forget)
        self.doubleClicked.connect(self._open)

    def show_chart(self, chart: Chart, looks: Mapping[str, Look]) -> None:
        """Show a building; the cursor stays on the same room, else goes to the first."""
        kept = self.current_room()
        self.chart.show(chart, looks)
        self._fit_columns()
        self.horizontalHeader().setVisible(any(column.unit for column in chart.columns))
        self.verticalHeader().setDefaultSectionSize(round(self._theme.row_height * 1.65))
        places = sorted(
            chart.rooms, key=lambda place: (chart.rooms[place].room_id != (kept.room_id if kept else ""), place)
        )
        if places:
            self.setCurrentIndex(self.chart.index(*places[0]))

    def _fit_columns(self) -> None:
        """Rooms share the width there is, between readable and generous; beyond that the chart scrolls."""
        columns = self.chart.chart.columns
        gaps = sum(column.gap for column in columns)
        least = round(_WIDTH * self._theme.font_px / 14)
        share = (self.viewport().width() - gaps * _NARROW) // max(len(columns) - gaps, 1)
        width = min(max(share, least), round(least * _WIDEST))
        for at, column in enumerate(columns):
            self.setColumnWidth(at, _NARROW if column.gap else width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def current_room(self) -> RoomCell | None:
        return self.chart.room(self.currentIndex())

    def point_at(self, room_id: str) -> None:
        """Put the cursor on a room."""
        for place, room in self.chart.chart.rooms.items():
            if room.room_id == room_id:
                self.setCurrentIndex(self.chart.index(*place))
                return

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        room = self.chart.room(current)
        self.pointed.emit(room.room_id if room else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        room, text = self.current_room(), event.text()
        if event.key() in _ENTER:
            self._open()
        elif event.key() == Qt.Key.Key_Insert and room is not None:
            self.add_asked.emit(room.room_id)
        elif text and (text.isdigit() or text == "-"):
            self._type(text)
        else:
            super().keyPressEvent(event)

    def _type(self, text: str) -> None:
        self._typed += text
        self._typing.start()
        found = self.chart.find(self._typed)
        if found.isValid():
            self.setCurrentIndex(found)
            announce(self, str(self.chart.data(found)))

    def _forget(self) -> None:
        self._typed = ""

    def _open(self) -> None:
        room = self.current_room()
        if room is not None:
            self.opened.emit(room.room_id)


class Legend(QWidget):
    """Letter, colour and word of each state, painted; they wrap where the width ends."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._looks: tuple[Look, ...] = ()

    def show_looks(self, looks: Sequence[Look]) -> None:
        self._looks = tuple(looks)
        self.setAccessibleName(self.tr("图例：") + "、".join(f"{look.letter}{look.word}" for look in looks))
        self._fit()
        self.update()

    def _spots(self) -> list[QPoint]:
        """Where each state begins; it goes to the next line where the width ends."""
        metrics, spots, left, line = self.fontMetrics(), [], 0, 0
        for look in self._looks:
            width = metrics.horizontalAdvance(look.word) + _SIDE + _GAP
            if left and left + width > self.width():
                left, line = 0, line + 1
            spots.append(QPoint(left, line * self._theme.row_height))
            left += width
        return spots

    def _fit(self) -> None:
        spots = self._spots()
        self.setFixedHeight((spots[-1].y() if spots else 0) + self._theme.row_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        line = self._theme.row_height
        for look, spot in zip(self._looks, self._spots(), strict=True):
            box = QRect(spot.x(), spot.y() + (line - _SIDE) // 2, _SIDE, _SIDE)
            painter.fillRect(box, self._theme.colour(look.ground))
            painter.setPen(QColor(self._theme.colour("edge")))
            painter.drawRect(box)
            painter.setPen(self._theme.colour(look.ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), look.letter)
            painter.setPen(self._theme.colour("muted"))
            width = painter.fontMetrics().horizontalAdvance(look.word)
            painter.drawText(QRect(box.right() + 7, spot.y(), width + 2, line), _TOP_LEFT, look.word)
        painter.end()
