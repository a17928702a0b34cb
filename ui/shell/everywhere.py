"""What can be done anywhere in the window, as far as the one who is signed in may."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from ui.pages import PAGES, PageEntry, page_entry, record_entry, words
from ui.shell.commands import Command, KeyList

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.shell.desk import Desk


class Everywhere(QObject):
    """The commands of the window, and which places and tabs are of use to this desk and to this person."""

    def __init__(self, window: "MainWindow", desk: "Desk") -> None:
        from ui.shell.waiting import Waiting

        super().__init__(desk)
        self._window, self._desk = window, desk
        Waiting(window.navigation, desk)

    def is_offered(self, entry: PageEntry) -> bool:
        """Whether a place is of use here: a street has no residents, and not everybody may see everything."""
        return (self._desk.keeps_residents or not entry.homes) and self._desk.may(entry.right)

    def is_allowed(self, key: str) -> bool:
        """Whether whoever is signed in may see what a tab shows."""
        kind, _, name = key.partition(":")
        entry = page_entry(name) if kind == "page" else record_entry(kind)
        return entry is None or self._desk.may(entry.right)

    def _places(self) -> list[Command]:
        """The places, with Ctrl+1 to Ctrl+9 for the first ones that are offered."""
        offered = [entry for entry in PAGES if self.is_offered(entry)]
        keys = [f"Ctrl+{at}" for at in range(1, 10)] + [""] * len(offered)
        go, group = self._window.open_page, self.tr("前往")
        return [
            Command(words(entry.title), partial(go, entry.key), key, group=group)
            for entry, key in zip(offered, keys, strict=False)
        ]

    def commands(self) -> tuple[Command, ...]:
        """What can be done anywhere."""
        window, general = self._window, self.tr("全程序")
        search = window.header.search
        everything = (
            Command(self.tr("搜索"), search.ask_now, "Ctrl+K", group=general),
            Command(self.tr("命令"), search.begin_command, "Ctrl+Shift+K", group=general),
            *self._places(),
            Command(self.tr("后退"), lambda: window.walk(-1), "Alt+Left", group=general),
            Command(self.tr("前进"), lambda: window.walk(1), "Alt+Right", group=general),
            Command(self.tr("撤销上一步"), self._desk.undo_last, "Ctrl+Z", "undo", general),
            Command(self.tr("重做"), self._desk.redo_last, "Ctrl+Y", "redo", general),
            Command(self.tr("关上这一页"), window.tabs.close_current, "Ctrl+W", group=general),
            *window.sync.commands(general),
            Command(self.tr("刷新这一页"), window.refresh_page, "F6", group=general),
            Command(self.tr("大一号字"), lambda: window.step_font(1), "Ctrl+=", group=general),
            Command(self.tr("小一号字"), lambda: window.step_font(-1), "Ctrl+-", group=general),
            Command(self.tr("深色 / 浅色"), window.toggle_dark, "Ctrl+Shift+D", "moon", general),
            Command(self.tr("全部命令和快捷键"), self.show_keys, "Ctrl+/", "keyboard", general),
            Command(self.tr("设置"), lambda: window.open_page("settings"), "Ctrl+,", "settings", general),
            *window.session.commands(general),
            Command(self.tr("退出"), window.close, "Ctrl+Q", "close", general),
        )
        return tuple(one for one in everything if self._desk.may(one.right))

    def resume(self, draft: str) -> None:
        """Go on with what was typed and not saved, where it was typed: a page of the navigation, or a record."""
        window = self._window
        key, _, rest = draft.partition("#")[0].partition("/")
        if page_entry(key) is not None:
            window.open_page(key)
            page = window.tabs.page(f"page:{key}")
        else:
            kind, record_id = (key, rest) if rest else ("person-form", key)
            window.open_record(kind, record_id)
            page = window.tabs.page(f"{kind}:{record_id}")
        if page is not None:
            page.go_on_with(draft)

    def all_commands(self) -> list[Command]:
        """Here first, then anywhere."""
        tab = self._window.tabs.current
        here = tab.page.commands() if tab else ()
        return [*(one for one in here if self._desk.may(one.right)), *self.commands()]

    def show_keys(self) -> None:
        """All of them with their keys."""
        dialog = KeyList(self.all_commands(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
