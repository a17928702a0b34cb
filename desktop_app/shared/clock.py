"""The only place that asks the machine for the time."""

import time
from datetime import date, datetime, timedelta


class Clock:
    """The wall clock of this machine."""

    def ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def ticks(self) -> int:
        """Milliseconds this machine has run, sleep included; nobody can set them, and they begin anew with a start."""
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        return (time.monotonic_ns() if boot is None else time.clock_gettime_ns(boot)) // 1_000_000

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
        self._ticks = 86_400_000

    def ms(self) -> int:
        return int(self._at.timestamp() * 1000)

    def ticks(self) -> int:
        return self._ticks

    def move(self, **by: float) -> None:
        """Time goes by; backwards the clock alone is put elsewhere."""
        self.put(**by)
        self._ticks += max(0, timedelta(**by) // timedelta(milliseconds=1))

    def put(self, **by: float) -> None:
        """Somebody puts the clock on or back, and no time goes by."""
        self._at += timedelta(**by)

    def restart(self) -> None:
        """The machine starts anew."""
        self._ticks = 0


def local_text(ms: int, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """An instant in UTC milliseconds as local text."""
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime(pattern)
