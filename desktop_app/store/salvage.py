"""What can still be read in a damaged file: table by table, row by row, past the pages that do not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlcipher3

from desktop_app.shared.errors import AppError
from desktop_app.store.connecting import connect

Row = tuple[Any, ...]
DERIVED: Final = ("search_", "sqlite_", "alembic_")
"""Tables that are made anew."""
BEYOND: Final = 2_000
"""So many numbers past the last one known are tried where the end of a table cannot be read."""


@dataclass(slots=True)
class Salvaged:
    """What was read of a table; `whole` if nothing stood in the way, so that what is not here was not there."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    whole: bool = True


class Wreck:
    """A damaged file, or rather a copy of it: reading may change it."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._connection: Any = None

    def close(self) -> None:
        """Lets go of the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _run(self, sql: str, params: Row = ()) -> Any:
        if self._connection is None:
            self._connection = connect(self._path, self._key)
        return self._connection.execute(sql, params)

    def _try(self, sql: str, params: Row = ()) -> tuple[list[Row], bool]:
        """The rows up to the first that cannot be read, and whether that was the end."""
        found: list[Row] = []
        try:
            for row in self._run(sql, params):
                found.append(row)  # noqa: PERF402 what came before an error counts
        except (sqlcipher3.dbapi2.Error, AppError, UnicodeError, OverflowError):
            self.close()  # a page that does not hold leaves the connection in doubt
            return found, False
        return found, True

    def tables(self) -> list[str]:
        """The tables that the file still knows; none if its head is gone."""
        found, _ = self._try("SELECT name FROM sqlite_master WHERE type='table' AND sql NOTNULL")
        return [name for (name,) in found if not name.startswith(DERIVED)]

    def read(self, table: str, last_known: int) -> Salvaged:
        """All that can be read of a table; `last_known` is a number that its rows may reach at least."""
        info, _ = self._try(f'PRAGMA table_info("{table}")')
        if not info:
            return Salvaged((), whole=False)
        columns = tuple(str(row[1]) for row in info)
        keys = [str(row[1]) for row in sorted(info, key=lambda one: one[5]) if row[5]]
        if self._has_numbers(table):
            return self._by_number(table, columns, last_known)
        return self._by_key(table, columns, keys)

    def _has_numbers(self, table: str) -> bool:
        try:
            self._run(f'SELECT rowid FROM "{table}" LIMIT 0')
        except (sqlcipher3.dbapi2.Error, AppError) as error:
            return "no such column" not in str(error)
        return True

    def _by_number(self, table: str, columns: tuple[str, ...], last_known: int) -> Salvaged:
        listed = ",".join(f'"{name}"' for name in columns)
        sql = f'SELECT rowid,{listed} FROM "{table}" NOT INDEXED'
        found, whole = self._try(f"{sql} ORDER BY rowid")
        if whole:
            return Salvaged(columns, [row[1:] for row in found])
        kept = {row[0]: row[1:] for row in found}
        back, _ = self._try(f"{sql} ORDER BY rowid DESC")
        kept |= {row[0]: row[1:] for row in back}
        first = max((row[0] for row in found), default=0) + 1
        last = min((row[0] for row in back), default=max(last_known, first) + BEYOND) - 1
        for number, row in self._between(sql, first, last):
            kept[number] = row
        return Salvaged(columns, [kept[number] for number in sorted(kept)], whole=False)

    def _between(self, sql: str, first: int, last: int) -> Iterator[tuple[int, Row]]:
        """One by one until something can be read, then on from there."""
        at = first
        while at <= last:
            found, _ = self._try(f"{sql} WHERE rowid=?", (at,))
            if found:
                found, _ = self._try(f"{sql} WHERE rowid BETWEEN ? AND ? ORDER BY rowid", (at, last))
            for row in found:
                yield row[0], row[1:]
            at = (found[-1][0] if found else at) + 1

    def _by_key(self, table: str, columns: tuple[str, ...], keys: list[str]) -> Salvaged:
        listed, order = (",".join(f'"{name}"' for name in names) for names in (columns, keys))
        sql = f'SELECT {listed} FROM "{table}"'
        found, whole = self._try(f"{sql} ORDER BY {order}")
        if whole:
            return Salvaged(columns, found)
        kept = dict.fromkeys(found)
        for part in self._parts(sql, keys):
            kept |= dict.fromkeys(part)
        return Salvaged(columns, list(kept), whole=False)

    def _parts(self, sql: str, keys: list[str]) -> Iterator[list[Row]]:
        down = ",".join(f'"{name}" DESC' for name in keys)
        yield self._try(f"{sql} ORDER BY {down}")[0]
        for number in range(100):  # the first of the key is the number of a table
            for order in (",".join(f'"{name}"' for name in keys), down):
                yield self._try(f'{sql} WHERE "{keys[0]}"=? ORDER BY {order}', (number,))[0]


def read_all(path: Path, key: bytes, last_known: Callable[[str], int]) -> dict[str, Salvaged]:
    """Everything that can be read of a copy of a damaged file, by table; nothing if its head is gone."""
    wreck = Wreck(path, key)
    try:
        return {table: wreck.read(table, last_known(table)) for table in wreck.tables()}
    finally:
        wreck.close()
