"""A meeting from its call to its signature, in a real store."""

import pytest

from desktop_app.accounts.model import Actor
from desktop_app.app import App
from desktop_app.meetings import actions, queries, rosters
from desktop_app.meetings.actions import RosterLine
from desktop_app.meetings.model import AgendaItem, Meeting, MeetingCorrection
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import OrgNode, PartyMember, Seat
from desktop_app.residents.model import Person
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.store.history import last_action, undo

PEOPLE = ("王东", "李梅", "赵刚", "钱英", "孙平")


def called(db: Database, actor: Actor, kind: str = "党员大会", **more: str) -> Meeting:
    roster = [RosterLine(name) for name in PEOPLE]
    return actions.call_meeting(db, actor, Meeting(kind=kind, title="", starts_at="2026-11-22 15:00", **more), roster)


def whole(db: Database, actor: Actor) -> tuple[Meeting, AgendaItem]:
    """A meeting of the branch that lacks nothing."""
    meeting = called(db, actor, place="党群驿站", chair="王东", chair_post="书记", recorder="李梅")
    actions.mark_all(db, actor, meeting.id)
    item = actions.add_agenda_item(db, actor, meeting.id, "修缮单车棚")
    actions.record_discussion(db, actor, item.id, "王东：早该修了。\n李梅：同意。")
    actions.record_vote(db, actor, item.id, 4, 1, 0)
    actions.add_resolution(
        db, actor, meeting.id, "十二月底前修好", agenda_id=item.id, owner="赵刚", due_on="2026-12-31"
    )
    actions.change_meeting(db, actor, meeting.id, ends_at="2026-11-22 16:10")
    return meeting, item


def file_of(db: Database, meeting: Meeting) -> queries.MeetingFile:
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    return file


def last_words(db: Database) -> tuple[str, str, str | None]:
    row = db.row("SELECT actor_name,what,why FROM journal_action ORDER BY no DESC")
    assert row is not None
    return row[0], row[1], row[2]


# ---------------------------------------------------------------------------------------------------------- calling it


