"""The work area: at most eight tabs, each a page; back and forward walk through what was looked at."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui.pages.page import Page
from ui.shell.parts import icon_button
from ui.shell.theme import Theme

MOST = 8
_HISTORY = 50


@dataclass(slots=True)
class Tab:
    """One open page; `key` is `page:home` or `person:0192…`."""

    key: str
    page: Page
    stale: frozenset[str] = frozenset()
    used: int = 0


@dataclass(frozen=True, slots=True)
class Parked:
    """The open pages of somebody who is not at the desk now, as they were left."""

    tabs: tuple[Tab, ...]
    history: tuple[str, ...]
    at: int
    current: str


class Tabs(QWidget):
    """Opens, shows and closes pages. The first tab stays."""

    current_changed = Signal(str)  # key
    history_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs: list[Tab] = []
        self._history: list[str] = []
        self._at = -1
        self._walking = False
        self._clock = 0
        self.bar = QTabBar(self)
        self.bar.setObjectName("tabs")
        self.bar.setAccessibleName(self.tr("打开的页面"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideRight)
        self.bar.setUsesScrollButtons(True)
        self.bar.currentChanged.connect(self._show)
        self.stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stack)
        theme.changed.connect(self._icons)

    # ------------------------------------------------------------------------------------------------------------- open

    def page(self, key: str) -> Page | None:
        return next((tab.page for tab in self._tabs if tab.key == key), None)

    def shows(self, key: str) -> bool:
        """Whether this is what people see now."""
        return self.current is not None and self.current.key == key

    @property
    def current(self) -> Tab | None:
        at = self.bar.currentIndex()
        return self._tabs[at] if 0 <= at < len(self._tabs) else None

    @property
    def keys(self) -> list[str]:
        return [tab.key for tab in self._tabs]

    @property
    def pages(self) -> list[Page]:
        return [tab.page for tab in self._tabs]

    def raise_key(self, key: str) -> bool:
        """Show an open tab; False if there is none."""
        for at, tab in enumerate(self._tabs):
            if tab.key == key:
                self.bar.setCurrentIndex(at)
                return True
        return False

    def add(self, key: str, page: Page) -> None:
        """Open a page in a new tab; beyond eight, the one used longest ago that has nothing unsaved is closed."""
        if len(self._tabs) >= MOST:
            self._close_oldest()
        page.title_changed.connect(self._titles)
        page.install_commands()
        page.when_whole(partial(page.refresh, frozenset()))
        self._put(Tab(key, page))
        self.bar.setCurrentIndex(len(self._tabs) - 1)

    def _put(self, tab: Tab) -> None:
        self._tabs.append(tab)
        self.stack.addWidget(tab.page)
        at = self.bar.addTab(self._theme.icon(tab.page.icon(), "muted"), tab.page.title())
        if at:
            self._add_close(at, tab.key)

    def _add_close(self, at: int, key: str) -> None:
        close = icon_button(self._theme.icon("close", "muted"), self.tr("关上这一页"), lambda: self.close_key(key))
        close.setFixedSize(20, 20)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.setTabButton(at, QTabBar.ButtonPosition.RightSide, close)

    def _close_oldest(self) -> None:
        spare = [tab for tab in self._tabs[1:] if not tab.page.unsaved()]
        if spare:
            self.close_key(min(spare, key=lambda tab: tab.used).key)

    def close_key(self, key: str) -> None:
        """Close a tab; what is unsaved is kept as a draft by the page."""
        at = next((at for at, tab in enumerate(self._tabs) if tab.key == key), 0)
        if at == 0:
            return
        tab = self._tabs.pop(at)
        tab.page.keep_typed()
        tab.page.leaving()
        self.bar.removeTab(at)
        self.stack.removeWidget(tab.page)
        tab.page.deleteLater()

    def close_current(self) -> None:
        if self.current is not None:
            self.close_key(self.current.key)

    def clear(self) -> None:
        """Close everything, the first tab too."""
        while self._tabs:
            tab = self._tabs.pop()
            tab.page.keep_typed()
            tab.page.leaving()
            self.bar.removeTab(len(self._tabs))
            self.stack.removeWidget(tab.page)
            tab.page.deleteLater()
        self._history, self._at = [], -1

    def park(self) -> Parked:
        """Put everything away as it is, what is typed and all; the work area is empty then."""
        left = Parked(tuple(self._tabs), tuple(self._history), self._at, self.current.key if self.current else "")
        self.bar.blockSignals(True)
        while self._tabs:
            tab = self._tabs.pop()
            self.bar.removeTab(len(self._tabs))
            self.stack.removeWidget(tab.page)
            tab.page.hide()
        self.bar.blockSignals(False)
        self._history, self._at = [], -1
        return left

    def unpark(self, left: Parked) -> None:
        """Everything as it was left; what was written meanwhile is asked for when a page is shown."""
        self.bar.blockSignals(True)
        for tab in left.tabs:
            tab.stale |= tab.page.tables
            self._put(tab)
        self.bar.blockSignals(False)
        self._history, self._at = list(left.history), left.at
        self._walking = True
        at = next((at for at, tab in enumerate(self._tabs) if tab.key == left.current), 0)
        self.bar.setCurrentIndex(at)
        self._show(at)
        self._walking = False
        self.history_changed.emit()

    def drop(self, left: Parked) -> None:
        """Whoever left these will not come back; what was typed is kept since the desk was locked."""
        for tab in left.tabs:
            tab.page.leaving()
            tab.page.deleteLater()

    # ------------------------------------------------------------------------------------------------------------- show

    def _show(self, at: int) -> None:
        if not 0 <= at < len(self._tabs):
            return
        tab = self._tabs[at]
        self._clock += 1
        tab.used = self._clock
        self.stack.setCurrentWidget(tab.page)
        self._remember(tab.key)
        if tab.stale:
            stale, tab.stale = tab.stale, frozenset()
            tab.page.when_whole(partial(tab.page.refresh, stale))
        focus = tab.page.first_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.current_changed.emit(tab.key)

    def changed(self, tables: frozenset[str]) -> None:
        """After a commit: the visible page asks again now, the others when they are next shown."""
        for tab in self._tabs:
            touched = tables & tab.page.tables
            if touched and tab is self.current:
                tab.page.when_whole(partial(tab.page.refresh, touched))
            elif touched:
                tab.stale |= touched

    def _titles(self) -> None:
        for at, tab in enumerate(self._tabs):
            self.bar.setTabText(at, tab.page.title())

    def _icons(self) -> None:
        for at, tab in enumerate(self._tabs):
            self.bar.setTabIcon(at, self._theme.icon(tab.page.icon(), "muted"))

    # ---------------------------------------------------------------------------------------------------------- history

    def _remember(self, key: str) -> None:
        if self._walking or (self._at >= 0 and self._history[self._at] == key):
            return
        self._history = [*self._history[: self._at + 1], key][-_HISTORY:]
        self._at = len(self._history) - 1
        self.history_changed.emit()

    def can_walk(self, by: int) -> bool:
        return 0 <= self._at + by < len(self._history)

    def walk(self, by: int) -> str:
        """Go back (-1) or forward (1); returns the key to reopen if its tab was closed meanwhile, else empty."""
        if not self.can_walk(by):
            return ""
        self._at += by
        key = self._history[self._at]
        self._walking = True
        shown = self.raise_key(key)
        self._walking = False
        self.history_changed.emit()
        return "" if shown else key
