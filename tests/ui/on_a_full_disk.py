"""A full disk as the person at the window meets it.  `test_full_disk.py` runs this on a small disk of its own.

Each says in words that nothing was saved, leaves what was typed where it is, and does it at the same click once there
is room again.  The folder for temporary files is full as well, as it is on most machines.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.residents.queries import find
from desktop_app.shared.clock import FixedClock
from desktop_app.store.drafts import kept
from desktop_app.sync.enrol import enrol
from tests.attachments.pictures import jpeg
from tests.journeys.world import Server
from tests.ui import accounts
from tests.ui.conftest import TODAY, rest, settle
from tests.ui.test_importing_page import finish, people, roster
from ui.main_window import MainWindow
from ui.pages.importing import CHECK, COLUMNS, RESULT, ImportingPage
from ui.pages.person import PersonPage
from ui.pages.person_form import PersonFormPage
from ui.pages.printing import PrintingPage
from ui.pages.residents import ResidentsPage
from ui.pages.settings import SettingsPage
from ui.pages.sign_in import SignIn
from ui.pages.syncing import SyncingPage
from ui.pages.trouble import Trouble
from ui.start import Start

__all__ = ["roster"]
SMALL_DISK = "LINLI_TESTS_SMALL_DISK"
FULL = "磁盘满了"


class Disk:
    """The small disk; `fill` leaves not a byte of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("ab", buffering=0) as file:
            for portion in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(portion))
                except OSError:
                    continue

    def make_room(self) -> None:
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk(Path(os.environ[SMALL_DISK]))
    yield made
    made.make_room()


