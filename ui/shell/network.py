"""What is asked of the server beside an exchange: a community that is looked up, a certificate, news.

These threads wait for the network as long as it likes, so nothing ever waits for them: closing the window leaves them
behind, and what they bring then is dropped.
"""

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

Work = Callable[[], object]


class FarLane(QObject):
    """A thread that does one piece of work after another; says `came_back(ticket, result, exception or None)`."""

    came_back = Signal(object, object, object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._waiting: SimpleQueue[tuple[object, Work] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._open = True

    def submit(self, ticket: object, work: Work) -> None:
        """Queue a piece of work."""
        self._waiting.put((ticket, work))
        if self._thread is None:
            self._thread = Thread(target=self._run, name=self.objectName(), daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (found := self._waiting.get()) is not None and self._open:
            ticket, work = found
            result, error = None, None
            try:
                result = work()
            except Exception as caught:  # noqa: BLE001 whatever it is, the window has to hear of it
                error = caught
            self._tell(ticket, result, error)

    def _tell(self, ticket: object, result: object, error: Exception | None) -> None:
        with suppress(RuntimeError):  # the window went away just now
            if self._open and isValid(self):
                self.came_back.emit(ticket, result, error)

    def close(self) -> None:
        """No more work; what is under way is left to itself."""
        self._open = False
        self._waiting.put(None)
