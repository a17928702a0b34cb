"""Papers of votes and matters: what they say, where it stands, and when they refuse."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from desktop_app.matters import actions as matters
from desktop_app.matters import quarter
from desktop_app.matters.actions import Deed
from desktop_app.meetings import actions, balloting, noting
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.places.actions import add_building, add_estate
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.four_two import FourTwo
from desktop_app.printing.forms.matter_assignment import MatterAssignment
from desktop_app.printing.forms.matter_notice import MatterNotice
from desktop_app.printing.forms.matter_sheet import MatterSheet
from desktop_app.printing.forms.meeting_notice import MeetingNotice
from desktop_app.printing.forms.meeting_record import MeetingRecord
from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.forms.quarter_sheet import QuarterSheet
from desktop_app.printing.forms.vote_slip import VoteSlip
from desktop_app.printing.forms.vote_tally import VoteTally
from desktop_app.shared.errors import AppError

HALL = "红旗桥社区党群服务中心二楼"


@pytest.fixture
def meeting(app) -> Meeting:
    """A branch meeting with a vote, noted down by two people."""
    new = Meeting(
        kind="党员大会", title="", starts_at="2026-11-22 09:00", place=HALL, chair="陈𫖯", notice_on="2026-11-18"
    )
    people = [RosterLine(name, unit="一支部") for name in ("陈𫖯", "罗㛃", "覃䶮", "盖𬭊")]
    made = actions.call_meeting(app.db, app.actor, new, [*people, RosterLine("赵强", unit="派出所", capacity="列席")])
    item = actions.add_agenda_item(app.db, app.actor, made.id, "修单车棚", proposer="罗㛃")
    actions.mark_all(app.db, app.actor, made.id)
    noting.keep(app.db, app.actor, made.id, item.id, "罗㛃：早该修了。")
    actions.record_vote(
        app.db, app.actor, item.id, 3, 0, 1, "无记名投票", ballots_issued=4, ballots_returned=4, teller="覃䶮"
    )
    return made


@pytest.fixture
def matter(app):
    made = matters.propose(
        app.db,
        app.actor,
        matters.blank(app.db, title="修单车棚", text="棚顶漏雨。", proposer="罗㛃", template="four_two"),
    )
    for deed in (
        Deed("推进"),
        Deed("商议", text="两委商议，同意提交大会。"),
        Deed("推进"),
        Deed("决定", outcome="通过", text="同意3票，弃权1票。"),
        Deed("推进"),
        Deed("决定", outcome="通过", text="居民代表会议同意。"),
        Deed("推进"),
        Deed("公示", how="公告栏", until_on="2026-11-29"),
        Deed("推进"),
        Deed("交办", to_whom="物业", helpers="业委会", due_on="2026-12-31", text="雨季前完成。"),
    ):
        matters.act(app.db, app.actor, made.id, deed)
    return made


def text_of(measured: Callable, form, app, subject: str) -> str:
    return measured(form.draw(form.collect(app, [subject]))).all_text()


def test_the_notice_says_what_when_where_and_who_is_asked(app, meeting, measured) -> None:
    text = text_of(measured, MeetingNotice(), app, meeting.id)
    for words in (
        "关于召开支部党员大会的通知", "会议时间：2026年11月22日9时00分", f"会议地点：{HALL}", "主持人：陈𫖯",
        "1. 修单车棚",
        "参会人员：一支部陈𫖯、罗㛃、覃䶮、盖𬭊。", "列席：派出所赵强。", "江山社区", "2026年11月18日",
    ):  # fmt: skip
        assert words in text, words


def test_a_notice_without_a_place_is_a_draft_only(app, meeting, measured) -> None:
    actions.change_meeting(app.db, app.actor, meeting.id, place=None)
    form = MeetingNotice()
    papers = form.collect(app, [meeting.id])
    with pytest.raises(AppError, match=r"还缺：地点.*草稿"):
        form.draw(papers)
    assert "草稿" in measured(form.draw(papers, Choice(draft=True))).text()


def test_a_secret_slip_names_nobody_and_there_is_one_for_each_voter(app, meeting, measured) -> None:
    paper = measured(VoteSlip().draw(VoteSlip().collect(app, [meeting.id])))
    assert paper.pages == 2
    text = paper.all_text()
    assert text.count("支部党员大会表决票") == 4
    assert not any(name in text for name in ("陈𫖯", "罗㛃", "盖𬭊"))
    upper, lower = paper.find("支部党员大会表决票", 1, 0), paper.find("支部党员大会表决票", 1, 1)
    assert lower[0].origin[1] - upper[0].origin[1] == pytest.approx(297 / 2, abs=0.1)


def test_the_tally_shows_the_arithmetic_and_the_words_the_rule_allows(app, meeting, measured) -> None:
    text = text_of(measured, VoteTally(), app, meeting.id)
    for words in ("发出　4 票", "收回　4 票", "同意 3 票，反对 0 票，弃权 1 票", "应到 4 · 实到 4 · 需要 2 · 达到",
                  "同意 3 · 需要 3 · 达到", "表决通过", "覃䶮"):  # fmt: skip
        assert words in text, words
    (item,) = app.db.rows("SELECT id FROM agenda_item")[0]
    actions.change_agenda_item(app.db, app.actor, item, ballots_returned=5)
    text = text_of(measured, VoteTally(), app, meeting.id)
    assert "不作判定：收回 5 票，多于发出的 4 票，这次表决无效" in text
    assert "表决通过" not in text


def test_the_tally_of_owners_lists_every_room_with_its_area(app, measured) -> None:
    db, actor = app.db, app.actor
    estate = add_estate(db, actor, Estate(name="桂花苑"))
    building, _ = add_building(
        db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=3, per_floor=2)
    )
    with db.transaction(actor, "面积") as tx:
        for (room,) in tx.rows("SELECT id FROM room"):
            tx.change(Room, room, area_m2=89.52)
    called = actions.call_meeting(db, actor, Meeting(kind="业主大会", title="", starts_at="2026-11-22 09:00"))
    item = actions.add_agenda_item(db, actor, called.id, "换电梯")
    actions.change_agenda_item(db, actor, item.id, vote_rule="民法典278(1)-(5)(9)")
    balloting.make_roll(db, actor, item.id, [building.id])
    balloting.enter_words(db, actor, item.id, ["3-101,3-102,3-201,3-202=同意", "3-301=反对"])
    text = text_of(measured, VoteTally(), app, called.id)
    for words in ("同意 4 人 358.08 平方米", "专有部分面积：参与 447.60 / 537.12 · 需要 358.08 · 达到", "表决通过",
                  "桂花苑3栋302室", "未收回"):  # fmt: skip
        assert words in text, words
    slips = measured(VoteSlip().draw(VoteSlip().collect(app, [called.id])))
    assert slips.pages == 3
    assert "房号：桂花苑3栋101室" in slips.text(1)
    assert "专有部分面积：89.52 ㎡" in slips.text(1)


def test_the_assignment_names_lead_helpers_and_deadline_and_leaves_room_for_two_seals(app, matter, measured) -> None:
    text = text_of(measured, MatterAssignment(), app, matter.id)
    for words in ("议题交办单", "编号：议2026-001", "牵头单位", "物业", "业委会", "2026年12月31日", "雨季前完成。"):
        assert words in text, words
    assert text.count("（盖章）") == 2
    bare = matters.propose(app.db, app.actor, matters.blank(app.db, title="路灯", proposer="王小明"))
    with pytest.raises(AppError, match="还没有交办"):
        MatterAssignment().collect(app, [bare.id])


def test_four_deliberations_and_two_publications_are_six_sheets(app, matter, measured) -> None:
    paper = measured(FourTwo().draw(FourTwo().collect(app, [matter.id])))
    assert paper.pages == 6
    names = ("党支部提议", "“两委”商议", "党员大会审议", "居民（代表）会议决议", "决议公开", "实施结果公开")
    for page, name in enumerate(names, 1):
        assert name in paper.text(page).replace("\r\n", ""), page
    assert "同意3票，弃权1票。" in paper.text(3).replace("\r\n", "")
    assert "居务监督委员会" in paper.text(5).replace("\r\n", "")


def test_the_sheet_and_the_notice_say_how_far_a_matter_is(app, matter, measured) -> None:
    sheet = text_of(measured, MatterSheet(), app, matter.id)
    assert "四议两公开议题单" in sheet
    assert "牵头：物业" in sheet
    notice = text_of(measured, MatterNotice(), app, matter.id)
    assert "现将“修单车棚”有关情况公示如下" in notice
    assert "公示时间：2026年11月22日至2026年11月29日。" in notice
    assert "罗㛃" not in notice
    big = measured(MatterNotice().draw(MatterNotice().collect(app, [matter.id]), Choice(size="A3")))
    assert big.size() == (297.0, 420.0)
    bare = matters.propose(app.db, app.actor, matters.blank(app.db, title="路灯", proposer="王小明"))
    with pytest.raises(AppError, match="没有打印公示"):
        MatterNotice().collect(app, [bare.id])


def test_the_quarters_sheet_tells_what_is_done_and_what_is_not(app, meeting, measured) -> None:
    quarter.tick(app.db, app.actor, "2026Q4", 4, "2026-11-20", "联合消防演练")
    text = text_of(measured, QuarterSheet(), app, "2026Q4")
    assert "2026年第4季度“四个一”完成情况表" in text
    assert "2026年11月20日　联合消防演练" in text
    assert (text.count("已完成"), text.count("未完成")) == (1, 3)
    assert "完成 1 项，共 4 项" in text


def test_the_record_holds_what_was_noted_and_who_holds_a_proxy(app, meeting, measured) -> None:
    row = app.db.scalar("SELECT id FROM attendance WHERE name='盖𬭊'")
    actions.mark(app.db, app.actor, row, "委托", None, "罗㛃")
    text = text_of(measured, _Draft(MeetingRecord()), app, meeting.id)
    assert "罗㛃：早该修了。" in text
    assert "盖𬭊（委托罗㛃）" in text


class _Draft:
    """A form whose drafts are looked at."""

    def __init__(self, form) -> None:
        self._form = form

    def collect(self, app, subjects):
        return self._form.collect(app, subjects)

    def draw(self, papers):
        return self._form.draw(papers, Choice(draft=True))


def test_three_parties_put_their_seals_side_by_side_on_one_page(app, measured) -> None:
    new = Meeting(
        kind="三方联席会议", title="停车", starts_at="2026-11-22 09:00", ends_at="2026-11-22 10:00", place=HALL,
        chair="陈𫖯", recorder="李梅", notice_on="2026-11-18", notice_how="电话", lead="现纪要如下：",
    )  # fmt: skip
    people = [RosterLine("甲", unit="居民委员会"), RosterLine("乙", unit="业主委员会")]
    called = actions.call_meeting(app.db, app.actor, new, people)
    actions.mark_all(app.db, app.actor, called.id)
    item = actions.add_agenda_item(app.db, app.actor, called.id, "停车")
    noting.keep(app.db, app.actor, called.id, item.id, "甲：划线。")
    actions.add_resolution(app.db, app.actor, called.id, "划线", agenda_id=item.id, owner="物业", due_on="2026-12-01")
    with pytest.raises(AppError, match="物业服务企业到会或缺席的记录"):
        Minutes().draw(Minutes().collect(app, [called.id]))
    (away,) = actions.set_attendance(app.db, app.actor, called.id, [RosterLine("丙", unit="物业服务企业")])
    actions.mark(app.db, app.actor, away.id, "缺席", "通知三次未到")
    paper = measured(Minutes().draw(Minutes().collect(app, [called.id])))
    page = paper.pages
    seals = [paper.find("（盖章）", page, nth)[0] for nth in range(3)]
    assert len({round(box.origin[1], 1) for box in seals}) == 1
    steps = [after.origin[0] - before.origin[0] for before, after in pairwise(seals)]
    assert steps == pytest.approx([52, 52], abs=0.1)
    days = paper.find("年　月　日".replace("　", ""), page)
    assert days[0].origin[1] - seals[0].origin[1] > 40  # a seal of 42 mm finds room


def test_a_record_changed_after_its_signature_is_no_final_print(app, meeting) -> None:
    db, actor = app.db, app.actor
    for name, value in {"chair_post": "书记", "recorder": "李梅", "ends_at": "2026-11-22 10:00"}.items():
        actions.change_meeting(db, actor, meeting.id, **{name: value})
    item = db.scalar("SELECT id FROM agenda_item")
    actions.add_resolution(db, actor, meeting.id, "修好", agenda_id=item)
    actions.sign(db, actor, meeting.id, "陈𫖯、李梅")
    form = MeetingRecord()
    form.draw(form.collect(app, [meeting.id]))
    with db.transaction(actor, "别处") as tx:
        tx.execute("UPDATE resolution SET text='不修了'")
    with pytest.raises(AppError, match=r"核对签字后的变动（议定事项）"):
        form.draw(form.collect(app, [meeting.id]))


def test_a_paper_of_ten_thousand_characters_without_a_break_is_laid_out(app, matter, measured) -> None:
    matters.act(app.db, app.actor, matter.id, Deed("进展", text="很" * 10_000, progress=5))
    paper = MatterSheet().collect(app, [matter.id])[0]
    drawn = measured(MatterSheet().draw([replace(paper, text="长" * 10_000)]))
    assert drawn.pages > 5
