"""Two entries of one person become one, field by field, with all that hangs on them; an undo takes it apart again.

The entry made first always stays, whichever is chosen for its values: two desks that merge the same two while apart
then agree, where otherwise each would have buried the other's.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.profiles.desk import code_of
from desktop_app.residents import rules
from desktop_app.residents.joining import Choice, Joined, differ, join_homes
from desktop_app.residents.living import Living, living_of
from desktop_app.residents.model import DuplicateVerdict, Person, PersonEvent, PersonTag
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.store import standing
from desktop_app.store.base import SYNC_COLUMNS, Record, record_classes
from desktop_app.store.database import Database, Transaction
from sync_protocol.behaviours import CONFLICT_TABLE, rules_of

_BY_THEMSELVES: Final = ("source",)
"""Fields nobody chooses between."""
_ENDS: Final = ("deceased_on", "left_on")
MERGED: Final = "已合并"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the two entries; `mask` is the kind of masking a screen needs."""

    name: str
    zh: str
    mask: str | None
    stays: Any
    goes: Any

    @property
    def differ(self) -> bool:
        """Whether there is something to choose: both have a value, and not the same.

        Of the days somebody died or left, one alone is enough: it would take the other off the register.
        """
        both = bool(self.stays) and bool(self.goes)
        return self.stays != self.goes and (both or self.name in _ENDS)

    @property
    def proposed(self) -> Any:
        """What is taken unless somebody chooses otherwise: all phone numbers, else the value that is there."""
        if self.name == "phones":
            return " ".join(dict.fromkeys([*str(self.stays or "").split(), *str(self.goes or "").split()]))
        if self.name in _ENDS and not (self.stays and self.goes):
            return None
        return self.stays or self.goes


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do.  `moving` is (kind of record, how many); with `homes_differ` a home has to be chosen."""

    stays: Person
    goes: Person
    fields: tuple[Field, ...]
    moving: tuple[tuple[str, int], ...]
    stays_at: Living | None
    goes_at: Living | None

    @property
    def homes_differ(self) -> bool:
        """Whether both are registered as living somewhere, and not in the same household."""
        return differ(self.stays_at, self.goes_at)


@reads("residents.read")
def plan(db: Database, one_id: str, other_id: str) -> MergePlan:
    """What merging these two would do; nothing is written."""
    first, second = sorted((one_id, other_id))
    stays, goes = db.get(Person, first), db.get(Person, second)
    if stays is None or goes is None or first == second:
        raise AppError("要合并的两条居民记录不都在了，没有合并。", next_step="请刷新列表后再选。")
    moving = []
    for cls, column, condition in pointing():
        sql = f"SELECT count(*) FROM {cls.__tablename__} WHERE {column}=? AND sync_del=0 AND {condition}"
        if count := db.scalar(sql, (goes.id,)):
            moving.append((cls.__zh__, int(count)))
    return MergePlan(
        stays, goes, tuple(_fields(stays, goes)), tuple(moving), living_of(db, stays.id), living_of(db, goes.id)
    )


def _fields(stays: Person, goes: Person) -> Iterator[Field]:
    for column in Person.__table__.columns:
        if column.name not in SYNC_COLUMNS and column.name not in _BY_THEMSELVES:
            here, there = getattr(stays, column.name), getattr(goes, column.name)
            yield Field(column.name, str(column.info["zh"]), column.info.get("mask"), here, there)


def pointing() -> Iterator[tuple[type[Record], str, str]]:
    """(class, column, condition) of every record that may hang on a person and can be hung on another."""
    yield from _pointing(len(record_classes()))


@cache
def _pointing(_classes: int, /) -> tuple[tuple[type[Record], str, str], ...]:
    return tuple(_found_pointing())


@cache
def _hung() -> frozenset[str]:
    """The tables of `pointing`: asked for after every commit."""
    return frozenset(cls.__tablename__ for cls, _, _ in pointing())


def _found_pointing() -> Iterator[tuple[type[Record], str, str]]:
    for cls, column, target in standing.references():
        if target is Person and not cls.__append_only__ and cls is not DuplicateVerdict:
            yield cls, column, standing.not_signed(cls)
    for name, cls in record_classes().items():
        follows = rules_of(name).follows
        if follows and follows.named_in and name != CONFLICT_TABLE:
            yield cls, follows.field, f"{follows.named_in}='person'"


@needs("residents.merge")
def merge(
    db: Database,
    actor: Actor,
    one_id: str,
    other_id: str,
    *,
    values: dict[str, Any] | None = None,
    home: Choice | None = None,
    why: str = "",
) -> Person:
    """Makes one person of two; returns the one that stays.

    `values` are the fields chosen by hand, the others are as proposed; fields that differ and are not chosen keep the
    value of the one that stays.  `home` says whose home holds where both have one (`plan(...).homes_differ`).
    """
    told = plan(db, one_id, other_id)
    if told.homes_differ and home is None:
        raise AppError("两条记录住在不同的地方，没有合并。", field="home", next_step="请选择以哪一处为准，再合并。")
    chosen = {field.name: field.proposed for field in told.fields} | (values or {})
    rules.must_be_sound(chosen, db.clock.today(), card_seen=True, paper=partial(code_of, db, "id_types"))
    stays, goes, today = told.stays.id, told.goes.id, db.clock.today().isoformat()
    with db.transaction(actor, f"合并重复居民：{told.stays.name}", why) as tx:
        join_homes(tx, Joined(stays, goes, told.stays_at, told.goes_at, home or "stays"), today)
        rehang(tx, stays, goes)
        _point_from_one_to_the_other(tx, stays, goes)
        tx.change(Person, stays, **chosen)
        tx.bury(Person, goes)
        tx.add(PersonEvent(person_id=stays, kind="合并", on=today, text=why or "与重复登记的一条记录合并"))
        return tx.need(Person, stays)


def rehang(tx: Transaction, stays: str, goes: str) -> None:
    """Hangs everything that is the one entry's on the other; of two open tags alike one is kept."""
    _join_tags(tx, stays, goes)
    _copy_events(tx, stays, goes)
    for cls, column, condition in pointing():
        sql = f"UPDATE {cls.__tablename__} SET {column}=? WHERE {column}=? AND sync_del=0 AND {condition}"
        tx.execute(sql, (stays, goes))


