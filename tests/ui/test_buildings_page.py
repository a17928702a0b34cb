"""Buildings: the chart and its themes, the generator, the room."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.places.queries import buildings
from desktop_app.shared.errors import AppError
from ui.main_window import MainWindow
from ui.pages.building_dialog import BuildingDialog, plan_of
from ui.pages.buildings import BuildingsPage
from ui.pages.buildings_chart import THEMES, building_facts, chart_of, looks
from ui.pages.room_pane import RoomPage

from .conftest import settle

VALUES = {
    "units": "2",
    "floors": "6",
    "per_floor": "2",
    "first_floor": "",
    "shops": "",
    "skip_floors": "",
    "skip_numbers": "",
}


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> BuildingsPage:
    window.open_page("buildings")
    settle(qtbot, window.background)
    found = window.tabs.current.page
    assert isinstance(found, BuildingsPage)
    return found


def test_the_chart_has_a_cell_for_every_room_and_a_gap_between_stairwells(page: BuildingsPage):
    chart = page.chart.chart.chart
    assert len(chart.rooms) == 24
    assert [column.gap for column in chart.columns] == [False, False, True, False, False]
    assert list(chart.floors) == ["6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize("layer", THEMES)
def test_every_state_of_a_layer_is_in_its_legend_and_empty_rooms_carry_a_letter(page: BuildingsPage, layer: str):
    facts = building_facts(page.desk.app.db, page.list.current.id)
    shown = looks(page, layer)
    chart = chart_of(facts, layer)
    assert {room.state for room in chart.rooms.values()} <= set(shown)
    assert all(shown[room.state].letter for room in chart.rooms.values() if not room.people)


def test_people_who_live_alone_and_party_members_are_marked(page: BuildingsPage):
    facts = building_facts(page.desk.app.db, page.list.current.id)
    alone = [room for room in chart_of(facts, "alone").rooms.values() if room.state == "alone"]
    assert alone
    assert all(room.people == 1 for room in alone)
    assert any(room.state == "party" for room in chart_of(facts, "party").rooms.values())
    care = [room for room in chart_of(facts, "care").rooms.values() if room.state == "care"]
    assert all("独" in room.marks for room in care)


def test_one_stairwell_can_be_shown_alone(page: BuildingsPage):
    facts = building_facts(page.desk.app.db, page.list.current.id)
    assert len(chart_of(facts, "lived", "2").rooms) == 12


def test_the_pane_follows_the_cursor(qtbot: QtBot, window: MainWindow, page: BuildingsPage):
    qtbot.keyClicks(page.chart, "2-101")
    settle(qtbot, window.background)
    assert page.pane.view._name.text() == "桂花苑3栋2单元101室"


def test_return_in_the_chart_opens_the_room(qtbot: QtBot, window: MainWindow, page: BuildingsPage):
    page.chart.opened.emit(page.chart.current_room().room_id)
    settle(qtbot, window.background)
    assert isinstance(window.tabs.current.page, RoomPage)
    assert window.tabs.current.page.title().startswith("3-1-")


def test_a_whole_building_is_made_in_one_go_and_shown(qtbot: QtBot, window: MainWindow, page: BuildingsPage):
    dialog = BuildingDialog(window.desk, None, page)
    qtbot.addWidget(dialog)
    dialog.made.connect(page.show_this)
    dialog.form.input("estate").setText("新苑")
    dialog.form.input("no").setText("8")
    dialog.form.input("skip_numbers").setText("4")
    dialog.form.input("per_floor").setText("4")
    assert "会生成 48 间" in dialog.words.text()
    assert "105" in dialog.words.text()
    dialog.save()
    qtbot.waitUntil(lambda: len(buildings(window.desk.app.db)) == 2)
    settle(qtbot, window.background)
    assert page.list.current.label == "新苑8栋"


def test_a_number_that_cannot_be_is_said_at_its_field_while_typing(
    qtbot: QtBot, window: MainWindow, page: BuildingsPage
):
    dialog = BuildingDialog(window.desk, None, page)
    qtbot.addWidget(dialog)
    dialog.form.input("estate").setText("新苑")
    dialog.form.input("no").setText("8")
    dialog.form.input("floors").setText("600")
    assert "层数应在" in dialog.words.text()
    dialog.save()
    assert "层数应在" in dialog.form.fault("floors")


def test_numbers_that_are_no_numbers_name_their_field():
    with pytest.raises(AppError) as caught:
        plan_of({**VALUES, "units": "两"}, runs_on=False)
    assert caught.value.field == "units"


def test_skipped_numbers_may_be_parted_by_anything():
    plan = plan_of({**VALUES, "skip_floors": "4、14", "skip_numbers": "4,13"}, runs_on=True)
    assert plan.skip_floors == {4, 14}
    assert plan.skip_numbers == {4, 13}
