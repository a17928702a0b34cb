"""A resident is handed over to another community, or erased on request, from the page and by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.residents.model import Person
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import directory
from sync_protocol.enrolment import Unit
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.person import PersonPage
from ui.pages.person_leaving import EraseDialog, MoveOutDialog

NORTH = Unit(420299001009, "江北社区", "community")


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> PersonPage:
    """The page of a resident who has a home."""
    ((person_id,),) = town.db.rows("SELECT person_id FROM residence WHERE sync_del=0 ORDER BY local_no LIMIT 1")
    window.open_record("person", person_id)
    found = window.tabs.page(f"person:{person_id}")
    assert isinstance(found, PersonPage)
    rest(found, qtbot)
    return found


def dialog(page: PersonPage, qtbot: QtBot, words: str, kind: type):
    """By the palette's command, as by keyboard."""
    command = next(one for one in page.commands() if one.text.startswith(words))
    command.run()
    found = page.findChild(kind)
    qtbot.waitUntil(found.isVisible)
    rest(page, qtbot)
    return found


def typed(box, text: str) -> None:
    """As an input method hands Chinese over."""
    box.setText(text)
    box.textEdited.emit(text)


def server_knows(monkeypatch: pytest.MonkeyPatch, *units: Unit) -> None:
    monkeypatch.setattr(directory, "look_up", lambda _db, _secrets, text: [unit for unit in units if text in unit.name])


def test_a_community_is_looked_up_and_the_page_says_where_the_resident_goes(page, town, qtbot, monkeypatch):
    server_knows(monkeypatch, NORTH)
    asking = dialog(page, qtbot, "迁出到其他社区", MoveOutDialog)
    assert asking.along.text().startswith("跟着走的：本人资料")
    typed(asking.unit, "江北")
    qtbot.waitUntil(lambda: asking.unit._found == [NORTH], timeout=5000)
    qtbot.keyClick(asking.unit, Qt.Key.Key_Return)
    assert asking.unit.unit == NORTH
    assert "420299001009" in asking.where.text()
    qtbot.keyClick(asking.form.input("on"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.leaving_words.isHidden(), timeout=5000)
    assert "已登记转到江北社区" in page.leaving_words.words
    assert any("转到江北社区" in event.text for event in page._facts.detail.events if event.text)
    assert town.db.rows("SELECT to_scope,row_id FROM transfer") == [(NORTH.id, page.person_id)]
    page.desk.undo_last()
    qtbot.waitUntil(page.leaving_words.isHidden, timeout=5000)


def test_without_the_server_the_code_is_typed(page, town, qtbot, monkeypatch):
    def offline(*_):
        raise NetworkError("连不上服务器。")

    monkeypatch.setattr(directory, "look_up", offline)
    asking = dialog(page, qtbot, "迁出到其他社区", MoveOutDialog)
    asking.save()
    assert "转到哪个社区" in asking.strip.words
    qtbot.keyClicks(asking.unit, str(NORTH.id))
    qtbot.waitUntil(lambda: "12 位区划代码" in asking.where.text(), timeout=5000)
    asking.save()
    qtbot.waitUntil(lambda: not page.leaving_words.isHidden(), timeout=5000)
    assert town.db.scalar("SELECT to_scope FROM transfer") == NORTH.id


def test_a_wrong_destination_is_said_in_the_form_and_nothing_moves(page, town, qtbot, monkeypatch):
    server_knows(monkeypatch)
    asking = dialog(page, qtbot, "迁出到其他社区", MoveOutDialog)
    typed(asking.unit, "没有的地方")
    asking.save()
    qtbot.waitUntil(lambda: "没有“没有的地方”这个单位" in asking.strip.words, timeout=5000)
    assert town.db.rows("SELECT 1 FROM transfer") == []
    asking.reject()


def test_a_resident_who_was_moved_away_is_said_to_be_there_now(page, town, qtbot):
    with town.db.transaction(town.actor, "准备") as tx:
        tx.execute(
            "INSERT INTO transfer(id,tbl,row_id,to_scope,to_name) VALUES('t1','person',?,?,?)",
            (page.person_id, NORTH.id, NORTH.name),
        )
    with town.db.applying() as tx:
        tx.execute("UPDATE person SET sync_del=4,name='' WHERE id=?", (page.person_id,))
    page.refresh(frozenset())
    qtbot.waitUntil(lambda: page._name.text() == "已经转到江北社区，资料由那里保管。", timeout=5000)
    assert page.tabs.isHidden()


def test_erasing_asks_for_ground_and_name_and_cannot_be_undone(page, town, qtbot):
    name = town.db.get(Person, page.person_id).name
    asking = dialog(page, qtbot, "删除个人信息", EraseDialog)
    typed(asking.form.input("reason"), "本人书面申请")
    typed(asking.form.input("name"), "别人")
    asking.save()
    assert town.db.get(Person, page.person_id) is not None
    asking.form.input("name").setText(name)
    asking.form.input("reason").setText(f"{name}申请")
    asking.save()
    qtbot.waitUntil(asking.verb.isEnabled, timeout=5000)
    assert town.db.get(Person, page.person_id) is not None
    asking.form.input("reason").setText("本人书面申请")
    said: list[str] = []
    page.desk.said.connect(lambda words, undo: said.append((words, undo)))
    asking.save()
    qtbot.waitUntil(lambda: page.tabs.isHidden() and bool(said), timeout=5000)
    assert said[0][1] is None
    assert "已登记清除 1 人" in said[0][0]
    assert name not in repr(town.db.rows("SELECT * FROM person WHERE id=?", (page.person_id,)))
    page.desk.undo_last()
    rest(page, qtbot)
    assert town.db.get(Person, page.person_id) is None
    assert QApplication.activeModalWidget() is None
