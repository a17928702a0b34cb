"""Content that has to vanish from this desk: overwritten where it stands, taken out of the history and the drafts.

The store wipes the bytes it frees (`secure_delete`); its write-ahead log is cut off after the sync (`wipe_log`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import orjson

from desktop_app.attachments.keeping import drop_vanished
from desktop_app.store import recent, search
from desktop_app.store.connecting import BUSY_MS
from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync.pending import OFFERED_AGAIN, SET_ASIDE
from sync_protocol.behaviours import rules_of
from sync_protocol.messages import Gone

NAMES: Final = ("name", "title", "host_name")
"""Columns whose value may stand in the words of an action."""
WIPE: Final = "sync_wipe"
"""Setting: something was overwritten, and the write-ahead log still has it."""
PATIENCE_MS: Final = 200
"""So long the end of a sync waits for somebody who is reading."""
TEXT_AFFINITY: Final = ("CHAR", "TEXT", "CLOB")
_CHOSEN: Final = "(SELECT value FROM json_each(?))"
_BREAKS: Final = re.compile(r"[\s、,，;；/]+")


def fillers(tx: Transaction, table: SyncedTable, *, all_of_them: bool = False) -> dict[str, Any]:
    """Values for columns that may not be empty; with `all_of_them`, also for those the file has a default for."""
    info = tx.rows(f'PRAGMA table_info("{table.name}")')
    return {
        name: "" if any(mark in kind.upper() for mark in TEXT_AFFINITY) else 0
        for _, name, kind, required, default, _ in info
        if required and (default is None or all_of_them) and name in table.columns
    }


def blank(
    tx: Transaction, table: SyncedTable, local_nos: Sequence[int], keep: Collection[str] = (), *, erased: bool = False
) -> None:
    """Overwrites the content of some records, but for the fields in `keep`, and whatever remembers it.

    With `erased`, their names are looked for in the words of all actions.
    """
    if not local_nos:
        return
    tx.set_setting(WIPE, "1")
    chosen = orjson.dumps(list(local_nos)).decode()
    _forget_drafts(tx, table, chosen)
    _forget_recent(tx, table, chosen)
    forget_words(tx, table, chosen)
    for name in _names(tx, table, chosen) if erased else ():
        _strike_out(tx, "what", name)
    for words in _person_words(tx, table, chosen) if erased else ():
        _strike_out(tx, "what", words)
        _strike_out(tx, "why", words)
    blanks = dict.fromkeys(table.columns) | fillers(tx, table, all_of_them=True)
    gone = {name: value for name, value in blanks.items() if name not in keep}
    sets = [f'"{name}"=?' for name in gone] + (["sync_ext=NULL"] if not keep else [])
    if sets:  # a record that was not pushed yet keeps all of its fields
        tx.execute(f'UPDATE "{table.name}" SET {",".join(sets)} WHERE local_no IN {_CHOSEN}', [*gone.values(), chosen])
    # after the update, whose trigger has just noted what was there before
    tx.execute(f"DELETE FROM journal_change WHERE tbl=? AND row IN {_CHOSEN}", (table.no, chosen))
    if table.name == search.TABLE:
        tx.execute("INSERT INTO search_phone(search_phone) VALUES('optimize')")
    tx.touched(table.name)


def blank_buried_beneath(tx: Transaction, name: str, ids: Collection[str]) -> None:
    """Deleted records that follow erased ones: the server never had their content, so it cannot have it erased.

    Of one it refused, the content may stand beside the reason alone.
    """
    chosen = orjson.dumps(list(ids)).decode()
    for table, field, more in followers(tx, name) if ids else ():
        sql = f'SELECT local_no FROM "{table.name}" WHERE sync_del=1 AND "{field}" IN {_CHOSEN}{more}'
        blank(tx, table, [local_no for (local_no,) in tx.rows(sql, (chosen,))], erased=True)
        sql = f"DELETE FROM sync_refused WHERE tbl=? AND json_extract(body,?) IN {_CHOSEN}"
        tx.execute(sql, (table.name, f"$.{field}", chosen))


def offer_beneath(tx: Transaction, name: str, ids: Collection[str]) -> None:
    """What the server did not take of records that follow erased ones is offered again: it says that they are too."""
    for table, field, more in followers(tx, name) if ids else ():
        beneath = f'SELECT local_no FROM "{table.name}" WHERE "{field}" IN {_CHOSEN}{more}'
        sql = f"UPDATE sync_dirty SET txn=? WHERE tbl=? AND txn=? AND local_no IN ({beneath})"
        tx.execute(sql, (OFFERED_AGAIN, table.no, SET_ASIDE, orjson.dumps(list(ids)).decode()))


def blank_below_erased(tx: Transaction, name: str, ids: Collection[str]) -> None:
    """The same for some records that were just deleted, if what they follow was erased before."""
    follows = rules_of(name).follows
    if follows is None or not ids:
        return
    for owner in [follows.table] if follows.table else list(tx.db.tables):
        if owner not in tx.db.tables:
            continue
        sql = (
            f'SELECT DISTINCT p.id FROM "{name}" f JOIN "{owner}" p ON p.id=f."{follows.field}" '
            f"WHERE p.sync_del={int(Gone.ERASED)} AND f.id IN {_CHOSEN}"
        )
        found = tx.rows(sql, (orjson.dumps(list(ids)).decode(),))
        blank_buried_beneath(tx, owner, [pk for (pk,) in found])


def followers(tx: Transaction, name: str) -> Iterable[tuple[SyncedTable, str, str]]:
    """Tables whose records may follow those of a table: the field that says whose they are, and what else must hold."""
    for other, table in tx.db.tables.items():
        follows = rules_of(other).follows
        if follows and follows.table == name:
            yield table, follows.field, ""
        elif follows and follows.named_in:
            yield table, follows.field, f" AND \"{follows.named_in}\"='{name}'"


def remove(tx: Transaction, table: SyncedTable, local_nos: Sequence[int]) -> None:
    """Takes records out of the file altogether, with their history: a number that is used again must not inherit it.

    Only within `db.applying(purge=True)`.
    """
    blank(tx, table, local_nos)
    chosen = orjson.dumps(list(local_nos)).decode()
    for waiting in ("sync_dirty", "sync_fly"):
        tx.execute(f"DELETE FROM {waiting} WHERE tbl=? AND local_no IN {_CHOSEN}", (table.no, chosen))
    tx.execute(f'DELETE FROM "{table.name}" WHERE local_no IN {_CHOSEN}', (chosen,))


def _forget_drafts(tx: Transaction, table: SyncedTable, chosen: str) -> None:
    if tx.scalar("SELECT EXISTS(SELECT 1 FROM draft)"):
        tx.execute(
            f'DELETE FROM draft WHERE EXISTS(SELECT 1 FROM "{table.name}" r WHERE r.local_no IN {_CHOSEN} '
            "AND (instr(draft.key,r.id) OR instr(draft.body,r.id)))",
            (chosen,),
        )


def _forget_recent(tx: Transaction, table: SyncedTable, chosen: str) -> None:
    """The lists of what was opened last name people."""
    tx.execute(
        "UPDATE setting SET value=(SELECT json_group_array(line.value) FROM json_each(setting.value) line "
        f'WHERE NOT EXISTS(SELECT 1 FROM "{table.name}" r WHERE r.local_no IN {_CHOSEN} AND instr(line.value,r.id))) '
        "WHERE key GLOB ? AND json_valid(value)",
        (chosen, f"{recent.PREFIX}*"),
    )


def forget_words(tx: Transaction, table: SyncedTable, chosen: str) -> None:
    """What the actions on these records are called, and why they were done, may say whom they were about."""
    actions = f"SELECT action FROM journal_change WHERE tbl=? AND row IN {_CHOSEN}"
    tx.redact([no for (no,) in tx.rows(f"SELECT DISTINCT{actions[6:]}", (table.no, chosen))])
    mine = f"no IN ({actions})"
    tx.execute(
        "UPDATE journal_action SET why=NULL,what=iif(instr(what,'：'),substr(what,1,instr(what,'：')-1),what) "
        f"WHERE {mine} AND (why IS NOT NULL OR instr(what,'：'))",
        (table.no, chosen),
    )


def forget_past(tx: Transaction, table: SyncedTable, local_nos: Sequence[int]) -> None:
    """Records that stay lose what drafts and the journal tell of how they were before."""
    chosen = orjson.dumps(list(local_nos)).decode()
    tx.set_setting(WIPE, "1")
    _forget_drafts(tx, table, chosen)
    forget_words(tx, table, chosen)
    tx.execute(f"DELETE FROM journal_change WHERE tbl=? AND row IN {_CHOSEN}", (table.no, chosen))


def _names(tx: Transaction, table: SyncedTable, chosen: str) -> Iterable[str]:
    column = next((one for one in NAMES if one in table.columns), None)
    if column is None:
        return ()
    found = tx.rows(f'SELECT DISTINCT "{column}" FROM "{table.name}" WHERE local_no IN {_CHOSEN}', (chosen,))
    return [name for (name,) in found if name and len(name) > 1]


def _person_words(tx: Transaction, table: SyncedTable, chosen: str) -> list[str]:
    """How erased people are called and reached: it may stand in why somebody did something, too."""
    if table.name != "person":
        return []
    found = tx.rows(f"SELECT name,used_name,id_no,phones FROM person WHERE local_no IN {_CHOSEN}", (chosen,))
    said = [cell for row in found for cell in row if cell]
    words = [word for cell in said for word in _BREAKS.split(cell)]
    return sorted({word for word in (*said, *words) if len(word) > 1}, key=len, reverse=True)


def _strike_out(tx: Transaction, column: str, words: str) -> None:
    """Takes words out of every line of the audit trail that has them."""
    found = [no for (no,) in tx.rows(f"SELECT no FROM journal_action WHERE instr({column},?)", (words,))]
    if found:
        tx.redact(found)
        sql = f"UPDATE journal_action SET {column}=replace({column},?,'') WHERE instr({column},?)"
        tx.execute(sql, (words, words))


def wipe_log(db: Database) -> None:
    """Cuts off the write-ahead log, which still has what was overwritten; tried again after the next sync if in use.

    The contents of attachments that have vanished go as well.
    """
    if not db.setting(WIPE):
        return
    drop_vanished(db)
    db.rows(f"PRAGMA busy_timeout={PATIENCE_MS}")
    try:
        ((busy, *_),) = db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.rows(f"PRAGMA busy_timeout={BUSY_MS}")
    if not busy:
        with db.applying("清理") as tx:
            tx.set_setting(WIPE, None)
