"""The only place that asks the machine for the time."""

import time
from datetime import date, datetime, timedelta


class Clock:
    """The wall clock of this machine."""

    def ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def now(self) -> datetime:
        """Local time with its offset."""
        return datetime.fromtimestamp(self.ms() / 1000).astimezone()

    def today(self) -> date:
        """Local date."""
        return self.now().date()


class FixedClock(Clock):
    """A clock that stands still until it is moved; for tests and demonstrations."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone()

    def ms(self) -> int:
        return int(self._at.timestamp() * 1000)

    def move(self, **by: float) -> None:
        """Moves on by a `timedelta(**by)`, backwards too."""
        self._at += timedelta(**by)


def local_text(ms: int, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """An instant in UTC milliseconds as local text."""
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime(pattern)
