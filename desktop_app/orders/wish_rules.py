"""Where a small wish stands, folded from its events.  微心愿: 黄石 2018, 石首 2021 (fields are ours).

One claim wins: the one that was written down first.  Whether a wish has expired is a matter of the day one asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from desktop_app.orders.folding import SECOND, in_order
from desktop_app.shared import events
from desktop_app.shared.events import Move, Stale

OPEN, CLAIMED, FULFILLED, THANKED, WITHDRAWN = PHASES = ("待认领", "已认领", "已实现", "已答谢", "已撤回")
EXPIRED: Final = "已过期"
"""What an open or claimed wish is called after its day; no event says so."""
PERSON, UNIT = TAKERS = ("个人", "单位")


MOVES: Final[dict[str, Move]] = {
    "登记": Move(PHASES, turns=False),
    "认领": Move((OPEN,), ("taker",)),
    "退回": Move((CLAIMED,), ("text",)),
    "实现": Move((CLAIMED,), ("text",)),
    "答谢": Move((FULFILLED,), ("text",)),
    "延期": Move((OPEN, CLAIMED), ("until",)),
    "撤回": Move((OPEN, CLAIMED), ("text",)),
    "备注": Move(PHASES, ("text",), turns=False),
}
"""The words of `WishEvent.kind`."""


class Event(events.Event, Protocol):
    """As much of a WishEvent as the rule reads."""

    @property
    def on(self) -> str: ...
    @property
    def taker(self) -> str | None: ...
    @property
    def taker_kind(self) -> str | None: ...
    @property
    def taker_phone(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def cost_fen(self) -> int | None: ...
    @property
    def until(self) -> str | None: ...


@dataclass(slots=True)
class State:
    """Where a wish stands; days are ISO text, "" for not yet; `until` is the day it was put off to."""

    phase: str = OPEN
    taker: str = ""
    taker_kind: str = ""
    taker_phone: str = ""
    fulfilled_on: str = ""
    cost_fen: int | None = None
    result: str = ""
    thanks: str = ""
    why: str = ""
    until: str = ""
    last_id: str = ""
    stale: tuple[Stale, ...] = ()

    @property
    def waiting(self) -> bool:
        """Whether the wish is still to be fulfilled."""
        return self.phase in {OPEN, CLAIMED}

    def refusal(self, event: Event) -> str:
        """Why an event changes nothing in this state; "" where it does."""
        if self.phase not in MOVES[event.kind].phases:
            return f"心愿{self.phase}，不能{event.kind}"
        if event.kind == "认领" and not event.taker:
            return "认领没有写明是谁"
        if event.kind == "延期" and not event.until:
            return "延期没有写明到哪一天"
        return "费用不能是负数" if (event.cost_fen or 0) < 0 else ""

    def take(self, event: Event) -> None:
        """Takes an event in."""
        match event.kind:
            case "认领":
                self.phase, self.taker = CLAIMED, event.taker or ""
                self.taker_kind, self.taker_phone = event.taker_kind or PERSON, event.taker_phone or ""
            case "退回":
                self.phase, self.why = OPEN, event.text or ""
                self.taker = self.taker_kind = self.taker_phone = ""
            case "实现":
                self.phase, self.fulfilled_on = FULFILLED, event.on
                self.cost_fen, self.result = event.cost_fen, event.text or ""
            case "答谢":
                self.phase, self.thanks = THANKED, event.text or ""
            case "延期":
                self.until = event.until or ""
            case "撤回":
                self.phase, self.why = WITHDRAWN, event.text or ""


def fold(every: Iterable[Event]) -> State:
    """Where the wish stands after these events, whatever order they came in."""
    state = State()
    state.last_id, state.stale = events.fold(in_order(every), MOVES, state.refusal, state.take, SECOND)
    return state


def allowed(state: State) -> tuple[str, ...]:
    """What may be done next, in the order of MOVES."""
    return tuple(kind for kind, move in MOVES.items() if kind != "登记" and state.phase in move.phases)


def expiry(state: State, expires_on: str | None) -> str:
    """The last day of a wish, as it was put off; "" for none."""
    return state.until or expires_on or ""


def word(state: State, expires_on: str | None, today: str) -> str:
    """The phase as a list shows it: an unfulfilled wish whose day is over has expired."""
    last = expiry(state, expires_on)
    return EXPIRED if state.waiting and last and last < today else state.phase


def names_itself(text: str, name: str | None) -> bool:
    """Whether words for the wall tell who the wisher is."""
    told = (name or "").strip()
    return bool(told) and told in text
