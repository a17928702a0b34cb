"""What seeded worlds of faults have found on the server: two things that seldom meet, met."""

from central_server import erasing, purging, regrouping
from sync_protocol.messages import Gone
from tests.server.conftest import Station
from tests.server.test_erasing import SECRET, everything
from tests.server.test_moves import settle, transfer
from tests.server.town import STREET, A, B, Desk, build, check


def test_two_communities_with_one_identifier_do_not_write_over_each_other_at_the_street(station: Station):
    build(station)
    ours, theirs, street = Desk(station, A), Desk(station, B), Desk(station, STREET)
    ours.push(ours.new("area", "a1", name="甲网格"))
    theirs.push(theirs.new("area", "a1", name="乙网格"))
    street.pull()
    assert street.values("area", "a1") == {"name": "甲网格"}
    theirs.push(theirs.edit("area", "a1", name="乙网格二"))
    street.pull()
    assert street.values("area", "a1") == {"name": "甲网格"}
    check(station)


def test_what_was_erased_in_a_merged_community_does_not_come_back_in_its_successor(station: Station):
    build(station)
    gone, desk = Desk(station, B), Desk(station, A)
    settle(None, gone)
    gone.push(gone.new("erasure", "er1", tbl="person", row_id="p1"))
    regrouping.merge(station.storage, B, A, station.clock.ms)
    desk.pull()
    desk.push(desk.new("person", "p1", name=SECRET), desk.new("person_tag", "t9", person_id="p1", tag=SECRET))
    assert desk.gone("person", "p1") == desk.gone("person_tag", "t9") == Gone.ERASED
    assert SECRET not in everything(station)


def test_what_belongs_to_an_erased_person_and_was_deleted_before_it_came_is_erased_too(station: Station):
    build(station)
    desk, twin = Desk(station, A), Desk(station, A, "二号机")
    settle(None, desk)
    desk.push(desk.new("erasure", "er1", tbl="person", row_id="p1"), desk.drop("person_event", "e9"))
    twin.push(twin.new("person_event", "e9", person_id="p1", kind=SECRET))
    assert twin.gone("person_event", "e9") == Gone.ERASED
    assert SECRET not in everything(station)


def test_a_clash_in_the_batch_that_erases_the_record_leaves_no_conflict(station: Station):
    build(station)
    desk, other = Desk(station, A), Desk(station, A, "二号机")
    settle(None, desk)
    other.pull()
    desk.push(desk.edit("person_tag", "t-p1", tag=SECRET))
    tag = other.edit("person_tag", "t-p1", ts=9, tag=SECRET + "二")
    other.push(tag, other.new("erasure", "er1", tbl="person", row_id="p1"))
    other.pull()
    assert other.conflicts() == []
    assert SECRET not in everything(station)


def test_two_twins_that_add_one_record_to_somebody_who_has_moved_clash_in_the_new_home(station: Station):
    build(station)
    desk, twin, there = Desk(station, A), Desk(station, A, "二号机"), Desk(station, B)
    settle(None, desk)
    twin.pull()
    transfer(desk, B)
    desk.push(desk.new("person_tag", "t9", person_id="p1", tag="独居"))
    twin.push(twin.new("person_tag", "t9", ts=9, person_id="p1", tag="孤老"))
    there.pull()
    assert there.values("person_tag", "t9")["tag"] == "孤老"
    (clash,) = there.conflicts()
    assert (clash["row_id"], clash["lose_value"]) == ("t9", '"独居"')


def test_what_was_refused_in_the_batch_that_erases_its_owner_is_not_set_aside_with_its_content(station: Station):
    build(station)
    desk = Desk(station, A)
    settle(None, desk)
    odd = desk.new("person_tag", "t9", person_id="p1", tag=[SECRET])
    desk.push(odd, desk.new("erasure", "er1", tbl="person", row_id="p1"))
    assert desk.refused == ["BAD_VALUE"]
    assert SECRET not in everything(station)


def test_what_was_set_aside_before_a_merger_goes_when_nothing_tells_any_more_where_the_record_was(station: Station):
    build(station)
    desk = Desk(station, B)
    desk.push(desk.new("person", "p1", note=[SECRET]))
    assert desk.refused == ["BAD_VALUE"]
    desk.push(desk.new("person", "p1", name="甲"))
    regrouping.merge(station.storage, B, A, station.clock.ms)
    station.clock.ms += 401 * purging.DAY_MS
    purging.purge(station.storage, station.clock.ms)
    assert SECRET in everything(station)
    erasing.erase(station.storage, erasing.ErasedList(None), A, ("person", "p1"), station.clock.ms)
    assert SECRET not in everything(station)
