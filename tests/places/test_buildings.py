"""Estates, buildings, the generator of a whole building, the room chart."""

from typing import Any

import pytest

from desktop_app.accounts.model import Actor
from desktop_app.places import actions, queries, rules
from desktop_app.places.model import Area, Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


@pytest.fixture
def estate(db: Database, actor: Actor) -> Estate:
    return actions.add_estate(db, actor, Estate(name="桂花苑"))


def numbers(plan: BuildingPlan) -> list[str]:
    return [room.no for room in rules.plan_rooms(plan)]


def test_a_building_is_units_times_floors_times_doors() -> None:
    rooms = rules.plan_rooms(BuildingPlan(units=3, floors=6, per_floor=2))
    assert len(rooms) == 36
    assert (rooms[0].unit, rooms[0].no, rooms[-1].unit, rooms[-1].no) == ("1", "101", "3", "602")


@pytest.mark.parametrize(
    ("plan", "doors"),
    [
        (BuildingPlan(units=1, floors=2, per_floor=2), ["101", "102", "201", "202"]),
        (BuildingPlan(units=1, floors=5, per_floor=1, skip_floors=frozenset({4})), ["101", "201", "301", "501"]),
        (BuildingPlan(units=1, floors=1, per_floor=4, skip_numbers=frozenset({4})), ["101", "102", "103", "105"]),
        (BuildingPlan(units=1, floors=1, per_floor=1, first_floor=-1), ["-101", "101"]),
        (BuildingPlan(units=2, floors=1, per_floor=2, numbers_run_on=True), ["101", "102", "103", "104"]),
        (BuildingPlan(units=1, floors=12, per_floor=1, first_floor=10), ["1001", "1101", "1201"]),
    ],
)
def test_the_generator_follows_how_doors_are_numbered(plan: BuildingPlan, doors: list[str]) -> None:
    """Skipped floors and numbers, basements, numbers that run on through the units."""
    assert numbers(plan) == doors


def test_shops_take_the_first_floor() -> None:
    rooms = rules.plan_rooms(BuildingPlan(units=1, floors=2, per_floor=2, shops=3))
    assert [room.kind for room in rooms] == ["商铺"] * 3 + ["住宅"] * 2


@pytest.mark.parametrize("wrong", [{"units": 0}, {"floors": 100}, {"per_floor": -1}, {"first_floor": 9}])
def test_an_impossible_building_names_the_field(wrong: dict[str, Any]) -> None:
    with pytest.raises(AppError) as refusal:
        rules.plan_rooms(BuildingPlan(**{"units": 1, "floors": 6, "per_floor": 2} | wrong))
    assert refusal.value.field in wrong


def test_generating_again_adds_only_what_is_missing(db: Database, actor: Actor, estate: Estate) -> None:
    plan = BuildingPlan(units=1, floors=3, per_floor=2)
    building, made = actions.add_building(db, actor, Building(estate_id=estate.id, no="5"), plan)
    assert made == 6
    assert actions.generate_rooms(db, actor, building.id, BuildingPlan(units=1, floors=4, per_floor=2)) == 2


def test_a_number_is_taken_once_in_an_estate(db: Database, actor: Actor, estate: Estate) -> None:
    actions.add_building(db, actor, Building(estate_id=estate.id, no="5"))
    with pytest.raises(AppError, match="已经有5栋"):
        actions.add_building(db, actor, Building(estate_id=estate.id, no="5"))
    other = actions.add_estate(db, actor, Estate(name="翠湖花园"))
    actions.add_building(db, actor, Building(estate_id=other.id, no="5"))


def test_buildings_are_listed_in_natural_order(db: Database, actor: Actor, estate: Estate) -> None:
    for no in ("10", "2", "1"):
        actions.add_building(db, actor, Building(estate_id=estate.id, no=no))
    assert [line.no for line in queries.buildings(db)] == ["1", "2", "10"]


def test_the_chart_has_the_top_floor_first_and_units_side_by_side(db: Database, actor: Actor, estate: Estate) -> None:
    plan = BuildingPlan(units=2, floors=2, per_floor=2)
    building, _ = actions.add_building(db, actor, Building(estate_id=estate.id, no="3"), plan)
    chart = queries.room_chart(db, building.id)
    assert chart is not None
    assert chart.title == "桂花苑3栋"
    assert [(floor, [(r.unit, r.no) for r in rooms]) for floor, rooms in chart.floors] == [
        (2, [("1", "201"), ("1", "202"), ("2", "201"), ("2", "202")]),
        (1, [("1", "101"), ("1", "102"), ("2", "101"), ("2", "102")]),
    ]


def test_a_room_with_people_is_not_taken_out_of_use(db: Database, actor: Actor, estate: Estate) -> None:
    building, _ = actions.add_building(db, actor, Building(estate_id=estate.id, no="3"))
    room = actions.add_room(db, actor, Room(building_id=building.id, no="101"))
    residents.register(db, actor, Person(name="甲"), Home(room.id))
    with pytest.raises(AppError, match="还有人住"):
        actions.retire_room(db, actor, room.id, "2026-11-22")
    with pytest.raises(AppError, match="1 人居住"):
        actions.retire_building(db, actor, building.id, "2026-11-22")


def test_an_earlier_grid_still_counts_for_its_days(db: Database, actor: Actor, estate: Estate) -> None:
    first = actions.add_area(db, actor, Area(name="第1网格", level="网格"))
    second = actions.add_area(db, actor, Area(name="第2网格", level="网格"))
    building, _ = actions.add_building(db, actor, Building(estate_id=estate.id, no="3"))
    actions.assign_grid(db, actor, building.id, first.id, "2020-01-01")
    actions.assign_grid(db, actor, building.id, second.id, "2026-07-01")
    assert queries.grid_of(db, building.id, "2026-06-30") == first.id
    assert queries.grid_of(db, building.id, "2026-07-01") == second.id


@pytest.mark.parametrize(
    ("no", "floor"), [("501", 5), ("1203", 12), ("-101", -1), ("5", None), ("A01", None), ("12345", None)]
)
def test_a_door_number_tells_its_floor_where_it_can(no: str, floor: int | None) -> None:
    assert rules.floor_of(no) == floor


def test_a_change_is_checked_like_a_new_record(db: Database, actor: Actor, estate: Estate) -> None:
    """No blank names and no twins by way of a change; nobody loses the room they live in."""
    building, _ = actions.add_building(
        db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=2, per_floor=1)
    )
    actions.add_estate(db, actor, Estate(name="江畔小区"))
    upper, lower = (str(row[0]) for row in db.rows("SELECT id FROM room ORDER BY no DESC"))
    residents.register(db, actor, Person(name="王小明"), Home(upper))
    for change in (
        lambda: actions.change_estate(db, actor, estate.id, name="江畔小区"),
        lambda: actions.change_estate(db, actor, estate.id, name=" "),
        lambda: actions.change_room(db, actor, upper, no="101"),
        lambda: actions.change_room(db, actor, upper, no=""),
        lambda: actions.change_room(db, actor, upper, to_on="2026-11-22"),
        lambda: actions.change_building(db, actor, building.id, to_on="2026-11-22"),
        lambda: actions.retire_room(db, actor, lower, "昨天"),
    ):
        with pytest.raises(AppError):
            change()
    assert db.rows("SELECT no,to_on FROM room ORDER BY no") == [("101", None), ("201", None)]
    assert actions.change_estate(db, actor, estate.id, name="桂花苑").name == "桂花苑"
    assert actions.change_room(db, actor, lower, to_on="2026-11-22").to_on == "2026-11-22"
