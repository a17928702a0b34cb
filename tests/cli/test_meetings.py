"""`linli meeting …`: a meeting from its call to its signature, and everything that can be wrong about it."""

import pytest
from pypdfium2 import PdfDocument

from tests.cli.conftest import Run

LONG = "漏" * 10_000


@pytest.fixture
def no(run: Run) -> str:
    """A three-party meeting of today with the people of its type on the list, and one item."""
    made = run("meeting", "call", "三方联席会议", "--starts", "2099-05-01 15:00", "--place", "议事厅",
               "--chair", "贺知秋", "--item", "修门禁", "--json")  # fmt: skip
    assert made.code == 0, made.err
    assert made.value["people"] > 5
    return made.value["no"]


def test_a_meeting_goes_from_its_call_to_its_signature(run: Run, no: str) -> None:
    told = run("meeting", "tally", no).out
    assert "还没有表决" in told
    assert run("meeting", "attend", no, "贺知秋").out.startswith("应到")
    assert run("meeting", "note", no, "贺知秋：三方各认一件", "--item", "1").code == 0
    assert run("meeting", "note", no, "程立新：本周修好", "--item", "1").code == 0
    assert (
        run("meeting", "decide", no, "物业一周内修好", "--item", "1", "--owner", "程立新", "--due", "2099-05-08").code
        == 0
    )
    refused = run("meeting", "sign", no, "贺知秋")
    assert refused.code == 1
    assert "会议记录还缺" in refused.err
    lacking = run("meeting", "change", no, "--ends", "2099-05-01 16:00", "--json").value["missing"]
    assert "散会时间" not in lacking


def test_the_agenda_is_put_in_another_order_and_what_is_left_out_follows(run: Run) -> None:
    made = run("meeting", "call", "协调会", "--item", "甲", "--item", "乙", "--item", "丙", "--json").value["no"]
    assert run("meeting", "order", made, "3", "1", "--json").value == ["丙", "甲", "乙"]
    assert "只有 3 项议题" in run("meeting", "order", made, "4").err


def test_a_meeting_that_ends_before_it_begins_is_refused_and_stays_as_it_was(run: Run, no: str) -> None:
    refused = run("meeting", "change", no, "--ends", "2099-05-01 14:00")
    assert refused.code == 1
    assert "散会时间（2099-05-01 14:00）不晚于开始时间（2099-05-01 15:00），没有保存" in refused.err
    wrong = run("meeting", "call", "听证会", "--starts", "明天下午")
    assert wrong.code == 1
    assert "不是有效的时间" in wrong.err


def test_a_proxy_given_twice_is_refused_and_the_first_stands(run: Run, no: str) -> None:
    assert run("meeting", "attend", no, "缪桂兰", "委托", "--proxy", "贺知秋").code == 0
    refused = run("meeting", "attend", no, "尉迟建国", "委托", "--proxy", "贺知秋")
    assert refused.code == 1
    assert "贺知秋已经受缪桂兰委托，不能再受尉迟建国委托，没有保存" in refused.err
    assert "不能委托给自己" in run("meeting", "attend", no, "尉迟建国", "委托", "--proxy", "尉迟建国").err


def test_more_votes_than_voters_are_kept_and_nothing_is_said_of_the_outcome(run: Run, no: str) -> None:
    run("meeting", "attend", no, "贺知秋")
    told = run("meeting", "vote", no, "1", "--agree", "5", "--json").value
    assert (told["passed"], told["counts"]) == (None, "同意 5 票，反对 0 票，弃权 0 票")
    assert "多于有表决权的" in told["why"]
    refused = run("meeting", "vote", no, "1", "--agree", "-1")
    assert refused.code == 1
    assert "没有保存" in refused.err
    assert "同意 5 票" in run("meeting", "tally", no).out


def test_whoever_is_taken_off_the_list_after_the_vote_takes_the_verdict_along(run: Run, no: str) -> None:
    run("meeting", "attend", no, "贺知秋")
    run("meeting", "attend", no, "缪桂兰")
    assert "多于" not in run("meeting", "vote", no, "1", "--agree", "2").out
    assert run("meeting", "attend", no, "缪桂兰", "--remove").code == 0
    assert "多于有表决权的" in run("meeting", "tally", no).out
    assert run("meeting", "attend", no, "没有这个人", "--remove").code == 1


def test_a_type_retired_between_notice_and_meeting_is_said(run: Run, no: str, tmp_path) -> None:
    shown = run("practice", "show", "codes/meeting_types").out
    file = tmp_path / "types.toml"
    file.write_text(shown.replace('code = "three_party"', 'code = "three_party"\nvalid_to = 2099-01-01'), "utf-8")
    assert run("practice", "adopt", "codes/meeting_types", file, "--why", "街道通知").code == 0
    told = run("meeting", "change", no, "--notice-on", "2026-11-01", "--json").value["remarks"]
    assert any("已于 2099-01-01 停用，记录照常保存" in one for one in told)


def test_the_papers_are_headed_as_the_community_has_written_it(run: Run, no: str, tmp_path) -> None:
    file = tmp_path / "types.toml"
    own = run("practice", "show", "codes/meeting_types").out
    for word in ("记录", "纪要"):
        own = own.replace(f'"三方联席会议{word}"', f'"三方会商{word}"')
    file.write_text(own, "utf-8")
    assert run("practice", "adopt", "codes/meeting_types", file, "--why", "本社区的叫法").code == 0
    for form, told in (("record", "三方会商记录"), ("minutes", "三方会商纪要")):
        done = run("print", form, no, "-o", tmp_path / f"{form}.pdf", "--draft")
        assert done.code == 0, done.err
        assert told in PdfDocument(tmp_path / f"{form}.pdf")[0].get_textpage().get_text_range()


def test_a_type_that_does_not_exist_makes_no_meeting(run: Run) -> None:
    before = len(run("meeting", "list", "--json").value)
    refused = run("meeting", "call", "茶话晚会")
    assert refused.code == 1
    assert "没有“茶话晚会”这种会议，没有建会议" in refused.err
    assert len(run("meeting", "list", "--json").value) == before


def test_a_signed_record_takes_nothing_more(run: Run) -> None:
    signed = next(one for one in run("meeting", "list", "--json").value if one["signed"])
    for words in (
        ("change", signed["id"], "--place", "别处"), ("note", signed["id"], "又想起一句"),
        ("decide", signed["id"], "再办一件"), ("attend", signed["id"], "贺知秋"), ("sign", signed["id"], "李静"),
    ):  # fmt: skip
        refused = run("meeting", *words)
        assert refused.code == 1, words
        assert "已经签字" in refused.err, words


def test_control_characters_are_left_out_and_the_words_stay(run: Run, no: str) -> None:
    assert (
        run("meeting", "change", no, "--title", "三方\x07联席\x00\x1b会议\n（续）", "--place", "议事\x85厅").code == 0
    )
    assert run("meeting", "decide", no, "先\x02公示").code == 0
    assert "三方联席会议 （续）" in run("meeting", "list").out
    due = run("meeting", "due", "--json").value["open"]
    assert any(one["text"] == "先公示" for one in due)


def test_ten_thousand_characters_without_a_break_are_kept_and_come_out_on_paper(run: Run, no: str, tmp_path) -> None:
    assert run("meeting", "note", no, LONG, "--item", "1").code == 0
    assert run("meeting", "decide", no, LONG).code == 0
    paper = tmp_path / "记录.pdf"
    assert run("print", "record", no, "--draft", "-o", paper).code == 0
    assert paper.stat().st_size > 10_000
