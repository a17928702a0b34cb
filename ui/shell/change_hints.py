"""The server's hint that another desk has written something: one question that the server keeps until there is news.

It waits on a thread of its own while the desk is online and nobody paused; a hint starts an exchange soon.  Stopping
gives the question up, and closing the window does not wait for the answer at all.
"""

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.sync.waiting import ROUND_S, wait_for_change
from ui.shell.network import FarLane

if TYPE_CHECKING:
    from desktop_app.app import App


class ChangeHints(QObject):
    """Says `hinted` when there is news, `rested` after a round without; `listen` begins the next one."""

    hinted = Signal()
    rested = Signal()

    def __init__(self, app: "App", parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._stop = Event()
        self.is_listening = False
        self._lane = FarLane("hints", self)
        self._lane.came_back.connect(self._heard)

    def listen(self) -> None:
        """One round, unless there is one already; what fails is silent, the next exchange will say it."""
        self._stop.clear()
        if not self.is_listening:
            self.is_listening = True
            db, secrets, stopped = self._app.db, self._app.secrets, self._stop.is_set
            self._lane.submit(None, lambda: wait_for_change(db, secrets, ROUND_S, stopped, also_own=False))

    def stop(self) -> None:
        """What comes now is not told; the question under way is given up."""
        self._stop.set()

    def close(self) -> None:
        """The window closes."""
        self._stop.set()
        self._lane.close()

    def _heard(self, _ticket: object, news: object, error: object) -> None:
        self.is_listening = False
        if self._stop.is_set():
            return
        if news and error is None:
            self.hinted.emit()
        elif error is None:
            self.rested.emit()
