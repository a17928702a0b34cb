"""Exchanging with the server from the page: now, stop, pause, by stick, the question before deletions, the log."""

from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.spreadsheets import workbook
from desktop_app.sync import refused
from desktop_app.sync.trust import Shown
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages import syncing_enrol
from ui.pages.syncing import REFUSED, SyncingPage
from ui.shell import jobs
from ui.shell.sync_hold import SyncHold

QUESTION = "服务器要求本机删除 900 条居民记录（共 1000 条），多得不寻常。"


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], list[list[str]]]:
    """Makes child processes run a script instead of the command line; returns what they were asked."""
    asked: list[list[str]] = []

    def make(code: str) -> list[list[str]]:
        script = tmp_path / "child.py"
        script.write_text(f"import sys, time\n{code}\n", encoding="utf-8")

        def command(arguments: list[str]) -> list[str]:
            asked.append(arguments[: arguments.index("--home")])
            return [str(script), *asked[-1]]

        monkeypatch.setattr(jobs, "child_command", command)
        return asked

    return make


def says(**result: object) -> str:
    return f"import json; print(json.dumps({result!r}))"


def refuses(words: str, code: int) -> str:
    line = {"error": words, "next_step": None}
    return f"import json; print(json.dumps({line!r}), file=sys.stderr); sys.exit({code})"


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot, child, monkeypatch) -> SyncingPage:
    """The page of a desk that is enrolled; nothing starts by itself."""
    child(says())
    monkeypatch.setattr(syncing_enrol, "shown_by", lambda _url: Shown())
    window.sync._by_itself = False
    with town.db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET device=1,scope=7,server_url='https://sync.example',last_ok_at=1")
    window.desk.hold = SyncHold(window.settings, town.clock, metered=lambda: False)
    window.open_page("syncing")
    found = window.tabs.page("page:syncing")
    assert isinstance(found, SyncingPage)
    rest(found, qtbot)
    return found


def finish(page: SyncingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=10_000)
    rest(page, qtbot)


def press(qtbot: QtBot, widget) -> None:
    """By keyboard: Tab gets there, Space presses it."""
    assert widget.isVisible()
    assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Space)


def test_now_runs_in_a_child_and_its_outcome_stands_in_the_page(page, qtbot, child):
    asked = child(says(pushed=12, pulled=3, problems=["有 1 条居民记录服务器没有接受。"]))
    press(qtbot, page.exchange.sync_button)
    assert page.exchange.bar.isVisible()
    assert not page.exchange.sync_button.isEnabled()
    finish(page, qtbot)
    assert asked[-1] == ["sync"]
    assert page.exchange.notice.words == "同步完成：上报 12 条，收到 3 条\n有 1 条居民记录服务器没有接受。"
    assert page.exchange.sync_button.isEnabled()


def test_a_long_first_sync_shows_how_far_it_is_leaves_the_window_usable_and_can_be_stopped(page, qtbot, child, window):
    child('print(\'{"done": 1200, "total": 30000, "words": "正在同步"}\', file=sys.stderr, flush=True)\ntime.sleep(60)')
    press(qtbot, page.exchange.sync_button)
    qtbot.waitUntil(lambda: page.exchange.bar.value() == 1200, timeout=10_000)
    assert page.exchange.bar.maximum() == 30_000
    assert page.exchange.state.text() == "正在同步 1,200/30,000（可以继续工作）"
    window.open_page("residents")
    residents = window.tabs.page("page:residents")
    rest(residents, qtbot)
    assert residents.table.records.rowCount() > 0
    window.open_page("syncing")
    press(qtbot, page.exchange.stop_button)
    finish(page, qtbot)
    assert page.exchange.notice.words == "已停下。收发过的都已保存，其余下次继续。"


def test_during_the_first_sync_the_page_says_so_and_an_empty_list_does_not_ask_for_what_is_on_its_way(
    page, qtbot, child, window, town
):
    """Who imports the roster meanwhile has everybody twice."""
    child("time.sleep(60)")
    with town.db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET last_ok_at=NULL")
    press(qtbot, page.exchange.sync_button)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "第一次同步" in page.exchange.detail.text()
    window.open_page("residents")
    residents = window.tabs.page("page:residents")
    rest(residents, qtbot)
    residents._show(array("q"))
    assert "正在和服务器同步" in residents.empty.words
    assert residents.empty.place is residents.empty
    page.desk.exchanger.cancel()
    finish(page, qtbot)
    residents._show(array("q"))
    assert "还没有居民" in residents.empty.words
    assert page.exchange.detail.text().startswith("已接入，第一次同步还没有完成")


def is_unreachable(page: SyncingPage, words: str) -> None:
    """What an exchange leaves behind that met nobody: the last answer came the day before."""
    db = page.desk.app.db
    day_before = db.clock.ms() - 86_400_000
    with db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET last_ok_at=?,last_error=?", (day_before, words))
        for at, kind in ((day_before, "ok"), (db.clock.ms(), "NetworkError")):
            tx.execute("INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(?,?,'',0,0,9)", (at, kind))


