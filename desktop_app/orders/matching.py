"""Who could take an order: skill, distance, time and load, ranked, with the reasons in words.  Pure.

Distances are straight lines on a local plane (see `metres`); a colour never stands without its word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians
from typing import Final, NamedTuple

METRES_PER_DEGREE: Final = 111_320.0
"""Of latitude, and of longitude at the equator (WGS 84, mean; within 0.6 % anywhere)."""
_WEEK: Final = "一二三四五六日"
_DAYS: Final = re.compile(
    r"(?:周|星期)?([一二三四五六日天](?:[、,，]?[一二三四五六日天])*|每天|工作日|周末)(?:[至到-](?:周|星期)?([一二三四五六日天]))?"
)
_SPAN: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–—至到~]\s*([0-9]{1,2}):([0-9]{2})")
_STEP_M: Final = 100
"""Distances that differ by less are the same when it comes to ranking."""
_LOWEST_RATING: Final = 2.0
"""Under an average of 基本满意 somebody stands behind the others: 优胜劣汰 of 微服务, 石首 2021."""


class Point(NamedTuple):
    """Degrees."""

    lon: float
    lat: float


def metres(one: Point, other: Point) -> float:
    """The straight line between two places of a town, good to a percent over some kilometres."""
    middle = radians((one.lat + other.lat) / 2)
    return hypot((one.lon - other.lon) * cos(middle), one.lat - other.lat) * METRES_PER_DEGREE


# --------------------------------------------------------------------------------------------------------------- hours


class Open(NamedTuple):
    """A span in which somebody can come: days (0 Monday), times."""

    days: frozenset[int]
    from_time: str
    to_time: str


def read_hours(text: str) -> tuple[Open, ...] | None:
    """Hours as people write them (一三五 14:00-17:00；周末 8:00-12:00).

    () for any time, None for what cannot be read.
    """
    found = []
    for part in re.split(r"[;；\n]", text.replace("：", ":")):
        if not part.strip():
            continue
        span = _SPAN.search(part)
        named = _DAYS.search(_SPAN.sub("", part))
        rest = _SPAN.sub("", part)
        if not named and (not span or rest.strip()):
            return None
        days = _days(named) if named else frozenset(range(7))
        times = _times(span) if span else ("00:00", "24:00")
        if days is None or times is None:
            return None
        found.append(Open(days, *times))
    return tuple(found)


def _days(named: re.Match[str]) -> frozenset[int] | None:
    first, last = named.group(1).replace("天", "日"), (named.group(2) or "").replace("天", "日")
    if first in {"每日", "工作日", "周末"}:
        return frozenset({"每日": range(7), "工作日": range(5), "周末": range(5, 7)}[first])
    days = [_WEEK.index(letter) for letter in first if letter in _WEEK]
    if not last:
        return frozenset(days)
    start, end = days[-1], _WEEK.index(last)
    return frozenset([*days, *range(start, end + 1)]) if start <= end else None


def _times(span: re.Match[str]) -> tuple[str, str] | None:
    hours = [int(figure) for figure in span.groups()]
    first, last = f"{hours[0]:02}:{hours[1]:02}", f"{hours[2]:02}:{hours[3]:02}"
    fits = hours[0] < 24 and hours[1] < 60 and hours[3] < 60 and last <= "24:00"  # noqa: PLR2004 a clock
    return (first, last) if fits and first < last else None


def is_open(hours: Sequence[Open], on: str, from_time: str, to_time: str) -> bool:
    """Whether somebody with these hours can come at that time; no hours mean any time, no time the whole day."""
    if not hours:
        return True
    weekday = date.fromisoformat(on).weekday()
    return any(
        weekday in one.days
        and (not from_time or (one.from_time <= from_time and (to_time or from_time) <= one.to_time))
        for one in hours
    )


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two spans of a day have time in common; a span without times takes the whole day."""
    return (one[0] or "00:00") < (other[1] or "24:00") and (other[0] or "00:00") < (one[1] or "24:00")


