"""A chart of bars that can be read: every line says in words and numbers what its bar shows.

It is a table, so that arrows move in it, Return opens what stands behind a line, and a screen reader reads it.
"""

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.shared.chart import Bar, Chart

if TYPE_CHECKING:
    from ui.shell.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_DISPLAY = Qt.ItemDataRole.DisplayRole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NAME, _BAR, _END = range(3)
_SHARES = (0.27, 0.40, 0.33)
_PADDING, _GAP, _LEAST = 6, 2, 3
_SELECTED = QStyle.StateFlag.State_Selected
_PICTURE_WIDTH, _PICTURE_SCALE = 1000, 2


class BarModel(QAbstractTableModel):
    """Three columns: what it is about, the bar (in words for whoever cannot see it), what stands at its end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chart = Chart("", ())

    def show_chart(self, chart: Chart) -> None:
        self.beginResetModel()
        self.chart = chart
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 Qt's own default
        return 0 if parent.isValid() else len(self.chart.bars)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 as above
        return 0 if parent.isValid() else len(_SHARES)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, Qt.ItemDataRole.ToolTipRole) or not index.isValid():
            return None
        bar = self.chart.bars[index.row()]
        if role != _DISPLAY:
            return f"{bar.name}：{bar.words}　{bar.end}"
        return (bar.name, bar.words, bar.end)[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY or orientation is not Qt.Orientation.Horizontal:
            return None
        return (self.chart.head, "、".join(part.words for part in self.chart.legend), self.tr("说明"))[section]


class BarDelegate(QStyledItemDelegate):
    """Paints the bar of a line; each part carries its number where there is room."""

    def __init__(self, theme: "Theme", model: BarModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if index.column() != _BAR:
            super().paint(painter, option, index)
            return
        area = cast("QRect", option.rect)  # type: ignore[attr-defined]  # the stub lacks the fields of options
        state = cast("QStyle.StateFlag", option.state)  # type: ignore[attr-defined]  # as above
        palette = cast("QPalette", option.palette)  # type: ignore[attr-defined]  # as above
        if state & _SELECTED:
            painter.fillRect(area, palette.brush(QPalette.ColorRole.Highlight))
        chart, inner = self._model.chart, QRectF(area).adjusted(_PADDING, 5, -_PADDING, -5)
        paint_bar(painter, inner, chart, chart.bars[index.row()], self._theme)


def paint_bar(painter: QPainter, area: QRectF, chart: Chart, bar: Bar, theme: "Theme") -> None:
    """The parts of a bar side by side: the first full, those after it ever fainter, so that no colour is needed."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = area.width() * chart.scale(bar)
    left = area.left()
    for at, part in enumerate(bar.parts):
        if part.number <= 0:
            continue
        wide = max(room * part.number / (bar.total or 1) - _GAP, _LEAST)
        box = QRectF(left, area.top(), wide, area.height())
        colour = theme.colour(part.tone)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour)
        if at:
            faint = theme.colour(part.tone)
            faint.setAlpha(70 if at == 1 else 40)
            painter.setBrush(faint)
        painter.drawRoundedRect(box, 3, 3)
        words = str(part.number)
        if painter.fontMetrics().horizontalAdvance(words) + 4 < wide:
            painter.setPen(theme.colour("on_accent" if not at else "text"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
        left += wide + _GAP
    painter.restore()


class BarChart(QTableView):
    """Says `asked(identifier)` on Return or double click where a bar opens something."""

    asked = Signal(str)

    def __init__(self, theme: "Theme", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bars = BarModel(self)
        self.setModel(self.bars)
        self.setItemDelegate(BarDelegate(theme, self.bars, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(lambda index: self._ask(index.row()))
        theme.changed.connect(self.viewport().update)

    @property
    def chart(self) -> Chart:
        return self.bars.chart

    def show_chart(self, chart: Chart) -> None:
        """Another chart, or the same with other numbers; the cursor stays on the line of that name."""
        now = self.currentIndex().row()
        name = self.chart.bars[now].name if 0 <= now < len(self.chart.bars) else ""
        self.bars.show_chart(chart)
        self.setAccessibleName(self.tr("图表：{title}，{n} 行").format(title=chart.title, n=len(chart.bars)))
        self.setAccessibleDescription(chart.note)
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self._fit()
        if chart.bars:
            self.selectRow(next((at for at, bar in enumerate(chart.bars) if bar.name == name), 0))

    def _fit(self) -> None:
        room = self.viewport().width()
        for at, part in enumerate(_SHARES):
            self.setColumnWidth(at, int(room * part))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._ask(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _ask(self, row: int) -> None:
        if 0 <= row < len(self.chart.bars) and self.chart.bars[row].opens:
            self.asked.emit(self.chart.bars[row].opens)

    # -------------------------------------------------------------------------------------------------------- a picture

    def picture(self) -> QImage:
        """The whole chart with its title and legend, on white or the theme's ground, at twice the size of a screen."""
        chart, high = self.chart, self._theme.row_height
        head = high * 3
        image = QImage(
            _PICTURE_WIDTH * _PICTURE_SCALE, (head + high * len(chart.bars) + high) * _PICTURE_SCALE,
            QImage.Format.Format_RGB32,
        )  # fmt: skip
        image.setDevicePixelRatio(_PICTURE_SCALE)
        image.fill(self._theme.colour("surface"))
        painter = QPainter(image)
        painter.setFont(self.font())
        self._paint_head(painter, high)
        for at, bar in enumerate(chart.bars):
            self._paint_line(painter, head + at * high, high, bar)
        painter.end()
        return image

    def _paint_head(self, painter: QPainter, high: int) -> None:
        chart = self.chart
        for at, words in enumerate((chart.title, chart.note, chart.key)):
            font = painter.font()
            font.setBold(at == 0)
            painter.setFont(font)
            painter.setPen(self._theme.colour("text" if at != 1 else "muted"))
            painter.drawText(QRect(12, at * high, _PICTURE_WIDTH - 24, high), int(Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_line(self, painter: QPainter, top: int, high: int, bar: Bar) -> None:
        edges = (12, int(_PICTURE_WIDTH * _SHARES[0]), int(_PICTURE_WIDTH * (_SHARES[0] + _SHARES[1])))
        painter.setPen(self._theme.colour("text"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for left, right, words in ((edges[0], edges[1], bar.name), (edges[2] + 8, _PICTURE_WIDTH - 8, bar.end)):
            text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, right - left - 6)
            painter.drawText(QRect(left, top, right - left, high), middle, text)
        paint_bar(painter, QRectF(edges[1], top + 5, edges[2] - edges[1], high - 10), self.chart, bar, self._theme)
