"""Two values for one field: who decides, and that nothing of it is lost on the way."""

import pytest

from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import conflicts
from desktop_app.sync.status import RowState, row_state
from tests.sync.desks import Desk, lost


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


@pytest.fixture
def clash(first, second) -> conflicts.OpenConflict:
    """The phone of 王小明, 13900000003 against 13900000002, known to both desks."""
    person = first.add("王小明", phones="13900000001")
    settle(first, second)
    second.clock.move(minutes=1)
    first.edit(person, phones="13900000002")
    second.edit(person, phones="13900000003")
    settle(first, second)
    (found,) = conflicts.open_conflicts(first.db)
    return found


def test_it_says_what_happened_in_one_sentence(clash):
    assert clash.words == "居民“王小明”的联系电话有两个值。"


def test_the_conflicts_of_one_record_can_be_asked_for(first, clash):
    assert conflicts.open_conflicts(first.db, "person", clash.record_id) == [clash]
    assert conflicts.open_conflicts(first.db, "person", "somebody else") == []


def test_keeping_the_value_settles_it_everywhere(first, second, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    settle(first, second)
    for desk in (first, second):
        assert conflicts.count_open(desk.db) == 0
        assert desk.person(clash.record_id).phones == "13900000003"
        assert row_state(desk.db, "person", clash.record_id) is RowState.SYNCED


def test_what_was_settled_cannot_be_settled_again(first, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    with pytest.raises(AppError, match="已经有人处理过"):
        conflicts.swap(first.db, first.app.actor, clash.id)


def test_both_desks_may_settle_it_offline_and_end_alike(first, second, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    second.clock.move(minutes=1)
    conflicts.swap(second.db, second.app.actor, clash.id)
    settle(first, second)
    assert first.replica() == second.replica()
    assert conflicts.count_open(first.db) == 0


def test_a_third_value_written_meanwhile_is_not_overwritten_by_a_choice_between_the_two(first, clash):
    first.edit(clash.record_id, phones="13900000009")
    with pytest.raises(AppError, match="联系电话后来又改过"):
        conflicts.swap(first.db, first.app.actor, clash.id)
    assert first.person(clash.record_id).phones == "13900000009"
    conflicts.keep(first.db, first.app.actor, clash.id)


def test_a_deletion_that_lost_can_still_be_carried_out(first, second):
    person = first.add("王小明", note="甲")
    settle(first, second)
    first.delete(person)
    second.edit(person, note="乙")
    settle(second, first)
    conflicts.swap(first.db, first.app.actor, conflicts.open_conflicts(first.db)[0].id)
    settle(first, second)
    assert second.person(person) is None


def test_a_field_edited_again_in_flight_does_not_silently_beat_a_value_it_did_not_see(first, second):
    """R5: what is typed over a value that is just losing rests on what that value rested on."""
    person = first.add("王小明", phones="0")
    settle(first, second)
    first.clock.move(minutes=1)
    first.edit(person, phones="unseen")
    first.sync()
    edits = ["loses", "typed while that was on its way"]

    def type_on(_path, answer):
        if edits:  # the first while the page with "unseen" is on its way, the second while the first is being pushed
            second.edit(person, phones=edits.pop(0))
            second.clock.move(minutes=2)
        return answer

    second.line.after = type_on
    second.sync()
    settle(first, second)
    losers = {clash.other.value for clash in conflicts.open_conflicts(first.db)}
    assert first.person(person).phones == "typed while that was on its way"
    assert losers == {"loses", "unseen"}


def test_numbers_from_before_a_restore_prove_nothing_after_it(first, second, server):
    """R9: otherwise a value written after the restore would be overwritten by somebody who never saw it."""
    person = first.add("王小明", phones="0")
    settle(first, second)
    copy = server.keep_copy()
    for note in "abcdefgh":
        first.edit(person, note=note)
        first.sync()
    second.sync()
    first.edit(person, note="i")
    first.sync()
    calls = []

    def answered(_path, answer):
        calls.append(1)
        if len(calls) == 1:
            second.edit(person, phones="mine")  # while the page is on its way: it is stored beside this edit
        else:
            lost()
        return answer

    second.line.after = answered
    with pytest.raises(NetworkError):
        second.sync()
    second.line.heal()
    server.restore(copy)
    first.sync()
    first.clock.move(minutes=1)
    first.edit(person, phones="theirs")
    settle(first, second)
    values = {(clash.shown.value, clash.other.value) for clash in conflicts.open_conflicts(second.db)}
    assert values == {("theirs", "mine")}
    assert first.replica() == second.replica()
