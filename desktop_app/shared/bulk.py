"""Work on hundreds of thousands of small objects at once."""

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from threading import Lock
from typing import TypeVar

from desktop_app.shared.ids import new_id

T = TypeVar("T")
_TURN = 0.0001
"""Seconds a thread may keep the interpreter while another waits for it."""
_COUNTED = tuple(f"{number:03x}" for number in range(0x1000))
Progress = Callable[[int, int, str], None]
"""Told how far a long job is: done, of how many, what is being done (in Chinese)."""
Cancelled = Callable[[], bool]
"""Asked from time to time whether the person wants a long job to stop."""


def no_progress(_done: int, _total: int, _words: str) -> None:
    """Tells nobody."""


def never() -> bool:
    """Does not stop."""
    return False


@contextmanager
def collecting_later() -> Iterator[None]:
    """Lets the collector of cycles rest: lists that only grow make it look at every object again and again.

    50,000 rows are read in two thirds of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # what lives now counts as old: the collector would walk through all of it at once
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Does some work in a thread of its own meanwhile; what is given waits for it and returns what it made.

    Worth it where this thread waits for a database or a file.  They take short turns, else whoever comes back from
    the database would wait 5 ms each time.
    """
    with ThreadPoolExecutor(1, "beside") as pool, _short_turns:
        yield pool.submit(work).result


class _ShortTurns:
    """Threads take short turns as long as anybody is inside; the last one out puts the time back that was found."""

    def __init__(self) -> None:
        self._lock, self._inside, self._before = Lock(), 0, 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(_TURN)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._before)


_short_turns = _ShortTurns()


def fresh_ids() -> Iterator[str]:
    """New identifiers without end, in the order they are made, ten times as quick as `new_id` one by one.

    Some thousand share their time and their random part but for its end, which counts: RFC 9562, 6.2 (method 2).
    """
    return chain.from_iterable(map(first[: -len(_COUNTED[0])].__add__, _COUNTED) for first in iter(new_id, None))