def test_a_desk_without_a_network_reads_the_same_calm_words_everywhere(page, qtbot, child, window):
    is_unreachable(page, "连不上服务器。本机的数据都在，没有丢失。")
    page.refresh(frozenset())
    window.sync.ask()
    rest(page, qtbot)
    headline = page.exchange.state.text()
    assert headline == "离线可用 · 上次同步 11-21 17:00"
    assert window.status.sync.text().startswith(f"○ {headline} · 待上报 ")
    told = page.exchange.detail.text()
    for words in ("11-21 17:00 以后没有连上服务器", "照常可用，连上后自动上报", "还没有上报，都在本机"):
        assert words in told
    assert page.exchange.notice.property("tone") == ""
    assert "失败" not in headline + told + page.exchange.notice.words
    child(refuses("连不上服务器。", 4))
    press(qtbot, page.exchange.sync_button)
    finish(page, qtbot)
    assert page.exchange.notice.words == "连不上服务器。"
    assert page.exchange.notice.property("tone") == "", "also when somebody asked for it"
    assert not window.notice.isVisible() or window.notice.property("tone") == ""


def test_a_certificate_that_is_not_the_right_one_is_told_as_a_problem(page, qtbot):
    is_unreachable(page, "服务器的安全证书不受信任，为防泄露没有上报。")
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.exchange.notice.property("tone") == "problem"


def test_an_exchange_that_started_by_itself_is_shown_and_stopped_from_here_too(page, qtbot, child):
    child("time.sleep(60)")
    page.desk.exchanger.sync(quietly=True)
    assert page.exchange.stop_button.isVisible()
    press(qtbot, page.exchange.stop_button)
    finish(page, qtbot)


def test_before_many_records_are_deleted_the_page_asks_and_accepting_says_so_to_the_child(page, qtbot, child):
    asked = child(refuses(QUESTION, 7))
    press(qtbot, page.exchange.sync_button)
    finish(page, qtbot)
    assert page.exchange.fuse.isVisible()
    assert page.exchange.fuse.words.text() == QUESTION
    child(says(pushed=0, pulled=900))
    press(qtbot, page.exchange.fuse.yes)
    finish(page, qtbot)
    assert asked[-1] == ["sync", "--accept-deletions"]
    assert "收到 900 条" in page.exchange.notice.words
    assert not page.exchange.fuse.isVisible()


def test_not_accepting_leaves_everything_as_it_is_until_it_is_asked_anew(page, qtbot, child):
    asked = child(refuses(QUESTION, 7))
    with page.desk.app.db.applying("准备") as tx:
        tx.execute("INSERT INTO sync_log(at,kind,text) VALUES(1,'FuseError',?)", (QUESTION,))
        tx.execute("UPDATE sync_state SET last_error=?", (QUESTION,))
    page.refresh(frozenset())
    rest(page, qtbot)
    press(qtbot, page.exchange.fuse.no)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert not page.exchange.fuse.isVisible()
    assert asked == []
    press(qtbot, page.exchange.sync_button)
    finish(page, qtbot)
    assert page.exchange.fuse.isVisible()


def test_pausing_is_said_in_the_page_and_in_the_chip_and_can_be_taken_back(page, qtbot, window):
    menu = page.exchange.pause_button.menu()
    hour, tomorrow, resume = [one for one in menu.actions() if not one.isSeparator()][:3]
    hour.trigger()
    rest(page, qtbot)
    assert "自动同步暂停到18:00" in page.exchange.detail.text()
    qtbot.waitUntil(lambda: window.status.sync.text().startswith("‖ 自动同步暂停到18:00"))
    tomorrow.trigger()
    qtbot.waitUntil(lambda: window.status.sync.text().startswith("‖ 自动同步暂停到明天"))
    resume.trigger()
    rest(page, qtbot)
    assert "约每 5 分钟自动同步一次" in page.exchange.detail.text()


def test_the_pause_the_server_asks_for_is_said(page, qtbot):
    with page.desk.app.db.applying("准备") as tx:
        tx.set_setting("sync_pause_until", str(page.desk.app.clock.ms() + 60_000))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "服务器正忙" in page.exchange.detail.text()


def test_the_stick_is_written_and_read_by_the_command_line(page, qtbot, child, tmp_path):
    asked = child(says(file=str(tmp_path / "a.linli"), rows=12))
    page.exchange.export_to(tmp_path / "a.linli")
    finish(page, qtbot)
    assert asked[-1] == ["bundle", "export", str(tmp_path / "a.linli")]
    assert "已导出到 a.linli" in page.exchange.notice.words
    child(says(pushed=12, pulled=30))
    page.exchange.import_from(tmp_path / "b.linli")
    finish(page, qtbot)
    assert asked[-1] == ["bundle", "import", str(tmp_path / "b.linli")]
    assert "收到 30 条" in page.exchange.notice.words