# ------------------------------------------------------------------------------------------------------------- ranking


@dataclass(frozen=True, slots=True)
class Want:
    """What is wanted: the colour with its word (红·关爱老人), where, when ("" for not said)."""

    colour: str
    point: Point | None = None
    on: str = ""
    from_time: str = ""
    to_time: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too far and too much: metres, orders in hand, minutes in the month of the service."""

    radius_m: int
    most_open: int
    most_minutes: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody with the skill.  `busy`: spans already promised on that day; `rating`: 1 to 3, 0 for none yet."""

    id: str
    name: str
    point: Point | None = None
    hours: str = ""
    open_orders: int = 0
    minutes: int = 0
    busy: tuple[tuple[str, str], ...] = ()
    away: bool = False
    gone: str = ""
    """why they are not here any more: 已迁出 …"""
    rating: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who could take it (`fits`), or why not: `reasons` for, `obstacles` against; `metres` None where unknown."""

    id: str
    name: str
    metres: int | None
    reasons: tuple[str, ...]
    obstacles: tuple[str, ...]
    open_orders: int
    minutes: int
    rating: float

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.obstacles


def judge(want: Want, one: Applicant, limits: Limits) -> Candidate:
    """What speaks for somebody and what against."""
    far = round(metres(want.point, one.point)) if want.point and one.point else None
    reasons, obstacles = [f"擅长 {want.colour}"], list[str]()
    if one.gone:
        obstacles.append(one.gone)
    _near(far, limits, reasons, obstacles)
    if want.on:
        _free(want, one, reasons, obstacles)
    _load(one, limits, reasons, obstacles)
    if one.rating:
        reasons.append(f"评价平均 {one.rating:.1f}（满分 3）")
    return Candidate(one.id, one.name, far, tuple(reasons), tuple(obstacles), one.open_orders, one.minutes, one.rating)


def _near(far: int | None, limits: Limits, reasons: list[str], obstacles: list[str]) -> None:
    if far is None:
        reasons.append("距离不详")
    elif far <= limits.radius_m:
        reasons.append(f"距离约 {far} 米")
    else:
        obstacles.append(f"距离约 {far} 米，超过 {limits.radius_m} 米")


def _free(want: Want, one: Applicant, reasons: list[str], obstacles: list[str]) -> None:
    hours = read_hours(one.hours)
    if one.away:
        obstacles.append("当天请假")
    elif any(overlap(span, (want.from_time, want.to_time)) for span in one.busy):
        obstacles.append("当时已有安排")
    elif hours is not None and not is_open(hours, want.on, want.from_time, want.to_time):
        obstacles.append(f"可服务时间是 {one.hours}")
    else:
        reasons.append("当时有空" if want.from_time else "当天有空")


def _load(one: Applicant, limits: Limits, reasons: list[str], obstacles: list[str]) -> None:
    if one.open_orders >= limits.most_open:
        obstacles.append(f"手上已有 {one.open_orders} 单，上限 {limits.most_open} 单")
    else:
        reasons.append(f"手上 {one.open_orders} 单" if one.open_orders else "手上没有单")
    if one.minutes >= limits.most_minutes:
        obstacles.append(f"本月已服务 {one.minutes} 分钟，上限 {limits.most_minutes} 分钟")
    elif one.minutes:
        reasons.append(f"本月已服务 {one.minutes} 分钟")


def rank(want: Want, people: Iterable[Applicant], limits: Limits) -> list[Candidate]:
    """All of them, the best first: who fits, is not rated badly, has least in hand, is near, did least this month."""
    return sorted((judge(want, one, limits) for one in people), key=_place)


def _place(one: Candidate) -> tuple[object, ...]:
    poor = 0 < one.rating < _LOWEST_RATING
    far = (one.metres // _STEP_M) if one.metres is not None else 10**6
    return (not one.fits, poor, one.open_orders, far, one.minutes, -one.rating, one.metres or 0, one.id)
