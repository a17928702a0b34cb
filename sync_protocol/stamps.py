"""Stamps of a hybrid logical clock: one 64-bit integer, 48 bits of UTC milliseconds and 16 bits of counter.

Kulkarni et al., "Logical Physical Clocks" (2014).  A stamp only decides between two edits that did not see each other,
so a wrong wall clock can neither block an exchange nor win over an edit made in sight of it.
"""

from typing import Final

COUNTER_BITS: Final = 16
COUNTER_MASK: Final = (1 << COUNTER_BITS) - 1
AHEAD_MS: Final = 5 * 60 * 1000
"""How far in the future of the server a stamp may lie, in milliseconds (rule R14)."""

FURTHEST: Final = 1 << 62
"""No clock of a desk follows a stamp beyond this, in the year 4199: above it there must be room to count on."""


def stamp(ms: int, counter: int = 0) -> int:
    """The stamp of a moment in UTC milliseconds."""
    return ms << COUNTER_BITS | counter


def ms_of(value: int) -> int:
    """The UTC milliseconds in a stamp."""
    return value >> COUNTER_BITS


def next_stamp(ms: int, floor: int) -> int:
    """A stamp for something that happens now, above everything seen so far, whatever the wall clock says (rule R14)."""
    return max(stamp(ms), floor + 1)


def latest_allowed(now_ms: int) -> int:
    """The highest stamp that may stand at a moment of the server's clock."""
    return stamp(now_ms + AHEAD_MS, COUNTER_MASK)


def clamp(value: int, now_ms: int) -> int:
    """A stamp as the server takes it: never negative, never more than five minutes ahead (rule R14)."""
    return max(0, min(value, latest_allowed(now_ms)))
