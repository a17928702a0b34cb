"""When the server says that identities, histories or units differ: go on under a new identity, losing nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from desktop_app.shared.errors import FuseError
from desktop_app.store import anchors
from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import blanking, fuse, merge, parked, pending, refused, state, units
from desktop_app.sync.freezing import Source
from desktop_app.sync.pending import Pending
from sync_protocol.digests import signed64, version_hash
from sync_protocol.enrolment import Identity
from sync_protocol.messages import NOTHING, Gone
from sync_protocol.refusals import Refused

RENEW: Final = "sync_renew"
"""Setting: this desk asks for a new identity as soon as it can, because others may know its key (a starter)."""
AWAY: Final = "sync_away"
"""Setting: it was away so long that deletions have been forgotten: what is not there and not pending was deleted."""
MOST_EARLIER: Final = 100
_NOT_PARKED: Final = "id NOT IN (SELECT pk FROM sync_parked WHERE tbl=?)"
UNPROVED: Final = "sync_unproved"
"""Setting: a restored server has no mark in common with this desk: no digest tells what other units share no more."""


def rekey(tx: Transaction, identity: Identity) -> None:
    """CLONE, or a fresh enrolment: a new identity begins a new chain of batches; everything else stays."""
    pending.take_back_all(tx)
    anchors.fork(tx)
    _remember(tx, state.read(tx).device)
    state.save(tx, device=identity.device, ordinal=identity.ordinal, batch_no=0, prev="", nonce="", counter=0)
    tx.set_setting(RENEW, None)
    units.keep(tx, identity)


def _remember(tx: Transaction, device: int) -> None:
    if device:
        known = [*_earlier(tx), device]
        tx.set_setting(units.EARLIER, orjson.dumps(known[-MOST_EARLIER:]).decode())


def _earlier(tx: Transaction) -> list[int]:
    text = tx.scalar("SELECT value FROM setting WHERE key=?", (units.EARLIER,))
    return orjson.loads(text) if text else []


def rebase(tx: Transaction, identity: Identity, info: Mapping[str, Any]) -> int:
    """HISTORY: back to the last mark both sides know; everything newer is offered again.  Returns how many records.

    Up to the common mark both sides have lived through the same, so it is a true base for what is offered again, and
    the server need not ask anybody about values it merely forgot.  Records of other units are offered by their own
    desks; what this desk wrote in them follows when they are there.  What was erased, withdrawn or moved away is not
    offered, and keeps no number: what the server may have in its place is fetched when the digests differ.
    """
    rekey(tx, identity)
    wrote = orjson.dumps(_earlier(tx)).decode()
    common, nonce = _common_mark(tx, info)
    digest, offered = state.read(tx).digest, 0
    for table in tx.db.tables.values():
        sql = f'SELECT id,sync_seq,iif(sync_del>{int(Gone.DELETED)},0,?) FROM "{table.name}" WHERE sync_seq>?'
        newer = tx.rows(sql, (common, common))
        if newer:
            _offer_again(tx, table, common, wrote)
        digest -= _difference(table.name, newer)
        offered += len(newer)
    for name, *numbers in parked.offer_again(tx, common):
        digest -= _difference(name, [tuple(numbers)])
        offered += 1
    _clamp_bases(tx, common)
    tx.set_setting(UNPROVED, None if common else "1")
    tx.execute("DELETE FROM sync_marks WHERE seq>?", (common,))
    state.save(
        tx,
        epoch=str(info.get("epoch", "")),
        cur=common,
        mark_seq=common,
        mark=nonce,
        push_seq=common,
        push_mark=nonce,
        purged=0,
        digest=signed64(digest),
    )
    return offered


def note_successor(db: Database, refusal: Refused) -> None:
    """SCOPE_GONE says where this desk is going: what moves there meanwhile is none of its losses."""
    if refusal.code == "SCOPE_GONE":
        with db.applying("转入") as tx:
            tx.set_setting(merge.JOINING, str(refusal.info.get("scope", "")))


def join(tx: Transaction, identity: Identity) -> None:
    """SCOPE_GONE: this desk's unit was merged into another, which numbers anew; it is read from its start.

    Records stay as they are until the successor's versions arrive; `settle_in` looks after those that do not.
    """
    rekey(tx, identity)
    for table in tx.db.tables.values():
        tx.execute(f'UPDATE "{table.name}" SET sync_seq=0 WHERE sync_seq>0')
    tx.execute("UPDATE sync_parked SET seq=0")
    # until the successor's version is here nobody knows whether it has the record a change belongs to
    sql = "UPDATE sync_dirty SET fb=NULL,txn=iif(op='u' AND txn>=0,?,txn)"
    tx.execute(sql, (pending.WAITS_FOR_HOME,))
    state.begin_anew(tx)
    state.save(tx, scope=identity.scope, digest=0)
    tx.set_setting(merge.JOINED, "1")
    tx.set_setting(merge.JOINING, None)


def lone(source: Source) -> list[tuple[int, str]]:
    """Edits that would make half a record, as table numbers and conditions in `sync_dirty` about them.

    The server has not the record: a restored one has lost it, and it is another unit's; or the successor's version has
    not come yet.
    """
    setting = "SELECT 1 FROM setting WHERE key=? AND value NOTNULL"
    whose = "" if source.rows(setting, (merge.JOINED,)) else " AND r.scope<>0"
    edited = "tbl=? AND op='u' AND txn>=0 AND EXISTS(SELECT 1 FROM \"{}\" r WHERE r.local_no=sync_dirty.local_no "
    numbers = source.rows("SELECT DISTINCT tbl FROM sync_dirty WHERE op='u' AND txn>=0")
    return [(number, f"{edited.format(source.db.numbers[number])}AND r.sync_seq=0{whose})") for (number,) in numbers]


def hold(tx: Transaction) -> None:
    """They wait for the whole of the record."""
    for number, which in lone(tx):
        tx.execute(f"UPDATE sync_dirty SET txn=? WHERE {which}", (pending.WAITS_FOR_HOME, number))


def settle_in(tx: Transaction) -> int:
    """Everything the successor has is here: what it lacks is offered to it, or goes if it was another unit's.

    Within `db.applying(purge=True)`; returns how many records are offered.
    """
    offered, away = 0, tx.db.setting(AWAY)
    parked.offer_own(tx)
    for table in tx.db.tables.values():
        found = tx.rows(f'SELECT local_no,id,sync_del,scope FROM "{table.name}" WHERE sync_seq=0')
        waiting = pending.load(tx, "sync_dirty", table.no, [row[0] for row in found])
        gone = [row for row in found if row[3] or row[2] > Gone.DELETED or ((row[2] or away) and row[0] not in waiting)]
        for local_no, record_id, *_ in gone:
            if local_no in waiting:
                refused.note(tx, table.name, record_id, "ELSEWHERE", pending.values(tx, table, waiting[local_no]))
        blanking.remove(tx, table, [row[0] for row in gone])
        offered += offer_whole(tx, table, [row[0] for row in found if row not in gone])
    tx.execute("UPDATE sync_dirty SET txn=? WHERE txn=?", (pending.OFFERED_AGAIN, pending.WAITS_FOR_HOME))
    tx.set_setting(merge.JOINED, None)
    tx.set_setting(AWAY, None)
    return offered


def let_go(tx: Transaction, *, sure: bool) -> FuseError | None:
    """Everything a restored server has is here: takes out the copies of other units' records that it has no more.

    Within `db.applying(purge=True)`.  What this desk wrote in one still waits for it, and it stays.  Returns the
    question of the fuse, unless `sure`, if these are too many; then all stay.
    """
    sql = (
        'SELECT local_no,sync_del FROM "{0}" WHERE scope<>0 AND sync_seq=0 AND sync_del<={1} '
        "AND local_no NOT IN (SELECT local_no FROM sync_dirty WHERE tbl={2})"
    )
    tables = tx.db.tables.values()
    found = {table.name: tx.rows(sql.format(table.name, int(Gone.DELETED), table.no)) for table in tables}
    coming = {name: sum(not gone for _, gone in rows) for name, rows in found.items()}
    if not sure and (blown := fuse.let_through(tx, coming)):
        return blown
    for table in tables:
        blanking.remove(tx, table, [local_no for local_no, _ in found[table.name]])
    parked.let_go(tx)
    tx.set_setting(UNPROVED, None)
    return None


def offer_found(db: Database) -> bool:
    """The digests are equal: what waits for a record of another unit that has a number is offered, for it is there.

    No page brings it again where its number is the common mark itself.  A record the server has not, but what it
    follows, is offered whole: written here, it may be nowhere else.  Returns whether there is such a change.
    """
    if not db.scalar("SELECT EXISTS(SELECT 1 FROM sync_dirty WHERE txn=?)", (pending.WAITS_FOR_HOME,)):
        return False
    found = False
    with db.applying("重新核对") as tx:
        for name, table in db.tables.items():
            there = f'SELECT local_no FROM "{name}" WHERE sync_seq>0'
            found |= _release(tx, table, there, "txn=?", (pending.OFFERED_AGAIN,))
            for below, field, more in blanking.followers(tx, name):
                lost = (
                    f'SELECT local_no FROM "{below.name}" WHERE scope<>0 AND sync_seq=0 AND sync_del=0{more} AND '
                    f'"{field}" IN (SELECT id FROM "{name}" o WHERE o.scope="{below.name}".scope AND o.sync_seq>0 '
                    "AND o.sync_del=0)"
                )
                whole = "txn=?,mask=?,op='i',fb=NULL"
                found |= _release(tx, below, lost, whole, (pending.OFFERED_AGAIN, below.all_mask))
    return found


def _release(tx: Transaction, table: SyncedTable, which: str, sets: str, values: tuple[int, ...]) -> bool:
    chosen, asked = f"WHERE tbl=? AND txn=? AND local_no IN ({which})", (table.no, pending.WAITS_FOR_HOME)
    if not tx.scalar(f"SELECT EXISTS(SELECT 1 FROM sync_dirty {chosen})", asked):
        return False
    tx.execute(f"UPDATE sync_dirty SET {sets} {chosen}", (*values, *asked))
    return True


def offer_whole(tx: Transaction, table: SyncedTable, local_nos: Sequence[int]) -> int:
    """Records the server does not have are new to it; returns how many of them were not waiting.

    Of one of which a later version could only be parked, that one is offered, and beside it what waits to be pushed.
    """
    chosen = orjson.dumps(list(local_nos)).decode()
    fresh = tx.scalar(
        "SELECT count(*) FROM json_each(?) WHERE value NOT IN (SELECT local_no FROM sync_dirty WHERE tbl=?)",
        (chosen, table.no),
    )
    tx.execute(
        f"INSERT INTO sync_dirty({pending.COLUMNS}) SELECT ?,local_no,?,'i',sync_ts,?,sync_by,NULL "
        f'FROM "{table.name}" WHERE local_no IN (SELECT value FROM json_each(?)) AND {_NOT_PARKED} '
        "ON CONFLICT(tbl,local_no) DO UPDATE SET mask=iif(op='d',0,excluded.mask|mask),op=iif(op='u','i',op)",
        (table.no, table.all_mask, pending.OFFERED_AGAIN, chosen, table.name),
    )
    tx.execute(f'UPDATE "{table.name}" SET sync_seq=0 WHERE local_no IN (SELECT value FROM json_each(?))', (chosen,))
    return int(fresh)


def _common_mark(tx: Transaction, info: Mapping[str, Any]) -> tuple[int, str]:
    theirs = {(seq, nonce) for seq, nonce in info.get("marks", [])}
    ours = {(seq, nonce) for seq, nonce in tx.rows("SELECT seq,nonce FROM sync_marks")}
    return max(theirs & ours, default=NOTHING)


def _difference(table: str, newer: list[tuple[Any, ...]]) -> int:
    """What leaves the digest: for each record its identifier, the number it had and the one it has."""
    return sum(version_hash(table, pk, before) - version_hash(table, pk, after) for pk, before, after in newer)


def _offer_again(tx: Transaction, table: SyncedTable, common: int, wrote: str) -> None:
    """Marks whole records as pending, tombstones as deletions; a pending change of a field becomes one of all fields.

    Of other units' records those are offered that this desk wrote last, under any of its identities (`wrote`, JSON).
    An edit waiting beside a deletion it did not see brings the record back.
    """
    tx.execute(
        f"UPDATE sync_dirty SET txn=? WHERE tbl=? AND txn>=0 AND local_no IN "
        f'(SELECT local_no FROM "{table.name}" WHERE sync_seq>? AND scope<>0)',
        (pending.WAITS_FOR_HOME, table.no, common),
    )
    tx.execute(
        f'UPDATE "{table.name}" SET sync_del=0 WHERE sync_seq>? AND sync_del=1 AND local_no IN '
        "(SELECT local_no FROM sync_dirty WHERE tbl=? AND op<>'d')",
        (common, table.no),
    )
    tx.execute(
        f"INSERT INTO sync_dirty({pending.COLUMNS}) SELECT ?,local_no,iif(sync_del,0,?),"
        "iif(sync_del,'d',iif(scope,'u','i')),sync_ts,iif(scope,?,?),sync_by,NULL "
        f'FROM "{table.name}" WHERE sync_seq>? AND sync_del<=? '
        f"AND (scope=0 OR sync_dev IN (SELECT value FROM json_each(?))) AND {_NOT_PARKED} "
        "ON CONFLICT(tbl,local_no) DO UPDATE SET mask=iif(op='d',0,excluded.mask|mask),"
        "op=iif(op='u',excluded.op,op),txn=iif(txn<0,txn,excluded.txn)",
        (
            table.no,
            table.all_mask,
            pending.WAITS_FOR_HOME,
            pending.OFFERED_AGAIN,
            common,
            int(Gone.DELETED),
            wrote,
            table.name,
        ),
    )
    sql = f'UPDATE "{table.name}" SET sync_seq=iif(sync_del>?,0,?) WHERE sync_seq>?'
    tx.execute(sql, (int(Gone.DELETED), common, common))


def _clamp_bases(tx: Transaction, common: int) -> None:
    """Numbers above the common mark mean nothing any more (R9)."""
    for row in tx.rows(f"SELECT {pending.COLUMNS} FROM sync_dirty WHERE fb IS NOT NULL"):
        mine = Pending.of(row)
        pending.set_bases(tx, mine, {name: min(base, common) for name, base in mine.bases.items()})
