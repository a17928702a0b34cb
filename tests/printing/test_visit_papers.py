"""The papers of visits fit their sheets, name who should be named, and leave room to write."""

from collections.abc import Callable

import pytest

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.goods_receipt import GoodsReceipt
from desktop_app.printing.forms.missed_note import MissedNote, NotePaper
from desktop_app.printing.forms.visit_route import VisitRoute
from desktop_app.printing.forms.visit_sheet import MemberRow, VisitPaper, VisitSheet
from desktop_app.printing.walks import WalkPaper
from desktop_app.visits.campaigns import RouteStop

ROOMS = ("家庭情况", "走访情况", "困难需求", "诉求与建议", "后续工作")

RESULTS = ("见面", "无人", "拒访", "电话", "空置", "搬离")


def walk(count: int) -> WalkPaper:
    stops = tuple(
        RouteStop("h", "r", "桂花苑", "10", str(unit), f"{floor}01", f"王小明{unit}{floor}", 3, ("独居老人", "党员"))
        for unit in range(1, 4)
        for floor in range(1, count + 1)
    )
    return WalkPaper(
        "冬季送温暖敲门行动",
        "江山社区",
        stops,
        "第一组",
        2,
        "健康爱心包",
        "2026年11月20日至2026年11月30日",
        results=RESULTS,
        untold=frozenset({"党员"}),
    )


def ink(paper, page=1):
    return [box for box in paper.boxes(page) if box.ch.strip()]


def test_a_blank_sheet_is_one_page_with_every_box_and_nobody_on_it(measured: Callable) -> None:
    paper = measured(VisitSheet().draw([VisitPaper("江山社区", results=RESULTS)]))
    assert (paper.pages, paper.size()) == (1, (210.0, 297.0))
    for words in (*ROOMS, "走访时间", "走访人员", "□见面□无人□拒访□电话□空置□搬离", "被访人签名"):
        paper.find(words)


def test_what_was_told_stands_in_its_box(measured: Callable) -> None:
    told = (("走访情况", "老人在家，一切平安"), ("诉求与建议", "希望安装扶手"))
    members = (MemberRow("王桂英", "户主", "女", "86", "独居老人、低保"),)
    filled = VisitPaper(
        "江山社区",
        "桂花苑10栋101室",
        "王桂英",
        members,
        on="2026年11月20日",
        workers="张三",
        result="见面",
        told=told,
        results=RESULTS,
    )
    paper = measured(VisitSheet().draw([filled]))
    assert "√见面" in "".join(box.ch for box in ink(paper))
    label, line = paper.find("诉求与建议")[0], paper.find("希望安装扶手")[0]
    above, below = paper.find("困难需求")[0], paper.find("后续工作")[0]
    assert above.bottom < line.top < line.bottom < below.top
    assert line.left > label.right


@pytest.mark.parametrize("length", [0, 40, 400, 1500])
@pytest.mark.parametrize("count", [0, 5, 9])
def test_however_much_is_told_a_sheet_stays_one_page_within_its_margins(
    measured: Callable, length: int, count: int
) -> None:
    told = tuple((name, "情况良好，" * (length // 5)) for name in ROOMS)
    members = tuple(MemberRow(f"王小明{at}", "子", "男", "30", "残疾、低保、独居老人、大病慢病") for at in range(count))
    paper = measured(VisitSheet().draw([VisitPaper("江山社区", "桂花苑" * 20, members=members, told=told)]))
    assert paper.pages == 1
    assert all(box.left >= 14 and box.right <= 196 and box.bottom <= 292 for box in ink(paper))
    assert paper.find("后续工作")[0].bottom < paper.find("被访人签名")[0].top


@pytest.mark.parametrize("count", [1, 7, 40])
def test_every_door_stands_on_the_route_once_in_order(measured: Callable, count: int) -> None:
    paper = measured(VisitRoute().draw([walk(count)], Choice(footer="打印人 张三")))
    assert paper.size() == (297.0, 210.0)
    text = paper.all_text()
    places = [text.index(f"王小明{unit}{floor}") for unit in (1, 2, 3) for floor in (1, count)]
    assert places == sorted(places)
    assert text.count("桂花苑10栋2单元") == 1
    assert text.count("□见面") == 3 * count + 3
    assert "党员" not in text
    for page in range(1, paper.pages + 1):
        assert all(box.left >= 12 and box.right <= 285 and box.bottom <= 203 for box in ink(paper, page))
        assert f"第 {page} 页，共 {paper.pages} 页" in paper.text(page)


def test_a_row_of_the_route_is_high_enough_to_write_in(measured: Callable) -> None:
    paper = measured(VisitRoute().draw([walk(2)]))
    first, second = paper.find("王小明11")[0], paper.find("王小明12")[0]
    assert second.top - first.top >= 10
    assert paper.find("□见面")[0].top == pytest.approx(paper.find("□搬离")[0].top, abs=0.5)


def test_a_receipt_names_the_goods_at_every_door(measured: Callable) -> None:
    paper = measured(GoodsReceipt().draw([walk(4)]))
    assert paper.size() == (210.0, 297.0)
    assert paper.all_text().count("健康爱心包") == 12
    assert "签收人签名" in paper.text()
    assert all(box.left >= 15 and box.right <= 195.5 for box in ink(paper))


def test_each_team_begins_a_page(measured: Callable) -> None:
    assert measured(GoodsReceipt().draw([walk(1), walk(1)])).pages == 2
    assert measured(VisitRoute().draw([walk(1), walk(1)])).pages == 2


NOTE = NotePaper(
    "江山社区",
    "桂花苑10栋1单元101室",
    "取暖安全提示，发放健康爱心包" * 2,
    "027-0000-6618",
    "红旗桥路 18 号",
    "8:30–17:30",
)


def test_ten_notes_lie_on_a_sheet_each_within_its_card(measured: Callable) -> None:
    paper = measured(MissedNote().draw([NOTE] * 11))
    assert (paper.pages, paper.size()) == (2, (210.0, 297.0))
    titles = [paper.find("未遇留言卡", nth=at)[0] for at in range(10)]
    assert {round(box.left) for box in titles} == {round(titles[0].left), round(titles[0].left) + 90}
    assert titles[2].top - titles[0].top == pytest.approx(54, abs=0.1)


def test_a_single_note_has_the_size_of_a_card_and_keeps_its_edges(measured: Callable) -> None:
    paper = measured(MissedNote().draw([NOTE], Choice(size="90×54")))
    assert paper.size() == (90.0, 54.0)
    assert all(box.left >= 4 and box.right <= 86 and box.bottom <= 52 for box in ink(paper))
    paper.find("027-0000-6618")
    paper.find("来访人：")
