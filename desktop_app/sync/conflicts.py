"""Two values for one field: who wrote what and when, and the choice between them.

The choice is an ordinary change: it can be made at any desk, offline, and every other desk gets it.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store.base import Record, record_classes
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Database, Transaction
from sync_protocol import stamps

NAMES: Final = ("name", "title", "no", "text", "tag", "role")
"""Columns that tell a person which record is meant, the best first."""
LIFE: Final = {
    "delete_edit": "一台电脑删除了这条记录，另一台同时改了它。记录保留。",
    "undelete": "一台电脑改了这条记录，另一台在此之前删除了它。记录已恢复。",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: who wrote it, when (UTC ms), and on which desk."""

    value: Any
    by: str
    at: int
    device: int


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A clash that waits for a person.  `shown` stands at present, `other` lost; for deletions `field` is empty."""

    id: str
    table: str
    table_zh: str
    record_id: str
    record_name: str
    field: str
    field_zh: str
    kind: str
    shown: Side
    other: Side

    @property
    def words(self) -> str:
        """What happened, in one sentence."""
        return LIFE.get(self.kind, f"{self.table_zh}“{self.record_name}”的{self.field_zh}有两个值。")


def count_open(db: Database) -> int:
    """How many wait for a person."""
    found: int = db.scalar("SELECT count(*) FROM conflict WHERE status='open' AND sync_del=0")
    return found


def open_conflicts(db: Database, table: str | None = None, record_id: str | None = None) -> list[OpenConflict]:
    """The clashes that wait, newest first; of one record, if it is named."""
    rows = db.rows(
        "SELECT c.id,c.tbl,c.row_id,c.field,c.kind,c.win_value,w.name,c.win_ts,c.win_dev,c.lose_value,l.name,"
        "c.lose_ts,c.lose_dev FROM conflict c LEFT JOIN staff w ON w.id=c.win_by LEFT JOIN staff l ON l.id=c.lose_by "
        "WHERE c.status='open' AND c.sync_del=0 AND (:tbl IS NULL OR c.tbl=:tbl) AND (:id IS NULL OR c.row_id=:id) "
        "ORDER BY max(coalesce(c.win_ts,0),coalesce(c.lose_ts,0)) DESC,c.id",
        {"tbl": table, "id": record_id},
    )
    return [_open_conflict(db, row) for row in rows]


def _open_conflict(db: Database, row: tuple[Any, ...]) -> OpenConflict:
    conflict_id, table, record_id, field, kind, *sides = row
    cls = record_classes().get(table)
    return OpenConflict(
        id=conflict_id,
        table=table,
        table_zh=cls.__zh__ if cls else table,
        record_id=record_id,
        record_name=record_name(db, table, record_id),
        field=field,
        field_zh=_field_name(cls, field),
        kind=kind,
        shown=_side(sides[:4]),
        other=_side(sides[4:]),
    )


def masked(one: OpenConflict) -> OpenConflict:
    """The same with its values as they may be shown where nobody asks for whole numbers."""
    cls = record_classes().get(one.table)
    column = cls.__table__.columns.get(one.field) if cls else None
    kind = None if column is None else column.info.get("mask")
    if not kind:
        return one
    shown, other = (replace(side, value=mask(kind, str(side.value or ""))) for side in (one.shown, one.other))
    return replace(one, shown=shown, other=other)


def _side(cells: list[Any]) -> Side:
    value, by, ts, device = cells
    return Side(None if value is None else orjson.loads(value), by or "", stamps.ms_of(ts or 0), device or 0)


def _field_name(cls: type[Record] | None, field: str) -> str:
    column = cls.__table__.columns.get(field) if cls else None
    return field if column is None else str(column.info.get("zh", field))


def record_name(db: Database, table: str, record_id: str) -> str:
    """What people call a record, "" for one of a table without names."""
    known = db.tables.get(table)
    name = next((one for one in NAMES if known and one in known.columns), None)
    if name is None:
        return ""
    return str(db.scalar(f'SELECT "{name}" FROM "{table}" WHERE id=?', (record_id,)) or "")


def keep(db: Database, actor: Actor, conflict_id: str) -> None:
    """The value that is shown is right."""
    with db.transaction(actor, "确认同步冲突：保留现值") as tx:
        _open(tx, conflict_id)
        _settle(tx, actor, conflict_id, "kept")


def swap(db: Database, actor: Actor, conflict_id: str) -> None:
    """The other value is right: it is put in place here and, by the next sync, everywhere."""
    with db.transaction(actor, "确认同步冲突：改用另一个值") as tx:
        conflict = _open(tx, conflict_id)
        cls = record_classes().get(conflict.tbl)
        if cls is None:
            raise AppError("这个版本还不认识这类记录，没有改动。", next_step="请升级程序后再处理。")
        if conflict.kind == "field":
            if conflict.field not in tx.db.tables[conflict.tbl].columns:
                raise AppError("这个版本还不认识这个字段，没有改动。", next_step="请升级程序后再处理。")
            _unchanged_since(tx, cls, conflict)
            tx.change(cls, conflict.row_id, **{conflict.field: orjson.loads(conflict.lose_value or "null")})
        else:
            tx.bury(cls, conflict.row_id)
        _settle(tx, actor, conflict_id, "swapped")


def _unchanged_since(tx: Transaction, cls: type[Record], conflict: Conflict) -> None:
    """Who chooses between two values has not seen a third one that somebody wrote meanwhile."""
    if getattr(tx.need(cls, conflict.row_id), conflict.field) != orjson.loads(conflict.win_value or "null"):
        raise AppError(
            f"{cls.__zh__}的{_field_name(cls, conflict.field)}后来又改过，没有改动。",
            next_step="请打开这条记录核对，不对就直接改正，再选“保留现值”。",
        )


def _open(tx: Transaction, conflict_id: str) -> Conflict:
    conflict = tx.need(Conflict, conflict_id)
    if conflict.status != "open":
        raise AppError("这条冲突已经有人处理过了，没有再改。", next_step="请刷新列表。")
    return conflict


def _settle(tx: Transaction, actor: Actor, conflict_id: str, status: str) -> None:
    tx.change(Conflict, conflict_id, status=status, resolved_by=actor.id or None, resolved_at=tx.db.clock.ms())
