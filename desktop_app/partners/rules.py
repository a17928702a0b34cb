"""What is true of partners; pure functions.

A claim is a line of events (law 12): its state is told by folding them, so that two desks that wrote about one claim
offline agree once they have the same events, whatever order they came in and however often.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

CLAIMED: Final = "认领"
STEPS: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "开始": (frozenset({CLAIMED}), "实施"),
    "完成": (frozenset({CLAIMED, "实施"}), "完成"),
    "退回": (frozenset({CLAIMED, "实施"}), "退回"),
    "评价": (frozenset({"完成"}), "已评价"),
}
"""What may be done with a claim → in which states, and what it is then (黄石 2018: 发布, 认领, 实施, 完成)."""
SATISFACTION: Final = ("满意", "基本满意", "不满意")
NEAR_DAYS: Final = 30
"""An agreement that ends within so many days is to be renewed."""
SIDES: Final = ("单位", "社区", "双方")


class Event(Protocol):
    """What `fold` reads of a claim's event."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def on(self) -> str: ...
    @property
    def satisfaction(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ClaimState:
    """Where a claim stands: 认领, 实施, 完成, 退回 or 已评价; `stale` are events that came too late to count."""

    state: str = CLAIMED
    done_on: str = ""
    satisfaction: str = ""
    stale: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it takes up what is offered: everything but what was given back."""
        return self.state != "退回"

    @property
    def done(self) -> bool:
        return self.state in {"完成", "已评价"}

    @property
    def may(self) -> tuple[str, ...]:
        """What may be done next."""
        return tuple(kind for kind, (before, _) in STEPS.items() if self.state in before)


def fold(events: Iterable[Event]) -> ClaimState:
    """Where a claim stands after its events; of two that exclude each other the earlier counts."""
    state, done_on, satisfaction = CLAIMED, "", ""
    stale: list[str] = []
    for event in sorted({one.id: one for one in events}.values(), key=lambda one: (one.at, one.id)):
        before, then = STEPS.get(event.kind, (frozenset(), ""))
        if state not in before:
            stale.append(event.id)
            continue
        state = then
        done_on = event.on if then == "完成" else done_on
        satisfaction = event.satisfaction or satisfaction
    return ClaimState(state, done_on, satisfaction, tuple(stale))


def item_state(quantity: int, claims: Sequence[tuple[int, ClaimState]], withdrawn: bool, over: bool) -> str:
    """What the list shows of an item: 发布 认领 实施 完成 撤回 过期.

    `claims` are (quantity, state); while something is left to be taken it is still 发布.  Quantity 0 is never used up.
    """
    live = [(count, state) for count, state in claims if state.live]
    if withdrawn:
        return "撤回"
    if not live or quantity == 0 or sum(count for count, _ in live) < quantity:
        return "过期" if over else "发布"
    if all(state.done for _, state in live):
        return "完成"
    return "认领" if all(state.state == CLAIMED for _, state in live) else "实施"


def left(quantity: int, claims: Sequence[tuple[int, ClaimState]]) -> int | None:
    """How many are still to be taken; None: as many as wish."""
    if quantity == 0:
        return None
    return max(quantity - sum(count for count, state in claims if state.live), 0)


def agreement_state(signed_on: str | None, expires_on: str, ended_on: str | None, today: date) -> str:
    """草拟 履行 将到期 到期 终止."""
    if ended_on:
        return "终止"
    if not signed_on:
        return "草拟"
    if expires_on < today.isoformat():
        return "到期"
    return "将到期" if expires_on <= (today + timedelta(days=NEAR_DAYS)).isoformat() else "履行"


def side_and_text(line: str) -> tuple[str, str]:
    """Who promises what in a line such as 社区：提供场地; one that names no side is the unit's."""
    side, found, text = line.strip().replace(":", "：", 1).partition("：")
    return (side, text) if found and side in SIDES else (SIDES[0], line.strip())


def year_of(signed: date) -> tuple[str, str]:
    """First and last day of an agreement of a year that begins on a day."""
    try:
        last = signed.replace(year=signed.year + 1) - timedelta(days=1)
    except ValueError:  # from 29 February
        last = date(signed.year + 1, 2, 28)
    return signed.isoformat(), last.isoformat()


# ----------------------------------------------------------------------------------------------------------- suggesting


def likeness(one: str, other: str) -> float:
    """How much two texts share, 0 to 1: pairs of characters in both, of those in the shorter one."""
    mine, theirs = _pairs(one), _pairs(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / min(len(mine), len(theirs))


def _pairs(text: str) -> set[str]:
    words = "".join(sign for sign in text.casefold() if sign.isalnum())
    return {words[at : at + 2] for at in range(len(words) - 1)}


def fit(colours: tuple[str | None, str | None], texts: tuple[str, str]) -> float:
    """How well what is offered meets what is needed, 0 to 1.5: one kind counts half a point more than any words."""
    same = colours[0] is not None and colours[0] == colours[1]
    return likeness(*texts) + (0.5 if same else 0.0)


LEAST_FIT: Final = 0.25
"""Below it a suggestion would be a guess."""


# -------------------------------------------------------------------------------------------------------------- booking


def overlap(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether two times (from, until, the end excluded) share a moment."""
    return first[0] < second[1] and second[0] < first[1]


# ------------------------------------------------------------------------------------------------------------ reviewing


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit did in a year; each pair is (done, of)."""

    items: tuple[int, int] = (0, 0)
    claims: tuple[int, int] = (0, 0)
    activities: int = 0
    minutes: int = 0
    meetings: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the review: what was counted, out of how many points, and the points it brings."""

    code: str
    name: str
    counted: str
    most: int
    points: int | None
    """None: there was nothing to count, and its points are shared out among the others."""


def marks(facts: Facts, rules: Sequence[tuple[str, str, int, int | None]]) -> tuple[Mark, ...]:
    """The lines of a review; `rules` are (code, name, points, how many make the full mark)."""
    return tuple(_mark(facts, *rule) for rule in rules)


def _mark(facts: Facts, code: str, name: str, points: int, most: int | None) -> Mark:
    if code == "hours":
        done, of = facts.minutes // 60, most or 1
        counted = f"{facts.minutes / 60:.1f}小时".replace(".0小时", "小时")
    elif code == "activities":
        done, of = facts.activities, most or 1
        counted = f"{done}次"
    else:
        done, of = getattr(facts, code)
        counted = f"{done}／{of}" if of else "没有"
    if of == 0:
        return Mark(code, name, counted, points, None)
    return Mark(code, name, counted, points, (2 * points * min(done, of) + of) // (2 * of))


def score(lines: Sequence[Mark]) -> int:
    """0 to 100: the points of what was counted, as a share of what could have been had."""
    counted = [(line.points, line.most) for line in lines if line.points is not None]
    most = sum(one for _, one in counted)
    return (200 * sum(points for points, _ in counted) + most) // (2 * most) if most else 0


def grade(points: int, grades: Sequence[tuple[str, int]]) -> str:
    """The name of the grade for a score; `grades` are (name, least), the best first."""
    return next((name for name, least in grades if points >= least), grades[-1][0])


def day_after(day: str) -> date:
    """The day after a day."""
    return date.fromisoformat(day) + timedelta(days=1)
