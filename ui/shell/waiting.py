"""The numbers beside the places of the navigation: appeals that are overdue, and what sync wants a person to decide."""

from PySide6.QtCore import QObject

from desktop_app.appeals import queries as appeals
from desktop_app.appeals.queries import DUE_WORDS, AppealFilter
from desktop_app.store.database import Database
from desktop_app.sync.status import status
from ui.shell.desk import Desk
from ui.shell.navigation import Navigation


class Waiting(QObject):
    """Asked on the reader thread, after commits; who may not see a place is told no number of it."""

    def __init__(self, navigation: Navigation, desk: Desk) -> None:
        super().__init__(desk)
        self._navigation, self._desk = navigation, desk
        desk.signals.settled.connect(self.ask)
        desk.rights.changed.connect(self.ask)
        desk.exchanger.over.connect(self.ask)
        self.ask()

    def ask(self) -> None:
        """Count again."""
        db, late, settles = self._desk.app.db, self._desk.may("appeals.read"), self._desk.may("sync.settle")
        self._desk.background.read(lambda: _counts(db, late=late, settles=settles), self._show, owner=self, key="wait")

    def _show(self, counts: dict[str, int]) -> None:
        for key, count in counts.items():
            self._navigation.show_waiting(key, count)


def _counts(db: Database, *, late: bool, settles: bool) -> dict[str, int]:
    overdue = appeals.count(db, AppealFilter(due=DUE_WORDS[0])) if late else 0
    now = status(db) if settles else None
    return {"appeals": overdue, "syncing": now.conflicts + now.set_aside if now else 0}
