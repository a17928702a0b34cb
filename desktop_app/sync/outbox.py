"""Pending changes become one frozen batch; the server's answer to it settles them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import merge, parked, pending, state
from desktop_app.sync.pending import DELETED, Pending
from desktop_app.sync.wire import CODEC
from sync_protocol import codec
from sync_protocol.digests import body_hash, signed64, version_hash
from sync_protocol.messages import BATCH_BYTES, BATCH_ROWS, Ack, Batch, Change

FAR: Final = 1 << 62
REJECTED_FOR_GOOD: Final = "APPEND_ONLY"
"""The server's version stands; nothing is to be offered again."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The batch in flight."""

    number: int
    body: bytes
    count: int
    tries: int


def current(tx: Transaction) -> Outbox | None:
    """The batch in flight, if there is one."""
    found = tx.rows("SELECT batch_no,body,n,tries FROM sync_outbox")
    return Outbox(*found[0]) if found else None


# --------------------------------------------------------------------------------------------------------------- freeze


def freeze(tx: Transaction, limit: int = BATCH_ROWS) -> Outbox | None:
    """Makes one batch of pending changes, whose bytes never change again; None when there is nothing to push.

    At most `limit` records and about 1 MiB, cut between the transactions of this desk where that is possible.
    """
    before = current(tx)
    if before:
        return before
    changes = _within(_chosen(tx, limit))
    offers = parked.offered(tx)[: limit - len(changes)]
    if not changes and not offers:
        return None
    now = state.read(tx)
    listed = [change for _, change in changes] + offers
    batch = Batch(now.scope, now.device, now.batch_no + 1, now.prev, now.place, listed)
    box = Outbox(batch.number, CODEC.pack(batch.to_wire()), len(listed), 0)
    tx.execute("INSERT INTO sync_outbox(batch_no,body,n) VALUES(?,?,?)", (box.number, box.body, box.count))
    keys = [(mine.tbl, mine.local_no) for mine, _ in changes]
    tx.executemany(
        f"INSERT INTO sync_fly({pending.COLUMNS},batch_no) SELECT {pending.COLUMNS},? FROM sync_dirty "
        "WHERE tbl=? AND local_no=?",
        [(box.number, *key) for key in keys],
    )
    tx.executemany("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", keys)
    return box


def _chosen(tx: Transaction, limit: int) -> list[tuple[Pending, Change]]:
    """The oldest pending changes, whole transactions where possible, in the order in which they were made."""
    sql = f"SELECT {pending.COLUMNS} FROM sync_dirty WHERE txn>=0 ORDER BY txn,ts,tbl,local_no LIMIT ?"
    found = [Pending.of(row) for row in tx.rows(sql, (limit + 1,))]
    if len(found) > limit:
        found.pop()
        whole = [mine for mine in found if mine.txn < found[-1].txn]
        found = whole or found
    return _read_changes(tx, found)


def _read_changes(tx: Transaction, found: Sequence[Pending]) -> list[tuple[Pending, Change]]:
    records: dict[tuple[int, int], tuple[Any, ...]] = {}
    for tbl in {mine.tbl for mine in found}:
        table = tx.db.tables[tx.db.numbers[tbl]]
        local_nos = orjson.dumps([mine.local_no for mine in found if mine.tbl == tbl]).decode()
        listed = ",".join(f'"{name}"' for name in table.columns)
        sql = f'SELECT local_no,id,sync_seq,sync_ext,{listed} FROM "{table.name}" WHERE local_no IN '
        for row in tx.rows(sql + "(SELECT value FROM json_each(?))", (local_nos,)):
            records[tbl, row[0]] = row
    return [
        (mine, _change(tx.db.tables[tx.db.numbers[mine.tbl]], mine, records[mine.tbl, mine.local_no]))
        for mine in found
        if (mine.tbl, mine.local_no) in records
    ]


def _change(table: SyncedTable, mine: Pending, row: tuple[Any, ...]) -> Change:
    """A deletion carries no content (R11); a whole record brings along the fields this build does not know."""
    _, record_id, seq, ext, *cells = row
    known = dict(zip(table.columns, cells, strict=True))
    values = {name: known[name] for name in mine.fields(table)}
    if mine.op == "i" and ext:
        values |= orjson.loads(ext)
    return Change(table.name, record_id, mine.op, seq, mine.bases, mine.ts, mine.by, values)


def _within(changes: list[tuple[Pending, Change]]) -> list[tuple[Pending, Change]]:
    """As many as fit into a batch, but at least one."""
    size = 0
    kept: list[tuple[Pending, Change]] = []
    for one in changes:
        size += len(orjson.dumps(one[1].values))
        if kept and size > BATCH_BYTES:
            break
        kept.append(one)
    return kept


def anything(db: Database) -> bool:
    """Whether there is anything to push."""
    return bool(
        db.scalar(
            "SELECT EXISTS(SELECT 1 FROM sync_outbox) OR EXISTS(SELECT 1 FROM sync_dirty WHERE txn>=0) "
            "OR EXISTS(SELECT 1 FROM sync_parked WHERE json_extract(body,'$.offer')=1)"
        )
    )


