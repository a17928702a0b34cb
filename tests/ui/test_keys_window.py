"""Keys and repair in the window: the store is let go of, worked on, opened again; damage is found, said and mended."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App, open_app
from desktop_app.shared.clock import FixedClock
from tests.ui.accounts import PASSWORD, set_up
from tests.ui.conftest import TODAY, rest, settle
from ui.pages.settings import SettingsPage
from ui.pages.settings_keys import KeyDialog
from ui.pages.sign_in import SignIn
from ui.pages.trouble import Recover, Trouble, Working
from ui.pages.welcome import Unlock
from ui.start import Start

OLD, NEW = "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """No passphrase in the environment, and the hook is given back."""
    monkeypatch.delenv("LINLI_PASSPHRASE", raising=False)
    monkeypatch.setattr("desktop_app.store.keys.keyring_available", lambda: False)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


@pytest.fixture
def home(town: App) -> Path:
    """A closed store with an administrator 李静."""
    set_up(town)
    town.close()
    return town.home


@pytest.fixture
def start(home: Path, qtbot: QtBot) -> Iterator[Start]:
    """The program as it starts, asking for the passphrase."""
    made = Start(home)
    qtbot.addWidget(made.window)
    yield made
    settle(qtbot, made.background)


def shown(start: Start, kind, qtbot: QtBot):
    """What the window shows alone, once it is of this kind."""
    qtbot.waitUntil(lambda: isinstance(start.window._alone, kind), timeout=20_000)
    settle(qtbot, start.background)
    return start.window._alone


def unlock(start: Start, qtbot: QtBot, passphrase: str) -> None:
    asking = shown(start, Unlock, qtbot)
    asking.passphrase.setText(passphrase)
    asking.unlock()


def sign_in(start: Start, qtbot: QtBot) -> SettingsPage:
    """As 李静, to the settings."""
    asking = shown(start, SignIn, qtbot)
    asking.secret.setText(PASSWORD)
    asking.enter()
    qtbot.waitUntil(lambda: start.window.desk is not None, timeout=20_000)
    settle(qtbot, start.background)
    start.window.open_page("settings")
    page = start.window.tabs.current.page
    assert isinstance(page, SettingsPage)
    rest(page, qtbot)
    return page


def dialog(page: SettingsPage) -> KeyDialog:
    (found,) = [one for one in page.findChildren(KeyDialog) if one.isVisible()]
    return found


def test_the_passphrase_is_changed_and_the_new_one_opens(start: Start, home: Path, qtbot: QtBot):
    unlock(start, qtbot, OLD)
    page = sign_in(start, qtbot)
    assert page.keys.change_button.isVisible()
    page.keys.change()
    asked = dialog(page)
    for name, words in (("old", "falsch"), ("passphrase", NEW), ("again", NEW)):
        asked.form.input(name).setText(words)
    asked.save()
    working = shown(start, Working, qtbot)
    qtbot.waitUntil(working.again.isVisible, timeout=20_000)
    assert "口令不对" in working.strip.words
    working.again_asked.emit()
    page = sign_in(start, qtbot)
    page.keys.change()
    for name, words in (("old", OLD), ("passphrase", NEW), ("again", NEW)):
        dialog(page).form.input(name).setText(words)
    dialog(page).save()
    asking = shown(start, SignIn, qtbot)
    assert "口令已更换" in asking.strip.words
    assert start.background.passphrase == NEW
    start.window.close()
    with open_app(home, clock=FixedClock(TODAY), ask=lambda _words: NEW) as app:
        assert app.db.scalar("SELECT count(*) FROM person") > 0


def test_another_key_keeps_the_sheet_with_its_code_and_says_so_without(start: Start, home: Path, qtbot: QtBot):
    unlock(start, qtbot, OLD)
    page = sign_in(start, qtbot)
    code = start.window.app.new_recovery_code()
    page.keys.rekey()
    dialog(page).form.input("code").setText(code)
    dialog(page).form.input("old").setText(OLD)
    dialog(page).save()
    assert "恢复单继续有效" in shown(start, SignIn, qtbot).strip.words
    page = sign_in(start, qtbot)
    page.keys.rekey()
    dialog(page).form.input("old").setText(OLD)
    dialog(page).save()
    assert "重新制作一张" in shown(start, SignIn, qtbot).strip.words


def test_work_under_way_is_not_cut_off(start: Start, qtbot: QtBot):
    unlock(start, qtbot, OLD)
    page = sign_in(start, qtbot)
    job = start.background.start_job("备份", ["backup", "--if-due", "daily"], unattended=True)
    page.keys.rekey()
    dialog(page).form.input("old").setText(OLD)
    dialog(page).save()
    assert "没有做完" in dialog(page).strip.words
    assert start.window.desk is not None
    dialog(page).reject()
    job.cancel()
    qtbot.waitUntil(lambda: not start.background.jobs, timeout=20_000)


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_sheet(home: Path, qtbot: QtBot):
    with open_app(home, clock=FixedClock(TODAY), ask=lambda _words: OLD) as app:
        app.sign_in("lijing", PASSWORD)
        code = app.new_recovery_code()
    start = Start(home)
    qtbot.addWidget(start.window)
    shown(start, Unlock, qtbot).forgotten.emit()
    asking = shown(start, Recover, qtbot)
    for name, words in (("code", code[:-1]), ("passphrase", NEW), ("again", NEW)):
        asking.form.input(name).setText(words)
    asking.recover()
    settle(qtbot, start.background)
    assert "24 位" in asking.form.fault("code")
    asking.form.input("code").setText(code)
    asking.recover()
    sign_in(start, qtbot)
    start.window.close()


def test_a_damaged_store_is_found_at_the_start_mended_and_what_came_back_is_told(home: Path, qtbot: QtBot):
    with open_app(home, clock=FixedClock(TODAY), ask=lambda _words: OLD) as app:
        app.sign_in("lijing", PASSWORD)
        app.backup()
    file = home / "linli.db"
    spoiled = bytearray(file.read_bytes())
    spoiled[:4096] = bytes(4096)
    file.write_bytes(spoiled)
    start = Start(home)
    qtbot.addWidget(start.window)
    unlock(start, qtbot, OLD)
    trouble = shown(start, Trouble, qtbot)
    assert trouble.damaged
    assert "没有打开" in trouble.heading.text()
    trouble.start_repair()
    assert not trouble.repair.isEnabled()
    qtbot.waitUntil(lambda: "已修复" in trouble.heading.text(), timeout=60_000)
    assert "备份" in trouble.report.text()
    assert list(home.glob("damaged-*")), "the damaged file is kept"
    trouble.again_asked.emit()
    sign_in(start, qtbot)
    assert start.window.app.db.scalar("SELECT count(*) FROM person") > 0
    settle(qtbot, start.background)
    start.window.close()


def test_a_sound_store_is_not_rebuilt(home: Path, qtbot: QtBot):
    from ui.shell.problems import Problem

    start = Start(home)
    qtbot.addWidget(start.window)
    shown(start, Unlock, qtbot)
    start.background.passphrase = OLD
    start._not_opened(Problem("数据库文件有损坏。", code=5))
    trouble = shown(start, Trouble, qtbot)
    trouble.start_repair()
    qtbot.waitUntil(lambda: "完好" in trouble.heading.text(), timeout=60_000)
    start.window.close()


def test_damage_found_in_the_middle_of_the_work_closes_the_store_and_offers_the_repair(start: Start, qtbot: QtBot):
    from ui.shell.problems import Problem

    unlock(start, qtbot, OLD)
    sign_in(start, qtbot)
    start.window.show_problem(Problem("数据库文件有损坏，这一步没有保存。", "运行 linli repair。", code=5))
    assert "现在就修复" in start.window.notice.words
    assert "linli repair" not in start.window.notice.words
    start.window.notice._action.click()
    trouble = shown(start, Trouble, qtbot)
    assert trouble.damaged
    assert start.window.desk is None
    assert start.window.app is None
    assert start.window.windowTitle() == "邻里工作站"
