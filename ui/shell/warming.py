"""The modules of the pages are read in before somebody opens one, off the window's thread, one at a time.

Reading one in takes up to fifty milliseconds, which is felt when it happens under a click.
"""

import sys
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtCore import QObject, QTimer

from ui import pages
from ui.shell.background import Background

_PAUSE_MS = 60


class Warming(QObject):
    """Begins after a pause, and lets everything else go first."""

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._names = (f"{pages.__name__}.{one.name}" for one in iter_modules(pages.__path__))
        self.is_over = False
        """Whether all are there."""
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._go_on)

    def begin(self, after_ms: int = 1500) -> None:
        """Once the first page has come to rest."""
        QTimer.singleShot(after_ms, self._timer.start)

    def _go_on(self) -> None:
        if self._background.is_busy:
            return
        following = next((name for name in self._names if name not in sys.modules), None)
        if following is None:
            self._timer.stop()
            self.is_over = True
            return
        self._background.read(partial(import_module, following), lambda _module: None, owner=self, failed=self._leave)

    def _leave(self, _problem: object) -> None:
        """It will say so itself when somebody opens it."""
