"""What one may do with venues, activities and the yearly review: each function is one transaction."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.partners import rules
from desktop_app.partners.actions import RIGHT
from desktop_app.partners.doings import facts, marked
from desktop_app.partners.model import Activity, Booking, PartnerUnit, SignIn, UnitReview, Venue
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.database import Database, Transaction

_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d")


# -------------------------------------------------------------------------------------------------------------- venues


@needs(RIGHT)
def add_venue(db: Database, actor: Actor, venue: Venue) -> Venue:
    """Enters a venue; a second one of the same name is refused."""
    filled(venue.name, "name", "场地名称")
    with db.transaction(actor, f"登记场地：{venue.name}") as tx:
        _must_be_new(tx, venue.id, venue.name)
        return tx.add(venue)


def _must_be_new(tx: Transaction, venue_id: str, name: str) -> None:
    if tx.scalar("SELECT 1 FROM venue WHERE name=? AND id<>? AND sync_del=0 AND to_on IS NULL", (name, venue_id)):
        raise AppError(f"已经有场地“{name}”了，没有重复保存。", field="name", next_step="请直接使用那一处。")


@needs(RIGHT)
def change_venue(db: Database, actor: Actor, venue_id: str, **changes: Any) -> Venue:
    """Changes the named fields of a venue; a day in `to_on` closes it, refused while a later time is booked."""
    if "name" in changes:
        changes["name"] = filled(changes["name"], "name", "场地名称")
    with db.transaction(actor, "修改场地") as tx:
        venue = tx.change(Venue, venue_id, **changes)
        if "name" in changes:
            _must_be_new(tx, venue.id, venue.name)
        if venue.seats is not None and venue.seats < 1:
            raise AppError("容纳人数至少是 1，没有保存。", field="seats", next_step="不限人数请留空。")
        if changes.get("to_on"):
            _must_be_unbooked(tx, venue, changes["to_on"])
        return venue


def _must_be_unbooked(tx: Transaction, venue: Venue, on: str) -> None:
    must_be_date(on, "停用日期", "to_on")
    sql = (
        "SELECT starts_at,by_name FROM booking WHERE venue_id=? AND sync_del=0 AND cancelled_on IS NULL "
        "AND starts_at>=? ORDER BY starts_at"
    )
    if later := tx.rows(sql, (venue.id, on)):
        start, who = later[0]
        raise AppError(
            f"“{venue.name}”{start}还有{who}的预约，没有停用。",
            field="to_on",
            next_step="请先取消以后的预约，或改停用日期。",
        )


@needs(RIGHT)
def book(db: Database, actor: Actor, booking: Booking) -> Booking:
    """Books a venue; AppError, naming who has it, where the time is taken."""
    for field, zh in (("starts_at", "开始"), ("ends_at", "结束")):
        found = _MOMENT.fullmatch(getattr(booking, field))
        if not found:
            raise AppError(f"{zh}时间看不懂，没有预约。", field=field, next_step="请写成 2026-03-05 14:00。")
        must_be_date(found[1], zh, field)
    if booking.ends_at <= booking.starts_at:
        raise AppError("结束不晚于开始，没有预约。", field="ends_at", next_step="请核对时间。")
    filled(booking.by_name, "by_name", "预约人")
    filled(booking.purpose, "purpose", "用途")
    with db.transaction(actor, f"预约场地：{booking.purpose}") as tx:
        venue = tx.need(Venue, booking.venue_id)
        if venue.to_on and venue.to_on <= booking.starts_at[:10]:
            raise AppError(f"“{venue.name}”已停用，没有预约。", field="venue_id", next_step="请换一处场地。")
        _must_be_free(tx, booking, venue)
        return tx.add(booking)


def _must_be_free(tx: Transaction, booking: Booking, venue: Venue) -> None:
    taken = tx.rows(
        "SELECT starts_at,ends_at,by_name,purpose FROM booking WHERE venue_id=? AND sync_del=0 "
        "AND cancelled_on IS NULL AND starts_at<? AND ends_at>? ORDER BY starts_at",
        (booking.venue_id, booking.ends_at, booking.starts_at),
    )
    if taken:
        start, end, who, what = taken[0]
        raise AppError(
            f"“{venue.name}”{start}至{end[11:]}已由{who}预约（{what}），没有预约。",
            field="starts_at",
            next_step="请换时间或场地。",
        )
    if venue.seats and booking.persons and booking.persons > venue.seats:
        raise AppError(
            f"“{venue.name}”最多容纳 {venue.seats} 人，没有预约。", field="persons", next_step="请换大一些的场地。"
        )


@needs(RIGHT)
def cancel_booking(db: Database, actor: Actor, booking_id: str, why: str) -> Booking:
    """Gives a booked time back."""
    filled(why, "cancelled_why", "取消原因")
    with db.transaction(actor, "取消场地预约", why) as tx:
        return tx.change(Booking, booking_id, cancelled_on=db.clock.today().isoformat(), cancelled_why=why)


# ---------------------------------------------------------------------------------------------------------- activities


@needs(RIGHT)
def plan_activity(db: Database, actor: Actor, activity: Activity) -> Activity:
    """Enters an activity, before or after it takes place."""
    filled(activity.title, "title", "活动名称")
    must_be_date(activity.on, "日期", "on")
    activity.kind = desk_codes(db, "activity_kinds").name(activity.kind) or "共建活动"
    with db.transaction(actor, f"登记活动：{activity.title}") as tx:
        return tx.add(activity)


@needs(RIGHT)
def change_activity(db: Database, actor: Actor, activity_id: str, **changes: Any) -> Activity:
    """Changes the named fields of an activity; its result and how many were served among them."""
    if changes.get("result") and (found := db.get(Activity, activity_id)) and found.on > db.clock.today().isoformat():
        raise AppError("活动还没有到日子，不能登记情况，没有保存。", field="result", next_step="请先核对活动日期。")
    if (changes.get("served") or 0) < 0:
        raise AppError("服务人次不能小于 0，没有保存。", field="served", next_step="请核对数字。")
    with db.transaction(actor, "修改活动") as tx:
        return tx.change(Activity, activity_id, **changes)


@needs(RIGHT)
def sign_in(db: Database, actor: Actor, activity_id: str, people: Sequence[SignIn]) -> list[SignIn]:
    """Enters who came; whoever stands on the list already for the same unit is left out."""
    with db.transaction(actor, f"活动签到（{len(people)}人）") as tx:
        activity = tx.need(Activity, activity_id)
        if activity.cancelled_on:
            raise AppError(f"“{activity.title}”已取消，没有签到。", next_step="请核对活动。")
        sql = "SELECT name,unit_id FROM sign_in WHERE activity_id=? AND sync_del=0"
        there = set(tx.rows(sql, (activity_id,)))
        kept = []
        for one in people:
            one.activity_id, one.name = activity_id, " ".join(one.name.split())
            filled(one.name, "name", "姓名")
            if one.minutes < 0:
                raise AppError("服务分钟不能小于 0，没有保存。", field="minutes", next_step="请核对数字。")
            if (one.name, one.unit_id) not in there:
                there.add((one.name, one.unit_id))
                kept.append(tx.add(one))
        return kept


# ------------------------------------------------------------------------------------------------------------ reviewing


@needs("partners.approve")
def review(
    db: Database, actor: Actor, unit_id: str, year: int, *, meetings: tuple[int, int] = (0, 0), opinion: str = ""
) -> UnitReview:
    """Reviews a unit's year by what is on record; the facts are kept with it.  A second one of a year takes its place.

    `meetings`: how many joint meetings it attended, of how many it was invited to.
    """
    told = facts(db, unit_id, year, meetings)
    _, points, grade = marked(db, told)
    today = db.clock.today().isoformat()
    with db.transaction(actor, f"{year}年度单位评议") as tx:
        unit = tx.need(PartnerUnit, unit_id)
        if str(year) > today[:4]:
            raise AppError(f"{year}年还没有到，没有评议{unit.name}。", field="year", next_step="请核对年度。")
        said: dict[str, Any] = {"facts": json.dumps(asdict(told)), "score": points, "grade": grade, "opinion": opinion}
        sql = "SELECT id FROM unit_review WHERE unit_id=? AND year=? AND sync_del=0"
        known = tx.scalar(sql, (unit_id, year))
        if known:
            return tx.change(UnitReview, known, **said, on=today, by_name=actor.name)
        return tx.add(UnitReview(unit_id=unit_id, year=year, on=today, by_name=actor.name, **said))


def facts_kept(review_: UnitReview) -> rules.Facts:
    """The facts a review rested on."""
    told = json.loads(review_.facts)
    pairs = {name: tuple(told[name]) for name in ("items", "claims", "meetings")}
    return rules.Facts(**pairs, activities=told["activities"], minutes=told["minutes"])
