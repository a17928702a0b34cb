"""For any door the whole chain in one answer, and every slot nobody holds, once for each place."""

import pytest

from desktop_app.organisation import actions
from desktop_app.organisation.chains import chains_for, door_of, gaps
from desktop_app.organisation.contacts import contact_chain
from desktop_app.organisation.model import ContactAssignment, OrgNode, Seat
from desktop_app.organisation.sheet import write_gaps
from desktop_app.places import actions as places
from desktop_app.places.model import Area
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.spreadsheets.workbook import read

DAY = "2026-11-22"


@pytest.fixture
def grid(db, actor, street):
    """第1网格 holds buildings 1 and 2; the others lie in none."""
    made = places.add_area(db, actor, Area(name="第1网格", level="网格", parent_id=db.setting("community")))
    for no in "12":
        places.assign_grid(db, actor, street.buildings[no].id, made.id, "2020-01-01")
    return made


def hold(db, actor, slot, kind, target, name, scheme="four_level"):
    told = ContactAssignment(
        scheme=scheme, slot=slot, target_kind=kind, target_id=target, name=name, phone="13900002222"
    )
    return actions.assign_contact(db, actor, told)


@pytest.fixture
def chain(db, actor, street, grid):
    hold(db, actor, "street", "area", db.setting("community"), "俞书记")
    hold(db, actor, "committee", "area", grid.id, "章主任")
    hold(db, actor, "grid_worker", "estate", street.estate.id, "李静")
    hold(db, actor, "building_head", "building", street.buildings["1"].id, "解红梅")


def held(found):
    return [(line.slot_title, line.name) for one in found for line in one.lines]


def test_a_resident_a_household_a_room_and_a_building_have_the_same_chain(db, street, chain):
    person = street.person("王桂英", "1", "101")
    wanted = [("街道班子成员", "俞书记"), ("社区“两委”成员", "章主任"), ("网格员", "李静"), ("楼栋长", "解红梅")]
    for subject in (person, street.household(person), street.room("1", "101"), street.buildings["1"]):
        assert held(chains_for(db, subject.id, DAY, "四级包联")) == wanted
    assert door_of(db, person.id).label == "桂花苑1栋101室"


def test_all_schemes_are_told_and_a_household_has_its_own_post(db, actor, street, chain):
    person = street.person("王桂英", "1", "101")
    hold(db, actor, "post_2", "household", street.household(person).id, "联户党员赵", "free")
    found = {one.scheme: one for one in chains_for(db, person.id, DAY)}
    assert set(found) == {"service_card", "four_level", "five_ones", "free"}
    assert [line.name for line in found["free"].lines] == ["", "联户党员赵"]
    assert found["free"].gaps == ("包楼干部",)
    assert chains_for(db, street.room("2", "101").id, DAY, "free")[0].gaps == ("包楼干部", "联户党员")


def test_who_has_no_place_has_no_chain(db, actor):
    someone = residents.register(db, actor, Person(name="赵无居"))
    assert chains_for(db, someone.id, DAY) == []
    assert door_of(db, someone.id) is None


def test_the_card_takes_the_grid_worker_of_the_chain_where_it_has_none_of_its_own(db, actor, street, grid, chain):
    card = {line.slot: line.name for line in contact_chain(db, street.buildings["1"].id, DAY)}
    assert (card["grid_worker"], card["building_head"], card["police"]) == ("李静", "解红梅", "")
    hold(db, actor, "grid_worker", "area", grid.id, "任海燕", "service_card")
    card = {line.slot: line.name for line in contact_chain(db, street.buildings["1"].id, DAY)}
    assert card["grid_worker"] == "任海燕"


def test_a_gap_is_told_once_for_the_place_it_is_held_for(db, actor, street, chain, grid):
    street.person("王桂英", "2", "101")
    found = [(gap.slot, gap.target, gap.place, gap.homes) for gap in gaps(db, DAY, "four_level")]
    assert found == [
        ("楼栋长", "楼栋", "桂花苑2栋", 1),
        ("楼栋长", "楼栋", "桂花苑3栋", 0),
        ("楼栋长", "楼栋", "桂花苑4栋", 0),
        ("楼栋长", "楼栋", "桂花苑5栋", 0),
    ]


def test_a_post_of_the_organisation_and_an_ended_duty_are_both_seen(db, actor, street, chain):
    node = OrgNode(line="自治", level=4, kind="楼栋服务小组", name="2栋", building_id=street.buildings["2"].id)
    actions.found_node(db, actor, node)
    actions.appoint(db, actor, Seat(node_id=node.id, role="楼栋长", name="缪桂兰"))
    assert "桂花苑2栋" not in {gap.place for gap in gaps(db, DAY, "four_level")}
    hold_id = db.scalar("SELECT id FROM contact_assignment WHERE name='俞书记'")
    actions.end_contact(db, actor, hold_id, DAY)
    assert ("街道班子成员", "社区") in {(gap.slot, gap.target) for gap in gaps(db, DAY, "four_level")}


def test_every_household_without_its_own_post_is_listed_and_the_list_becomes_a_workbook(
    db,
    actor,
    street,
    chain,
    tmp_path,
):
    person = street.person("王桂英", "1", "101")
    street.person("李大山", "1", "102")
    hold(db, actor, "post_2", "household", street.household(person).id, "赵", "free")
    found = gaps(db, DAY, "free")
    assert [gap.place for gap in found if gap.target == "户"] == ["桂花苑1栋102室"]
    path = write_gaps(tmp_path / "空缺.xlsx", found)
    assert read(path).sheets[0].rows[0] == ["包联机制", "责任岗位", "级别", "哪里", "涉及户数"]
    assert len(read(path).sheets[0].rows) == len(found) + 1
