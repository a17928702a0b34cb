"""Who receives a record, who may answer in it, and what happens when it is withdrawn."""

import pytest

from sync_protocol.messages import Gone
from tests.server.conftest import Station
from tests.server.town import BUREAU, CITY, DISTRICT, OFFICE, OFFICE_2, STREET, STREET_2, A, B, C, Desk, build, check

EVERYBODY = (A, B, C, STREET, STREET_2, DISTRICT, CITY, BUREAU, OFFICE, OFFICE_2)


@pytest.fixture
def town(station: Station):
    build(station)
    made: dict[int, Desk] = {}

    def desk(unit: int) -> Desk:
        if unit not in made:
            made[unit] = Desk(station, unit)
        return made[unit]

    yield desk
    for one in made.values():
        one.pull()
    check(station)


def names(*units: int) -> str:
    return ",".join(map(str, units))


def test_a_resident_is_received_by_nobody_else(town):
    town(A).push(
        town(A).new("person", "p1", name="王小明"), town(A).new("person_tag", "t1", person_id="p1", tag="低保")
    )
    for unit in EVERYBODY[1:]:
        town(unit).pull()
        assert town(unit).rows == {}


def test_a_residents_audience_is_just_a_field(town):
    town(A).push(town(A).new("person", "p1", name="王小明", audience=names(STREET)))
    town(STREET).pull()
    assert town(STREET).rows == {}


def test_a_resident_does_not_go_along_with_a_meeting_of_the_same_batch(town):
    """All of such a batch is looked at with care, and delivered."""
    desk = town(A)
    desk.push(
        desk.new("person", "p1", name="王小明", audience=names(STREET)),
        desk.new("meeting", "m1", title="联席会", audience=names(STREET)),
    )
    town(STREET).pull()
    assert set(town(STREET).rows) == {("meeting", "m1")}


def test_the_organisation_goes_to_every_unit_above(town):
    town(A).push(town(A).new("org_node", "n1", name="第一网格党支部"), town(A).new("seat", "s1", node_id="n1"))
    for unit in (STREET, DISTRICT, CITY):
        town(unit).pull()
        assert town(unit).values("org_node", "n1") == {"name": "第一网格党支部"}
        assert town(unit).row("seat", "s1").home == A
    for unit in (B, STREET_2, OFFICE, BUREAU):
        town(unit).pull()
        assert town(unit).rows == {}


def test_what_came_from_below_is_read_only(town):
    town(A).push(town(A).new("org_node", "n1", name="支部"))
    street = town(STREET)
    street.pull()
    street.push(street.edit("org_node", "n1", name="改名"))
    assert street.refused == ["NOT_YOURS"]
    assert street.values("org_node", "n1") == {"name": "支部"}
    street.push(street.new("attachment", "x1", owner_table="org_node", owner_id="n1"))
    assert street.refused == ["NOT_YOURS"]


def test_a_meeting_goes_with_all_that_belongs_to_it_to_whom_it_names(town):
    desk, street = town(A), town(STREET)
    desk.push(
        desk.new("agenda_item", "i1", meeting_id="m1", title="电梯"),
        desk.new("attachment", "x1", owner_table="agenda_item", owner_id="i1", sha256="ab"),
        desk.new("meeting", "m1", title="联席会", audience=names(STREET, OFFICE)),
    )
    for unit in (STREET, OFFICE):
        town(unit).pull()
        assert {key[0] for key in town(unit).rows} == {"meeting", "agenda_item", "attachment"}
    street.push(street.new("resolution", "r1", meeting_id="m1", text="加装"))
    desk.pull()
    town(OFFICE).pull()
    assert desk.row("resolution", "r1").home == 0
    assert town(OFFICE).row("resolution", "r1").home == street.row("resolution", "r1").home == A


def test_a_guest_may_answer_and_everybody_hears_of_it(town):
    desk, street, bureau = town(A), town(STREET), town(BUREAU)
    desk.push(desk.new("meeting", "m1", title="联席会", place="活动室", audience=names(STREET, BUREAU)))
    street.pull()
    street.push(street.edit("meeting", "m1", place="街道会议室"))
    desk.push(desk.edit("meeting", "m1", title="联席会议"))
    bureau.pull()
    expected = {"title": "联席会议", "place": "街道会议室", "audience": names(STREET, BUREAU)}
    street.pull()
    for one in (desk, street, bureau):
        assert one.values("meeting", "m1") == expected
        assert one.conflicts() == []


