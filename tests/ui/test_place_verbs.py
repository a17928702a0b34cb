"""Correcting buildings, rooms and households in small forms."""

import json

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.places import actions as places
from desktop_app.places.model import Area, Building, Estate, Room
from desktop_app.places.queries import buildings, grid_of
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents.model import Household
from desktop_app.residents.queries import household_of, members
from desktop_app.store.drafts import kept
from desktop_app.visits import knocking
from desktop_app.visits.campaigns import homes_in
from desktop_app.visits.model import Campaign
from ui.main_window import MainWindow
from ui.pages.place_verbs import EditDialog, edit_building, edit_household, edit_relation, edit_room
from ui.pages.room_picker import RoomPicker
from ui.widgets.inputs import LineEdit

from .conftest import settle


def saved(dialog: EditDialog | None, window: MainWindow, qtbot: QtBot, **texts: str) -> EditDialog:
    """Types into the form and saves."""
    assert isinstance(dialog, EditDialog)
    qtbot.addWidget(dialog)
    for name, text in texts.items():
        box = dialog.form.input(name)
        box.choose(text) if hasattr(box, "choose") else box.setText(text)
    dialog.save()
    settle(qtbot, window.background)
    return dialog


def test_a_building_gets_coordinates_and_a_grid(window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app
    grid = places.add_area(app.db, app.actor, Area(name="第1网格", level="网格"))
    building = str(app.db.scalar("SELECT id FROM building"))
    saved(edit_building(window.desk, building), window, qtbot, lon="115.03", lat="30.2", grid=grid.id)
    now = app.db.get(Building, building)
    assert now is not None
    assert (now.lon, now.lat) == (115.03, 30.2)
    assert grid_of(app.db, building, app.clock.today().isoformat()) == grid.id


def test_a_building_is_taken_out_of_use_only_when_nobody_lives_there(window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app
    lived_in = str(app.db.scalar("SELECT r.building_id FROM residence s JOIN room r ON r.id=s.room_id LIMIT 1"))
    refused = saved(edit_building(window.desk, lived_in), window, qtbot, to_on="20261122", address="东路1号")
    assert "居住，没有停用" in refused.form.fault("to_on")
    now = app.db.get(Building, lived_in)
    assert now is not None
    assert (now.to_on, now.address) == (None, None)
    empty, _ = places.add_building(app.db, app.actor, Building(estate_id=now.estate_id, no="9"), BuildingPlan(1, 2, 2))
    saved(edit_building(window.desk, empty.id), window, qtbot, to_on="20261122")
    assert [line.id for line in buildings(app.db) if line.id == empty.id] == []
    assert app.db.scalar("SELECT count(*) FROM room WHERE building_id=? AND to_on IS NULL", (empty.id,)) == 0


def test_words_where_a_number_should_be_are_said_at_the_field(window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app
    building = str(app.db.scalar("SELECT id FROM building"))
    dialog = saved(edit_building(window.desk, building), window, qtbot, lon="东经")
    assert dialog.form.fault("lon").startswith("经度要填数字。")
    assert app.db.scalar("SELECT lon FROM building WHERE id=?", (building,)) is None


def test_a_room_with_people_is_not_taken_out_of_use(window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app
    room = str(app.db.scalar("SELECT room_id FROM residence LIMIT 1"))
    saved(edit_room(window.desk, room), window, qtbot, to_on="20261122", note="临街")
    now = app.db.get(Room, room)
    assert now is not None
    assert (now.note, now.to_on) == ("临街", None)


def test_a_household_and_how_its_members_are_related_can_be_corrected(window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app
    someone = app.db.scalar(
        "SELECT m.person_id FROM household_member m JOIN household h ON h.id=m.household_id "
        "WHERE m.person_id<>h.head_id"
    )
    household = household_of(app.db, str(someone))
    assert household is not None
    saved(edit_household(window.desk, household), window, qtbot, household_no="H007")
    saved(edit_relation(window.desk, household.id, str(someone), ""), window, qtbot, relation="女儿")
    now = app.db.get(Household, household.id)
    assert now is not None
    assert now.household_no == "H007"
    assert [one.relation for one in members(app.db, now) if one.person_id == someone] == ["女儿"]


def test_half_a_correction_outlives_the_window_and_its_tab_leads_back_to_it(window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk
    room = str(desk.app.db.scalar("SELECT room_id FROM residence LIMIT 1"))
    dialog = edit_room(desk, room)
    assert isinstance(dialog, EditDialog)
    qtbot.addWidget(dialog)
    note = dialog.form.input("note")
    assert isinstance(note, LineEdit)
    note.setText("临街")
    dialog.form.tell_draft_now()  # what a pause in typing does; a crash comes after it
    settle(qtbot, window.background)
    (key,) = kept(desk.app.db, desk.app.actor)
    window.everywhere.resume(key)
    settle(qtbot, window.background)
    (again,) = window.findChildren(EditDialog)
    assert again.form.value("note") == "临街"
    again.save()
    settle(qtbot, window.background)
    now = desk.app.db.get(Room, room)
    assert now is not None
    assert now.note == "临街"
    assert not desk.drafts


@pytest.mark.parametrize("kind", ["building", "household", "campaign"])
def test_of_every_record_the_correction_that_was_begun_opens_again(window: MainWindow, qtbot: QtBot, kind: str) -> None:
    app = window.desk.app
    if kind == "campaign":
        knocking.make(
            app.db,
            app.actor,
            Campaign(name="冬季敲门"),
            homes_in(app.db, [str(app.db.scalar("SELECT id FROM building"))]),
            (),
        )
    record = str(app.db.scalar(f"SELECT id FROM {kind}"))
    field = {"building": "address", "household": "household_no", "campaign": "purpose"}[kind]
    window.desk.drafts[f"{kind}/{record}#修改"] = json.dumps({field: "H7"})
    window.everywhere.resume(f"{kind}/{record}#修改")
    settle(qtbot, window.background)
    (dialog,) = window.findChildren(EditDialog)
    assert dialog.form.value(field) == "H7"
    assert "接着上次没有保存的写" in dialog.strip.words
    dialog._start_over()
    dialog.reject()
    assert not window.desk.drafts


@pytest.mark.parametrize("verb", [edit_building, edit_room])
def test_what_is_gone_has_no_form(window: MainWindow, verb) -> None:
    assert verb(window.desk, "0" * 32) is None


def test_of_several_rooms_with_one_number_none_is_taken_before_somebody_chooses(
    window: MainWindow, qtbot: QtBot
) -> None:
    app = window.desk.app
    other = places.add_estate(app.db, app.actor, Estate(name="另一处"))
    room = app.db.row("SELECT b.no,r.unit,r.no FROM room r JOIN building b ON b.id=r.building_id")
    assert room is not None
    building, _ = places.add_building(app.db, app.actor, Building(estate_id=other.id, no=room[0]))
    places.add_room(app.db, app.actor, Room(building_id=building.id, unit=room[1], no=room[2]))
    picker = RoomPicker(window.desk)
    qtbot.addWidget(picker)
    picker.input.setText("-".join(part for part in room if part))
    qtbot.wait(400)
    settle(qtbot, window.background)
    assert picker.place is None
    assert picker.which.count() == 3
    picker.which.setCurrentIndex(2)
    picker.which.activated.emit(2)
    assert picker.place is not None
