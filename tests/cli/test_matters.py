"""`linli matter …` and `linli meeting …`: deliberation and votes without a screen."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def no(run: Run) -> str:
    done = run("matter", "add", "修门禁", "--proposer", "单守诚", "--households", "5", "--json")
    assert done.code == 0, done.err
    return done.value["no"]


def test_a_matter_goes_its_way_step_by_step(run: Run, no: str) -> None:
    assert run("matter", "act", no, "推进").code == 0
    refused = run("matter", "act", no, "推进")
    assert refused.code == 1
    assert "还没有商议记录" in refused.err
    assert run("matter", "act", no, "商议", "--text", "议过").code == 0
    told = run("matter", "act", no, "推进", "--json").value
    assert (told["step"], told["step_name"], told["blocked"]) == (3, "民事民决", "还没有作出决定")
    assert "修门禁" in run("matter", "list", "--phase", "在办").out
    shown = run("matter", "show", no).out
    assert "民事民提 → 民事民议 → [民事民决]" in shown
    assert run("matter", "show", "没有").code == 1


def test_the_register_of_matters_is_a_workbook(run: Run, no: str, tmp_path: Path) -> None:
    assert run("matter", "export", "-o", tmp_path / "议事.xlsx").code == 0
    assert (tmp_path / "议事.xlsx").stat().st_size > 1000
    assert run("matter", "export", "-o", tmp_path / "议事.csv").code == 2


def test_meetings_are_listed_and_what_is_due_is_told(run: Run, tmp_path: Path) -> None:
    assert "临江嘉苑停车秩序三方联席会议" in run("meeting", "list").out
    assert run("meeting", "list", "-o", tmp_path / "会议.xlsx").code == 0
    due = run("meeting", "due", "--json").value
    assert {"居民会议", "组织生活会"} <= {one["name"] for one in due["types"]}
    assert due["open"]


def test_a_vote_is_kept_and_says_what_it_comes_to(run: Run) -> None:
    three = next(one for one in run("meeting", "list", "--json").value if "三方" in one["title"] and not one["signed"])
    told = run("meeting", "vote", three["id"], "1", "--agree", "5", "--against", "1", "--json").value
    assert (told["counts"], told["passed"]) == ("同意 5 票，反对 1 票，弃权 0 票", None)
    assert "没有可以据以判定的规则" in told["why"]
    odd = run("meeting", "vote", three["id"], "1", "--agree", "50", "--json").value
    assert "多于有表决权的" in odd["why"]
    assert run("meeting", "vote", three["id"], "99").code == 1
    assert "同意 50 票" in run("meeting", "tally", three["id"]).out


def test_owners_ballots_are_entered_by_room_and_counted_by_area(run: Run) -> None:
    votes = run("meeting", "list", "--kind", "业主大会", "--json").value
    told = run("meeting", "tally", votes[0]["id"], "--json").value
    assert told[0]["passed"] is True
    assert any(line.startswith("专有部分面积：参与") for line in told[0]["lines"])
    done = run("meeting", "ballots", votes[0]["id"], "1", "1-401=反对", "1-9999=同意", "--json").value
    assert done["written"] == 1
    assert "1-9999" in done["problems"][0]


def test_the_four_of_a_quarter_are_told_with_what_shows_them(run: Run) -> None:
    told = run("meeting", "quarter", "--json").value
    assert len(told["boxes"]) == 4
    assert run("meeting", "quarter", "--quarter", "去年").code == 1


def test_one_of_the_four_is_ticked_by_hand_and_taken_back(run: Run) -> None:
    made = run("meeting", "tick", "4", "联合消防演练", "--json").value["id"]
    assert made in run("meeting", "quarter").out
    assert run("meeting", "untick", made).code == 0
    assert made not in run("meeting", "quarter").out
    assert run("meeting", "untick", made).code == 1


@pytest.mark.parametrize(
    ("form", "number"),
    [("notice", "2026-002"), ("matter", "议2026-001"), ("four-two", "议2026-007"), ("publicity", "议2026-001"),
     ("assignment", "议2026-003"), ("quarter", "2026Q4"), ("tally", "2026-001"), ("ballot", "2026-001")],
)  # fmt: skip
def test_papers_of_meetings_and_matters_are_printed_by_their_numbers(
    run: Run, tmp_path: Path, form: str, number: str
) -> None:
    done = run("print", form, number, "-o", tmp_path / "单据.pdf")
    assert done.code == 0, done.err
    assert (tmp_path / "单据.pdf").read_bytes().startswith(b"%PDF")
