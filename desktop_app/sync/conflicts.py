"""Two values for one field: who wrote what and when, and the choice between them.

The choice is an ordinary change: it can be made at any desk, offline, every other desk gets it, and it can be undone
like any other.  Each is one step; several settled together are one step too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from desktop_app.accounts.rights import demand, needs, reads
from desktop_app.accounts.undoing import right_over
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store.base import Record, record_classes
from desktop_app.store.conflict import Conflict, waits
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import cells, heads, settling
from desktop_app.sync.wording import Kind, field_name, kind_of, record_name, table_name
from sync_protocol import stamps

KEEP, SWAP, JOIN, MERGE = "keep", "swap", "join", "merge"
"""The value shown is right; the other is; both are; a third one is."""
_STATUS: Final = {KEEP: "kept", SWAP: "swapped", JOIN: "merged", MERGE: "merged"}
CHOSEN: Final = {"kept": "保留现值", "swapped": "改用另一个值", "merged": "合并成一个值"}
"""What a settled clash was settled on, by its status."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: who wrote it, when (UTC ms), and on which desk."""

    value: Any
    by: str
    at: int
    device: int


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A clash.  `shown` stands (or stood when it was found), `other` lost; for deletions `field` is empty.

    `base` is what was there before both, where the server told; `status` is open, kept, swapped or merged.
    """

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
    base: Any = None
    status: str = "open"
    resolved_by: str = ""
    resolved_at: int = 0

    @property
    def meaning(self) -> Kind:
        """What its kind means, and what its choices are called."""
        return kind_of(self.kind)

    @property
    def words(self) -> str:
        """What happened, in one sentence."""
        what = f"{self.table_zh}“{self.record_name}”" if self.record_name else f"一条{self.table_zh}记录"
        return self.meaning.happened.format(what=what, field=self.field_zh, kind=self.kind)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose besides keeping; `joined` is both values as one, None where they cannot be joined."""

    swap: bool
    merge: bool
    joined: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One settled clash: `how` is KEEP, SWAP, JOIN or MERGE (then `value` is what was typed)."""

    conflict_id: str
    how: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were settled, and in words what kept the others open."""

    count: int
    problems: tuple[str, ...]


# -------------------------------------------------------------------------------------------------------------- queries

_SELECT: Final = (
    "SELECT c.id,c.tbl,c.row_id,c.field,c.kind,c.base_value,c.status,coalesce(r.name,''),coalesce(c.resolved_at,0),"
    "c.win_value,w.name,c.win_ts,c.win_dev,c.lose_value,l.name,c.lose_ts,c.lose_dev FROM conflict c "
    "LEFT JOIN staff w ON w.id=c.win_by LEFT JOIN staff l ON l.id=c.lose_by LEFT JOIN staff r ON r.id=c.resolved_by "
    "WHERE c.sync_del=0 "
)


def count_open(db: Database) -> int:
    """How many wait for a person."""
    found: int = db.scalar(f"SELECT count(*) FROM conflict c WHERE {waits('c')}")
    return found


@reads("sync.settle")
def open_conflicts(db: Database, table: str | None = None, record_id: str | None = None) -> list[OpenConflict]:
    """The clashes that wait, newest first; of one record, if it is named."""
    rows = db.rows(
        f"{_SELECT}AND {waits('c')} AND (:tbl IS NULL OR c.tbl=:tbl) AND (:id IS NULL OR c.row_id=:id) "
        "ORDER BY max(coalesce(c.win_ts,0),coalesce(c.lose_ts,0)) DESC,c.id",
        {"tbl": table, "id": record_id},
    )
    return [_conflict(db, row) for row in rows]


@reads("sync.settle")
def settled_conflicts(db: Database, most: int = 500) -> list[OpenConflict]:
    """What was settled, at whatever desk, the last first."""
    rows = db.rows(_SELECT + "AND c.status<>'open' ORDER BY c.resolved_at DESC,c.id LIMIT ?", (most,))
    return [_conflict(db, row) for row in rows]


def _conflict(db: Database, row: tuple[Any, ...]) -> OpenConflict:
    conflict_id, table, record_id, field, kind, base, status, by, at, *sides = row
    return OpenConflict(
        id=conflict_id,
        table=table,
        table_zh=table_name(table),
        record_id=record_id,
        record_name=record_name(db, table, record_id),
        field=field,
        field_zh=field_name(table, field),
        kind=kind,
        shown=_side(sides[:4]),
        other=_side(sides[4:]),
        base=_value(base),
        status=status,
        resolved_by=by,
        resolved_at=at,
    )


