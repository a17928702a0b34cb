"""Tombstones that are old enough to be forgotten: the server named the number up to which it has forgotten its own."""

from desktop_app.store.database import Transaction
from desktop_app.sync import blanking, parked
from sync_protocol.digests import version_hash


def forget_tombstones(tx: Transaction, upto: int) -> int:
    """Takes tombstones up to a number out of the file; returns what that does to the digest.

    Within `db.applying(purge=True)`.  A deletion that still waits to be pushed stays.
    """
    change = 0
    for table in tx.db.tables.values():
        found = tx.rows(
            f'SELECT local_no,id,sync_seq FROM "{table.name}" WHERE sync_del>0 AND sync_seq BETWEEN 1 AND ? '
            "AND local_no NOT IN (SELECT local_no FROM sync_dirty WHERE tbl=?)",
            (upto, table.no),
        )
        hidden = parked.seqs(tx, table.name, [record_id for _, record_id, _ in found])
        blanking.remove(tx, table, [local_no for local_no, _, _ in found])
        change -= sum(version_hash(table.name, key, seq) for _, key, seq in found if key not in hidden)
    for row in parked.rows(tx):
        if row.deleted and 0 < row.seq <= upto:
            parked.forget(tx, row.table, row.id)
            change -= version_hash(row.table, row.id, row.seq)
    return change
