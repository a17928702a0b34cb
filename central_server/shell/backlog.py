"""Who may wait and who is told to come back, and when: each desk is refused at most once.

After an outage a whole city comes back within seconds.  A desk that would wait longer than `wait_s` gets a place in a
virtual queue behind everybody who was sent away before it, and comes back when its turn is near; a random part spreads
those who got neighbouring places.  One that comes back at its time is let in even if others are waiting.
"""

import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

SPREAD: Final = 0.3
"""Retry-After is the own place × U(1, 1.3)."""
FIRST_GUESS_S: Final = 0.02
SMOOTHING: Final = 0.05
"""Weight of one more measurement of the service time."""
MOST_PROMISES: Final = 100_000
HARD_LIMIT: Final = 6
"""Those who kept their appointment may wait this many times longer than a newcomer."""
FORGET_S: Final = 600.0
LONGEST_S: Final = 600.0
"""Nobody is sent away for longer, whatever was measured."""


@dataclass(slots=True)
class Backlog:
    """The counting alone: no sockets, no clock of its own.  All times in seconds of one monotonic clock."""

    lanes: int
    wait_s: float
    chance: Callable[[], float] = random.random
    waiting: int = 0
    running: int = 0
    service_s: float = FIRST_GUESS_S
    _until: float = 0.0
    _promises: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def admit(self, who: str, now: float) -> float:
        """0 if the request may wait here; else the seconds after which to come back."""
        ahead = self.expected_wait()
        promised = self._promises.pop(who, None)
        kept = promised is not None and promised - self.wait_s <= now <= promised + FORGET_S
        if ahead <= (self.wait_s * HARD_LIMIT if kept else self.wait_s):
            self.waiting += 1
            return 0.0
        return self._send_away(who, now, ahead)

    def expected_wait(self) -> float:
        """Seconds until a request that comes now would be at work."""
        return max(0, self.waiting + self.running - self.lanes + 1) * self.service_s / self.lanes

    def _send_away(self, who: str, now: float, ahead: float) -> float:
        step = self.service_s / self.lanes
        self._until = max(self._until + step, now + ahead)
        place = min(self._until - now, LONGEST_S)
        wait = max(1.0, place * (1 + SPREAD * self.chance()))
        self._promises[who] = now + wait
        while len(self._promises) > MOST_PROMISES:
            self._promises.popitem(last=False)
        return wait

    def begin(self) -> None:
        """A waiting request gets to work."""
        self.waiting -= 1
        self.running += 1

    def leave(self) -> None:
        """A waiting request is gone before it got to work."""
        self.waiting -= 1

    def end(self, seconds: float) -> None:
        """A request is done; `seconds` is how long it was at work."""
        self.running -= 1
        self.service_s += SMOOTHING * (seconds - self.service_s)
