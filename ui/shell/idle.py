"""How long nobody has touched the keyboard or the mouse, in this window and in those above it.

Watched are the native windows, not every event of every widget.  Time is the wall's, so that a machine that slept
counts as idle; what wakes it up is not let through.
"""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from desktop_app.shared.clock import Clock

_LOOK_MS = 5000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Says `idle` once `minutes` have passed; 0 minutes: never."""

    idle = Signal()

    def __init__(self, clock: Clock, minutes: int, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._watched: set[QWindow] = set()
        self.minutes = minutes
        self.is_watching = False
        self._last = clock.ms()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())

    def start(self) -> None:
        """From now."""
        self.is_watching = True
        self._last = self._clock.ms()
        self._timer.start()

    def stop(self) -> None:
        """Nobody is signed in: nothing to lock."""
        self.is_watching = False
        self._timer.stop()

    def look(self) -> bool:
        """Whether it has been too long; then it says so, once."""
        now = self._clock.ms()
        self._last = min(self._last, now)  # a clock that was set back begins anew
        if self.is_watching and self.minutes and now - self._last >= self.minutes * 60_000:
            self.stop()
            self.idle.emit()
            return True
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and window not in self._watched:
            self._watched.add(window)
            window.destroyed.connect(lambda: self._watched.discard(window))
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES and self.is_watching:
            if self.look():
                return True
            self._last = self._clock.ms()
        return super().eventFilter(watched, event)
