"""Where an appeal stands: folded from its events by one pure rule, the same at every desk.

Source of the three outcomes and of climbing one step at a time: 石首 2021; of the claim at the top: 硚口 2025.
The order is that of the server's numbers, then, for what it has not numbered yet, of the time it was written.  Whatever
the order of arrival, and however often something arrives, the same events give the same state.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from desktop_app.profiles import town
from desktop_app.shared import events, steps
from desktop_app.shared.events import Move, Stale

ANSWERED, FOLLOWED, EXPLAINED = OUTCOMES = ("已回应解决", "正在跟踪办理", "暂无法办理已解释")
"""The three outcomes; an appeal has exactly one at any time."""
SATISFACTIONS: Final = ("满意", "基本满意", "不满意")
UNSATISFIED: Final = SATISFACTIONS[2]

WAITING, WORKING, CLAIMABLE, PAUSED, RATING, REOPENING, CLOSED = PHASES = (
    "待受理", "办理中", "待认领", "已暂停", "待评价", "待重开", "已结案",
)  # fmt: skip
OPEN: Final = (WAITING, WORKING, CLAIMABLE, PAUSED, REOPENING)
"""Phases in which the work is not done."""
MOST_REOPENED: Final = 1
"""不满意 reopens once."""


_ANY: Final = PHASES
MOVES: Final[dict[str, Move]] = {
    "登记": Move(_ANY, turns=False),
    "受理": Move((WAITING,)),
    "派办": Move((WORKING,), ("to_whom",)),
    "上报": Move((WORKING,), ("text",)),
    "退回": Move((WORKING, CLAIMABLE), ("text",)),
    "部门认领": Move((CLAIMABLE,), ("to_whom",)),
    "暂停": Move((WORKING, CLAIMABLE), ("text",)),
    "恢复": Move((PAUSED,)),
    "办结": Move((WORKING,), ("outcome", "text")),
    "评价": Move((RATING,), ("rating",)),
    "重开": Move((REOPENING, CLOSED), ("text",)),
    "联系": Move(_ANY, ("text",), turns=False),
    "回复": Move(_ANY, ("text",), turns=False),
    "解释": Move(_ANY, ("to_whom", "text", "how"), turns=False),
    "回访": Move((RATING, CLOSED), ("text",), turns=False),
    "补充": Move(_ANY, ("text",), turns=False),
}
"""The words of `AppealEvent.kind`."""
_CONTACTS: Final = frozenset({"受理", "联系", "回复", "解释"})
"""First contact: an acceptance counts, since its receipt goes to the resident."""
_REPLIES: Final = frozenset({"回复", "解释", "办结"})


class Event(steps.Event, Protocol):
    """As much of an AppealEvent as the rule reads."""

    @property
    def extra(self) -> str | None: ...


@dataclass(slots=True)
class State:
    """Where an appeal stands.  `step` counts from 1; days are ISO text, "" for not yet.

    `began_on` is the day the present round began, "" in the first; `pauses` are (from, to), to "" while paused.
    `last_id` is the last event there is, which whoever acts next has seen.
    """

    step: int = 1
    phase: str = WAITING
    outcome: str = FOLLOWED
    assignee: str = ""
    entered_on: str = ""
    began_on: str = ""
    contact_on: str = ""
    replied_on: str = ""
    finished_on: str = ""
    explained: bool = False
    pauses: tuple[tuple[str, str], ...] = ()
    satisfaction: str = ""
    why_none: str = ""
    reopened: int = 0
    solved_step: int | None = None
    last_id: str = ""
    stale: tuple[Stale, ...] = ()
    _before_pause: str = field(default=WORKING, repr=False)
    _units: dict[int, int] = field(default_factory=dict, repr=False)

    @property
    def open(self) -> bool:
        """Whether the work is not done."""
        return self.phase in OPEN

    @property
    def with_unit(self) -> int:
        """The other unit that has it in hand, 0 where none is known to; what waits to be claimed is in nobody's."""
        phase = self._before_pause if self.phase == PAUSED else self.phase
        return self._units.get(self.step, 0) if phase == WORKING else 0


def fold(every: Iterable[Event], ladder: town.Sequence | None) -> State:
    """Where the appeal stands after these events, whatever order they came in; without a ladder any height goes."""
    state = State()
    state.last_id, state.stale = events.fold(
        steps.in_order(every),
        MOVES,
        lambda event: refusal(state, event, ladder),
        lambda event: _take(state, event, ladder),
        steps.UNSEEN,
    )
    return state


# ----------------------------------------------------------------------------------------------------- what is allowed


def refusal(state: State, event: Event, ladder: town.Sequence | None) -> str:
    """Why an event changes nothing in this state; "" where it does."""
    move = MOVES[event.kind]
    if not move.turns:
        return ""
    if state.phase not in move.phases:
        return f"诉求{state.phase}，不能{event.kind}"
    if event.from_step != state.step:
        return f"诉求已不在第{event.from_step}级"
    return _wrong_step(event, ladder) or _wrong_end(state, event)


