"""What the server sends meets what is here: pending fields keep this desk's value, the rest takes the server's.

A record that was erased, withdrawn or moved away loses its content here.  What was written in it and not pushed yet is
pushed all the same if it was moved (the server passes it on), is kept to be read if it was withdrawn, and goes with it
if it was erased.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import orjson
from sqlcipher3.dbapi2 import DataError, IntegrityError, InterfaceError, ProgrammingError

from desktop_app.store import bulk
from desktop_app.store.database import Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.store.rows import Columns
from desktop_app.sync import blanking, cells, parked, pending, refused
from desktop_app.sync.pending import DELETED, Pending
from sync_protocol import stamps
from sync_protocol.digests import version_hash, versions_hash
from sync_protocol.messages import Gone, Row, Rows, Wire, rows_of_group

JOINING: Final = "sync_joining"
"""Setting: the unit into which this desk's own was merged, while the desk is on its way there."""
JOINED: Final = "sync_joined"
"""Setting: this desk came from a unit that was merged, and has not read its new one to the end yet."""
VANISHED: Final = (Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED)
"""Kinds of tombstones whose content has to leave this desk."""
_ODD_CELLS: Final = (OverflowError, TypeError, ValueError, AttributeError)
"""What comes of a number where a name should be, and the like."""
_BLANK: Final = (None, "", 0)
Values = dict[str, Any]
Valued = list[tuple[Row, list[Any]]]
"""Rows with the cells they set, in the order of the columns."""


class Held(NamedTuple):
    """A record as it stands here; `home` is the unit it belongs to, 0 for this desk's own."""

    local_no: int
    seq: int
    ext: str | None
    home: int = 0
    gone: int = Gone.ALIVE


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
    if not rows:
        return done
    odd: set[tuple[str, str]] = set()
    if isinstance(rows, Rows):
        highest = max((max(group["ts"]) for group in rows.groups if group["ts"]), default=0)
        single: list[Row] = []
        for group in rows.groups:
            strange = cells.unfit(group)
            odd |= {(group["t"], pk) for pk in strange}
            if strange or not _take_in(tx, group, done):
                single += rows_of_group(group)
        rows = single
    else:
        highest = max(row.ts for row in rows)
        odd = {(row.table, row.id) for row in rows if not row.gone and not cells.fit(row.table, row.values)}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    for name, some in tables.items():
        _Arrival(tx, name, some, again=again).run(done, {pk for table, pk in odd if table == name})
    tx.execute("UPDATE sync_ctx SET floor=max(floor,?)", (min(highest, stamps.FURTHEST),))
    return done


