"""The care page: bells with who can come, pairs, who needs care; time lines and the board of the first page."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.care import actions, queries
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.overview import sources
from desktop_app.residents.queries import household_of
from desktop_app.spreadsheets.workbook import read
from desktop_app.visits import actions as visits
from desktop_app.visits.model import Visit
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages import page_entry, record_entry
from ui.pages.care import CarePage
from ui.pages.household import HouseholdPage
from ui.pages.organisation import OrganisationPage
from ui.pages.person import PersonPage
from ui.pages.timeline_pane import _PAGES


def alone(app: App) -> str:
    """Somebody who lives alone and has a home."""
    found = app.db.scalar(
        "SELECT t.person_id FROM person_tag t JOIN residence s ON s.person_id=t.person_id WHERE t.tag='独居老人' "
        "ORDER BY t.local_no"
    )
    assert found
    return str(found)


@pytest.fixture
def bell(town: App) -> DoorBell:
    return actions.hang(town.db, town.actor, DoorBell(person_id=alone(town), kind="门口按键")).bell


@pytest.fixture
def page(bell: DoorBell, window: MainWindow, qtbot: QtBot) -> CarePage:
    """The page with one bell."""
    window.open_page("care")
    shown = window.tabs.page("page:care")
    assert isinstance(shown, CarePage)
    rest(shown, qtbot)
    return shown


def words_of(widget: object) -> str:
    return "　".join(one.text() for one in widget.findChildren(QLabel))  # type: ignore[attr-defined]


def test_a_bell_shows_who_can_come_and_says_that_nobody_measured_the_building(page: CarePage) -> None:
    assert len(page.bells.table.lines) == 1
    assert "没有登记坐标" in words_of(page.bells)


def test_an_alarm_is_entered_from_the_keyboard_and_a_time_to_come_is_told_at_its_field(
    page: CarePage, town: App, bell: DoorBell, qtbot: QtBot
) -> None:
    page.bells.table.setFocus()
    qtbot.keyClick(page.bells.table, Qt.Key.Key_B)
    form = page.bells.form
    assert form.is_open
    form.form.input("at").setText("2099-01-01 03:00")
    form.save()
    qtbot.waitUntil(lambda: "还没有到" in words_of(form))
    assert form.is_open
    form.form.input("at").setText("2026-11-22 16:00")
    form.form.suggest("who_came", "陈建国")
    form.form.suggest("cause", "摔倒")
    form.save()
    qtbot.waitUntil(lambda: not form.is_open)
    assert [event.who_came for event in queries.bell_events(town.db, bell.id)] == ["陈建国"]


def test_lists_sort_filter_and_export(page: CarePage, town: App, qtbot: QtBot, tmp_path: Path) -> None:
    page.faces.choose(2)
    rest(page, qtbot)
    pane = page.people
    assert pane.table.lines
    pane.table.sort_asked.emit("age", False)
    ages = [line.age for line in pane.table.lines]
    assert ages == sorted(ages, reverse=True)
    pane.export_to(tmp_path / "关爱.xlsx")
    rest(page, qtbot)
    assert len(read(tmp_path / "关爱.xlsx").sheets[0].rows) == len(pane.table.lines) + 1
    pane.bar.search.setText("查无此人")
    qtbot.waitUntil(lambda: not pane.table.lines)


def test_somebody_is_paired_and_a_pair_without_a_helper_is_told(page: CarePage, town: App, qtbot: QtBot) -> None:
    page.faces.choose(2)
    rest(page, qtbot)
    page.people.pair()
    form = page.people.form
    form.form.input("interval_days").setText("每周")
    form.form.suggest("name", "李静")
    form.save()
    qtbot.waitUntil(lambda: "不是数字" in words_of(form))
    form.form.input("interval_days").setText("7")
    form.save()
    qtbot.waitUntil(lambda: not form.is_open)
    assert [(line.helper, line.days) for line in queries.pairs(town.db)] == [("李静", 7)]


def test_an_empty_face_says_what_to_do(page: CarePage, qtbot: QtBot) -> None:
    page.faces.choose(1)
    rest(page, qtbot)
    assert "还没有结对" in words_of(page.pairs)


def test_the_time_line_of_a_resident_narrows_by_kind_and_opens(
    town: App, bell: DoorBell, window: MainWindow, qtbot: QtBot
) -> None:
    who = str(bell.person_id)
    actions.note(town.db, town.actor, DoorBellEvent(bell_id=bell.id, kind="测试", at="2026-11-20", by_name=""))
    visits.record(town.db, town.actor, Visit(on="2026-11-21", person_id=who, findings="平安"))
    window.open_record("person", who)
    page = window.tabs.page(f"person:{who}")
    assert isinstance(page, PersonPage)
    rest(page, qtbot)
    kinds = [page.life.kind.itemData(at) for at in range(page.life.kind.count())]
    assert {"走访", "门铃"} <= set(kinds)
    page.life.kind.choose("门铃")
    titles = [moment.title for moment in page.life.line.moments.moments]
    assert titles
    assert all(title.startswith("门铃") for title in titles)
    page.life.line.setCurrentIndex(page.life.line.moments.index(0))
    qtbot.keyClick(page.life.line, Qt.Key.Key_Return)
    assert isinstance(window.tabs.page("page:care"), CarePage)
    page.life.kind.choose("")
    page.life.search.setText("平安")
    qtbot.waitUntil(lambda: [moment.detail for moment in page.life.line.moments.moments] == ["情况：平安"])


def test_a_household_has_a_page_with_bells_pairs_and_its_chain(
    town: App, bell: DoorBell, window: MainWindow, qtbot: QtBot
) -> None:
    actions.pair(town.db, town.actor, CarePair(person_id=bell.person_id, helper_name="李静"))
    home = household_of(town.db, str(bell.person_id))
    assert home
    window.open_record("household", home.id)
    page = window.tabs.page(f"household:{home.id}")
    assert isinstance(page, HouseholdPage)
    rest(page, qtbot)
    assert "李静 包保" in words_of(page)
    assert "谁负责这里" in words_of(page)
    assert page.title().endswith(" 户")


def test_the_first_page_tells_of_the_bell_and_opens_it(
    town: App, bell: DoorBell, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("home")
    home = window.tabs.page("page:home")
    rest(home, qtbot)
    said = [one for one in home.findChildren(QPushButton) if one.accessibleName().startswith("爱心门铃")]
    assert said
    qtbot.mouseClick(said[0], Qt.MouseButton.LeftButton)
    assert isinstance(window.tabs.page("page:care"), CarePage)


def test_every_record_a_line_can_name_has_a_page() -> None:
    """So that a press on a line never leads nowhere in silence."""
    opened = set(re.findall(r"'([a-z_]+)',[a-z]+\.[a-z_]+\"", Path(sources.__file__).read_text("utf-8")))
    assert {"visit", "appeal", "meeting", "person", "room"} <= opened
    assert not {kind for kind in opened - {"attachment"} if not record_entry(kind) and not page_entry(_PAGES[kind])}


def test_the_gaps_of_the_contact_chain_become_a_workbook(
    town: App, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.open_page("organisation")
    page = window.tabs.page("page:organisation")
    assert isinstance(page, OrganisationPage)
    page.faces.choose(2)
    rest(page, qtbot)
    page.contacts.export_gaps_to(tmp_path / "空缺.xlsx")
    rest(page, qtbot)
    rows = read(tmp_path / "空缺.xlsx").sheets[0].rows
    assert rows[0][1] == "责任岗位"
    assert len(rows) > 1
