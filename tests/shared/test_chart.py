"""A chart says in words and numbers what its bars show."""

import pytest

from desktop_app.shared.chart import BAD, GOOD, Bar, Chart, Part, share


def bar(name: str, there: int, away: int) -> Bar:
    return Bar(name, (Part("出席", there, GOOD), Part("缺席", away, BAD)))


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(1, 2, "50%"), (2, 3, "66%"), (999, 1000, "99%"), (1, 1, "100%"), (0, 0, "—")]
)
def test_only_all_of_them_are_a_hundred_per_cent(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


def test_a_bar_says_its_parts_and_its_share() -> None:
    assert (bar("物业", 3, 1).words, bar("物业", 3, 1).end) == ("出席 3，缺席 1", "3／4　75%")
    assert (bar("物业", 0, 0).words, bar("物业", 0, 0).end) == ("没有", "0／0　—")


def test_bars_against_each_other_are_as_long_as_their_numbers() -> None:
    chart = Chart("在哪一步", (bar("提", 1, 1), bar("办", 4, 0)), alike=False)
    assert [chart.scale(one) for one in chart.bars] == [0.5, 1.0]
    assert Chart("到会", chart.bars).scale(chart.bars[0]) == 1.0
    assert Chart("到会", (bar("无", 0, 0),)).scale(bar("无", 0, 0)) == 0.0


def test_the_workbook_has_a_column_for_every_part_and_nought_where_a_bar_lacks_it() -> None:
    chart = Chart("楼栋", (bar("三栋", 2, 1), Bar("四栋", (Part("没有", 1),))), head="楼")
    assert chart.table() == (
        ("楼", "出席", "缺席", "没有", "合计", "说明"),
        [("三栋", 2, 1, 0, 3, "2／3　66%"), ("四栋", 0, 0, 1, 1, "1／1　100%")],
    )
    assert chart.key == "出席 2　缺席 1　没有 1"
    assert Chart("进度", chart.bars, sums=False).key == "出席　缺席　没有"
