"""Who answers for a building: one click, every name, the gaps in sight (A1-8, A1-9)."""

import pytest

from desktop_app.organisation import actions, queries
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyCentreHousehold, Seat
from desktop_app.shared.errors import AppError

TODAY = "2026-11-22"


def assign(db, actor, slot, kind, target, name, *, scheme="service_card", **more):
    row = ContactAssignment(scheme=scheme, slot=slot, target_kind=kind, target_id=target, name=name, **more)
    return actions.assign_contact(db, actor, row)


def chain(db, building, **more):
    return [(line.slot_title, line.name, line.target) for line in queries.contact_chain(db, building, TODAY, **more)]


def test_an_empty_chain_shows_every_slot_of_the_card_with_what_it_is_for(db, town):
    assert chain(db, town.b3) == [
        ("网格员", "", "第1网格"),
        ("楼栋长", "", "3栋"),
        ("社区民警", "", "江山社区"),
        ("家庭医生", "", "江山社区"),
        ("法律顾问", "", "江山社区"),
        ("党员中心户", "", "3栋"),
        ("物业", "", "桂花苑"),
    ]


def test_a_building_nobody_knows_has_no_chain(db, town):
    assert chain(db, "gone") == []
    assert chain(db, town.b3, scheme="没有的机制") == []


def test_assignments_of_every_level_meet_in_the_chain(db, actor, town):
    assign(db, actor, "grid_worker", "area", town.grid, "陈一", phone="13700000001", title="社区网格员")
    assign(db, actor, "building_head", "building", town.b3, "陈二")
    assign(db, actor, "property", "estate", town.estate, "陈三")
    assign(db, actor, "police", "area", db.setting("community"), "陈四")
    names = {title: name for title, name, _ in chain(db, town.b3)}
    assert names == {
        "网格员": "陈一",
        "楼栋长": "陈二",
        "社区民警": "陈四",
        "家庭医生": "",
        "法律顾问": "",
        "党员中心户": "",
        "物业": "陈三",
    }
    line = queries.contact_chain(db, town.b3, TODAY)[0]
    assert (line.slot, line.phone, line.title) == ("grid_worker", "13700000001", "社区网格员")


def test_a_building_outside_every_grid_falls_back_to_nobody(db, actor, town):
    assign(db, actor, "grid_worker", "area", town.grid, "陈一")
    assert chain(db, town.b7)[0] == ("网格员", "", "")


def test_posts_and_centre_households_fill_the_slots_nobody_was_assigned_to(db, actor, town):
    node = actions.found_node(
        db, actor, OrgNode(line="自治", level=4, kind="楼栋服务小组", name="3栋服务小组", building_id=town.b3)
    )
    actions.appoint(db, actor, Seat(node_id=node.id, role="楼长", name="陈五", phone="13700000005"))
    centre = PartyCentreHousehold(host_id=town.member, host_name="", span="3栋1单元", estate_id=town.estate)
    actions.add_centre_household(db, actor, centre)
    found = {line.slot_title: (line.name, line.phone) for line in queries.contact_chain(db, town.b3, TODAY)}
    assert (found["楼栋长"], found["党员中心户"]) == (("陈五", "13700000005"), ("王东", "13800000001"))
    assign(db, actor, "building_head", "building", town.b3, "陈六")
    assert dict(row[:2] for row in chain(db, town.b3))["楼栋长"] == "陈六"


def test_several_centre_households_of_a_building_all_stand_in_its_chain(db, actor, town):
    for unit in (1, 2):
        centre = PartyCentreHousehold(
            host_id=town.member, host_name=f"王东{unit}", span=f"3栋{unit}单元", estate_id=town.estate
        )
        actions.add_centre_household(db, actor, centre)
    hosts = [name for title, name, _ in chain(db, town.b3) if title == "党员中心户"]
    assert hosts == ["王东1", "王东2"]


def test_the_four_levels_of_a_scheme_stand_in_its_order(db, actor, town):
    assign(db, actor, "building_head", "building", town.b3, "陈二", scheme="四级包联")
    assert chain(db, town.b3, scheme="four_level") == [
        ("街道班子成员", "", "江山社区"),
        ("社区“两委”成员", "", "第1网格"),
        ("网格员", "", "桂花苑"),
        ("楼栋长", "陈二", "3栋"),
    ]


def test_whoever_takes_over_ends_the_term_of_the_one_before(db, actor, town):
    first = assign(db, actor, "building_head", "building", town.b3, "陈二", from_on="2025-01-01")
    assign(db, actor, "building_head", "building", town.b3, "陈六", from_on="2026-11-01")
    assert db.get(ContactAssignment, first.id).to_on == "2026-11-01"
    assert chain(db, town.b3)[1][1] == "陈六"
    before = queries.contact_chain(db, town.b3, "2026-10-31")
    assert [line.name for line in before if line.slot == "building_head"] == ["陈二"]


def test_an_assignment_that_ended_leaves_a_gap(db, actor, town):
    one = assign(db, actor, "building_head", "building", town.b3, "陈二", from_on="2025-01-01")
    actions.end_contact(db, actor, one.id, TODAY, "搬离")
    assert chain(db, town.b3)[1][1] == ""
    assert ("桂花苑3栋", "楼栋长") in [(label, line.slot_title) for label, line in queries.contact_gaps(db, TODAY)]


@pytest.mark.parametrize(
    ("slot", "kind", "target", "field"),
    [
        ("no_such_slot", "building", "b3", "slot"),
        ("building_head", "estate", "estate", "target_id"),
    ],
)
def test_a_slot_that_does_not_exist_or_fit_is_refused(db, actor, town, slot, kind, target, field):
    with pytest.raises(AppError) as refused:
        assign(db, actor, slot, kind, getattr(town, target), "陈一")
    assert refused.value.field == field


def test_nobody_is_assigned_twice_to_the_same_slot(db, actor, town):
    assign(db, actor, "building_head", "building", town.b3, "陈二")
    with pytest.raises(AppError, match="没有重复登记"):
        assign(db, actor, "building_head", "building", town.b3, "陈二")


def test_a_resident_brings_name_and_first_phone(db, actor, town):
    one = assign(db, actor, "building_head", "building", town.b3, "", person_id=town.member)
    assert (one.name, one.phone) == ("王东", "13800000001")
