"""What the folds of appeals and matters, which both climb steps, have in common: their events and the order of these.

What the server has numbered stands in the order of its numbers, before what has none yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

UNSEEN: Final = "写这一条时，还没有看到另一台电脑办的这一步"


class Event(Protocol):
    """As much of an event as such a fold reads."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def on(self) -> str: ...
    @property
    def by_name(self) -> str: ...
    @property
    def from_step(self) -> int: ...
    @property
    def to_step(self) -> int: ...
    @property
    def to_whom(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def satisfaction(self) -> str | None: ...
    @property
    def why_none(self) -> str | None: ...
    @property
    def expects(self) -> str | None: ...
    @property
    def sync_seq(self) -> int: ...
    @property
    def sync_del(self) -> int: ...


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Stale:
    """An event that is kept and changes nothing: what stood in its way (an event's id, "" for none) and why."""

    event_id: str
    because_of: str
    why: str


def in_order(events: Iterable[E]) -> list[E]:
    """Each event once, in the order all desks agree on; of two copies the one with the server's number."""
    once: dict[str, E] = {}
    for event in events:
        if event.id not in once or _place(event) < _place(once[event.id]):
            once[event.id] = event
    return sorted(once.values(), key=_place)


def _place(event: Event) -> tuple[int, int, str]:
    return (0, event.sync_seq, event.id) if event.sync_seq else (1, event.at, event.id)


def turned_since(turned: Sequence[tuple[int, str]], seen: int | None) -> str:
    """The first event that changed where a thing stands after the one its author saw last, if he saw one."""
    return "" if seen is None else next((key for at, key in turned if at > seen), "")