def _side(cells: list[Any]) -> Side:
    value, by, ts, device = cells
    return Side(_value(value), by or "", stamps.ms_of(ts or 0), device or 0)


def _value(text: str | None) -> Any:
    """A stored value; what a newer server wrote differently is shown as it stands."""
    try:
        return None if text is None else orjson.loads(text)
    except ValueError:
        return text


def masked(one: OpenConflict) -> OpenConflict:
    """The same with its values as they may be shown where nobody asks for whole numbers."""
    kind = settling.notes(one.table, one.field).get("mask")
    if not kind:
        return one
    shown, other = (replace(side, value=mask(kind, str(side.value or ""))) for side in (one.shown, one.other))
    return replace(one, shown=shown, other=other, base=one.base and mask(kind, str(one.base)))


@reads("sync.settle")
def choices(db: Database, one: OpenConflict) -> Choices:
    """What may be chosen for a clash."""
    settable = settling.settable(db, one.table, one.field)
    if one.kind in ("delete_edit", "undelete"):
        return Choices(swap=one.table in record_classes(), merge=False, joined=None)
    swap = bool(one.meaning.swap) and settable and heads.fits(db, one.table, one.field, one.record_id, one.other.value)
    merge = one.kind == "field" and settable and not settling.notes(one.table, one.field).get("ref")
    joined = settling.joined(one.table, one.field, one.shown.value, one.other.value) if merge else None
    return Choices(swap, merge, joined)


# -------------------------------------------------------------------------------------------------------------- actions


@needs("sync.settle")
def keep(db: Database, actor: Actor, conflict_id: str) -> None:
    """The value that is shown is right."""
    _settle_one(db, actor, Choice(conflict_id, KEEP))


@needs("sync.settle")
def swap(db: Database, actor: Actor, conflict_id: str) -> None:
    """The other value is right: it is put in place here and, by the next sync, everywhere."""
    _settle_one(db, actor, Choice(conflict_id, SWAP))


@needs("sync.settle")
def join(db: Database, actor: Actor, conflict_id: str) -> None:
    """Both values are right: they become one."""
    _settle_one(db, actor, Choice(conflict_id, JOIN))


@needs("sync.settle")
def merge(db: Database, actor: Actor, conflict_id: str, value: str) -> None:
    """Neither is: a third value, as it was typed, takes their place.  AppError at the field where it is not sound."""
    _settle_one(db, actor, Choice(conflict_id, MERGE, value))


def _settle_one(db: Database, actor: Actor, choice: Choice) -> None:
    with db.transaction(actor, f"确认同步冲突：{CHOSEN[_STATUS[choice.how]]}") as tx:
        _settle(tx, actor, choice)


@needs("sync.settle")
def settle(db: Database, actor: Actor, chosen: Sequence[Choice]) -> Settled:
    """Settles several at once, as one step; what cannot be settled stays open and is told."""
    count, problems = 0, []
    with db.transaction(actor, f"确认同步冲突（{len(chosen)} 条）") as tx:
        waiting = {choice.conflict_id: tx.get(Conflict, choice.conflict_id) for choice in chosen}
        open_ = {key: one for key, one in waiting.items() if one and one.status == "open"}
        heads_first = {key for key, one in open_.items() if (one.tbl, one.field) == heads.HEAD}
        for choice in sorted(chosen, key=lambda one: one.conflict_id not in heads_first):
            now = tx.get(Conflict, choice.conflict_id)
            if choice.conflict_id in open_ and now and now.status != "open":
                count += 1  # who is head was chosen, and this followed from it
                continue
            try:
                _settle(tx, actor, choice)
                count += 1
            except AppError as error:  # it comes before anything is changed for this one
                problems.append(str(error))
    return Settled(count, tuple(dict.fromkeys(problems)))


def _settle(tx: Transaction, actor: Actor, choice: Choice) -> None:
    conflict = _open(tx, choice.conflict_id)
    if choice.how == KEEP and (conflict.tbl, conflict.field) == heads.HEAD:
        heads.settle_relations(tx, actor, conflict.row_id)
    elif choice.how != KEEP:
        if right := right_over(conflict.tbl):
            demand(tx.db, actor, right)
        _carry_out(tx, actor, conflict, choice)
    tx.change(
        Conflict,
        conflict.id,
        status=_STATUS[choice.how],
        resolved_by=actor.id or None,
        resolved_at=tx.db.clock.ms(),
    )


