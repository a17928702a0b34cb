"""The chart of the organisation is drawn, nothing of it is lost; the board of a team shows every seat."""

from collections.abc import Callable

import pytest

from desktop_app.organisation.rules import TeamBoard, TeamLine
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.org_chart import OrgChart
from desktop_app.printing.forms.team_board import TeamBoardForm
from desktop_app.printing.organisation import BoardPaper, Box, ChartPaper, Column

LEVELS = tuple((f"党{at}", f"自{at}") for at in range(1, 6))


def chart(branches: int, groups: int = 3) -> ChartPaper:
    columns = tuple(
        Column(
            (Box(f"第{at}小区党支部", "王桂英"), Box(f"第{at}小区议事会")),
            tuple(f"{at}区{group}栋党小组　李大山" for group in range(1, groups + 1)),
            at,
        )
        for at in range(1, branches + 1)
    )
    upper = (
        (Box("江畔街道党工委"), Box("江畔街道办事处")),
        (Box("红旗桥社区党委", "贺知秋"), Box("红旗桥社区居委会", "贺知秋")),
    )
    return ChartPaper("红旗桥社区", ("党组织", "自治"), upper, columns, LEVELS, "社区党组织1个", "2026年11月22日")


@pytest.mark.parametrize(("size", "mm"), [("A3 横向", (420.0, 297.0)), ("A4 横向", (297.0, 210.0))])
def test_both_lines_stand_side_by_side_level_by_level(measured: Callable, size: str, mm: tuple[float, float]) -> None:
    paper = measured(OrgChart().draw([chart(5)], Choice(size=size)))
    assert (paper.pages, paper.size()) == (1, mm)
    party, self_government = paper.find("红旗桥社区党委")[0], paper.find("红旗桥社区居委会")[0]
    assert abs(party.top - self_government.top) < 0.5
    assert party.right < self_government.left
    branch = paper.find("第1小区党支部")[0]
    assert party.bottom < branch.top < paper.find("第1小区议事会")[0].top < paper.find("1区1栋党小组")[0].top


def test_branches_that_do_not_fit_go_on_a_further_sheet(measured: Callable) -> None:
    paper = measured(OrgChart().draw([chart(13)]))
    assert paper.pages == 2
    paper.find("第8小区党支部", 1)
    paper.find("第13小区党支部", 2)


def test_groups_that_do_not_fit_are_counted(measured: Callable) -> None:
    paper = measured(OrgChart().draw([chart(8, groups=200)]))
    assert paper.pages == 1
    paper.find("……共200个")
    paper.find("党员中心户8户")


def test_a_seat_nobody_holds_is_shown_as_vacant(measured: Callable) -> None:
    lines = tuple(TeamLine("r", f"职务{at}", "缪桂兰" if at == 1 else "", "", None) for at in range(8))
    board = BoardPaper("红旗桥社区", "红旗小区1栋", TeamBoard("两长五员一户", lines), "", "2026年11月22日")
    paper = measured(TeamBoardForm().draw([board]))
    words = "".join(box.ch for box in paper.boxes(1) if box.ch.strip())
    assert words.count("暂缺") == 7
    assert "两长五员一户1/8" in words
