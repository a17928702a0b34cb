"""The deletion fuse: so many deletions at once that they look like an accident wait until a person has confirmed them.

What counts are plain deletions, those that somebody made by hand (or that somebody's program made): records that were
erased, withdrawn or moved away have a reason of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import orjson

from desktop_app.shared.errors import FuseError
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from sync_protocol.messages import Gone, Row, Rows

LEAST: Final = 50
SHARE: Final = 0.02
PASSED: Final = "sync_deletions"
"""Setting: deletions of the pull under way that were let through so far, by table, as JSON."""


def most(total: int) -> int:
    """How many of so many records may be deleted without a question."""
    return max(LEAST, int(total * SHARE))


def let_page_through(tx: Transaction, rows: Iterable[Row]) -> FuseError | None:
    """Counts what a page would delete; the question, if that is too much.  Nothing of the page is stored then."""
    coming = Counter[str]()
    for table, ids in _deleted(rows).items():
        if table in tx.db.tables:
            coming[table] = tx.scalar(
                f'SELECT count(*) FROM "{table}" WHERE sync_del=0 AND id IN (SELECT value FROM json_each(?))',
                (orjson.dumps(ids).decode(),),
            )
    return let_through(tx, coming)


def let_through(tx: Transaction, coming: Mapping[str, int]) -> FuseError | None:
    """The same for numbers of living records, by table."""
    if not any(coming.values()):
        return None
    text = tx.scalar("SELECT value FROM setting WHERE key=?", (PASSED,))
    passed = Counter[str](orjson.loads(text) if text else {})
    for table, count in coming.items():
        total = passed[table] + tx.scalar(f'SELECT count(*) FROM "{table}" WHERE sync_del=0')
        if passed[table] + count > most(total):
            return _question(table, passed[table] + count, total, "pull")
    tx.set_setting(PASSED, orjson.dumps(passed + Counter(coming)).decode())
    return None


def reset(tx: Transaction) -> None:
    """The pull is over."""
    tx.execute("UPDATE setting SET value=NULL WHERE key=? AND value IS NOT NULL", (PASSED,))


def must_let_push(db: Database) -> None:
    """Raises the question if this desk is about to delete too much on the server."""
    waiting = db.rows(
        "SELECT tbl,count(*) FROM sync_dirty WHERE op='d' AND txn>0 GROUP BY tbl HAVING count(*)>?", (LEAST,)
    )
    for number, count in waiting:
        table = db.numbers[number]
        total = count + db.scalar(f'SELECT count(*) FROM "{table}" WHERE sync_del=0')
        if count > most(total):
            raise _question(table, count, total, "push")


def from_server(info: Mapping[str, object]) -> FuseError:
    """The question in the words of this desk, when it was the server's fuse that blew."""
    count, total = (value if isinstance(value, int) else 0 for value in (info.get("count"), info.get("total")))
    return _question(str(info.get("table", "")), count, total, "push")


def _question(table: str, count: int, total: int, direction: str) -> FuseError:
    name = record_classes()[table].__zh__ if table in record_classes() else table
    return FuseError(name, count, total, direction)


def _deleted(rows: Iterable[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if isinstance(rows, Rows):
        for group in rows.groups:
            if group["gone"] == Gone.DELETED:
                found.setdefault(group["t"], []).extend(group["pk"])
        return found
    for row in rows:
        if row.gone == Gone.DELETED:
            found.setdefault(row.table, []).append(row.id)
    return found
