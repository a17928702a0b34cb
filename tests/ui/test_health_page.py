"""The health page: findings with level and count, their records, a repair with its preview and undo, export, print."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app import health
from desktop_app.app import App
from desktop_app.health import report
from desktop_app.spreadsheets import workbook
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.health import HealthPage


@pytest.fixture
def spoilt(town: App) -> App:
    """Two households without a head, one person born too early."""
    with town.db.applying() as tx:
        tx.execute("UPDATE household SET head_id=NULL WHERE local_no<3")
        tx.execute("UPDATE person SET birth='1890-01-01',id_no=NULL WHERE local_no=1")
    return town


@pytest.fixture
def show(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[], HealthPage]:
    """Opens the page with the findings there are, without a child process."""

    def made() -> HealthPage:
        monkeypatch.setattr(HealthPage, "examine", lambda _page: None)
        window.open_page("health")
        page = window.tabs.page("page:health")
        assert isinstance(page, HealthPage)
        assert window.desk is not None
        page._findings = health.examine(window.desk.app)
        page._show_found()
        rest(page, qtbot)
        return page

    return made


def point(page: HealthPage, code: str, qtbot: QtBot) -> None:
    at = [one.code for one in page.table.lines].index(code)
    page.table.point_at(at)
    rest(page, qtbot)


def test_the_examination_runs_in_a_child_process_and_fills_the_page(spoilt: App, window: MainWindow, qtbot: QtBot):
    window.background.passphrase = "correct horse"
    window.open_page("health")
    page = window.tabs.page("page:health")
    assert isinstance(page, HealthPage)
    qtbot.waitUntil(lambda: bool(page.table.lines), timeout=30_000)
    settle(qtbot, window.background)
    found = {one.code: (one.level, one.count) for one in page.table.lines}
    assert found["head_missing"] == ("问题", 2)
    assert found["birth_odd"] == ("提醒", 1)
    assert found["file"][0] == "好"
    levels = [one.level for one in page.table.lines]
    assert levels == sorted(levels, key=health.LEVELS.index), "the worst first"
    assert page.run_button.isEnabled()


def test_a_finding_lists_its_records_and_return_opens_one(spoilt: App, show, window: MainWindow, qtbot: QtBot):
    page = show()
    point(page, "birth_odd", qtbot)
    (case,) = page.cases.table.lines
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.cases.table.hasFocus() or page.cases.table.isVisible()
    qtbot.keyClick(page.cases.table, Qt.Key.Key_Return)
    settle(qtbot, window.background)
    assert window.tabs.current is not None
    assert window.tabs.current.key == f"person:{case.id}"


def test_a_repair_is_shown_first_then_done_and_can_be_taken_back(spoilt: App, show, window: MainWindow, qtbot: QtBot):
    page = show()
    point(page, "head_missing", qtbot)
    page.cases.show_fix()
    rest(page, qtbot)
    assert page.cases.is_planning
    assert [("户主定为" in line.words) for line in page.cases.steps.lines] == [True, True]
    assert health.again(spoilt, "head_missing") is not None, "nothing is done before it was seen"
    page.cases.apply_fix()
    rest(page, qtbot)
    assert health.again(spoilt, "head_missing") is None
    assert "已修复 2 条" in window.status.said.text()
    (line,) = [one for one in page.table.lines if one.code == "head_missing"]
    assert (line.level, line.count) == ("好", 0)
    window.status._run_undo()
    rest(page, qtbot)
    found = health.again(spoilt, "head_missing")
    assert found is not None
    assert found.count == 2


def test_the_filters_narrow_findings_and_records(spoilt: App, show, qtbot: QtBot):
    page = show()
    page.bar.chips["level"].choose(["问题"])
    page.bar._tell()
    assert {one.level for one in page.table.lines} == {"问题"}
    page.bar.clear()
    point(page, "head_missing", qtbot)
    all_cases = list(page.cases.table.lines)
    page.cases.search.setText(all_cases[0].words.split("　")[0])
    rest(page, qtbot)
    assert page.cases.table.lines == all_cases[:1]


def test_the_records_are_exported_and_drawn_whole(spoilt: App, show, tmp_path: Path, qtbot: QtBot):
    page = show()
    point(page, "head_missing", qtbot)
    page.cases.export_to(tmp_path / "清单.xlsx")
    rest(page, qtbot)
    (sheet,) = workbook.read(tmp_path / "清单.xlsx").sheets
    assert len(sheet.rows) == 2 + 2  # title, header, two households
    assert page.cases.finding is not None
    assert report.draw(spoilt, page.cases.finding).startswith(b"%PDF")


def test_what_is_put_right_elsewhere_leads_there(town: App, show, window: MainWindow, qtbot: QtBot):
    page = show()
    point(page, "recovery", qtbot)
    page.cases.go()
    settle(qtbot, window.background)
    assert window.tabs.current is not None
    assert window.tabs.current.key == "page:settings"


def test_the_keys_stay_on_the_page_while_it_examines_and_when_it_is_stopped(
    spoilt: App, window: MainWindow, qtbot: QtBot
):
    window.background.passphrase = "correct horse"
    window.activateWindow()
    window.open_page("health")
    page = window.tabs.page("page:health")
    assert isinstance(page, HealthPage)
    page.whole()
    assert page.hasFocus(), "the letters of the page work from the beginning"
    qtbot.waitUntil(page.running.isVisible, timeout=10_000)
    stop = page.running.findChild(QPushButton)
    stop.setFocus()
    stop.click()
    qtbot.waitUntil(lambda: not page.running.busy, timeout=30_000)
    assert page.empty.place.hasFocus(), "where one begins anew"
    page.examine()
    qtbot.waitUntil(lambda: bool(page.table.lines), timeout=30_000)
    settle(qtbot, window.background)
    page.run_button.setFocus()
    page.examine()
    assert page.table.hasFocus()
    page.running.cancel()
    qtbot.waitUntil(lambda: not page.running.busy, timeout=30_000)
