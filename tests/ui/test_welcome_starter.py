"""A new computer without a network begins in the window with the file of an administrator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from central_server import bundles, history
from central_server.exchange import Central
from desktop_app.app import exists
from desktop_app.shared.clock import Clock
from desktop_app.store.keys import PASSPHRASE_VARIABLE
from tests import storages
from tests.ui.conftest import settle
from ui.pages.welcome import Welcome
from ui.pages.welcome_starter import FromStarter
from ui.shell.background import Background
from ui.shell.theme import Theme

SCOPE = 420299001009


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The file on the stick and the passcode on the telephone."""
    storage = storages.disk("sqlite", tmp_path / "server", None).open()
    with storage.writing() as session:
        history.open_unit(session, SCOPE, "和平社区", Clock().ms())
    data, passcode = bundles.starter(Central(storage, now=Clock().ms), SCOPE, "二号机")
    file = tmp_path / "U 盘" / "二号机.linli"
    file.parent.mkdir()
    file.write_bytes(data)
    yield file, passcode
    storage.close()


@pytest.fixture
def asking(tmp_path: Path, background: Background, theme: Theme, qtbot: QtBot) -> FromStarter:
    made = FromStarter(tmp_path / "新电脑", background, theme)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_file_and_its_passcode_make_a_desk_of_the_community(asking, starter, qtbot, background):
    file, passcode = starter
    asking.file.setText(str(file))
    asking.passcode.setText(passcode[:-1] + ("A" if passcode[-1] != "A" else "B"))
    asking.staff.setText("周涛")
    asking.passphrase.setText("新的 口令 123")
    qtbot.keyClick(asking.passphrase, Qt.Key.Key_Return)
    settle(qtbot, background)
    assert "启动口令不对" in asking.strip.words
    assert not exists(asking.home), "nothing half made is left"
    assert asking.file.text() == str(file), "what was typed stays"
    asking.passcode.setText(passcode.lower().replace("-", " "))
    with qtbot.waitSignal(asking.opened, timeout=20_000) as opened:
        asking.begin()
    with opened.args[0] as app:
        assert app.community.name == "和平社区"
        assert app.actor.name == "周涛"
        assert app.db.scalar("SELECT scope FROM sync_state") == SCOPE


def test_what_is_missing_is_said_before_anything_is_made(asking):
    for part, words in ((asking.file, "启动文件"), (asking.passcode, "启动口令"), (asking.staff, "姓名")):
        asking.begin()
        assert words in asking.strip.words
        part.setText("x")
    assert not exists(asking.home)


def test_the_keys_go_from_line_to_line_and_to_the_one_that_is_wrong(asking, starter, qtbot, background, monkeypatch):
    order, part = [], asking.file
    for _ in range(5):
        order.append(part.accessibleName() or part.text())
        part = part.nextInFocusChain()
        while not part.focusPolicy() & Qt.FocusPolicy.TabFocus or not part.isVisible():
            part = part.nextInFocusChain()
    assert order == ["启动文件", "选取…", "启动口令", "你的姓名", "新口令"]
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    for line, text in ((asking.file, str(starter[0])), (asking.passcode, starter[1]), (asking.staff, "周涛")):
        line.setText(text)
    asking.begin()
    settle(qtbot, background)
    assert "需要一个口令" in asking.strip.words
    assert asking.window().focusWidget() is asking.passphrase


def test_enter_in_the_last_field_of_the_first_page_begins(tmp_path, background, theme, qtbot):
    page = Welcome(tmp_path / "新电脑", background, theme)
    qtbot.addWidget(page)
    page.show()
    page.form.show_values({"community": "和平社区", "code": "420299001009", "staff": "周涛", "profile": "general"})
    page.passphrase.setText("新的 口令 123")
    with qtbot.waitSignal(page.opened, timeout=20_000) as opened:
        qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    opened.args[0].close()
