"""The preview shows the pages of a PDF as they will be printed."""

import pytest

from desktop_app.printing.fonts import Role
from desktop_app.printing.preview import Preview, page_count
from desktop_app.printing.sheet import BLACK, Sheet, Type


def two_pages() -> bytes:
    sheet = Sheet("预览")
    sheet.page((100, 50))
    sheet.box(0, 0, 50, 50, fill=(0, 1, 1, 0))
    sheet.page((90, 54))
    sheet.text(10, 20, "第二页", Type(Role.HEI, 12, BLACK))
    return sheet.finish()


def test_pages_are_counted_and_measured() -> None:
    assert page_count(two_pages()) == 2
    with Preview(two_pages()) as opened:
        assert opened.size(0) == pytest.approx((100, 50), abs=0.01)
        assert opened.size(1) == pytest.approx((90, 54), abs=0.01)


def test_a_page_becomes_red_green_blue_bytes() -> None:
    with Preview(two_pages()) as opened:
        picture = opened.picture(0, dpi=127)
    assert (picture.width, picture.height) == pytest.approx((500, 250), abs=1)
    assert picture.stride >= 3 * picture.width
    assert len(picture.pixels) >= picture.stride * picture.height
    red, green, _ = picture.pixels[300:303]
    assert red > 200
    assert green < 100
    assert picture.pixels[3 * 400 : 3 * 400 + 3] == b"\xff\xff\xff"


def test_the_text_of_a_page_is_read() -> None:
    with Preview(two_pages()) as opened:
        assert opened.text(1) == "第二页"
        assert opened.text(0) == ""
