"""A matter from its proposal to the word of the residents, in a real store."""

from collections.abc import Callable

import pytest

from desktop_app.appeals import intake as appeals
from desktop_app.appeals import queries as appeal_queries
from desktop_app.matters import actions, counting, queries, rules, sharing
from desktop_app.matters.actions import Deed
from desktop_app.matters.queries import MatterFilter
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


def test_a_proposal_gets_a_number_and_its_first_event(db: Database, propose: Callable) -> None:
    matter = propose()
    assert (matter.no, matter.template) == ("议2026-001", "five_steps")
    found = queries.detail(db, matter.id)
    assert found is not None
    assert [line.kind for line in found.events] == ["提出"]
    assert (found.step_name, found.blocked) == ("民事民提", "")
    assert propose("再议一件").no == "议2026-002"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"proposer": " "}, "proposer"),
        ({"template": "没有的步骤"}, "template"),
        ({"proposed_on": "2026-11-23"}, "proposed_on"),
        ({"proposed_on": "去年"}, "proposed_on"),
        ({"households": -1}, "households"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_at_its_field(
    db: Database, propose: Callable, fields: dict, field: str
) -> None:
    with pytest.raises(AppError) as refused:
        propose(**fields)
    assert refused.value.field == field
    assert "没有保存" in refused.value.message
    assert queries.matters(db) == []


def test_text_with_control_characters_and_ten_thousand_characters_without_a_break_is_kept_whole(
    db: Database, propose: Callable, act: Callable
) -> None:
    matter = propose(text="一\x00二\x07三\u2028四" + "字" * 10_000)
    assert matter.text == "一二三\n四" + "字" * 10_000
    act(matter, "推进")
    act(matter, "商议", text="字" * 10_000 + "\x1b[31m")
    found = queries.detail(db, matter.id)
    assert found is not None
    assert found.events[-1].text == "字" * 10_000 + "[31m"


def test_a_deed_that_lacks_something_is_refused_and_nothing_is_written(
    db: Database, propose: Callable, act: Callable
) -> None:
    matter = propose()
    for kind, field in (
        ("商议", "text"),
        ("交办", "to_whom"),
        ("评议", "satisfaction"),
        ("提出", "kind"),
        ("飞", "kind"),
    ):
        with pytest.raises(AppError, match="没有保存") as refused:
            act(matter, kind)
        assert refused.value.field == field
    with pytest.raises(AppError, match=r"还不能决定.*现在可以：.*推进"):
        act(matter, "决定", outcome="通过", text="同意")
    assert db.scalar("SELECT count(*) FROM matter_event") == 1


def test_a_step_taken_elsewhere_meanwhile_is_not_taken_again(db: Database, propose: Callable, act: Callable) -> None:
    matter = propose()
    seen = queries.detail(db, matter.id)
    assert seen is not None
    act(matter, "推进")
    with pytest.raises(AppError, match=r"刚由别人|已不在第1步"):
        act(matter, "推进", expects=seen.state.last_id)


def test_an_appeal_becomes_a_matter_once_and_says_so(db: Database, actor: Actor) -> None:
    appeal = appeals.register(
        db, actor, appeals.blank(db, title="楼道堆物", reporter_name="王小明", klass="环境卫生"), accept=True
    )
    matter = actions.from_appeal(db, actor, appeal.id)
    assert (matter.title, matter.proposer, matter.appeal_id) == ("楼道堆物", "王小明", appeal.id)
    assert actions.from_appeal(db, actor, appeal.id).id == matter.id
    found = appeal_queries.detail(db, appeal.id)
    assert found is not None
    assert "已转为议事事项 议2026-001" in [line.text for line in found.events]
    hidden = appeals.register(db, actor, appeals.blank(db, title="噪音", anonymous=1), accept=True)
    assert actions.from_appeal(db, actor, hidden.id).proposer == "匿名居民"


def test_a_matter_goes_onto_an_agenda_once_and_learns_from_the_vote(
    db: Database, actor: Actor, propose: Callable, act: Callable
) -> None:
    matter = propose()
    meeting = meetings.call_meeting(
        db,
        actor,
        Meeting(kind="党员大会", title="", starts_at="2026-11-22 10:00"),
        [RosterLine("王东"), RosterLine("李梅")],
    )
    item = actions.put_on_agenda(db, actor, matter.id, meeting.id)
    assert actions.put_on_agenda(db, actor, matter.id, meeting.id).id == item.id
    assert (item.title, item.proposer) == (matter.title, "王小明")
    meetings.mark_all(db, actor, meeting.id)
    meetings.record_vote(db, actor, item.id, 2, 0, 0)
    meetings.add_resolution(db, actor, meeting.id, "年底前修好", agenda_id=item.id)
    said = actions.said_in_meeting(db, item.id)
    assert said is not None
    assert said.outcome == rules.CARRIED
    assert said.text == "2026-11-22支部党员大会，同意 2 票，反对 0 票，弃权 0 票，表决通过，年底前修好"
    act(matter, "推进")
    act(matter, "商议", text=said.text, meeting_id=meeting.id, agenda_id=item.id)
    found = queries.detail(db, matter.id)
    assert found is not None
    assert [title for _, title, _ in found.meetings] == ["支部党员大会"]
    assert [line.id for line in queries.matters(db, MatterFilter(meeting_id=meeting.id))] == [matter.id]


def test_lists_tell_what_is_late_and_who_leads(
    db: Database, propose: Callable, act: Callable, clock: FixedClock
) -> None:
    matter = propose(template="issue_loop")
    act(matter, "交办", to_whom="物业", helpers="业委会", due_on="2026-11-30")
    other = propose("加装路灯")
    clock.move(days=10)
    line = queries.lines(db, [matter.id])[0]
    assert (line.lead, line.helpers, line.late, line.standing, line.stage) == (
        "物业",
        "业委会",
        True,
        "已逾期",
        "assign",
    )
    assert [one.id for one in queries.matters(db, MatterFilter(late=True))] == [matter.id]
    assert [one.id for one in queries.matters(db, MatterFilter(text="路灯"))] == [other.id]
    columns = {column.stage: [one.id for one in column.lines] for column in counting.board(db)}
    assert columns["assign"] == [matter.id]
    assert columns["propose"] == [other.id]
    act(matter, "推进")
    act(matter, "完成", text="修好了")
    found = counting.figures(db)
    assert (found.proposed, found.open, found.done, found.late) == (2, 2, 1, 0)


def test_a_proposal_made_by_mistake_is_taken_back_until_it_is_talked_about(
    db: Database, actor: Actor, propose: Callable, act: Callable
) -> None:
    matter = propose()
    with pytest.raises(AppError) as refused:
        actions.cancel(db, actor, matter.id, "")
    assert refused.value.field == "why"
    actions.cancel(db, actor, matter.id, "重复")
    assert queries.detail(db, matter.id) is None
    talked = propose("再来")
    act(talked, "商议", text="议过")
    with pytest.raises(AppError, match="请用“终止”"):
        actions.cancel(db, actor, talked.id, "重复")


def test_what_a_matter_is_may_be_put_right_and_its_number_may_not(
    db: Database, actor: Actor, propose: Callable
) -> None:
    matter = propose()
    assert actions.change(db, actor, matter.id, title="修单车棚", kind="公共设施").title == "修单车棚"
    with pytest.raises(AppError) as refused:
        actions.change(db, actor, matter.id, no="议2026-999")
    assert refused.value.field == "no"


def test_an_erased_proposer_leaves_the_matter_without_a_name(db: Database, actor: Actor) -> None:
    from desktop_app.sync.erasing import erase

    with db.transaction(actor, "登记居民") as tx:
        person = tx.add(Person(name="王小明"))
    matter = actions.propose(
        db, actor, actions.blank(db, title="修路灯", proposer_id=person.id, proposer_phone="10000000001")
    )
    assert matter.proposer == "王小明"
    erase(db, actor, person.id, "本人书面申请")
    found = queries.detail(db, matter.id)
    assert found is not None
    assert (found.matter.proposer, found.phone) == (None, "")


def test_a_matter_shared_upward_names_its_units(db: Database, actor: Actor, propose: Callable) -> None:
    matter = propose()
    assert sharing.share(db, actor, matter.id, [420299001000]).audience == "420299001000"
    assert sharing.share(db, actor, matter.id, [420299]).audience == "420299,420299001000"
    assert sharing.unshare(db, actor, matter.id, [420299001000], "传错了").audience == "420299"
    assert db.scalar("SELECT max(why) FROM journal_action") == "传错了"
    assert sharing.share_with(db, actor, matter.id, [420299001000]).audience == "420299001000"
    assert sharing.unshare(db, actor, matter.id).audience is None
    actions.act(db, actor, matter.id, Deed("推进"))
