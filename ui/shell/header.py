"""The top line: whose community, back and forward, the search box, and the menu of who sits here."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ui.shell.commands import Command, native
from ui.shell.icons import pixmap
from ui.shell.parts import icon_button, label
from ui.shell.theme import Theme
from ui.widgets.search_box import SearchBox

_MARK = 26


class Header(QFrame):
    """`walked(-1)` back, `walked(1)` forward."""

    walked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._theme = theme
        picture = QLabel()
        picture.setPixmap(pixmap("app", "#ffffff", _MARK))
        self.brand = label(self.tr("邻里工作站"), "brand")
        self.search = SearchBox(theme, self)
        self.back = icon_button(theme.icon("back"), self.tr("后退"), lambda: self.walked.emit(-1))
        self.forward = icon_button(theme.icon("forward"), self.tr("前进"), lambda: self.walked.emit(1))
        self.who = QToolButton(self)
        self.who.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.who.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.who.setText(self.tr("菜单"))
        self._menu = QMenu(self)
        self.who.setMenu(self._menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(8)
        layout.addWidget(picture)
        layout.addWidget(self.brand)
        layout.addStretch(1)
        for part in (self.back, self.forward):
            layout.addWidget(part)
            part.setEnabled(False)
        layout.addWidget(self.search, 6)
        layout.addStretch(1)
        layout.addWidget(self.who)
        theme.changed.connect(self.dress)
        self.dress()

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What is of no use before there is a store."""
        return self.back, self.forward, self.search, self.who

    def dress(self) -> None:
        self.search.setMinimumWidth(round(360 * self._theme.font_px / 14))
        self.search.setMaximumWidth(round(620 * self._theme.font_px / 14))
        for part, name in ((self.back, "back"), (self.forward, "forward")):
            part.setIcon(self._theme.icon(name))
        self.who.setIcon(self._theme.icon("person", "muted"))
        self.who.setIconSize(QSize(18, 18))

    def show_menu(self, commands: Sequence[Command]) -> None:
        """The commands of the menu at the right."""
        self._menu.clear()
        for command in commands:
            action = self._menu.addAction(self._theme.icon(command.icon or "forward", "muted"), command.text)
            action.setText(f"{command.text}\t{native(command.keys)}" if command.keys else command.text)
            action.triggered.connect(lambda _checked=False, run=command.run: run())
