"""Replicas that differ: found by sums, set right record by record, pending work kept."""

import pytest

from central_server import purging
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.shared.errors import FuseError
from desktop_app.sync import conflicts, pending, state
from sync_protocol.digests import signed64, version_hash
from sync_protocol.messages import BATCH_ROWS
from tests.sync.conftest import STREET
from tests.sync.desks import SCOPE, Desk
from tests.sync.test_units import call

DAY_MS = 86_400_000


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def asked(desk, path):
    return [one for one, _, _ in desk.line.sent if one == path]


def damage(desk, sql, *params):
    with desk.db.applying(purge=True) as tx:
        tx.execute(sql, params)


def test_a_record_that_was_lost_here_is_fetched_alone(first, second):
    people = [first.add(f"居民{number}") for number in range(30)]
    settle(first, second)
    damage(second, "DELETE FROM person WHERE id=?", people[7])
    second.line.sent.clear()
    report = second.sync(recount=True)
    assert report.fetched == 1
    assert len(asked(second, "/v1/fetch")) == 1
    assert first.replica() == second.replica()


def test_a_record_the_server_never_had_is_offered_to_it_again(first, second, server):
    person = first.add("王小明", note="甲")
    settle(first, second)
    with server.storage.writing() as session:
        session.run("delete from record where tbl='person'")
        ((digest,),) = session.rows("select digest from scope_head where scope_id=?", SCOPE)
    seq = first.db.scalar("SELECT sync_seq FROM person WHERE id=?", (person,))
    with server.storage.writing() as session:
        session.run("update scope_head set digest=?", signed64(digest - version_hash("person", person, seq)))
    assert first.sync().offered_again == 1
    settle(second, first)
    assert server.rows("select count(*) from record where tbl='person'") == [(1,)]
    assert second.person(person).note == "甲"
    assert first.replica() == second.replica()


def test_damage_within_a_version_is_found_by_comparing_contents(first, second):
    person = first.add("王小明", note="甲")
    settle(first, second)
    damage(second, "UPDATE person SET note='坏' WHERE id=?", person)
    second.sync(recount=True)
    assert second.person(person).note == "坏", "its version is right"
    second.sync(deep=True)
    assert second.person(person).note == "甲"
    assert first.replica() == second.replica()


def test_sound_replicas_compare_equal_also_in_depth(first, second):
    first.add("王小明", note="甲", phones="13900000001")
    gone = second.add("李小红")
    settle(first, second)
    first.delete(gone)
    settle(first, second)
    for desk in (first, second):
        assert desk.sync(deep=True).fetched == 0


def test_a_change_that_waits_survives_a_repair(first, second):
    person = first.add("王小明", note="甲", live_address="旧")
    settle(first, second)
    damage(second, "UPDATE person SET sync_seq=1,note='坏' WHERE id=?", person)
    second.edit(person, live_address="新")
    with second.db.applying() as tx:  # as if the edit were made while the repair runs: it is not pushed before it
        tx.execute("UPDATE sync_dirty SET txn=-1")
    second.sync(deep=True)
    assert (second.person(person).note, second.person(person).live_address) == ("甲", "新")
    assert second.db.scalar("SELECT count(*) FROM sync_dirty") == 1


# --------------------------------------------------------------------------------------------------------- long absence


@pytest.fixture
def forgotten(first, second, server):
    """The first desk deleted somebody while the second was away, so long that the server has forgotten it."""
    stays, goes = first.add("王小明"), first.add("李小红")
    settle(first, second)
    first.delete(goes)
    first.sync()
    for clock in (first.clock, second.clock, server.clock):
        clock.move(days=401)
    first.edit(stays, note="新")
    first.sync()
    assert purging.purge_unit(server.storage, SCOPE, server.clock.ms()) == 1
    return stays, goes


def test_a_desk_that_was_away_for_too_long_comes_back_and_forgets_what_was_deleted(first, second, forgotten, server):
    stays, goes = forgotten
    report = second.sync()
    assert report.dropped == 1
    assert second.person(goes) is None
    assert second.person(stays).note == "新"
    settle(first, second)
    assert first.replica() == second.replica()
    assert first.state().purged == second.state().purged > 0
    assert first.state().digest == server.rows("select digest from scope_head")[0][0]


def test_what_was_written_in_it_meanwhile_brings_the_record_back(first, second, forgotten):
    _, goes = forgotten
    second.edit(goes, note="还在")
    settle(second, first)
    assert first.person(goes).note == "还在"
    assert first.person(goes).name == "李小红"
    assert first.replica() == second.replica()


def test_so_many_forgotten_deletions_that_they_look_like_an_accident_wait_for_a_person(first, second, server):
    people = [first.add(f"居民{number}") for number in range(60)]
    settle(first, second)
    for person in people:
        first.delete(person)
    first.sync(accept_deletions=True)
    for clock in (first.clock, second.clock, server.clock):
        clock.move(days=401)
    first.add("王小明")
    first.sync()
    purging.purge_unit(server.storage, SCOPE, server.clock.ms())
    with pytest.raises(FuseError):
        second.sync()
    assert len(second.people()) == 60
    second.sync(accept_deletions=True)
    assert len(second.people()) == 1


def test_a_long_absence_with_much_to_push_loses_nothing(first, second, forgotten):
    new = [second.add(f"新居民{number}") for number in range(5)]
    settle(second, first)
    assert set(new) <= first.people().keys()
    assert conflicts.count_open(first.db) == 0
    assert BATCH_ROWS > 5
    assert state.read(first.db).digest == state.read(second.db).digest


def test_a_number_that_is_too_high_by_mistake_is_set_right(first, second):
    """Otherwise the desk would take all that comes of this record for old news."""
    person = first.add("王小明", note="甲")
    settle(first, second)
    damage(second, "UPDATE person SET sync_seq=999 WHERE id=?", person)
    assert second.sync(recount=True).fetched == 1
    first.edit(person, note="乙")
    settle(first, second)
    assert second.person(person).note == "乙"
    assert first.replica() == second.replica()


def test_another_units_record_that_the_server_lost_here_is_never_offered_as_ones_own(ours, street, district):
    """What was written in it waits until its own unit brings it back."""
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    with street.db.transaction(street.app.actor, "改会议") as tx:
        tx.change(Meeting, meeting, lead="街道领导")
    seq = street.db.scalar("SELECT sync_seq FROM meeting WHERE id=?", (meeting,))
    with street.db.applying() as tx:  # as if it were written while the repair runs: it is not pushed before it
        tx.execute("UPDATE sync_dirty SET txn=-1")
    with district.storage.writing() as session:
        session.run("delete from record where scope_id=? and tbl='meeting'", STREET)
        ((digest,),) = session.rows("select digest from scope_head where scope_id=?", STREET)
        gone = signed64(digest - version_hash("meeting", meeting, seq))
        session.run("update scope_head set digest=? where scope_id=?", gone, STREET)
    street.sync(recount=True)
    assert district.rows("select home from record where tbl='meeting' and scope_id=?", STREET) == []
    assert street.db.rows("SELECT op,txn FROM sync_dirty") == [("u", pending.WAITS_FOR_HOME)]
    assert street.db.get(Meeting, meeting).lead == "街道领导"
