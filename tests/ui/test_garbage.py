"""Cycles with widgets in them are never collected by a thread of the background."""

import gc
import threading
import time
from itertools import count

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.shell import garbage
from ui.shell.background import Background
from ui.shell.garbage import GarbageCollector


class Knot(QWidget):
    """A widget that holds itself, as a page held by the lambda of its own button does."""

    died_in: list[str]

    def __init__(self, died_in: list[str]) -> None:
        super().__init__()
        self.myself = self
        self.died_in = died_in

    def __del__(self) -> None:
        self.died_in.append(threading.current_thread().name)


def _cycle() -> int:
    ring: list[object] = []
    ring.append(ring)
    return 1


def test_a_thread_that_allocates_does_not_collect(background: Background, qtbot: QtBot) -> None:
    found: list[str] = []
    for _ in range(20):
        Knot(found)
    done: list[int] = []
    background.read(lambda: sum(_cycle() for _ in range(5000)), done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    qtbot.waitUntil(lambda: len(found) == 20, timeout=10_000)
    assert set(found) == {threading.main_thread().name}


def test_python_collects_by_itself_again_after_the_window_is_gone(qtbot: QtBot) -> None:
    before = gc.isenabled()
    keeper = QWidget()
    qtbot.addWidget(keeper)
    sweeper = GarbageCollector(keeper)
    assert not gc.isenabled()
    sweeper.stop()
    assert gc.isenabled() == before


def test_everything_is_looked_through_only_while_nobody_works(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = QWidget()
    qtbot.addWidget(keeper)
    sweeper, seconds, asked = GarbageCollector(keeper), count(), list[int]()
    with monkeypatch.context() as patch:
        patch.setattr(garbage, "_aside", [True])
        patch.setattr(gc, "get_count", lambda: (0, 0, 99))
        patch.setattr(gc, "collect", lambda generation=2: asked.append(generation))
        patch.setattr(time, "thread_time", lambda: float(next(seconds)))
        for _ in range(9):
            sweeper.sweep()
        assert asked == [], "each round took a second"
        patch.setattr(time, "thread_time", lambda: 1000.0)
        for _ in range(9):
            sweeper.sweep()
        assert set(asked) == {2}
    sweeper.stop()
