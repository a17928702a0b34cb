"""Two desks that take a matter further while apart: one step holds, and a person is told once of the other."""

import pytest

from desktop_app.matters import actions, queries
from desktop_app.matters.actions import Deed
from desktop_app.sync import conflicts
from tests.sync.desks import Desk


def act(desk: Desk, matter_id: str, kind: str, **more: object):
    return actions.act(desk.db, desk.app.actor, matter_id, Deed(kind, **more))


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


@pytest.fixture
def matter(first: Desk, second: Desk) -> str:
    """A matter on which both desks stand at the first step."""
    made = actions.propose(first.db, first.app.actor, actions.blank(first.db, title="装充电桩", proposer="王小明"))
    settle(first, second)
    return made.id


def test_a_matter_decided_differently_at_two_desks_is_told_in_the_list_of_clashes(first, second, matter):
    first.clock.move(minutes=1)
    second.clock.move(minutes=2)
    act(first, matter, "推进")
    act(second, matter, "终止", text="产权单位不同意")
    settle(first, second)
    for desk in (first, second):
        (clash,) = conflicts.open_conflicts(desk.db)
        assert (clash.kind, clash.table) == ("state", "matter_event")
        assert "装充电桩" in clash.record_name
        assert "产权单位不同意" in str(clash.other.value)
    told = [queries.detail(desk.db, matter).state for desk in (first, second)]
    assert told[0] == told[1]
    assert (told[0].step, told[0].phase) == (2, "在办")


def test_notes_and_progress_written_at_two_desks_are_no_clash(first, second, matter):
    act(first, matter, "补充", text="李大爷也来问过")
    act(second, matter, "补充", text="物业说可以接电")
    settle(first, second)
    assert [conflicts.open_conflicts(desk.db) for desk in (first, second)] == [[], []]


def test_a_clash_that_was_read_is_not_told_again_by_what_is_done_afterwards(first, second, matter):
    act(first, matter, "推进")
    act(second, matter, "终止", text="重复提出")
    settle(first, second)
    (clash,) = conflicts.open_conflicts(first.db)
    conflicts.keep(first.db, first.app.actor, clash.id)
    act(first, matter, "商议", text="大家都赞成")
    settle(first, second)
    assert [conflicts.open_conflicts(desk.db) for desk in (first, second)] == [[], []]
