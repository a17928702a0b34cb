"""Bodies beside the two lines: founded, watched over to the end of their term, counted estate by estate."""

from datetime import date

import pytest

from desktop_app.organisation import actions, bodies, queries
from desktop_app.organisation.model import OrgNode, Seat
from desktop_app.places import actions as places
from desktop_app.places.model import Estate
from desktop_app.shared.errors import AppError

DAY = "2026-11-22"


@pytest.fixture
def estate(db, actor):
    return places.add_estate(db, actor, Estate(name="桂花苑"))


def body(kind="业委会", name="桂花苑业委会", **more):
    return OrgNode(line="", level=0, kind=kind, name=name, **more)


def test_a_body_is_found_by_the_name_of_its_estate(db, actor, estate):
    bodies.found_body(db, actor, body(estate_id=estate.id, name="第三届业委会"))
    (line,) = bodies.bodies(db, DAY, text="桂花")
    assert (line.name, line.estate, line.kind) == ("第三届业委会", "桂花苑", "业委会")


def test_a_body_stands_in_neither_of_the_two_trees(db, actor, estate):
    bodies.found_body(db, actor, body(estate_id=estate.id))
    assert queries.tree(db, "党组织", DAY) == []
    assert queries.tree(db, "自治", DAY) == []


@pytest.mark.parametrize(
    ("term_to", "state"),
    [("", ""), ("2028-01-01", ""), ("2027-02-01", "将届满"), (DAY, "将届满"), ("2026-11-21", "届满")],
)
def test_the_end_of_a_term_is_seen_before_it_comes(term_to, state):
    assert bodies.term_state(term_to, date.fromisoformat(DAY)) == state


@pytest.mark.parametrize(("members", "fits"), [(4, False), (5, True), (7, True), (8, False)])
def test_a_delegates_studio_has_five_to_seven_delegates(db, actor, members, fits):
    studio = bodies.found_body(db, actor, body("党代表工作室", "红旗桥党代表工作室"))
    for at in range(members):
        actions.appoint(db, actor, Seat(node_id=studio.id, role="委员", name=f"代表{at}"))
    (line,) = bodies.bodies(db, DAY)
    assert (line.members, line.doubt == "") == (members, fits)


def test_a_committee_of_self_government_stands_for_one_of_owners(db, actor, estate):
    places.add_estate(db, actor, Estate(name="红旗小区"))
    bodies.found_body(db, actor, body("自治委员会", "桂花苑自治委员会", estate_id=estate.id))
    told = {one.kinds: one for one in bodies.coverage(db, DAY)}
    elected = told["业委会", "自治委员会"]
    assert elected.without == ("红旗小区",)
    assert elected.words == "业委会、自治委员会：2 个小区中 1 个有"
    assert told["小区议事会",].without == ("桂花苑", "红旗小区")


def test_an_ended_body_keeps_its_past_and_frees_its_name(db, actor, estate):
    old = bodies.found_body(db, actor, body(estate_id=estate.id, from_on="2020-01-01"))
    seat = actions.appoint(db, actor, Seat(node_id=old.id, role="主任", name="王桂英"))
    bodies.end_body(db, actor, old.id, "2026-06-01", "换届")
    bodies.found_body(db, actor, body(estate_id=estate.id, from_on="2026-06-01"))
    assert db.get(Seat, seat.id).to_on == "2026-06-01"
    assert [one.state for one in bodies.bodies(db, DAY, ended=True)].count("已撤销") == 1
    assert [one.state for one in bodies.bodies(db, "2026-01-01")] == ["", ""]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "没有的"}, "kind"),
        ({"from_on": "2026-05-01", "term_to": "2025-05-01"}, "to_on"),
        ({"kind": "社会组织", "klass": "别的"}, "klass"),
    ],
)
def test_what_no_body_can_have_is_told_at_its_field(db, actor, wrong, field):
    with pytest.raises(AppError) as told:
        bodies.found_body(db, actor, body(**wrong))
    assert told.value.field == field
    assert db.scalar("SELECT count(*) FROM org_node") == 0


def test_two_bodies_of_one_name_are_refused(db, actor, estate):
    bodies.found_body(db, actor, body(estate_id=estate.id))
    with pytest.raises(AppError, match="已经有"):
        bodies.found_body(db, actor, body(estate_id=estate.id))
