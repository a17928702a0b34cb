"""Cyclic garbage is collected on the window's thread alone.

Python collects in whichever thread happens to allocate. A widget that is part of a cycle (a button and the lambda that
holds its page) would then be destroyed in the reader thread, which Qt answers with a crash. So the collector rests, and
a timer of the window does its work. What is young takes a millisecond or two; a look through everything would be felt
under the fingers, so it waits until the window has been at rest for a while; the first time nothing is looked at, and
what was made since the start (modules, classes, a little garbage) stands aside from then on.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 200
_REST_ROUNDS = 5
_REST_MS = 10
"""At rest: for five rounds its thread needed no more than this in each."""
_MOST_ROUNDS = 600
"""Where the window never rests: two minutes are enough."""
_at_work: set[int] = set()
_aside: list[bool] = []


class GarbageCollector(QObject):
    """Lives as long as the threads do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._spent = time.thread_time()
        self._resting = self._waiting = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()
        _at_work.add(id(self))
        gc.disable()

    def sweep(self) -> None:
        """What is due by Python's own thresholds; everything only while nobody works."""
        spent = time.thread_time()
        self._resting = self._resting + 1 if (spent - self._spent) * 1000 < _REST_MS else 0
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        self._waiting = self._waiting + 1 if due[2] else 0
        if due[2] and (self._resting >= _REST_ROUNDS or self._waiting >= _MOST_ROUNDS):
            self._look_through()
        elif due[1] or due[0]:
            gc.collect(1 if due[1] else 0)
        self._spent = time.thread_time()

    def _look_through(self) -> None:
        self._waiting = 0
        if _aside:
            gc.collect()
        else:  # once in a process: what is opened later must not stand aside
            _aside.append(True)
            gc.freeze()

    def stop(self) -> None:
        """The threads have ended: Python may collect by itself again."""
        self._timer.stop()
        _at_work.discard(id(self))
        gc.collect()
        if not _at_work:
            gc.enable()
