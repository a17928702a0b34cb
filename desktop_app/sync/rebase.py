"""When the server says that identities or histories differ: go on under a new identity, losing nothing."""

from collections.abc import Mapping
from typing import Any, Final

from desktop_app.store.database import Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import parked, pending, state
from desktop_app.sync.pending import Pending
from sync_protocol.digests import signed64, version_hash
from sync_protocol.enrolment import Identity
from sync_protocol.messages import NOTHING

OFFERED_AGAIN: Final = 0
"""`txn` of records offered again: before everything else."""


def rekey(tx: Transaction, identity: Identity) -> None:
    """CLONE, or a fresh enrolment: a new identity begins a new chain of batches; everything else stays."""
    pending.take_back_all(tx)
    state.save(tx, device=identity.device, ordinal=identity.ordinal, batch_no=0, prev="", nonce="", counter=0)


def rebase(tx: Transaction, identity: Identity, info: Mapping[str, Any]) -> int:
    """HISTORY: back to the last mark both sides know; everything newer is offered again.  Returns how many records.

    Up to the common mark both sides have lived through the same, so it is a true base for what is offered again, and
    the server need not ask anybody about values it merely forgot.
    """
    rekey(tx, identity)
    common, nonce = _common_mark(tx, info)
    digest, offered = state.read(tx).digest, 0
    for table in tx.db.tables.values():
        newer = tx.rows(f'SELECT id,sync_seq FROM "{table.name}" WHERE sync_seq>?', (common,))
        if newer:
            _offer_again(tx, table, common)
        digest -= _difference(table.name, newer, common)
        offered += len(newer)
    for name, record_id, seq in parked.offer_again(tx, common):
        digest -= _difference(name, [(record_id, seq)], common)
        offered += 1
    _clamp_bases(tx, common)
    tx.execute("DELETE FROM sync_marks WHERE seq>?", (common,))
    state.save(
        tx,
        epoch=str(info.get("epoch", "")),
        cur=common,
        mark_seq=common,
        mark=nonce,
        push_seq=common,
        push_mark=nonce,
        digest=signed64(digest),
    )
    return offered


def _common_mark(tx: Transaction, info: Mapping[str, Any]) -> tuple[int, str]:
    theirs = {(seq, nonce) for seq, nonce in info.get("marks", [])}
    ours = {(seq, nonce) for seq, nonce in tx.rows("SELECT seq,nonce FROM sync_marks")}
    return max(theirs & ours, default=NOTHING)


def _difference(table: str, newer: list[tuple[Any, ...]], common: int) -> int:
    gone = sum(version_hash(table, record_id, seq) for record_id, seq in newer)
    return gone - sum(version_hash(table, record_id, common) for record_id, _ in newer)


def _offer_again(tx: Transaction, table: SyncedTable, common: int) -> None:
    """Marks whole records as pending, tombstones as deletions; a pending change of a field becomes one of all fields.

    An edit waiting beside a deletion it did not see brings the record back.
    """
    tx.execute(
        f'UPDATE "{table.name}" SET sync_del=0 WHERE sync_seq>? AND sync_del=1 AND local_no IN '
        "(SELECT local_no FROM sync_dirty WHERE tbl=? AND op<>'d')",
        (common, table.no),
    )
    tx.execute(
        f"INSERT INTO sync_dirty({pending.COLUMNS}) SELECT ?,local_no,iif(sync_del,0,?),iif(sync_del,'d','i'),sync_ts,"
        f'?,sync_by,NULL FROM "{table.name}" WHERE sync_seq>? '
        "ON CONFLICT(tbl,local_no) DO UPDATE SET mask=iif(op='d',0,excluded.mask|mask),"
        "op=iif(op='u','i',op),txn=iif(txn<0,txn,?)",
        (table.no, table.all_mask, OFFERED_AGAIN, common, OFFERED_AGAIN),
    )
    tx.execute(f'UPDATE "{table.name}" SET sync_seq=? WHERE sync_seq>?', (common, common))


def _clamp_bases(tx: Transaction, common: int) -> None:
    """Numbers above the common mark mean nothing any more (R9)."""
    for row in tx.rows(f"SELECT {pending.COLUMNS} FROM sync_dirty WHERE fb IS NOT NULL"):
        mine = Pending.of(row)
        pending.set_bases(tx, mine, {name: min(base, common) for name, base in mine.bases.items()})
