"""What one may do with duty shifts: plan a week, ask for leave, swap, sign in and out, put somebody else there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.orders import checks, duty_rules
from desktop_app.orders.duty_rules import Duty, Slot, Standing
from desktop_app.orders.model import Helper, Post, Shift, ShiftEvent
from desktop_app.orders.people import need_helper
from desktop_app.orders.reporting_rules import DUTY, slots_of
from desktop_app.orders.shift_facts import Planned, duties, leaves_of, planned
from desktop_app.profiles.queries import order_rules
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_whole
from desktop_app.shared.ids import named_id
from desktop_app.store.database import Database, Transaction

WEEK: Final = 7
_LONGEST_DAYS: Final = 62
_LOOKED_BACK: Final = 180
"""Days of duty that count for whose turn it is."""


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """What planning brought: shifts made, those with somebody, those nobody could take."""

    made: int
    filled: int
    vacant: int


@needs("orders.change")
def plan(
    db: Database, actor: Actor, post_id: str, helper_ids: Sequence[str], since: str, days: int = WEEK
) -> PlannedWeek:
    """Makes the shifts of a place of duty for some days from `since` on, and shares them out fairly.

    A shift that is there already stays as it is.  Whoever has served least in the last half year is next; nobody stands
    twice a day, at any post, or on a day of leave.  AppError where nobody is named.
    """
    must_be_whole(since, "开始日期", "since")
    if not 0 < days <= _LONGEST_DAYS:
        raise AppError("一次只能排 1 到 62 天，没有排班。", field="days", next_step="请改天数。")
    if not helper_ids:
        raise AppError("没有选值守的人，没有排班。", field="helpers", next_step="请先选人，或在“志愿者”里登记。")
    until = checks.later(date.fromisoformat(since), days - 1)
    with db.transaction(actor, f"排班（{since[5:]} 至 {until[5:]}）") as tx:
        post = _duty_post(tx, post_id)
        fresh = _missing(tx, post, since, days)
        if not fresh:
            raise AppError("这几天的班已经排好，没有重复排班。", next_step="要换人请用“改派”或“换班”。")
        rest = order_rules(db.path.parent)["rest_minutes"]
        given = duty_rules.rotate([one.slot for one in fresh], _people(tx, helper_ids, since, until), rest)
        tx.add_all([_shift(one, given.get(one.id)) for one in fresh])
        return PlannedWeek(len(fresh), len(given), len(fresh) - len(given))


def _duty_post(tx: Transaction, post_id: str) -> Post:
    post = tx.need(Post, post_id)
    if post.kind != DUTY:
        raise AppError(f"“{post.name}”不是值守岗亭，没有排班。", field="post_id", next_step="请选岗亭，或新设一个。")
    return post


def _missing(tx: Transaction, post: Post, since: str, days: int) -> list[Planned]:
    """The shifts of these days that are not there; every desk derives the same identifiers, so none is made twice."""
    there = {one.id for one in planned(tx, since, checks.later(date.fromisoformat(since), days - 1), post.id)}
    found = []
    for at in range(days):
        on = checks.later(date.fromisoformat(since), at)
        if (post.from_on and on < post.from_on) or (post.to_on and on >= post.to_on):
            continue
        for first, last in slots_of(post.slots) or ():
            for seat in range(1, post.capacity + 1):
                key = named_id("shift", post.id, on, first, str(seat))
                if key not in there and not tx.scalar("SELECT 1 FROM shift WHERE id=?", (key,)):
                    found.append(Planned(key, post.id, on, first, last, seat, None))
    return found


def _shift(one: Planned, helper_id: str | None) -> Shift:
    return Shift(
        id=one.id,
        post_id=one.post_id,
        on=one.on,
        from_time=one.from_time,
        to_time=one.to_time,
        seat=one.seat,
        helper_id=helper_id,
    )


def _people(tx: Transaction, helper_ids: Sequence[str], since: str, until: str) -> list[Standing]:
    """How often each has served, when last, when they are away, where they stand already."""
    for helper_id in helper_ids:
        need_helper(tx, helper_id, since)
    back = checks.later(date.fromisoformat(since), -_LOOKED_BACK)
    shifts = planned(tx, back, duty_rules.day_after(until))
    became = duties(tx, shifts)
    served = dict.fromkeys(helper_ids, 0)
    last, stands = dict[str, str](), dict[str, list[Slot]]()
    for one in shifts:
        duty = became[one.id]
        if duty.off or duty.helper_id not in served:
            continue
        stands.setdefault(duty.helper_id, []).append(one.slot)
        if one.on <= until:
            served[duty.helper_id] += 1
            last[duty.helper_id] = max(last.get(duty.helper_id, ""), one.on)
    away = duty_rules.leaves(leaves_of(tx, list(helper_ids)))
    return [
        Standing(key, many, last.get(key, ""), away.get(key, ()), stands=_near(stands.get(key, ()), since))
        for key, many in served.items()
    ]


def _near(stands: Sequence[Slot], since: str) -> tuple[Slot, ...]:
    """Those that can stand in the way of what begins on a day: the night before, and later."""
    return tuple(slot for slot in stands if duty_rules.day_after(slot.last_on) >= since)


@needs("orders.change")
def keep_roster(db: Database, actor: Actor, shifts: Sequence[Shift]) -> int:
    """Keeps a roster that was made elsewhere (`roster_sheet.read_roster`), all of it or nothing; returns how many."""
    with db.transaction(actor, f"导入排班（{len(shifts)}班）") as tx:
        for shift in shifts:
            _duty_post(tx, shift.post_id)
        tx.add_all(list(shifts))
    return len(shifts)


# ------------------------------------------------------------------------------------------------------------- on duty


def _now(db: Database) -> str:
    return f"{db.clock.now():%H:%M}"


def _need(tx: Transaction, shift_id: str) -> tuple[Planned, Duty]:
    shift = tx.need(Shift, shift_id)
    one = Planned(shift.id, shift.post_id, shift.on, shift.from_time, shift.to_time, shift.seat, shift.helper_id)
    return one, duties(tx, [one])[shift_id]


def _write(tx: Transaction, event: ShiftEvent, shift_id: str) -> Duty:
    """Adds an event; AppError where it would come to nothing."""
    tx.add(event)
    duty = _need(tx, shift_id)[1]
    for late in duty.stale:
        if late.event_id == event.id:
            raise AppError(f"{late.why}，没有保存。", next_step="请刷新排班表后再试。")
    return duty


@needs("orders.change")
def sign_in(db: Database, actor: Actor, shift_id: str, time: str = "", helper_id: str = "") -> Duty:
    """Somebody came: now, or at `time` of the shift's day; an empty shift is taken by `helper_id`."""
    with db.transaction(actor, "值守签到") as tx:
        one, duty = _need(tx, shift_id)
        if duty.off:
            raise AppError(f"这一班已停（{duty.off}），没有签到。", next_step="请核对排班表。")
        if not (helper_id or duty.helper_id):
            raise AppError("这一班没有排人，没有签到。", field="helper_id", next_step="请先选是谁在值守。")
        if helper_id:
            need_helper(tx, helper_id, one.on)
        at = _time_of(db, one.slot, time)
        return _write(tx, _event(tx, "签到", shift_id, helper_id=helper_id or duty.helper_id, time=at), shift_id)


