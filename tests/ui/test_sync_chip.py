"""Sync seen from the whole window: what is shown, and when an exchange starts by itself."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.sync.status import SyncStatus
from ui.shell import jobs
from ui.shell.desk import Desk
from ui.shell.problems import Problem
from ui.shell.statusbar import StatusBar
from ui.shell.sync_chip import SyncChip
from ui.shell.sync_hold import HOUR, SyncHold
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
    desk.hold = SyncHold(desk.settings, app.clock, metered=lambda: False)
    bar, banner = StatusBar(), Strip(theme)
    qtbot.addWidget(bar)
    qtbot.addWidget(banner)
    made = SyncChip(desk, bar, banner, by_itself=False)
    made.bar, made.banner = bar, banner
    settle(qtbot, desk.background)
    return made


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], list[list[str]]]:
    """Makes child processes run a script instead of the command line; returns what they were asked."""
    asked: list[list[str]] = []

    def make(code: str) -> list[list[str]]:
        script = tmp_path / "child.py"
        script.write_text(code, encoding="utf-8")

        def command(arguments: list[str]) -> list[str]:
            asked.append(arguments)
            return [str(script)]

        monkeypatch.setattr(jobs, "child_command", command)
        return asked

    return make


def test_that_the_server_cannot_be_reached_is_told_until_it_can(chip: SyncChip):
    chip.show(replace(NOW, online=False, error="连不上服务器。"))
    assert "照常登记和打印" in chip.banner.words
    chip.show(replace(NOW, online=True, last_ok_at=1))
    assert chip.banner.isHidden()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"online": False, "error": "服务器出示的证书不是接入时约定的那一张"}, "✖ 同步没有成功，资料都在本机"),
        ({"enrolled": False}, "○ 只在本机，未接入服务器"),
        ({}, "○ 离线可用，还没有同步过"),
        ({"error": "x", "waiting": 3}, "✖ 同步没有成功，资料都在本机 · 待上报 3"),
        ({"error": "x", "asks": True}, "✖ 同步停下了，等您确认删除"),
    ],
)
def test_the_chip_says_the_state_in_words_and_with_a_shape(chip: SyncChip, change: dict, words: str):
    chip.show(replace(NOW, **change))
    assert chip.bar.sync.text() == words


def test_a_fresh_sync_is_told_apart_from_an_old_one(chip: SyncChip):
    now = chip._desk.app.clock.ms()
    chip.show(replace(NOW, last_ok_at=now, waiting=2))
    assert chip.bar.sync.text().startswith("● 已同步")
    assert chip.bar.sync.text().endswith("待上报 2")
    chip.show(replace(NOW, last_ok_at=now - 2 * 86_400_000))
    assert chip.bar.sync.text().startswith("○ 离线可用 · 上次同步")


def test_a_server_that_did_not_answer_the_last_time_makes_it_offline_however_fresh_the_last_success(chip: SyncChip):
    chip.show(replace(NOW, last_ok_at=chip._desk.app.clock.ms(), error="连不上服务器。", online=False))
    assert chip.bar.sync.text().startswith("○ 离线可用 · 上次同步")
    assert "照常登记和打印" in chip.banner.words
    chip.banner.dismiss()
    chip.show(replace(NOW, last_ok_at=1, error="连不上服务器。", online=False))
    assert chip.banner.isHidden()


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


def test_pausing_for_an_hour_is_shown_and_keeps_it_from_starting_by_itself(chip: SyncChip):
    assert chip.may_start(NOW)
    chip.pause_an_hour()
    chip.show(replace(NOW, waiting=4))
    assert chip.bar.sync.text() == "‖ 自动同步暂停到18:00 · 待上报 4"
    assert not chip.may_start(NOW)
    chip._desk.app.clock.move(hours=1)
    assert chip.may_start(NOW)


def test_pausing_until_tomorrow_ends_at_midnight_or_when_it_is_taken_back(chip: SyncChip):
    chip.pause_until_tomorrow()
    assert chip._desk.hold.words == "自动同步暂停到明天"
    assert chip._desk.hold.until - chip._desk.app.clock.ms() == 7 * HOUR
    chip.resume()
    assert chip.may_start(NOW)


def test_a_pause_of_an_hour_does_not_become_one_of_a_year_when_the_clock_is_put_back(chip: SyncChip):
    chip.pause_an_hour()
    chip._desk.app.clock.put(days=-365)
    assert chip._desk.hold.words == ""
    assert chip.may_start(NOW)


def test_it_rests_on_a_connection_paid_for_by_volume_unless_that_is_switched_off(chip: SyncChip):
    desk = chip._desk
    desk.hold = SyncHold(desk.settings, desk.app.clock, metered=lambda: True)
    chip.show(NOW)
    assert chip.bar.sync.text() == "‖ 流量网络，暂停自动同步"
    assert not chip.may_start(NOW)
    desk.hold.spare_metered(spare=False)
    assert chip.may_start(NOW)


def test_on_a_connection_paid_for_by_volume_f5_exchanges_records_and_leaves_attachments_for_later(
    qtbot: QtBot, chip: SyncChip, child
):
    asked = child("print('{}')")
    desk = chip._desk
    desk.hold = SyncHold(desk.settings, desk.app.clock, metered=lambda: True)
    for spare in (True, False):
        desk.hold.spare_metered(spare=spare)
        chip.show(NOW)
        chip.sync_now()
        qtbot.waitUntil(lambda: desk.exchanger.job is None, timeout=10_000)
        settle(qtbot, desk.background)
    assert asked == [["sync", "--attachments", "0"], ["sync"]]


def test_a_question_about_deletions_is_not_asked_again_and_again(chip: SyncChip):
    assert not chip.may_start(replace(NOW, asks=True, error="x"))


def test_f5_syncs_in_a_child_and_says_what_came(qtbot: QtBot, chip: SyncChip, child):
    asked = child('print(\'{"pushed": 3, "pulled": 1}\')')
    said: list[str] = []
    chip._desk.said.connect(lambda words, _undo: said.append(words))
    chip.show(replace(NOW, waiting=3))
    chip.sync_now()
    assert chip.bar.sync.text() == "↻ 正在同步（可以继续工作）"
    qtbot.waitUntil(lambda: said == ["已同步：上报 3 条，收到 1 条"], timeout=10_000)
    qtbot.waitUntil(lambda: chip._desk.exchanger.job is None)
    assert asked == [["sync"]]
    settle(qtbot, chip._desk.background)


def test_a_long_sync_shows_how_far_it_is_and_can_be_stopped(qtbot: QtBot, chip: SyncChip, child):
    child(
        "import sys, time\n"
        'print(\'{"done": 340, "total": 30000, "words": "正在同步"}\', file=sys.stderr, flush=True)\n'
        "time.sleep(60)"
    )
    chip.show(NOW)
    chip.sync_now()
    qtbot.waitUntil(lambda: chip.bar.sync.text() == "↻ 正在同步 340/30,000（可以继续工作）", timeout=10_000)
    chip._desk.exchanger.cancel()
    qtbot.waitUntil(lambda: chip._desk.exchanger.job is None, timeout=10_000)
    settle(qtbot, chip._desk.background)


def test_a_failure_by_itself_disturbs_nobody(qtbot: QtBot, chip: SyncChip, child):
    child('import sys\nprint(\'{"error": "连不上。", "next_step": null}\', file=sys.stderr)\nsys.exit(4)')
    heard: list[Problem] = []
    chip._desk.problem_met.connect(heard.append)
    for quietly in (True, False):
        chip._desk.exchanger.sync(quietly=quietly)
        qtbot.waitUntil(lambda: chip._desk.exchanger.job is None, timeout=10_000)
        assert heard == ([] if quietly else [Problem("连不上。", code=4)])
    settle(qtbot, chip._desk.background)


def test_a_sync_that_stops_at_many_deletions_asks_in_the_window(qtbot: QtBot, chip: SyncChip, child):
    child('import sys\nprint(\'{"error": "要删除 900 条。", "next_step": null}\', file=sys.stderr)\nsys.exit(7)')
    chip._desk.exchanger.sync(quietly=True)
    qtbot.waitUntil(lambda: chip._desk.exchanger.job is None, timeout=10_000)
    assert chip.banner.words == "要删除 900 条。"
    with qtbot.waitSignal(chip._desk.page_asked) as asked:
        chip.banner._act()
    assert asked.args == ["syncing", "asked"]
    settle(qtbot, chip._desk.background)


def test_a_desk_that_is_not_enrolled_is_shown_where_to_do_so(qtbot: QtBot, chip: SyncChip):
    chip.show(replace(NOW, enrolled=False))
    with qtbot.waitSignal(chip._desk.page_asked) as asked:
        chip.sync_now()
    assert asked.args[0] == "syncing"
