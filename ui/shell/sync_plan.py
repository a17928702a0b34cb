"""When an exchange starts by itself in the window: the rules of `desktop_app.sync.schedule`, drawn once after each.

What waits to be sent does not wait for the next regular moment, and an exchange that left no trace (it was stopped, or
could not start) is not begun again at once.  Pure: the clock and the dice are handed in.
"""

from random import Random

from desktop_app.sync import schedule
from desktop_app.sync.schedule import EVERY, MINUTE, Standing


class SyncPlan:
    """All times in UTC ms."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._drawn_for: tuple[int, ...] = ()
        self._due = 0
        self._soon = 0
        self._not_before = 0

    def began(self, now: int) -> None:
        """An exchange starts, whoever asked for it."""
        self._not_before = now + round(MINUTE * self._dice.uniform(0.5, 1.5))
        self._drawn_for = ()

    def stopped(self, now: int) -> None:
        """The person stopped it: that counts until the next regular moment."""
        self._not_before = now + round(EVERY * self._dice.uniform(0.5, 1.5))

    def next_at(self, seen: Standing, waiting: int = 0) -> int:
        """The moment from which an exchange may start by itself; `waiting` records are to be sent."""
        stands = (seen.last_ok_at, seen.last_try_at, seen.failures, seen.pause_until)
        if stands != self._drawn_for:
            self._drawn_for = stands
            self._due = schedule.next_at(seen, self._dice) or seen.now
            self._soon = seen.last_try_at + round(MINUTE * self._dice.uniform(0.5, 1.5))
        away = seen.now - seen.last_ok_at >= schedule.AWAY
        hurry = waiting and not (seen.failures or away or seen.pause_until > seen.now)
        return max(min(self._due, self._soon) if hurry else self._due, self._not_before)

    def is_time(self, seen: Standing, waiting: int = 0) -> bool:
        """Whether to start one now."""
        return seen.now >= self.next_at(seen, waiting)
