"""Orders, wishes, reporting in and duty of the demonstration community: a year, told in `demo/orders.toml`."""

import tomllib
from datetime import date, timedelta
from typing import Any

from desktop_app.orders import actions, duty, finding, people, reporting, roster, wishes
from desktop_app.orders.actions import Deed
from desktop_app.orders.duty import Signed
from desktop_app.orders.model import Helper, Post, Registration, RegistrationClaim, ServiceOrder
from desktop_app.orders.reporting_rules import DUTY
from desktop_app.orders.rules import GIVEN_OUT
from desktop_app.orders.wishes import WishDeed
from desktop_app.shared.actor import Actor
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

_APART = 23
"""Every so many residents, one asks for something."""
_STEPS = ("点单", "派单", "接单", "开始", "完成")

_NIGHT_OVER = "03:00"
_DAY_MINUTES = 24 * 60


def serve_for_a_year(db: Database, actor: Actor) -> None:
    """Helpers, orders, wishes, posts, those who report in, and duty up to the end of next week."""
    _Year(db, actor, tomllib.loads(resource("demo", "orders.toml").read_text("utf-8"))).tell()


class _Year:
    """The year being told."""

    def __init__(self, db: Database, actor: Actor, told: dict[str, Any]) -> None:
        self._db, self._actor, self._told = db, actor, told
        self._today = db.clock.today()
        self._residents = _residents(db)
        self._turn = 0

    def tell(self) -> None:
        """All of it, in the order it would have been entered."""
        self._helpers()
        posts = self._posts()
        self._registrations(posts)
        self._orders()
        self._wishes()
        self._duty([posts[one["name"]] for one in self._told["post"] if one.get("kind") == DUTY])

    def _day(self, days_ago: int) -> str:
        return (self._today - timedelta(days=days_ago)).isoformat()

    def _resident(self) -> str:
        self._turn += 1
        return self._residents[self._turn * _APART % len(self._residents)]

    # --------------------------------------------------------------------------------------------------------- helpers

    def _helpers(self) -> None:
        volunteers = iter(_volunteers(self._db))
        for one in self._told["helper"]:
            told = {name: value for name, value in one.items() if name != "resident"}
            person = next(volunteers, None) if one.get("resident") else None
            if one.get("resident") and person is None:
                continue
            people.add_helper(self._db, self._actor, Helper(**{"name": "", **told, "person_id": person}))

    def _posts(self) -> dict[str, Post]:
        made = [reporting.add_post(self._db, self._actor, Post(**one)) for one in self._told["post"]]
        return {post.name: post for post in made}

    def _registrations(self, posts: dict[str, Post]) -> None:
        homes = [str(key) for (key,) in self._db.rows(
            "SELECT m.household_id FROM person_tag t JOIN household_member m ON m.person_id=t.person_id "
            "AND m.sync_del=0 AND m.to_on IS NULL WHERE t.tag LIKE '独居%' AND t.sync_del=0 ORDER BY m.local_no"
        )]  # fmt: skip
        for at, one in enumerate(self._told["registration"]):
            told = {name: value for name, value in one.items() if name not in {"days_ago", "claims"}}
            on = self._day(one["days_ago"])
            known = self._db.scalar("SELECT id FROM helper WHERE name=?", (one["name"],))
            made = reporting.report_in(self._db, self._actor, Registration(on=on, **told), helps=known is None)
            if known:
                reporting.change_registration(self._db, self._actor, made.id, helper_id=known)
            self._claims(made, one, posts, homes[at % len(homes)] if homes else None)

    def _claims(self, who: Registration, one: dict[str, Any], posts: dict[str, Post], home: str | None) -> None:
        for number, (kind, text) in enumerate(one["claims"]):
            claim = RegistrationClaim(registration_id=who.id, kind=kind, on=who.on)
            if kind == "认岗位":
                claim.post_id = posts[text].id
            elif kind == "认亲戚":
                if home is None:
                    continue
                claim.household_id = home
            else:
                claim.text = text
            kept = reporting.claim(self._db, self._actor, claim)
            if number % 2 and one["days_ago"] > 100:  # noqa: PLR2004 some are done by now
                done = (date.fromisoformat(who.on) + timedelta(days=60)).isoformat()
                reporting.finish_claim(self._db, self._actor, kept.id, done, "已办")

    # ---------------------------------------------------------------------------------------------------------- orders

    def _orders(self) -> None:
        tellings = [(days, at, one) for one in self._told["order"] for at, days in enumerate(one["days_ago"])]
        for days, at, one in sorted(tellings, key=lambda told: (-told[0], told[2]["title"])):
            order, helper = self._placed(one, days)
            rating = one["ratings"][at % len(one["ratings"])]
            end = Deed("评单", satisfaction=rating, why_none="" if rating else "三次电话未接通", on=self._day(days - 3))
            steps = [*self._round(order, helper, days, one["minutes"]), end]
            if rating == "不满意":
                steps += [
                    *self._round(order, helper, days - 5, one["minutes"], again=True),
                    Deed("评单", satisfaction="满意", on=self._day(days - 8)),
                ]
            actions.act(self._db, self._actor, order.id, *steps)
        for one in self._told["open"]:
            self._under_way(one)

    def _placed(self, one: dict[str, Any], days: int) -> tuple[ServiceOrder, str]:
        """An order and whoever is proposed first for it."""
        given_out = one.get("variant") == GIVEN_OUT
        want = self._today - timedelta(days=days - 2) if "want_in" not in one else (
            self._today + timedelta(days=one["want_in"])
        )  # fmt: skip
        new = actions.blank(
            self._db,
            title=one["title"],
            text=one["text"],
            colour=one["colour"],
            variant=one.get("variant"),
            received_on=self._day(days),
            want_on=want.isoformat(),
            from_time=one.get("from_time"),
            to_time=one.get("to_time"),
            person_id=None if given_out else self._resident(),
            place="社区党群服务中心" if given_out else None,
        )
        order = actions.place(self._db, self._actor, new)
        found = [each for each in finding.candidates(self._db, order) if each.fits]
        return order, (found or finding.candidates(self._db, order))[0].id

    def _round(self, order: ServiceOrder, helper: str, days: int, minutes: int, *, again: bool = False) -> list[Deed]:
        out = [] if order.variant == GIVEN_OUT and not again else [Deed("派单", helper, on=self._day(days))]
        return [
            *out,
            Deed("接单", helper, on=self._day(days)),
            Deed("完成", minutes=minutes, on=self._day(max(0, days - 2))),
        ]

    def _under_way(self, one: dict[str, Any]) -> None:
        order, helper = self._placed(one, one["days_ago"])
        last, on = one["until"], self._day(one["days_ago"])
        if last == "取消":
            actions.act(self._db, self._actor, order.id, Deed("取消", text=one["why"], on=on))
            return
        upto = _STEPS.index("接单" if last == "退单" else last)
        open_call = order.variant == GIVEN_OUT
        steps = [
            Deed(kind, helper if kind in {"派单", "接单"} else "", on=on, minutes=one.get("minutes"))
            for kind in _STEPS[1 : upto + 1]
            if not (open_call and kind == "派单")
        ]
        if last == "退单":
            steps.append(Deed("退单", text=one["why"], on=self._day(one["days_ago"] - 1)))
        if steps:
            actions.act(self._db, self._actor, order.id, *steps)

    # ---------------------------------------------------------------------------------------------------------- wishes

    def _wishes(self) -> None:
        for one in self._told["wish"]:
            days = one["days_ago"]
            wish = wishes.collect(
                self._db,
                self._actor,
                wishes.blank(
                    self._db,
                    alias=one["alias"],
                    text=one["text"],
                    kind=one["kind"],
                    cost_cap_fen=one["cap"] * 100,
                    received_on=self._day(days),
                    person_id=self._resident(),
                    checked_by=self._actor.name,
                ),
            )
            if "taker" in one:
                kind = "单位" if one.get("unit") else "个人"
                self._wish(wish.id, WishDeed("认领", taker=one["taker"], taker_kind=kind, on=self._day(days - 4)))
            if "cost" in one:
                done = WishDeed("实现", text="已送到家里", cost_fen=one["cost"] * 100, on=self._day(days - 15))
                self._wish(wish.id, done)
            if "thanks" in one:
                self._wish(wish.id, WishDeed("答谢", text=one["thanks"], on=self._day(days - 20)))

    def _wish(self, wish_id: str, deed: WishDeed) -> None:
        wishes.act_on_wish(self._db, self._actor, wish_id, deed)

    # ------------------------------------------------------------------------------------------------------------ duty

    def _duty(self, posts: list[Post]) -> None:
        """Weeks planned and served, this one under way, the next one planned; one came late, one not at all."""
        told, db = self._told["duty"], self._db
        team = [key for key, name in people.helpers_for_duty(db) if len(name) <= 3]  # noqa: PLR2004 no teams
        first = roster.monday(self._today) - timedelta(weeks=told["weeks"])
        for post in posts:
            for week in range(told["weeks"] + 2):
                start = (first + timedelta(weeks=week)).isoformat()
                duty.plan(db, self._actor, post.id, team, start)
        yesterday = self._day(1)
        lines = []
        for at, line in enumerate(roster.shifts(db, first.isoformat(), yesterday)):
            under_way = line.is_overnight and line.on == yesterday and f"{db.clock.now():%H:%M}" < _NIGHT_OVER
            if at % 19 == 11 or not line.helper_id or under_way:  # noqa: PLR2004 now and then somebody does not come
                continue
            came = _later(line.from_time, 25 if at % 13 == 4 else -(at % 4) * 2)  # noqa: PLR2004 and somebody is late
            lines.append(Signed(line.id, came, _later(line.to_time, at % 5), told["items"][at % len(told["items"])]))
        duty.enter_register(db, self._actor, lines)


