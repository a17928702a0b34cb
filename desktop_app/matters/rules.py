"""Where a matter stands: folded from its events by one pure rule, the same at every desk.

The steps are data (`meeting_templates` of the town profile: 五步议事法, 四民, 四议两公开 …); every step has a stage,
and the stage says what has to be there before the next step.  No step is skipped; going back needs a reason; a matter
is closed once its proposer was told and it was judged, or with a recorded reason why not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Protocol

from desktop_app.profiles import town
from desktop_app.shared import events, steps
from desktop_app.shared.events import Stale

PROPOSE, DISCUSS, DECIDE, PUBLISH, ASSIGN, DO, REPORT, EVALUATE = STAGES = (
    "propose", "discuss", "decide", "publish", "assign", "do", "report", "evaluate",
)  # fmt: skip
"""What a step of a template is for."""
PLAIN: Final = (PROPOSE, DISCUSS, DECIDE, DO, EVALUATE)
"""The stages of a template nobody here knows."""

OPEN, CLOSED, ENDED = PHASES = ("在办", "已结案", "已终止")
CARRIED, LOST, PUT_OFF = OUTCOMES = ("通过", "未通过", "缓议")
SATISFACTIONS: Final = ("满意", "基本满意", "不满意")


@dataclass(frozen=True, slots=True)
class Move(events.Move):
    """As any; `stages` are the steps in which it means something, none for all."""

    phases: tuple[str, ...] = (OPEN,)
    turns: bool = False
    stages: tuple[str, ...] = ()


MOVES: Final[dict[str, Move]] = {
    "提出": Move(PHASES),
    "上会": Move(needs=("meeting_id",)),
    "商议": Move(needs=("text",), stages=(PROPOSE, DISCUSS, DECIDE)),
    "决定": Move(needs=("outcome", "text"), stages=(DECIDE,)),
    "公示": Move(PHASES, ("on", "how")),
    "交办": Move(needs=("to_whom", "due_on"), stages=(ASSIGN, DO, REPORT, EVALUATE, PUBLISH)),
    "进展": Move(needs=("text",)),
    "完成": Move(needs=("text",), stages=(ASSIGN, DO, REPORT, EVALUATE, PUBLISH)),
    "反馈": Move(PHASES, ("to_whom", "text", "how")),
    "评议": Move(needs=("rating",)),
    "推进": Move(turns=True),
    "退回": Move(needs=("text",), turns=True),
    "结案": Move(turns=True),
    "终止": Move(needs=("text",), turns=True),
    "重开": Move((CLOSED, ENDED), ("text",), turns=True),
    "补充": Move(PHASES, ("text",)),
}
"""The words of `MatterEvent.kind`, in the order in which they are offered."""


class Event(steps.Event, Protocol):
    """As much of a MatterEvent as the rule reads."""

    @property
    def helpers(self) -> str | None: ...
    @property
    def due_on(self) -> str | None: ...
    @property
    def progress(self) -> int | None: ...
    @property
    def how(self) -> str | None: ...
    @property
    def until_on(self) -> str | None: ...
    @property
    def meeting_id(self) -> str | None: ...
    @property
    def agenda_id(self) -> str | None: ...


@dataclass(slots=True)
class State:
    """Where a matter stands.  `step` counts from 1; days are ISO text, "" for not yet.

    `entered` is the day each step up to the present one was entered; `last_id` the last event there is.
    """

    step: int = 1
    phase: str = OPEN
    talked: bool = False
    outcome: str = ""
    decision: str = ""
    published: bool = False
    publicity: tuple[str, str] = ("", "")
    lead: str = ""
    helpers: str = ""
    assigned_on: str = ""
    due_on: str = ""
    progress: int = 0
    result: str = ""
    done_on: str = ""
    told_on: str = ""
    told_whom: str = ""
    satisfaction: str = ""
    unrated: str = ""
    ended_on: str = ""
    ended_why: str = ""
    entered: tuple[str, ...] = ()
    back: int = 0
    last_id: str = ""
    stale: tuple[Stale, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is still going on."""
        return self.phase == OPEN

    @property
    def judged(self) -> bool:
        """Whether somebody said how it went, or why nobody could."""
        return bool(self.satisfaction or self.unrated)

    def late(self, on: str) -> bool:
        """Whether the deadline is over and the work is not done."""
        return bool(self.open and self.due_on and not self.done_on and self.due_on < on)