def give_up(tx: Transaction, *, set_aside: bool) -> None:
    """Takes a batch apart which the server cannot read; with `set_aside`, its one record is not offered again."""
    box = current(tx)
    flying = [Pending.of(row) for row in tx.rows(f"SELECT {pending.COLUMNS} FROM sync_fly")]
    for mine in flying:
        pending.put_back(tx, mine, set_aside=set_aside)
    if box and set_aside and not flying:
        for change in Batch.from_wire(CODEC.unpack(box.body, codec.PUSH_CAP)).changes:
            parked.withdraw(tx, change.table, change.id)
    tx.execute("DELETE FROM sync_fly")
    tx.execute("DELETE FROM sync_outbox")


# --------------------------------------------------------------------------------------------------------------- settle


@dataclass(frozen=True, slots=True)
class Settled:
    """What the server made of a batch: how many changes it took, and (table, code) of those it did not take."""

    taken: int = 0
    refused: tuple[tuple[str, str], ...] = ()


def settle(tx: Transaction, body: bytes, ack: Ack) -> Settled:
    """Takes the answer to a batch: numbers, mark and the authoritative records, in one transaction (R5, R6)."""
    batch = Batch.from_wire(CODEC.unpack(body, codec.PUSH_CAP))
    now = state.read(tx)
    if now.batch_no >= batch.number:
        return Settled()
    _Settlement(tx, batch, ack).run(now)
    state.save(tx, batch_no=batch.number, prev=body_hash(body), epoch=ack.epoch)
    refused = tuple((batch.changes[at].table, code) for at, code in ack.refused if at < len(batch.changes))
    return Settled(len(batch.changes) - len(refused), refused)


class _Settlement:
    """An acknowledged batch, record by record."""

    def __init__(self, tx: Transaction, batch: Batch, ack: Ack) -> None:
        if len(ack.numbers) != len(batch.changes) or ack.batch != batch.number:
            raise codec.Unreadable("the answer belongs to another batch")
        self._tx, self._batch, self._ack = tx, batch, ack
        self._disputed = {(row.table, row.id) for row in ack.truth}
        self._codes = dict(ack.refused)
        self._by_table: dict[str, list[tuple[int, Change, int]]] = {}
        for at, (change, seq) in enumerate(zip(batch.changes, ack.numbers, strict=True)):
            self._by_table.setdefault(change.table, []).append((at, change, seq))

    def run(self, now: state.State) -> None:
        tx, ack = self._tx, self._ack
        digest = now.digest
        for name, some in self._by_table.items():
            digest += self._settle_table(name, some)
        tx.execute("DELETE FROM sync_outbox")
        tx.execute("DELETE FROM sync_fly")
        digest = merge.apply(tx, ack.truth, digest).digest
        state.save(tx, digest=signed64(digest))
        if ack.last:
            state.save(tx, push_seq=ack.last, push_mark=ack.mark)
            if ack.contiguous and now.cur < ack.last:
                state.save(tx, cur=ack.last, mark_seq=ack.last, mark=ack.mark)
                state.remember_mark(tx, ack.last, ack.mark)

    def _settle_table(self, name: str, changes: list[tuple[int, Change, int]]) -> int:
        """Settles the changes of a table; returns what they do to the digest."""
        tx, table = self._tx, self._tx.db.tables.get(name)
        ids = [change.id for _, change, _ in changes]
        parked_seqs = parked.seqs(tx, name, ids)
        here = merge.held(tx, name, ids) if table else {}
        flying = pending.load(tx, "sync_fly", table.no, [one.local_no for one in here.values()]) if table else {}
        digest, final = 0, []
        for at, change, seq in changes:
            mine = here.get(change.id)
            flew = flying.get(mine.local_no) if mine else None
            if (name, change.id) in self._disputed:
                self._keep_bases(table, flew, mine)
            elif seq and (mine or change.id in parked_seqs):
                before = parked_seqs.get(change.id) or (mine.seq if mine else 0)
                digest += version_hash(name, change.id, seq) - version_hash(name, change.id, before)
                if change.id in parked_seqs:
                    parked.accepted(tx, name, change.id, seq)
                else:
                    final.append((seq, change.ts, self._batch.device, change.by, change.id))
            code = self._codes.get(at)
            if code and change.id in parked_seqs:
                parked.withdraw(tx, name, change.id)
            if flew and code and code != REJECTED_FOR_GOOD:
                pending.put_back(tx, flew, set_aside=True)
        if final:  # the server took these as they were: its version is ours, at once and for good (R6)
            sql = f'UPDATE "{name}" SET sync_seq=?,sync_ts=?,sync_dev=?,sync_by=? WHERE id=?'
            tx.executemany(sql, final)
        return digest

    def _keep_bases(self, table: SyncedTable | None, flew: Pending | None, here: merge.Held | None) -> None:
        """Fields edited again while a losing value was on the screen rest on what that value was based on (R5)."""
        if table is None or flew is None or here is None:
            return
        again = pending.load(self._tx, "sync_dirty", table.no, [here.local_no]).get(here.local_no)
        if again is None:
            return
        names = _twice(table, flew, again)
        if "d" in (flew.op, again.op):
            names.append(DELETED)
        bases = dict(again.bases)
        for name in names:
            bases[name] = min(bases.get(name, FAR), flew.bases.get(name, here.seq))
        pending.set_bases(self._tx, again, bases)


def _twice(table: SyncedTable, flew: Pending, again: Pending) -> list[str]:
    """Fields changed in both."""
    if flew.op == "d":
        return []
    mask = flew.mask & again.mask
    return [name for bit, name in enumerate(table.columns) if mask >> bit & 1]
