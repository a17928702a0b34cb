"""Where the mailbox keeps things: one small interface, two engines behind it.

SQL is written once, in the part that SQLite and PostgreSQL share; every key contains the scope.  Parameters are written
`?`.  A list is one parameter, compared with `= any(?)`; it may be of any length.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class ContendedError(Exception):
    """Two transactions were in each other's way and this one gave in; nothing of it happened, it may be run again."""


class UnavailableError(OSError):
    """The storage does not answer, or not in time.  Whether the transaction happened is not known."""


class Session(Protocol):
    """A transaction under way."""

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    def row(self, sql: str, *params: object) -> tuple[Any, ...] | None:
        """The first row, if there is one."""

    def lock(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """The rows of a plain query, which nobody else may change or lock until this transaction ends."""

    def run(self, sql: str, *params: object) -> int:
        """Changes something; returns how many rows."""

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """The same change for a few rows; for many there is `put`."""

    def put(self, table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Inserts rows, or updates those whose key is there, as one set; no key may come twice."""


class Storage(Protocol):
    """An open store.

    `writing` and `reading` raise ContendedError or UnavailableError for what is nobody's mistake; all other
    exceptions of an engine are bugs.
    """

    def writing(self) -> AbstractContextManager[Session]:
        """One transaction: all of it is on disk afterwards, or none of it happened."""

    def reading(self) -> AbstractContextManager[Session]:
        """A look at one consistent state."""

    def wipe(self, units: Collection[int] = ()) -> bool:
        """After an erasure: takes out of the files what was overwritten; False if somebody was in the way.

        SQLite overwrites what it frees, and cuts off its log here.  PostgreSQL keeps old versions of rows; the parts of
        its tables in which some `units` stand are written anew, or only cleared for new rows where they are large.
        """

    def close(self) -> None:
        """Lets the files go."""