def stages_of(template: town.Sequence | None) -> tuple[str, ...]:
    """The stages of a template's steps, one for each; those of the plain five steps for an unknown one."""
    if template is None:
        return PLAIN
    named = tuple(step.stage for step in template.steps)
    if all(named):
        return named
    return PLAIN if len(named) == len(PLAIN) else (PROPOSE, *(DISCUSS for _ in named[2:]), EVALUATE)[: len(named)]


def step_name(template: town.Sequence | None, step: int) -> str:
    """What a step is called; its number where the template is not known here."""
    return template.steps[step - 1].name if template and 0 < step <= len(template.steps) else f"第{step}步"


def fold(every: Iterable[Event], template: town.Sequence | None) -> State:
    """Where the matter stands after these events, whatever order they came in."""
    stages, state = stages_of(template), State()
    state.last_id, state.stale = events.fold(
        steps.in_order(every),
        MOVES,
        lambda event: refusal(state, event, stages),
        lambda event: _apply(state, event, stages),
        steps.UNSEEN,
    )
    return state


# ----------------------------------------------------------------------------------------------------- what is allowed


def refusal(state: State, event: Event, stages: Sequence[str]) -> str:
    """Why an event changes nothing in this state; "" where it does."""
    move = MOVES[event.kind]
    if state.phase not in move.phases:
        return f"议题{state.phase}，不能{event.kind}"
    if move.stages and _stage(stages, state.step) not in move.stages:
        return f"现在是第{state.step}步，还不能{event.kind}"
    if move.turns:
        return _wrong_turn(state, event, stages)
    if event.kind == "决定" and event.outcome not in OUTCOMES:
        return f"决定只能是{'、'.join(OUTCOMES)}"
    if event.kind == "评议" and not (event.satisfaction in SATISFACTIONS or event.why_none):
        return "没有评价，也没有写明原因"
    return "还没有交办给谁" if event.kind == "完成" and not state.lead else ""


def _stage(stages: Sequence[str], step: int) -> str:
    return stages[step - 1] if 0 < step <= len(stages) else EVALUATE


def _wrong_turn(state: State, event: Event, stages: Sequence[str]) -> str:
    if event.from_step != state.step:
        return f"议题已不在第{event.from_step}步"
    why = ""
    match event.kind:
        case "推进":
            why = _wrong_step(state, event, stages)
        case "退回" if not 1 <= event.to_step < state.step:
            why = "只能退回到前面的步骤"
        case "结案":
            why = _not_closable(state, event, stages)
        case "重开" if not 1 <= event.to_step <= state.step:
            why = "只能重开到走过的步骤"
    return why


def _wrong_step(state: State, event: Event, stages: Sequence[str]) -> str:
    if event.to_step != state.step + 1:
        return "只能一步一步往下走，不能跳步"
    return "已是最后一步，可以结案" if event.to_step > len(stages) else lacking(state, _stage(stages, state.step))


def _not_closable(state: State, event: Event, stages: Sequence[str]) -> str:
    if state.step < len(stages):
        return "还没有走到最后一步"
    if event.why_none:
        return ""
    told = "" if state.told_on else "还没有把结果告诉提出人"
    judged = "" if state.judged else "还没有评议"
    return lacking(state, _stage(stages, state.step)) or told or judged


def lacking(state: State, stage: str) -> str:
    """What is missing before a step of this stage is done; "" for nothing."""
    undecided = f"决定是“{state.outcome}”，不能往下走" if state.outcome else "还没有作出决定"
    unassigned = "" if state.lead else "还没有交办给谁"
    undone = "" if state.done_on else unassigned or "还没有完成"
    missing = {
        DISCUSS: "" if state.talked else "还没有商议记录",
        DECIDE: "" if state.outcome == CARRIED else undecided,
        PUBLISH: "" if state.published else "还没有公示",
        ASSIGN: unassigned,
        DO: undone,
        REPORT: undone or ("" if state.published else "结果还没有公开"),
        EVALUATE: "" if state.judged else "还没有评议",
    }
    return missing.get(stage, "")


