"""Changes that are not on the server yet, and what each of them was based on."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

import orjson

from desktop_app.store.database import Transaction
from desktop_app.store.journal import SyncedTable

DELETED: Final = "*"
"""Key of a base that belongs to a deletion."""
SET_ASIDE: Final = -1
"""`txn` of a change the server does not take; it stays here and is offered again when somebody edits the record."""
WAITS_FOR_HOME: Final = -2
"""`txn` of a change in a record of another unit that a restored server has lost: offered when the record is there."""
HELD_BACK: Final = -3
"""`txn` of accounts a desk made before it joined: they wait until it has heard its community (`welcome`)."""
OFFERED_AGAIN: Final = 0
"""`txn` of records offered again: before everything else."""
COLUMNS: Final = "tbl,local_no,mask,op,ts,txn,by,fb"


class Pending(NamedTuple):
    """A row of `sync_dirty` or `sync_fly`; `bases`: what pending fields were based on, where a pull came between."""

    tbl: int
    local_no: int
    mask: int
    op: str
    ts: int
    txn: int
    by: str | None
    bases: dict[str, int]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """From a row with `COLUMNS`."""
        tbl, local_no, mask, op, ts, txn, by, fb = row
        return cls(tbl, local_no, mask, op, ts, txn, by, orjson.loads(fb) if fb else {})

    @classmethod
    def all_of(cls, rows: Iterable[tuple[Any, ...]]) -> list[Self]:
        """The same of many, of which hardly any was met by a pull."""
        return [cls.of(row) if row[-1] else tuple.__new__(cls, (*row[:-1], {})) for row in rows]

    def fields(self, table: SyncedTable) -> list[str]:
        """The names of the changed fields; a deletion changes none."""
        if self.op == "d":
            return []
        return list(in_mask(table.columns, self.mask))

    def before(self, later: "Pending") -> "Pending":
        """This change and a later one of the same record as one."""
        bases = later.bases | self.bases  # the older base is the true one
        if later.op == "d":
            return later._replace(bases=bases)
        op = self.op if self.op in ("i", "d") and later.op == "u" else later.op
        return later._replace(mask=self.mask | later.mask, op=op, ts=max(self.ts, later.ts), bases=bases)


@lru_cache(maxsize=1024)
def in_mask(columns: tuple[str, ...], mask: int) -> tuple[str, ...]:
    """The columns whose bit is set; thousands of changes have the same few masks."""
    return tuple(name for bit, name in enumerate(columns) if mask >> bit & 1)


def load(tx: Transaction, source: str, tbl: int, local_nos: Sequence[int]) -> dict[int, Pending]:
    """The pending changes of some records of a table, from `sync_dirty` or `sync_fly`."""
    sql = f"SELECT {COLUMNS} FROM {source} WHERE tbl=? AND local_no IN (SELECT value FROM json_each(?))"
    return {row[1]: Pending.of(row) for row in tx.rows(sql, (tbl, orjson.dumps(list(local_nos)).decode()))}


def values(tx: Transaction, table: SyncedTable, change: Pending) -> dict[str, Any]:
    """What was written into the changed fields of a record."""
    names = change.fields(table)
    if not names:
        return {}
    listed = ",".join(f'"{name}"' for name in names)
    (cells,) = tx.rows(f'SELECT {listed} FROM "{table.name}" WHERE local_no=?', (change.local_no,))
    return dict(zip(names, cells, strict=True))


def put_back(tx: Transaction, change: Pending, *, set_aside: bool = False) -> None:
    """Puts a change that was in flight back among the pending ones, under whatever was changed since."""
    later = load(tx, "sync_dirty", change.tbl, [change.local_no]).get(change.local_no)
    alone = change._replace(txn=SET_ASIDE) if set_aside else change
    write(tx, change.before(later) if later else alone)


def write(tx: Transaction, change: Pending) -> None:
    """Stores a pending change."""
    tx.execute(
        f"INSERT OR REPLACE INTO sync_dirty({COLUMNS}) VALUES(?,?,?,?,?,?,?,?)",
        (
            change.tbl,
            change.local_no,
            change.mask,
            change.op,
            change.ts,
            change.txn,
            change.by,
            bases_text(change.bases),
        ),
    )


def set_bases(tx: Transaction, change: Pending, bases: dict[str, int]) -> None:
    """Changes what a pending change was based on."""
    tx.execute(
        "UPDATE sync_dirty SET fb=? WHERE tbl=? AND local_no=?", (bases_text(bases), change.tbl, change.local_no)
    )


def release(tx: Transaction, change: Pending) -> None:
    """The record of another unit is there again: what this desk wrote in it can be offered."""
    sql = "UPDATE sync_dirty SET txn=? WHERE tbl=? AND local_no=?"
    tx.execute(sql, (OFFERED_AGAIN, change.tbl, change.local_no))


def bases_text(bases: dict[str, int]) -> str | None:
    """Bases as they are stored."""
    return orjson.dumps(bases).decode() if bases else None


def take_back_all(tx: Transaction) -> None:
    """Empties the outbox: what is in flight is pending again."""
    for row in tx.rows(f"SELECT {COLUMNS} FROM sync_fly"):
        put_back(tx, Pending.of(row))
    tx.execute("DELETE FROM sync_fly")
    tx.execute("DELETE FROM sync_outbox")