def test_a_clash_between_two_units_is_heard_of_in_both_and_settled_for_both(town):
    desk, street = town(A), town(STREET)
    desk.push(desk.new("meeting", "m1", title="甲", audience=names(STREET)))
    street.pull()
    desk.push(desk.edit("meeting", "m1", ts=10, title="乙"))
    street.push(street.edit("meeting", "m1", ts=5, title="丙"))
    desk.pull()
    (clash,) = desk.conflicts()
    assert (clash["win_value"], clash["lose_value"]) == ('"乙"', '"丙"')
    assert street.conflicts() == [clash]
    assert desk.values("meeting", "m1") == street.values("meeting", "m1")
    pk = next(key[1] for key in street.rows if key[0] == "conflict")
    street.push(street.edit("conflict", pk, status="kept"))
    desk.pull()
    assert desk.conflicts()[0]["status"] == "kept"


def test_a_value_written_in_sight_of_the_other_never_clashes_across_units(town):
    desk, street = town(A), town(STREET)
    desk.push(desk.new("meeting", "m1", title="甲", place="一", audience=names(STREET)))
    for number in range(4):
        street.pull()
        street.push(street.edit("meeting", "m1", ts=1, place=f"街{number}"))
        desk.pull()
        desk.push(desk.edit("meeting", "m1", ts=1, place=f"社{number}", title=f"题{number}"))
    street.pull()
    assert desk.conflicts() == street.conflicts() == []
    assert street.values("meeting", "m1")["place"] == "社3"


def test_withdrawal_takes_the_content_away_and_sharing_again_brings_it_back(town):
    desk, street = town(A), town(STREET)
    desk.push(
        desk.new("meeting", "m1", title="联席会", audience=names(STREET)),
        desk.new("agenda_item", "i1", meeting_id="m1"),
    )
    street.pull()
    desk.push(desk.edit("meeting", "m1", audience=""))
    street.pull()
    for key in (("meeting", "m1"), ("agenda_item", "i1")):
        assert street.gone(*key) == Gone.WITHDRAWN
        assert street.rows[key].values == {}
    street.push(street.edit("meeting", "m1", title="改"), street.new("agenda_item", "i2", meeting_id="m1"))
    assert street.refused == ["NOT_YOURS", "NOT_YOURS"]
    desk.push(desk.edit("meeting", "m1", audience=names(STREET)))
    street.pull()
    assert street.values("meeting", "m1")["title"] == "联席会"
    assert street.values("agenda_item", "i1") == {"meeting_id": "m1"}


def test_a_guest_may_leave_by_itself(town):
    desk, bureau = town(A), town(BUREAU)
    desk.push(desk.new("meeting", "m1", title="会", audience=names(BUREAU, STREET)))
    bureau.pull()
    bureau.push(bureau.edit("meeting", "m1", audience=names(STREET)))
    assert bureau.gone("meeting", "m1") == Gone.WITHDRAWN
    town(STREET).pull()
    assert town(STREET).values("meeting", "m1")["audience"] == names(STREET)


def test_what_a_guest_wrote_on_its_way_out_stays_with_the_home(town):
    desk, bureau = town(A), town(BUREAU)
    desk.push(desk.new("meeting", "m1", title="会", audience=names(BUREAU)))
    desk.push(desk.new("agenda_item", "i1", meeting_id="m1", title="一", discussion="原话"))
    bureau.pull()
    bureau.push(
        bureau.edit("meeting", "m1", audience="", place="会议室"),
        bureau.edit("agenda_item", "i1", discussion="改过的话"),
        bureau.new("agenda_item", "i2", meeting_id="m1", title="二"),
    )
    assert bureau.gone("agenda_item", "i1") == bureau.gone("agenda_item", "i2") == Gone.WITHDRAWN
    desk.pull()
    assert desk.values("meeting", "m1")["place"] == "会议室"
    assert desk.values("agenda_item", "i1")["discussion"] == "改过的话"
    assert desk.values("agenda_item", "i2")["title"] == "二"


def test_a_guest_that_is_not_above_may_not_shut_others_out(town):
    desk, bureau = town(A), town(BUREAU)
    desk.push(desk.new("meeting", "m1", title="会", audience=names(BUREAU, STREET)))
    bureau.pull()
    bureau.push(bureau.edit("meeting", "m1", audience=names(BUREAU)))
    assert bureau.refused == ["AUDIENCE"]


