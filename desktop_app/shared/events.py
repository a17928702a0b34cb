"""Records that are a line of events: what may be done when, and the fold that tells where such a record stands.

Events are never changed.  Each says which event its author had seen last (`expects`), so that of two steps taken by
desks that were apart the later one is kept and told, and changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Event(Protocol):
    """As much of an event as a fold needs."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def expects(self) -> str | None: ...
    @property
    def sync_seq(self) -> int: ...
    @property
    def sync_del(self) -> int: ...


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Move:
    """What may be done in which phases, and which fields it needs; one that `turns` changes where the record stands."""

    phases: tuple[str, ...]
    needs: tuple[str, ...] = ()
    turns: bool = True


@dataclass(frozen=True, slots=True)
class Stale:
    """An event that is kept and changes nothing: what stood in its way (an event's id, "" for none) and why."""

    event_id: str
    because_of: str
    why: str


def fold(
    events: Iterable[E], moves: Mapping[str, Move], refusal: Callable[[E], str], take: Callable[[E], None], unseen: str
) -> tuple[str, tuple[Stale, ...]]:
    """Takes events in, in the order given; returns the last one's id and those that came to nothing.

    `refusal` says why an event changes nothing now, "" where it does; `unseen` is why one changes nothing whose author
    had not seen what was done.  A word of a newer version is a note.  An event that was taken back keeps its place, so
    that what came after it is judged as before.
    """
    places, turned, stale, last = dict[str, int](), list[tuple[int, str]](), list[Stale](), ""
    for at, event in enumerate(events):
        places[event.id] = at
        if event.sync_del:
            continue
        last = event.id
        if (move := moves.get(event.kind)) is None:
            continue
        seen = places.get(event.expects or "") if move.turns else None
        if later := "" if seen is None else next((key for place, key in turned if place > seen), ""):
            stale.append(Stale(event.id, later, unseen))
        elif why := refusal(event):
            stale.append(Stale(event.id, turned[-1][1] if turned else "", why))
        else:
            if move.turns:
                turned.append((at, event.id))
            take(event)
    return last, tuple(stale)
