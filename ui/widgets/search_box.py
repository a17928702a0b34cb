"""The box that finds everything: people, rooms, appeals, orders, matters, meetings; `>` lists commands.

Empty, it shows what was opened last.

The results hang below the box as a child of the window, so the focus, and with it the input method, stays in the box.
While something is being composed the box says nothing, and the recent items stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.shell.desk import announce
from ui.shell.theme import Theme
from ui.widgets.inputs import LineEdit

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_PAUSE_MS = 80
_PASTE = 3
_VISIBLE = 10
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SELECTED = QStyle.StateFlag.State_Selected
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _VISIBLE,
    Qt.Key.Key_PageUp: -_VISIBLE,
}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: what it is, what distinguishes it, and what Return does."""

    title: str
    detail: str
    run: Callable[[], object]
    kind: str = ""
    icon: str = ""


class FoundModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[Found] = []

    def show(self, items: Sequence[Found]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = DISPLAY) -> str | None:
        if role != DISPLAY or not index.isValid():
            return None
        item = self.items[index.row()]
        return " ".join(part for part in (item.kind, item.title, item.detail) if part)


class FoundDelegate(QStyledItemDelegate):
    """Icon, title, quiet detail, and the kind at the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(100, self._theme.row_height + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, FoundModel):
            return
        item, colour = model.items[index.row()], self._theme.colour
        area: QRect = option.rect  # type: ignore[attr-defined]  # the stub lacks the fields of options
        if option.state & _SELECTED:  # type: ignore[attr-defined]  # as above
            painter.fillRect(area, colour("selected"))
        left = area.left() + 8
        if item.icon:
            self._theme.icon(item.icon, "muted").paint(painter, left, area.top(), 18, area.height())
        painter.setPen(colour("text"))
        inner = area.adjusted(34, 0, -10, 0)
        painter.drawText(inner, _LEFT, item.title)
        used = painter.fontMetrics().horizontalAdvance(item.title)
        painter.setPen(colour("muted"))
        painter.drawText(inner, _RIGHT, item.kind)
        room = inner.adjusted(used + 14, 0, -painter.fontMetrics().horizontalAdvance(item.kind) - 10, 0)
        detail = painter.fontMetrics().elidedText(item.detail, Qt.TextElideMode.ElideRight, max(0, room.width()))
        painter.drawText(room, _LEFT, detail)


class SearchBox(LineEdit):
    """Emits `asked(text)`; the window answers with `show_found`."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("globalsearch")
        self.setAccessibleName(self.tr("搜索居民、房屋、诉求、服务单、心愿、议题、会议和命令"))
        self.setPlaceholderText(self.tr("搜人、楼、诉求、点单、议题：姓名 / 首字母 / 后四位 / 3-2-501 / #编号　Ctrl+K"))
        self.addAction(theme.icon("search", "muted"), LineEdit.ActionPosition.LeadingPosition)
        self.setMaxLength(60)
        self.found = FoundModel(self)
        self.results = QListView(parent)
        self.results.setObjectName("results")
        self.results.setAccessibleName(self.tr("搜索结果"))
        self.results.setModel(self.found)
        self.results.setItemDelegate(FoundDelegate(theme, self))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setUniformItemSizes(True)
        self.results.hide()
        self.results.clicked.connect(self._clicked)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._length = 0
        self._stale = False  # what is shown answers an older text
        self._in_a_hurry = False  # Return came before the answer
        self.textChanged.connect(self._typed)
        self.entered.connect(self._run_current)

    def host(self, window: QWidget) -> None:
        """The window whose child the list becomes; it is laid over everything else."""
        self.results.setParent(window)
        self.results.hide()

    def ask_now(self) -> None:
        """Focus with everything selected; recent items if it is empty."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._ask()

    def begin_command(self) -> None:
        """`>`: list the commands."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setText(">")

    def show_found(self, items: Sequence[Found]) -> None:
        """Show results for what is asked now; the first is chosen."""
        self.found.show(items)
        self._stale = False
        if self._in_a_hurry and items and items[0].kind:  # the line that says nothing was found has none
            self.results.setCurrentIndex(self.found.index(0, 0))
            self._run(items[0])
            return
        if not items or not self.hasFocus():
            self.results.hide()
            return
        self._place(len(items))
        self.results.setCurrentIndex(self.found.index(0, 0))
        self.results.show()
        self.results.raise_()
        announce(self, str(self.found.data(self.found.index(0, 0))))

    def _place(self, count: int) -> None:
        window = self.results.parentWidget()
        if window is None:
            return
        line = self.results.sizeHintForRow(0)
        corner = self.mapTo(window, QPoint(0, self.height() + 2))
        self.results.setGeometry(corner.x(), corner.y(), self.width(), line * min(count, _VISIBLE) + 12)

    def _typed(self, text: str) -> None:
        self._stale, self._in_a_hurry = True, False
        pasted = abs(len(text) - self._length) > _PASTE
        self._length = len(text)
        if self.hasFocus():
            self._pause.start(0 if pasted else _PAUSE_MS)

    def _ask(self) -> None:
        self.asked.emit(self.text().strip())

    def _clicked(self, index: QModelIndex) -> None:
        self.results.setCurrentIndex(index)
        self._run_current()

    def _run_current(self) -> None:
        if self._stale and self.text().strip():
            self._in_a_hurry = True
            self._pause.stop()
            self._ask()
            return
        at = self.results.currentIndex().row()
        if self.results.isVisible() and 0 <= at < len(self.found.items):
            self._run(self.found.items[at])

    def _run(self, item: Found) -> None:
        self.dismiss()
        item.run()

    def dismiss(self) -> None:
        """Put the list away and empty the box."""
        self._pause.stop()
        self.results.hide()
        self.clear()
        self._pause.stop()
        self._in_a_hurry = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _MOVES.get(Qt.Key(event.key()))
        if step is not None and self.results.isVisible() and not self.composing:
            last = len(self.found.items) - 1
            at = min(last, max(0, self.results.currentIndex().row() + step))
            self.results.setCurrentIndex(self.found.index(at, 0))
            announce(self, str(self.found.data(self.found.index(at, 0))))
        elif event.key() == Qt.Key.Key_Escape and not self.composing:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self.results.hide()
        return super().event(event)
