"""What the folds of appeals and matters, which both climb steps, have in common: their events and the order of these.

What the server has numbered stands in the order of its numbers, before what has none yet.
"""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from desktop_app.shared import events

UNSEEN: Final = "写这一条时，还没有看到另一台电脑办的这一步"


class Event(events.Event, Protocol):
    """As much of an event as such a fold reads."""

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


E = TypeVar("E", bound=Event)


def in_order(every: Iterable[E]) -> list[E]:
    """Each event once, in the order all desks agree on; of two copies the one with the server's number."""
    once: dict[str, E] = {}
    for event in every:
        if event.id not in once or _place(event) < _place(once[event.id]):
            once[event.id] = event
    return sorted(once.values(), key=_place)


def _place(event: Event) -> tuple[int, int, str]:
    return (0, event.sync_seq, event.id) if event.sync_seq else (1, event.at, event.id)