def _join_tags(tx: Transaction, stays: str, goes: str) -> None:
    """A tag both have is kept once."""
    twice = tx.rows(
        "SELECT t.id FROM person_tag t WHERE t.person_id=? AND t.sync_del=0 AND t.to_on IS NULL AND EXISTS("
        "SELECT 1 FROM person_tag o WHERE o.person_id=? AND o.tag=t.tag AND o.sync_del=0 AND o.to_on IS NULL)",
        (goes, stays),
    )
    for (tag_id,) in twice:
        tx.bury(PersonTag, tag_id)


def _copy_events(tx: Transaction, stays: str, goes: str) -> None:
    """Events are never rewritten: each is told again of the one that stays, under an identifier all desks derive."""
    for event_id, *told in tx.rows(
        'SELECT id,kind,"on",room_id,text FROM person_event WHERE person_id=? AND sync_del=0', (goes,)
    ):
        copy = _free_or_there(tx, event_id, stays)
        if not tx.scalar("SELECT 1 FROM person_event WHERE id=?", (copy,)):
            kind, on, room_id, text = told
            tx.add(PersonEvent(id=copy, person_id=stays, kind=kind, on=on, room_id=room_id, text=text))


def _free_or_there(tx: Transaction, event_id: str, stays: str) -> str:
    """The identifier of the copy of an event; one that an undo has buried is never used again."""
    time, copy = 0, named_id("merged_event", event_id, stays)
    while tx.scalar("SELECT 1 FROM person_event WHERE id=? AND sync_del<>0", (copy,)):
        time += 1
        copy = named_id("merged_event", event_id, stays, str(time))
    return copy


