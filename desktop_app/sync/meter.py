"""Budget and bandwidth of what is moved in bulk."""

import time
from collections.abc import Callable

from sync_protocol import blobs


class Enough(Exception):  # noqa: N818 - not an error
    """The budget is used up, or the server wants to be left alone."""


class Meter:
    """Budget and bandwidth of one run."""

    def __init__(
        self,
        most: int | None,
        seconds: float | None,
        rate_kib_s: int | None,
        pause: Callable[[float], None],
        largest: int = blobs.PART,
    ) -> None:
        """`largest`: most bytes of one part, as the server wants it."""
        self._most, self._seconds, self._pause, self._largest = most, seconds, pause, largest
        self._rate = rate_kib_s * 1024 if rate_kib_s else None
        self._begun = time.monotonic()
        self._paused = 0.0
        self.moved = 0

    @property
    def part(self) -> int:
        """How many bytes to move next: a second's worth, in whole cells, at most one part."""
        most = self._largest if self._rate is None else min(self._largest, self._rate)
        if self._most is not None:
            most = min(most, self._most - self.moved)
        return max(blobs.CELL, most // blobs.CELL * blobs.CELL)

    def check(self) -> None:
        """Raises when the budget is used up."""
        spent = time.monotonic() - self._begun + self._paused
        if (self._most is not None and self.moved >= self._most) or (
            self._seconds is not None and spent >= self._seconds
        ):
            raise Enough

    def took(self, count: int) -> None:
        """Counts bytes and waits until the rate allows the next."""
        self.moved += count
        if self._rate is None:
            return
        due = self.moved / self._rate
        ahead = due - (time.monotonic() - self._begun + self._paused)
        if ahead > 0:
            before = time.monotonic()
            self._pause(ahead)
            self._paused += max(0.0, ahead - (time.monotonic() - before))  # a pause that only pretends counts as well
