"""Sync seen from the whole window: what is shown, and when an exchange starts by itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.sync.status import SyncStatus
from ui.shell import jobs
from ui.shell.desk import Desk
from ui.shell.problems import Problem
from ui.shell.statusbar import StatusBar
from ui.shell.sync_chip import REST_MINUTES, SyncChip
from ui.shell.theme import Theme
from ui.widgets.strip import Strip

from .conftest import settle

NOW = SyncStatus(
    enrolled=True,
    server="https://example.invalid",
    last_ok_at=None,
    waiting=0,
    set_aside=0,
    conflicts=0,
    error=None,
    days_without=0,
)


@pytest.fixture
def chip(qtbot: QtBot, app: App, make_desk: Callable[[App], Desk], theme: Theme) -> SyncChip:
    desk = make_desk(app)
    bar, banner = StatusBar(), Strip(theme)
    qtbot.addWidget(bar)
    qtbot.addWidget(banner)
    made = SyncChip(desk, bar, banner, by_itself=False)
    made.bar, made.banner = bar, banner
    settle(qtbot, desk.background)
    return made


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enrolled": False}, "○ 只在本机，未接入服务器"),
        ({}, "○ 离线可用，还没有同步过"),
        ({"error": "x", "waiting": 3}, "✖ 同步没有成功，资料都在本机 · 待上报 3"),
    ],
)
def test_the_chip_says_the_state_in_words_and_with_a_shape(chip: SyncChip, change: dict, words: str):
    chip.show(replace(NOW, **change))
    assert chip.bar.sync.text() == words


def test_a_fresh_sync_is_told_apart_from_an_old_one(chip: SyncChip):
    now = chip._desk.app.clock.ms()
    chip.show(replace(NOW, last_ok_at=now))
    assert chip.bar.sync.text().startswith("● 已同步")
    chip.show(replace(NOW, last_ok_at=now - 2 * 86_400_000))
    assert chip.bar.sync.text().startswith("○ 离线可用 · 上次同步")


def test_what_waits_for_a_person_has_a_chip_of_its_own(chip: SyncChip):
    chip.show(replace(NOW, conflicts=2))
    assert chip.bar.asking.text() == "⚠ 2 条待确认"
    chip.show(NOW)
    assert not chip.bar.asking.isVisibleTo(chip.bar)


def test_a_long_time_without_sync_is_said_once_for_each_degree(chip: SyncChip):
    chip.show(replace(NOW, days_without=4))
    assert "4 天没有同步" in chip.banner.words
    chip.banner.dismiss()
    chip.show(replace(NOW, days_without=5))
    assert chip.banner.isHidden()
    chip.show(replace(NOW, days_without=15))
    assert not chip.banner.isHidden()


def test_it_rests_longer_after_each_failure(chip: SyncChip):
    clock = chip._desk.app.clock
    assert chip._is_time(NOW)
    assert not chip._is_time(replace(NOW, enrolled=False))
    for failures, minutes in enumerate(REST_MINUTES):
        chip._failures = failures
        chip._tried_at = clock.ms() - minutes * 60_000 + 1
        assert not chip._is_time(NOW)
        chip._tried_at -= 1
        assert chip._is_time(NOW)


def test_what_waits_is_sent_within_a_minute_unless_it_failed_before(chip: SyncChip):
    chip._tried_at = chip._desk.app.clock.ms() - 60_000
    assert chip._is_time(replace(NOW, waiting=1))
    chip._failures = 2
    assert not chip._is_time(replace(NOW, waiting=1))


def test_f5_syncs_in_a_child_and_says_what_came(
    qtbot: QtBot, chip: SyncChip, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    script = tmp_path / "child.py"
    script.write_text('print(\'{"pushed": 3, "pulled": 1}\')', encoding="utf-8")
    monkeypatch.setattr(jobs, "child_command", lambda _arguments: [str(script)])
    said: list[str] = []
    chip._desk.said.connect(lambda words, _undo: said.append(words))
    chip.show(replace(NOW, waiting=3))
    chip.sync_now()
    qtbot.waitUntil(lambda: said == ["已同步：上报 3 条，收到 1 条"], timeout=10_000)
    qtbot.waitUntil(lambda: chip._job is None)
    settle(qtbot, chip._desk.background)


def test_a_failure_by_itself_disturbs_nobody(chip: SyncChip):
    heard: list[Problem] = []
    chip._desk.problem_met.connect(heard.append)
    chip._failed_quietly(Problem("连不上。"))
    assert heard == []
    chip._failed(Problem("连不上。"))
    assert heard == [Problem("连不上。")]


def test_a_desk_that_is_not_enrolled_is_shown_where_to_do_so(qtbot: QtBot, chip: SyncChip):
    chip.show(replace(NOW, enrolled=False))
    with qtbot.waitSignal(chip._desk.page_asked) as asked:
        chip.sync_now()
    assert asked.args[0] == "syncing"