def allowed(state: State, template: town.Sequence | None) -> tuple[str, ...]:
    """What may be done next, in the order of MOVES; the proposal alone is never made twice."""
    stages = stages_of(template)
    return tuple(kind for kind, move in MOVES.items() if kind != "提出" and _may(state, kind, move, stages))


def _may(state: State, kind: str, move: Move, stages: Sequence[str]) -> bool:
    if state.phase not in move.phases or (move.stages and _stage(stages, state.step) not in move.stages):
        return False
    match kind:
        case "推进":
            return state.step < len(stages) and not lacking(state, _stage(stages, state.step))
        case "退回":
            return state.step > 1
        case "结案":
            return state.step == len(stages)
        case "完成":
            return bool(state.lead)
    return True


# -------------------------------------------------------------------------------------------------------- what it does


def _apply(state: State, event: Event, stages: Sequence[str]) -> None:
    match event.kind:
        case "提出":
            state.entered = state.entered or (event.on,)
        case "商议":
            state.talked = True
        case "决定":
            state.outcome, state.decision = event.outcome or "", event.text or ""
        case "公示":
            state.published, state.publicity = True, (event.on, event.until_on or "")
        case "交办":
            state.lead, state.helpers = event.to_whom or "", event.helpers or ""
            state.assigned_on, state.due_on = event.on, event.due_on or ""
        case "进展":
            state.progress = state.progress if event.progress is None else max(0, min(100, event.progress))
        case "完成":
            state.done_on, state.result, state.progress = event.on, event.text or "", 100
        case "反馈":
            state.told_on, state.told_whom = event.on, event.to_whom or ""
        case "评议":
            state.satisfaction, state.unrated = event.satisfaction or "", event.why_none or ""
        case _:
            _turn(state, event, stages)


def _turn(state: State, event: Event, stages: Sequence[str]) -> None:
    match event.kind:
        case "推进":
            state.step, state.entered = event.to_step, (*state.entered, event.on)
            if _stage(stages, state.step) == DECIDE:  # where two bodies decide in turn, each decides for itself
                state.outcome, state.decision = "", ""
            state.published = state.published and _stage(stages, state.step) != REPORT
        case "退回":
            _go_back(state, event, stages)
        case "结案" | "终止":
            state.phase = CLOSED if event.kind == "结案" else ENDED
            state.ended_on, state.ended_why = event.on, event.why_none or event.text or ""
        case "重开":
            state.phase, state.ended_on, state.ended_why = OPEN, "", ""
            _go_back(state, event, stages)


def _go_back(state: State, event: Event, stages: Sequence[str]) -> None:
    """What was reached from the step it goes back to on has to be reached anew."""
    state.step, state.back = event.to_step, state.back + 1
    state.entered = (*state.entered[: event.to_step - 1], event.on)
    left = set(stages[event.to_step - 1 :])
    if DISCUSS in left:
        state.talked = False
    if DECIDE in left:
        state.outcome, state.decision = "", ""
    if left & {PUBLISH, REPORT}:
        state.published = False
    if left & {ASSIGN, DO}:
        state.lead = state.helpers = state.due_on = state.assigned_on = ""
        state.progress = 0
    if left & {ASSIGN, DO, REPORT, EVALUATE}:
        state.result = state.done_on = state.told_on = state.told_whom = ""
    state.satisfaction = state.unrated = ""


def days_in_steps(state: State, on: str) -> tuple[int, ...]:
    """How many days each step up to the present one took so far."""
    marks = [*state.entered, state.ended_on or on]
    return tuple(
        max(0, (date.fromisoformat(after) - date.fromisoformat(before)).days)
        for before, after in pairwise(marks)
        if before and after
    )
