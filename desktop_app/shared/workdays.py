"""Working days in China: Monday to Friday, but for the days off and the make-up days that the State Council announces.

The table is `resources/codes/workdays.toml`; a community's own, `profiles/codes/workdays.toml` of its data, goes first.
A deadline is never refused: where the table ends, Monday to Friday counts, and `remark` says so.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.resources import resource

_WEEKEND: Final = 5
"""date.weekday() of Saturday."""
_MARGIN: Final = 2
"""Years before and after the table for which the days are worked out beforehand."""


@dataclass(frozen=True, eq=False)
class Workdays:
    """The calendar.  `sure` are the years with a notice behind them, `unsure` those without; `spoilt`: the file is."""

    off: frozenset[date]
    made_up: frozenset[date]
    sure: frozenset[int]
    unsure: frozenset[int]
    spoilt: str = ""

    def is_workday(self, day: date) -> bool:
        """Whether people are at work."""
        return day in self.made_up or (day.weekday() < _WEEKEND and day not in self.off)

    @cached_property
    def _known(self) -> tuple[date, ...]:
        """All working days of the table and the years around it, in order."""
        years = self.sure | self.unsure
        if not years:
            return ()
        day, last = date(min(years) - _MARGIN, 1, 1), date(max(years) + _MARGIN, 12, 31)
        return tuple(one for one in _each(day, last) if self.is_workday(one))

    def add(self, day: date, count: int) -> date:
        """The `count`th working day after `day`, which does not count itself (民法典 art. 201); 0: day or the next."""
        at = bisect_left(self._known, day) if count == 0 else bisect_right(self._known, day) + count - 1
        if self._known and self._known[0] <= day and at < len(self._known):
            return self._known[at]
        return self._step(day, count)

    def _step(self, day: date, count: int) -> date:
        """As `add`, far outside the table."""
        while count > 0 or not self.is_workday(day):
            try:
                day += timedelta(days=1)
            except OverflowError:
                return date.max
            count -= self.is_workday(day) and count > 0
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative where `last` is before `first`."""
        if last < first:
            return -self.between(last, first)
        known = self._known
        if known and known[0] <= first and last <= known[-1]:
            return bisect_right(known, last) - bisect_right(known, first)
        return sum(self.is_workday(day) for day in _each(first + timedelta(days=1), last))

    def remark(self, *days: date) -> str:
        """What a person has to know of deadlines on these days: "" where the table covers them."""
        years = {day.year for day in days}
        told = [self.spoilt] if self.spoilt else []
        if unsure := sorted(years & self.unsure):
            told.append(f"{_list(unsure)}年的放假安排还没有核对，只按法定节日推算，没有计调休。")
        if beyond := sorted(years - self.sure - self.unsure):
            told.append(f"工作日表里没有{_list(beyond)}年，暂按周一至周五计算。")
        if len(told) > bool(self.spoilt):
            told.append("请照当年的通知补充工作日表（workdays.toml），期限会自动重算。")
        return "".join(told)


def _list(years: Iterable[int]) -> str:
    return "、".join(map(str, years))


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


@cache
def workdays(home: Path | None = None) -> Workdays:
    """The calendar of a desk, whose data lie in `home`.  Never raises: a copy that cannot be read is passed over."""
    own = home / "profiles" / "codes" / "workdays.toml" if home else None
    shipped = resource("codes", "workdays.toml")
    if own is None or not own.exists():
        return _read(shipped)
    try:
        return _read(own)
    except (KeyError, TypeError, ValueError, OSError) as error:
        return _read(shipped, f"本社区的工作日表读不出来（{error}），暂用随程序提供的；请改正或删去 {own.name}。")


def _read(path: Path, spoilt: str = "") -> Workdays:
    years = tomllib.loads(path.read_text("utf-8"))["years"]
    return Workdays(
        off=frozenset(_days(years, "off")),
        made_up=frozenset(_days(years, "work")),
        sure=frozenset(int(row["year"]) for row in years if row["basis"] != "unverified"),
        unsure=frozenset(int(row["year"]) for row in years if row["basis"] == "unverified"),
        spoilt=spoilt,
    )


def _days(years: Iterable[Mapping[str, Any]], key: str) -> Iterator[date]:
    for row in years:
        for span in row[key]:
            first, _, last = str(span).partition("/")
            yield from _each(date.fromisoformat(first), date.fromisoformat(last or first))
