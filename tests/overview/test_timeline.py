"""One resident's, one household's and one room's line tells everything that was done for them, the latest first."""

import re

import pytest

from desktop_app.appeals import actions as appeals
from desktop_app.appeals import intake
from desktop_app.appeals.deeds import Deed
from desktop_app.attachments.model import Attachment
from desktop_app.care import actions as care
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.meetings.model import Attendance, Meeting
from desktop_app.overview.queries import KINDS, count_by_kind, kinds_for, timeline
from desktop_app.overview.sources import OUTSIDE, SOURCES, SUBJECTS
from desktop_app.papers import actions as papers
from desktop_app.points import actions as points
from desktop_app.points import opening, rules
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.store.base import record_classes
from desktop_app.visits import actions as visits
from desktop_app.visits import knocking
from desktop_app.visits.campaigns import homes_in
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Campaign, Visit
from sync_protocol.behaviours import TABLES
from tests.care.conftest import DAY, grandmother, street  # noqa: F401 fixtures: a street of five buildings, who lives there

REFERRED = {"person", "household", "room"}


def kinds(entries):
    return [entry.kind for entry in entries]


@pytest.fixture
def lived(db, actor, street, grandmother):  # noqa: F811
    """A year in the life of 王桂英 and her home."""
    home = street.household(grandmother)
    visits.record(db, actor, Visit(on="2026-03-01", person_id=grandmother.id, purpose="送药", findings="平安"))
    visits.record(db, actor, Visit(on="2026-04-01", household_id=home.id, result="无人"))
    campaign = Campaign(name="送温暖", goods="爱心包", from_on="2026-05-01")
    knocking.make(db, actor, campaign, homes_in(db, [street.buildings["1"].id]), [])
    item = db.scalar("SELECT id FROM campaign_item")
    knocking.enter(db, actor, campaign.id, [Knocked(item, "见面", "2026-05-02", 1, signed=True)])
    bell = care.hang(db, actor, DoorBell(person_id=grandmother.id, kind="门口按键", installed_on="2026-06-01")).bell
    event = DoorBellEvent(
        bell_id=bell.id, kind="报警", at="2026-07-01 03:20", by_name="", who_came="陈建国", cause="摔倒"
    )
    care.note(db, actor, event)
    care.pair(db, actor, CarePair(person_id=grandmother.id, helper_name="李静", from_on="2026-08-01"))
    with db.transaction(actor, "会议") as tx:
        meeting = tx.add(Meeting(kind="residents_council", title="加装电梯议事会", starts_at="2026-09-01 15:00"))
        tx.add(Attendance(meeting_id=meeting.id, seq=1, person_id=grandmother.id, name="王桂英", status="出席"))
        tx.add(
            Attachment(owner_table="person", owner_id=grandmother.id, title="合影.jpg", kind="photo", mime="image/jpeg",
                       size=1, sha256="0" * 64, at=1_790_000_000_000, by_name="张三")
        )  # fmt: skip
    papers.record_print(db, actor, "service_card", "building", grandmother.id, "服务卡", pdf_bytes=b"1")
    return grandmother


def test_everything_that_was_done_is_there_the_latest_first(db, lived):
    entries = timeline(db, "person", lived.id)
    assert {"走访", "敲门", "门铃", "结对", "会议活动", "住处", "打印", "附件"} <= set(kinds(entries))
    assert [entry.on for entry in entries] == sorted((entry.on for entry in entries), reverse=True)
    told = {(entry.on, entry.title) for entry in entries}
    assert ("2026-07-01 03:20", "门铃报警：摔倒") in told
    assert ("2026-08-01", "结对：李静 包保") in told
    assert ("2026-05-02", "送温暖：见面") in told
    assert ("2020-01-01", "住进 桂花苑1-101") in told
    assert any(entry.text == "事由：送药；情况：平安" for entry in entries)


def test_points_stand_on_the_line_of_whoever_owns_the_account(db, actor, street, grandmother):  # noqa: F811
    home = street.household(grandmother)
    hers = opening.open_account(db, actor, rules.MEMBER, person_id=grandmother.id)
    theirs = opening.open_account(db, actor, rules.FAMILY, household_id=home.id)
    points.deposit(db, actor, hers.id, points.Deposit("m01", text="基本分"))
    points.deposit(db, actor, theirs.id, points.Deposit("f03", text="楼道整洁"))
    spent = points.spend(db, actor, hers.id, 20, "换米一袋")
    told = {(one.title, one.text) for one in timeline(db, "person", grandmother.id) if one.kind == "积分"}
    assert told == {("党员积分存入：基本分", "＋60 分"), ("党员积分支出：换米一袋", f"−20 分　凭证 {spent.voucher_no}")}
    with db.transaction(actor, "准备") as tx:
        tx.execute("INSERT INTO points_void VALUES(?,'','另一台电脑已经先存入')", (spent.id,))
    assert any("没有生效：另一台" in one.text for one in timeline(db, "person", grandmother.id))
    (only,) = [one for one in timeline(db, "household", home.id) if one.kind == "积分"]
    assert (only.title, only.text, only.opens_id) == ("家庭积分存入：楼道整洁", "＋2 分", theirs.id)


