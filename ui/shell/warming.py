"""What will be wanted next is made ready while nobody does anything: modules first, then the faces of the page shown.

The modules of the pages are read in off the window's thread, one at a time: one takes up to fifty milliseconds, which
is felt when it happens under a click. The faces of the page that is shown, which are otherwise built when somebody
turns to them, are built one after another, each in its parts, while neither keys nor mouse are touched.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication

from ui import pages
from ui.pages.page import Page
from ui.shell.background import Background
from ui.shell.turns import turns
from ui.widgets.inputs import LineEdit

_PAUSE_MS = 60
_FACE_PAUSE_MS = 500
_UNTOUCHED_S = 2.0
_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel})


class Warming(QObject):
    """Begins after a pause, and lets everything else go first; `shown` is the page somebody looks at."""

    def __init__(
        self, background: Background, parent: QObject, shown: Callable[[], Page | None] = lambda: None
    ) -> None:
        super().__init__(parent)
        self._background, self._shown = background, shown
        self._names = (f"{pages.__name__}.{one.name}" for one in iter_modules(pages.__path__))
        self.is_over = False
        """Whether all modules are there."""
        self._touched = time.monotonic()
        self._watched: QWindow | None = None
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._go_on)

    def begin(self, after_ms: int = 1500) -> None:
        """Once the first page has come to rest."""
        QTimer.singleShot(after_ms, self._timer.start)

    def _go_on(self) -> None:
        if self._background.is_busy or turns().is_busy:
            return
        if self.is_over:
            self._warm_page()
            return
        following = next((name for name in self._names if name not in sys.modules), None)
        if following is None:
            self._timer.setInterval(_FACE_PAUSE_MS)
            self.is_over = True
            return
        self._background.read(partial(import_module, following), lambda _module: None, owner=self, failed=self._leave)

    def _leave(self, _problem: object) -> None:
        """It will say so itself when somebody opens it."""

    def _warm_page(self) -> None:
        self._watch(QGuiApplication.focusWindow())
        now = QApplication.focusWidget()
        composing = isinstance(now, LineEdit) and now.composing
        page = self._shown()
        if page is not None and not composing and time.monotonic() - self._touched > _UNTOUCHED_S:
            page.warm_up()

    def _watch(self, window: QWindow | None) -> None:
        """The native window that has the keyboard, not every event of every widget; a new one counts as touched."""
        if window is self._watched:
            return
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched, self._touched = window, time.monotonic()
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = time.monotonic()
        return False
