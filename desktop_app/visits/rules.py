"""What is true of visits and campaigns; pure functions.  Dates are ISO text, intervals whole days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from desktop_app.shared.errors import AppError

REACHED, MISSED, NOBODY = "reached", "missed", "nobody"
"""How a result counts: somebody was spoken to; to be tried again; there is nobody to reach."""
OPEN, DONE = "进行", "结束"
MOST_GOODS = 9_999
"""Pieces handed over at one door; more is a slip of the finger."""
"""States of a campaign."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Intervals:
    """Days between two visits: by tag, and for any home; `soon` days before it is due a visit is announced."""

    by_tag: Mapping[str, int]
    general: int
    soon: int

    def days(self, tags: Iterable[str], *, general: bool = False) -> int | None:
        """The strictest interval of some tags; None where nothing asks for visits."""
        found = [self.by_tag[tag] for tag in tags if tag in self.by_tag]
        if general:
            found.append(self.general)
        return min(found, default=None)


def due_on(last: str | None, days: int, promised: str | None, today: str) -> str:
    """When the next visit is due: after the interval, or on the day that was promised if that is earlier.

    A home never visited is due today: nothing is known of how long it has waited.
    """
    if last is None:
        return min(today, promised) if promised else today
    after = later(last, days)
    return min(after, promised) if promised else after


def later(day: str, days: int) -> str:
    """A day some days later; of a partial date the first day it may mean."""
    whole = date.fromisoformat((day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10])  # noqa: PLR2004 a year
    return (whole + timedelta(days=days)).isoformat()


def days_over(due: str, today: str) -> int:
    """Days since a visit was due; 0 on the day itself, negative before."""
    return (date.fromisoformat(today) - date.fromisoformat(due)).days


@dataclass(frozen=True, slots=True)
class Life:
    """What a warning needs of a person."""

    name: str
    birth: str | None
    deceased_on: str | None
    left_on: str | None


def doubts(on: str, who: Life | None) -> tuple[str, ...]:
    """What should be looked at again in a visit, in words; it is kept all the same."""
    if who is None:
        return ()
    found: list[str] = []
    if who.birth and on[: len(who.birth)] < who.birth:
        found.append(f"走访日期 {on} 在{who.name}出生（{who.birth}）之前，已照样保存，请核对日期。")
    if who.deceased_on and on[: len(who.deceased_on)] > who.deceased_on:
        found.append(f"{who.name}已登记于 {who.deceased_on} 去世，走访日期 {on} 在那之后，已照样保存，请核对。")
    if who.left_on and on[: len(who.left_on)] > who.left_on:
        found.append(f"{who.name}已登记于 {who.left_on} 离开，走访记在现在登记的住处，请核对。")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a campaign is: homes by how their last result counts; `waiting` are those nobody went to yet."""

    homes: int
    reached: int = 0
    missed: int = 0
    nobody: int = 0
    goods: int = 0
    signed: int = 0
    by_result: Mapping[str, int] | None = None

    @property
    def waiting(self) -> int:
        return self.homes - self.reached - self.missed - self.nobody

    @property
    def percent(self) -> int | None:
        """Of 100 homes where there is somebody to reach, how many were reached; None where there is none such."""
        there = self.homes - self.nobody
        return self.reached * 100 // there if there else None


def coverage(results: Iterable[Sequence[str | None]], counts: Mapping[str, str], goods: int, signed: int) -> Coverage:
    """The coverage of homes, each given as the results of its rounds, the latest last.

    A home once reached stays reached; else the latest round in which somebody went there counts.
    """
    groups = dict.fromkeys((REACHED, MISSED, NOBODY), 0)
    words: dict[str, int] = {}
    homes = 0
    for rounds in results:
        homes += 1
        known = [result for result in rounds if result]
        last = next((result for result in known if counts.get(result) == REACHED), known[-1] if known else None)
        if last:
            words[last] = words.get(last, 0) + 1
            groups[counts.get(last, MISSED)] += 1
    return Coverage(homes, groups[REACHED], groups[MISSED], groups[NOBODY], goods, signed, words)


def to_try_again(rounds: Sequence[str | None], counts: Mapping[str, str]) -> bool:
    """Whether a home belongs to the next round: never reached, and not found empty at the latest visit."""
    known = [result for result in rounds if result]
    return not known or (
        all(counts.get(result) != REACHED for result in known) and counts.get(known[-1], MISSED) == MISSED
    )


def shared_out(homes: Sequence[_T], teams: Sequence[str]) -> list[tuple[_T, str | None]]:
    """Each home with its team: neighbouring parts of the route, as even as they can be."""
    if not teams:
        return [(home, None) for home in homes]
    return [(home, teams[at * len(teams) // len(homes)]) for at, home in enumerate(homes)]


def must_be_count(count: int, zh: str, field: str) -> None:
    """AppError, at its field, for less than nothing and for more than anybody carries to a door."""
    if count < 0:
        raise AppError(f"{zh}不能小于 0，没有保存。", field=field, next_step="请填 0 或正数。")
    if count > MOST_GOODS:
        raise AppError(f"{zh}超过 {MOST_GOODS}，没有保存。", field=field, next_step="请核对数字。")


def names_of(workers: str) -> tuple[str, ...]:
    """The names in a field of several, however they are separated."""
    for sign in "，,；;/ 　":
        workers = workers.replace(sign, "、")
    return tuple(dict.fromkeys(name for name in workers.split("、") if name))


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What is reported of a month; `solved` of `raised` appeals come from who keeps the appeals, None where unknown."""

    month: str
    visits: int
    households: int
    opinions: int
    worker_days: int
    solved: int | None = None
    raised: int | None = None

    @property
    def opinions_per_worker_day(self) -> float | None:
        """One decimal; None where nobody was out."""
        return round(self.opinions / self.worker_days, 1) if self.worker_days else None

    @property
    def solved_percent(self) -> int | None:
        """Solved of 100 raised; None where none was raised or it is unknown."""
        return self.solved * 100 // self.raised if self.raised and self.solved is not None else None
