"""The audit page: for the auditor alone, newest first, by date, who and what, proved and exported off the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop_app.accounts import signing, trail
from desktop_app.accounts.queries import AuditFilter
from desktop_app.app import App
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from tests.ui.accounts import PASSWORD, add, session_for_children, set_up
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.audit import AuditPage
from ui.shell.background import Background
from ui.shell.settings import Settings
from ui.shell.theme import Theme


@pytest.fixture
def audited(town: App) -> App:
    """A small community; 陈伟 the auditor is signed in."""
    set_up(town)
    add(town, "陈伟", "chenwei", "audit")
    for at in range(5):
        with town.db.transaction(town.actor, f"打印服务卡 {at}") as tx:
            tx.keep()
        town.clock.move(days=1)
    signing.sign_in(town.db, "chenwei", PASSWORD)
    return town


@pytest.fixture
def page(audited: App, theme: Theme, background: Background, qtbot: QtBot, tmp_path: Path) -> Iterator[AuditPage]:
    window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(window)
    window.show()
    background.passphrase = "correct horse"
    background.session = session_for_children(audited)
    window.attach(audited)
    shown = window.tabs.current.page
    assert isinstance(shown, AuditPage), "an auditor begins where his work is"
    rest(shown, qtbot)
    yield shown
    settle(qtbot, background)


def listed(page: AuditPage) -> list[str]:
    return [line.what for line in page.table.lines]


def test_the_newest_line_stands_first_and_the_details_below(page: AuditPage):
    numbers = [line.no for line in page.table.lines]
    assert numbers == sorted(numbers, reverse=True)
    assert listed(page)[0] == "登录"
    assert page.count.text() == f"共 {len(numbers)} 行"
    assert not page.more.isVisible()
    assert page.detail.text().startswith("登录")


def test_lines_are_found_by_day_by_person_and_by_words(page: AuditPage, qtbot: QtBot):
    page.what.setText("服务卡")
    page.search()
    rest(page, qtbot)
    assert listed(page) == [f"打印服务卡 {at}" for at in (4, 3, 2, 1, 0)]
    page.since.setText("2026-11-23")
    page.until.setText("2026-11-24")
    page.search()
    rest(page, qtbot)
    assert listed(page) == ["打印服务卡 2", "打印服务卡 1"]
    page.who.choose("陈伟")
    page.search()
    rest(page, qtbot)
    assert "没有符合条件" in page._empty.words
    page.clear()
    rest(page, qtbot)
    assert len(listed(page)) > 5
    page.since.setText("gestern")
    page.search()
    assert "不是日期" in page.verdict.words


def test_older_lines_come_when_asked_for(page: AuditPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    whole = len(page.table.lines)
    monkeypatch.setattr(trail, "PAGE", 3)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert len(page.table.lines) == 3
    assert page.more.isVisible()
    assert "已列出 3 行" in page.count.text()
    page.show_more()
    rest(page, qtbot)
    numbers = [line.no for line in page.table.lines]
    assert len(numbers) == 6
    assert numbers == sorted(numbers, reverse=True)
    while page.more.isVisible():
        page.show_more()
        rest(page, qtbot)
    assert len(page.table.lines) == whole


def test_the_trail_is_proved_in_a_process_of_its_own_and_a_change_is_found(page: AuditPage, audited: App, qtbot: QtBot):
    page.verify()
    assert page.job.busy
    qtbot.waitUntil(lambda: not page.job.busy, timeout=30_000)
    assert "审计记录完整" in page.verdict.words
    with audited.db.applying() as tx:
        tx.execute("UPDATE journal_action SET what='没有的事' WHERE what='打印服务卡 2'")
    page.verify()
    qtbot.waitUntil(lambda: not page.job.busy, timeout=30_000)
    assert "1 处不对" in page.verdict.words
    assert "内容被改动" in page.findings.text()


def test_what_is_listed_is_exported_and_that_is_a_line_too(page: AuditPage, tmp_path: Path, qtbot: QtBot):
    page.what.setText("服务卡")
    page.search()
    rest(page, qtbot)
    page.export_to(str(tmp_path / "审计.xlsx"))
    qtbot.waitUntil(lambda: not page.desk.background.jobs, timeout=30_000)
    assert (tmp_path / "审计.xlsx").exists(), page.window().notice.words
    page.clear()
    rest(page, qtbot)
    assert any("导出" in words for words in listed(page))


def test_nobody_else_is_offered_the_page_and_the_core_refuses_all_the_same(
    town: App, theme: Theme, background: Background, qtbot: QtBot, tmp_path: Path
):
    first = set_up(town)
    window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(window)
    window.show()
    window.attach(town)
    settle(qtbot, background)
    assert not window.navigation._buttons["audit"].isVisible()
    window.open_page("audit")
    assert window.tabs.page("page:audit") is None
    assert "看不了“审计”" in window.notice.words
    with pytest.raises(AppError, match="没有“查看、导出审计记录”的权限"):
        trail.page(town.db, first, AuditFilter())


def test_nothing_is_asked_on_the_windows_thread(page: AuditPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    whole = Database.rows

    def rows(self: Database, sql: str, params: object = ()) -> list[tuple[object, ...]]:
        if QThread.currentThread() is page.thread():
            asked.append(sql)
        return whole(self, sql, params)

    monkeypatch.setattr(Database, "rows", rows)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert [sql for sql in asked if "journal" in sql] == []
