"""What the sync page shows, asked in one visit to the store: state, exchanges, clashes in the words of the forms."""

from dataclasses import dataclass
from typing import Any

from desktop_app.shared.clock import local_text
from desktop_app.shared.text import mask
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database
from desktop_app.sync import state
from desktop_app.sync.conflicts import OpenConflict, Side, open_conflicts, record_name
from desktop_app.sync.status import Exchange, SyncStatus, exchanges, status


@dataclass(frozen=True, slots=True)
class Value:
    """One of two values: as it may be shown, whole, and who wrote it when."""

    shown: str
    whole: str
    by: str
    when: str

    @property
    def is_masked(self) -> bool:
        return self.shown != self.whole


@dataclass(frozen=True, slots=True)
class Clash:
    """A clash as the inbox shows it."""

    id: str
    record: str
    field: str
    words: str
    kind: str
    person_id: str
    ours: Value
    theirs: Value
    shown_is_newer: bool


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """Everything the page shows."""

    status: SyncStatus
    clashes: tuple[Clash, ...]
    exchanges: tuple[Exchange, ...]


def sync_facts(db: Database) -> SyncFacts:
    """One visit to the store; runs on the reader thread."""
    device = state.read(db).device
    return SyncFacts(status(db), tuple(_clash(db, one, device) for one in open_conflicts(db)), tuple(exchanges(db)))


def _clash(db: Database, one: OpenConflict, device: int) -> Clash:
    where = f"{one.table_zh}　{one.record_name}" if one.record_name else one.table_zh
    return Clash(
        id=one.id,
        record=where,
        field=one.field_zh,
        words=one.words,
        kind=one.kind,
        person_id=one.record_id if one.table == "person" else "",
        ours=_value(db, one, one.shown, device),
        theirs=_value(db, one, one.other, device),
        shown_is_newer=one.shown.at >= one.other.at,
    )


def _value(db: Database, one: OpenConflict, side: Side, device: int) -> Value:
    shown, whole = _words(db, one, side.value)
    who = side.by or "不知道是谁"
    place = "本机" if side.device == device and device else ("另一台电脑" if side.device else "")
    when = local_text(side.at) if side.at else ""
    return Value(shown, whole, f"{who}（{place}）" if place else who, when)


def _words(db: Database, one: OpenConflict, value: Any) -> tuple[str, str]:
    """A stored value as people read it: (masked, whole)."""
    if value is None or value == "":
        return "（空着）", "（空着）"
    if isinstance(value, bool):
        return ("是", "是") if value else ("否", "否")
    text = str(value)
    cls = record_classes().get(one.table)
    column = cls.__table__.columns.get(one.field) if cls else None
    notes = column.info if column is not None else {}
    if ref := notes.get("ref"):
        text = record_name(db, str(ref), text) or "已不在的记录"
    kind = notes.get("mask")
    return (mask(str(kind), text), text) if kind else (text, text)
