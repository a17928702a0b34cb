"""Two replicas that should be equal and are not: this desk finds out where, and sets itself right.

    sums of all records, in 256 buckets           →  what the server has in the buckets that differ
    the records that are another version there    →  fetched whole, stored beside what is pending
    the records that are not there                →  taken out; pending ones, and what the server cannot have forgotten,
                                                      are offered to it again

A desk that was away so long that deletions have been forgotten (TOO_OLD) comes back this way.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import blanking, fuse, merge, parked, pending, rebase, refused, state
from desktop_app.sync.client import Client
from desktop_app.sync.pending import Pending
from sync_protocol.digests import BUCKETS, bucket_of, content_hash, signed64, version_hash
from sync_protocol.messages import NOTHING, Gone, Row
from sync_protocol.refusals import Refused
from sync_protocol.repair import FETCH_ROWS, Sums, Versions

Key = tuple[str, str]
_PORTION: Final = 5000


@dataclass(frozen=True, slots=True)
class Repaired:
    """Records fetched, taken out and offered again; `done` is False when the server could not help."""

    fetched: int = 0
    dropped: int = 0
    offered: int = 0
    done: bool = True


def repair(db: Database, client: Client, *, deep: bool = False, too_old: bool = False, sure: bool = False) -> Repaired:
    """Makes this desk's records those of the server, but for what is pending.  No batch may be in flight.

    `deep` compares contents too.  Raises FuseError, unless `sure`, before too many records would be deleted.
    """
    try:
        told = client.repair(Sums(tuple(_sums(db, deep=deep)), deep, state.read(db).place))
    except Refused as refusal:
        if refusal.code != "NOT_FOUND":
            raise
        return _from_the_start(db) if too_old else Repaired(done=False)
    now, upto = state.read(db), _proved(db, too_old=too_old)
    if now.epoch and told.epoch != now.epoch:
        return Repaired(done=False)  # another life of the server: the next exchange finds that out
    theirs = {(row.table, row.id): row for row in told.rows}
    differing = frozenset(told.buckets)
    ours = {key: seq for key, seq in _versions(db) if bucket_of(*key) in differing}
    missing = {key for key in ours if key not in theirs}
    if not sure:
        _ask(db, theirs, ours, missing, upto)
    wanted = [key for key, row in theirs.items() if deep or ours.get(key) != row.seq]
    for start in range(0, len(wanted), FETCH_ROWS):
        _fetch(db, client, wanted[start : start + FETCH_ROWS])
    with db.applying("核对修复", purge=True) as tx:
        dropped, offered = _part(tx, missing, upto, keep=not too_old)
        _go_on(tx, told, too_old=too_old)
    return Repaired(len(wanted), dropped, offered)


def _proved(db: Database, *, too_old: bool) -> int:
    """Up to which number the server must have had a record, so that one it does not list was deleted there.

    Up to what it has forgotten; after TOO_OLD, up to what this desk has just proved to be their common past: deletions
    may be older than any it heard of.  What stands above was never proved: a restored server may not have it back yet.
    """
    now = state.read(db)
    return max(now.cur, now.push_seq) if too_old else now.purged


# -------------------------------------------------------------------------------------------------------- what is here


def _versions(db: Database) -> Iterator[tuple[Key, int]]:
    """Every record that has a number, and the number."""
    waiting = {(table, pk): seq for table, pk, seq in db.rows("SELECT tbl,pk,seq FROM sync_parked WHERE seq>0")}
    yield from waiting.items()
    for name in db.tables:
        for portion in db.portions(f'SELECT id,sync_seq FROM "{name}" WHERE sync_seq>0', (), _PORTION):
            yield from (((name, pk), seq) for pk, seq in portion if (name, pk) not in waiting)


def _sums(db: Database, *, deep: bool) -> list[int]:
    sums = [0] * BUCKETS
    for (table, pk), seq in _versions(db):
        if not deep:
            sums[bucket_of(table, pk)] += version_hash(table, pk, seq)
    for table, pk, seq, values in _contents(db) if deep else ():
        sums[bucket_of(table, pk)] += content_hash(table, pk, seq, values)
    return [signed64(one) for one in sums]


def _contents(db: Database) -> Iterator[tuple[str, str, int, Mapping[str, object]]]:
    """Every record that has a number, with its content; a tombstone has none."""
    seen = set()
    for table, pk, seq, body in db.rows("SELECT tbl,pk,seq,body FROM sync_parked WHERE seq>0"):
        seen.add((table, pk))
        yield table, pk, seq, orjson.loads(body)["v"]
    for name, known in db.tables.items():
        listed = ",".join(f'"{column}"' for column in known.columns)
        sql = f'SELECT id,sync_seq,sync_del,sync_ext,{listed} FROM "{name}" WHERE sync_seq>0'
        for portion in db.portions(sql, (), _PORTION):
            for pk, seq, gone, ext, *cells in portion:
                values = dict(zip(known.columns, cells, strict=True)) | (orjson.loads(ext) if ext else {})
                if (name, pk) not in seen:
                    yield name, pk, seq, {} if gone else values


# ----------------------------------------------------------------------------------------------------- what is not here


def _fetch(db: Database, client: Client, keys: list[Key]) -> None:
    """Takes some records over; an answer may hold but a part of them, the rest is asked for again."""
    left = set(keys)
    while left and (rows := client.fetch(sorted(left))):
        _store(db, rows)
        left -= {(row.table, row.id) for row in rows}


def _store(db: Database, rows: list[Row]) -> None:
    """Takes records over, also those of which a higher number stands here by mistake."""
    with db.applying("核对修复") as tx:
        for row in rows:
            if row.table in tx.db.tables:
                sql = f'UPDATE "{row.table}" SET sync_seq=? WHERE id=? AND sync_seq>?'
                tx.execute(sql, (row.seq, row.id, row.seq))
        merge.apply(tx, rows, 0, again=True)
        state.note_rest(tx, more=True)  # the exchange that follows a repair says that all is here


def _ask(db: Database, theirs: Mapping[Key, Row], ours: Mapping[Key, int], missing: set[Key], upto: int) -> None:
    """Raises the question of the fuse, before anything is touched."""
    with db.applying("核对") as tx:
        coming = Counter[str]()
        going = [key for key, row in theirs.items() if row.gone == Gone.DELETED and ours.get(key) != row.seq]
        for table, ids in _by_table([*going, *_droppable(tx, missing, upto)]).items():
            coming[table] = tx.scalar(
                f'SELECT count(*) FROM "{table}" WHERE sync_del=0 AND id IN (SELECT value FROM json_each(?))',
                (orjson.dumps(ids).decode(),),
            )
        blown = fuse.let_through(tx, coming)
    if blown:
        raise blown


def _droppable(tx: Transaction, missing: set[Key], upto: int) -> list[Key]:
    """Records the server has forgotten after they were deleted; nothing that was changed here since.

    `upto`: see `_proved`.  Copies of other units' records and tombstones are not this desk's to offer.
    """
    found: list[Key] = []
    for name, ids in _by_table(missing).items():
        table = tx.db.tables.get(name)
        if table is None:
            continue
        sql = (
            f'SELECT id FROM "{name}" WHERE id IN (SELECT value FROM json_each(?)) '
            "AND (sync_seq<=? OR scope OR sync_del) AND local_no NOT IN (SELECT local_no FROM sync_dirty WHERE tbl=?)"
        )
        found += [(name, pk) for (pk,) in tx.rows(sql, (orjson.dumps(ids).decode(), upto, table.no))]
    return found


def _part(tx: Transaction, missing: set[Key], upto: int, *, keep: bool) -> tuple[int, int]:
    """Takes out what the server has forgotten and offers it what it cannot have; returns the numbers of both.

    `keep`: what waits in another unit's record goes on waiting for it.
    """
    gone = _droppable(tx, missing, upto)
    offered = 0
    for name, ids in _by_table(gone).items():
        blanking.remove(tx, tx.db.tables[name], _local_nos(tx, name, ids))
    for name, ids in _by_table(missing - set(gone)).items():
        table = tx.db.tables.get(name)
        seqs = parked.seqs(tx, name, ids)
        for pk in seqs:
            parked.missed(tx, name, pk, keep=keep or seqs[pk] > upto)
        if table is None:
            continue
        numbers = _local_nos(tx, name, ids)
        waiting = pending.load(tx, "sync_dirty", table.no, numbers)
        guests = _guests(tx, name, numbers)
        _await(tx, table, [waiting[number] for number in guests if number in waiting], keep=keep)
        own = [number for number in numbers if number not in guests]
        rebase.offer_whole(tx, table, own)
        offered += sum(number not in waiting for number in own)
    return len(gone), offered


def _guests(tx: Transaction, table: str, numbers: list[int]) -> dict[int, str]:
    """Those of some records that belong to other units: local number → identifier."""
    sql = f'SELECT local_no,id FROM "{table}" WHERE scope<>0 AND local_no IN (SELECT value FROM json_each(?))'
    return dict(tx.rows(sql, (orjson.dumps(numbers).decode(),)))


def _await(tx: Transaction, table: SyncedTable, changes: list[Pending], *, keep: bool) -> None:
    """What was written in a record of another unit is never offered as one of this unit's.

    It waits until that unit's desks have brought the record back, or, where it has been gone for long, is shown apart.
    """
    for mine in changes:
        if keep:
            tx.execute(f'UPDATE "{table.name}" SET sync_seq=0 WHERE local_no=?', (mine.local_no,))
            pending.write(tx, mine._replace(txn=min(mine.txn, pending.WAITS_FOR_HOME)))
            continue
        ((record_id,),) = tx.rows(f'SELECT id FROM "{table.name}" WHERE local_no=?', (mine.local_no,))
        refused.note(tx, table.name, record_id, refused.WITHDRAWN, pending.values(tx, table, mine))
        blanking.remove(tx, table, [mine.local_no])


def _go_on(tx: Transaction, told: Versions, *, too_old: bool) -> None:
    now = state.read(tx)
    state.save(tx, digest=signed64(merge.digest_of(tx)))
    if told.mark and told.head >= now.cur:
        proof = {"mark_seq": told.head, "mark": told.mark}
        pushed = {"push_seq": told.head, "push_mark": told.mark} if too_old else {}
        state.save(tx, epoch=told.epoch, cur=told.head, **proof, **pushed)
        state.remember_mark(tx, told.head, told.mark)
    elif too_old:
        _start(tx)


def _from_the_start(db: Database) -> Repaired:
    """The server cannot tell what differs: everything is read again, nothing is dropped."""
    with db.applying("核对修复") as tx:
        _start(tx)
    return Repaired()


def _start(tx: Transaction) -> None:
    seq, nonce = NOTHING
    state.save(tx, cur=seq, mark_seq=seq, mark=nonce, push_seq=seq, push_mark=nonce)


def _local_nos(tx: Transaction, table: str, ids: list[str]) -> list[int]:
    sql = f'SELECT local_no FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))'
    return [number for (number,) in tx.rows(sql, (orjson.dumps(ids).decode(),))]


def _by_table(keys: Iterator[Key] | list[Key] | set[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, pk in keys:
        found.setdefault(table, []).append(pk)
    return found
