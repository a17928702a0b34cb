"""同步: the state in words, the inbox of clashes with its keys, exchanging in a child process."""

import json

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.store.conflict import Conflict
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.syncing import SyncingPage

OLD, NEW = 1_000_000 << 16, 2_000_000 << 16


@pytest.fixture
def person(town: App) -> str:
    """Somebody about whom two people wrote two things."""
    found = str(town.db.scalar("SELECT id FROM person WHERE phones<>'' LIMIT 1"))
    staff = town.actor.id
    with town.db.transaction(town.actor, "准备") as tx:
        for field, shown, other, newer in (
            ("phones", "13800005678", "13900001111", False),
            ("employer", "和平小学", "和平中学", True),
        ):
            tx.execute(f"UPDATE person SET {field}=? WHERE id=?", (shown, found))
            tx.add(
                Conflict(
                    tbl="person",
                    row_id=found,
                    field=field,
                    win_value=json.dumps(shown),
                    lose_value=json.dumps(other),
                    win_by=staff,
                    lose_by=staff,
                    win_dev=1,
                    lose_dev=2,
                    win_ts=NEW if newer else OLD,
                    lose_ts=OLD if newer else NEW,
                )
            )
    return found


@pytest.fixture
def page(person: str, window: MainWindow, qtbot: QtBot) -> SyncingPage:
    window.open_page("syncing")
    found = window.tabs.page("page:syncing")
    assert isinstance(found, SyncingPage)
    rest(found, qtbot)
    return found


def point(page: SyncingPage, field: str) -> None:
    page.inbox.table.point_at(next(at for at, one in enumerate(page.inbox.table.lines) if one.field_zh == field))


def test_a_desk_on_its_own_is_told_so_and_can_be_enrolled(page: SyncingPage) -> None:
    assert page.exchange.state.text() == "只在本机，未接入服务器"
    assert page.exchange.enrol_box.isVisible()
    assert not page.exchange.sync_button.isVisible()


def test_nothing_can_be_typed_or_started_before_it_is_known_how_the_desk_stands(page: SyncingPage) -> None:
    fresh = SyncingPage(page.desk)
    for part in (fresh.exchange.enrol_box, fresh.exchange.sync_button, fresh.exchange.export_button):
        assert not part.isVisibleTo(fresh)
    assert page.exchange.enrol_box.isVisibleTo(page)


def test_the_form_asks_for_address_and_code_before_anything_is_sent(page: SyncingPage) -> None:
    page.exchange.enrol_box.enrol()
    assert page.exchange.form.fault("server_url") == "这一项要填写"
    assert page.exchange.form.fault("code") == "这一项要填写"
    assert page.desk.background.jobs == []


def test_a_desk_that_is_enrolled_sees_what_waits_and_when_it_last_synced(page: SyncingPage, qtbot: QtBot) -> None:
    db = page.desk.app.db
    with db.applying("准备") as tx:
        tx.execute(
            "UPDATE sync_state SET device=1,scope=7,server_url='https://sync.example',last_ok_at=?", (db.clock.ms(),)
        )
        tx.execute("INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(?,'ok','',12,3,90)", (db.clock.ms(),))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.exchange.state.text() == "已同步 11-22 17:00"
    assert "还没有上报，都在本机" in page.exchange.detail.text()
    assert page.exchange.sync_button.isVisible()
    assert [(one.good, one.pushed, one.pulled) for one in page.log.table.lines] == [(True, 12, 3)]


def test_a_clash_names_the_field_in_the_words_of_the_form_and_masks_numbers(page: SyncingPage) -> None:
    point(page, "联系电话")
    assert page.inbox.detail.first.secret.text.text() == "138****5678"
    assert page.inbox.detail.second.secret.text.text() == "139****1111"
    assert page.inbox.detail.second.newer.isVisible()
    assert not page.inbox.detail.first.newer.isVisible()
    page.inbox.detail.second.secret.toggle()
    assert page.inbox.detail.second.secret.text.text() == "13900001111"


def test_the_key_2_takes_the_other_value_and_it_can_be_taken_back(page: SyncingPage, person: str, qtbot: QtBot) -> None:
    said: list[object] = []
    page.desk.said.connect(lambda _words, undo: said.append(undo))
    before = page.desk.app.db.scalar("SELECT phones FROM person WHERE id=?", (person,))
    point(page, "联系电话")
    page.inbox.table.setFocus()
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_2)
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT phones FROM person WHERE id=?", (person,)) == "13900001111"
    assert [one.field_zh for one in page.inbox.table.lines] == ["工作单位"]
    undo = said[-1]
    assert callable(undo)
    undo()
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT phones FROM person WHERE id=?", (person,)) == before
    assert len(page.inbox.table.lines) == 2


def test_all_of_them_can_take_the_newer_value_at_once(page: SyncingPage, person: str, qtbot: QtBot) -> None:
    said: list[object] = []
    page.desk.said.connect(lambda _words, undo: said.append(undo))
    page.inbox.take_newer()
    rest(page, qtbot)
    assert page.inbox.table.lines == []
    assert page.inbox.empty.isVisible()
    assert page.desk.app.db.scalar("SELECT phones FROM person WHERE id=?", (person,)) == "13900001111"
    statuses = page.desk.app.db.rows("SELECT field,status FROM conflict ORDER BY field")
    assert statuses == [("employer", "kept"), ("phones", "swapped")]
    undo = said[-1]
    assert callable(undo)
    undo()
    rest(page, qtbot)
    assert len(page.inbox.table.lines) == 2


def test_a_sync_that_cannot_be_made_is_said_in_words_and_nothing_is_lost(page: SyncingPage, qtbot: QtBot) -> None:
    db = page.desk.app.db
    with db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET device=1,scope=7,server_url='http://127.0.0.1:9'")
    page.desk.background.passphrase = "correct horse"
    page.refresh(frozenset())
    rest(page, qtbot)
    page.exchange.sync_now()
    qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=30_000)
    rest(page, qtbot)
    assert page.exchange.notice.isVisible()
    assert page.exchange.notice.property("tone") == "problem"
    assert page.exchange.sync_button.isEnabled()
