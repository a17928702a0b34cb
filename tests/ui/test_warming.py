"""The modules of the pages are there before somebody opens one."""

import sys
from pkgutil import iter_modules

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui import pages
from ui.shell import warming
from ui.shell.background import Background
from ui.shell.warming import Warming


def test_every_module_of_the_pages_is_read_in_and_one_that_cannot_be_is_left(
    background: Background, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = QWidget()
    qtbot.addWidget(keeper)
    told: list[object] = []
    background.problem.connect(told.append)
    real = [one for one in iter_modules(pages.__path__) if one.name in {"audit", "health", "duplicates"}]
    monkeypatch.setattr(warming, "iter_modules", lambda _path: [real[0]._replace(name="not_there"), *real])
    monkeypatch.setattr(warming, "_PAUSE_MS", 0)
    warm = Warming(background, keeper)
    warm.begin(0)
    assert not warm.is_over
    qtbot.waitUntil(lambda: warm.is_over, timeout=20_000)
    assert all(f"{pages.__name__}.{one.name}" in sys.modules for one in real)
    assert told == []