def _take_in(tx: Transaction, group: Wire, done: Applied) -> bool:
    """Stores records of which this desk has none yet, column by column; False if they have to be looked at singly."""
    table, ids = tx.db.tables.get(group["t"]), group["pk"]
    if table is None or group["gone"] or len(ids) < bulk.LEAST or not set(group["cols"]).issubset(table.columns):
        return False
    if len(set(ids)) < len(ids) or held(tx, table.name, ids) or parked.seqs(tx, table.name, ids):
        return False
    count = len(ids)
    columns: dict[str, Sequence[Any]] = {name: [value] * count for name, value in blanking.fillers(tx, table).items()}
    columns |= dict(zip(group["cols"], group["v"], strict=True))
    seen = {"sync_seq": group["seq"], "sync_ts": group["ts"], "sync_dev": group["dev"], "sync_by": group["by"]}
    columns |= {**seen, "sync_del": [group["gone"]] * count, "scope": [group["home"]] * count, "id": ids}
    if not _attempt(tx, lambda: tx.take_in(table, columns)):
        return False
    done.digest += versions_hash(table.name, zip(ids, group["seq"], strict=True))
    done.stored += count
    tx.touched(table.name)
    return True


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
        self._joining = int(tx.db.setting(JOINING) or 0)
        self._joined = bool(self._held) and tx.db.setting(JOINED) is not None

    def run(self, done: Applied, odd: Collection[str]) -> None:
        """Stores what is news; records with a cell their column does not take (`odd`) are only kept for later."""
        news = [row for row in self._rows if self._is_news(row)]
        for row in news:
            done.digest += version_hash(row.table, row.id, row.seq)
            done.digest -= version_hash(row.table, row.id, self._held_seq(row))
        whole = [row for row in news if row.id not in odd]
        refused = [*self._store(self._table, whole), *(row for row in news if row.id in odd)] if self._table else news
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
        new: dict[tuple[str, ...], Valued] = {}
        known: dict[tuple[str, ...], Valued] = {}
        filled = blanking.fillers(self._tx, table)
        self._vanish(table, [row for row in rows if row.gone in VANISHED and row.id in self._held])
        unheard = [row.id for row in rows if row.gone == Gone.ERASED and row.id not in self._held]
        blanking.blank_buried_beneath(self._tx, table.name, unheard)  # its own tombstone was forgotten long ago
        if self._joined:
            self._offer_unnamed(table, rows)
        for row in rows:
            here = self._held.get(row.id)
            if here and row.gone in VANISHED:
                continue
            values = _values(table, row, here)
            if here is None:
                values = {**filled, **values, "id": row.id}
                new.setdefault(tuple(values), []).append((row, list(values.values())))
            else:
                mine = self._pending.get(here.local_no)
                if mine and row.gone == Gone.DELETED and mine.txn == pending.SET_ASIDE:
                    self._show_apart(table, row, mine)
                    mine = None
                values = self._beside(table, values, here, mine) if mine else values
                known.setdefault(tuple(values), []).append((row, [*values.values(), here.local_no]))
        refused = [row for names, some in new.items() for row in self._insert(table, names, some)]
        return refused + [row for names, some in known.items() for row in self._update(table, names, some)]

    def _insert(self, table: SyncedTable, names: tuple[str, ...], rows: Valued) -> list[Row]:
        if len(rows) >= bulk.LEAST and _attempt(self._tx, lambda: self._tx.take_in(table, _by_column(names, rows))):
            return []
        return self._run(_insert_sql(table.name, names), rows)

    def _update(self, table: SyncedTable, names: tuple[str, ...], rows: Valued) -> list[Row]:
        cells = _by_column((*names, "local_no"), rows)
        once = len(set(cells["local_no"])) == len(rows)  # of one that is told twice the later version holds
        if len(rows) >= bulk.LEAST and once and _attempt(self._tx, lambda: self._tx.take_in(table, cells)):
            return []
        return self._run(_update_sql(table.name, names), rows)

    def _run(self, sql: str, rows: Valued) -> list[Row]:
        tx = self._tx
        if _attempt(tx, lambda: tx.executemany(sql, [values for _, values in rows])):
            return []
        return [row for row, values in rows if not _attempt(tx, partial(tx.execute, sql, values))]

    def _show_apart(self, table: SyncedTable, row: Row, mine: Pending) -> None:
        """What the server did not take of a record that is deleted now: nobody can put it right there any more."""
        if mine.op != "d":
            refused.move_out(self._tx, table.name, row.id, pending.values(self._tx, table, mine))
        self._tx.execute("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", (table.no, mine.local_no))

    def _beside(self, table: SyncedTable, values: Values, here: Held, mine: Pending) -> Values:
        """A record with pending fields takes the others, and remembers what each pending one was based on (R2)."""
        fields = mine.fields(table)
        self._remember_bases(table, here, mine)
        kept = {*fields, "sync_del"} if mine.op == "d" else set(fields)
        return {name: value for name, value in values.items() if name not in kept}

    def _remember_bases(self, table: SyncedTable, here: Held, mine: Pending) -> None:
        bases = dict(mine.bases)
        for name in mine.fields(table) if mine.op != "d" else [DELETED]:
            bases.setdefault(name, here.seq)
        pending.set_bases(self._tx, mine, bases)
        if mine.txn == pending.WAITS_FOR_HOME:
            pending.release(self._tx, mine)

    def _offer_unnamed(self, table: SyncedTable, rows: list[Row]) -> None:
        """What is filled in here and not even named in the successor's version becomes pending, based on that version.

        A restored server lost it before the units were merged, and whoever made the record did not know the field.
        """
        known, fewer = set(table.columns), dict[int, Row]()
        for row in rows:
            here = self._held.get(row.id)
            if here is None or here.seq or row.gone or row.home:
                continue
            if here.ext or not known.issubset(row.values):
                fewer[here.local_no] = row
        if fewer:
            _offer_lone(self._tx, table, fewer)

    # ---------------------------------------------------------------------------------------------------- what vanishes

    def _vanish(self, table: SyncedTable, rows: list[Row]) -> None:
        """Takes the content of records away; their tombstones stay."""
        tx, whole = self._tx, dict[int, list[int]]()
        for row in rows:
            here = self._held[row.id]
            if self._stays(row, here):
                tx.execute(f'UPDATE "{table.name}" SET sync_seq=? WHERE local_no=?', (row.seq, here.local_no))
                continue
            mine = self._pending.get(here.local_no)
            if mine and row.gone == Gone.MOVED and mine.txn != pending.SET_ASIDE:
                self._remember_bases(table, here, mine)
                blanking.blank(tx, table, [here.local_no], mine.fields(table))
            else:
                _let_go(tx, table, row, mine)
                whole.setdefault(row.gone, []).append(here.local_no)
            values = {**_tombstone(row), "local_no": here.local_no}
            tx.execute(_update_sql(table.name, tuple(values)[:-1]), list(values.values()))
        for kind, local_nos in whole.items():
            blanking.blank(tx, table, local_nos, erased=kind == Gone.ERASED)
        erased = [row.id for row in rows if row.gone == Gone.ERASED]
        blanking.blank_buried_beneath(tx, table.name, erased)
        blanking.offer_beneath(tx, table.name, erased)
        _withdraw_beneath(tx, table.name, [row.id for row in rows if row.gone == Gone.WITHDRAWN])

    def _stays(self, row: Row, here: Held) -> bool:
        """A record that moves to where it is already, or to where this desk is about to go, keeps its content."""
        if row.gone != Gone.MOVED:
            return False
        return row.home in (0, self._joining) or (here.gone == Gone.ALIVE and here.home == row.home)


