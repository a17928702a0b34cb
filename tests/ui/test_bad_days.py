"""Bad days as the person at the window meets them: said in words, with the next step, and nothing is lost.

What the store itself does on such days stands in `tests/store/test_hardship.py`, `test_clock.py`, `test_upgrade.py`.
"""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import app as composition
from desktop_app.app import App
from desktop_app.residents.queries import find
from desktop_app.shared.clock import FixedClock
from desktop_app.store.connecting import connect
from tests.store.test_hardship import bound_by_permissions
from tests.ui import accounts
from tests.ui.conftest import TODAY, rest, settle
from ui import start as starting
from ui.main_window import MainWindow
from ui.pages.person import PersonPage
from ui.pages.person_form import PersonFormPage
from ui.pages.sign_in import SignIn
from ui.pages.trouble import Trouble
from ui.shell.instance import Instance
from ui.start import Start

PASSPHRASE = "correct horse"
MS = int(TODAY.timestamp() * 1000)


def words_in(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel)).replace("\u202f", "").replace("\u2009", "")


def what_opens(home: Path, qtbot: QtBot, kind: type[QWidget]) -> tuple[Start, QWidget]:
    """The window of this folder, and what stands in its middle."""
    start = Start(home)
    qtbot.addWidget(start.window)
    qtbot.waitUntil(lambda: isinstance(start.window._alone, kind), timeout=10_000)
    assert start.window._alone is not None
    return start, start.window._alone


@pytest.fixture
def home(app: App, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a desk that is closed; its passphrase is known."""
    monkeypatch.setenv("LINLI_PASSPHRASE", PASSPHRASE)
    app.close()
    return app.home


def test_a_store_of_a_newer_program_is_left_alone_and_the_window_says_so(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_PASSPHRASE", PASSPHRASE)
    with app.db.transaction(app.actor, "升级") as tx:
        tx.execute("UPDATE alembic_version SET version_num='2999_01_01_next'")
    app.close()
    before = (app.home / "linli.db").read_bytes()
    start, trouble = what_opens(app.home, qtbot, Trouble)
    assert "更新版本" in words_in(trouble)
    assert "升级本程序" in words_in(trouble)
    assert "恢复单" not in words_in(trouble)
    start.window.close()
    assert (app.home / "linli.db").read_bytes() == before


SHOW = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QLabel
from PySide6.QtCore import QTimer
from ui import start as starting
from ui.pages.trouble import Trouble
starting.tell = lambda *words: print("box:", *words, flush=True) or 1
def look():
    for window in QApplication.topLevelWidgets():
        for trouble in window.findChildren(Trouble):
            print(" ".join(one.text() for one in trouble.findChildren(QLabel)), flush=True)
            QApplication.exit(0)
watch = QTimer()
old = starting.Start.__init__
def begin(self, *rest, **more):
    old(self, *rest, **more)
    watch.timeout.connect(look)
    watch.start(50)
starting.Start.__init__ = begin
starting.run(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="uses Linux capabilities")
@pytest.mark.parametrize(("closed", "said"), [("home", "只读"), ("above", "不能在")])
def test_a_read_only_folder_is_said_and_not_met_with_silence(
    home: Path, tmp_path: Path, closed: str, said: str
) -> None:
    shut = home if closed == "home" else tmp_path / "只读"
    shut.mkdir(exist_ok=True)
    shut.chmod(0o555)
    target = home if closed == "home" else shut / "数据"
    try:
        done = subprocess.run(
            [*bound_by_permissions(), sys.executable, "-c", SHOW, str(target)],
            capture_output=True, text=True, check=False, timeout=60, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
    finally:
        shut.chmod(0o755)
    assert said in done.stdout, done.stderr
    assert "权限" in done.stdout


def test_a_window_that_does_not_answer_is_not_met_with_silence(
    home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process holds the folder and is stuck: the second start says so, and opens nothing beside it."""
    first = Instance(home)
    first._server.close()
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda _parent, _title, words: told.append(words))
    monkeypatch.setattr(starting, "QApplication", lambda _argv: QApplication.instance())
    assert starting.run(home) == 1
    assert "没有回应" in told[0]
    assert "请等一会儿再试" in told[0]
    first.release()


