"""After an upgrade: what waited for a table or a column that exists now finds its place.

What is on its way at that moment was written beside the version that waits, and the answer to it speaks of what stands
here now: such a record waits until the answer has come.
"""

from typing import Any, Final

import orjson

from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import cells, merge, parked, pending
from desktop_app.sync.pending import OFFERED_AGAIN, Pending

SEEN: Final = "sync_schema"
"""Setting: the fingerprint of the triggers, and so of the tables, that was replayed last."""
WHAT: Final = "升级后补收"


def after_upgrade(db: Database) -> None:
    """Replays what waited, once for every change of the tables."""
    now = db.setting("triggers")
    if now is not None and now == db.setting(SEEN):
        return
    with db.applying(WHAT) as tx:
        all_of_them = _place_records(tx)
        for table in db.tables.values():
            _place_fields(tx, table)
        if all_of_them:
            tx.set_setting(SEEN, now)


def _place_records(tx: Transaction) -> bool:
    """Stores parked records whose table is known; False if some have to wait for an answer."""
    known = [row for row in parked.rows(tx) if row.table in tx.db.tables]
    offers = parked.waiting(tx)
    away = _on_their_way(tx, offers) if known else set()
    placed = [row for row in known if (row.table, row.id) not in away]
    merge.apply(tx, placed, 0, again=True)
    still = {(row.table, row.id) for row in parked.rows(tx)}
    for name, record_id in offers.intersection((row.table, row.id) for row in placed):
        if (name, record_id) in still:  # the store still refuses it
            parked.offer(tx, name, record_id)
        else:
            _offer(tx, tx.db.tables[name], record_id)
    return len(placed) == len(known)


def _on_their_way(tx: Transaction, offers: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Records that are in a batch, or may be: table and identifier."""
    if not tx.scalar("SELECT EXISTS(SELECT 1 FROM sync_outbox)"):
        return set()
    found = set(offers)
    for number in {number for (number,) in tx.rows("SELECT DISTINCT tbl FROM sync_fly")}:
        name = tx.db.numbers[number]
        sql = f'SELECT r.id FROM sync_fly f JOIN "{name}" r ON r.local_no=f.local_no WHERE f.tbl=?'
        found |= {(name, record_id) for (record_id,) in tx.rows(sql, (number,))}
    return found


def _offer(tx: Transaction, table: SyncedTable, record_id: str) -> None:
    """What was to be offered to the server as it waited is offered now that it has its place."""
    sql = f'SELECT local_no,sync_del,sync_ts,sync_by FROM "{table.name}" WHERE id=?'
    for local_no, gone, ts, by in tx.rows(sql, (record_id,)):
        mask, op = (0, "d") if gone else (table.all_mask, "i")
        pending.put_back(tx, Pending(table.no, local_no, mask, op, ts, OFFERED_AGAIN, by, {}))


def _place_fields(tx: Transaction, table: SyncedTable) -> None:
    """Moves values waiting in `sync_ext` into the columns that exist now; what was edited here since stays."""
    for local_no, text in tx.rows(f'SELECT local_no,sync_ext FROM "{table.name}" WHERE sync_ext IS NOT NULL'):
        waiting: dict[str, Any] = orjson.loads(text)
        taken = [name for name in table.columns if name in waiting and cells.fit(table.name, {name: waiting[name]})]
        known = {name: waiting.pop(name) for name in taken}
        if not known:
            continue
        mine = pending.load(tx, "sync_dirty", table.no, [local_no]).get(local_no)
        for name in mine.fields(table) if mine else []:
            known.pop(name, None)
        rest = orjson.dumps(waiting).decode() if waiting else None
        sets = "".join(f'"{name}"=?,' for name in known)
        sql = f'UPDATE "{table.name}" SET {sets}sync_ext=? WHERE local_no=?'
        tx.execute(sql, [*known.values(), rest, local_no])
        tx.touched(table.name)
