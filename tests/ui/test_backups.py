"""Backups in the window: listed, made, proved, put elsewhere; the recovery sheet; a new machine; leaving the window."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.app import App, exists
from desktop_app.printing.fonts import FontBook
from desktop_app.store import copies, recovery
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.home import HomePage
from ui.pages.recovery_dialog import RecoveryDialog
from ui.pages.settings import SettingsPage
from ui.pages.welcome_restore import Restore
from ui.shell.background import Background
from ui.shell.keeper import Keeper
from ui.shell.theme import Theme


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> SettingsPage:
    window.background.passphrase = "correct horse"
    window.open_page("settings")
    shown = window.tabs.page("page:settings")
    assert isinstance(shown, SettingsPage)
    rest(shown, qtbot)
    return shown


def wait(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.desk.background.jobs, timeout=30_000)
    rest(page, qtbot)


def test_a_copy_is_made_listed_proved_and_restored_elsewhere(
    page: SettingsPage, town: App, tmp_path: Path, qtbot: QtBot
):
    card = page.backups
    assert card.table.lines == []
    page.backup()
    wait(page, qtbot)
    (kept,) = card.table.lines
    assert kept.why == "手工"
    assert "已备份" in card.words.text()
    town.clock.move(days=1)
    card.verify()
    wait(page, qtbot)
    assert "可以恢复" in card.words.text()
    card.restore_to(kept, tmp_path / "新 家")
    wait(page, qtbot)
    assert exists(tmp_path / "新 家")


def test_copies_go_to_the_chosen_folder_while_it_is_there(page: SettingsPage, town: App, tmp_path: Path, qtbot: QtBot):
    stick = tmp_path / "U 盘"
    stick.mkdir()
    page.backups.keep_in(stick)
    rest(page, qtbot)
    assert copies.target(town.db, town.home / "backups") == stick
    page.backup()
    wait(page, qtbot)
    assert [one.copy.path.parent for one in page.backups.table.lines] == [stick]
    page.backups.keep_in(tmp_path / "拔掉了")
    rest(page, qtbot)
    assert copies.target(town.db, town.home / "backups") == town.home / "backups"
    assert "找不到" in page.backups._where.text()


def test_the_sheet_is_made_only_when_asked_shown_once_and_opens_the_backup_made_with_it(
    page: SettingsPage, town: App, qtbot: QtBot, tmp_path: Path
):
    page.backups.make_sheet()
    (dialog,) = page.findChildren(RecoveryDialog)
    settle(qtbot, page.desk.background)
    assert recovery.made_on(town.home) is None, "opening the question makes nothing"
    dialog.look()
    rest(page, qtbot)
    assert recovery.made_on(town.home) == town.clock.today().isoformat()
    assert len(copies.listed(town.db, town.home / "backups", town.mark)) == 1
    assert not list(town.home.glob("**/*.pdf"))
    assert "制作" in page.backups._sheet.text()


def test_the_first_page_reminds_of_what_is_missing(window: MainWindow, town: App, qtbot: QtBot):
    home = window.tabs.page("page:home")
    assert isinstance(home, HomePage)

    def words() -> str:
        return " ".join(
            one.text()
            for one in [*home.findChildren(QAbstractButton), *home.findChildren(QLabel)]
            if one.isVisibleTo(home)
        )

    rest(home, qtbot)
    assert "还没有备份" in words()
    assert "还没有恢复单" in words()
    town.new_recovery_code()
    town.backup()
    home.refresh(frozenset())
    rest(home, qtbot)
    assert "恢复单" not in words()
    assert "备份" not in words()


def test_a_new_machine_begins_with_a_backup_and_the_code_of_the_sheet(
    town: App, tmp_path: Path, background: Background, theme: Theme, qtbot: QtBot
):
    code = town.new_recovery_code()
    made = town.backup()
    asking = Restore(tmp_path / "新电脑", background, theme)
    qtbot.addWidget(asking)
    asking.resize(1100, 600)
    asking.show()
    (words,) = [one for one in asking.findChildren(QLabel) if "recovery.json" in one.text()]
    assert words.height() >= words.heightForWidth(words.width()), "no line of it is cut"
    asking.file.setText(str(made.path))
    asking.code.setText(code[:-1] + ("A" if code[-1] != "A" else "B"))
    asking.passphrase.setText("新的 口令 123")
    asking.restore()
    settle(qtbot, background)
    assert "抄错" in asking.strip.words
    assert asking.isEnabled()
    asking.code.setText(code.lower().replace("-", " "))
    with qtbot.waitSignal(asking.opened, timeout=20_000) as opened:
        asking.restore()
    with opened.args[0] as app:
        assert app.db.scalar("SELECT count(*) FROM person") == town.db.scalar("SELECT count(*) FROM person")


def test_leaving_the_window_starts_a_copy_unless_there_is_a_young_one(window: MainWindow, town: App, qtbot: QtBot):
    assert window.desk is not None
    window.background.passphrase = "correct horse"
    keeper = Keeper(window.desk, window)
    assert keeper.is_due()
    assert keeper.command()[-4:] == ["exit", "--home", str(town.home), "--json-progress"]
    keeper.farewell()
    assert "正在备份" in window.status.said.text()
    qtbot.waitUntil(lambda: bool(list((town.home / "backups").glob("linli-*-exit.db"))), timeout=20_000)
    for path in (town.home / "backups").iterdir():
        path.unlink()  # it bears the time of this machine, not of the test
    town.backup()
    assert not keeper.is_due()


def test_the_settings_say_which_faces_of_official_papers_are_stood_in_for(
    page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("desktop_app.printing.fonts.book", lambda: FontBook(folders=()))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "没有仿宋、小标宋字体" in page.fonts.text()
    assert "思源宋体（代仿宋）" in page.fonts.text()
