"""Lists and room charts fit their paper, whatever stands in them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.room_chart import RoomBox, RoomChart, RoomChartPaper
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.tables import Column, Style, column_widths, lay_out, paginate

COLUMNS = (Column("序号", 12, "right"), Column("姓名"), Column("住址"), Column("备注"))


def listed(count: int, note: str = "需要上门送餐，子女在外地务工") -> TablePaper:
    rows = tuple((str(i + 1), f"王小明{i}", f"桂花苑{i}栋2单元{i}01室", note) for i in range(count))
    return TablePaper("居民名册", COLUMNS, rows, f"共{count}人")


@pytest.mark.parametrize(
    ("size", "page"), [("A4 纵向", (210.0, 297.0)), ("A4 横向", (297.0, 210.0)), ("A3 横向", (420.0, 297.0))]
)
def test_a_list_has_the_paper_chosen(size: str, page: tuple[float, float], measured: Callable) -> None:
    assert measured(TableForm().draw([listed(5)], Choice(size=size))).size() == page


def test_every_row_is_printed_once_and_the_head_on_every_page(measured: Callable) -> None:
    paper = measured(TableForm().draw([listed(100)], Choice(footer="打印时间 2026年11月22日")))
    text = paper.all_text()
    assert paper.pages > 1
    for i in range(100):
        assert text.count(f"桂花苑{i}栋2单元") == 1
    for page in range(1, paper.pages + 1):
        assert "住址" in paper.text(page)
        assert f"第 {page} 页，共 {paper.pages} 页" in paper.text(page)
        assert "打印时间" in paper.text(page)


def test_nothing_of_a_list_leaves_the_margins(measured: Callable) -> None:
    paper = measured(TableForm().draw([listed(40, "很长的备注" * 30)]))
    for page in range(1, paper.pages + 1):
        boxes = [box for box in paper.boxes(page) if box.ch.strip()]
        assert min(box.left for box in boxes) >= 15
        assert max(box.right for box in boxes) <= 195
        assert max(box.bottom for box in boxes) <= 290


def test_an_empty_list_says_so(measured: Callable) -> None:
    assert "没有记录" in measured(TableForm().draw([listed(0)])).text()


def test_a_cell_higher_than_a_page_is_still_printed(measured: Callable) -> None:
    paper = TablePaper("名册", (Column("备注", 20),), (("长" * 3000,), ("短",)))
    assert "短" in measured(TableForm().draw([paper])).all_text()


@settings(max_examples=50)
@given(st.lists(st.text("国a1，", max_size=60), min_size=1, max_size=9), st.integers(100, 400))
def test_columns_always_fill_the_width(cells: list[str], width: int) -> None:
    columns = [Column("列") for _ in cells]
    widths = column_widths(columns, [cells], width, Style())
    assert sum(widths) == pytest.approx(width)
    assert min(widths) > 0


@given(st.lists(st.integers(1, 6), max_size=40), st.integers(40, 100))
def test_pages_keep_all_rows_in_order(heights: list[int], room: int) -> None:
    style = Style()
    rows = [lay_out(["\n".join([str(i)] * lines)], [50], style) for i, lines in enumerate(heights)]
    pages = paginate(rows, room / 2, room)
    assert [row for page in pages for row in page] == rows
    for number, page in enumerate(pages):
        used = sum(row.height for row in page)
        assert used <= (room if number else room / 2) + 0.01 or len(page) == 1


def chart(units: int, floors: int, per_floor: int) -> RoomChartPaper:
    rooms = tuple(
        RoomBox(f"{floor}{seq:02d}", floor, str(unit), seq, ("王小明", "3人"))
        for unit in range(1, units + 1)
        for floor in range(1, floors + 1)
        for seq in range(1, per_floor + 1)
    )
    return RoomChartPaper("桂花苑3栋 楼栋图", rooms, "江山社区")


@pytest.mark.parametrize("size", RoomChart.sizes)
@pytest.mark.parametrize(("units", "floors", "per_floor"), [(1, 1, 1), (3, 7, 2), (1, 33, 4), (6, 6, 3), (2, 11, 20)])
def test_every_room_stands_on_the_chart_once(
    size: str, units: int, floors: int, per_floor: int, measured: Callable
) -> None:
    paper = measured(RoomChart().draw([chart(units, floors, per_floor)], Choice(size=size)))
    width, height = paper.size()
    boxes = [box for page in range(1, paper.pages + 1) for box in paper.boxes(page) if box.ch.strip()]
    assert all(box.left > 8 and box.right < width - 8 and box.bottom < height - 8 for box in boxes)
    assert paper.all_text().count("王小明") == units * floors * per_floor


def test_floors_stand_from_the_top_down(measured: Callable) -> None:
    paper = measured(RoomChart().draw([chart(1, 7, 1)]))
    assert paper.find("701")[0].top < paper.find("101")[0].top
    assert "1单元" in paper.text()


def test_rooms_without_a_floor_and_below_ground_are_not_lost(measured: Callable) -> None:
    rooms = (RoomBox("101", 1), RoomBox("负101", -1), RoomBox("物业房", None))
    text = measured(RoomChart().draw([RoomChartPaper("楼栋图", rooms)])).text()
    assert "未定" in text
    assert "-1层" in text


def test_a_building_without_rooms_says_so(measured: Callable) -> None:
    assert "还没有登记房屋" in measured(RoomChart().draw([RoomChartPaper("楼栋图", ())])).text()
