from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from ui.pages import PageEntry, words
from ui.shell.parts import icon_button
from ui.shell.theme import Theme

WIDE, NARROW = 132, 48
_ICON = 20


class Navigation(QFrame):
    """Up and Down move, Return opens; Ctrl+1…9 belong to the window."""

    chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, entries: Sequence[PageEntry], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("导航"))
        self._theme = theme
        self._entries = {entry.key: entry for entry in entries}
        self._waiting: dict[str, int] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.is_folded = False
        self._fold = icon_button(theme.icon("menu", "muted"), self.tr("收起导航"), self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(1)
        for entry in entries:
            layout.addWidget(self._button(entry))
        layout.addStretch(1)
        layout.addWidget(self._fold)
        theme.changed.connect(self.dress)
        self.dress()

    def _button(self, entry: PageEntry) -> QToolButton:
        made = QToolButton(self)
        made.setCheckable(True)
        made.setIconSize(QSize(_ICON, _ICON))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(entry.key))
        self._group.addButton(made)
        self._buttons[entry.key] = made
        return made

    def mark_current(self, key: str) -> None:
        """Show where we are; an unknown key marks nothing."""
        self._group.setExclusive(False)
        for name, made in self._buttons.items():
            made.setChecked(name == key)
        self._group.setExclusive(True)
        self._colour_icons()

    def show_waiting(self, key: str, count: int) -> None:
        """The number beside a place; 0 takes it away."""
        if self._waiting.get(key, 0) != count:
            self._waiting[key] = count
            self.dress()

    def offer(self, offered: Callable[[PageEntry], bool]) -> None:
        """Show the places that are of use to this desk and to the one who is signed in."""
        for key, made in self._buttons.items():
            made.setVisible(offered(self._entries[key]))

    def toggle(self) -> None:
        self.fold(folded=not self.is_folded)

    def fold(self, *, folded: bool) -> None:
        self.is_folded = folded
        self._fold.setAccessibleName(self.tr("展开导航") if folded else self.tr("收起导航"))
        self._fold.setToolTip(self._fold.accessibleName())
        self.dress()
        self.folded.emit(folded)

    def dress(self) -> None:
        """Words, widths and icon colours for the present theme."""
        wide = round(WIDE * self._theme.font_px / 14)
        self.setFixedWidth(NARROW if self.is_folded else wide)
        style = Qt.ToolButtonStyle
        for key, made in self._buttons.items():
            title = words(self._entries[key].title)
            count = self._waiting.get(key, 0)
            made.setText(f"  {title}　{count}" if count else f"  {title}")
            made.setAccessibleName(self.tr("{title}，{n} 件在等你").format(title=title, n=count) if count else title)
            made.setToolTip(title if self.is_folded else "")
            made.setFixedWidth(self.width() - 1)
            made.setToolButtonStyle(style.ToolButtonIconOnly if self.is_folded else style.ToolButtonTextBesideIcon)
        self._fold.setIcon(self._theme.icon("menu", "muted"))
        self._colour_icons()

    def _colour_icons(self) -> None:
        for key, made in self._buttons.items():
            entry = self._entries[key]
            role = "party" if entry.party else ("accent_text" if made.isChecked() else "muted")
            made.setIcon(self._theme.icon(entry.icon, role))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Down: self.focusNextChild, Qt.Key.Key_Up: self.focusPreviousChild}
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            move()
