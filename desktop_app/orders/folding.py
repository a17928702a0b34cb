"""What the folds of orders, wishes and shifts have in common: one order of events.

Events stand in the order they were written (by the stamp `at`), never before the event their author had seen: a desk
whose clock goes wrong cannot put an answer before its question.  The order is a function of the events alone, so
whatever arrives when, and however often, every desk folds the same.
"""

from collections.abc import Iterable
from typing import Final

from desktop_app.shared.events import E

SECOND: Final = "写这一条时，还没有看到另一台电脑先办的这一步"


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
