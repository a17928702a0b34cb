"""What was done and not deposited yet: served orders and duty shifts with minutes that no entry names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.orders import checks
from desktop_app.orders.shift_facts import duties, planned
from desktop_app.points.rules import TIME
from desktop_app.points.several import Owed
from desktop_app.shared.fields import must_be_whole
from desktop_app.store.database import Database

_SERVED: Final = (
    "SELECT o.id,s.finished_on,s.minutes,o.colour,coalesce(h.person_id,''),h.id,h.name,coalesce(o.no,'') "
    "FROM order_state s JOIN service_order o ON o.id=s.order_id AND o.sync_del=0 AND o.scope=0 "
    "JOIN helper h ON h.id=s.helper_id AND h.sync_del=0 "
    "WHERE s.phase IN ('待评','已评') AND s.minutes>0 AND s.finished_on BETWEEN :since AND :until"
)
_GIVEN: Final = (
    "SELECT e.ref_id FROM points_entry e WHERE e.ref_type=:table AND e.ref_id IN (SELECT value FROM json_each(:ids)) "
    "AND e.sync_del=0 AND e.kind<>'冲正' AND NOT EXISTS(SELECT 1 FROM points_void v WHERE v.entry_id=e.id) "
    "AND NOT EXISTS(SELECT 1 FROM points_entry b WHERE b.reverses=e.id AND b.sync_del=0)"
)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing done that nothing was deposited for; `owed` is what `several.deposit_due` takes.

    `account_id`: the helper's account for time, "" where there is none yet; `no` is the order's number.
    """

    owed: Owed
    name: str
    no: str
    account_id: str

    @property
    def id(self) -> str:
        """The record it is about, which tells the lines of a list apart."""
        return self.owed.ref_id


@reads("points.read")
def due(db: Database, since: str = "", until: str = "") -> list[DueLine]:
    """Served orders and duty shifts within some days (this year up to today if blank), the longest ago first."""
    today = db.clock.today()
    since, until = since or f"{today.year}-01-01", until or today.isoformat()
    must_be_whole(since, "起始日期", "since")
    must_be_whole(until, "截止日期", "until")
    found = [*_orders(db, since, until), *_shifts(db, since, until)]
    accounts = {
        str(owner): str(key)
        for key, person, helper in db.rows(
            "SELECT id,person_id,helper_id FROM points_account WHERE kind=? AND sync_del=0 AND closed_on IS NULL",
            (TIME,),
        )
        for owner in (person, helper)
        if owner
    }
    lines = (DueLine(one, name, no, accounts.get(one.person_id or one.helper_id, "")) for one, name, no in found)
    return sorted(lines, key=lambda line: (line.owed.on, line.name, line.owed.ref_id))


def _orders(db: Database, since: str, until: str) -> Iterator[tuple[Owed, str, str]]:
    rows = db.rows(_SERVED, {"since": since, "until": until})
    given = _given(db, "service_order", [row[0] for row in rows])
    for key, on, minutes, colour, person, helper, name, no in rows:
        if key not in given:  # the kind of service, not its title: that may speak of whoever was helped
            text = checks.colour_word(db, colour)
            yield Owed("service_order", key, on, minutes, text, person, helper), name, no


def _shifts(db: Database, since: str, until: str) -> Iterator[tuple[Owed, str, str]]:
    shifts = planned(db, since, until)
    became, given = duties(db, shifts), _given(db, "shift", [one.id for one in shifts])
    posts = dict(db.rows("SELECT id,name FROM post"))
    people = {key: (person or "", name) for key, person, name in db.rows(
        "SELECT id,person_id,name FROM helper WHERE sync_del=0"
    )}  # fmt: skip
    for one in shifts:
        duty = became[one.id]
        if duty.minutes > 0 and not duty.off and one.id not in given and duty.helper_id in people:
            person, name = people[duty.helper_id]
            text = f"{posts.get(one.post_id, '')}值守 {one.from_time}-{one.to_time}"
            yield Owed("shift", one.id, one.on, duty.minutes, text, person, duty.helper_id), name, ""


def _given(db: Database, table: str, ids: list[str]) -> set[str]:
    """What something was given for already, and not taken back."""
    return {str(one) for (one,) in db.rows(_GIVEN, {"table": table, "ids": json.dumps(ids)})}
