"""What became of each appeal, told from its events: as much of the desks' rule as a count needs.

A table of moves; nothing of the desks' program.  A test compares the two over generated events.  Which steps of a
ladder a department has to claim stands in town profiles the server does not know, but the claims themselves tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson

from central_server.rollups.refs import KEPT, Body, Facts

RESOLVED, PROGRESS, EXPLAINED = "resolved", "progress", "explained"
NAMES: Final = MappingProxyType({RESOLVED: "已回应解决", PROGRESS: "正在跟踪办理", EXPLAINED: "暂无法办理已解释"})
"""The three outcomes; an appeal has exactly one at any time, there is no fourth."""
_ENDS: Final = {words: part for part, words in NAMES.items() if part != PROGRESS}
_RATINGS: Final = ("满意", "基本满意", "不满意")
_MOST_REOPENED: Final = 1
_WAITING, _WORKING, _CLAIMABLE, _PAUSED = "waiting", "working", "claimable", "paused"
_RATING, _REOPENING, _CLOSED = "rating", "reopening", "closed"
_CLAIM: Final = "部门认领"
_STEPS: Final = {"上报": 1, "退回": -1}
_PHASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "受理": (_WAITING,),
        "派办": (_WORKING,),
        "上报": (_WORKING,),
        "退回": (_WORKING, _CLAIMABLE),
        _CLAIM: (_CLAIMABLE,),
        "暂停": (_WORKING, _CLAIMABLE),
        "恢复": (_PAUSED,),
        "办结": (_WORKING,),
        "评价": (_RATING,),
        "重开": (_REOPENING, _CLOSED),
    }
)
"""Moves that change where an appeal stands, and the phases in which they count; all other events are notes."""


def kept(values: Body, seq: int) -> dict[str, Any]:
    """What counts of an event: codes and references, its number, and whether it explains or says why none rated it."""
    body = {name: values[name] for name in KEPT["appeal_event"] if values.get(name) is not None}
    told = all(values.get(name) for name in ("to_whom", "by_name", "on")) and bool(_how(values.get("extra")))
    return {**body, "seq": seq, **({"told": 1} if told else {}), **({"why": 1} if values.get("why_none") else {})}


def taken_back(before: Body, seq: int) -> dict[str, Any]:
    """An event that was deleted keeps its place among the others."""
    return {"appeal_id": before.get("appeal_id"), "seq": seq, "gone": 1}


def _how(text: object) -> object:
    try:
        said = orjson.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return said.get("how") if isinstance(said, dict) else None


def outcomes(facts: Facts) -> Mapping[str, str]:
    """Appeal → the class it falls into; one without events is not named."""
    events: dict[str, list[tuple[str, Body]]] = defaultdict(list)
    for record_id, body in facts["appeal_event"].items():
        events[str(body.get("appeal_id"))].append((record_id, body))
    return {appeal: folded(some) for appeal, some in events.items()}


def folded(events: Iterable[tuple[str, Body]]) -> str:
    """The outcome of an appeal after these events, (identifier, what was kept), in the order of their numbers."""
    ordered = sorted(events, key=lambda one: (one[1].get("seq", 0), one[0]))
    claims = {body.get("from_step") for _, body in ordered if body.get("kind") == _CLAIM}
    state, places, turned = _State(claims), dict[str, int](), list[int]()
    for at, (record_id, body) in enumerate(ordered):
        places[record_id] = at
        if body.get("gone"):
            continue
        if body.get("kind") not in _PHASES:
            state.told = state.told or bool(body.get("kind") == "解释" and body.get("told"))
            continue
        seen = places.get(str(body.get("expects")))
        unseen = seen is not None and any(one > seen for one in turned)
        if not unseen and state.allows(body):
            turned.append(at)
            state.turn(body)
    return state.outcome


class _State:
    """Where an appeal stands; `claims` are the steps that departments claim."""

    def __init__(self, claims: set[Any]) -> None:
        self.outcome, self.phase, self.step = PROGRESS, _WAITING, 1
        self.told, self._claims, self._reopened, self._before = False, claims, 0, _WORKING

    def allows(self, event: Body) -> bool:
        kind, step = str(event["kind"]), event.get("to_step", 1)
        if self.phase not in _PHASES[kind] or event.get("from_step", 1) != self.step:
            return False
        if step - self.step != _STEPS.get(kind, 0) or step < 1:
            return False
        if kind == "办结":
            end = _ENDS.get(str(event.get("outcome")))
            return end is not None and (end != EXPLAINED or self.told)
        if kind == "评价":
            return event.get("satisfaction") in _RATINGS or bool(event.get("why"))
        return kind != "重开" or self._reopened < _MOST_REOPENED

    def turn(self, event: Body) -> None:
        kind = event["kind"]
        if kind in ("受理", _CLAIM, "上报", "退回"):
            self.step = event.get("to_step", 1)
            self.phase = _CLAIMABLE if kind == "上报" and self.step in self._claims else _WORKING
        elif kind == "暂停":
            self._before, self.phase = self.phase, _PAUSED
        elif kind == "恢复":
            self.phase = self._before
        elif kind == "办结":
            self.phase, self.outcome = _RATING, _ENDS[str(event["outcome"])]
        elif kind == "评价":
            again = event.get("satisfaction") == _RATINGS[-1] and self._reopened < _MOST_REOPENED
            self.phase = _REOPENING if again else _CLOSED
        elif kind == "重开":
            self.phase, self.outcome, self.told = _WORKING, PROGRESS, False
            self._reopened += 1