def test_two_windows_at_once_become_one_that_takes_the_file(
    home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Instance(home)
    monkeypatch.setattr(starting, "QApplication", lambda _argv: QApplication.instance())
    with qtbot.waitSignal(first.called, timeout=5000) as heard:
        assert starting.run(home, file="/数据/名 册.xlsx") == 0
    assert heard.args == ["/数据/名 册.xlsx"]
    first.release()


def test_a_desk_on_a_path_with_blanks_and_chinese_opens_in_the_window(
    app: App, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_PASSPHRASE", PASSPHRASE)
    app.close()
    moved = app.home.rename(tmp_path / "社区 数据（一号机）")
    start = Start(moved)
    qtbot.addWidget(start.window)
    qtbot.waitUntil(lambda: start.window._alone is not None and start.window.app is not None, timeout=10_000)
    assert not isinstance(start.window._alone, Trouble)
    assert isinstance(start.window._alone, SignIn) or start.window.app.community.name
    start.window.close()


@pytest.mark.parametrize("jump", [timedelta(days=-365), timedelta(hours=-1), timedelta(days=365)], ids=str)
def test_with_a_clock_that_jumped_since_yesterday_one_signs_in_and_sees_no_nonsense(
    town: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    """A battery is empty, or somebody has put the clock right."""
    monkeypatch.setenv("LINLI_PASSPHRASE", PASSPHRASE)
    accounts.set_up(town)
    town.backup()
    with town.db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET device=1,scope=7,server_url='https://sync.invalid',last_ok_at=?", (MS,))
    town.close()
    monkeypatch.setattr(composition, "Clock", lambda: FixedClock(TODAY + jump))
    start, asking = what_opens(town.home, qtbot, SignIn)
    assert isinstance(asking, SignIn)
    settle(qtbot, start.background)
    asking.secret.setText(accounts.PASSWORD)
    asking.enter()
    settle(qtbot, start.background)
    if jump > timedelta(days=90):
        assert "密码已用满" in words_in(asking)
        for name in ("password", "again"):
            asking._new.input(name).setText("Xinnian-2027")
        asking.enter()
    qtbot.waitUntil(lambda: start.window.desk is not None, timeout=10_000)
    start.window.sync._by_itself = False
    for key in ("home", "syncing", "settings"):
        start.window.open_page(key)
        page = start.window.tabs.page(f"page:{key}")
        rest(page, qtbot)
        assert not re.search(r"-\d+ ?(天|小时|分钟)", words_in(page)), words_in(page)
    start.window.farewell = None  # no copy in a process of its own
    start.window.close()


def test_while_another_program_writes_a_form_says_so_keeps_what_was_typed_and_saves_at_the_same_click(
    window: MainWindow, town: App, qtbot: QtBot
) -> None:
    with town.db.applying("准备") as tx:
        tx.execute("PRAGMA busy_timeout=20")  # nobody in a test waits ten seconds
    window.open_record("person-form", "new")
    form = window.tabs.current.page
    assert isinstance(form, PersonFormPage)
    rest(form, qtbot)
    form.form.input("name").setText("陈桂香")
    other = connect(town.db.path, town._key)
    try:
        other.execute("BEGIN IMMEDIATE")
        form.save()
        qtbot.waitUntil(lambda: "正在写数据" in form.strip.words, timeout=10_000)
        assert "没有保存" in form.strip.words
        assert "请稍等几秒再试一次" in form.strip.words
        assert form.form.value("name") == "陈桂香"
        other.execute("ROLLBACK")
    finally:
        other.close()
    form.save()
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage), timeout=10_000)
    settle(qtbot, window.background)
    assert len(find(town.db, "陈桂香")) == 1
