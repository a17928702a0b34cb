"""Somebody at the keyboard: what is pressed goes wherever the focus is, Chinese comes as an input method commits it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.pages.page_of_faces import PageOfFaces

KEY = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier
_MOST_TABS = 60


class Hands:
    """No mouse and no method of a page is used here; what is seen is read from the widgets."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    @property
    def focus(self) -> QWidget:
        """Where the next key goes."""
        if QApplication.activeWindow() is None:  # a window manager does this when a dialog closes
            self.window.activateWindow()
            self.rest()
        found = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert found is not None, "the keyboard is nowhere"
        assert found.isVisible(), "the keys go to something nobody sees"
        return found

    @property
    def page(self) -> Page:
        tab = self.window.tabs.current
        assert tab is not None
        return tab.page

    @property
    def pane(self) -> ListPane:
        """The list that is shown."""
        page = self.page
        assert isinstance(page, PageOfFaces)
        return page.pane

    @property
    def said(self) -> str:
        """The quiet line at the foot of the window."""
        return self.window.status.said.text()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = _NONE) -> None:
        """One key, and whatever comes of it."""
        self._qtbot.keyClick(self.focus, key, held)
        self.rest()

    def keys(self, text: str) -> None:
        """Plain keys, one after the other."""
        self._qtbot.keyClicks(self.focus, text)
        self.rest()

    def save(self) -> None:
        """Ctrl+Return, from any field."""
        self.press(KEY.Key_Return, CTRL)
        self.look()

    def undo(self) -> None:
        self.press(KEY.Key_Z, CTRL)
        self.look()

    def redo(self) -> None:
        self.press(KEY.Key_Y, CTRL)
        self.look()

    def write(self, words: str) -> None:
        """Words in place of what stands in the field."""
        self._qtbot.keyClick(self.focus, KEY.Key_A, CTRL)
        if not words:
            self._qtbot.keyClick(self.focus, KEY.Key_Delete)
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(self.focus, event)
        self.rest()  # the Return that follows is no part of the composing

    def fill(self, **told: str) -> None:
        """Field after field, by its label."""
        for name, words in told.items():
            self.tab_to(name)
            self.write(words)

    def tab_to(self, name: str) -> None:
        """Tab until the keyboard is where a screen reader says this."""
        seen = []
        for _ in range(_MOST_TABS):
            here = self.focus.accessibleName() or str(self.focus.property("text") or type(self.focus).__name__)
            if here == name:
                return
            seen.append(here)
            self._qtbot.keyClick(self.focus, KEY.Key_Tab)
        raise AssertionError(f"{name} is not reached by Tab: {seen}")

    def choose_person(self, name: str) -> None:
        """Look for a resident and take the first who is offered."""
        self.tab_to("从居民里找")
        self.write(name)
        self._qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        self.press(KEY.Key_Down)
        self.press(KEY.Key_Return)

    def fault(self, field: str) -> str:
        """What is said below a field of the form beside the list."""
        return self.pane.form.form.fault(field)

    def rest(self) -> None:
        """Until nothing is under way."""
        settle(self._qtbot, self.window.background)

    def look(self) -> None:
        """Until the page shows what came of it."""
        rest(self.page, self._qtbot)
