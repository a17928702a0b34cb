"""The 公文 page has the geometry of GB/T 9704-2012, measured on the paper."""

from collections.abc import Callable

import pytest

from desktop_app.printing.page import Flow, Imprint, chinese, draw_mark, grid, numbered
from desktop_app.printing.sheet import RED, Sheet


def drawn(flow: Flow) -> bytes:
    sheet = Sheet("测试")
    flow.draw(sheet)
    return sheet.finish()


def marked(name: str) -> bytes:
    def head(sheet: Sheet) -> None:
        draw_mark(sheet, name, 72, RED, 44)

    sheet = Sheet("测试")
    Flow(start=80).draw(sheet, head)
    return sheet.finish()


def text_of(count: int) -> Flow:
    flow = Flow()
    flow.paragraph("国" * count, indent=0)
    return flow


def lines_of(boxes: list) -> dict[float, list]:
    found: dict[float, list] = {}
    for box in boxes:
        if box.ch == "国":
            found.setdefault(round(box.origin[1], 1), []).append(box)
    return found


def test_616_characters_fill_a_page_and_the_617th_opens_the_next(measured: Callable) -> None:
    assert measured(drawn(text_of(616))).pages == 1
    assert measured(drawn(text_of(617))).pages == 2


def test_the_page_is_a4_with_22_lines_of_28_characters(measured: Callable) -> None:
    paper = measured(drawn(text_of(616)))
    assert paper.size() == (210.0, 297.0)
    lines = lines_of(paper.boxes())
    assert len(lines) == 22
    assert {len(line) for line in lines.values()} == {28}


def test_the_text_fills_the_block_of_156_by_225_mm(measured: Callable) -> None:
    """37 mm above, 28 mm to the left; em squares, of which 0.88 lies above the baseline."""
    paper = measured(drawn(text_of(616)))
    boxes = [box for box in paper.boxes() if box.ch == "国"]
    em = boxes[0].size * 25.4 / 72
    assert em == pytest.approx(156 / 28, abs=0.01)
    assert boxes[0].origin[0] == pytest.approx(28, abs=0.05)
    assert boxes[0].origin[1] - 0.88 * em == pytest.approx(37, abs=0.05)
    assert boxes[-1].origin[0] + em == pytest.approx(184, abs=0.05)
    assert boxes[-1].origin[1] + 0.12 * em == pytest.approx(262, abs=0.05)


def test_a_line_is_a_character_and_seven_eighths_high() -> None:
    assert grid().pitch / grid().em == pytest.approx(1.875, abs=0.002)


def test_a_paragraph_is_indented_by_two_characters(measured: Callable) -> None:
    flow = Flow()
    flow.paragraph("国" * 40)
    lines = list(lines_of(measured(drawn(flow)).boxes()).values())
    assert [len(line) for line in lines] == [26, 14]
    assert lines[0][0].origin[0] == pytest.approx(28 + 2 * 156 / 28, abs=0.05)
    assert lines[1][0].origin[0] == pytest.approx(28, abs=0.05)


def test_page_numbers_stand_outside_with_dashes_7_mm_under_the_block(measured: Callable) -> None:
    paper = measured(drawn(text_of(616 * 2 + 1)))
    assert paper.pages == 3
    for page in (1, 2, 3):
        first, digit, last = paper.find(f"—{page}—", page)
        assert first.top == pytest.approx(262 + 7, abs=0.1)
        assert digit.size == pytest.approx(14)
        if page % 2:
            assert last.origin[0] + 14 * 25.4 / 72 == pytest.approx(184 - 14 * 25.4 / 72, abs=0.1)
        else:
            assert first.origin[0] == pytest.approx(28 + 14 * 25.4 / 72, abs=0.1)


def test_the_mark_begins_35_mm_under_the_blocks_upper_edge(measured: Callable) -> None:
    boxes = measured(marked("江山社区会议纪要")).find("江山社区会议纪要")
    assert min(box.top for box in boxes) == pytest.approx(37 + 35, abs=0.5)
    assert (boxes[0].left + boxes[-1].right) / 2 == pytest.approx(28 + 78, abs=1.0)


def test_a_long_mark_is_made_to_fit_the_block(measured: Callable) -> None:
    name = "江山街道江山社区三方联席会议纪要"
    boxes = measured(marked(name)).find(name)
    assert boxes[0].left >= 28
    assert boxes[-1].right <= 184.1


def test_the_last_rule_of_the_imprint_lies_on_the_blocks_lower_edge(measured: Callable) -> None:
    flow = Flow(imprint=Imprint("街道党工委，各小区党支部", "江山社区党委", "2026年1月5日"))
    flow.paragraph("国" * 30)
    paper = measured(drawn(flow))
    lowest = max(paper.rules(), key=lambda rule: rule[3])
    assert (lowest[1] + lowest[3]) / 2 == pytest.approx(262, abs=0.1)
    assert lowest[0] == pytest.approx(28, abs=0.4)
    assert lowest[2] == pytest.approx(184, abs=0.4)
    assert "抄送：街道党工委，各小区党支部。" in paper.all_text()


def test_an_imprint_without_room_moves_to_a_page_of_its_own(measured: Callable) -> None:
    flow = text_of(616)
    flow.imprint = Imprint("街道党工委", "江山社区党委", "2026年1月5日")
    assert measured(drawn(flow)).pages == 2


def test_further_lines_of_a_list_begin_where_its_first_began(measured: Callable) -> None:
    flow = Flow()
    flow.labelled("出席：", "国" * 40)
    lines = list(lines_of(measured(drawn(flow)).boxes()).values())
    assert len(lines) == 2
    assert lines[0][0].origin[0] == pytest.approx(28 + 5 * 156 / 28, abs=0.05)
    assert lines[1][0].origin[0] == pytest.approx(lines[0][0].origin[0], abs=0.05)


def test_headings_have_the_faces_of_their_level(measured: Callable) -> None:
    flow = Flow()
    for level in (1, 2, 3, 4):
        flow.heading(level, 1, "标题")
    paper = measured(drawn(flow))
    assert paper.all_text().startswith("一、标题（一）标题1. 标题（1）标题")
    names = " ".join(paper.fonts())
    assert "NotoSansSC-Regular" in names
    assert "LXGWWenKai" in names


def test_a_heading_never_ends_a_page(measured: Callable) -> None:
    flow = Flow()
    flow.paragraph("国" * 28 * 21, indent=0)
    flow.heading(1, 2, "其他事项")
    flow.paragraph("文" * 10)
    paper = measured(drawn(flow))
    assert "其他事项" not in paper.text(1)
    assert "其他事项" in paper.text(2)


def test_a_line_that_gave_a_character_away_still_ends_at_the_blocks_edge(measured: Callable) -> None:
    """。 may not begin a line, nor may ，: the 27th character goes down with them, and the rest is spread."""
    flow = Flow()
    flow.paragraph("国" * 27 + "，。" + "国" * 20, indent=0)
    first, second = lines_of(measured(drawn(flow)).boxes()).values()
    assert (len(first), len(second)) == (26, 21)
    assert first[-1].right == pytest.approx(184, abs=0.7)
    assert first[0].origin[0] == pytest.approx(28, abs=0.05)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")]
)
def test_numbers_of_headings_are_chinese(number: int, words: str) -> None:
    assert chinese(number) == words
    assert numbered(1, number) == f"{words}、"