def test_each_entry_names_the_record_it_opens(db, lived):
    opened = {entry.opens for entry in timeline(db, "person", lived.id)}
    assert {"visit", "campaign", "door_bell", "care_pair", "meeting", "room", "print_job", "attachment"} <= opened
    for entry in timeline(db, "person", lived.id):
        table = {"attachment": "person"}.get(entry.opens, entry.opens)
        assert db.scalar(f"SELECT 1 FROM {table} WHERE id=?", (entry.opens_id,))


def test_a_household_and_a_room_have_lines_of_their_own(db, lived, street):  # noqa: F811
    home = timeline(db, "household", street.household(lived).id)
    assert {"走访", "敲门", "门铃", "结对", "住处"} <= set(kinds(home))
    room = timeline(db, "room", street.room("1", "101").id)
    assert {"走访", "敲门", "门铃", "住处"} <= set(kinds(room))
    assert "王桂英 住进" in [entry.title for entry in room]


def test_an_appeal_and_what_was_done_about_it_stand_in_the_line(db, actor, lived):
    told = intake.blank(db, title="楼道灯不亮", person_id=lived.id)
    made = intake.register(db, actor, told)
    appeals.act(db, actor, made.id, Deed("受理"))
    titles = [entry.title for entry in timeline(db, "person", lived.id, kinds=["诉求"])]
    assert titles == ["诉求受理：楼道灯不亮", "提出诉求：楼道灯不亮"]


def test_a_kind_narrows_and_an_unknown_one_finds_nothing(db, lived):
    assert set(kinds(timeline(db, "person", lived.id, kinds=["走访"]))) == {"走访"}
    assert timeline(db, "person", lived.id, kinds=["占卜"]) == []
    assert dict(count_by_kind(timeline(db, "person", lived.id)))["走访"] == 2
    assert len(timeline(db, "person", lived.id, most=3)) == 3


def test_what_was_done_for_a_home_counts_while_one_lived_there(db, actor, street, lived):  # noqa: F811
    other = street.person("新住户", "1", "102")
    assert "走访" not in kinds(timeline(db, "person", other.id))
    residents.move(db, actor, lived.id, Home(street.room("3", "301").id, relation="户主"), "2026-10-01")
    visits.record(db, actor, Visit(on=DAY, room_id=street.room("1", "101").id))
    assert DAY not in [entry.on for entry in timeline(db, "person", lived.id, kinds=["走访"])]
    assert ("2026-10-01", "搬出 桂花苑1-101") in {
        (entry.on, entry.title) for entry in timeline(db, "person", lived.id, kinds=["住处"])
    }


def test_a_merge_is_told_and_what_the_other_entry_had_comes_along(db, actor, lived):
    twin = residents.register(db, actor, Person(name="王桂英", birth="1940-05-01"))
    visits.record(db, actor, Visit(on="2026-02-01", person_id=twin.id))
    stays = merging.merge(db, actor, lived.id, twin.id)
    entries = timeline(db, "person", stays.id)
    assert "合并" in kinds(entries)
    assert "2026-02-01" in [entry.on for entry in entries]


def test_what_was_taken_back_is_gone_from_the_line(db, actor, lived):
    visit = db.scalar("SELECT id FROM visit WHERE person_id=?", (lived.id,))
    visits.withdraw(db, actor, visit, "登记重复")
    assert visit not in [entry.id for entry in timeline(db, "person", lived.id)]


def test_a_desk_without_accounts_shows_every_kind(db, actor):
    assert kinds_for(db, actor) == KINDS


def test_every_record_with_a_reference_is_a_source_or_stands_outside_with_a_reason():
    """Records of a resident, household or room, by reference or by a field that names the table."""
    named_in = {name for name, told in TABLES.items() if told.follows and told.follows.named_in}
    referring = {
        name
        for name, cls in record_classes().items()
        if any(column.info.get("ref") in REFERRED for column in cls.__table__.columns)
    } | {name for name in named_in if name in record_classes()}
    sources = {table for source in SOURCES for table in source.tables}
    assert not referring - sources - set(OUTSIDE)
    assert not sources & set(OUTSIDE)
    assert not (sources | set(OUTSIDE)) - set(record_classes())
    assert all(len(reason) > 5 for reason in OUTSIDE.values())


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_every_part_asks_by_an_index(db, source):
    """No line of a resident reads a whole table, however many people there are."""
    for part in source.parts:
        for subject in SUBJECTS:
            if subject not in part.source:
                continue
            homes = "WITH home(id,since,until) AS MATERIALIZED (SELECT 'h','','9999') "
            plan = db.rows(f"EXPLAIN QUERY PLAN {homes}SELECT {part.what} FROM {part.source[subject]}", {"id": "x"})
            scans = [row[3] for row in plan if re.match(r"SCAN (?!o\b|home\b|s\b|\(?subquery|CONSTANT)", row[3])]
            assert not scans, (subject, part.source[subject])
