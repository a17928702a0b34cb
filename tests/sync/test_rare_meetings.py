"""What seeded worlds of faults have found at the desk: two things that seldom meet, met."""

import pytest

from central_server import purging, regrouping
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.residents.model import Person, PersonTag
from desktop_app.sync import erasing, merge, parked, refused, replay
from desktop_app.sync.status import status
from sync_protocol.messages import Gone, Row
from tests.sync.conftest import NEIGHBOUR
from tests.sync.desks import SCOPE
from tests.sync.scripted import STREET
from tests.sync.test_units import call, equal_to_server, settle
from tests.sync.test_vanishing import CONTENT, everything_written


def test_a_desk_that_hands_something_over_to_a_merged_unit_joins_the_successor_in_the_same_sync(ours, theirs, district):
    settle(ours, theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    new = theirs.add("赵小刚")
    theirs.sync()
    assert theirs.state().scope == SCOPE
    assert theirs.person(new).name == "赵小刚"


def test_a_desk_away_for_years_whose_unit_was_merged_meanwhile_finds_its_way(ours, theirs, make, district):
    """TOO_OLD first, then SCOPE_GONE: one must not hide the other for ever."""
    second = make(NEIGHBOUR, "江北二号机")
    kept, gone = theirs.add("李小红"), theirs.add("赵小刚")
    settle(theirs, second)
    theirs.delete(gone)
    settle(theirs)
    district.clock.move(days=401)
    settle(theirs)
    purging.purge(district.storage, district.clock.ms())
    settle(theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    second.edit(kept, note="两年没同步")
    settle(second, ours)
    assert second.state().scope == SCOPE
    assert second.person(gone) is None
    assert ours.person(kept).note == "两年没同步"
    assert equal_to_server(second, district)


def test_an_edit_made_before_joining_never_makes_half_a_record_in_the_successor(ours, theirs, district):
    """The server was restored to before the record, and the merger done again."""
    copy = district.keep_copy()
    person = theirs.add("李小红", phones="13900000001")
    settle(theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    district.restore(copy)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    theirs.edit(person, note="后来写的")
    settle(theirs, ours)
    for desk in (ours, theirs):
        found = desk.person(person)
        assert (found.name, found.phones, found.note) == ("李小红", "13900000001", "后来写的")


def test_a_desk_that_has_no_mark_in_common_with_a_restored_server_lets_go_of_what_nobody_shares_with_it(
    ours, street, district
):
    """Without a mark a record has no number, so no digest tells that it is here."""
    kept, lost = call(ours), call(ours)
    sharing.share(ours.db, ours.app.actor, kept, [STREET])
    settle(ours, street)
    copy = district.keep_copy()
    sharing.share(ours.db, ours.app.actor, lost, [STREET])
    settle(ours, street)
    district.restore(copy)
    with street.db.applying() as tx:
        tx.execute("DELETE FROM sync_marks")
    settle(street)
    assert street.db.get(Meeting, lost) is None
    assert street.db.get(Meeting, kept).title == "联席会"
    settle(ours, street)
    assert street.db.get(Meeting, lost).title == "联席会"
    assert equal_to_server(street, district)


def test_a_server_that_goes_back_twice_in_one_day_is_compared_with_twice(ours, street, district):
    """What was shared is gone until its own unit shares it again: both times."""
    for _ in range(2):
        settle(ours, street)
        copy = district.keep_copy()
        meeting = call(ours)
        sharing.share(ours.db, ours.app.actor, meeting, [STREET])
        settle(ours, street)
        assert street.db.get(Meeting, meeting).title == "联席会"
        district.restore(copy)
        settle(street)
        assert street.db.get(Meeting, meeting) is None
        assert equal_to_server(street, district)


def test_a_record_that_left_and_is_here_again_after_a_restore_is_whole_again(ours, theirs, district):
    person = ours.add("王小明", note="甲")
    settle(ours)
    copy = district.keep_copy()
    regrouping.split(district.storage, SCOPE, NEIGHBOUR, [("person", person)], district.clock.ms())
    settle(ours)
    assert ours.person(person) is None
    district.restore(copy)
    settle(ours)
    assert (ours.person(person).name, ours.person(person).note) == ("王小明", "甲")
    assert equal_to_server(ours, district)


def test_a_tombstone_of_a_table_this_build_does_not_know_is_not_offered_as_a_deletion(told):
    for record, gone, home in (("m", Gone.MOVED, NEIGHBOUR), ("d", Gone.DELETED, 0), ("g", Gone.ALIVE, STREET)):
        with told.db.applying() as tx:
            parked.park(tx, Row("future", record, 5, 1, 7, None, gone, {}, home))
    with told.db.applying() as tx:
        parked.offer_again(tx, 0)
        assert [(one.id, one.op) for one in parked.offered(tx)] == [("d", "d")]


def test_a_record_of_another_unit_this_build_does_not_know_is_never_offered_as_one_of_this_unit(told):
    with told.db.applying() as tx:
        for record, home in (("mine", 0), ("theirs", STREET)):
            parked.park(tx, Row("future", record, 5, 1, 7, None, Gone.ALIVE, {}, home))
            parked.missed(tx, "future", record, keep=True)
        assert [one.id for one in parked.offered(tx)] == ["mine"]


def test_a_record_nobody_has_pushed_yet_may_move_away(told):
    """A twin of this desk pushed it: every field is pending, so none is blanked."""
    told.script.people("p0")
    told.sync()
    with told.db.transaction(told.app.actor, "登记居民") as tx:
        tx.add(Person(id="p1", name="王小明"))
    with told.db.applying() as tx:
        merge.apply(tx, [Row("person", "p1", 99, 1, 7, None, Gone.MOVED, {}, NEIGHBOUR)], 0)
    assert told.value("SELECT name FROM person WHERE id='p1'") == "王小明"
    assert status(told.db).waiting == 1


@pytest.mark.parametrize("deleted_first", [True, False])
def test_what_the_server_does_not_take_of_a_record_that_is_deleted_can_still_be_read(told, deleted_first):
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda _change: "TOO_LARGE"
    told.edit("p1", note=CONTENT)
    if not deleted_first:
        told.sync()
    told.script.tell("person", "p1", Gone.DELETED)
    told.sync()
    assert [(one.code, one.values) for one in refused.listed(told.db)] == [("TOO_LARGE", {"note": CONTENT})]
    assert status(told.db).waiting == 0


@pytest.mark.parametrize("erased_first", [True, False])
def test_what_was_written_about_an_erased_person_and_deleted_before_anybody_heard_of_it_is_wiped(told, erased_first):
    told.script.people("p1")
    told.sync()
    with told.db.transaction(told.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id="p1", tag=CONTENT)).id
    if erased_first:
        told.script.tell("person", "p1", Gone.ERASED)
        with told.db.applying() as tx:
            merge.apply(tx, [row for row in told.script.rows if row.gone], 0)
    with told.db.transaction(told.app.actor, "删标签") as tx:
        tx.bury(PersonTag, tag)
    if not erased_first:
        told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert CONTENT not in everything_written(told.db)


def test_a_value_that_waited_for_its_column_is_there_before_anybody_writes_over_it(first):
    """It is put in its place when the program starts, not only when it syncs: people see what they write over."""
    person = first.add("王小明")
    first.sync()
    with first.db.applying() as tx:
        tx.execute('UPDATE person SET sync_ext=\'{"note":"甲"}\' WHERE id=?', (person,))
        tx.set_setting(replay.SEEN, None)
    first.reopen()
    assert first.person(person).note == "甲"


def test_what_the_server_did_not_take_about_somebody_who_is_erased_later_goes_as_well(ours, make):
    second = make(SCOPE, "江山二号机")
    person = ours.add("王小明")
    settle(ours, second)
    with ours.db.transaction(ours.app.actor, "打标签") as tx:
        tx.add(PersonTag(person_id=person, tag=CONTENT * 100_000))
    settle(ours)
    assert [one.code for one in refused.listed(ours.db)] == ["TOO_LARGE"]
    erasing.erase(second.db, second.app.actor, person, "本人书面申请")
    settle(second, ours)
    assert refused.listed(ours.db) == []
    assert CONTENT not in everything_written(ours.db)