@pytest.fixture
def tmp_path(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Everything of the test lies on the small disk."""
    with TemporaryDirectory(dir=disk.folder) as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)
        disk.make_room()


@pytest.fixture
def open_page(window: MainWindow, qtbot: QtBot) -> Callable[[str], QWidget]:
    window.background.passphrase = "correct horse"

    def open_(key: str) -> QWidget:
        window.open_page(key)
        page = window.tabs.page(f"page:{key}")
        assert page is not None
        rest(page, qtbot)
        return page

    return open_


def words(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def click(widget: QWidget, verb: str) -> None:
    (button,) = [one for one in widget.findChildren(QPushButton) if one.text() == verb and one.isVisibleTo(widget)]
    assert button.isEnabled()
    button.click()


def new_person(window: MainWindow, qtbot: QtBot) -> PersonFormPage:
    window.open_record("person-form", "new")
    form = window.tabs.current.page
    assert isinstance(form, PersonFormPage)
    rest(form, qtbot)
    return form


def test_a_form_is_saved_at_the_same_click(window: MainWindow, town: App, disk: Disk, qtbot: QtBot) -> None:
    form = new_person(window, qtbot)
    form.form.input("name").setText("陈桂香")
    form.form.input("phones").setText("13900001234")
    disk.fill()
    click(form, "保存")
    settle(qtbot, window.background)
    assert FULL in form.strip.words
    assert "没有保存" in form.strip.words
    assert "请清出一些空间" in form.strip.words
    assert (form.form.value("name"), form.form.value("phones")) == ("陈桂香", "13900001234")
    assert not find(town.db, "陈桂香")
    disk.make_room()
    click(form, "保存")
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage))
    settle(qtbot, window.background)
    assert len(find(town.db, "陈桂香")) == 1


def test_an_import_goes_on_where_it_stood(
    open_page: Callable[[str], QWidget], roster: Path, town: App, disk: Disk, qtbot: QtBot
) -> None:
    page = open_page("importing")
    assert isinstance(page, ImportingPage)
    page.open_file(roster)
    rest(page, qtbot)
    page.columns.choices["录入人"].choose("note")
    disk.fill()
    page.check()
    finish_or_say(page, qtbot)
    assert page.step == COLUMNS
    assert FULL in page.notice.words
    disk.make_room()
    page.check()
    finish(page, CHECK, qtbot)
    disk.fill()
    page.import_now()
    finish_or_say(page, qtbot)
    assert page.step == CHECK
    assert FULL in page.notice.words
    assert people(town) == 0
    disk.make_room()
    page.import_now()
    finish(page, RESULT, qtbot)
    assert people(town) == 4


def finish_or_say(page: ImportingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._job is None and not page.desk.background.jobs, timeout=60_000)
    rest(page, qtbot)


def test_a_backup_is_made_once_there_is_room(
    open_page: Callable[[str], QWidget], town: App, disk: Disk, qtbot: QtBot
) -> None:
    page = open_page("settings")
    assert isinstance(page, SettingsPage)
    window = page.window()
    disk.fill()
    click(page.backups, "现在备份")
    qtbot.waitUntil(lambda: not page.desk.background.jobs, timeout=30_000)
    rest(page, qtbot)
    assert FULL in window.notice.words
    assert not list((town.home / "backups").glob("*"))
    disk.make_room()
    click(page.backups, "现在备份")
    qtbot.waitUntil(lambda: not page.desk.background.jobs, timeout=30_000)
    rest(page, qtbot)
    assert "已备份" in page.backups.words.text()


def test_a_paper_is_saved_once_there_is_room(
    open_page: Callable[[str], QWidget], tmp_path: Path, disk: Disk, qtbot: QtBot
) -> None:
    page = open_page("printing")
    assert isinstance(page, PrintingPage)
    qtbot.waitUntil(lambda: page._drawn is not None and not page._pause.isActive(), timeout=10_000)
    path = tmp_path / "卡片.pdf"
    disk.fill()
    page.save_to(path)
    rest(page, qtbot)
    assert FULL in page.notice.words
    assert not path.exists()
    disk.make_room()
    page.save_to(path)
    rest(page, qtbot)
    assert not page.notice.isVisible(), "what is over is said no longer"
    assert path.read_bytes().startswith(b"%PDF")


def test_a_list_is_exported_once_there_is_room(
    open_page: Callable[[str], QWidget], tmp_path: Path, disk: Disk, qtbot: QtBot
) -> None:
    page = open_page("residents")
    assert isinstance(page, ResidentsPage)
    path = tmp_path / "名单.xlsx"

    def export() -> str:
        page.export_to(path)
        qtbot.waitUntil(lambda: not page.desk.background.jobs, timeout=30_000)
        rest(page, qtbot)
        return str(page.window().notice.words)

    disk.fill()
    assert FULL in export()
    assert "名单.xlsx" in page.window().notice.words
    assert not [one for one in tmp_path.iterdir() if "名单" in one.name]
    disk.make_room()
    export()
    assert path.exists()


def test_a_file_is_attached_once_there_is_room(
    window: MainWindow, tmp_path: Path, disk: Disk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_record("person", str(window.desk.app.db.scalar("SELECT id FROM person ORDER BY local_no")))
    page = window.tabs.current.page
    assert isinstance(page, PersonPage)
    rest(page, qtbot)
    photo = tmp_path / "走访.jpg"
    photo.write_bytes(jpeg())
    page.tabs.setCurrentWidget(page.attached)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
    disk.fill()
    page.attached.choose()
    rest(page, qtbot)
    assert FULL in words(page.attached)
    assert page.attached.list.count() == 0
    disk.make_room()
    page.attached.choose()
    rest(page, qtbot)
    assert page.attached.list.count() == 1


def test_what_is_being_typed_is_kept_as_soon_as_there_is_room_and_the_window_does_not_close_over_it(
    window: MainWindow, town: App, disk: Disk, qtbot: QtBot
) -> None:
    form = new_person(window, qtbot)
    disk.fill()
    for name in ("陈", "陈桂", "陈桂香"):
        form.form.input("name").setText(name)
        form.keep_typed()
    qtbot.waitUntil(lambda: FULL in window.notice.words, timeout=10_000)
    assert "还在窗口里" in window.notice.words
    window.close()
    assert window.isVisible()
    assert "现在关闭就没有了" in window.notice.words
    assert form.form.value("name") == "陈桂香"
    disk.make_room()
    window.desk.drafts.keep_again()
    settle(qtbot, window.background)
    assert any("陈桂香" in body for body in kept(town.db, town.actor).values())


def test_whoever_wants_to_close_all_the_same_closes(window: MainWindow, disk: Disk, qtbot: QtBot) -> None:
    form = new_person(window, qtbot)
    disk.fill()
    form.form.input("name").setText("陈桂香")
    form.keep_typed()
    qtbot.waitUntil(lambda: FULL in window.notice.words, timeout=10_000)
    window.close()
    window.close()
    assert not window.isVisible()


def what_opens(start: Start, qtbot: QtBot, kind: type[QWidget]) -> QWidget:
    qtbot.waitUntil(lambda: isinstance(start.window._alone, kind), timeout=10_000)
    assert start.window._alone is not None
    return start.window._alone


def test_the_program_starts_and_somebody_signs_in_once_there_is_room(
    app: App, disk: Disk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.set_up(app)
    monkeypatch.setenv("LINLI_PASSPHRASE", "correct horse")
    app.close()
    disk.fill()
    start = Start(app.home)
    qtbot.addWidget(start.window)
    trouble = what_opens(start, qtbot, Trouble)
    assert FULL in words(trouble)
    disk.make_room()
    click(trouble, "再试一次")
    asking = what_opens(start, qtbot, SignIn)
    assert isinstance(asking, SignIn)
    rest_of(start, qtbot)
    disk.fill()
    asking.secret.setText(accounts.PASSWORD)
    click(asking, "登录")
    rest_of(start, qtbot)
    assert FULL in asking.strip.words
    assert asking.secret.text() == accounts.PASSWORD
    disk.make_room()
    click(asking, "登录")
    qtbot.waitUntil(lambda: start.window.desk is not None, timeout=10_000)
    rest_of(start, qtbot)
    disk.fill()
    start.window.close()
    assert not start.window.isVisible()


def rest_of(start: Start, qtbot: QtBot) -> None:
    settle(qtbot, start.background)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, on a disk with room."""
    made = Server(tmp_path_factory.mktemp("server") / "data", FixedClock(TODAY)).start()
    yield made
    made.stop()


def test_an_exchange_is_done_once_there_is_room(
    town: App, window: MainWindow, server: Server, open_page: Callable[[str], QWidget], disk: Disk, qtbot: QtBot
) -> None:
    window.sync._by_itself = False
    enrol(town.db, town.secrets, server_url=server.url, code=server.code(), name="一号机")
    page = open_page("syncing")
    assert isinstance(page, SyncingPage)

    def exchange() -> str:
        page.exchange.sync_button.click()
        qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=30_000)
        rest(page, qtbot)
        return words(page)

    disk.fill()
    assert FULL in exchange()
    disk.make_room()
    assert "同步完成" in exchange()
    assert town.db.scalar("SELECT count(*) FROM sync_dirty") == 0
