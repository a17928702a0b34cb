"""Where an order stands, folded from its events.

点单—派单—接单—评单: 黄石 2022; 组织派单、党员接单、群众评单: 硚口 2025.

Of two who take an order while apart, the one who wrote it down first has it; the other is kept and told.
No order ends without an evaluation, or the reason why there is none; the first 不满意 sends it out once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from desktop_app.orders.folding import SECOND, in_order
from desktop_app.shared import events
from desktop_app.shared.events import Move, Stale

ASKED, GIVEN_OUT = VARIANTS = ("居民点单", "组织派单")
"""Four steps: 点单 派单 接单 评单; three steps: 派单 接单 评单."""
SATISFACTIONS: Final = ("满意", "基本满意", "不满意")
UNSATISFIED: Final = SATISFACTIONS[2]

WAITING, SENT, TAKEN, WORKING, DONE, RATED, CANCELLED = PHASES = (
    "待派", "已派", "已接", "进行", "待评", "已评", "取消",
)  # fmt: skip
OPEN: Final = (WAITING, SENT, TAKEN, WORKING)
"""Phases in which the service is still to be given."""
HELD: Final = (SENT, TAKEN, WORKING)
"""Phases in which somebody has it in hand."""
MOST_SENT_AGAIN: Final = 1
LONGEST_MINUTES: Final = 24 * 60


MOVES: Final[dict[str, Move]] = {
    "点单": Move(PHASES, turns=False),
    "派单": Move((WAITING,)),
    "接单": Move((SENT,), ("helper_id",)),
    "开始": Move((TAKEN,)),
    "完成": Move((TAKEN, WORKING), ("minutes",)),
    "评单": Move((DONE,), ("rating",)),
    "退单": Move(HELD, ("text",)),
    "转单": Move(HELD, ("helper_id", "text")),
    "取消": Move(OPEN, ("text",)),
    "备注": Move(PHASES, ("text",), turns=False),
}
"""The words of `OrderEvent.kind`."""


class Event(events.Event, Protocol):
    """As much of an OrderEvent as the rule reads."""

    @property
    def on(self) -> str: ...
    @property
    def helper_id(self) -> str | None: ...
    @property
    def to_whom(self) -> str | None: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def satisfaction(self) -> str | None: ...
    @property
    def why_none(self) -> str | None: ...


@dataclass(slots=True)
class State:
    """Where an order stands; days are ISO text, "" for not yet.  `helper_id` "" with SENT: open to whoever takes it."""

    phase: str = WAITING
    helper_id: str = ""
    to_whom: str = ""
    sent_on: str = ""
    taken_on: str = ""
    finished_on: str = ""
    minutes: int = 0
    satisfaction: str = ""
    why_none: str = ""
    returned: int = 0
    sent_again: int = 0
    why: str = ""
    """why it came back, was handed on or cancelled, the last time"""
    last_id: str = ""
    stale: tuple[Stale, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the service is still to be given."""
        return self.phase in OPEN

    def refusal(self, event: Event) -> str:
        """Why an event changes nothing in this state; "" where it does."""
        move = MOVES[event.kind]
        if self.phase not in move.phases:
            return f"服务单{self.phase}，不能{event.kind}"
        if "helper_id" in move.needs and not event.helper_id:
            return f"{event.kind}没有写明是谁"
        if event.kind == "接单" and self.helper_id and event.helper_id != self.helper_id:
            return f"已派给{self.to_whom}，别人不能接"
        if event.kind == "转单" and event.helper_id == self.helper_id:
            return f"本来就在{self.to_whom}手里"
        if event.kind in {"开始", "完成"} and event.helper_id and event.helper_id != self.helper_id:
            return f"服务单在{self.to_whom}手里"
        return _wrong_end(event)

    def take(self, event: Event) -> None:
        """Takes an event in."""
        match event.kind:
            case "派单":
                self._hand(event)
            case "接单":
                self._hand(event)
                self.phase, self.taken_on = TAKEN, event.on
            case "转单":
                self._hand(event)
                self.taken_on, self.why = "", event.text or ""
            case "开始":
                self.phase = WORKING
            case "完成":
                self.phase, self.minutes, self.finished_on = DONE, event.minutes or 0, event.on
            case "评单":
                self._rate(event)
            case "退单":
                self.returned, self.why = self.returned + 1, event.text or ""
                self._wait()
            case "取消":
                self.phase, self.why = CANCELLED, event.text or ""

    def _hand(self, event: Event) -> None:
        self.phase, self.helper_id, self.to_whom = SENT, event.helper_id or "", event.to_whom or ""
        self.sent_on = self.sent_on or event.on

    def _wait(self) -> None:
        self.phase, self.helper_id, self.to_whom, self.sent_on, self.taken_on = WAITING, "", "", "", ""

    def _rate(self, event: Event) -> None:
        self.satisfaction, self.why_none = event.satisfaction or "", event.why_none or ""
        if event.satisfaction == UNSATISFIED and self.sent_again < MOST_SENT_AGAIN:
            self.sent_again, self.why = self.sent_again + 1, event.text or "居民评价不满意"
            self.finished_on = self.satisfaction = ""
            self._wait()
        else:
            self.phase = RATED


def _wrong_end(event: Event) -> str:
    if event.kind == "完成" and not 0 < (event.minutes or 0) <= LONGEST_MINUTES:
        return "服务分钟要在 1 到 1440 之间"
    rated = event.satisfaction in SATISFACTIONS or event.why_none
    return "没有评价，也没有写明原因" if event.kind == "评单" and not rated else ""


def fold(every: Iterable[Event]) -> State:
    """Where the order stands after these events, whatever order they came in."""
    state = State()
    state.last_id, state.stale = events.fold(in_order(every), MOVES, state.refusal, state.take, SECOND)
    return state


def allowed(state: State) -> tuple[str, ...]:
    """What may be done next, in the order of MOVES; the order itself is never placed twice."""
    return tuple(kind for kind, move in MOVES.items() if kind != "点单" and state.phase in move.phases)
