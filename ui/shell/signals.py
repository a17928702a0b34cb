"""What the store tells the window: one signal after each commit, and a slower one for counts."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_PAGES_MS = 30
_COUNTS_MS = 300


class Signals(QObject):
    """`changed` soon after a commit, `settled` at most every 300 ms; both carry a frozenset of table names.

    `tell` may be called from any thread: it is what `Database.changed` calls.
    """

    changed = Signal(object)
    settled = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._soon: set[str] = set()
        self._later: set[str] = set()
        self._pages = QTimer(self, singleShot=True, interval=_PAGES_MS)
        self._pages.timeout.connect(self._tell_pages)
        self._counts = QTimer(self, singleShot=True, interval=_COUNTS_MS)
        self._counts.timeout.connect(self._tell_counts)
        self._heard.connect(self._collect, Qt.ConnectionType.QueuedConnection)

    def tell(self, tables: Iterable[str]) -> None:
        """Tables in which something was committed."""
        self._heard.emit(frozenset(tables))

    def _collect(self, tables: frozenset[str]) -> None:
        self._soon |= tables
        self._later |= tables
        for timer in (self._pages, self._counts):
            if not timer.isActive():
                timer.start()

    def _tell_pages(self) -> None:
        tables, self._soon = frozenset(self._soon), set()
        self.changed.emit(tables)

    def _tell_counts(self) -> None:
        tables, self._later = frozenset(self._later), set()
        self.settled.emit(tables)
