"""Points and time of the demonstration community: a year, told in `demo/points.toml`."""

import tomllib
from datetime import timedelta
from typing import Any

from desktop_app.points import actions, opening, several
from desktop_app.points.actions import Deposit
from desktop_app.points.due import due
from desktop_app.points.rules import FAMILY, MEMBER, TIME
from desktop_app.shared.actor import Actor
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

_MEMBERS = (
    "SELECT DISTINCT p.id,p.local_no FROM person_tag t JOIN person p ON p.id=t.person_id AND p.sync_del=0 "
    "AND p.left_on IS NULL AND p.deceased_on IS NULL WHERE t.sync_del=0 AND t.to_on IS NULL AND t.tag='党员' "
    "ORDER BY p.local_no LIMIT ?"
)
_FAMILIES = (
    "SELECT h.id FROM household h WHERE h.sync_del=0 AND h.to_on IS NULL AND h.room_id IS NOT NULL AND EXISTS("
    "SELECT 1 FROM household_member m WHERE m.household_id=h.id AND m.sync_del=0 AND m.to_on IS NULL) "
    "ORDER BY h.local_no LIMIT ?"
)


def save_for_a_year(db: Database, actor: Actor) -> None:
    """Accounts of members, families and helpers; what they earned, spent and gave, and what was wrong."""
    _Year(db, actor, tomllib.loads(resource("demo", "points.toml").read_text("utf-8"))).tell()


class _Year:
    """The year being told."""

    def __init__(self, db: Database, actor: Actor, told: dict[str, Any]) -> None:
        self._db, self._actor, self._told = db, actor, told
        self._today = db.clock.today()
        self._accounts: dict[str, list[str]] = {}

    def tell(self) -> None:
        """All of it, in the order it would have been entered."""
        self._open()
        for one in self._told["deposit"]:
            self._deposit(one)
        self._time()
        for one in self._told["spend"]:
            account = self._account(one["kind"], one["who"])
            on = self._day(one["days_ago"])
            actions.spend(self._db, self._actor, account, one["amount"], one["text"], on=on)
        for one in self._told["transfer"]:
            giver, taker = (self._account(one["kind"], one[name]) for name in ("who", "to"))
            on = self._day(one["days_ago"])
            actions.transfer(self._db, self._actor, giver, taker, one["amount"], text=one["text"], on=on)
        for one in self._told["reverse"]:
            self._reverse(one)

    def _day(self, days_ago: int) -> str:
        return (self._today - timedelta(days=days_ago)).isoformat()

    def _account(self, kind: str, who: int) -> str:
        return self._accounts[kind][who - 1]

    def _open(self) -> None:
        on = self._day(330)
        for kind, sql, owner in ((MEMBER, _MEMBERS, "person_id"), (FAMILY, _FAMILIES, "household_id")):
            many = self._told["members" if kind == MEMBER else "families"]
            self._accounts[kind] = [
                opening.open_account(self._db, self._actor, kind, on=on, **{owner: str(row[0])}).id
                for row in self._db.rows(sql, (many,))
            ]

    def _deposit(self, one: dict[str, Any]) -> None:
        told = Deposit(one["rule"], one.get("amount"), one.get("text", ""), self._day(one["days_ago"]))
        for who in one["who"]:
            actions.deposit(self._db, self._actor, self._account(one["kind"], who), told)

    def _time(self) -> None:
        """Services and shifts, as their two reviewers signed them; the last weeks wait."""
        first, second = self._told["reviewers"]
        lines = due(self._db, self._day(365), self._day(self._told["not_yet"]))
        owed = [line.owed for line in lines if line.name not in (first, second)]
        made, _ = several.deposit_due(self._db, self._actor, owed, "志愿服务时间", attest1=first, attest2=second)
        self._accounts[TIME] = list(dict.fromkeys(entry.to_account_id for entry in made))

    def _reverse(self, one: dict[str, Any]) -> None:
        account = self._account(one["kind"], one["who"])
        sql = "SELECT e.id FROM points_entry e WHERE e.to_account_id=? AND e.rule_words LIKE ? ORDER BY e.at LIMIT 1"
        entry = str(self._db.scalar(sql, (account, f"{one['rule']}%")))
        actions.reverse(self._db, self._actor, entry, one["why"])