def _point_from_one_to_the_other(tx: Transaction, stays: str, goes: str) -> None:
    """Keeps that the two are one; what was said of them as two people is over."""
    said = "SELECT id FROM duplicate_verdict WHERE sync_del=0 AND verdict<>? AND ? IN (a_id,b_id)"
    for (verdict,) in tx.rows(said, (MERGED, goes)):
        tx.bury(DuplicateVerdict, verdict)
    follow(tx, stays, goes)


def entries(rows: Callable[..., list[tuple[Any, ...]]], person_id: str) -> list[str]:
    """The entry of a person and those that went into it, each once; `rows` of a store or a transaction asks.

    Their content is still in the file, and what was sealed before a merge goes by the identifier it had then.
    """
    sql = (
        "WITH RECURSIVE one(id) AS (VALUES(?) UNION SELECT v.b_id FROM one JOIN duplicate_verdict v ON v.a_id=one.id "
        "WHERE v.verdict=? AND v.sync_del=0) SELECT id FROM one"
    )
    return [str(id_) for (id_,) in rows(sql, (person_id, MERGED))]


def follow(tx: Transaction, stays: str, goes: str) -> None:
    """Keeps that the one entry went into the other, so that whatever is looked for finds both."""
    pointer = named_id("merged", stays, goes)
    if tx.scalar("SELECT 1 FROM duplicate_verdict WHERE id=?", (pointer,)):
        tx.execute("UPDATE duplicate_verdict SET sync_del=0 WHERE id=?", (pointer,))
    else:
        tx.add(DuplicateVerdict(id=pointer, a_id=stays, b_id=goes, verdict=MERGED))


# ------------------------------------------------------------------------------------------------ what came too late


_ROOTS: Final = (
    "WITH RECURSIVE up(went,stayed) AS (SELECT b_id,a_id FROM duplicate_verdict WHERE verdict=:merged AND sync_del=0 "
    "UNION SELECT up.went,v.a_id FROM up JOIN duplicate_verdict v ON v.b_id=up.stayed AND v.verdict=:merged "
    "AND v.sync_del=0) SELECT s.id,up.went FROM up CROSS JOIN person s ON s.id=up.stayed AND s.sync_del=0 "
    "CROSS JOIN person p ON p.id=up.went AND p.sync_del=1"
)
"""From the few that were merged: SQLite would go through everybody, after every save of a visit."""


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit: what another desk hung on an entry that was merged away meanwhile goes to the one that stayed.

    Every desk finds the same, so that whoever is first says it for all.
    """
    anew = "duplicate_verdict" in tables
    hanging = [one for one in pointing() if anew or one[0].__tablename__ in tables] if anew or tables & _hung() else []
    if hanging and (found := _stray(db, hanging)):
        with db.transaction(SYSTEM, "并入的居民：后到的记录转到保留的一条") as tx:
            for stays, goes in found:
                rehang(tx, stays, goes)


def _stray(db: Database, hanging: list[tuple[type[Record], str, str]]) -> list[tuple[str, str]]:
    """(who stayed, who went) of those that went and still have something."""
    stayed = {str(went): str(root) for root, went in db.rows(_ROOTS, {"merged": MERGED})}
    if not stayed:
        return []
    asked = json.dumps(list(stayed))
    had = {
        str(who)
        for cls, column, condition in hanging
        for (who,) in db.rows(
            f"SELECT DISTINCT {column} FROM {cls.__tablename__} WHERE {column} IN (SELECT value FROM json_each(?)) "
            f"AND sync_del=0 AND {condition}",
            (asked,),
        )
    }
    return [(stayed[who], who) for who in sorted(had)]
