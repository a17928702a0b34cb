"""Which meetings are due, who is asked to them, and what is odd about a call."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from desktop_app.meetings import actions, calendar, queries, rosters, rules
from desktop_app.meetings.calendar import DueType
from desktop_app.meetings.model import Attendance, Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import OrgNode, PartyMember, Seat
from desktop_app.profiles.queries import forget
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

TODAY = "2026-11-22"


@pytest.fixture
def branch(db: Database, actor: Actor) -> OrgNode:
    """桂花苑党支部 with two full members and one on probation."""
    made = organisation.found_node(db, actor, OrgNode(line="党组织", level=3, kind="党支部", name="桂花苑党支部"))
    for name, kind in (("王东", "正式"), ("赵刚", "正式"), ("李梅", "预备")):
        with db.transaction(actor, "登记居民") as tx:
            person = tx.add(Person(name=name))
        organisation.register_party_member(db, actor, PartyMember(person_id=person.id, node_id=made.id, kind=kind))
    return made


@pytest.fixture
def held(db: Database, actor: Actor) -> Callable[..., Meeting]:
    def call(kind: str, day: str, **more: str) -> Meeting:
        return actions.call_meeting(db, actor, Meeting(kind=kind, title="", starts_at=f"{day} 09:00", **more))

    return call


def line(db: Database, kind: str, on: str = TODAY) -> DueType:
    return next(one for one in calendar.due_types(db, on) if one.kind == kind)


@pytest.mark.parametrize(
    ("months", "day", "first", "last", "name"),
    [
        (1, date(2026, 2, 14), date(2026, 2, 1), date(2026, 2, 28), "2月"),
        (3, date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31), "第4季度"),
        (6, date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30), "上半年"),
        (6, date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31), "下半年"),
        (12, date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31), "全年"),
    ],
)
def test_a_period_holds_its_day(months: int, day: date, first: date, last: date, name: str) -> None:
    assert calendar.period_of(day, months) == calendar.Period(first, last, name)


def test_the_four_of_a_branch_come_as_often_as_the_regulations_have_it(db: Database, branch: OrgNode) -> None:
    """支部工作条例: 党员大会 each quarter, 支委会 and 党小组会 each month, 党课 each quarter, 主题党日 each month."""
    kinds = ("branch_assembly", "branch_committee", "party_lecture", "party_day")
    assert [line(db, kind).period for kind in kinds] == ["第4季度", "11月", "第4季度", "11月"]
    assert line(db, "branch_assembly").holder == "桂花苑党支部"


def test_a_type_is_open_then_near_then_held(db: Database, held: Callable) -> None:
    assert line(db, "three_party", "2026-11-22").state == calendar.OPEN
    assert line(db, "three_party", "2026-12-02").state == calendar.NEAR
    held("三方联席会议", "2026-12-10")
    assert line(db, "three_party", "2026-12-02").state == calendar.PLANNED
    found = line(db, "three_party", "2026-12-10")
    assert (found.state, found.held, found.last_on) == (calendar.HELD, 1, "2026-12-10")


def test_what_was_left_out_since_the_first_one_on_record_is_named(db: Database, held: Callable) -> None:
    assert line(db, "three_party").missed == ()
    held("三方联席会议", "2026-02-10")
    found = line(db, "three_party")
    assert (found.state, found.missed) == (calendar.OVERDUE, ("第2季度", "第3季度"))
    assert line(db, "three_party", "2027-01-05").missed == ()


def test_each_branch_has_its_own_line_and_a_meeting_without_a_branch_is_its_own_where_there_is_one_alone(
    db: Database, actor: Actor, branch: OrgNode, held: Callable
) -> None:
    held("党课", "2026-11-02")
    assert line(db, "party_lecture").state == calendar.HELD
    other = organisation.found_node(db, actor, OrgNode(line="党组织", level=3, kind="党支部", name="江畔党支部"))
    states = {one.holder: one.state for one in calendar.due_types(db, TODAY) if one.kind == "party_lecture"}
    assert states == {"桂花苑党支部": calendar.OPEN, "江畔党支部": calendar.OPEN}
    held("党课", "2026-11-03", node_id=other.id)
    states = {one.holder: one.state for one in calendar.due_types(db, TODAY) if one.kind == "party_lecture"}
    assert states["江畔党支部"] == calendar.HELD


def test_types_without_a_rhythm_are_never_due(db: Database) -> None:
    assert not {one.kind for one in calendar.due_types(db, TODAY)} & {
        "owners_assembly",
        "hearing",
        "villagers_assembly",
    }


# ----------------------------------------------------------------------------------------------------- who is asked


def test_the_members_of_the_branch_are_asked_with_their_right_to_vote(db: Database, branch: OrgNode) -> None:
    asked = rosters.suggested(db, "branch_assembly", TODAY, branch.id)
    assert {(one.name, one.voting) for one in asked} == {("王东", True), ("赵刚", True), ("李梅", False)}


def test_the_posts_of_the_three_parties_are_asked_to_it(db: Database, actor: Actor) -> None:
    for name, who in (("江山社区居委会", "王东"), ("桂花苑业委会", "赵刚"), ("安居物业", "周兵"), ("街道办", "路人")):
        node = organisation.found_node(db, actor, OrgNode(line="自治", level=2, kind="组织", name=name))
        organisation.appoint(db, actor, Seat(node_id=node.id, role="主任", name=who))
    asked = rosters.suggested(db, "three_party", TODAY)
    assert {(one.name, one.unit) for one in asked} == {
        ("王东", "江山社区居委会"), ("赵刚", "桂花苑业委会"), ("周兵", "安居物业"),
    }  # fmt: skip


def test_those_of_last_time_are_asked_again_but_for_who_died_or_left(db: Database, actor: Actor) -> None:
    with db.transaction(actor, "登记居民") as tx:
        gone, here = tx.add(Person(name="王东", deceased_on="2026-10-01")), tx.add(Person(name="李梅"))
    people = [RosterLine("王东", gone.id), RosterLine("李梅", here.id), RosterLine("周兵", unit="物业")]
    actions.call_meeting(db, actor, Meeting(kind="听证会", title="", starts_at="2026-09-01 09:00"), people)
    assert [one.name for one in rosters.suggested(db, "hearing", TODAY)] == ["李梅", "周兵"]


# -------------------------------------------------------------------------------- proxies, retired types, rules


def row(seq: int, name: str, status: str, proxy: str | None = None) -> Attendance:
    return Attendance(meeting_id="m", seq=seq, name=name, status=status, proxy=proxy)


def test_one_person_votes_for_one_other_and_never_twice() -> None:
    rows = [row(1, "甲", "出席"), row(2, "乙", "委托", "甲"), row(3, "丙", "委托", "甲"), row(4, "丁", "委托")]
    assert rules.count(rows).voting_present == 3
    assert [one.name for one in rules.proxies_beyond(rows)] == ["丙"]
    assert rules.count(rows, proxies=0).present == 1


def test_a_proxy_given_twice_is_refused_at_its_field_and_the_first_stands(db: Database, actor: Actor) -> None:
    people = [RosterLine(name) for name in ("甲", "乙", "丙")]
    meeting = actions.call_meeting(
        db, actor, Meeting(kind="居民代表会议", title="", starts_at=f"{TODAY} 09:00"), people
    )
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    first, second, third = file.attendance
    actions.mark(db, actor, first.id, "出席")
    actions.mark(db, actor, second.id, "委托", None, "甲")
    with pytest.raises(AppError, match="甲已经受乙委托，不能再受丙委托，没有保存") as refused:
        actions.mark(db, actor, third.id, "委托", None, "甲")
    assert refused.value.field == "proxy"
    with pytest.raises(AppError, match="不能委托给自己"):
        actions.mark(db, actor, third.id, "委托", None, "丙")
    assert actions.mark(db, actor, second.id, "委托", "出差", "甲").proxy == "甲"
    assert actions.mark(db, actor, second.id, "出席").proxy is None


def test_nobody_votes_by_proxy_in_a_party_branch(db: Database, actor: Actor) -> None:
    people = [RosterLine(name) for name in ("甲", "乙", "丙")]
    meeting = actions.call_meeting(db, actor, Meeting(kind="党员大会", title="", starts_at=f"{TODAY} 09:00"), people)
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    for one in file.attendance[:2]:
        actions.mark(db, actor, one.id, "出席")
    actions.mark(db, actor, file.attendance[2].id, "委托", None, "甲")
    item = actions.add_agenda_item(db, actor, meeting.id, "议题")
    actions.record_vote(db, actor, item.id, 3, 0, 0)
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    assert file.count.voting_present == 2
    verdict = queries.verdicts(db, file)[item.id]
    assert verdict.printed == ""
    assert "这种会议不能委托表决，丙的委托不计" in verdict.why


def own_types(db: Database, change: Callable[[str], str], name: str = "meeting_types") -> None:
    """The community's copy of a table, with a change; what was read before is forgotten."""
    path = db.path.parent / "profiles" / "codes" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(change(Path(resource("codes", f"{name}.toml")).read_text("utf-8")), "utf-8")
    forget()


