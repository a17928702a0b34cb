"""The change journal: triggers, generated from the tables, that no write can go around.

Every change of a synced record, bulk and raw SQL included, is noted twice in its own transaction: in `sync_dirty`, what
has to be pushed, and in `journal_change`, what it was before.  Who and why stand in `journal_action`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from desktop_app.shared.ids import DERIVED
from desktop_app.store.base import SYNC_COLUMNS, Record, record_classes

SQLITE_NOW_MS = "CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)"
_STAMP = f"coalesce(ts,max(({SQLITE_NOW_MS}<<16),floor+1))"
RESTING = -1
"""`sync_ctx.applying` while many rows are inserted whose capture follows in one go: see desktop_app/store/bulk.py."""
_DIRTY = "INSERT INTO sync_dirty(tbl,local_no,mask,op,ts,txn,by,fb) "


class Connection(Protocol):
    """As much of a DB-API connection as is needed here."""

    def execute(self, sql: str, params: Sequence[object] = ..., /) -> Iterable[tuple[object, ...]]: ...


@dataclass(frozen=True, slots=True)
class SyncedTable:
    """A synced table as it stands in the file: bit k of a change mask is `columns[k]`."""

    name: str
    no: int
    columns: tuple[str, ...]
    append_only: bool

    @property
    def all_mask(self) -> int:
        """The mask with every business column set."""
        return (1 << len(self.columns)) - 1


def synced_tables(connection: Connection) -> dict[str, SyncedTable]:
    """The synced tables, their columns in the order of the file: a column added later never moves an older bit."""
    return {name: _synced_table(connection, name, cls) for name, cls in record_classes().items()}


def _synced_table(connection: Connection, name: str, cls: type[Record]) -> SyncedTable:
    names = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({name})")]
    columns = tuple(column for column in names if column not in SYNC_COLUMNS)
    if len(columns) > 62:  # noqa: PLR2004 the mask is a signed 64-bit integer
        raise ValueError(f"{name} has too many columns for one change mask")
    return SyncedTable(name, cls.__table_no__, columns, cls.__append_only__)


@cache
def triggers(table: SyncedTable) -> tuple[str, ...]:
    """The CREATE TRIGGER statements of one table."""
    made = [_on_insert(table), _on_update(table), _on_tombstone(table), _on_delete(table)]
    if table.append_only:
        made.append(
            f"CREATE TRIGGER journal_{table.name}_fixed BEFORE UPDATE OF {_listed(table)} ON {table.name} "
            f"WHEN (SELECT applying FROM sync_ctx)=0 BEGIN SELECT RAISE(ABORT,'append only'); END"
        )
    return tuple(made)


def _listed(table: SyncedTable) -> str:
    return ",".join(f'"{column}"' for column in table.columns)


def _on_insert(table: SyncedTable) -> str:
    return (
        f"CREATE TRIGGER journal_{table.name}_i AFTER INSERT ON {table.name} "
        f"WHEN (SELECT applying FROM sync_ctx)=0 BEGIN {_dirty(table, _said(table, 'NEW.'), 'i')}{_added(table)}; END"
    )


def _said(table: SyncedTable, row: str) -> str:
    """A record of a derived identifier may have been made at another desk too: what is blank here says nothing."""
    said = "|".join(f'(({row}"{c}" IS NOT NULL)<<{bit})' for bit, c in enumerate(table.columns))
    return f"iif(substr({row}id,13,1)='{DERIVED}',{said},{table.all_mask})"


def _added(table: SyncedTable) -> str:
    return f"INSERT INTO journal_change(action,tbl,row,op) SELECT action,{table.no},NEW.local_no,'i' FROM sync_ctx"


def note_added(table: SyncedTable) -> tuple[str, str]:
    """What the trigger of an INSERT does, for every record above a local_no (?) in one statement each."""
    rows = f"SELECT local_no,{_said(table, '')} said FROM {table.name} WHERE local_no>?"
    whose = f"FROM sync_ctx CROSS JOIN ({rows}) n WHERE 1"
    dirty = _dirty(table, "n.said", "i").replace("FROM sync_ctx WHERE 1", whose)
    return dirty.replace("NEW.", "n."), _added(table).replace("FROM sync_ctx", whose).replace("NEW.", "n.")


def _dirty(table: SyncedTable, mask: str, op: str) -> str:
    """Notes a change to push; an insert that was not pushed yet stays an insert, a later change adds its fields."""
    kept = "mask=mask|excluded.mask" if op == "u" else f"mask=excluded.mask,op='{op}'"
    return (
        f"{_DIRTY}SELECT {table.no},NEW.local_no,{mask},'{op}',{_STAMP},action,actor,NULL FROM sync_ctx WHERE 1 "
        f"ON CONFLICT(tbl,local_no) DO UPDATE SET {kept},ts=excluded.ts,txn=excluded.txn,by=excluded.by;"
    )


def _on_update(table: SyncedTable) -> str:
    mask = "|".join(f'((OLD."{c}" IS NOT NEW."{c}")<<{bit})' for bit, c in enumerate(table.columns))
    before = " UNION ALL ".join(f'SELECT \'{c}\' k,OLD."{c}" v WHERE OLD."{c}" IS NOT NEW."{c}"' for c in table.columns)
    # the upsert's SELECT has a WHERE of its own, so the first half can be switched off while the sync engine applies
    dirty = _dirty(table, mask, "u").replace("WHERE 1", "WHERE applying=0")
    return (
        f"CREATE TRIGGER journal_{table.name}_u AFTER UPDATE OF {_listed(table)} ON {table.name} "
        f"WHEN ({mask})<>0 BEGIN {dirty}"
        f"INSERT INTO journal_change(action,tbl,row,op,before) SELECT action,{table.no},NEW.local_no,"
        f"iif(applying,'r','u'),(SELECT json_group_object(k,v) FROM ({before})) FROM sync_ctx; END"
    )


def _on_tombstone(table: SyncedTable) -> str:
    note = f"INSERT INTO journal_change(action,tbl,row,op) SELECT action,{table.no},NEW.local_no,"
    buried = _dirty(table, "0", "d").replace("WHERE 1", "WHERE NEW.sync_del=1")
    back = _dirty(table, str(table.all_mask), "i").replace("WHERE 1", "WHERE NEW.sync_del=0")
    return (
        f"CREATE TRIGGER journal_{table.name}_d AFTER UPDATE OF sync_del ON {table.name} "
        f"WHEN NEW.sync_del<>OLD.sync_del AND (SELECT applying FROM sync_ctx)=0 BEGIN {buried}{back}"
        f"{note}iif(NEW.sync_del,'d','i') FROM sync_ctx; END"
    )


def _on_delete(table: SyncedTable) -> str:
    return (
        f"CREATE TRIGGER journal_{table.name}_x BEFORE DELETE ON {table.name} "
        f"WHEN (SELECT applying FROM sync_ctx)<2 BEGIN SELECT RAISE(ABORT,'records are retired, not deleted'); END"
    )


def wanted(tables: Iterable[SyncedTable], more: Iterable[str] = ()) -> list[str]:
    """All CREATE TRIGGER statements of this program."""
    return [sql for table in tables for sql in triggers(table)] + list(more)


def installed(connection: Connection, statements: Sequence[str]) -> bool:
    """Whether the file has these triggers, by the fingerprint that `install` left."""
    rows = list(connection.execute("SELECT value FROM setting WHERE key='triggers'"))
    return bool(rows) and rows[0][0] == _fingerprint(statements)


def _fingerprint(statements: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(statements).encode(), digest_size=8).hexdigest()


def install(connection: Connection, statements: Sequence[str]) -> None:
    """Replaces all generated triggers by these if they differ."""
    if installed(connection, statements):
        return
    named = "SELECT name FROM sqlite_master WHERE type='trigger' AND (name GLOB 'journal_*' OR name GLOB 'search_*')"
    for (name,) in list(connection.execute(named)):
        connection.execute(f"DROP TRIGGER {name}")
    for sql in statements:
        connection.execute(sql)
    connection.execute("INSERT OR REPLACE INTO setting(key,value) VALUES('triggers',?)", (_fingerprint(statements),))