def test_a_meeting_called_by_the_name_of_its_type_gets_code_title_number_and_roster(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    assert (meeting.kind, meeting.title, meeting.no) == ("branch_assembly", "支部党员大会", "2026-001")
    assert [row.name for row in file_of(db, meeting).attendance] == list(PEOPLE)
    assert last_words(db) == ("张三", "召集会议：支部党员大会", None)


def test_numbers_run_on_and_are_given_once(db: Database, actor: Actor) -> None:
    assert [called(db, actor).no for _ in range(3)] == ["2026-001", "2026-002", "2026-003"]


def test_numbers_begin_anew_with_the_year(db: Database, actor: Actor, clock: FixedClock) -> None:
    called(db, actor)
    clock.move(days=60)
    assert called(db, actor).no == "2027-001"


def test_an_enrolled_desk_puts_its_part_before_the_number(db: Database, actor: Actor) -> None:
    with db.transaction(actor, "登记设备") as tx:
        tx.execute("UPDATE sync_state SET ordinal=3")
    assert called(db, actor).no == "2026-3-001"


def test_a_meeting_that_ends_before_it_begins_is_not_kept(db: Database, actor: Actor) -> None:
    with pytest.raises(AppError) as refused:
        called(db, actor, ends_at="2026-11-22 14:00")
    assert refused.value.field == "ends_at"
    assert queries.meetings(db) == []
    meeting = called(db, actor)
    with pytest.raises(AppError, match="散会时间"):
        actions.change_meeting(db, actor, meeting.id, ends_at="2026-11-22 14:00")
    assert file_of(db, meeting).meeting.ends_at is None


def test_only_what_changed_is_written(db: Database, actor: Actor) -> None:
    """What a colleague changed meanwhile is not put back."""
    meeting = called(db, actor)
    actions.change_meeting(db, actor, meeting.id, place="驿站")
    actions.change_meeting(db, actor, meeting.id, chair="王东")
    before = db.rows("SELECT before FROM journal_change WHERE op='u' ORDER BY no")
    assert [row[0] for row in before] == ['{"place":null}', '{"chair":null}']
    assert file_of(db, meeting).meeting.place == "驿站"


def test_a_meeting_called_by_mistake_is_taken_back_with_a_reason(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    with pytest.raises(AppError) as refused:
        actions.cancel_meeting(db, actor, meeting.id, " ")
    assert refused.value.field == "why"
    actions.cancel_meeting(db, actor, meeting.id, "重复登记")
    assert queries.meeting_file(db, meeting.id) is None
    assert last_words(db) == ("张三", "撤销会议", "重复登记")


# ------------------------------------------------------------------------------------------------------ agenda, people


def test_the_agenda_stands_in_the_order_it_was_put(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    items = [actions.add_agenda_item(db, actor, meeting.id, title) for title in ("甲", "乙", "丙")]
    actions.order_agenda(db, actor, meeting.id, [items[2].id, items[0].id])
    assert [item.title for item in file_of(db, meeting).agenda] == ["丙", "甲", "乙"]


def test_an_item_taken_off_the_agenda_leaves_its_resolutions(db: Database, actor: Actor) -> None:
    meeting, item = whole(db, actor)
    actions.remove_agenda_item(db, actor, item.id)
    file = file_of(db, meeting)
    assert file.agenda == ()
    assert [row.agenda_id for row in file.resolutions] == [None]


def test_a_roster_adds_only_those_who_are_not_on_the_list(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    marked = file_of(db, meeting).attendance[0]
    actions.mark(db, actor, marked.id, "出席")
    added = actions.set_attendance(db, actor, meeting.id, [RosterLine("王东"), RosterLine("周兵", capacity="列席")])
    assert [(row.name, row.voting) for row in added] == [("周兵", False)]
    assert file_of(db, meeting).attendance[0].status == "出席"


def test_more_votes_than_voters_present_are_kept_and_nothing_is_said_of_the_outcome(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    for row in file_of(db, meeting).attendance[:3]:
        actions.mark(db, actor, row.id, "出席")
    item = actions.add_agenda_item(db, actor, meeting.id, "修缮单车棚")
    actions.record_vote(db, actor, item.id, 2, 1, 1)
    verdict = queries.verdicts(db, file_of(db, meeting))[item.id]
    assert (verdict.words, verdict.printed) == ("同意 2 票，反对 1 票，弃权 1 票", "")
    assert verdict.why == "同意、反对、弃权合计 4 票，多于有表决权的 3 人"
    assert "核对第 1 项的票数" in queries.missing_elements(file_of(db, meeting))
    assert actions.record_vote(db, actor, item.id, 2, 1, 0, "举手表决").vote_how == "举手"


def test_written_votes_are_limited_by_all_who_may_vote(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    item = actions.add_agenda_item(db, actor, meeting.id, "维修资金")
    actions.record_vote(db, actor, item.id, 5, 0, 0, "书面征求意见")
    assert queries.odd_votes(file_of(db, meeting), file_of(db, meeting).agenda[0]) == []
    actions.record_vote(db, actor, item.id, 6, 0, 0, "书面征求意见")
    assert queries.odd_votes(file_of(db, meeting), file_of(db, meeting).agenda[0])


def test_whoever_is_taken_off_the_list_after_the_vote_takes_the_verdict_along_and_not_the_votes(
    db: Database, actor: Actor
) -> None:
    meeting, item = whole(db, actor)
    assert queries.verdicts(db, file_of(db, meeting))[item.id].printed == "表决通过"
    actions.remove_attendance(db, actor, file_of(db, meeting).attendance[0].id)
    verdict = queries.verdicts(db, file_of(db, meeting))[item.id]
    assert (verdict.counts, verdict.printed) == ("同意 4 票，反对 1 票，弃权 0 票", "")
    assert "多于有表决权的 4 人" in verdict.why
    with pytest.raises(AppError, match="核对第 1 项的票数"):
        actions.sign(db, actor, meeting.id, "王东")


@pytest.mark.parametrize("status", ["在场", ""])
def test_an_unknown_word_for_attendance_is_refused(db: Database, actor: Actor, status: str) -> None:
    meeting = called(db, actor)
    with pytest.raises(AppError) as refused:
        actions.mark(db, actor, file_of(db, meeting).attendance[0].id, status)
    assert refused.value.field == "status"


# ----------------------------------------------------------------------------------------------------------- signature


def test_signing_names_every_missing_element(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    with pytest.raises(AppError) as refused:
        actions.sign(db, actor, meeting.id, "王东、李梅")
    for element in (
        "散会时间",
        "地点",
        "主持人",
        "记录人",
        "请假、缺席事由",
        "议题",
        "发言记录",
        "表决方式与票数",
        "议定事项",
    ):
        assert element in refused.value.message
    assert not file_of(db, meeting).signed


def test_a_whole_record_is_signed_with_a_fingerprint_of_what_is_stored(db: Database, actor: Actor) -> None:
    from desktop_app.meetings.signature import fingerprint

    meeting, _ = whole(db, actor)
    signed = actions.sign(db, actor, meeting.id, "王东、李梅")
    file = file_of(db, meeting)
    assert (file.meeting.signed_at, file.meeting.signed_by) == (db.clock.ms(), "王东、李梅")
    assert signed.signed_hash == file.meeting.signed_hash == fingerprint(file)


def test_nothing_of_a_signed_record_can_be_changed(db: Database, actor: Actor) -> None:
    meeting, item = whole(db, actor)
    actions.sign(db, actor, meeting.id, "王东")
    person, settled = file_of(db, meeting).attendance[0], file_of(db, meeting).resolutions[0]
    attempts = (
        lambda: actions.change_meeting(db, actor, meeting.id, place="别处"),
        lambda: actions.cancel_meeting(db, actor, meeting.id, "误登"),
        lambda: actions.add_agenda_item(db, actor, meeting.id, "新议题"),
        lambda: actions.change_agenda_item(db, actor, item.id, title="改名"),
        lambda: actions.order_agenda(db, actor, meeting.id, [item.id]),
        lambda: actions.remove_agenda_item(db, actor, item.id),
        lambda: actions.record_discussion(db, actor, item.id, "另一番话"),
        lambda: actions.record_vote(db, actor, item.id, 5, 0, 0),
        lambda: actions.clear_vote(db, actor, item.id),
        lambda: actions.set_attendance(db, actor, meeting.id, [RosterLine("周兵")]),
        lambda: actions.mark(db, actor, person.id, "缺席", "生病"),
        lambda: actions.mark_all(db, actor, meeting.id),
        lambda: actions.change_attendance(db, actor, person.id, name="王冬"),
        lambda: actions.remove_attendance(db, actor, person.id),
        lambda: actions.add_resolution(db, actor, meeting.id, "另一事项"),
        lambda: actions.change_resolution(db, actor, settled.id, text="换一种说法"),
        lambda: actions.remove_resolution(db, actor, settled.id),
        lambda: actions.sign(db, actor, meeting.id, "李梅"),
    )
    for attempt in attempts:
        with pytest.raises(AppError, match=r"已经签字.*添加更正"):
            attempt()


def test_a_signature_cannot_be_written_by_hand(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    with pytest.raises(AppError, match="签字"):
        actions.change_meeting(db, actor, meeting.id, signed_at=1)


def test_after_signing_progress_and_the_issue_number_may_still_be_noted(db: Database, actor: Actor) -> None:
    from desktop_app.meetings.signature import fingerprint

    meeting, _ = whole(db, actor)
    actions.sign(db, actor, meeting.id, "王东")
    actions.change_meeting(db, actor, meeting.id, issue_no="第1期")
    actions.finish_resolution(db, actor, file_of(db, meeting).resolutions[0].id)
    file = file_of(db, meeting)
    assert file.resolutions[0].state == "完成"
    assert fingerprint(file) == file.meeting.signed_hash


def test_corrections_are_added_to_a_signed_record_and_never_rewritten(
    db: Database, actor: Actor, clock: FixedClock
) -> None:
    meeting, _ = whole(db, actor)
    with pytest.raises(AppError, match="还没有签字"):
        actions.add_correction(db, actor, meeting.id, "地点应为二楼会议室")
    actions.sign(db, actor, meeting.id, "王东")
    actions.add_correction(db, actor, meeting.id, "地点应为二楼会议室")
    clock.move(minutes=1)
    later = actions.add_correction(db, actor, meeting.id, "实为 16:20 散会")
    assert [row.text for row in file_of(db, meeting).corrections] == ["地点应为二楼会议室", "实为 16:20 散会"]
    with pytest.raises(AppError, match="只能追加"), db.transaction(actor, "改写更正") as tx:
        tx.change(MeetingCorrection, later.id, text="没有更正")


# ----------------------------------------------------------------------------------------------------- what types need


def three_party(db: Database, actor: Actor) -> Meeting:
    meeting = actions.call_meeting(
        db,
        actor,
        Meeting(
            kind="三方联席会议",
            title="",
            starts_at="2026-11-22 15:00",
            ends_at="2026-11-22 16:00",
            place="驿站",
            chair="王东",
            recorder="李梅",
            notice_on="2026-11-19",
            notice_how="电话",
        ),
        [RosterLine("王东", unit="江山社区居委会"), RosterLine("赵刚", unit="桂花苑业委会")],
    )
    actions.mark_all(db, actor, meeting.id)
    item = actions.add_agenda_item(db, actor, meeting.id, "停车")
    actions.record_discussion(db, actor, item.id, "王东：车多位少。")
    actions.add_resolution(db, actor, meeting.id, "重划车位", owner="物业", due_on="2026-12-20")
    return meeting


def test_a_three_party_meeting_needs_each_party_there_or_its_absence_recorded(db: Database, actor: Actor) -> None:
    meeting = three_party(db, actor)
    assert queries.missing_elements(file_of(db, meeting)) == ["物业服务企业到会或缺席的记录"]
    (absent,) = actions.set_attendance(db, actor, meeting.id, [RosterLine("周兵", unit="安居物业公司")])
    assert queries.missing_elements(file_of(db, meeting)) == ["请假、缺席事由", "物业服务企业到会或缺席的记录"]
    actions.mark(db, actor, absent.id, "缺席", "通知三次未到")
    assert queries.missing_elements(file_of(db, meeting)) == []
    assert actions.sign(db, actor, meeting.id, "王东").signed_at


def test_a_resolution_without_owner_or_deadline_is_missing_where_the_type_asks(db: Database, actor: Actor) -> None:
    meeting = three_party(db, actor)
    actions.add_resolution(db, actor, meeting.id, "清理僵尸车")
    assert "责任人与完成时限" in queries.missing_elements(file_of(db, meeting))


def test_the_outcome_of_a_vote_is_said_under_a_rule_with_a_text_behind_it(db: Database, actor: Actor) -> None:
    meeting, item = whole(db, actor)
    assert queries.outcomes(db, file_of(db, meeting)) == {item.id: "同意 4 票，反对 1 票，弃权 0 票，表决通过"}
    assert [row.words for row in queries.quorums(db, file_of(db, meeting))] == ["应到 5 · 实到 5 · 需要 3 · 达到"]
    actions.change_meeting(db, actor, meeting.id, kind="居民议事会")
    assert queries.outcomes(db, file_of(db, meeting)) == {item.id: "同意 4 票，反对 1 票，弃权 0 票"}


# -------------------------------------------------------------------------------------------------------------- asking


def test_meetings_are_listed_latest_first_and_found_by_type_day_and_signature(db: Database, actor: Actor) -> None:
    meeting, _ = whole(db, actor)
    actions.sign(db, actor, meeting.id, "王东")
    later = actions.call_meeting(db, actor, Meeting(kind="other", title="停车座谈会", starts_at="2026-11-25 09:00"))
    line = queries.meetings(db, signed=True)[0]
    assert (line.kind, line.due, line.present, line.resolutions, line.open) == ("支部党员大会", 5, 5, 1, 1)
    assert [row.id for row in queries.meetings(db)] == [later.id, meeting.id]
    assert [row.id for row in queries.meetings(db, kind="党员大会")] == [meeting.id]
    assert [row.id for row in queries.meetings(db, text="停车")] == [later.id]
    assert [row.id for row in queries.meetings(db, from_on="2026-11-23", to_on="2026-11-25")] == [later.id]


def test_open_resolutions_stand_most_overdue_first(db: Database, actor: Actor) -> None:
    meeting = called(db, actor)
    for text, due_on in (("丙", None), ("乙", "2026-11-30"), ("甲", "2026-11-20"), ("丁", "2026-11-22")):
        actions.add_resolution(db, actor, meeting.id, text, due_on=due_on)
    found = queries.open_resolutions(db, "2026-11-22")
    assert [(row.text, row.late, row.overdue) for row in found] == [
        ("甲", 2, True),
        ("丁", 0, False),
        ("乙", -8, False),
        ("丙", None, False),
    ]
    actions.finish_resolution(db, actor, found[0].id)
    assert [row.text for row in queries.open_resolutions(db, "2026-11-22")] == ["丁", "乙", "丙"]


def test_the_next_meeting_finds_the_last_one_of_its_kind(db: Database, actor: Actor) -> None:
    meeting, _ = whole(db, actor)
    actions.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-24 09:00"))
    last = queries.last_meeting_of_kind(db, "党员大会", before="2026-12-22 15:00")
    assert last is not None
    assert (last.meeting.id, [row.text for row in last.resolutions]) == (meeting.id, ["十二月底前修好"])
    assert queries.last_meeting_of_kind(db, "党员大会", before="2026-11-22 15:00") is None
    assert [line.name for line in rosters.roster_of_meeting(db, meeting.id)] == list(PEOPLE)


def test_issues_are_counted_by_type_and_year(db: Database, actor: Actor) -> None:
    first, second = called(db, actor), called(db, actor)
    other = actions.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-24 09:00"))
    actions.change_meeting(db, actor, first.id, issue_no=queries.suggested_issue(db, first))
    assert file_of(db, first).meeting.issue_no == "第1期"
    assert queries.suggested_issue(db, second) == "第2期"
    assert queries.suggested_issue(db, other) == "第1期"


def test_the_roster_of_a_branch_gives_the_vote_to_full_members_alone(app: App, db: Database, actor: Actor) -> None:
    branch = organisation.found_node(db, actor, OrgNode(line="党组织", level=3, kind="党支部", name="桂花苑党支部"))
    for name, kind in (("王东", "正式"), ("李梅", "预备"), ("赵刚", "入党积极分子")):
        with db.transaction(actor, "登记居民") as tx:
            person = tx.add(Person(name=name))
        organisation.register_party_member(db, actor, PartyMember(person_id=person.id, node_id=branch.id, kind=kind))
    roster = rosters.roster_of_branch(db, branch.id, "2026-11-22")
    assert sorted((line.name, line.voting) for line in roster) == [("李梅", False), ("王东", True)]


def test_the_roster_of_a_node_names_everybody_once_with_all_posts(db: Database, actor: Actor) -> None:
    node = organisation.found_node(db, actor, OrgNode(line="自治", level=2, kind="社区居委会", name="江山社区居委会"))
    for role, name in (("主任", "王东"), ("委员", "李梅"), ("网格员", "王东")):
        organisation.appoint(db, actor, Seat(node_id=node.id, role=role, name=name))
    roster = rosters.roster_of_node(db, node.id, "2026-11-22")
    assert [(line.name, line.post) for line in roster] == [("王东", "主任、网格员"), ("李梅", "委员")]


def test_a_signature_is_not_taken_back(db: Database, actor: Actor) -> None:
    """Undo right after signing would unlock a record that people put their names to."""
    meeting, _ = whole(db, actor)
    actions.sign(db, actor, meeting.id, "王东、李梅")
    last = last_action(db, actor)
    assert last is not None
    with pytest.raises(AppError, match="不能撤销"):
        undo(db, actor, last[0])
    assert file_of(db, meeting).signed
