"""Two desks that act on one order or one wish while apart agree afterwards, and a person is told of the clash once."""

import pytest

from desktop_app.orders import actions, duty, people, queries, reporting, roster, rules, wish_lists, wish_rules, wishes
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, Post
from desktop_app.orders.wishes import WishDeed
from desktop_app.sync import conflicts
from tests.sync.desks import Desk


def act(desk: Desk, order_id: str, kind: str, **more: object):
    return actions.act(desk.db, desk.app.actor, order_id, Deed(kind, **more))


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def standing(desk: Desk, order_id: str):
    found = queries.detail(desk.db, order_id)
    kept = desk.db.row("SELECT phase,to_whom,stale FROM order_state WHERE order_id=?", (order_id,))
    assert kept == (found.state.phase, found.state.to_whom or None, len(found.state.stale))
    return kept, [(line.kind, line.to_whom, line.stale != "") for line in found.events]


@pytest.fixture
def helpers(first: Desk, second: Desk) -> tuple[str, str]:
    made = [
        people.add_helper(first.db, first.app.actor, Helper(name=name, colours="1")).id for name in ("李四", "王五")
    ]
    settle(first, second)
    return made[0], made[1]


def test_an_order_taken_at_two_desks_belongs_to_whoever_wrote_it_down_first_and_the_other_is_told(
    first, second, helpers
):
    """Though the later one reaches the server first: the stamp decides, not the speed of the line."""
    order = actions.place(
        first.db, first.app.actor, actions.blank(first.db, title="陪诊", colour="1", variant=rules.GIVEN_OUT)
    )
    settle(first, second)
    first.clock.move(minutes=1)
    act(first, order.id, "接单", helper_id=helpers[0])
    second.clock.move(minutes=2)
    act(second, order.id, "接单", helper_id=helpers[1])
    act(second, order.id, "完成", minutes=30)
    second.sync()
    settle(first, second)
    assert standing(first, order.id) == standing(second, order.id)
    (phase, to_whom, stale), events = standing(first, order.id)
    assert (phase, to_whom, stale) == (rules.TAKEN, "李四", 2)
    assert events[1:] == [("接单", "李四", False), ("接单", "王五", True), ("完成", "", True)]
    for each in (first, second):
        clashes = conflicts.open_conflicts(each.db)
        assert {clash.kind for clash in clashes} == {"state"}
        assert any("王五" in str(clash.other.value) for clash in clashes)
        assert all("陪诊" in clash.record_name for clash in clashes)
    assert act(second, order.id, "转单", helper_id=helpers[1], text="两人商量由王五做").to_whom == "王五"


def test_a_wish_claimed_at_two_desks_has_one_taker_and_the_other_is_told(first, second):
    wish = wishes.collect(first.db, first.app.actor, wishes.blank(first.db, alias="独居张奶奶", text="一床棉被"))
    settle(first, second)
    first.clock.move(minutes=2)
    second.clock.move(minutes=1)
    wishes.act_on_wish(first.db, first.app.actor, wish.id, WishDeed("认领", taker="市图书馆", taker_kind="单位"))
    wishes.act_on_wish(second.db, second.app.actor, wish.id, WishDeed("认领", taker="李四"))
    settle(first, second)
    for each in (first, second):
        line = wish_lists.wishes(each.db)[0]
        assert (line.phase, line.taker, line.stale) == (wish_rules.CLAIMED, "李四", 1)
        (clash,) = conflicts.open_conflicts(each.db)
        assert "市图书馆" in str(clash.other.value)


def test_a_week_planned_at_two_desks_is_one_week_and_of_two_swaps_the_first_agreed_holds(first, second, helpers):
    third = people.add_helper(first.db, first.app.actor, Helper(name="赵六", colours="1")).id
    post = reporting.add_post(
        first.db, first.app.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00", capacity=1)
    )
    settle(first, second)
    for desk in (first, second):
        duty.plan(desk.db, desk.app.actor, post.id, [*helpers, third], "2026-12-07", 6)
    settle(first, second)
    for desk in (first, second):
        lines = roster.shifts(desk.db, "2026-12-07", "2026-12-13")
        assert len(lines) == 6, "the same shifts have the same identifiers"
    days = {line.on: line for line in roster.shifts(first.db, "2026-12-07", "2026-12-12")}
    monday, tuesday, wednesday = (days[on] for on in ("2026-12-07", "2026-12-08", "2026-12-09"))
    asked = ((first, tuesday), (second, wednesday))
    asks = [duty.ask_swap(desk.db, desk.app.actor, monday.id, other.id) for desk, other in asked]
    settle(first, second)
    first.clock.move(minutes=1)
    duty.answer_swap(first.db, first.app.actor, asks[0], agrees=True)
    second.clock.move(minutes=2)
    duty.answer_swap(second.db, second.app.actor, asks[1], agrees=True)
    settle(first, second)
    seen = [
        [(line.on, line.helper) for line in roster.shifts(each.db, "2026-12-07", "2026-12-13")]
        for each in (first, second)
    ]
    assert seen[0] == seen[1]
    now = dict(seen[0])
    assert (now["2026-12-07"], now["2026-12-08"]) == (tuesday.helper, monday.helper)
    assert now["2026-12-09"] == wednesday.helper