def _offer_lone(tx: Transaction, table: SyncedTable, fewer: dict[int, Row]) -> None:
    """Makes the filled fields pending that some versions do not name; one unknown here goes with the whole record."""
    named = ",".join(f'"{name}"' for name in ("local_no", "sync_ts", "sync_by", "sync_ext", *table.columns))
    sql = f'SELECT {named} FROM "{table.name}" WHERE local_no IN (SELECT value FROM json_each(?))'
    offers: list[tuple[object, ...]] = []
    for local_no, ts, by, ext, *said in tx.rows(sql, (orjson.dumps(list(fewer)).decode(),)):
        here = dict(zip(table.columns, said, strict=True)) | (orjson.loads(ext) if ext else {})
        lone = {name for name, value in here.items() if value not in _BLANK} - fewer[local_no].values.keys()
        mask = sum(1 << bit for bit, name in enumerate(table.columns) if name in lone)
        if not lone.issubset(table.columns):
            offers.append((table.no, local_no, table.all_mask, "i", ts, pending.OFFERED_AGAIN, by))
        elif mask:
            offers.append((table.no, local_no, mask, "u", ts, pending.OFFERED_AGAIN, by))
    tx.executemany(
        f"INSERT INTO sync_dirty({pending.COLUMNS}) VALUES(?,?,?,?,?,?,?,NULL) ON CONFLICT(tbl,local_no) DO UPDATE "
        "SET mask=mask|excluded.mask,op=iif(op='u',excluded.op,op) WHERE op<>'d'",
        offers,
    )


def _let_go(tx: Transaction, table: SyncedTable, row: Row, mine: Pending | None) -> None:
    """What waits in a record that is erased goes; in one that is withdrawn, somebody may still read it."""
    if row.gone == Gone.ERASED:
        refused.forget(tx, table.name, row.id)
    elif mine and mine.op != "d":
        code = "ELSEWHERE" if row.gone == Gone.MOVED else refused.WITHDRAWN
        refused.note(tx, table.name, row.id, code, pending.values(tx, table, mine))
    if mine:
        tx.execute("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", (table.no, mine.local_no))


