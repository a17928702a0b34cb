"""Cyclic garbage is collected on the window's thread alone.

Python collects in whichever thread happens to allocate. A widget that is part of a cycle (a button and the lambda that
holds its page) would then be destroyed in the reader thread, which Qt answers with a crash. So the collector rests, and
a timer of the window does its work, generation by generation with Python's own thresholds.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 200
_at_work: set[int] = set()


class GarbageCollector(QObject):
    """Lives as long as the threads do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()
        _at_work.add(id(self))
        gc.disable()

    def sweep(self) -> None:
        """The highest generation that is due, as Python itself would choose it."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """The threads have ended: Python may collect by itself again."""
        self._timer.stop()
        _at_work.discard(id(self))
        gc.collect()
        if not _at_work:
            gc.enable()
