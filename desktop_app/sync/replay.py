"""After an upgrade: what waited for a table or a column that exists now finds its place."""

from typing import Any, Final

import orjson

from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import merge, parked, pending

SEEN: Final = "sync_schema"
"""Setting: the fingerprint of the triggers, and so of the tables, that was replayed last."""
WHAT: Final = "升级后补收"


def after_upgrade(db: Database) -> None:
    """Replays what waited, once for every change of the tables."""
    now = db.setting("triggers")
    if now is not None and now == db.setting(SEEN):
        return
    with db.applying(WHAT) as tx:
        place_records(tx)
        for table in db.tables.values():
            _place_fields(tx, table)
        tx.set_setting(SEEN, now)


def place_records(tx: Transaction) -> int:
    """Stores parked records whose table is known; returns how many."""
    return merge.apply(tx, [row for row in parked.rows(tx) if row.table in tx.db.tables], 0, again=True).stored


def _place_fields(tx: Transaction, table: SyncedTable) -> None:
    """Moves values waiting in `sync_ext` into the columns that exist now; what was edited here since stays."""
    for local_no, text in tx.rows(f'SELECT local_no,sync_ext FROM "{table.name}" WHERE sync_ext IS NOT NULL'):
        waiting: dict[str, Any] = orjson.loads(text)
        known = {name: waiting.pop(name) for name in table.columns if name in waiting}
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
