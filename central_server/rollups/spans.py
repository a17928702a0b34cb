"""Months as text `YYYY-MM`, and spans of months: from the first that counts to the first that does not.

A stock is counted at the end of a month: what ended within it is no longer there.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

EVER: Final = "0000-00"
"""The start of what has no start."""
NEVER: Final = "9999-99"
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Span(NamedTuple):
    """Months from `start`, `end` not included."""

    start: str = EVER
    end: str = NEVER


def month_of(value: object, *, last: bool = False) -> str | None:
    """The month of an ISO date or time, or of UTC milliseconds; of a bare year the first (or last) one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _month_of_instant(value)
    found = _DATE.match(value) if isinstance(value, str) else None
    if not found:
        return None
    month = found[2] or ("12" if last else "01")
    return f"{found[1]}-{month}" if "01" <= month <= "12" else None


def _month_of_instant(ms: int) -> str | None:
    from datetime import UTC, datetime, timedelta

    if not 0 <= ms < 253_402_214_400_000:  # noqa: PLR2004 - the last day a date can name
        return None
    china = datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=8)
    return f"{china:%Y-%m}"


@lru_cache(maxsize=1 << 14)
def span(starts: tuple[object, ...], ends: tuple[object, ...]) -> Span:
    """From the latest of the starts that are known to the earliest of the ends."""
    begun = [month for value in starts if (month := month_of(value))]
    ended = [month for value in ends if (month := month_of(value, last=True))]
    return Span(max(begun, default=EVER), min(ended, default=NEVER))


def union(spans: Iterable[Span]) -> list[Span]:
    """The same months, each once."""
    merged: list[Span] = []
    for one in sorted(one for one in spans if one.start < one.end):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def common(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The months that are in both."""
    rights = list(others)
    found = [Span(max(a.start, b.start), min(a.end, b.end)) for a in some for b in rights]
    return [one for one in found if one.start < one.end]


def changes(spans: Iterable[Span]) -> Counter[str]:
    """What the spans add to a stock, and take from it, month by month."""
    found: Counter[str] = Counter()
    for one in spans:
        found[one.start] += 1
        if one.end < NEVER:
            found[one.end] -= 1
    return found


def months(first: str, last: str) -> list[str]:
    """All months from one to another."""
    year, month = int(first[:4]), int(first[5:7])
    found = []
    while (text := f"{year:04d}-{month:02d}") <= last:
        found.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
    return found