def _open(tx: Transaction, conflict_id: str) -> Conflict:
    conflict = tx.need(Conflict, conflict_id)
    if conflict.status != "open":
        raise AppError("这条冲突已经有人处理过了，没有再改。", next_step="请刷新列表。")
    return conflict


def _carry_out(tx: Transaction, actor: Actor, conflict: Conflict, choice: Choice) -> None:
    """Puts what was chosen in place, after everything that could speak against it."""
    cls = record_classes().get(conflict.tbl)
    if cls is None:
        raise AppError("这个版本还不认识这类记录，没有改动。", next_step="请升级程序后再处理。")
    record = tx.need(cls, conflict.row_id)
    settling.must_be_open(tx, record)
    if conflict.kind in ("delete_edit", "undelete"):
        tx.bury(cls, conflict.row_id)
        return
    if not settling.settable(tx.db, conflict.tbl, conflict.field):
        raise AppError("这个版本还不认识这个字段，没有改动。", next_step="请升级程序后再处理。")
    _unchanged_since(record, conflict)
    value = _chosen_value(tx.db, record, conflict, choice)
    heads.must_fit(tx, conflict.tbl, conflict.field, conflict.row_id, value)
    if (conflict.tbl, conflict.field) == heads.HEAD:
        heads.choose(tx, actor, conflict.row_id, value)
    else:
        tx.change(cls, conflict.row_id, **{conflict.field: value})


def _chosen_value(db: Database, record: Record, conflict: Conflict, choice: Choice) -> Any:
    value = _asked_for(db, record, conflict, choice)
    if not cells.fit(conflict.tbl, {conflict.field: value}):
        raise AppError(
            "这个值不是这个字段能填的，没有改动。", field=conflict.field, next_step="请保留现值，或自己填写别的。"
        )
    return value


def _asked_for(db: Database, record: Record, conflict: Conflict, choice: Choice) -> Any:
    won, lost = _value(conflict.win_value), _value(conflict.lose_value)
    if choice.how == SWAP:
        return lost
    typed = choice.value
    if choice.how == JOIN:
        joined = settling.joined(conflict.tbl, conflict.field, won, lost)
        if joined is None:
            raise AppError("这两个值不能合在一起，没有改动。", next_step="请选其中一个，或自己填写。")
        typed = joined
    return settling.sound(db, record, conflict.field, typed)


def _unchanged_since(record: Record, conflict: Conflict) -> None:
    """Who chooses between two values has not seen a third one that somebody wrote meanwhile."""
    if conflict.kind == "field" and getattr(record, conflict.field) != _value(conflict.win_value):
        raise AppError(
            f"{record.__zh__}的{field_name(conflict.tbl, conflict.field)}后来又改过，没有改动。",
            next_step="请打开这条记录核对，不对就直接改正，再选“保留现值”。",
        )


@needs("sync.settle")
def reopen(db: Database, actor: Actor, conflict_id: str) -> None:
    """Puts a settled clash back among those that wait, wherever it was settled; the record stays as it is meanwhile.

    What stands now is on one side, the value that was not chosen on the other.
    """
    with db.transaction(actor, "重新确认同步冲突") as tx:
        conflict = tx.need(Conflict, conflict_id)
        if conflict.status == "open":
            raise AppError("这条冲突还没有处理，就在“待确认”里。", next_step="请刷新列表。")
        tx.change(Conflict, conflict_id, status="open", resolved_by=None, resolved_at=None, **_sides_now(tx, conflict))


def _sides_now(tx: Transaction, conflict: Conflict) -> dict[str, Any]:
    """The two sides as a person has to choose between them again."""
    cls = record_classes().get(conflict.tbl)
    if conflict.status == "kept" or cls is None or not conflict.field:
        return {}
    if conflict.status == "swapped":
        names = ("value", "dev", "by", "ts")
        back = {f"win_{name}": getattr(conflict, f"lose_{name}") for name in names}
        return back | {f"lose_{name}": getattr(conflict, f"win_{name}") for name in names}
    now = getattr(tx.need(cls, conflict.row_id), conflict.field, None)
    at = stamps.stamp(conflict.resolved_at or 0)
    return {"win_value": orjson.dumps(now).decode(), "win_dev": None, "win_by": conflict.resolved_by, "win_ts": at}