def test_a_stick_that_would_delete_many_records_asks_too_and_is_read_again_when_accepted(page, qtbot, child, tmp_path):
    asked = child(refuses(QUESTION, 7))
    page.exchange.import_from(tmp_path / "b.linli")
    finish(page, qtbot)
    press(qtbot, page.exchange.fuse.yes)
    finish(page, qtbot)
    assert asked[-1] == ["bundle", "import", str(tmp_path / "b.linli"), "--accept-deletions"]


def test_a_stick_that_is_not_for_this_desk_is_told_in_words(page, qtbot, child, tmp_path):
    child(refuses("这个文件是给另一台电脑的。", 1))
    page.exchange.import_from(tmp_path / "b.linli")
    finish(page, qtbot)
    assert page.exchange.notice.words == "这个文件是给另一台电脑的。"
    assert page.exchange.notice.property("tone") == "problem"


def test_after_enrolment_the_first_exchange_begins_by_itself(page, qtbot, child):
    asked = child(f'if "sync" in sys.argv: sys.exit(0)\n{says(device=1, scope=7, unit="和平社区")}')
    page.exchange.change_button.click()
    page.exchange.form.show_values({"server_url": "https://sync.example", "name": "前台1"})
    page.exchange.form.input("code").setText("ABCDEFGHJK")
    qtbot.keyClick(page.exchange.form.input("code"), Qt.Key.Key_Return)
    qtbot.keyClick(page.exchange.form.input("name"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked[-1:] == [["sync"]], timeout=10_000)
    finish(page, qtbot)
    assert asked[-2] == ["enrol", "https://sync.example", "ABCDEFGHJK", "--name", "前台1"]


# ------------------------------------------------------------------------------------------------------------- the log


@pytest.fixture
def logged(page, qtbot) -> SyncingPage:
    with page.desk.app.db.applying("准备") as tx:
        for kind, text in (("ok", ""), ("NetworkError", "连不上服务器，电话 13800001111。"), ("ok", "")):
            tx.execute("INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(1,?,?,2,3,90)", (kind, text))
    page.refresh(frozenset())
    page.show_this("log")
    rest(page, qtbot)
    return page


def test_the_log_tells_each_exchange_with_its_result_its_counts_and_how_long_it_took(logged):
    table = logged.log.table
    cells = [[table.records.text(row, at) for at in (1, 3, 4, 5)] for row in range(3)]
    assert cells == [["成功", "2", "3", "90"], ["连不上", "2", "3", "90"], ["成功", "2", "3", "90"]]


def test_the_log_is_copied_whole_and_names_nobody(logged, qtbot):
    press(qtbot, logged.log.copy_button)
    rest(logged, qtbot)
    text = QGuiApplication.clipboard().text()
    assert "服务器：https://sync.example" in text
    assert text.count("成功") >= 2
    assert "13800001111" not in text
    assert "*******1111" in text


@pytest.mark.parametrize("name", ["log.txt", "log.xlsx"])
def test_the_log_is_saved_as_text_or_workbook_without_numbers_of_people(logged, qtbot, tmp_path, name):
    logged.log.export_to(tmp_path / name)
    rest(logged, qtbot)
    if name.endswith("txt"):
        content = (tmp_path / name).read_text("utf-8-sig")
    else:
        content = str([sheet.rows for sheet in workbook.read(tmp_path / name).sheets])
    assert "连不上" in content
    assert "13800001111" not in content


def test_a_log_that_cannot_be_written_is_told(logged, qtbot, tmp_path):
    heard = []
    logged.desk.background.problem.connect(heard.append)
    logged.log.export_to(tmp_path / "no such folder" / "log.txt")
    rest(logged, qtbot)
    assert "写不进去" in heard[0].words


# --------------------------------------------------------------------------------------------------- what was refused


def test_what_the_server_did_not_take_is_listed_with_the_reason_and_what_was_written(page, qtbot, window):
    db = page.desk.app.db
    person = db.scalar("SELECT id FROM person WHERE phones<>'' LIMIT 1")
    with db.applying("准备") as tx:
        refused.note(tx, "person", person, "ELSEWHERE", {"phones": "13500001234", "note": "搬走了"})
    window.open_page("syncing", "refused")
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.faces.current == REFUSED
    (line,) = page.refused.table.lines
    assert line.why == "这条记录已在别的单位"
    assert [(name, value.shown) for name, value in line.values] == [("联系电话", "135****1234"), ("备注", "搬走了")]
    press(qtbot, page.refused.copy_button)
    assert "135****1234" in QGuiApplication.clipboard().text()
    press(qtbot, page.refused.dismiss_button)
    rest(page, qtbot)
    assert page.refused.table.lines == []
