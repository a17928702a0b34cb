"""What one may do with visits: each function is one transaction and takes only what the person changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.attachments import actions as attachments
from desktop_app.profiles import choices
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
    _must_follow(visit.next_due_on, visit.on)
    visit.mode = choices.name(db, "visit_modes", visit.mode or "入户", "方式", "mode")
    visit.result = result_word(db, visit.result)
    rules.must_be_count(visit.opinions_n, "意见条数", "opinions_n")
    visit.opinions_n = visit.opinions_n or _lines(visit.opinions)
    visit.workers = "、".join(rules.names_of(visit.workers)) or actor.name
    visit.worker_id = visit.worker_id or (actor.id if actor.name in rules.names_of(visit.workers) else None) or None
    if not (visit.person_id or visit.household_id or visit.room_id):
        raise AppError("没有说走访的是谁，没有保存。", field="person_id", next_step="请选居民、户或房屋。")


def _must_follow(next_due_on: str | None, on: str) -> None:
    """AppError for a next visit that would not come after this one."""
    if not next_due_on:
        return
    must_be_whole(next_due_on, "下次走访", "next_due_on")
    if next_due_on <= on:
        raise AppError(
            "下次走访要在这次之后，没有保存。", field="next_due_on", next_step="请改日期，或留空按间隔计算。"
        )


def _lines(opinions: str | None) -> int:
    return sum(bool(line.strip()) for line in (opinions or "").splitlines())


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


_FIXED: Final = ("person_id", "household_id", "room_id", "worker_id")


@needs(RIGHT)
def correct(db: Database, actor: Actor, /, visit_id: str, why: str = "", **changes: Any) -> Visit:
    """Changes the named fields of a visit and no others; whom it was made to stays.

    Opinions are counted anew by their lines, unless somebody had counted them otherwise.  AppError, at its field and
    with nothing written, for what no visit can have; ReasonWantedError outside the own grids without `why`.
    """
    for name in changes:
        if name in _FIXED:
            raise AppError("走访的对象不能改，没有保存。", field=name, next_step="记错了人请撤销这次走访，再重新登记。")
    with db.transaction(actor, "修改走访记录", why) as tx:
        seen = _within_reach(tx, actor, visit_id, why)
        return tx.change(Visit, visit_id, **_tidied(tx, actor, seen, changes))


@needs(RIGHT)
def withdraw(db: Database, actor: Actor, visit_id: str, why: str) -> None:
    """Takes back a visit that was recorded by mistake, with its photographs and files; the reason is kept.

    What was raised at the door stands by itself and stays.  AppError without a reason, and for what is gone.
    """
    if not why.strip():
        raise AppError("撤销理由还没有填写，没有撤销。", field="why", next_step="请写明为什么撤销，如 登记重复。")
    with db.transaction(actor, "撤销走访记录", why.strip()) as tx:
        _within_reach(tx, actor, visit_id, why)
        attachments.go_with(tx, "visit", visit_id)
        tx.bury(Visit, visit_id)


def _within_reach(tx: Transaction, actor: Actor, visit_id: str, why: str) -> Visit:
    """The visit as it is now, of a home that this person may act for."""
    seen = tx.need(Visit, visit_id)
    whom = {"people": [seen.person_id], "homes": [seen.household_id], "rooms": [seen.room_id]}
    must_reach(tx.db, actor, RIGHT, **whom, why=why)
    return seen


def _tidied(tx: Transaction, actor: Actor, seen: Visit, changes: dict[str, Any]) -> dict[str, Any]:
    """What was changed, as `prepare` has it; what was not changed is not asked about."""
    told, db = dict(changes), tx.db
    if "on" in told:
        must_be_past(db.clock.today(), told["on"], "走访日期", "on", TO_COME)
    if "on" in told or "next_due_on" in told:
        _must_follow(told.get("next_due_on", seen.next_due_on), told.get("on", seen.on))
    if "mode" in told:
        told["mode"] = choices.name(db, "visit_modes", told["mode"], "方式", "mode")
    if "result" in told:
        told["result"] = result_word(db, told["result"])
    if "opinions" in told and seen.opinions_n == _lines(seen.opinions):
        told.setdefault("opinions_n", _lines(told["opinions"]))
    if "opinions_n" in told:
        rules.must_be_count(told["opinions_n"], "意见条数", "opinions_n")
    if "workers" in told:
        told["workers"], told["worker_id"] = _workers(tx, actor, seen, told["workers"])
    return told


def _workers(tx: Transaction, actor: Actor, seen: Visit, words: str) -> tuple[str, str | None]:
    """The names as they are kept, and which of them sits at a desk: who did before, if still among them."""
    names = rules.names_of(words) or (actor.name,)
    before = tx.scalar("SELECT name FROM staff WHERE id=?", (seen.worker_id,)) if seen.worker_id else None
    worker = seen.worker_id if before in names else actor.id if actor.name in names else None
    return "、".join(names), worker or None
