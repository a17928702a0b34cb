"""Ten cards of 90 × 54 mm to an A4 sheet, each back behind its front, with a code that dials the community."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.service_card import CardPaper, Contact, ServiceCard, dial_code
from desktop_app.printing.imposition import Layout
from desktop_app.printing.sheet import A4
from desktop_app.shared.errors import AppError

PEOPLE = (
    Contact("社区党委书记", "欧阳建华", "0714-6200001"),
    Contact("网格员", "㛃思源", "13900000003"),
    Contact("楼栋长", "周𫖯", "13900000004"),
)
CARD = CardPaper(
    "江山社区",
    "桂花苑3栋",
    "0714-6200000",
    "江山路18号",
    "8:30—17:30",
    "江山街道",
    PEOPLE,
    dial_code("0714-6200000"),
    "扫码拨打热线",
)
FORM = ServiceCard()


def numbered(count: int) -> list[CardPaper]:
    return [replace(CARD, building=f"桂花苑{100 + i}栋") for i in range(count)]


def test_ten_cards_are_one_sheet_of_two_sides_and_an_eleventh_opens_the_next(measured: Callable) -> None:
    assert measured(FORM.draw(numbered(10))).pages == 2
    assert measured(FORM.draw(numbered(11))).pages == 4
    assert measured(FORM.draw([CARD])).size() == (210.0, 297.0)


def test_the_crop_marks_enclose_cards_of_exactly_90_by_54_mm(measured: Callable) -> None:
    for page in (1, 2):
        marks = [rule for rule in measured(FORM.draw(numbered(10))).rules(page) if _is_mark(rule)]
        uprights = sorted({round((left + right) / 2, 2) for left, top, right, bottom in marks if bottom - top > 3})
        levels = sorted({round((top + bottom) / 2, 2) for left, top, right, bottom in marks if right - left > 3})
        assert uprights == pytest.approx([15, 105, 195], abs=0.02)
        assert levels == pytest.approx([13.5 + 54 * i for i in range(6)], abs=0.02)


def _is_mark(rule: tuple[float, float, float, float]) -> bool:
    """Crop marks lie wholly outside the cards."""
    left, top, right, bottom = rule
    return bottom < 13.5 or top > 283.5 or right < 15 or left > 195


def test_backs_lie_behind_their_fronts_when_the_sheet_turns_over_its_long_edge(measured: Callable) -> None:
    paper = measured(FORM.draw(numbered(10)))
    for i in range(10):
        front = _cell(paper.find(f"桂花苑{100 + i}栋", 1)[0])
        back = _cell(paper.find(f"桂花苑{100 + i}栋", 2)[0])
        assert (front[0], front[1]) == (1 - back[0], back[1])


def test_backs_lie_behind_their_fronts_upside_down_when_it_turns_over_its_short_edge(measured: Callable) -> None:
    paper = measured(FORM.draw(numbered(10), Choice(flip="short")))
    for i in range(10):
        front = _cell(paper.find(f"桂花苑{100 + i}栋", 1)[0])
        name = paper.find(f"桂花苑{100 + i}栋", 2)
        back = _cell(name[0])
        assert (front[0], front[1]) == (back[0], 4 - back[1])
        assert name[0].origin[0] > name[-1].origin[0]


def test_backs_are_moved_by_what_the_printer_is_off(measured: Callable) -> None:
    straight, moved = (
        measured(FORM.draw(numbered(10), Choice(back_offset=offset))).find("桂花苑100栋", 2)[0].origin
        for offset in ((0.0, 0.0), (1.5, -0.8))
    )
    assert (moved[0] - straight[0], moved[1] - straight[1]) == pytest.approx((1.5, -0.8), abs=0.02)


def test_an_unknown_paper_is_refused_in_words() -> None:
    with pytest.raises(AppError, match="没有“B5”这种纸张"):
        FORM.draw([CARD], Choice(size="B5"))


def _cell(box: object) -> tuple[int, int]:
    return int((box.left - 15) / 90), int((box.top - 13.5) / 54)


def test_fronts_alone_are_printed_on_request(measured: Callable) -> None:
    paper = measured(FORM.draw(numbered(10), Choice(flip="none")))
    assert paper.pages == 1
    assert "网格员" not in paper.text()


def test_a_card_printer_gets_pages_of_the_cards_size(measured: Callable) -> None:
    paper = measured(FORM.draw([CARD], Choice(size="90×54 单张")))
    assert [paper.size(page) for page in (1, 2)] == [(90.0, 54.0), (90.0, 54.0)]


def test_everything_of_the_paper_stands_on_the_card(measured: Callable) -> None:
    paper = measured(FORM.draw([CARD]))
    front, back = paper.text(1), paper.text(2)
    for words in ("江山街道", "江山社区", "便民服务联系卡", "0714-6200000", "桂花苑3栋", "江山路18号", "8:30—17:30"):
        assert words in front
    for contact in PEOPLE:
        assert contact.role in back
        assert contact.name in back
        assert contact.phone in back


def test_every_code_of_the_sheet_is_read_and_at_least_15_mm_wide(measured: Callable) -> None:
    codes = measured(FORM.draw(numbered(10))).codes(2)
    assert [text for text, _ in codes] == ["tel:07146200000"] * 10
    assert measured(FORM.draw(numbered(10))).codes(1) == []


def test_a_mobile_hotline_gets_no_code() -> None:
    assert dial_code("139 0000 0001") == ""
    assert dial_code("0714-6200000") == "tel:07146200000"
    assert dial_code("") == ""


def test_nothing_sticks_out_of_a_card(measured: Callable) -> None:
    long = replace(
        CARD,
        community="江山省江山市江山区江山街道第一江山社区",
        building="江山国际花园城市广场二期北区18栋",
        address="江山区江山街道江山大道1888号江山国际花园城市广场二期北区党群服务中心一楼便民服务大厅",
        hotline="0714-6200000转8001",
        contacts=tuple(Contact("江山街道党工委副书记", f"买买提·欧阳建{i}", "0714-6200000") for i in range(9)),
    )
    paper = measured(FORM.draw([long], Choice(size="90×54 单张")))
    for page in (1, 2):
        for box in paper.boxes(page):
            if box.ch.strip():
                assert box.left > 3
                assert box.right < 87
                assert box.top > 2
                assert box.bottom < 52.5


def test_too_many_contacts_are_refused_in_words() -> None:
    with pytest.raises(AppError, match="最多排 9 位"):
        FORM.draw([replace(CARD, contacts=PEOPLE * 4)])


def test_a_layout_is_symmetrical_so_that_both_sides_meet() -> None:
    layout = Layout(A4, 90, 54, 2, 5)
    assert (layout.left, layout.top) == (15, 13.5)
    assert layout.back(0, "long") == layout.front(1)


def test_a_thousand_cards_with_codes_take_seconds() -> None:
    """Around 1.1 s on two idle cores; the bound leaves room for a busy machine."""
    papers = [replace(CARD, building=f"桂花苑{i}栋", qr=f"https://example.org/{i}") for i in range(1000)]
    FORM.draw(papers[:10])
    began = time.process_time()
    FORM.draw(papers)
    assert time.process_time() - began < 6
