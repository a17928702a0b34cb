"""The papers of partners say who promised what until when, and leave room for both seals on one page with the text."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop_app.partners.rules import Mark
from desktop_app.printing.forms.agreement import AgreementForm
from desktop_app.printing.forms.letter import Letter
from desktop_app.printing.forms.member_record import MemberRecord
from desktop_app.printing.forms.member_roll import MemberRoll
from desktop_app.printing.forms.partner_lists import PartnerLists
from desktop_app.printing.forms.pledge import Pledge
from desktop_app.printing.forms.unit_review import UnitReviewForm
from desktop_app.printing.partner import AgreementPaper, LetterPaper, ListsPaper, MembersPaper, PledgePaper, ReviewPaper

PROMISE = ("单位", "每季度到社区开展一次义诊，并书面告知网格员", "2026年12月31日")


def agreement(count: int) -> AgreementPaper:
    return AgreementPaper(
        "红旗桥社区", "第四医院", "2026-001", "", (PROMISE,) * count, "2026年1月5日", "2027年1月4日", "2026年1月5日"
    )


@pytest.mark.parametrize("count", range(1, 12))
def test_the_seals_of_an_agreement_never_stand_alone_on_a_page(measured: Callable, count: int) -> None:
    paper = measured(AgreementForm().draw([agreement(count)]))
    (seal,) = paper.find("甲方（盖章）", paper.pages)[:1]
    (last,) = paper.find("解决。", paper.pages)[:1]
    assert last.bottom < seal.top


def test_an_agreement_names_both_sides_and_every_promise(measured: Callable) -> None:
    paper = measured(AgreementForm().draw([agreement(2)]))
    for words in (
        "红旗桥社区与第四医院共建协议书",
        "甲方：红旗桥社区",
        "乙方：第四医院",
        "编号：2026-001",
        "乙方：每季度",
    ):
        paper.find(words)


def test_a_pledge_tells_both_directions_apart(measured: Callable) -> None:
    paper = measured(
        Pledge().draw(
            [
                PledgePaper(
                    "红旗桥社区",
                    "公交集团",
                    (("修路灯", "一周内修好", "李卫东", "2026年12月1日"),),
                    (("招聘驾驶员", "发动居民报名", "刘敏", ""),),
                    "2026年11月22日",
                )
            ]
        )
    )
    theirs, ours = paper.find("一、单位认领的社区事项")[0], paper.find("二、社区认领的单位事项")[0]
    assert theirs.top < paper.find("修路灯")[0].top < ours.top < paper.find("招聘驾驶员")[0].top


def test_lists_go_on_a3_and_count_their_items(measured: Callable) -> None:
    row = ("2026-001", "独居老人上门体检", "红旗桥社区", "刘敏", "2026-03-02起", "1", "第四医院", "认领")
    lists = (("需求清单", (row,) * 70), ("资源清单", ()))
    paper = measured(PartnerLists().draw([ListsPaper("三张清单", "红旗桥社区", lists, "2026年11月22日")]))
    assert paper.size() == (420.0, 297.0)
    assert paper.pages > 1
    paper.find("需求清单（70项）")
    paper.find("资源清单（0项）", paper.pages)


def test_a_review_shows_what_was_not_counted(measured: Callable) -> None:
    marks = (Mark("items", "协议事项完成率", "3／4", 30, 23), Mark("claims", "认领事项完成率", "没有", 25, None))
    shown = ReviewPaper("红旗桥社区", "第四医院", 2026, marks, 77, "较好", "按期义诊", "刘敏", "2026年11月22日")
    paper = measured(UnitReviewForm().draw([shown]))
    for words in ("23（满分30）", "没有可计的，不计分", "较好", "2026年度驻区单位评议表"):
        paper.find(words)


def test_a_letter_of_appointment_says_for_how_long(measured: Callable) -> None:
    letter = LetterPaper(
        "红旗桥社区",
        "社区大党委",
        "周建国",
        "兼职委员",
        "第四医院党办",
        "2026-001",
        "2026年1月5日",
        "2027年1月4日",
        "2026年1月5日",
    )
    paper = measured(Letter().draw([letter]))
    assert paper.size() == (297.0, 210.0)
    paper.find("聘期自2026年1月5日至2027年1月4日")


def test_the_roll_and_the_record_of_members_stand_under_their_committee(measured: Callable) -> None:
    roll = ("1", "汪晓岚", "兼职委员", "江北试验医院", "主任", "1****0", "2026-001", "2026-01-01至2026-12-31")
    paper = measured(
        MemberRoll().draw(
            [MembersPaper("红旗桥社区", "红旗桥社区大党委成员名册", (("社区大党委", (roll,)),), "2026年11月22日")]
        )
    )
    assert paper.size() == (297.0, 210.0)
    for words in ("红旗桥社区大党委成员名册", "社区大党委", "汪晓岚", "聘书编号"):
        paper.find(words)
    record = ("1", "汪晓岚", "兼职委员", "江北试验医院", "主任", "2026-001", "3", "2", "5", "")
    paper = measured(
        MemberRecord().draw(
            [MembersPaper("红旗桥社区", "2026年度兼职委员履职台账", (("大党委", (record,)),), "2026年11月22日")]
        )
    )
    for words in ("2026年度兼职委员履职台账", "认领事项", "参加活动"):
        paper.find(words)


def test_both_who_sign_an_agreement_stand_side_by_side(measured: Callable) -> None:
    paper = measured(
        AgreementForm().draw([replace(agreement(1), ours=("李静", "027-00006618"), theirs=("汪晓岚", "1"))])
    )
    ours, theirs = (paper.find(f"代表（签字）：{name}", paper.pages)[0] for name in ("李静", "汪晓岚"))
    assert abs(ours.top - theirs.top) < 1