@needs("orders.change")
def sign_out(db: Database, actor: Actor, shift_id: str, time: str = "", items: str = "") -> Duty:
    """Somebody left: now, or at `time` of the shift's day; `items` is what was handled."""
    with db.transaction(actor, "值守签退") as tx:
        one, duty = _need(tx, shift_id)
        at = _time_of(db, one.slot, time)
        event = _event(tx, "签退", shift_id, helper_id=duty.helper_id, time=at, text=items)
        return _write(tx, event, shift_id)


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of the register that lies in the kiosk: when somebody came and went, and what was handled."""

    shift_id: str
    in_time: str
    out_time: str
    items: str = ""


@needs("orders.change")
def enter_register(db: Database, actor: Actor, lines: Sequence[Signed]) -> int:
    """Enters a page of the register that was kept on paper, in one go; AppError names the line that is wrong."""
    with db.transaction(actor, f"登记值守（{len(lines)}班）") as tx:
        for at, line in enumerate(lines, 1):
            try:
                _enter(tx, line)
            except AppError as error:
                words = f"第 {at} 行：{error.message}整页都没有保存。"
                raise AppError(words, field=error.field, next_step=error.next_step) from error
    return len(lines)


def _enter(tx: Transaction, line: Signed) -> None:
    one, duty = _need(tx, line.shift_id)
    if not duty.helper_id:
        raise AppError("这一班没有排人。", next_step="请先改派。")
    for kind, time, items in (("签到", line.in_time, ""), ("签退", line.out_time, line.items)):
        told = _time_of(tx.db, one.slot, time)
        _write(tx, _event(tx, kind, one.id, helper_id=duty.helper_id, time=told, text=items), one.id)


def _time_of(db: Database, slot: Slot, time: str) -> str:
    """When in a shift, as it is kept; for a shift of a day before the time has to be told."""
    today = db.clock.today().isoformat()
    now = duty_rules.seen_from(slot.on, today, _now(db))
    if not now:
        raise AppError(f"这一班是 {slot.on} 的，还没有到，没有保存。", next_step="请选今天的班次。")
    if time and not duty_rules.is_time(time):
        raise AppError(f"“{time}”不是时间，没有保存。", field="time", next_step="请写成 08:30 的样子。")
    if not time and today > slot.last_on:
        raise AppError("补登以前的班要写明时间，没有保存。", field="time", next_step="请写成 08:30 的样子。")
    told = duty_rules.as_kept(slot, time) if time else now
    if told > now:
        raise AppError(f"{duty_rules.spoken(told)} 还没有到，没有保存。", field="time", next_step="请核对时间。")
    return told


@needs("orders.change")
def note_on(db: Database, actor: Actor, shift_id: str, text: str) -> Duty:
    """A word about a shift: why somebody did not come, what was handled."""
    told = checks.text(text, "内容", "text")
    with db.transaction(actor, "值守备注") as tx:
        return _write(tx, _event(tx, "备注", shift_id, text=told), shift_id)


@needs("orders.change")
def call_off(db: Database, actor: Actor, shift_id: str, why: str) -> Duty:
    """No duty in this shift: rain, a holiday."""
    told = checks.text(why, "停班的原因", "why", 60)
    with db.transaction(actor, "停班", told) as tx:
        return _write(tx, _event(tx, "停班", shift_id, text=told), shift_id)


@needs("orders.change")
def reassign(db: Database, actor: Actor, shift_id: str, helper_id: str) -> Duty:
    """Puts somebody else into a shift, or somebody into an empty one.  AppError for a second shift on one day."""
    with db.transaction(actor, "值守改派") as tx:
        one, _ = _need(tx, shift_id)
        helper = need_helper(tx, helper_id, one.on)
        _must_be_free(tx, helper, one.slot, besides=(shift_id,))
        return _write(tx, _event(tx, "改派", shift_id, helper_id=helper_id), shift_id)


def _must_be_free(tx: Transaction, helper: Helper, slot: Slot, besides: Sequence[str]) -> None:
    rest = order_rules(tx.db.path.parent)["rest_minutes"]
    near = planned(tx, checks.later(date.fromisoformat(slot.on), -1), duty_rules.day_after(slot.on))
    near = [one for one in near if one.id not in besides and duty_rules.clash(slot, one.slot, rest)]
    became = duties(tx, near)
    for one in near:
        if became[one.id].helper_id != helper.id or became[one.id].off:
            continue
        if one.on == slot.on:
            said, then = f"{slot.on} 已有一班", "一人一天只排一班。"
        else:
            said, then = f"{one.on} {one.from_time}-{one.to_time} 那一班离得太近", "请另选一位，或改派那一班。"
        raise AppError(f"{helper.name} {said}，没有保存。", field="helper_id", next_step=then)
    away = duty_rules.leaves(leaves_of(tx, [helper.id])).get(helper.id, ())
    if any(first <= slot.last_on and slot.on <= last for first, last in away):
        raise AppError(f"{helper.name} {slot.on} 请假，没有保存。", field="helper_id", next_step="请另选一位。")


# --------------------------------------------------------------------------------------------------------------- swaps


@needs("orders.change")
def ask_swap(db: Database, actor: Actor, shift_id: str, other_id: str, text: str = "") -> str:
    """Who stands in one shift asks who stands in another to change places; returns the id of the request.

    AppError for a swap with oneself, for a shift that began or is empty, and where one would stand twice a day.
    """
    with db.transaction(actor, "换班申请") as tx:
        one, duty = _need(tx, shift_id)
        other, there = _need(tx, other_id)
        if duty.asks:
            raise AppError("这一班已经提出换班，还没有答复，没有保存。", field="other_id", next_step="请先“答复换班”。")
        _must_swap(tx, (one, duty), (other, there))
        event = _event(tx, "换班申请", shift_id, other_id=other_id, helper_id=duty.helper_id, text=text)
        _write(tx, event, shift_id)
        return event.id


def _must_swap(tx: Transaction, one: tuple[Planned, Duty], other: tuple[Planned, Duty]) -> None:
    (here, mine), (there, theirs) = one, other
    today = tx.db.clock.today().isoformat()
    if here.id == there.id or (mine.helper_id and mine.helper_id == theirs.helper_id):
        raise AppError("不能同自己换班，没有保存。", field="other_id", next_step="请选别人的班。")
    if not (mine.helper_id and theirs.helper_id):
        raise AppError("其中一班没有排人，没有保存。", field="other_id", next_step="空班请用“改派”。")
    if min((here.on, here.from_time), (there.on, there.from_time)) <= (today, _now(tx.db)):
        raise AppError("已经开始或过去的班不能换，没有保存。", field="other_id", next_step="请选以后的班。")
    both = (here.id, there.id)
    _must_be_free(tx, tx.need(Helper, mine.helper_id), there.slot, both)
    _must_be_free(tx, tx.need(Helper, theirs.helper_id), here.slot, both)


@needs("orders.change")
def answer_swap(db: Database, actor: Actor, ask_id: str, *, agrees: bool, text: str = "") -> Duty:
    """The other one agrees, and they change places; or refuses.  AppError where one of the shifts has changed since."""
    with db.transaction(actor, "换班同意" if agrees else "换班拒绝") as tx:
        ask = tx.need(ShiftEvent, ask_id)
        shift_id, other_id = ask.shift_id or "", ask.other_id or ""
        one, other = _need(tx, shift_id), _need(tx, other_id)
        if all(known != ask_id for known, _, _ in one[1].asks):
            raise AppError("这次换班已经答复过，或其中一班换了人，没有保存。", next_step="请刷新排班表后再试。")
        if agrees:
            _must_swap(tx, one, other)
        event = _event(
            tx, "换班同意" if agrees else "换班拒绝", shift_id,
            other_id=other_id, helper_id=other[1].helper_id, text=text, expects=ask_id,
        )  # fmt: skip
        return _write(tx, event, shift_id)


@needs("orders.change")
def take_back_swap(db: Database, actor: Actor, ask_id: str) -> Duty:
    """Who asked does not want to any more."""
    with db.transaction(actor, "换班撤回") as tx:
        ask = tx.need(ShiftEvent, ask_id)
        event = _event(tx, "换班撤回", ask.shift_id or "", helper_id=ask.helper_id or "", expects=ask_id)
        return _write(tx, event, ask.shift_id or "")


# --------------------------------------------------------------------------------------------------------------- leave


@needs("orders.change")
def ask_leave(db: Database, actor: Actor, helper_id: str, since: str, until: str = "", text: str = "") -> str:
    """Days on which a helper is not to be asked; returns the id.  Shifts planned already have to be given to others."""
    until = until or since
    must_be_whole(since, "请假开始", "since")
    must_be_whole(until, "请假结束", "until")
    if until < since:
        raise AppError("请假结束早于开始，没有保存。", field="until", next_step="请核对日期。")
    with db.transaction(actor, "请假") as tx:
        tx.need(Helper, helper_id)
        event = ShiftEvent(
            kind="请假",
            at=db.clock.ms(),
            by_name=actor.name,
            helper_id=helper_id,
            from_on=since,
            to_on=until,
            text=text.strip() or None,
        )
        return tx.add(event).id


@needs("orders.change")
def end_leave(db: Database, actor: Actor, leave_id: str) -> None:
    """A leave is over before its time, or taken back; AppError where it was ended already."""
    with db.transaction(actor, "销假") as tx:
        leave = tx.need(ShiftEvent, leave_id)
        ended = "SELECT 1 FROM shift_event WHERE kind='销假' AND expects=? AND sync_del=0"
        if leave.kind != "请假" or tx.scalar(ended, (leave_id,)):
            raise AppError("这次请假已经销了，没有再登记。", next_step="请刷新后查看。")
        tx.add(
            ShiftEvent(kind="销假", at=db.clock.ms(), by_name=actor.name, helper_id=leave.helper_id, expects=leave_id)
        )


def _event(tx: Transaction, kind: str, shift_id: str, **more: str) -> ShiftEvent:
    """Written after all that is known of the shifts, though the clock of this desk may be behind."""
    told: dict[str, Any] = {name: value.strip() or None for name, value in more.items()}
    asked = json.dumps([key for key in (shift_id, told.get("other_id")) if key])
    last = tx.scalar(
        "SELECT max(at) FROM shift_event WHERE shift_id IN (SELECT value FROM json_each(:ids)) "
        "OR other_id IN (SELECT value FROM json_each(:ids))",
        {"ids": asked},
    )
    at = max(tx.db.clock.ms(), int(last or 0) + 1)
    return ShiftEvent(kind=kind, at=at, by_name=tx.actor.name, shift_id=shift_id, **told)
