"""What the server sends meets what is here: pending fields keep this desk's value, the rest takes the server's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlcipher3.dbapi2 import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError

from desktop_app.store.database import Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import parked, pending
from desktop_app.sync.pending import DELETED, Pending
from sync_protocol.digests import version_hash
from sync_protocol.messages import Row

TEXT_AFFINITY: Final = ("CHAR", "TEXT", "CLOB")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it stands here."""

    local_no: int
    seq: int
    ext: str | None


@dataclass(slots=True)
class Applied:
    """What came of some rows: the digest afterwards, how many were stored, how many could only be parked."""

    digest: int
    stored: int = 0
    parked: int = 0


def apply(tx: Transaction, rows: Sequence[Row], digest: int, *, again: bool = False) -> Applied:
    """Stores records from the server.  With `again`, also versions that are here already (to repair a replica)."""
    done = Applied(digest)
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    for name, some in tables.items():
        _Arrival(tx, name, some, again=again).run(done)
    if rows:
        tx.execute("UPDATE sync_ctx SET floor=max(floor,?)", (max(row.ts for row in rows),))
    return done


class _Arrival:
    """Rows of one table on their way into the store."""

    def __init__(self, tx: Transaction, name: str, rows: list[Row], *, again: bool) -> None:
        self._tx, self._rows, self._again = tx, rows, again
        self._table = tx.db.tables.get(name)
        ids = [row.id for row in rows]
        self._parked = parked.seqs(tx, name, ids)
        self._held = held(tx, name, ids) if self._table else {}
        local_nos = [here.local_no for here in self._held.values()]
        self._pending = pending.load(tx, "sync_dirty", self._table.no, local_nos) if self._table else {}

    def run(self, done: Applied) -> None:
        news = [row for row in self._rows if self._is_news(row)]
        for row in news:
            done.digest += version_hash(row.table, row.id, row.seq)
            done.digest -= version_hash(row.table, row.id, self._held_seq(row))
        refused = self._store(self._table, news) if self._table else news
        for row in refused:
            parked.park(self._tx, row)
        stored = {row.id for row in news} - {row.id for row in refused}
        for record_id in stored & self._parked.keys():
            parked.forget(self._tx, self._rows[0].table, record_id)
        done.stored += len(stored)
        done.parked += len(refused)
        if stored:
            self._tx.touched(self._rows[0].table)

    def _held_seq(self, row: Row) -> int:
        here = self._held.get(row.id)
        return self._parked.get(row.id) or (here.seq if here else 0)

    def _is_news(self, row: Row) -> bool:
        seq = self._held_seq(row)
        return row.seq > seq or (self._again and row.seq == seq)

    def _store(self, table: SyncedTable, rows: list[Row]) -> list[Row]:
        """Stores rows; returns those the store does not take."""
        statements: dict[str, list[tuple[Row, list[Any]]]] = {}
        filled = fillers(self._tx, table)
        for row in rows:
            here = self._held.get(row.id)
            values = _values(table, row, here)
            if here is None:
                values = filled | values | {"id": row.id}
                sql = _insert_sql(table.name, tuple(values))
            else:
                mine = self._pending.get(here.local_no)
                values = self._beside(table, values, here, mine) if mine else values
                sql = _update_sql(table.name, tuple(values))
                values["local_no"] = here.local_no
            statements.setdefault(sql, []).append((row, list(values.values())))
        return [row for sql, some in statements.items() for row in self._run(sql, some)]

    def _run(self, sql: str, rows: list[tuple[Row, list[Any]]]) -> list[Row]:
        if _attempt(self._tx, sql, [values for _, values in rows]):
            return []
        return [row for row, values in rows if not _attempt(self._tx, sql, [values])]

    def _beside(self, table: SyncedTable, values: Values, here: Held, mine: Pending) -> Values:
        """A record with pending fields takes the others, and remembers what each pending one was based on (R2)."""
        fields = mine.fields(table)
        bases = dict(mine.bases)
        for name in fields if mine.op != "d" else [DELETED]:
            bases.setdefault(name, here.seq)
        pending.set_bases(self._tx, mine, bases)
        kept = {*fields, "sync_del"} if mine.op == "d" else set(fields)
        return {name: value for name, value in values.items() if name not in kept}


def _values(table: SyncedTable, row: Row, here: Held | None) -> Values:
    """Column → value: known fields, what is not known in `sync_ext`, and the columns of the exchange itself."""
    values: Values = {name: row.values[name] for name in table.columns if name in row.values}
    unknown = {name: value for name, value in row.values.items() if name not in table.columns}
    values |= {"sync_seq": row.seq, "sync_ts": row.ts, "sync_dev": row.device, "sync_by": row.by}
    values["sync_del"] = int(row.gone)
    if unknown:
        earlier = orjson.loads(here.ext) if here and here.ext else {}
        values["sync_ext"] = orjson.dumps(earlier | unknown).decode()
    return values


def _insert_sql(table: str, names: Sequence[str]) -> str:
    listed = ",".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}"({listed}) VALUES({",".join("?" * len(names))})'


def _update_sql(table: str, names: Sequence[str]) -> str:
    listed = ",".join(f'"{name}"=?' for name in names)
    return f'UPDATE "{table}" SET {listed} WHERE local_no=?'


def _attempt(tx: Transaction, sql: str, rows: list[list[Any]]) -> bool:
    """Runs a statement for many rows, all or none; False when the content of a row is at fault."""
    tx.execute("SAVEPOINT arrival")
    try:
        tx.executemany(sql, rows)
    except (DatabaseError, InterfaceError, OverflowError) as error:
        if not _is_content(error):
            raise
        tx.execute("ROLLBACK TO arrival")
        tx.execute("RELEASE arrival")
        return False
    tx.execute("RELEASE arrival")
    return True


def _is_content(error: Exception) -> bool:
    """Whether a record, not the disk or the program, is to blame: one bad record must not stop all others for ever."""
    by_kind = isinstance(error, (IntegrityError, DataError, InterfaceError, ProgrammingError, OverflowError))
    return by_kind or "user-defined function" in str(error)


def held(tx: Transaction, table: str, ids: Iterable[str]) -> dict[str, Held]:
    """What this desk has of some records."""
    sql = f'SELECT id,local_no,sync_seq,sync_ext FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
    found = tx.rows(sql, (orjson.dumps(list(ids)).decode(),))
    return {row[0]: Held(row[1], row[2], row[3]) for row in found}


def fillers(tx: Transaction, table: SyncedTable) -> Values:
    """Values for columns that may not be empty, for tombstones and for records from an older program."""
    info = tx.rows(f'PRAGMA table_info("{table.name}")')
    return {
        name: "" if any(mark in kind.upper() for mark in TEXT_AFFINITY) else 0
        for _, name, kind, required, default, _ in info
        if required and default is None and name in table.columns
    }


def digest_of(tx: Transaction) -> int:
    """The digest computed anew from every record."""
    waiting = {(row.table, row.id): row.seq for row in parked.rows(tx)}
    total = sum(version_hash(*key, seq) for key, seq in waiting.items())
    for name in tx.db.tables:
        for record_id, seq in tx.rows(f'SELECT id,sync_seq FROM "{name}" WHERE sync_seq>0'):
            if (name, record_id) not in waiting:
                total += version_hash(name, record_id, seq)
    return total
