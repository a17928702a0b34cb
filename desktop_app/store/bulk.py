"""Many new records at once.

What the triggers would note row by row is noted here for all rows together, in the same transaction: an import of
50,000 residents takes a third of the time.  Meanwhile `sync_ctx.applying` is RESTING, which the triggers of an INSERT
heed; it lives in the transaction, so neither a crash nor an error can leave them asleep.

First all rows are handed to SQLite, which is Python's work; then they are moved into their tables, which is SQLite's,
and a second thread makes the words by which persons are found meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from desktop_app.shared.bulk import beside
from desktop_app.store import journal, lengths, search
from desktop_app.store.base import Record
from desktop_app.store.rows import Columns, Staged, insert_rows, stage

_ROOM = -200_000
"""KiB of pages kept in memory meanwhile: a page that has to make room is encrypted and written again and again."""
_MANY = 5_000
"""Rows from which on the triggers are taken off: to be asked 50,000 times and rest costs a sixth of the insert."""
LEAST = 100
"""Rows from which on it is worth it."""
Told = Callable[[int], None]
New = Mapping[type[Record], Sequence[dict[str, Any]] | Columns]
"""New records by class: dicts that name the same columns, `id` among them; or cells by column, which is quicker."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Rows that wait to be moved into their table, whose last `local_no` is `last`."""

    table: journal.SyncedTable
    columns: Columns
    staged: Staged
    last: int


def nobody(_rows: int) -> None:
    """Does not hear how far it is."""


def catch_up(raw: Any) -> None:
    """Lets commits move the log into the file again, from 1,000 pages on as is SQLite's way; `insert` put it off."""
    raw.execute("PRAGMA wal_autocheckpoint=1000")


def insert(raw: Any, tables: Mapping[str, journal.SyncedTable], new: New, told: Told) -> None:
    """Stores new records on a connection in a transaction.

    `told(rows)` is called after each portion and may raise to stop: a row counts half when it was handed over and whole
    when it is stored.  After any error nothing of this call remains.
    """
    raw.execute("SAVEPOINT bulk")
    try:
        _insert(raw, tables, new, _Halves(told))
    except BaseException:
        raw.execute("ROLLBACK TO bulk")
        raise
    finally:
        raw.execute("RELEASE bulk")


def take_in(raw: Any, table: journal.SyncedTable, columns: Columns) -> None:
    """Stores many records that came from the server: nothing of them is to be captured, but they are found at once.

    Those whose `local_no` is told are here and are changed, by one statement: behind each of many, the index of
    telephones would be written anew.  The caller has a savepoint, to which it goes back after an error.
    """
    if "local_no" in columns:
        stage(raw, f"changed_{table.name}", columns, nobody).lay_over(raw, table.name, columns)
        return
    (applying,) = raw.execute("SELECT applying FROM sync_ctx").fetchone()
    halves = _Halves(nobody)
    waiting = [_wait(raw, table, columns, halves)]
    raw.execute("UPDATE sync_ctx SET applying=?", (journal.RESTING,))
    _move_indexed(raw, waiting, halves, captured=False)
    raw.execute("UPDATE sync_ctx SET applying=?", (applying,))


class _Halves:
    """Adds up half rows."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._done = 0

    def add(self, halves: int) -> None:
        self._done += halves
        self._told(self._done // 2)


def _insert(raw: Any, tables: Mapping[str, journal.SyncedTable], new: New, halves: _Halves) -> None:
    (applying,) = raw.execute("SELECT applying FROM sync_ctx").fetchone()
    waiting: list[_Waiting] = []
    given = [(cls, values) for cls, values in new.items() if values]
    for cls, values in sorted(given, key=lambda one: one[0].__table_no__):  # as the indexes of the journal grow
        table, columns = tables[cls.__tablename__], _columns(cls, values)
        if not applying:
            lengths.must_fit_columns(cls, columns)
        if (count := len(columns["id"])) < LEAST:
            names = ",".join(f'"{name}"' for name in columns)
            insert_rows(raw, f"INSERT INTO {table.name}({names})", list(zip(*columns.values(), strict=True)))
            halves.add(2 * count)
        else:
            waiting.append(_wait(raw, table, columns, halves))
    if applying or not waiting:
        _move(raw, waiting, halves)
        return
    # what the log holds is on disk; that it moves into the file can wait for the next transaction: see `catch_up`
    raw.execute("PRAGMA wal_autocheckpoint=0")
    (usual,) = raw.execute("PRAGMA cache_size").fetchone()
    raw.execute(f"PRAGMA cache_size={_ROOM}")
    raw.execute("UPDATE sync_ctx SET applying=?", (journal.RESTING,))
    with _triggers_off(raw, [one.table.name for one in waiting if one.staged.count >= _MANY]):
        _move_indexed(raw, waiting, halves, captured=True)
    raw.execute("UPDATE sync_ctx SET applying=0")
    raw.execute(f"PRAGMA cache_size={usual}")


@contextmanager
def _triggers_off(raw: Any, tables: Sequence[str]) -> Iterator[None]:
    """Takes the triggers that rest off their tables and puts them back; after an error the savepoint does."""
    names = orjson.dumps([name for table in tables for name in (f"journal_{table}_i", f"search_{table}_i")]).decode()
    resting = raw.execute(
        "SELECT name,sql FROM sqlite_master WHERE type='trigger' AND name IN (SELECT value FROM json_each(?))", (names,)
    ).fetchall()
    for name, _ in resting:
        raw.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in resting:
        raw.execute(sql)


def _columns(cls: type[Record], values: Sequence[dict[str, Any]] | Columns) -> Columns:
    """The cells by column, those that a class fills in by itself among them."""
    if not isinstance(values, dict):
        values = {name: [row[name] for row in values] for name in values[0]}
    columns = dict(values)
    for column in cls.__table__.columns:
        default = column.default
        if isinstance(default, ScalarElementColumnDefault) and column.server_default is None:
            columns.setdefault(column.name, [default.arg] * len(columns["id"]))
    return columns


def _wait(raw: Any, table: journal.SyncedTable, columns: Columns, halves: _Halves) -> _Waiting:
    (last,) = raw.execute(f"SELECT coalesce(max(local_no),0) FROM {table.name}").fetchone()
    return _Waiting(table, columns, stage(raw, f"new_{table.name}", columns, halves.add), last)


def _move_indexed(raw: Any, waiting: Sequence[_Waiting], halves: _Halves, *, captured: bool) -> None:
    persons = next((one for one in waiting if one.table.name == search.TABLE), None)
    if persons is None:
        _move(raw, waiting, halves, captured=captured)
        return
    with beside(lambda: search.keys_of(persons.columns, persons.last)) as keys:
        _move(raw, waiting, halves, captured=captured)
        search.add_phones(raw, persons.last)
        search.add_keys(raw, keys())


def _move(raw: Any, waiting: Sequence[_Waiting], halves: _Halves, *, captured: bool = False) -> None:
    for one in waiting:
        one.staged.move(raw, one.table.name, one.columns, one.last)
        if captured:
            for sql in journal.note_added(one.table):
                raw.execute(sql, (one.last,))
        halves.add(one.staged.count)
