"""The record, the minutes and the sign-in sheet of a meeting say what they must, and refuse to be final without it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.meeting_notice import MeetingNotice
from desktop_app.printing.forms.meeting_record import MeetingRecord
from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.forms.sign_in_sheet import SignInSheet
from desktop_app.printing.meeting import (
    Attendee,
    Correction,
    Decision,
    MinutesPaper,
    NoticePaper,
    RecordPaper,
    SignInPaper,
    Topic,
    Vote,
    counts,
    names,
)
from desktop_app.shared.errors import AppError

PEOPLE = (
    Attendee("欧阳建华", "社区党委", "书记"),
    Attendee("陈𫖯", "社区党委", "委员"),
    Attendee("张立新", "业委会", "主任"),
    Attendee("孙立群", "街道办事处", status="请假", reason="参加区里会议"),
    Attendee("赵强", "派出所", "民警", capacity="列席", status="列席"),
)
TOPICS = (
    Topic(
        "关于加装电梯",
        "居民代表",
        "欧阳建华：先听意见。\n张立新：方案有两套。",
        Vote("举手", 2, 0, 1),
        (
            Decision("采用连廊式方案", "张立新", "陈𫖯", "2026-02-05"),
            Decision("当面协商", "欧阳建华", "", "2026-01-12"),
        ),
    ),
    Topic("关于车库渗漏", decisions=(Decision("先公示账目。", "张立新", "", "2026-03-01"),)),
)
RECORD = RecordPaper(
    title="桂花苑三方联席会议",
    starts="2026-01-05 09:00",
    ends="2026-01-05 11:20",
    place="二楼议事厅",
    chair="欧阳建华",
    chair_post="社区党委书记",
    recorder="陈𫖯",
    attendees=PEOPLE,
    topics=TOPICS,
)
MINUTES = MinutesPaper(
    mark="江山社区三方联席会议纪要",
    lead="2026年1月5日，欧阳建华主持召开三方联席会议。现纪要如下：",
    topics=tuple(Topic(topic.title, decisions=topic.decisions) for topic in TOPICS),
    attendees=PEOPLE,
    issue="第1期",
    issuer="江山社区党委",
    issued_on="2026-01-06",
)


def record_text(measured: Callable, paper: RecordPaper = RECORD, choice: Choice | None = None) -> str:
    return measured(MeetingRecord().draw([paper], choice or Choice())).all_text()


def test_the_record_says_everything_it_must(measured: Callable) -> None:
    text = record_text(measured)
    for words in (
        "桂花苑三方联席会议记录",
        "时　间：2026年1月5日9时00分至11时20分",
        "地　点：二楼议事厅",
        "主持人：欧阳建华（社区党委书记）",
        "记录人：陈𫖯",
        "应到4人，实到3人，请假1人，列席1人",
        "出　席：社区党委欧阳建华、陈𫖯，业委会张立新",
        "请　假：街道办事处孙立群（参加区里会议）",
        "列　席：派出所赵强",
        "一、关于加装电梯（提出：居民代表）",
        "张立新：方案有两套。",
        "表决：举手表决，同意2票，反对0票，弃权1票。",
        "决议1：采用连廊式方案（责任人：张立新；协办：陈𫖯；完成时限：2026年2月5日）。",
        "二、关于车库渗漏",
        "决议：先公示账目（责任人：张立新；完成时限：2026年3月1日）。",
        "11时20分散会。",
        "主持人（签字）：",
        "记录人（签字）：",
    ):
        assert words in text, words


def test_a_vote_is_said_to_have_carried_only_by_the_caller(measured: Callable) -> None:
    assert "通过" not in record_text(measured)
    told = Topic("关于车库渗漏", vote=Vote("举手", 3, 0, 0, "表决通过"))
    assert "同意3票，反对0票，弃权0票，表决通过。" in record_text(measured, replace(RECORD, topics=(told,)))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("starts", "开始时间"),
        ("ends", "散会时间"),
        ("place", "地点"),
        ("chair", "主持人"),
        ("recorder", "记录人"),
        ("attendees", "应到、实到人员"),
        ("topics", "议题"),
    ],
)
def test_a_final_record_is_refused_naming_what_is_missing(field: str, words: str) -> None:
    paper = replace(RECORD, **{field: () if field in {"attendees", "topics"} else ""})
    with pytest.raises(AppError, match=words) as caught:
        MeetingRecord().draw([paper])
    assert "草稿" in str(caught.value)


def test_a_leave_without_a_reason_is_missing_its_reason() -> None:
    absent = (*PEOPLE, Attendee("王海涛", "物业公司", status="缺席"))
    with pytest.raises(AppError, match="请假、缺席事由"):
        MeetingRecord().draw([replace(RECORD, attendees=absent)])


def test_an_element_the_type_requires_is_named_too() -> None:
    with pytest.raises(AppError, match="业主委员会到会或缺席的记录"):
        MeetingRecord().draw([replace(RECORD, gaps=("业主委员会到会或缺席的记录",))])


def test_a_draft_is_printed_all_the_same_and_says_so_in_its_head(measured: Callable) -> None:
    paper = measured(MeetingRecord().draw([replace(RECORD, recorder="")], Choice(draft=True)))
    for page in range(1, paper.pages + 1):
        assert paper.find("草稿", page)[0].bottom < 37
    assert "草稿" not in record_text(measured)


def test_the_record_counts_its_own_pages(measured: Callable) -> None:
    talk = "\n".join("欧阳建华：" + "说明情况" * 30 for _ in range(12))
    paper = measured(MeetingRecord().draw([replace(RECORD, topics=(Topic("议题", discussion=talk),))]))
    assert paper.pages > 2
    assert f"（本记录共{paper.pages}页）" in paper.all_text()


def test_corrections_follow_the_signatures_with_their_date(measured: Callable) -> None:
    text = record_text(measured, replace(RECORD, corrections=(Correction("2026-01-20", "“48”应为“46”。", "陈𫖯"),)))
    assert text.index("记录人（签字）") < text.index("2026年1月20日陈𫖯更正：“48”应为“46”。")


def test_the_minutes_have_their_parts_in_order(measured: Callable) -> None:
    text = measured(Minutes().draw([MINUTES])).all_text()
    parts = (
        "江山社区三方联席会议纪要",
        "第1期",
        "江山社区党委",
        "2026年1月6日",
        "现纪要如下：",
        "一、关于加装电梯",
        "1. 采用连廊式方案",
        "2. 当面协商",
        "二、关于车库渗漏",
        "会议议定：先公示账目（责任人：张立新；完成时限：2026年3月1日）。",
        "出席：社区党委欧阳建华、陈𫖯，业委会张立新",
        "请假：街道办事处孙立群",
        "列席：派出所赵强",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "参加区里会议" not in text


def test_the_minutes_mark_is_red_and_35_mm_under_the_block(measured: Callable) -> None:
    boxes = measured(Minutes().draw([MINUTES])).find(MINUTES.mark)
    assert min(box.top for box in boxes) == pytest.approx(72, abs=0.5)


def test_one_line_is_left_blank_before_the_lists(measured: Callable) -> None:
    paper = measured(Minutes().draw([replace(MINUTES, topics=MINUTES.topics[1:])]))
    above = paper.find("2026年3月1日")[0].origin[1]
    assert paper.find("出席：")[0].origin[1] - above == pytest.approx(2 * 10.449, abs=0.05)


def test_a_list_of_names_never_parts_a_name(measured: Callable) -> None:
    many = tuple(Attendee("欧阳建华", f"第{i}居民小组") for i in range(20))
    paper = measured(Minutes().draw([replace(MINUTES, attendees=many)]))
    for page in range(1, paper.pages + 1):
        line = "\n".join(paper.text(page).splitlines())
        assert line.count("欧阳建华") == line.replace("\n", "").count("欧阳建华")


def test_decisions_without_a_topic_are_numbered_themselves(measured: Callable) -> None:
    loose = Topic("", decisions=(Decision("公示账目"), Decision("开工维修", due="2026-03-01")))
    text = measured(Minutes().draw([replace(MINUTES, topics=(loose,))])).all_text()
    assert "一、公示账目。二、开工维修（完成时限：2026年3月1日）。" in text


def test_minutes_without_decisions_are_refused() -> None:
    with pytest.raises(AppError, match="议定事项"):
        Minutes().draw([replace(MINUTES, topics=())])


def test_copies_go_into_the_imprint(measured: Callable) -> None:
    assert "抄送：街道党工委。" in measured(Minutes().draw([replace(MINUTES, copies="街道党工委")])).all_text()


def test_counts_leave_out_what_is_nobodys() -> None:
    assert counts(PEOPLE[:3]) == "应到3人，实到3人"
    proxy = Attendee("周小华", status="委托", voting=False)
    assert counts((*PEOPLE[:1], proxy)) == "应到2人，实到1人，委托1人，有表决权1人"


def test_people_of_one_unit_are_named_together() -> None:
    plain = names(PEOPLE[:3]).replace("\u2060", "")
    assert plain == "社区党委欧阳建华、陈𫖯，业委会张立新"


def test_the_sign_in_sheet_names_who_is_called_and_leaves_rows_for_others(measured: Callable) -> None:
    paper = measured(
        SignInSheet().draw([SignInPaper("三方联席会议", "2026-01-05 09:00", "议事厅", "欧阳建华", PEOPLE)])
    )
    text = paper.all_text()
    for words in (
        "三方联席会议签到表",
        "应到：4人",
        "实到：",
        "应到人员（4人）",
        "列席人员（1人）",
        "其他到会人员",
        "电　话",
        "第 1 页",
    ):
        assert words in text
    assert paper.pages == 1
    levels = {round(top, 1) for _, top, right, bottom in paper.rules() if bottom - top < 1 and right > 190}
    assert len(levels) >= 5 + 6 + 3


def test_a_long_sign_in_sheet_repeats_its_head(measured: Callable) -> None:
    paper = measured(SignInSheet().draw([SignInPaper("大会", attendees=PEOPLE * 12)]))
    assert paper.pages == 3
    assert all("签　名" in paper.text(page) for page in (1, 2, 3))
    assert "第 3 页，共 3 页" in paper.text(3)


def test_fourteen_people_and_three_rows_for_others_stand_on_one_sheet(measured: Callable) -> None:
    """No second sheet of empty rows alone."""
    paper = measured(SignInSheet().draw([SignInPaper("议事会", attendees=(*PEOPLE, *PEOPLE, *PEOPLE[:4]))]))
    assert paper.pages == 1


def test_whoever_signs_for_a_unit_with_a_long_name_has_room_to_sign(measured: Callable) -> None:
    paper = measured(MeetingRecord().draw([replace(RECORD, signers=("居民委员会", "江畔安居物业服务有限责任公司"))]))
    label = paper.find("江畔安居物业服务有限责任公司（签字）：", paper.pages)[0]
    room = [right - left for left, top, right, _ in paper.rules(paper.pages) if abs(top - label.bottom) < 3]
    assert max(room, default=0) > 20


def test_a_long_title_is_parted_before_the_name_of_the_meeting(measured: Callable) -> None:
    notice = NoticePaper(
        "临江嘉苑停车秩序三方联席会议", "2026-01-05 09:00", "议事厅", "", (), (), ("各方",), "社区", "2026-01-01",
        "三方联席会议",
    )  # fmt: skip
    paper = measured(MeetingNotice().draw([notice]))
    paper.find("关于召开临江嘉苑停车秩序")
    paper.find("三方联席会议的通知")
    assert paper.pages == 1


@pytest.mark.parametrize(
    ("name", "record_title", "told", "named"),
    [
        ("桂花苑三方联席会议", "三方联席会议记录", "桂花苑三方联席会议记录", False),
        ("2026年第4季度党员大会", "支部党员大会记录", "2026年第4季度支部党员大会记录", False),
        ("红旗小区党支部委员会会议", "支部委员会会议记录", "红旗小区党支部委员会会议记录", False),
        ("商量装电梯", "三方联席会议原始记录", "三方联席会议原始记录", True),
        ("业主碰头会议", "", "业主碰头会议记录", False),
    ],
)
def test_the_record_is_headed_as_its_type_says_and_no_name_is_lost(
    measured: Callable, name: str, record_title: str, told: str, named: bool
) -> None:
    kinds = ("三方联席会议", "支部党员大会", "党员大会")
    text = record_text(measured, replace(RECORD, title=name, record_title=record_title, kinds=kinds))
    assert text.split("编　号")[0].split("时　间")[0].split("名　称")[0].strip() == told
    assert (f"名　称：{name}" in text) == named
