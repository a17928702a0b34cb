"""Where the mailbox keeps things: one small interface, an engine behind it.

SQL is written once, in the part that SQLite and PostgreSQL share; every key contains the scope.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Session(Protocol):
    """A transaction under way.  Parameters are written `?`."""

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    def row(self, sql: str, *params: object) -> tuple[Any, ...] | None:
        """The first row, if there is one."""

    def run(self, sql: str, *params: object) -> int:
        """Changes something; returns how many rows."""

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """The same change for many rows."""


class Storage(Protocol):
    """An open store."""

    def writing(self) -> AbstractContextManager[Session]:
        """One transaction: all of it is on disk afterwards, or none of it happened."""

    def reading(self) -> AbstractContextManager[Session]:
        """A look at one consistent state."""

    def close(self) -> None:
        """Lets the files go."""
