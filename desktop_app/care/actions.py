"""What one may do about care: hang bells, note what happened to them, pair people; each function is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.care import rules
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.care.responding import rules_of
from desktop_app.places.model import Room
from desktop_app.profiles import choices
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.living import household_id_of
from desktop_app.residents.model import Household, Person
from desktop_app.residents.reach import must_reach
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past
from desktop_app.store.database import Database, Transaction

RIGHT: Final = "care.change"
_BELL_CHANGES = ("kind", "place", "device_no", "radius_m", "person_id", "installed_on", "note")
_PAIR_CHANGES = (
    *("helper_name", "helper_unit", "helper_phone", "care_class", "interval_days", "from_on", "evidence", "note"),
)


@dataclass(frozen=True, slots=True)
class Hung:
    """A bell that was hung, and what should be looked at again, in words."""

    bell: DoorBell
    doubts: tuple[str, ...] = ()


# --------------------------------------------------------------------------------------------------------------- bells


@needs(RIGHT)
def hang(db: Database, actor: Actor, bell: DoorBell, why: str = "") -> Hung:
    """Registers a bell: of person, household and room one is enough, the others are found on the register.

    AppError, with nothing written, for a room in which nobody is registered, for a second bell in the same place, a
    radius that cannot be and a day to come; outside the own grids without a reason.  A building without coordinates is
    a doubt.
    """
    must_reach(db, actor, RIGHT, people=[bell.person_id], homes=[bell.household_id], rooms=[bell.room_id], why=why)
    bell.kind = choices.name(db, "bell_kinds", bell.kind, "门铃类型", "kind")
    rules.must_be_radius(bell.radius_m, rules_of(db))
    if bell.installed_on:
        must_be_past(db.clock.today(), bell.installed_on, "安装日期", "installed_on")
    with db.transaction(actor, "登记爱心门铃", why) as tx:
        _find_home(tx, bell)
        _free_place(tx, bell)
        tx.add(bell)
        return Hung(bell, tuple(_bell_doubts(tx, bell)))


def _find_home(tx: Transaction, bell: DoorBell) -> None:
    if bell.person_id:
        who = tx.need(Person, bell.person_id)
        if who.deceased_on or who.left_on:
            when = f"已于 {who.deceased_on} 去世" if who.deceased_on else f"已于 {who.left_on} 迁出"
            raise AppError(f"{who.name}{when}，没有登记门铃。", field="person_id", next_step="请核对是哪一位。")
        bell.household_id = bell.household_id or household_id_of(tx, bell.person_id)
    if bell.household_id:
        bell.room_id = bell.room_id or tx.need(Household, bell.household_id).room_id
    elif bell.room_id:
        tx.need(Room, bell.room_id)
        first = "SELECT id FROM household WHERE room_id=? AND sync_del=0 AND to_on IS NULL ORDER BY local_no"
        bell.household_id = tx.scalar(first, (bell.room_id,))
    if not bell.household_id or not bell.room_id:
        raise AppError(
            "这里没有登记住户，门铃不知道是谁家的，没有保存。",
            field="person_id",
            next_step="请先登记住户和住处，再登记门铃。",
        )


def _free_place(tx: Transaction, bell: DoorBell) -> None:
    taken = (
        "SELECT 1 FROM door_bell WHERE household_id=? AND room_id=? AND coalesce(place,'')=? AND kind=? AND id<>? "
        "AND sync_del=0 AND to_on IS NULL"
    )
    values = (bell.household_id, bell.room_id, bell.place or "", bell.kind, bell.id)
    if tx.scalar(taken, values):
        raise AppError(
            f"这户已经登记过一个“{bell.kind}”了，没有重复保存。",
            field="place",
            next_step="装了两个的，请写明各在哪里。",
        )


def _bell_doubts(tx: Transaction, bell: DoorBell) -> list[str]:
    found = tx.rows(
        "SELECT b.lon IS NULL OR b.lat IS NULL FROM room r JOIN building b ON b.id=r.building_id WHERE r.id=?",
        (bell.room_id,),
    )
    if found and found[0][0]:
        return ["这栋楼没有坐标，响应人只能找同一栋楼的，请在“楼栋”里补上经纬度。"]
    return []


@needs(RIGHT)
def change_bell(db: Database, actor: Actor, /, bell_id: str, why: str = "", **changes: Any) -> DoorBell:
    """Changes the named fields of a bell; where it hangs stays: one that was moved is taken down and hung again."""
    _must_reach_bells(db, actor, [bell_id], why)
    _only(changes, _BELL_CHANGES, "门铃挂在哪一户不能改", "请登记拆除，再在新的地方登记。")
    if "kind" in changes:
        changes["kind"] = choices.name(db, "bell_kinds", changes["kind"], "门铃类型", "kind")
    rules.must_be_radius(changes.get("radius_m"), rules_of(db))
    if changes.get("installed_on"):
        must_be_past(db.clock.today(), changes["installed_on"], "安装日期", "installed_on")
    with db.transaction(actor, "修改爱心门铃", why) as tx:
        return tx.change(DoorBell, bell_id, **changes)


@needs(RIGHT)
def take_down(db: Database, actor: Actor, bell_id: str, on: str, why: str = "") -> DoorBell:
    """Ends a bell on a day up to today; what was noted of it stays."""
    must_be_past(db.clock.today(), on, "拆除日期", "on")
    _must_reach_bells(db, actor, [bell_id], why)
    with db.transaction(actor, "拆除爱心门铃", why) as tx:
        bell = tx.need(DoorBell, bell_id)
        if bell.installed_on and on < bell.installed_on[: len(on)]:
            raise AppError(f"拆除日期早于安装日期（{bell.installed_on}），没有保存。", field="on", next_step="请核对。")
        return tx.change(DoorBell, bell_id, to_on=on)


_TOLD_ALREADY: Final = (
    "SELECT 1 FROM door_bell_event WHERE bell_id=? AND kind=? AND at=? AND who_came IS ? AND sync_del=0"
)


@needs(RIGHT)
def note(db: Database, actor: Actor, event: DoorBellEvent, why: str = "") -> DoorBellEvent:
    """Notes what happened to a bell.  AppError, with nothing written, for a moment to come and an unknown kind."""
    return note_all(db, actor, [event], why)[0]


@needs(RIGHT)
def note_all(db: Database, actor: Actor, events: Sequence[DoorBellEvent], why: str = "") -> list[DoorBellEvent]:
    """Notes several, such as the tests of a whole building on one walk: all of them, or none."""
    _must_reach_bells(db, actor, [event.bell_id for event in events], why)
    for event in events:
        _complete(db, actor, event)
    what = f"登记门铃{events[0].kind}" if events else "登记门铃"
    with db.transaction(actor, what if len(events) == 1 else f"{what}（{len(events)}次）", why) as tx:
        for event in events:
            bell = tx.need(DoorBell, event.bell_id)
            if bell.to_on and event.at[:10] > bell.to_on:
                raise AppError(f"这个门铃已于 {bell.to_on} 拆除，没有保存。", field="at", next_step="请核对时间。")
            if tx.scalar(_TOLD_ALREADY, (event.bell_id, event.kind, event.at, event.who_came)):
                said = f"{event.at} 的{event.kind}已经登记过，没有重复登记。"
                raise AppError(said, field="at", next_step="不是同一次请核对时间和到场人。")
            tx.add(event)
    return list(events)


def _complete(db: Database, actor: Actor, event: DoorBellEvent) -> None:
    if event.kind not in rules.KINDS:
        raise AppError(
            f"没有“{event.kind}”这种记录，没有保存。", field="kind", next_step=f"可以是：{'、'.join(rules.KINDS)}。"
        )
    now = f"{db.clock.now():%Y-%m-%d %H:%M}"
    rules.must_be_moment(event.at, "时间", "at", now)
    event.who_came = event.who_came or None
    if event.came_at:
        rules.must_be_moment(event.came_at, "到场时间", "came_at", now)
        if event.came_at[: len(event.at)] < event.at[: len(event.came_at)]:
            raise AppError("到场时间早于报警时间，没有保存。", field="came_at", next_step="请核对两个时间。")
    if event.kind == rules.CAME and not event.who_came:
        raise AppError("没有写谁到场，没有保存。", field="who_came", next_step="请写上到场人的姓名。")
    if event.cause:
        event.cause = choices.name(db, "bell_causes", event.cause, "报警原因", "cause")
    event.by_name = event.by_name or actor.name


# --------------------------------------------------------------------------------------------------------------- pairs


@needs(RIGHT)
def pair(db: Database, actor: Actor, made: CarePair, why: str = "") -> CarePair:
    """Pairs a helper with a resident or a household.

    AppError, with nothing written, for a pair with oneself, with somebody who has died or left (on either side), for
    the same helper twice, for an interval that is none, and outside the own grids without a reason.
    """
    must_reach(db, actor, RIGHT, people=[made.person_id], homes=[made.household_id], why=why)
    _check_pair(db, made.__dict__)
    with db.transaction(actor, "结对包保", why) as tx:
        _check_subject(tx, made)
        _check_helper(tx, made)
        made.helper_name = made.helper_name.strip()
        if not made.helper_name:
            raise AppError("没有写谁来结对，没有保存。", field="helper_name", next_step="请选居民，或写姓名和单位。")
        _free_helper(tx, made)
        made.care_class = desk_codes(db, "tags").name(made.care_class) or None
        return tx.add(made)


def _check_pair(db: Database, told: dict[str, Any]) -> None:
    rules.must_be_interval(told.get("interval_days"))
    if told.get("from_on"):
        must_be_past(db.clock.today(), told["from_on"], "结对日期", "from_on")


def _check_subject(tx: Transaction, made: CarePair) -> None:
    if bool(made.person_id) == bool(made.household_id):
        raise AppError("结对的是一位居民还是一户要选一项，没有保存。", field="person_id", next_step="请选居民或户。")
    if made.household_id:
        if (home := tx.need(Household, made.household_id)).to_on:
            raise AppError(f"这户已于 {home.to_on} 搬离，没有结对。", field="household_id", next_step="请核对户。")
        return
    _must_be_here(tx.need(Person, made.person_id), "person_id")


def _check_helper(tx: Transaction, made: CarePair) -> None:
    if not made.helper_id:
        return
    helper = tx.need(Person, made.helper_id)
    _must_be_here(helper, "helper_id")
    lives_there = made.household_id and tx.scalar(
        "SELECT 1 FROM household_member WHERE household_id=? AND person_id=? AND sync_del=0 AND to_on IS NULL",
        (made.household_id, made.helper_id),
    )
    if made.helper_id == made.person_id or lives_there:
        raise AppError(
            f"{helper.name}不能和自己（或自己家）结对，没有保存。", field="helper_id", next_step="请换一位结对人。"
        )
    made.helper_name = made.helper_name or helper.name
    made.helper_phone = made.helper_phone or helper.phones.split(" ", 1)[0] or None


def _must_be_here(who: Person, field: str) -> None:
    if who.deceased_on or who.left_on:
        when = f"已于 {who.deceased_on} 去世" if who.deceased_on else f"已于 {who.left_on} 迁出"
        raise AppError(f"{who.name}{when}，没有结对。", field=field, next_step="请核对是哪一位。")


def _free_helper(tx: Transaction, made: CarePair) -> None:
    twice = (
        "SELECT 1 FROM care_pair WHERE person_id IS ? AND household_id IS ? AND helper_name=? AND helper_id IS ? "
        "AND sync_del=0 AND to_on IS NULL"
    )
    if tx.scalar(twice, (made.person_id, made.household_id, made.helper_name, made.helper_id)):
        raise AppError(
            f"{made.helper_name}已经和这里结对了，没有重复保存。", field="helper_name", next_step="要改间隔请用“修改”。"
        )


@needs(RIGHT)
def change_pair(db: Database, actor: Actor, /, pair_id: str, why: str = "", **changes: Any) -> CarePair:
    """Changes the named fields of a pair; whom it is for, and which resident helps, stays."""
    _only(changes, _PAIR_CHANGES, "结对的双方不能改", "请结束这一对，再重新结对。")
    _check_pair(db, changes)
    if "helper_name" in changes and not (changes["helper_name"] or "").strip():
        raise AppError("没有写谁来结对，没有保存。", field="helper_name", next_step="请写上姓名。")
    if changes.get("care_class"):
        changes["care_class"] = desk_codes(db, "tags").name(changes["care_class"])
    _must_reach_pair(db, actor, pair_id, why)
    with db.transaction(actor, "修改结对包保", why) as tx:
        return tx.change(CarePair, pair_id, **changes)


@needs(RIGHT)
def end_pair(db: Database, actor: Actor, pair_id: str, on: str, why: str = "") -> CarePair:
    """Ends a pair on a day up to today; it stays in the history."""
    must_be_past(db.clock.today(), on, "结束日期", "on")
    _must_reach_pair(db, actor, pair_id, why)
    with db.transaction(actor, "结束结对包保", why) as tx:
        made = tx.need(CarePair, pair_id)
        if made.from_on and on < made.from_on[: len(on)]:
            raise AppError(f"结束日期早于结对日期（{made.from_on}），没有保存。", field="on", next_step="请核对。")
        return tx.change(CarePair, pair_id, to_on=on)


# -------------------------------------------------------------------------------------------------------------- shared


def _only(changes: dict[str, Any], allowed: Sequence[str], words: str, next_step: str) -> None:
    for name in changes:
        if name not in allowed:
            raise AppError(f"{words}，没有保存。", field=name, next_step=next_step)


def _must_reach_bells(db: Database, actor: Actor, bell_ids: Sequence[str], why: str) -> None:
    bells = [bell for one in dict.fromkeys(bell_ids) if (bell := db.get(DoorBell, one))]
    homes, rooms = [bell.household_id for bell in bells], [bell.room_id for bell in bells]
    must_reach(db, actor, RIGHT, homes=homes, rooms=rooms, why=why)


def _must_reach_pair(db: Database, actor: Actor, pair_id: str, why: str) -> None:
    if found := db.get(CarePair, pair_id):
        must_reach(db, actor, RIGHT, people=[found.person_id], homes=[found.household_id], why=why)