def test_a_type_retired_between_notice_and_meeting_keeps_the_meeting_and_is_said(db: Database, held: Callable) -> None:
    meeting = held("hearing", "2026-12-10", notice_on="2026-11-22", notice_how="张贴")
    own_types(db, lambda text: text.replace('code = "hearing"\n', 'code = "hearing"\nvalid_to = 2026-11-30\n'))
    assert queries.remarks(db, meeting) == ["“听证会”这种会议已于 2026-11-30 停用，记录照常保存，要素按原来的要求核对"]
    actions.change_meeting(db, Actor("x" * 32, "张三"), meeting.id, place="驿站")
    assert queries.meetings(db)[0].kind == "听证会"


def test_a_type_taken_out_of_the_table_is_treated_as_any_meeting(db: Database, held: Callable) -> None:
    meeting = held("hearing", "2026-12-10")
    own_types(
        db, lambda text: text.replace('code = "hearing"', 'code = "public_hearing"').replace('"听证会"', '"公听会"')
    )
    assert "不在会议类型表里" in queries.remarks(db, meeting)[0]
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    assert "会议名称" not in queries.missing_elements(file, db.path.parent)


def test_a_rule_retired_between_notice_and_meeting_is_said_and_that_of_the_day_counts(
    db: Database, actor: Actor
) -> None:
    people = [RosterLine(name) for name in "甲乙丙丁"]
    new = Meeting(kind="党员大会", title="", starts_at="2026-12-10 09:00", notice_on="2026-11-22", notice_how="微信")
    meeting = actions.call_meeting(db, actor, new, people)
    actions.mark_all(db, actor, meeting.id)
    item = actions.add_agenda_item(db, actor, meeting.id, "议题")
    actions.record_vote(db, actor, item.id, 4, 0, 0)
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    assert queries.verdicts(db, file)[item.id].printed == "表决通过"
    own_types(
        db,
        lambda text: text.replace('item = "支部党员大会"\n', 'item = "支部党员大会"\nvalid_to = 2026-11-30\n'),
        "meeting_rules",
    )
    assert "通知以后规则有变动，按开会当天的规则计算（没有规则）" in queries.remarks(db, meeting)
    verdict = queries.verdicts(db, file)[item.id]
    assert (verdict.words, verdict.why) == (
        "同意 4 票，反对 0 票，弃权 0 票",
        "这种会议没有可以据以判定的规则，只写票数",
    )


def test_a_notice_that_came_late_is_said_and_refuses_nothing(db: Database, held: Callable) -> None:
    meeting = held("三方联席会议", "2026-11-24", notice_on="2026-11-22", notice_how="电话")
    assert queries.remarks(db, meeting) == ["这种会议要提前 3 天通知，这次提前了 2 天"]


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Tables of a community's own are read again by the next test."""
    forget()
