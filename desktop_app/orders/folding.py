"""What the folds of orders, wishes and shifts have in common: one order of events, and what came too late.

Events stand in the order they were written (by the stamp `at`), never before the event their author had seen: a desk
whose clock goes wrong cannot put an answer before its question.  The order is a function of the events alone, so
whatever arrives when, and however often, every desk folds the same.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from desktop_app.shared.steps import Stale


class Event(Protocol):
    """As much of an event as its place needs."""

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
EventT_contra = TypeVar("EventT_contra", bound=Event, contravariant=True)


class Folded(Protocol[EventT_contra]):
    """What is being folded: it knows which events turn it, why it refuses one, and takes one in."""

    def turns(self, event: EventT_contra) -> bool:
        """Whether this kind changes where the thing stands."""
        ...

    def refusal(self, event: EventT_contra) -> str:
        """Why an event changes nothing now; "" where it does."""
        ...

    def take(self, event: EventT_contra) -> None:
        """Takes an event in, a note too."""
        ...


SECOND = "写这一条时，还没有看到另一台电脑先办的这一步"


def in_order(events: Iterable[E]) -> list[E]:
    """Each event once, in the order all desks agree on; of two copies the one the server numbered, then the deleted."""
    once: dict[str, E] = {}
    for event in events:
        known = once.get(event.id)
        if known is None or (event.sync_seq, event.sync_del) > (known.sync_seq, known.sync_del):
            once[event.id] = event
    times = _times(once)
    return sorted(once.values(), key=lambda event: (times[event.id], event.id))


def _times(events: dict[str, E]) -> dict[str, tuple[int, int]]:
    """When each event was written; one that answers another is at least as late, and then stands one step further."""
    times: dict[str, tuple[int, int]] = {}
    for event in sorted(events.values(), key=lambda one: one.id):  # a circle is cut at the same place everywhere
        chain: list[E] = []
        walked: set[str] = set()
        here: E | None = event
        while here is not None and here.id not in times and here.id not in walked:
            chain.append(here)
            walked.add(here.id)
            here = events.get(here.expects or "")
        for one in reversed(chain):
            seen = times.get(one.expects or "")
            times[one.id] = (one.at, 0) if seen is None or seen[0] < one.at else (seen[0], seen[1] + 1)
    return times


def fold(events: Iterable[E], thing: Folded[E]) -> tuple[str, tuple[Stale, ...]]:
    """Takes all events into a thing, in their order; returns the last one's id and those that came to nothing.

    An event that was taken back keeps its place, so that what came after it is judged as before.
    """
    places, turned, stale, last = dict[str, int](), list[tuple[int, str]](), list[Stale](), ""
    for at, event in enumerate(in_order(events)):
        places[event.id] = at
        if event.sync_del:
            continue
        last = event.id
        if not thing.turns(event):
            thing.take(event)
        elif (seen := places.get(event.expects or "")) is not None and (later := _since(turned, seen)):
            stale.append(Stale(event.id, later, SECOND))
        elif why := thing.refusal(event):
            stale.append(Stale(event.id, turned[-1][1] if turned else "", why))
        else:
            turned.append((at, event.id))
            thing.take(event)
    return last, tuple(stale)


def _since(turned: Sequence[tuple[int, str]], seen: int) -> str:
    """The first event that turned the thing after the one its author saw last."""
    return next((key for at, key in turned if at > seen), "")
