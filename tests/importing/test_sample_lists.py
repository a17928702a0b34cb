"""The lists of buildings and of party-centre households come out as their JSON says."""

import pytest

from desktop_app.organisation.importing import import_centre_households, plan_centre_households
from desktop_app.organisation.sheet import read_centre_households
from desktop_app.places.importing import import_buildings, plan_buildings
from desktop_app.places.sheet import decimal_degrees, grid_name, read_buildings, whole_number
from desktop_app.residents.importing import import_residents, plan_import
from desktop_app.residents.sheet import read_roster
from tests.importing.conftest import TODAY, expected, sample

BUILDINGS, CENTRES = "L7-buildings", "L7-centre-households"
NEAR = 0.0002
"""Degrees within which converted coordinates are compared."""


def test_every_building_comes_out_as_expected():
    found = {line.rows: line for line in read_buildings(sample(BUILDINGS)).lines}
    listed = {tuple(one["rows"]): one for one in expected(BUILDINGS)["expected_buildings"]}
    assert found.keys() == listed.keys()
    for rows, one in listed.items():
        line = found[rows]
        for key in ("estate", "building", "units", "floors", "per_floor", "grid", "built"):
            assert getattr(line, key) == one.get(key), (rows, key)
        for key in ("longitude", "latitude"):
            assert getattr(line, key) == (pytest.approx(one[key], abs=NEAR) if key in one else None), (rows, key)


def test_every_problem_of_the_buildings_is_told_and_nothing_else():
    found = {(one.row, one.column, one.kind, one.related_row) for one in read_buildings(sample(BUILDINGS)).problems}
    problems = expected(BUILDINGS)["problem_rows"]
    assert found == {(one["row"], one["column"], one["kind"], one.get("related_row")) for one in problems}


@pytest.mark.parametrize(("name", "read"), [(BUILDINGS, read_buildings), (CENTRES, read_centre_households)])
def test_the_rows_that_are_no_entries_are_known(name, read):
    found = {(one.row, one.kind) for one in read(sample(name)).rows_not_entries}
    assert found == {(one["row"], one["kind"]) for one in expected(name)["rows_not_entries"]}


def test_every_party_centre_household_comes_out_as_expected():
    found = {line.row: line for line in read_centre_households(sample(CENTRES)).lines}
    listed = {one["rows"][0]: one for one in expected(CENTRES)["expected_centre_households"]}
    assert found.keys() == listed.keys()
    for row, one in listed.items():
        line = found[row]
        for key in ("branch", "estate", "name", "sex", "plaque_no", "hung_on"):
            assert getattr(line, key) == one.get(key), (row, key)
        assert set(line.phones) == set(one["phones"])
        for key in ("building", "unit", "room"):
            assert getattr(line.dwelling, key) == one["dwelling"].get(key), (row, key)


def test_hosts_and_spans_are_looked_up_in_the_register(db, actor):
    import_buildings(db, plan_buildings(db, read_buildings(sample(BUILDINGS))), actor)
    import_residents(db, plan_import(db, read_roster(sample("L3-groups-2500"), TODAY)), actor)
    plan = plan_centre_households(db, read_centre_households(sample(CENTRES)))
    import_centre_households(db, plan, actor)

    problems = expected(CENTRES)["problem_rows"]
    found = {(one.row, one.column, one.kind, one.related_row) for one in plan.problems}
    assert found == {(one["row"], one["column"], one["kind"], one.get("related_row")) for one in problems}

    stored = db.rows(
        "SELECT c.host_name,p.id_no,c.covers,n.name,e.name FROM party_centre_household c "
        "LEFT JOIN person p ON p.id=c.host_id "
        "JOIN org_node n ON n.id=c.node_id JOIN estate e ON e.id=c.estate_id ORDER BY c.local_no"
    )
    listed = expected(CENTRES)["expected_centre_households"]
    assert [(row[0], row[1], row[3], row[4]) for row in stored] == [
        (one["name"], one.get("id_number_in_roster"), one["branch"], one["estate"]) for one in listed
    ]
    assert [_covers(row[2]) for row in stored] == [one["covers"] for one in listed]


def _covers(text: str) -> list[dict[str, object]]:
    import orjson

    return [{"building": one["no"]} | ({"units": one["units"]} if "units" in one else {}) for one in orjson.loads(text)]


def test_the_lists_imported_twice_change_nothing(db, actor):
    import_buildings(db, plan_buildings(db, read_buildings(sample(BUILDINGS))), actor)
    import_centre_households(db, plan_centre_households(db, read_centre_households(sample(CENTRES))), actor)
    buildings = plan_buildings(db, read_buildings(sample(BUILDINGS)))
    centres = plan_centre_households(db, read_centre_households(sample(CENTRES)))
    assert (buildings.changes_nothing, buildings.writes.count) == (True, 0)
    assert (centres.changes_nothing, centres.writes.count) == (True, 0)


def test_buildings_get_their_rooms_and_grids(db, actor):
    import_buildings(db, plan_buildings(db, read_buildings(sample(BUILDINGS))), actor)
    listed = expected(BUILDINGS)["expected_buildings"]
    assert db.scalar("SELECT count(*) FROM room") == sum(
        one["units"] * one["floors"] * one["per_floor"] for one in listed
    )
    grids = db.rows(
        "SELECT e.name,b.no,a.name FROM building_grid g JOIN building b ON b.id=g.building_id "
        "JOIN estate e ON e.id=b.estate_id JOIN area a ON a.id=g.grid_id WHERE a.level='网格'"
    )
    assert set(grids) == {(one["estate"], one["building"], one["grid"]) for one in listed}


@pytest.mark.parametrize("order", ["buildings first", "residents first"])
def test_the_order_of_the_files_does_not_matter(db, actor, order):
    def buildings() -> None:
        import_buildings(db, plan_buildings(db, read_buildings(sample(BUILDINGS))), actor)

    def residents() -> None:
        import_residents(db, plan_import(db, read_roster(sample("L3-groups-2500"), TODAY)), actor)

    for step in (buildings, residents) if order == "buildings first" else (residents, buildings):
        step()
    assert db.scalar("SELECT count(*) FROM room") == 1116
    assert plan_import(db, read_roster(sample("L3-groups-2500"), TODAY)).changes_nothing
    assert plan_buildings(db, read_buildings(sample(BUILDINGS))).changes_nothing


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        (115.03, 115.03),
        ("115.030848°", 115.030848),
        ("E115.03", 115.03),
        ("30.19N", 30.19),
        ("东经115.03", 115.03),
        ("115°02′17″", 115.038056),
        ("115°02'17\"E", 115.038056),
        ("115度2分17秒", 115.038056),
        ("没有", None),
        ("115.03,30.19", None),
    ],
)
def test_coordinates_are_read_in_every_notation(written, degrees):
    assert decimal_degrees(written) == (None if degrees is None else pytest.approx(degrees, abs=0.000001))


@pytest.mark.parametrize(
    ("written", "per_floor", "count"),
    [
        ("7层", False, 7),
        ("4个", False, 4),
        ("1988年", False, 1988),
        ("一梯两户", True, 2),
        ("2梯四户", True, 4),
        ("十二", False, 12),
    ],
)
def test_numbers_are_read_out_of_words(written, per_floor, count):
    assert whole_number(written, per_floor=per_floor) == count


@pytest.mark.parametrize("written", ["2", 2.0, "2网格", "第2网格", "第二网格", "网格2", "二号网格"])
def test_a_grid_has_one_name(written):
    assert grid_name(written) == "第2网格"