def _later(time: str, minutes: int) -> str:
    hours, _, rest = time.partition(":")
    whole = (int(hours) * 60 + int(rest) + minutes) % _DAY_MINUTES
    return f"{whole // 60:02}:{whole % 60:02}"


def _residents(db: Database) -> list[str]:
    """Those who live here and have a telephone, in the order of the register."""
    found = db.rows(
        "SELECT p.id FROM person p JOIN residence s ON s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL "
        "WHERE p.sync_del=0 AND p.left_on IS NULL AND p.deceased_on IS NULL AND p.phones<>'' ORDER BY p.local_no"
    )
    return [str(person) for (person,) in found]


def _volunteers(db: Database) -> list[str]:
    """Residents with the tag 志愿者 or 党员, in the order of the register."""
    found = db.rows(
        "SELECT DISTINCT p.id,p.local_no FROM person_tag t JOIN person p ON p.id=t.person_id AND p.sync_del=0 "
        "AND p.left_on IS NULL AND p.deceased_on IS NULL JOIN residence s ON s.person_id=p.id AND s.sync_del=0 "
        "AND s.to_on IS NULL WHERE t.sync_del=0 AND t.to_on IS NULL AND t.tag IN ('志愿者','党员') ORDER BY p.local_no"
    )
    return [str(person) for person, _ in found]
