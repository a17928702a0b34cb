"""Commands:

One table of what can be done here, which the palette (`>`), the shortcuts and the key list (Ctrl+/) share.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done: `keys` as Qt writes them (`Ctrl+N`, `V`), empty if there are none.

    `right` is the code of the right it needs (resources/codes/rights.toml): whoever lacks it is not offered the
    command; several codes, separated by blanks, mean any of them.
    """

    text: str
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    group: str = ""
    right: str = ""


class Shortcuts(QObject):
    """The shortcuts of one widget. Letters alone rest while a text field has the focus: the field takes them first."""

    def __init__(self, widget: QWidget, *, window_wide: bool = False) -> None:
        super().__init__(widget)
        self._widget = widget
        self._context = (
            Qt.ShortcutContext.WindowShortcut if window_wide else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self._made: list[QShortcut] = []
        self._resting = False

    def rest(self, *, resting: bool) -> None:
        """Let them all rest, as behind the lock, or work again."""
        self._resting = resting
        for one in self._made:
            one.setEnabled(not resting)

    def install(self, commands: Iterable[Command]) -> None:
        """Replace what was installed before."""
        for old in self._made:
            old.setEnabled(False)
            old.deleteLater()
        self._made = [self._shortcut(command) for command in commands if command.keys]

    def _shortcut(self, command: Command) -> QShortcut:
        shortcut = QShortcut(QKeySequence(command.keys), self._widget)
        shortcut.setContext(self._context)
        shortcut.setAutoRepeat(False)
        shortcut.setEnabled(not self._resting)
        shortcut.activated.connect(command.run)
        return shortcut


def matching(commands: Sequence[Command], text: str) -> list[Command]:
    """Commands whose words contain every part of `text`, in their own order."""
    parts = text.lower().split()
    return [command for command in commands if all(part in command.text.lower() for part in parts)]


class KeyTable(QAbstractTableModel):
    """Group, command, keys."""

    def __init__(self, commands: Sequence[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = [(command.group, command.text, native(command.keys)) for command in commands]
        self._rows = self._all
        self._heads = (self.tr("在哪里"), self.tr("做什么"), self.tr("按键"))

    def keep(self, text: str) -> None:
        """Show only the rows that contain `text`."""
        self.beginResetModel()
        self._rows = [row for row in self._all if text.lower() in " ".join(row).lower()]
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = DISPLAY) -> str | None:
        return self._rows[index.row()][index.column()] if role == DISPLAY else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> str | None:
        if role != DISPLAY or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]


class KeyList(QDialog):
    """All commands and their keys; typing narrows the list."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("全部命令和快捷键"))
        self.resize(640, 560)
        self.model = KeyTable(commands, self)
        search = QLineEdit(self)
        search.setPlaceholderText(self.tr("输入几个字，例如“打印”"))
        search.setAccessibleName(self.tr("查找命令"))
        search.textChanged.connect(self.model.keep)
        table = QTableView(self)
        table.setAccessibleName(self.tr("命令和快捷键"))
        table.setModel(self.model)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().resizeSection(2, 170)
        layout = QVBoxLayout(self)
        layout.addWidget(search)
        layout.addWidget(table)


def native(keys: str) -> str:
    """Keys as this machine writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
