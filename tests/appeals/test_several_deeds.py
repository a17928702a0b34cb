"""Several steps in one act, and a visit with what was raised at the door: all of it, or nothing."""

import pytest

from desktop_app.appeals import actions, intake, queries, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.visiting import record_visit
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action, undo
from desktop_app.visits.model import Visit


@pytest.fixture
def wang(db, actor):
    return residents.register(db, actor, Person(name="王小明", phones="13900000001"))


def kinds(db, appeal):
    return [event.kind for event in queries.detail(db, appeal.id).events]


def test_ending_without_a_solution_tells_the_explanation_in_the_same_act(db, actor, take):
    appeal = take()
    explained = Deed("解释", text="没有备件", to_whom="王小明", how="电话")
    state = actions.act(db, actor, appeal.id, explained, Deed("办结", outcome=rules.EXPLAINED, text="暂无备件"))
    assert (state.phase, state.outcome) == (rules.RATING, rules.EXPLAINED)
    undo(db, actor, last_action(db, actor)[0])
    assert kinds(db, appeal) == ["登记", "受理"]


def test_where_one_of_several_steps_is_refused_none_is_kept(db, actor, take):
    appeal = take()
    with pytest.raises(AppError, match="最低一级"):
        actions.act(db, actor, appeal.id, Deed("联系", text="说了"), Deed("退回", text="请再看"))
    assert kinds(db, appeal) == ["登记", "受理"]


def test_what_was_seen_is_checked_at_the_first_of_several_steps(db, actor, take, act):
    appeal = take()
    seen = queries.detail(db, appeal.id).state.last_id
    act(appeal, "派办", to_whom="李四")
    with pytest.raises(AppError, match="刚由别人办了一步"):
        actions.act(db, actor, appeal.id, Deed("上报", text="请协调", expects=seen))
    again = queries.detail(db, appeal.id).state.last_id
    assert actions.act(db, actor, appeal.id, Deed("上报", text="请协调", expects=again)).step == 2


def test_a_closed_appeal_acted_on_elsewhere_says_why_and_what_may_be_done(db, actor, take, act):
    appeal = take()
    act(appeal, "办结", outcome=rules.ANSWERED, text="好了")
    act(appeal, "评价", satisfaction="满意")
    with pytest.raises(AppError, match="诉求已结案，不能派办，没有保存") as caught:
        act(appeal, "派办", to_whom="李四")
    assert "现在可以" in (caught.value.next_step or "")


def test_a_visit_and_what_was_raised_are_one_step_that_can_be_taken_back(db, actor, wang):
    visit = Visit(on="2026-11-20", person_id=wang.id, findings="平安")
    raised = [intake.blank(db, title=title, channel="巡诊") for title in ("路灯不亮", "想加座椅")]
    kept = record_visit(db, actor, visit, raised)
    assert [one.no for one in kept.appeals] == ["2026-0001", "2026-0002"]
    lines = queries.appeals(db)
    assert {(line.reporter, line.received_on, line.channel, line.phase) for line in lines} == {
        ("王小明", "2026-11-20", "巡诊", "办理中")
    }
    undo(db, actor, last_action(db, actor)[0])
    assert queries.count(db) == 0
    assert db.scalar("SELECT count(*) FROM visit WHERE sync_del=0") == 0


@pytest.mark.parametrize(("day", "title", "field"), [("2026-12-24", "路灯不亮", "on"), ("2026-11-20", " ", "title")])
def test_where_the_visit_or_an_appeal_cannot_be_neither_is_kept(db, actor, wang, day, title, field):
    visit = Visit(on=day, person_id=wang.id)
    with pytest.raises(AppError) as caught:
        record_visit(db, actor, visit, [intake.blank(db, title="好的"), intake.blank(db, title=title)])
    assert caught.value.field == field
    assert queries.count(db) == 0
    assert db.scalar("SELECT count(*) FROM visit") == 0
