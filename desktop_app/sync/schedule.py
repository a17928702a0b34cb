"""When to sync next without being asked.  Pure: the moment and the dice are handed in.

Thousands of desks must not come at the same moment: everything here is spread, the most after an outage.
"""

from dataclasses import dataclass
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


def standing(db: Database) -> Standing:
    """As this desk stands."""
    last_ok, last_try, failures, kind, pause = db.rows(
        "SELECT coalesce((SELECT max(at) FROM sync_log WHERE kind='ok'),0),coalesce((SELECT max(at) FROM sync_log),0),"
        "(SELECT count(*) FROM sync_log WHERE no>coalesce((SELECT max(no) FROM sync_log WHERE kind='ok'),0)),"
        "(SELECT kind FROM sync_log ORDER BY no DESC LIMIT 1),(SELECT value FROM setting WHERE key=?)",
        (PAUSE_UNTIL,),
    )[0]
    pause_until = int(pause) if pause and pause.isdecimal() else 0
    return Standing(db.clock.ms(), last_ok, last_try, failures, kind == "BUSY", pause_until)


def next_at(seen: Standing, dice: Random, *, metered: bool = False) -> int | None:
    """The moment of the next exchange, UTC ms, not before now; None: not by itself (the connection costs money).

    Ask once after each exchange and at the start of the program: every call throws the dice anew.
    """
    if metered:
        return None
    return max(seen.now, _slot(seen, dice), seen.pause_until)


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
