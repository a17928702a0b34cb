"""Suspected duplicates: two entries side by side, chosen by keyboard, merged, found to be two, or left for later."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.residents import actions, duplicates
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from tests.ui.conftest import rest, settle, synthetic_id
from ui.main_window import MainWindow
from ui.pages.duplicates import LATER, DuplicatesPage
from ui.pages.person_form import PersonFormPage, same_people
from ui.pages.privacy_look import LookDialog

BORN = "1950-03-05"


@pytest.fixture
def twins(town: App) -> App:
    """One pair with one number and different homes, one pair that sounds alike."""
    rooms = [row[0] for row in town.db.rows("SELECT id FROM room ORDER BY local_no LIMIT 2")]
    number = synthetic_id(BORN, 2)
    for name, room, phones in (("陈秀兰", rooms[0], "10000000001"), ("陈秀蓝", rooms[1], "10000000002")):
        person = Person(name=name, id_no=number, id_type="居民身份证", phones=phones)
        actions.register(town.db, town.actor, person, Home(room))
    for name in ("单丽", "单莉"):
        actions.register(town.db, town.actor, Person(name=name, birth="1960-01-01", sex="女"))
    return town


@pytest.fixture
def show(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[], DuplicatesPage]:
    """Opens the page with the pairs there are, without a child process."""

    def made() -> DuplicatesPage:
        monkeypatch.setattr(DuplicatesPage, "search", lambda _page: None)
        window.open_page("duplicates")
        page = window.tabs.page("page:duplicates")
        assert isinstance(page, DuplicatesPage)
        assert window.desk is not None
        page._searched, page._pairs = True, duplicates.suspected(window.desk.app.db)
        page._look_again()
        rest(page, qtbot)
        return page

    return made


def names(page: DuplicatesPage) -> list[set[str]]:
    return [{pair.a.name, pair.b.name} for pair in page.table.lines]


def pick(page: DuplicatesPage, field: str) -> None:
    page.detail.table.point_at([line.id for line in page.detail.table.lines].index(field))


def test_the_search_runs_in_a_child_process_and_the_surest_pair_stands_first(
    twins: App, window: MainWindow, qtbot: QtBot
):
    window.background.passphrase = "correct horse"
    window.open_page("duplicates")
    page = window.tabs.page("page:duplicates")
    assert isinstance(page, DuplicatesPage)
    qtbot.waitUntil(lambda: len(page.table.lines) > 1, timeout=30_000)
    assert names(page)[0] == {"陈秀兰", "陈秀蓝"}
    assert {"单丽", "单莉"} in names(page)


def test_fields_are_chosen_by_keyboard_numbers_are_masked_until_somebody_looks(twins: App, show, qtbot: QtBot):
    page = show()
    lines = {line.id: line for line in page.detail.table.lines}
    assert lines["phones"].value == "10000000001 10000000002", "phones are united"
    pick(page, "name")
    qtbot.keyClick(page.detail.table, Qt.Key.Key_Right)
    assert page.detail.values == {"name": "陈秀蓝"}
    qtbot.keyClick(page.detail.table, Qt.Key.Key_1)
    assert page.detail.values == {"name": "陈秀兰"}
    pick(page, "phones")
    qtbot.keyClick(page.detail.table, Qt.Key.Key_2)
    assert page.detail.values["phones"] == "10000000002"
    shown = page.detail._cell(lines["id_no"], "stays")
    assert "*" in shown
    page.detail.reveal()
    rest(page, qtbot)
    (dialog,) = page.detail.findChildren(LookDialog)
    dialog.form.input("why").setText("核对是不是同一人")
    dialog.save()
    rest(page, qtbot)
    assert synthetic_id(BORN, 2) in page.detail._cell(lines["id_no"], "stays")
    rest(page, qtbot)
    looks = twins.db.scalar("SELECT count(*) FROM journal_action WHERE what LIKE '%查看%' OR what LIKE '%看%'")
    assert looks >= 2, "a look at both is kept"


def test_different_homes_have_to_be_chosen_then_the_pair_is_merged_and_the_next_comes_up(
    twins: App, show, window: MainWindow, qtbot: QtBot
):
    page = show()
    count = len(page.table.lines)
    page.merge()
    assert "请先选" in page.detail.strip.words
    page.detail.next_home()
    page.detail.next_home()
    assert page.detail.home == "goes"
    page.merge()
    rest(page, qtbot)
    assert len(page.table.lines) == count - 1
    assert {"陈秀兰", "陈秀蓝"} not in names(page)
    assert page.table.current is not None, "the next pair comes up by itself"
    assert "已合并" in window.status.said.text()
    window.status._run_undo()
    rest(page, qtbot)
    assert len(page.table.lines) == count, "an undo brings the pair back"


def test_two_people_are_never_asked_about_again_and_later_means_later(twins: App, show, qtbot: QtBot):
    page = show()
    at = names(page).index({"单丽", "单莉"})
    page.table.point_at(at)
    rest(page, qtbot)
    page.are_two()
    rest(page, qtbot)
    assert {"单丽", "单莉"} not in names(page)
    assert {"单丽", "单莉"} not in [{one.a.name, one.b.name} for one in duplicates.suspected(twins.db)]
    page.table.point_at(0)
    first = names(page)[0]
    page.later()
    assert first not in names(page)
    page.bar.chips["reason"].choose([LATER])
    page.bar._tell()
    assert names(page) == [first]


def test_while_a_name_is_typed_those_that_sound_alike_are_shown(twins: App, window: MainWindow, qtbot: QtBot):
    window.open_record("person-form", "new")
    page = window.tabs.page("person-form:new")
    assert isinstance(page, PersonFormPage)
    page.form._write("name", "善丽")
    page.form._write("birth", "1960-01-01")
    page.form.settled.emit("birth")
    settle(qtbot, window.background)
    assert "登记册里已有 单" in page.twin.words
    room = twins.db.scalar("SELECT room_id FROM residence s JOIN person p ON p.id=s.person_id WHERE p.name='陈秀兰'")
    assert [hit.name for hit in same_people(twins.db, "陈秀岚", "", "", room, None)] == ["陈秀兰"]


def test_when_the_search_is_over_the_keys_belong_to_the_pairs_unless_somebody_types(
    twins: App, show, window: MainWindow, qtbot: QtBot
):
    page = show()
    for typed, taken in (("王", False), ("", True)):
        window.header.search.setFocus()
        window.header.search.setText(typed)
        page._fresh = True
        page._look_again()
        rest(page, qtbot)
        assert page.table.hasFocus() is taken


def test_in_a_narrow_window_both_entries_stay_in_sight(twins: App, show, qtbot: QtBot):
    page = show()
    page.detail.table.resize(400, 300)
    header = page.detail.table.horizontalHeader()
    assert [header.isSectionHidden(at) for at in range(4)] == [False, False, False, True]


def test_the_keys_stay_on_the_page_while_it_searches_and_when_it_is_stopped(
    twins: App, window: MainWindow, qtbot: QtBot
):
    window.background.passphrase = "correct horse"
    window.activateWindow()
    window.open_page("duplicates")
    page = window.tabs.page("page:duplicates")
    assert isinstance(page, DuplicatesPage)
    assert page.empty.hasFocus()
    stop = page.running.findChild(QPushButton)
    stop.setFocus()
    stop.click()
    qtbot.waitUntil(lambda: not page.running.busy, timeout=30_000)
    again = page.empty.place
    assert again.hasFocus(), "where one begins anew"
    qtbot.keyClick(again, Qt.Key.Key_Space)
    assert page.empty.hasFocus()
    stop.setFocus()
    page.running.ended.emit([])  # nobody was entered twice
    page.running.cancel()
    qtbot.waitUntil(lambda: not page.running.busy, timeout=30_000)
    rest(page, qtbot)
    assert page.empty.place.hasFocus()
