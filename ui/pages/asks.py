"""What the forms beside a list or a record have in common; those of each slice stand in `<slice>_asks.py`."""

from PySide6.QtCore import QObject

from ui.shell.desk import Desk


class Asks(QObject):
    """Forms about one kind of record: a method for each returns the `Ask`, with the action behind it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._app = desk, desk.app

    @property
    def _today(self) -> str:
        return self._app.clock.today().isoformat()