def _wrong_step(event: Event, ladder: town.Sequence | None) -> str:
    up = event.to_step - event.from_step
    if up != {"上报": 1, "退回": -1}.get(event.kind, 0):
        return "只能逐级上报、逐级退回"
    if event.to_step < 1:
        return "已在最低一级，不能再退回"
    return "已在最高一级，不能再上报" if ladder and event.to_step > len(ladder.steps) else ""


def _wrong_end(state: State, event: Event) -> str:
    if event.kind == "办结":
        if event.outcome not in (ANSWERED, EXPLAINED):
            return f"办结的结果只能是{ANSWERED}或{EXPLAINED}"
        return "还没有向居民解释" if event.outcome == EXPLAINED and not state.explained else ""
    if event.kind == "评价" and not (event.satisfaction in SATISFACTIONS or event.why_none):
        return "没有评价，也没有写明原因"
    return "已经重开过一次" if event.kind == "重开" and state.reopened >= MOST_REOPENED else ""


def allowed(state: State, ladder: town.Sequence | None) -> tuple[str, ...]:
    """What may be done next, in the order of MOVES; the registration alone is never done twice."""
    return tuple(kind for kind, move in MOVES.items() if kind != "登记" and _may(state, kind, move, ladder))


def _may(state: State, kind: str, move: Move, ladder: town.Sequence | None) -> bool:
    if state.phase not in move.phases:
        return False
    if kind == "上报":
        return ladder is None or state.step < len(ladder.steps)
    if kind == "退回":
        return state.step > 1
    return kind != "重开" or state.reopened < MOST_REOPENED


# -------------------------------------------------------------------------------------------------------- what it does


def _meet(state: State, event: Event) -> None:
    if event.kind in _CONTACTS:
        state.contact_on = state.contact_on or event.on
    if event.kind in _REPLIES:
        state.replied_on = state.replied_on or event.on


def _take(state: State, event: Event, ladder: town.Sequence | None) -> None:
    _meet(state, event)
    match event.kind:
        case "解释" if event.to_whom and event.by_name and event.on and how_of(event):
            state.explained = True
        case "受理":
            state.phase, state.entered_on = WORKING, event.on
        case "派办":
            state.assignee = event.to_whom or ""
        case "上报" | "退回":
            state.step, state.entered_on, state.assignee = event.to_step, event.on, ""
            if event.kind == "上报":
                state._units[event.to_step] = unit_of(event)  # noqa: SLF001 - the state is this module's own
            state.phase = CLAIMABLE if event.kind == "上报" and is_claimed(ladder, state.step) else WORKING
        case "部门认领":
            state.phase, state.assignee = WORKING, event.to_whom or ""
            state._units[state.step] = unit_of(event)  # noqa: SLF001 - the state is this module's own
        case "暂停":
            state._before_pause, state.phase = state.phase, PAUSED  # noqa: SLF001 - the state is this module's own
            state.pauses = (*state.pauses, (event.on, ""))
        case "恢复":
            state.phase = state._before_pause  # noqa: SLF001 - the state is this module's own
            state.pauses = (*state.pauses[:-1], (state.pauses[-1][0], event.on))
        case "办结":
            state.phase, state.outcome, state.finished_on = RATING, event.outcome or ANSWERED, event.on
            state.solved_step = state.step
        case "评价":
            state.satisfaction, state.why_none = event.satisfaction or "", event.why_none or ""
            again = event.satisfaction == UNSATISFIED and state.reopened < MOST_REOPENED
            state.phase = REOPENING if again else CLOSED
        case "重开":
            _reopen(state, event)


def _reopen(state: State, event: Event) -> None:
    """A new round: its clocks begin anew, and it needs an explanation and an evaluation of its own."""
    state.phase, state.outcome, state.reopened = WORKING, FOLLOWED, state.reopened + 1
    state.began_on = state.entered_on = event.on
    state.replied_on = state.finished_on = state.satisfaction = state.why_none = ""
    state.explained, state.pauses, state.solved_step = False, (), None


def is_claimed(ladder: town.Sequence | None, step: int) -> bool:
    """Whether what comes up to this step has to be claimed by a department."""
    return bool(ladder and 0 < step <= len(ladder.steps) and ladder.steps[step - 1].claim)


def how_of(event: Event) -> str:
    """How something was explained: 上门, 电话 …; "" where it is not said."""
    return str(_extra(event).get("how") or "")


def unit_of(event: Event) -> int:
    """The unit an appeal was handed to by 上报, or that claimed it; 0 where none is named."""
    number = _extra(event).get("unit")
    return number if isinstance(number, int) else 0


def _extra(event: Event) -> dict[str, Any]:
    try:
        found = json.loads(event.extra or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def step_name(ladder: town.Sequence | None, step: int) -> str:
    """What a step is called; its number where the ladder is not known here."""
    return ladder.steps[step - 1].name if ladder and 0 < step <= len(ladder.steps) else f"第{step}级"
