"""What is true of door bells and of pairs; pure functions.  Days are ISO text, moments local `2026-11-22 03:20`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.visits.rules import days_over, later

ALARM, CAME, TEST, FAULT, REPAIRED = "报警", "到场", "测试", "故障", "修复"
KINDS: Final = (ALARM, CAME, TEST, FAULT, REPAIRED)
"""What is noted of a bell; 到场 tells later who came to an alarm that was noted without."""
_WHOLE_DAY: Final = 10
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?: ([01]\d|2[0-3]):[0-5]\d)?")


@dataclass(frozen=True, slots=True)
class CareRules:
    """What a community has settled: metres, days, numbers of people, ages, and the tags that make a volunteer."""

    radius_m: int
    least_radius_m: int
    most_radius_m: int
    test_days: int
    soon_days: int
    listed: int
    on_card: int
    youngest: int
    oldest: int
    pair_days: int
    volunteer_tags: tuple[str, ...]

    def radius(self, own: int | None) -> int:
        """Metres to look within for a bell: its own, else the community's; what cannot be is brought within bounds."""
        return min(max(own or self.radius_m, self.least_radius_m), self.most_radius_m)


def care_rules_of(content: Mapping[str, Any]) -> CareRules:
    """The rules from the content of `care_rules.toml`."""
    numbers = {name: int(content[name]) for name in CareRules.__slots__ if name != "volunteer_tags"}
    return CareRules(**numbers, volunteer_tags=tuple(map(str, content["volunteer_tags"])))


# --------------------------------------------------------------------------------------------------------------- bells


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest moment of each kind of event of a bell, "" where there was none.

    `alarm` any alarm, `unanswered` one of which nobody noted at once who came.
    """

    test: str = ""
    fault: str = ""
    repaired: str = ""
    alarm: str = ""
    unanswered: str = ""
    came: str = ""


def latest(events: Iterable[tuple[str, str, str | None]]) -> Latest:
    """Of (kind, moment, who came) in any order and however often repeated."""
    found = dict.fromkeys(Latest.__slots__, "")
    names = {TEST: "test", FAULT: "fault", REPAIRED: "repaired", ALARM: "alarm", CAME: "came"}
    for kind, at, who_came in events:
        if name := names.get(kind):
            found[name] = max(found[name], at)
        if kind == ALARM and not who_came:
            found["unanswered"] = max(found["unanswered"], at)
    return Latest(**found)


@dataclass(frozen=True, slots=True)
class BellState:
    """How a bell stands: `word` in one word, when it is to be tested and how many days that is over (below 0: before).

    `faulty`: the last that was heard of it is a fault; `waiting`: an alarm of which nobody noted who came.
    """

    word: str
    test_due: str
    days_over: int
    faulty: bool
    waiting: bool


def bell_state(seen: Latest, installed_on: str | None, today: str, test_days: int) -> BellState:
    """A test that worked ends a fault as a repair does; an alarm is a test as well: it rang."""
    rang = max(seen.test, seen.alarm)
    faulty = seen.fault > max(rang, seen.repaired)
    waiting = bool(seen.unanswered) and seen.unanswered > seen.came
    last = max(rang, seen.repaired)[:_WHOLE_DAY] or installed_on
    due = later(last, test_days) if last else today
    over = days_over(due, today)
    word = "报警未记到场" if waiting else "故障" if faulty else "该试铃" if over >= 0 else "正常"
    return BellState(word, due, over, faulty, waiting)


def must_be_moment(at: str, zh: str, field: str, now: str) -> None:
    """AppError, at its field, for anything but a whole day or a minute of one, and for a moment to come.

    `now` is the local moment `2026-11-22 12:00`.
    """
    must_be_date(at[:_WHOLE_DAY], zh, field)
    if not _MOMENT.fullmatch(at):
        raise AppError(
            f"{zh}“{at}”要写到日，或写到分，没有保存。", field=field, next_step="请写成 2026-11-22 03:20 的样子。"
        )
    if at > now[: len(at)]:
        raise AppError(f"{zh} {at} 还没有到，没有保存，填写的内容还在。", field=field, next_step="请核对日期和时间。")


def must_be_radius(metres: int | None, rules: CareRules) -> None:
    """AppError for a radius in which nobody, or half the town, would be found; None is the community's own."""
    if metres is None or rules.least_radius_m <= metres <= rules.most_radius_m:
        return
    many = "太小" if metres < rules.least_radius_m else "太大"
    raise AppError(
        f"响应半径 {metres} 米{many}，没有保存。",
        field="radius_m",
        next_step=f"请填 {rules.least_radius_m} 到 {rules.most_radius_m} 米，或留空按 {rules.radius_m} 米。",
    )


# --------------------------------------------------------------------------------------------------------------- pairs


def must_be_interval(days: int | None) -> None:
    """AppError for an interval that is none."""
    if days is not None and not 1 <= days <= 366:  # noqa: PLR2004 once a year at least
        raise AppError(
            f"走访间隔 {days} 天不对，没有保存。", field="interval_days", next_step="请填 1 到 366 天，或留空。"
        )


def interval_of(own: int | None, of_class: int | None, otherwise: int) -> int:
    """Days between two visits of a pair: its own, else that of its care class, else the community's."""
    return own or of_class or otherwise


@dataclass(frozen=True, slots=True)
class Helper:
    """What a doubt needs of the one who helps."""

    name: str
    deceased_on: str | None = None
    left_on: str | None = None
    gone: bool = False

    @property
    def doubt(self) -> str:
        """Why nobody can be expected to come, in words; "" where all is well."""
        if self.deceased_on:
            return f"结对人已于 {self.deceased_on} 去世"
        if self.left_on:
            return f"结对人已于 {self.left_on} 迁出"
        return "结对人的登记已不在了" if self.gone else ""
