"""The partners of the demonstration community: agreements, lists, claims, venues, activities and reviews of a year."""

import tomllib
from datetime import date, timedelta
from typing import Any

from desktop_app.partners import actions, together
from desktop_app.partners.model import (
    Activity,
    Agreement,
    AgreementItem,
    Booking,
    Claim,
    ListItem,
    PartnerUnit,
    PartTimeMember,
    SignIn,
    Venue,
)
from desktop_app.partners.rules import year_of
from desktop_app.shared.actor import Actor
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database


def work_together(db: Database, actor: Actor) -> int:
    """A year of working together; returns how many units take part."""
    with resource("demo", "partners.toml").open("rb") as file:
        told = tomllib.load(file)
    _Year(db, actor, told).fill()
    return len(told["units"])


class _Year:
    """Fills in one year up to today."""

    def __init__(self, db: Database, actor: Actor, told: dict[str, Any]) -> None:
        self._db, self._actor, self._told = db, actor, told
        self._today = db.clock.today()
        self._units: dict[str, str] = {}

    def fill(self) -> None:
        began = self._ago(360)
        for one in self._told["units"]:
            self._units[one["name"]] = actions.add_unit(self._db, self._actor, PartnerUnit(**one, from_on=began)).id
        for one in self._told["members"]:
            self._member(one, began)
        for one in self._told["agreements"]:
            self._agreement(one)
        for one in self._told["lists"]:
            self._item(one)
        for one in self._told["venues"]:
            self._venue(one)
        for one in self._told["activities"]:
            self._activities(one)
        for one in self._told["reviews"]:
            together.review(self._db, self._actor, self._units[one["unit"]], self._today.year, opinion=one["opinion"])

    def _member(self, one: dict[str, Any], began: str) -> None:
        told = {name: one[name] for name in ("name", "post", "role", "source")}
        last = year_of(date.fromisoformat(began))[1]
        member = PartTimeMember(**told, unit_id=self._units[one["unit"]], from_on=began, to_on=last)
        actions.appoint_member(self._db, self._actor, member)

    def _agreement(self, one: dict[str, Any]) -> None:
        first, last = year_of(self._today - timedelta(days=one["ago"]))
        items = [
            AgreementItem(
                agreement_id="", seq=0, side=item["side"], text=item["text"], times=item["times"],
                due_on=self._ago(-item["due"]) if "due" in item else None,
            )
            for item in one["items"]
        ]  # fmt: skip
        drawn = Agreement(
            unit_id=self._units[one["unit"]], year=int(first[:4]), goals=one["goals"], from_on=first, expires_on=last
        )
        actions.draw_agreement(self._db, self._actor, drawn, items)
        if not one["signed"]:
            return
        actions.sign_agreement(self._db, self._actor, drawn.id, first)
        for item, told in zip(items, one["items"], strict=True):
            for ago in told["kept"]:
                actions.keep_promise(self._db, self._actor, item.id, self._ago(ago), told["result"])

    def _item(self, one: dict[str, Any]) -> None:
        item = ListItem(
            list_type=one["list"], title=one["title"], text=one.get("text", ""), colour=one["colour"],
            quantity=one.get("quantity", 1), unit_id=self._units.get(one.get("unit", "")),
            from_on=self._ago(one["ago"]),
        )  # fmt: skip
        actions.publish(self._db, self._actor, item)
        for taken in one.get("claims", ()):
            claim = Claim(
                item_id=item.id, unit_id=self._units.get(taken["unit"]), taker=taken["unit"] or self._actor.name,
                promise=taken["promise"], quantity=taken.get("quantity", 1), on=self._ago(taken["ago"]),
                due_on=self._ago(taken["ago"] - 60 if "due" not in taken else -taken["due"]),
            )  # fmt: skip
            actions.claim(self._db, self._actor, claim)
            for at, deed in enumerate(taken["deeds"], start=1):
                said = {"评价": {"satisfaction": "满意"}, "退回": {"text": "人手不够"}}.get(deed, {})
                actions.act_on_claim(self._db, self._actor, claim.id, deed, self._ago(taken["ago"] - 12 * at), **said)

    def _venue(self, one: dict[str, Any]) -> None:
        venue = Venue(
            name=one["name"], unit_id=self._units.get(one.get("unit", "")), seats=one["seats"],
            area_m2=one.get("area_m2"), open_hours=one["open_hours"],
        )  # fmt: skip
        together.add_venue(self._db, self._actor, venue)
        for booked in one["bookings"]:
            day = self._ago(-booked["in_days"])
            booking = Booking(
                venue_id=venue.id, starts_at=f"{day} {booked['from']:0>5}", ends_at=f"{day} {booked['to']:0>5}",
                made_at=self._db.clock.ms(), by_name=booked["by"], purpose=booked["purpose"], persons=booked["persons"],
                unit_id=self._units.get(booked.get("unit", "")),
            )  # fmt: skip
            together.book(self._db, self._actor, booking)

    def _activities(self, one: dict[str, Any]) -> None:
        """One a month on its day, the last of them still to come if its day is."""
        for back in range(one["months"], -1, -1):
            month = self._today.year * 12 + self._today.month - 1 - back
            day = date(month // 12, month % 12 + 1, one["day"])
            told = {name: one[name] for name in ("kind", "title", "place", "lead")}
            activity = together.plan_activity(self._db, self._actor, Activity(**told, on=day.isoformat()))
            if day > self._today:
                continue
            came = one["came"][: 1 + back % len(one["came"])]
            people = [
                SignIn(activity_id="", name=who["name"], unit_id=self._units[who["unit"]], minutes=who["minutes"])
                for who in came
            ]
            together.sign_in(self._db, self._actor, activity.id, people)
            together.change_activity(
                self._db, self._actor, activity.id, result=one["result"], served=one["served"] - 3 * back
            )

    def _ago(self, days: int) -> str:
        return (self._today - timedelta(days=days)).isoformat()
