"""The window: tabs, going, the palette, problems, and the order of the start."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.store.drafts import keep
from ui.__main__ import choose_input_method
from ui.main_window import MainWindow
from ui.pages.first_account import FirstAccount
from ui.pages.person_form import PersonFormPage
from ui.pages.recovery_dialog import RecoveryDialog
from ui.pages.welcome import Welcome
from ui.shell.background import Background
from ui.shell.instance import Instance
from ui.shell.problems import BugCatcher, Problem
from ui.shell.settings import Settings
from ui.shell.tabs import MOST
from ui.shell.theme import Theme
from ui.start import Start

from .conftest import settle

W = TypeVar("W", bound=QWidget)
CONTROL = Qt.KeyboardModifier.ControlModifier
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def keep_the_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start takes over `sys.excepthook`; it is given back."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


def wait_for(start: Start, kind: type[W], qtbot: QtBot) -> W:
    """Wait until the window shows something of this kind alone."""
    qtbot.waitUntil(lambda: isinstance(start.window._alone, kind), timeout=10_000)
    settle(qtbot, start.background)
    shown = start.window._alone
    assert isinstance(shown, kind)
    return shown


def people(window: MainWindow, count: int) -> list[str]:
    db = window.desk.app.db
    return [line.id for line in lines(db, ids(db, ResidentFilter())[:count])]


def test_the_window_stands_with_its_search_box_ready_before_there_is_a_store(
    qtbot: QtBot, theme: Theme, background: Background, tmp_path: Path
):
    window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(window)
    window.show()
    assert window.focusWidget() is window.header.search
    assert window.desk is None


def test_the_first_page_is_home_and_cannot_be_closed(window: MainWindow):
    window.tabs.close_current()
    assert window.tabs.current.key == "page:home"


def test_there_are_never_more_than_eight_tabs(window: MainWindow, qtbot: QtBot):
    for record in people(window, MOST + 3):
        window.open_record("person", record)
    assert window.tabs.bar.count() == MOST
    assert window.tabs.page("page:home") is not None


def test_back_and_forward_walk_and_reopen_what_was_closed(window: MainWindow, qtbot: QtBot):
    first, second = people(window, 2)
    window.open_record("person", first)
    window.open_record("person", second)
    window.tabs.close_key(f"person:{first}")
    window.walk(-1)
    assert window.tabs.current.key == f"person:{first}"
    window.walk(1)
    assert window.tabs.current.key == f"person:{second}"
    window.walk(-1)
    window.walk(-1)
    assert window.tabs.current.key == "page:home"
    assert not window.header.back.isEnabled()


def test_control_and_a_digit_go_to_a_place(window: MainWindow, qtbot: QtBot):
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert window.tabs.current.key == "page:residents"
    settle(qtbot, window.background)


def test_the_palette_runs_a_command(window: MainWindow, qtbot: QtBot):
    window.header.search.begin_command()
    window.header.search.setText(">设置")
    window.header.search.entered.emit()
    qtbot.waitUntil(lambda: window.tabs.current.key == "page:settings")
    settle(qtbot, window.background)


def test_recent_records_are_offered_when_the_box_is_empty(window: MainWindow, qtbot: QtBot):
    (record,) = people(window, 1)
    window.open_record("person", record)
    settle(qtbot, window.background)
    name = window.tabs.current.page.title()
    window.header.search.ask_now()
    assert [item.title for item in window.header.search.found.items] == [name]


def test_a_problem_is_shown_in_the_strip_and_no_box_opens(window: MainWindow):
    window.show_problem(Problem("现在连不上服务器。", "稍后会自动再试。"))
    assert window.notice.isVisible()
    assert "现在连不上服务器" in window.notice.words


def test_the_same_bug_is_told_once(qtbot: QtBot, theme: Theme):
    catcher = BugCatcher()
    heard: list[Problem] = []
    catcher.caught.connect(heard.append)
    for _ in range(3):
        try:
            raise ZeroDivisionError  # noqa: TRY301 the same place each time
        except ZeroDivisionError as error:
            catcher._catch(type(error), error, error.__traceback__)
    assert len(heard) == 1


def test_larger_text_is_remembered_and_grows_the_rows(window: MainWindow):
    before = window.theme.row_height
    window.step_font(1)
    assert window.theme.row_height > before
    assert window.settings.font_px == 16


def test_dark_and_light_can_be_switched(window: MainWindow):
    window.toggle_dark()
    assert window.theme.is_dark
    window.toggle_dark()
    assert not window.theme.is_dark


def test_the_navigation_folds_in_a_narrow_window_and_keeps_its_names(window: MainWindow, qtbot: QtBot):
    window.resize(1024, 600)
    assert window.navigation.is_folded
    assert window.navigation.width() == 48
    assert all(made.accessibleName() for made in window.navigation._buttons.values())
    window.resize(1366, 728)
    assert not window.navigation.is_folded


def test_a_number_beside_a_place_is_also_spoken(window: MainWindow):
    window.navigation.show_waiting("syncing", 2)
    assert "2" in window.navigation._buttons["syncing"].text()
    assert window.navigation._buttons["syncing"].accessibleName() == "同步，2 件在等你"


def test_overdue_appeals_are_counted_beside_their_place_for_who_may_see_them(
    window: MainWindow, town: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ui.shell.waiting.appeals.count", lambda _db, which: 3 if which.due == "逾期" else 0)
    window.signals.settled.emit(frozenset({"appeal"}))
    qtbot.waitUntil(lambda: window.navigation._buttons["appeals"].text().endswith("3"))
    assert window.navigation._buttons["appeals"].accessibleName() == "诉求，3 件在等你"


def test_the_state_of_sync_stands_in_the_status_bar(window: MainWindow, qtbot: QtBot):
    qtbot.waitUntil(lambda: bool(window.status.sync.text()))
    assert window.status.sync.text().startswith("○")


# --------------------------------------------------------------------------------------------------------------- start


def test_fcitx_without_a_plugin_for_this_qt_is_answered_as_ibus(tmp_path: Path):
    assert choose_input_method({"QT_IM_MODULE": "fcitx"}, tmp_path) == "ibus"
    assert choose_input_method({"XMODIFIERS": "@im=fcitx"}, tmp_path) == "ibus"
    assert choose_input_method({"QT_IM_MODULE": "ibus"}, tmp_path) is None
    plugin = tmp_path / "platforminputcontexts" / "libfcitx5platforminputcontextplugin.so"
    plugin.parent.mkdir()
    plugin.touch()
    assert choose_input_method({"QT_IM_MODULE": "fcitx"}, tmp_path) is None


def test_a_second_start_hands_its_file_to_the_first(qtbot: QtBot, tmp_path: Path):
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.is_first
    assert not second.is_first
    with qtbot.waitSignal(first.called, timeout=5000) as heard:
        assert second.hand_over("/data/名册.xlsx")
    assert heard.args == ["/data/名册.xlsx"]
    first.release()
    third = Instance(tmp_path)
    assert third.is_first
    third.release()


def test_without_a_store_the_window_asks_who_and_where(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("desktop_app.store.keys.ARGON2", {"iterations": 1, "lanes": 1, "memory_cost": 1024})
    monkeypatch.setattr("desktop_app.store.keys.keyring_available", lambda: False)
    start = Start(tmp_path)
    qtbot.addWidget(start.window)
    qtbot.waitUntil(lambda: start.window._alone is not None)
    welcome = start.window._alone
    welcome.begin()
    assert welcome.form.fault("community")
    for name, value in (("community", "和平社区"), ("code", "420299001001"), ("staff", "李静")):
        welcome.form.input(name).setText(value)
    welcome.passphrase.setText("correct horse")
    welcome.begin()
    administrator = wait_for(start, FirstAccount, qtbot)
    qtbot.waitUntil(lambda: administrator.form.value("login") == "lijing")
    assert administrator.form.value("name") == "李静"
    for name in ("password", "again"):
        administrator.form.input(name).setText("Heping-2026")
    administrator.make()
    qtbot.waitUntil(lambda: start.window.desk is not None, timeout=10_000)
    assert start.window.windowTitle().startswith("和平社区")
    assert start.window.findChildren(RecoveryDialog), "the recovery sheet is proposed on the first day"
    settle(qtbot, start.background)
    start.window.close()


def test_a_wrong_passphrase_is_said_and_can_be_mended(
    qtbot: QtBot, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("LINLI_PASSPHRASE", raising=False)
    home = app.home
    app.close()
    start = Start(home)
    qtbot.addWidget(start.window)
    qtbot.waitUntil(lambda: start.window._alone is not None)
    unlock = start.window._alone
    unlock.passphrase.setText("wrong")
    unlock.unlock()
    qtbot.waitUntil(unlock.strip.isVisible, timeout=10_000)
    assert "口令不对" in unlock.strip.words
    unlock.passphrase.setText("correct horse")
    unlock.unlock()
    wait_for(start, FirstAccount, qtbot)
    start.window.close()


def test_nothing_heavy_is_imported_before_the_window_is_there():
    code = (
        "import sys; import ui.__main__, ui.start, ui.main_window\n"
        "heavy = {'sqlalchemy', 'reportlab', 'pypdfium2', 'openpyxl', 'xlsxwriter'} & set(sys.modules)\n"
        "print(sorted(heavy))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_what_was_not_finished_before_a_crash_is_offered_at_the_start(
    qtbot: QtBot, town: App, theme: Theme, background: Background, tmp_path: Path
):
    keep(town.db, town.actor, "new", '{"name": "白无暇"}')
    window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(window)
    window.attach(town)
    settle(qtbot, background)
    assert "1 份没有填完" in window.notice.words
    window.notice._action.click()
    settle(qtbot, background)
    assert isinstance(window.tabs.current.page, PersonFormPage)


def test_the_first_run_begins_in_its_first_field(
    qtbot: QtBot, theme: Theme, background: Background, tmp_path: Path
) -> None:
    window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(window)
    window.show()
    welcome = Welcome(tmp_path, background, theme)
    window.show_alone(welcome)
    assert window.focusWidget() is welcome.form.input("community")
