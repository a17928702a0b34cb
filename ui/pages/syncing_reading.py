"""What the sync page shows, asked in one visit to the store: state, exchanges, clashes in the words of the forms."""

from dataclasses import dataclass

from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database
from desktop_app.sync import refused, units
from desktop_app.sync.conflicts import (
    CHOSEN,
    Choices,
    OpenConflict,
    Side,
    choices,
    open_conflicts,
    settled_conflicts,
)
from desktop_app.sync.logbook import Exchange, exchanges
from desktop_app.sync.refused import RefusedChange
from desktop_app.sync.status import SyncStatus, status
from desktop_app.sync.wording import Kind, field_name, record_name, table_name, value_words

OPENS = {
    "person": "person",
    "household": "household",
    "room": "room",
    "building": "building",
    "meeting": "meeting",
    "appeal": "appeal",
    "service_order": "order",
    "matter": "matter",
    "visit": "visit-form",
}
"""Tables whose records open in a tab of their own, and the kind of that tab."""
_OWNERS = (
    *(("appeal_id", "appeal"), ("order_id", "order"), ("matter_id", "matter"), ("person_id", "person")),
    *(("meeting_id", "meeting"), ("head_id", "person"), ("room_id", "room")),
)


@dataclass(frozen=True, slots=True)
class Value:
    """One of two values: as it may be shown, whole, and who wrote it when."""

    shown: str
    whole: str
    by: str = ""
    when: str = ""

    @property
    def is_masked(self) -> bool:
        return self.shown != self.whole


@dataclass(frozen=True, slots=True)
class Clash:
    """A clash as the inbox shows it; `at` is when the newer of the two was written, in UTC ms."""

    id: str
    table: str
    table_zh: str
    record_id: str
    name: str
    field: str
    field_zh: str
    kind: str
    words: str
    meaning: Kind
    choices: Choices
    opens: tuple[str, str] | None
    ours: Value
    theirs: Value
    base: Value | None
    at: int
    shown_is_newer: bool
    chosen: str
    settled_by: str
    settled_at: int

    @property
    def record(self) -> str:
        """What it is about: 居民　张桂兰."""
        return f"{self.table_zh}　{self.name}" if self.name else self.table_zh


@dataclass(frozen=True, slots=True)
class Rejected:
    """A change the server did not take; `values` are shown where the record itself does not have them."""

    id: str
    table: str
    record_id: str
    record: str
    why: str
    words: str
    at: int
    opens: tuple[str, str] | None
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """Everything the page shows."""

    status: SyncStatus
    clashes: tuple[Clash, ...]
    settled: tuple[Clash, ...]
    refused: tuple[Rejected, ...]
    exchanges: tuple[Exchange, ...]


def sync_facts(db: Database, *, settles: bool = True) -> SyncFacts:
    """One visit to the store; runs on the reader thread.  Who may not settle anything is shown no values of anybody."""
    return SyncFacts(
        status(db),
        tuple(_clash(db, one) for one in open_conflicts(db)) if settles else (),
        tuple(_clash(db, one) for one in settled_conflicts(db)) if settles else (),
        tuple(_rejected(db, one) for one in refused.listed(db)) if settles else (),
        tuple(exchanges(db)),
    )


def _rejected(db: Database, one: RefusedChange) -> Rejected:
    name, zh = record_name(db, *one.about), table_name(one.table)
    told = [(field_name(one.table, field), value_words(db, one.table, field, v)) for field, v in one.values.items()]
    return Rejected(
        id=f"{one.table}/{one.record_id}",
        table=one.table,
        record_id=one.record_id,
        record=f"{zh}　{name}" if name else zh,
        why=one.words,
        words=refused.sentence(one.table, one.code, apart=bool(one.values), words=one.words),
        at=one.at,
        opens=_opens(db, *one.about),
        values=tuple((field, Value(words.shown, words.whole)) for field, words in told),
    )


def _clash(db: Database, one: OpenConflict) -> Clash:
    base = value_words(db, one.table, one.field, one.base) if one.base is not None else None
    return Clash(
        id=one.id,
        table=one.table,
        table_zh=one.table_zh,
        record_id=one.record_id,
        name=one.record_name,
        field=one.field,
        field_zh=one.field_zh,
        kind=one.kind,
        words=one.words,
        meaning=one.meaning,
        choices=choices(db, one),
        opens=_opens(db, one.table, one.record_id),
        ours=_value(db, one, one.shown, 0),
        theirs=_value(db, one, one.other, 1),
        base=Value(base.shown, base.whole) if base else None,
        at=max(one.shown.at, one.other.at),
        shown_is_newer=one.shown.at >= one.other.at,
        chosen=CHOSEN.get(one.status, ""),
        settled_by=one.resolved_by,
        settled_at=one.resolved_at,
    )


def _value(db: Database, one: OpenConflict, side: Side, at: int) -> Value:
    step = side.value if isinstance(side.value, dict) else {}
    who = side.by or step.get("by_name") or "不知道是谁"  # a step that clashed says itself who took it
    place = units.desk_name(db, side.device)
    when = local_text(side.at) if side.at else ""
    by = f"{who}（{place}）" if place else who
    if not one.field and side.value is None:  # about the record, not about one of its fields
        said = one.meaning.sides[at]
        return Value(said, said, by, when)
    words = value_words(db, one.table, one.field, side.value)
    return Value(words.shown, words.whole, by, when)


def _opens(db: Database, table: str, record_id: str) -> tuple[str, str] | None:
    """Kind and identifier of the tab in which a record, or what it belongs to, can be seen."""
    known = db.tables.get(table)
    if known is None:
        return None
    if table == "points_entry":
        payer = db.scalar("SELECT from_account_id FROM points_entry WHERE id=?", (record_id,))
        return ("page:points", f"points_account:{payer}") if payer else None
    if table in OPENS:
        here = db.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND sync_del=0', (record_id,))
        return (OPENS[table], f"visit:{record_id}" if table == "visit" else record_id) if here else None
    for column, kind in _OWNERS:
        if column in known.columns:
            owner = db.scalar(f'SELECT "{column}" FROM "{table}" WHERE id=?', (record_id,))
            if owner:
                return kind, str(owner)
    return None
