"""Many new records of one table at once.

What the triggers would note row by row is noted here for all rows together, in the same transaction: an import of
50,000 residents takes a third of the time.  Meanwhile `sync_ctx.applying` is RESTING, which the triggers of an INSERT
heed; it lives in the transaction, so neither a crash nor an error can leave them asleep.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.sql.schema import ScalarElementColumnDefault

from desktop_app.store import journal, search
from desktop_app.store.base import Record
from desktop_app.store.rows import insert_rows

LEAST = 100
"""Rows from which on it is worth it."""
_PORTION = 2_000
Told = Callable[[int], None]


def insert(
    raw: Any, cls: type[Record], table: journal.SyncedTable, values: Sequence[dict[str, Any]], told: Told
) -> None:
    """Stores new records on a connection in a transaction; all dicts name the same columns, `id` among them.

    `told(rows)` is called after each portion and may raise to stop.  After any error nothing of this call remains.
    """
    (applying,) = raw.execute("SELECT applying FROM sync_ctx").fetchone()
    if applying != 0 or len(values) < LEAST:
        _rows(raw, cls, values, told)
        return
    raw.execute("SAVEPOINT bulk")
    try:
        (last,) = raw.execute(f"SELECT coalesce(max(local_no),0) FROM {table.name}").fetchone()
        raw.execute("UPDATE sync_ctx SET applying=?", (journal.RESTING,))
        _rows(raw, cls, values, told)
        for sql in journal.note_added(table):
            raw.execute(sql, (last,))
        if table.name == search.TABLE:
            search.add_above(raw, last)
        raw.execute("UPDATE sync_ctx SET applying=0")
    except BaseException:
        raw.execute("ROLLBACK TO bulk")
        raise
    finally:
        raw.execute("RELEASE bulk")


def _rows(raw: Any, cls: type[Record], values: Sequence[dict[str, Any]], told: Told) -> None:
    given = list(values[0])
    assumed = {
        column.name: column.default.arg
        for column in cls.__table__.columns
        if isinstance(column.default, ScalarElementColumnDefault)
        and column.server_default is None
        and column.name not in values[0]
    }
    names = ",".join(f'"{name}"' for name in [*given, *assumed])
    into = f"INSERT INTO {cls.__tablename__}({names})"
    rest = tuple(assumed.values())
    pick = itemgetter(*given)
    for start in range(0, len(values), _PORTION):
        portion = [(*pick(row), *rest) for row in values[start : start + _PORTION]]
        insert_rows(raw, into, portion)
        told(start + len(portion))
