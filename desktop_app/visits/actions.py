"""What one may do with visits: each function is one transaction and takes only what the person changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.profiles import choices
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.model import Household, Person
from desktop_app.residents.reach import must_reach
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past, must_be_whole
from desktop_app.store.database import Database, Transaction
from desktop_app.visits import rules
from desktop_app.visits.model import Visit

RIGHT: Final = "visits.change"
TO_COME: Final = "已经做了的请改成当天；打算要做的请填“下次走访”。"
"""What to do about the day of a visit that is still to come."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit that was kept, and what should be looked at again, in words."""

    visit: Visit
    doubts: tuple[str, ...] = ()


@needs(RIGHT)
def record(db: Database, actor: Actor, visit: Visit, why: str = "") -> Recorded:
    """Keeps a visit; of person, household and room one is enough, the others are found on the register.

    The actor is the worker where none is named.  AppError, with nothing written, for a day to come.
    """
    return record_all(db, actor, [visit], why)[0]


@needs(RIGHT)
def record_all(db: Database, actor: Actor, visits: Sequence[Visit], why: str = "") -> list[Recorded]:
    """Keeps several visits in one transaction: all of them, or none."""
    for visit in visits:
        prepare(db, actor, visit)
        whom = {"people": [visit.person_id], "homes": [visit.household_id], "rooms": [visit.room_id]}
        must_reach(db, actor, RIGHT, **whom, why=why or visit.purpose or "")
    what = f"登记走访（{len(visits)}次）" if len(visits) > 1 else "登记走访"
    with db.transaction(actor, what, why) as tx:
        return [keep(tx, visit) for visit in visits]


def prepare(db: Database, actor: Actor, visit: Visit) -> None:
    """Words as the code tables have them, and the worker.  AppError, at its field, for what no visit can have."""
    must_be_past(db.clock.today(), visit.on, "走访日期", "on", TO_COME)
    if visit.next_due_on:
        must_be_whole(visit.next_due_on, "下次走访", "next_due_on")
        if visit.next_due_on <= visit.on:
            raise AppError(
                "下次走访要在这次之后，没有保存。", field="next_due_on", next_step="请改日期，或留空按间隔计算。"
            )
    visit.mode = desk_codes(db, "visit_modes").name(visit.mode) or "入户"
    visit.result = result_word(db, visit.result)
    rules.must_be_count(visit.opinions_n, "意见条数", "opinions_n")
    if visit.opinions and not visit.opinions_n:
        visit.opinions_n = sum(bool(line.strip()) for line in visit.opinions.splitlines())
    visit.workers = "、".join(rules.names_of(visit.workers)) or actor.name
    visit.worker_id = visit.worker_id or (actor.id if actor.name in rules.names_of(visit.workers) else None) or None
    if not (visit.person_id or visit.household_id or visit.room_id):
        raise AppError("没有说走访的是谁，没有保存。", field="person_id", next_step="请选居民、户或房屋。")


def result_word(db: Database, word: str) -> str:
    """A result as the code table names it.  AppError for a word that is none."""
    return choices.name(db, "visit_results", word, "结果", "result")


def keep(tx: Transaction, visit: Visit) -> Recorded:
    """Stores a visit that is `prepare`d, within a transaction of whoever records it."""
    who = tx.need(Person, visit.person_id) if visit.person_id else None
    if visit.household_id:
        tx.need(Household, visit.household_id)
    visit.household_id = visit.household_id or _household_of(tx, visit)
    visit.room_id = visit.room_id or _room_of(tx, visit)
    tx.add(visit)
    life = rules.Life(who.name, who.birth, who.deceased_on, who.left_on) if who else None
    return Recorded(visit, rules.doubts(visit.on, life))


def _household_of(tx: Transaction, visit: Visit) -> str | None:
    """The home of the person now, else the last one; the only home in the room."""
    if visit.person_id:
        found = tx.scalar(
            "SELECT household_id FROM household_member WHERE person_id=? AND sync_del=0 "
            "ORDER BY to_on IS NOT NULL,to_on DESC LIMIT 1",
            (visit.person_id,),
        )
        return str(found) if found else None
    homes = tx.rows("SELECT id FROM household WHERE room_id=? AND sync_del=0 AND to_on IS NULL", (visit.room_id,))
    return str(homes[0][0]) if len(homes) == 1 else None


def _room_of(tx: Transaction, visit: Visit) -> str | None:
    found = tx.scalar("SELECT room_id FROM household WHERE id=?", (visit.household_id,))
    if found is None and visit.person_id:
        found = tx.scalar(
            "SELECT room_id FROM residence WHERE person_id=? AND sync_del=0 ORDER BY to_on IS NOT NULL,to_on DESC",
            (visit.person_id,),
        )
    return str(found) if found else None


_FIXED = ("person_id", "household_id", "room_id", "worker_id")


@needs(RIGHT)
def correct(db: Database, actor: Actor, /, visit_id: str, why: str = "", **changes: Any) -> Visit:
    """Changes the named fields of a visit and no others; whom it was made to stays."""
    for name in changes:
        if name in _FIXED:
            raise AppError("走访的对象不能改，没有保存。", field=name, next_step="记错了人请撤销这次走访，再重新登记。")
    if "on" in changes:
        must_be_past(db.clock.today(), changes["on"], "走访日期", "on", TO_COME)
    if changes.get("next_due_on"):
        must_be_whole(changes["next_due_on"], "下次走访", "next_due_on")
    if "result" in changes:
        changes["result"] = result_word(db, changes["result"])
    with db.transaction(actor, "修改走访记录", why) as tx:
        return tx.change(Visit, visit_id, **changes)


@needs(RIGHT)
def withdraw(db: Database, actor: Actor, visit_id: str, why: str = "") -> None:
    """Takes back a visit that was recorded by mistake."""
    with db.transaction(actor, "撤销走访记录", why) as tx:
        tx.bury(Visit, visit_id)