def _withdraw_beneath(tx: Transaction, name: str, ids: Sequence[str]) -> None:
    """What was written here under withdrawn records and waits for a restored server to have it again is withdrawn too.

    The server never had it in this life, so it sends no tombstone for it.
    """
    for table, field, more in blanking.followers(tx, name) if ids else ():
        sql = (
            f'SELECT local_no,id FROM "{table.name}" WHERE "{field}" IN (SELECT value FROM json_each(?)){more} '
            "AND local_no IN (SELECT local_no FROM sync_dirty WHERE tbl=? AND txn=?)"
        )
        waiting = dict(tx.rows(sql, (orjson.dumps(ids).decode(), table.no, pending.WAITS_FOR_HOME)))
        for mine in pending.load(tx, "sync_dirty", table.no, list(waiting)).values():
            refused.note(tx, table.name, waiting[mine.local_no], refused.WITHDRAWN, pending.values(tx, table, mine))
            blanking.blank(tx, table, [mine.local_no])
            sql = f'UPDATE "{table.name}" SET sync_seq=0,sync_del=? WHERE local_no=?'
            tx.execute(sql, (int(Gone.WITHDRAWN), mine.local_no))
            tx.execute("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", (table.no, mine.local_no))
        _withdraw_beneath(tx, table.name, list(waiting.values()))


def _tombstone(row: Row) -> Values:
    """The columns of the exchange, as a row sets them."""
    seen = {"sync_seq": row.seq, "sync_ts": row.ts, "sync_dev": row.device, "sync_by": row.by}
    return {**seen, "sync_del": int(row.gone), "scope": row.home}


def _values(table: SyncedTable, row: Row, here: Held | None) -> Values:
    """Column → value: known fields, what is not known in `sync_ext`, and the columns of the exchange itself."""
    said = {} if row.gone else row.values  # R11
    values: Values = {name: said[name] for name in table.columns if name in said}
    unknown = len(values) < len(said)
    values |= _tombstone(row)
    if unknown:
        more = {name: value for name, value in said.items() if name not in table.columns}
        earlier = orjson.loads(here.ext) if here and here.ext else {}
        values["sync_ext"] = orjson.dumps(earlier | more).decode()
    return values


def _by_column(names: Sequence[str], rows: Valued) -> Columns:
    return dict(zip(names, zip(*(values for _, values in rows), strict=True), strict=True))


def _insert_sql(table: str, names: Sequence[str]) -> str:
    listed = ",".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}"({listed}) VALUES({",".join("?" * len(names))})'


def _update_sql(table: str, names: Sequence[str]) -> str:
    listed = ",".join(f'"{name}"=?' for name in names)
    return f'UPDATE "{table}" SET {listed} WHERE local_no=?'


def _attempt(tx: Transaction, store: Callable[[], object]) -> bool:
    """Stores some rows, all or none; False when the content of a row is at fault."""
    tx.execute("SAVEPOINT arrival")
    try:
        store()
    except Exception as error:
        if not _is_content(error):
            raise
        tx.execute("ROLLBACK TO arrival")
        tx.execute("RELEASE arrival")
        return False
    tx.execute("RELEASE arrival")
    return True


def _is_content(error: Exception) -> bool:
    """Whether a record, not the disk or the program, is to blame: one bad record must not stop all others for ever."""
    by_kind = isinstance(error, (IntegrityError, DataError, InterfaceError, ProgrammingError, *_ODD_CELLS))
    return by_kind or "user-defined function" in str(error)


def held(tx: Transaction, table: str, ids: Iterable[str]) -> dict[str, Held]:
    """What this desk has of some records."""
    named = "id,local_no,sync_seq,sync_ext,scope,sync_del"
    sql = f'SELECT {named} FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
    found = tx.rows(sql, (orjson.dumps(list(ids)).decode(),))
    return {row[0]: Held(*row[1:]) for row in found}


def digest_of(tx: Transaction) -> int:
    """The digest computed anew from every record."""
    waiting = {(row.table, row.id): row.seq for row in parked.rows(tx)}
    total = sum(version_hash(*key, seq) for key, seq in waiting.items())
    for name in tx.db.tables:
        for record_id, seq in tx.rows(f'SELECT id,sync_seq FROM "{name}" WHERE sync_seq>0'):
            if (name, record_id) not in waiting:
                total += version_hash(name, record_id, seq)
    return total
