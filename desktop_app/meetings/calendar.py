"""Which types of meetings are due: 三会一课 and the others that come every month, quarter, half year or year.

How often is data (`per_year` of `meeting_types`), and a default only.  A type `held_by` branches or groups is counted
for each of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.meetings.rosters import holders
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.rules import Code
from desktop_app.store.database import Database

HELD, PLANNED, OPEN, NEAR, OVERDUE = STATES = ("已开", "已定", "待开", "将到期", "缺开")
_NEAR_DAYS: Final = {1: 7, 3: 30, 6: 30, 12: 60}
"""Months of a period → days before its end from which it is close."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter, half year or year, both days included."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class DueType:
    """One line of the calendar: a type, whose, and how it stands in the present period.

    `missed` are the names of earlier periods of this year without a meeting, since the first one on record.
    """

    kind: str
    name: str
    node_id: str
    holder: str
    frequency: str
    period: str
    due_on: str
    left: int
    held: int
    last_on: str
    next_on: str
    state: str
    missed: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.node_id}"


def period_of(day: date, months: int) -> Period:
    """The period of so many months (1, 3, 6 or 12) that a day lies in."""
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    last = date(day.year + end // 12, end % 12 + 1, 1) - timedelta(days=1)
    number = (start - 1) // months + 1
    half = "上半年" if number == 1 else "下半年"
    words = {1: f"{start}月", 3: f"第{number}季度", 6: half, 12: "全年"}
    return Period(date(day.year, start, 1), last, words[months])


def periods_before(day: date, months: int) -> Iterator[Period]:
    """The periods of the same year that are over, the earliest first."""
    now = period_of(day, months)
    at = date(day.year, 1, 1)
    while at < now.first:
        one = period_of(at, months)
        yield one
        at = one.last + timedelta(days=1)


@reads("meetings.read")
def due_types(db: Database, on: str) -> list[DueType]:
    """Every type that comes at regular times, the most urgent first: 缺开, 将到期, 待开, 已定, 已开."""
    today = date.fromisoformat(on)
    held = _held(db, today.year)
    found = []
    for kind in desk_codes(db, "meeting_types").offered(today):
        if kind.number("per_year") and kind.more.get("counted", True):
            nodes = holders(db, kind.code, on)
            places = [(node.id, node.name) for node in nodes] or [("", "")]
            found += [_line(kind, place, len(places), held, today) for place in places]
    return sorted(found, key=lambda line: (-STATES.index(line.state), line.left, line.name, line.holder))


def _held(db: Database, year: int) -> Mapping[str, list[tuple[str, str]]]:
    """Days and nodes of this year's meetings and later ones, by type."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = db.rows(
        "SELECT kind,coalesce(node_id,''),substr(starts_at,1,10) FROM meeting WHERE sync_del=0 AND starts_at>=? "
        "ORDER BY starts_at",
        (f"{year}-01-01",),
    )
    for kind, node, day in rows:
        found[str(kind)].append((str(day), str(node)))
    return found


def _line(
    kind: Code,
    place: tuple[str, str],
    places: int,
    held: Mapping[str, Sequence[tuple[str, str]]],
    today: date,
) -> DueType:
    months = 12 // max(1, min(12, kind.number("per_year") or 1))
    months = months if months in _NEAR_DAYS else 12
    # where there is one branch alone, a meeting that names none is its own
    days = [day for day, node in held.get(kind.code, ()) if node == place[0] or (places == 1 and not node)]
    now, told = period_of(today, months), today.isoformat()
    past = [day for day in days if now.first.isoformat() <= day <= told]
    coming = [day for day in days if told < day <= now.last.isoformat()]
    missed = tuple(
        one.name
        for one in periods_before(today, months)
        if days
        and one.last.isoformat() >= days[0]
        and not any(one.first.isoformat() <= day <= one.last.isoformat() for day in days)
    )
    left = (now.last - today).days
    state = _state(bool(past), bool(coming), bool(missed), near=left <= _NEAR_DAYS[months])
    earlier = [day for day in days if day <= told]
    return DueType(
        kind.code, kind.name, *place, kind.text("frequency"), now.name, now.last.isoformat(), left, len(past),
        earlier[-1] if earlier else "", coming[0] if coming else "", state, missed,
    )  # fmt: skip


def _state(held: bool, planned: bool, missed: bool, *, near: bool) -> str:
    if held:
        return HELD
    if planned:
        return PLANNED
    if near:
        return NEAR
    return OVERDUE if missed else OPEN
