"""Which records of a list are not simply synced: here only, waiting, on their way, refused, or with two values."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.store.database import Database
from desktop_app.sync import state
from desktop_app.sync.status import RowState, refusals, row_states
from ui.shell.desk import Desk
from ui.widgets.line_table import line_id
from ui.widgets.marks import Mark
from ui.widgets.record_model import CENTRE, Column

LOOKS = {
    RowState.LOCAL: ("save", "muted"),
    RowState.WAITING: ("clock", "accent_text"),
    RowState.SENDING: ("sync", "accent_text"),
    RowState.REFUSED: ("alert", "bad"),
    RowState.CONFLICT: ("copy", "warn"),
}
"""Icon and colour of each state that is worth a mark; the icon alone tells them apart."""
Standings = dict[str, tuple[RowState, str]]
"""Identifier → state, and why where the server did not take what was written."""


def standings(db: Database, table: str, ids: Sequence[str]) -> Standings:
    """The states of some records, nothing at all on a desk that is not enrolled; from any thread."""
    if not state.read(db).enrolled:
        return {}
    states = row_states(db, table, ids)
    refused = [one for one, found in states.items() if found is RowState.REFUSED]
    why = refusals(db, table, refused) if refused else {}
    return {one: (found, why.get(one, "")) for one, found in states.items()}


class RowMarks(QObject):
    """The marks of one list, asked for a page at a time."""

    def __init__(self, desk: Desk, table: str, parent: QObject, of: Callable[[Any], str] = line_id) -> None:
        """`of` tells the identifier of the record behind a row, "" where there is none."""
        super().__init__(parent)
        self._desk, self._table, self._of = desk, table, of
        self._told: Callable[[], None] | None = None
        desk.signals.settled.connect(self._changed)

    def column(self) -> Column:
        """The column, the first of its table."""
        return Column("sync", self.tr("同步"), 40, lambda _row: None, align=CENTRE, marks=self)

    def ask(self, rows: Sequence[Any], deliver: Callable[[Sequence[Mark | None]], None]) -> None:
        """The marks of some rows, in their order: one query on the reader thread."""
        db, ids = self._desk.app.db, [self._of(row) if row is not None else "" for row in rows]

        def done(found: Standings) -> None:
            deliver([self.mark(*found.get(one, (None, ""))) for one in ids])

        self._desk.background.read(lambda: standings(db, self._table, ids), done, owner=self)

    def mark(self, found: RowState | None, why: str = "") -> Mark | None:
        """The mark of a state; None for what is simply synced."""
        if found is None or found not in LOOKS:
            return None
        name, role = LOOKS[found]
        theme = self._desk.theme
        return Mark(theme.icon(name, role), theme.icon(name, "text"), found.value, why)

    def forgotten(self, listener: Callable[[], None]) -> None:
        """Who is to hear that the marks may have changed."""
        self._told = listener

    def _changed(self, _tables: object) -> None:
        if self._told is not None:
            self._told()