@pytest.mark.parametrize(
    ("speaker", "named", "allowed"),
    [
        (A, STREET, True),
        (A, CITY, True),
        (A, OFFICE, True),
        (A, BUREAU, True),
        (A, B, False),
        (A, C, False),
        (A, OFFICE_2, False),
        (A, STREET_2, False),
        (A, 999999, False),
        (STREET, A, True),
        (STREET, C, False),
        (DISTRICT, C, True),
        (DISTRICT, OFFICE_2, True),
        (OFFICE, A, False),
        (OFFICE, STREET, True),
    ],
)
def test_who_may_be_named(town, speaker, named, allowed):
    desk = town(speaker)
    desk.push(desk.new("meeting", "m1", title="会", audience=str(named)))
    assert desk.refused == ([] if allowed else ["AUDIENCE"])


def test_communities_of_one_street_hear_of_each_other_through_the_street(town):
    desk, street = town(A), town(STREET)
    desk.push(desk.new("meeting", "m1", title="会", audience=names(STREET)))
    street.pull()
    street.push(street.edit("meeting", "m1", audience=names(STREET, B)))
    town(B).pull()
    assert town(B).values("meeting", "m1")["title"] == "会"
    street.push(street.edit("meeting", "m1", audience=names(STREET, B, C)))
    assert street.refused == ["AUDIENCE"]


def test_a_desk_is_told_whom_it_may_name(town):
    assert {unit[0] for unit in town(A).identity["units"]} == {STREET, DISTRICT, CITY, OFFICE, BUREAU}
    assert {unit[0] for unit in town(STREET).identity["units"]} == {DISTRICT, CITY, BUREAU, OFFICE, A, B}
    assert town(STREET).identity["kind"] == "street"


def test_a_deletion_and_its_undoing_reach_every_holder(town):
    desk, street = town(A), town(STREET)
    desk.push(desk.new("meeting", "m1", title="会", audience=names(STREET)))
    street.pull()
    street.push(street.drop("meeting", "m1"))
    desk.pull()
    assert desk.gone("meeting", "m1") == Gone.DELETED
    desk.push(desk.new("meeting", "m1", title="会", audience=names(STREET))._replace(base=desk.base("meeting", "m1")))
    street.pull()
    assert street.values("meeting", "m1")["title"] == "会"


def test_what_comes_before_the_record_it_follows_goes_after_it(town):
    desk, street = town(A), town(STREET)
    desk.push(desk.new("agenda_item", "i1", meeting_id="m1"))
    street.pull()
    assert street.rows == {}
    desk.push(desk.new("meeting", "m1", title="会", audience=names(STREET)))
    street.pull()
    assert street.values("agenda_item", "i1") == {"meeting_id": "m1"}


def test_what_is_hung_under_another_record_changes_its_receivers(town):
    desk, street = town(A), town(STREET)
    desk.push(
        desk.new("meeting", "m1", title="外", audience=names(STREET)),
        desk.new("meeting", "m2", title="内"),
        desk.new("agenda_item", "i1", meeting_id="m1"),
    )
    street.pull()
    desk.push(desk.edit("agenda_item", "i1", meeting_id="m2"))
    street.pull()
    assert street.gone("agenda_item", "i1") == Gone.WITHDRAWN


def test_records_that_follow_each_other_or_themselves_come_to_an_end_and_go_nowhere(town):
    desk = town(A)
    desk.push(
        desk.new("meeting", "m1", title="联席会", audience=names(STREET)),
        desk.new("attachment", "x1", owner_table="attachment", owner_id="x2"),
        desk.new("attachment", "x2", owner_table="attachment", owner_id="x1"),
        desk.new("attachment", "x3", owner_table="attachment", owner_id="x3"),
    )
    assert desk.refused == []
    town(STREET).pull()
    assert set(town(STREET).rows) == {("meeting", "m1")}
    desk.push(desk.edit("attachment", "x1", title="照片"), desk.edit("meeting", "m1", audience=""))
    desk.push(desk.new("erasure", "e1", tbl="attachment", row_id="x1"))
    assert desk.values("attachment", "x1") is None


def test_a_record_of_ones_own_is_never_written_over_by_a_namesake(town):
    desk, street = town(A), town(STREET)
    street.push(street.new("meeting", "m1", title="街道的会"))
    desk.push(desk.new("meeting", "m1", title="冒名", audience=names(STREET)))
    street.pull()
    assert street.values("meeting", "m1") == {"title": "街道的会"}
