"""The plaque of a 党员中心户 comes in two sizes and shows no emblem."""

from collections.abc import Callable

import pypdfium2
import pytest

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.centre_plaque import CentrePlaque, PlaquePaper

PAPER = PlaquePaper("周𫖯", "桂花苑3栋、4栋", "桂花苑党支部", "13900000005", "HS-012", "江山社区")
FORM = CentrePlaque()


@pytest.mark.parametrize(
    ("size", "page"), [("", (210.0, 148.0)), ("A5 横向", (210.0, 148.0)), ("200×120", (200.0, 120.0))]
)
def test_the_page_has_the_size_of_the_plaque(size: str, page: tuple[float, float], measured: Callable) -> None:
    assert measured(FORM.draw([PAPER], Choice(size=size))).size() == page


@pytest.mark.parametrize("size", FORM.sizes)
def test_everything_stands_within_the_frame(size: str, measured: Callable) -> None:
    paper = measured(FORM.draw([PAPER, PAPER], Choice(size=size)))
    assert paper.pages == 2
    width, height = paper.size()
    boxes = [box for box in paper.boxes() if box.ch.strip()]
    assert all(box.left > 9 and box.right < width - 9 and box.top > 9 and box.bottom < height - 9 for box in boxes)
    for words in ("党员中心户", "周𫖯", "桂花苑3栋、4栋", "桂花苑党支部", "13900000005", "HS-012", "江山社区"):
        assert words in paper.text()


def test_the_title_is_centred(measured: Callable) -> None:
    boxes = measured(FORM.draw([PAPER])).find("党员中心户")
    assert (boxes[0].left + boxes[-1].right) / 2 == pytest.approx(105, abs=1)


def test_no_picture_stands_on_it() -> None:
    """No 党徽: barred from the doors of private homes."""
    page = pypdfium2.PdfDocument(FORM.draw([PAPER]))[0]
    assert not list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def test_what_is_not_known_leaves_no_empty_label(measured: Callable) -> None:
    text = measured(FORM.draw([PlaquePaper("周𫖯")])).text()
    assert "联系电话" not in text
    assert "编号" not in text
