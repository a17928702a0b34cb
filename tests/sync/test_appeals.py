"""Two desks that act on one appeal while apart end up with the same state, and a person is told of the clash once."""

import pytest

from desktop_app.appeals import actions, intake, queries, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.sync import conflicts
from tests.sync.conftest import STREET
from tests.sync.desks import Desk


def act(desk: Desk, appeal_id: str, kind: str, **more: object):
    desk.clock.move(minutes=1)
    return actions.act(desk.db, desk.app.actor, appeal_id, Deed(kind, **more))


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def standing(desk: Desk, appeal_id: str):
    found = queries.detail(desk.db, appeal_id)
    told = [(line.kind, line.stale != "") for line in found.events]
    kept = desk.db.row("SELECT phase,step,outcome,stale FROM appeal_state WHERE appeal_id=?", (appeal_id,))
    assert kept == (found.state.phase, found.state.step, found.state.outcome, len(found.state.stale))
    return kept, told


@pytest.fixture
def appeal_id(first: Desk, second: Desk) -> str:
    new = intake.blank(first.db, title="楼道灯不亮", reporter_name="王小明")
    made = intake.register(first.db, first.app.actor, new, accept=True)
    settle(first, second)
    return made.id


def test_the_step_that_reached_the_server_first_holds_and_the_other_is_kept_and_told(first, second, appeal_id):
    act(first, appeal_id, "上报", text="请社区协调")
    act(second, appeal_id, "办结", outcome=rules.ANSWERED, text="修好了")
    settle(first, second)
    assert standing(first, appeal_id) == standing(second, appeal_id)
    (phase, step, outcome, stale), events = standing(first, appeal_id)
    assert (phase, step, outcome, stale) == (rules.WORKING, 2, rules.FOLLOWED, 1)
    assert events[-1] == ("办结", True)
    for each in (first, second):
        (clash,) = conflicts.open_conflicts(each.db)
        assert clash.kind == "state"
        assert clash.record_name == "楼道灯不亮 修好了"
        assert "修好了" in str(clash.other.value)
        assert not conflicts.choices(each.db, clash).swap
    conflicts.keep(first.db, first.app.actor, conflicts.open_conflicts(first.db)[0].id)
    settle(first, second)
    assert conflicts.count_open(second.db) == 0
    assert act(second, appeal_id, "退回", text="灯已修好，请办结").step == 1


def test_a_closed_appeal_acted_on_elsewhere_stays_closed(first, second, appeal_id):
    act(first, appeal_id, "办结", outcome=rules.ANSWERED, text="修好了")
    act(first, appeal_id, "评价", satisfaction="满意")
    first.sync()
    act(second, appeal_id, "派办", to_whom="李四")
    act(second, appeal_id, "回复", text="明天来看")
    settle(second, first)
    assert standing(first, appeal_id) == standing(second, appeal_id)
    (phase, *_), events = standing(first, appeal_id)
    assert phase == rules.CLOSED
    assert events[-2:] == [("派办", True), ("回复", False)]
    assert conflicts.count_open(first.db) == conflicts.count_open(second.db) == 1


def test_an_undo_at_one_desk_is_followed_by_the_state_at_the_other(first, second, appeal_id):
    from desktop_app.store.history import last_action, undo

    act(first, appeal_id, "上报", text="请社区协调")
    settle(first, second)
    assert standing(second, appeal_id)[0][1] == 2
    undo(first.db, first.app.actor, last_action(first.db, first.app.actor)[0])
    settle(first, second)
    assert standing(first, appeal_id) == standing(second, appeal_id)
    assert standing(second, appeal_id)[0][1] == 1


def test_an_appeal_sent_up_is_acted_on_by_the_street_and_both_see_the_same(ours, street):
    made = intake.register(
        ours.db, ours.app.actor, intake.blank(ours.db, title="加装电梯", reporter_name="王小明"), accept=True
    )
    act(ours, made.id, "上报", text="请社区协调")
    settle(ours, street)
    assert queries.detail(street.db, made.id) is None
    act(ours, made.id, "上报", text="请街道统筹", unit=STREET)
    settle(ours, street)
    assert standing(street, made.id) == standing(ours, made.id)
    (line,) = queries.appeals(street.db)
    assert (line.step_name, line.foreign) == ("街道", True)
    act(street, made.id, "回复", text="已列入计划")
    act(street, made.id, "退回", text="列入明年计划，请社区告知居民")
    settle(street, ours)
    assert standing(street, made.id) == standing(ours, made.id)
    assert standing(ours, made.id)[0][1] == 2
    act(ours, made.id, "派办", to_whom="李四")
    act(street, made.id, "派办", to_whom="王五")
    settle(ours, street)
    assert standing(street, made.id) == standing(ours, made.id)
    assert standing(ours, made.id)[0][3] == 1
    assert conflicts.count_open(ours.db) == 1
