"""When to sync next without being asked.  Pure: the moment and the dice are handed in.

Thousands of desks must not come at the same moment: everything here is spread, the most after an outage.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from desktop_app.store.database import Database
from desktop_app.sync.status import PAUSE_UNTIL

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
EVERY: Final = 5 * MINUTE
"""Between two exchanges, give or take half of it."""
AWAY: Final = 30 * MINUTE
"""Without an exchange for so long, a desk comes back at a random moment within `HERD`."""
HERD: Final = 2 * MINUTE
FIRST_RETRY: Final = 30 * SECOND
LONGEST_RETRY: Final = 15 * MINUTE
SOON: Final = MINUTE
"""What waits to be sent goes so long after the last exchange, give or take half of it."""
HINTED: Final = 3 * SECOND
"""Within so long of the server's hint that there is news, each desk at its own moment."""
CALM: Final = 10 * SECOND
"""However many hints come, between two exchanges."""
LATE: Final = 1.3
"""A desk that was given a slot comes within its length and this many times its length."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the next moment depends on; times in UTC ms, 0 for never.  `failures`: exchanges in a row that failed."""

    now: int
    last_ok_at: int = 0
    last_try_at: int = 0
    failures: int = 0
    busy: bool = False
    pause_until: int = 0
    by_stick: bool = False
    """This desk has no address of a server."""


def standing(db: Database) -> Standing:
    """As this desk stands."""
    last_ok, last_try, failures, kind, pause, url = db.rows(
        "SELECT coalesce((SELECT at FROM sync_log WHERE kind='ok' ORDER BY no DESC LIMIT 1),0),"
        "coalesce((SELECT at FROM sync_log WHERE kind<>'stick' ORDER BY no DESC LIMIT 1),0),"
        "(SELECT count(*) FROM sync_log WHERE kind<>'stick' AND no>"
        "coalesce((SELECT max(no) FROM sync_log WHERE kind='ok'),0)),"
        "(SELECT kind FROM sync_log ORDER BY no DESC LIMIT 1),(SELECT value FROM setting WHERE key=?),"
        "(SELECT server_url FROM sync_state)",
        (PAUSE_UNTIL,),
    )[0]
    pause_until = int(pause) if pause and pause.isdecimal() else 0
    return Standing(db.clock.ms(), last_ok, last_try, failures, kind == "BUSY", pause_until, by_stick=url == "")


def next_at(seen: Standing, dice: Random, *, metered: bool = False) -> int | None:
    """The moment of the next exchange, UTC ms, not before now; None: not by itself.

    That is so where the connection costs money, or there is none.  Ask once after each exchange and at the start of the
    program: every call throws the dice anew.
    """
    if metered or seen.by_stick:
        return None
    seen = _believed(seen)
    return max(seen.now, _slot(seen, dice), seen.pause_until)


def _believed(seen: Standing) -> Standing:
    """What was noted before the clock was put back is as if it had been just now: nobody rests for a year."""
    ahead = seen.last_try_at - seen.now
    return seen if ahead <= 0 else replace(seen, last_try_at=seen.now, pause_until=max(seen.pause_until - ahead, 0))


def _slot(seen: Standing, dice: Random) -> int:
    if seen.busy and seen.pause_until > seen.last_try_at:
        return seen.last_try_at + round((seen.pause_until - seen.last_try_at) * dice.uniform(1, LATE))
    if seen.failures:
        longest = min(LONGEST_RETRY, FIRST_RETRY << min(seen.failures - 1, 10))
        return seen.last_try_at + round(longest * dice.uniform(0.5, 1))
    if not seen.last_ok_at:
        return seen.now
    if not 0 <= seen.now - seen.last_ok_at < AWAY:
        return seen.now + round(dice.uniform(0, HERD))
    return seen.last_ok_at + round(EVERY * dice.uniform(0.5, 1.5))


class Plan:
    """When an exchange starts by itself in a program that stays open; the moment is drawn once after each exchange.

    What waits to be sent and what the server hints at does not wait for the next regular moment, and an exchange that
    left no trace (it was stopped, or could not start) is not begun again at once.
    """

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._drawn_for: tuple[int, ...] = ()
        self._due = 0
        self._soon = 0
        self._hint = 0
        self._not_before = 0
        self._asked_at = 0

    def began(self, now: int) -> None:
        """An exchange starts, whoever asked for it."""
        self._not_before = now + round(SOON * self._dice.uniform(0.5, 1.5))
        self._drawn_for, self._hint = (), 0

    def stopped(self, now: int) -> None:
        """The person stopped it: that counts until the next regular moment."""
        self._not_before = now + round(EVERY * self._dice.uniform(0.5, 1.5))

    def hinted(self, now: int) -> None:
        """The server says that there is news."""
        if not self._hint:
            self._hint = now + round(HINTED * self._dice.uniform(0, 1))

    @property
    def is_hinted(self) -> bool:
        """Whether news wait for the next exchange; there is no need to ask for more."""
        return self._hint > 0

    def next_at(self, seen: Standing, waiting: int = 0) -> int:
        """The moment from which an exchange may start by itself; `waiting` records are to be sent."""
        if seen.now < self._asked_at - HERD:  # the clock was put back: what was drawn lies who knows how far ahead
            self._drawn_for, self._hint, self._not_before = (), 0, 0
        self._asked_at = seen.now
        stands = (seen.last_ok_at, seen.last_try_at, seen.failures, seen.pause_until)
        seen = _believed(seen)
        if stands != self._drawn_for:
            self._drawn_for = stands
            self._due = next_at(seen, self._dice) or seen.now
            self._soon = seen.last_try_at + round(SOON * self._dice.uniform(0.5, 1.5))
        if seen.failures or seen.now - seen.last_ok_at >= AWAY or seen.pause_until > seen.now:
            return max(self._due, self._not_before)
        regular = max(min(self._due, self._soon) if waiting else self._due, self._not_before)
        return min(regular, max(self._hint, seen.last_try_at + CALM)) if self._hint else regular

    def is_time(self, seen: Standing, waiting: int = 0) -> bool:
        """Whether to start one now."""
        return seen.now >= self.next_at(seen, waiting)
