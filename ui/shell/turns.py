"""Work of the window's thread in parts: some each turn of the event loop, so that keys and clicks get in between."""

import time
from collections import deque
from collections.abc import Iterator

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject, QTimer
from shiboken6 import isValid

ENOUGH_MS = 4.0
"""After so much time of the processor the other parts wait for the next turn: a quarter of a frame, because the last
part may take as long by itself, and what it changed has to be laid out."""
_MOST_PASSED = 3
"""A turn that was taken up by other work, as by painting, is passed, but not more of them one after another."""


class Turns(QObject):
    """One for the whole application; who came first is served first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[QObject, Iterator[None]]] = deque()
        self._within: list[tuple[QObject, Iterator[None]]] | None = None
        self._began, self._passed = time.thread_time(), 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)
        loop = QAbstractEventDispatcher.instance()
        if loop is not None:
            loop.awake.connect(self._mark)

    def _mark(self) -> None:
        self._began = time.thread_time()

    @property
    def is_busy(self) -> bool:
        """Whether there is something left to do."""
        return bool(self._waiting)

    def begin(self, owner: QObject, parts: Iterator[None]) -> None:
        """Do these, beginning with the next turn; they are forgotten when their owner is gone.

        What is begun by a part of something comes before the next part of that.
        """
        (self._waiting if self._within is None else self._within).append((owner, parts))
        self._timer.start()

    def _turn(self) -> None:
        enough = self._began + ENOUGH_MS / 1000
        if time.thread_time() > enough and self._passed < _MOST_PASSED:
            self._passed += 1
            return
        self._passed = 0
        enough = max(enough, time.thread_time() + ENOUGH_MS / 2000)
        while self._waiting and time.thread_time() < enough:
            self._one_part(*self._waiting.popleft())
        if not self._waiting:
            self._timer.stop()

    def _one_part(self, owner: QObject, parts: Iterator[None]) -> None:
        if not isValid(owner):
            return
        self._within = []
        try:
            is_part = next(parts, self) is None  # a part ends with None; the end is no part
        finally:
            begun, self._within = self._within, None
            self._waiting.extendleft(reversed(begun))
        if is_part:
            self._waiting.insert(len(begun), (owner, parts))


_ours: list[Turns] = []


def turns() -> Turns:
    """The one of this application."""
    if not _ours or not isValid(_ours[0]):
        _ours[:] = [Turns(QCoreApplication.instance())]
    return _ours[0]
