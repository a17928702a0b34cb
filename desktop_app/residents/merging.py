"""Two entries of one person become one, field by field, with all that hangs on them; an undo takes it apart again.

The entry made first always stays, whichever is chosen for its values: two desks that merge the same two while apart
then agree, where otherwise each would have buried the other's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal

from desktop_app.accounts.model import Actor
from desktop_app.residents import rules
from desktop_app.residents.actions import end_living
from desktop_app.residents.model import (
    DuplicateVerdict,
    Household,
    HouseholdMember,
    Person,
    PersonEvent,
    PersonTag,
    Residence,
)
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.store import standing
from desktop_app.store.base import SYNC_COLUMNS, Record, record_classes
from desktop_app.store.database import Database, Transaction
from sync_protocol.behaviours import CONFLICT_TABLE, rules_of

Choice = Literal["stays", "goes"]
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
class Living:
    """Where one of the two lives, in words and as identifiers."""

    residence_id: str
    room_id: str
    household_id: str | None
    head: bool


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
        here, there = self.stays_at, self.goes_at
        return bool(here and there) and (here.room_id, here.household_id) != (there.room_id, there.household_id)  # type: ignore[union-attr]


def plan(db: Database, one_id: str, other_id: str) -> MergePlan:
    """What merging these two would do; nothing is written."""
    first, second = sorted((one_id, other_id))
    stays, goes = db.get(Person, first), db.get(Person, second)
    if stays is None or goes is None or first == second:
        raise AppError("要合并的两条居民记录不都在了，没有合并。", next_step="请刷新列表后再选。")
    moving = []
    for cls, column, condition in _pointing():
        sql = f"SELECT count(*) FROM {cls.__tablename__} WHERE {column}=? AND sync_del=0 AND {condition}"
        if count := db.scalar(sql, (goes.id,)):
            moving.append((cls.__zh__, int(count)))
    return MergePlan(
        stays, goes, tuple(_fields(stays, goes)), tuple(moving), _living(db, stays.id), _living(db, goes.id)
    )


def _fields(stays: Person, goes: Person) -> Iterator[Field]:
    for column in Person.__table__.columns:
        if column.name not in SYNC_COLUMNS and column.name not in _BY_THEMSELVES:
            here, there = getattr(stays, column.name), getattr(goes, column.name)
            yield Field(column.name, str(column.info["zh"]), column.info.get("mask"), here, there)


def _living(db: Database | Transaction, person_id: str) -> Living | None:
    found = db.rows(
        "SELECT s.id,s.room_id,m.household_id,coalesce(h.head_id=s.person_id,0) FROM residence s "
        "LEFT JOIN household_member m ON m.person_id=s.person_id AND m.sync_del=0 AND m.to_on IS NULL "
        "LEFT JOIN household h ON h.id=m.household_id WHERE s.person_id=? AND s.sync_del=0 AND s.to_on IS NULL",
        (person_id,),
    )
    return Living(found[0][0], found[0][1], found[0][2], bool(found[0][3])) if found else None


def _pointing() -> Iterator[tuple[type[Record], str, str]]:
    """(class, column, condition) of every record that may hang on a person and can be hung on another."""
    for cls, column, target in standing.references():
        if target is Person and not cls.__append_only__ and cls is not DuplicateVerdict:
            yield cls, column, standing.not_signed(cls)
    for name, cls in record_classes().items():
        follows = rules_of(name).follows
        if follows and follows.named_in and name != CONFLICT_TABLE:
            yield cls, follows.field, f"{follows.named_in}='person'"


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
    rules.must_be_sound(chosen, db.clock.today(), card_seen=True)
    stays, goes, today = told.stays.id, told.goes.id, db.clock.today().isoformat()
    with db.transaction(actor, f"合并重复居民：{told.stays.name}", why) as tx:
        _join_homes(tx, told, home or "stays", today)
        _join_tags(tx, stays, goes)
        _copy_events(tx, stays, goes)
        for cls, column, condition in _pointing():
            sql = f"UPDATE {cls.__tablename__} SET {column}=? WHERE {column}=? AND sync_del=0 AND {condition}"
            tx.execute(sql, (stays, goes))
        _point_from_one_to_the_other(tx, stays, goes)
        tx.change(Person, stays, **chosen)
        tx.bury(Person, goes)
        tx.add(PersonEvent(person_id=stays, kind="合并", on=today, text=why or "与重复登记的一条记录合并"))
        return tx.need(Person, stays)


def _join_homes(tx: Transaction, told: MergePlan, home: Choice, today: str) -> None:
    """One home is left, and who heads its household is said; nobody else is moved."""
    here, there = told.stays_at, told.goes_at
    if here is None or there is None:
        if there and there.head:
            tx.change(Household, str(there.household_id), head_id=told.stays.id)
        return
    if told.homes_differ:
        loser, winner = (told.goes.id, here) if home == "stays" else (told.stays.id, there)
        end_living(tx, loser, today)
    else:
        _drop_twin(tx, told.goes.id)
        winner = here
    if (here.head or there.head) and (winner.head or not told.homes_differ):
        tx.change(Household, str(winner.household_id), head_id=told.stays.id)
        _as_head(tx, str(winner.household_id), told)


def _drop_twin(tx: Transaction, person_id: str) -> None:
    """The second entry in the same household was never a second person there."""
    for cls in (Residence, HouseholdMember):
        sql = f"SELECT id FROM {cls.__tablename__} WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
        for (record_id,) in tx.rows(sql, (person_id,)):
            tx.bury(cls, record_id)


def _as_head(tx: Transaction, household_id: str, told: MergePlan) -> None:
    sql = "SELECT id FROM household_member WHERE household_id=? AND person_id IN (?,?) AND sync_del=0 AND to_on IS NULL"
    for (member_id,) in tx.rows(sql, (household_id, told.stays.id, told.goes.id)):
        tx.change(HouseholdMember, member_id, relation="户主")


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
    for time in count():
        copy = named_id("merged_event", event_id, stays, *([str(time)] if time else []))
        if not tx.scalar("SELECT 1 FROM person_event WHERE id=? AND sync_del<>0", (copy,)):
            return copy
    raise AssertionError("count() never ends")


def _point_from_one_to_the_other(tx: Transaction, stays: str, goes: str) -> None:
    """Keeps that the two were one, so that an erasure finds both; what was said of them as two people is over."""
    said = "SELECT id FROM duplicate_verdict WHERE sync_del=0 AND verdict<>? AND ? IN (a_id,b_id)"
    for (verdict,) in tx.rows(said, (MERGED, goes)):
        tx.bury(DuplicateVerdict, verdict)
    pointer = named_id("merged", stays, goes)
    if tx.scalar("SELECT 1 FROM duplicate_verdict WHERE id=?", (pointer,)):
        tx.execute("UPDATE duplicate_verdict SET sync_del=0 WHERE id=?", (pointer,))
    else:
        tx.add(DuplicateVerdict(id=pointer, a_id=stays, b_id=goes, verdict=MERGED))
