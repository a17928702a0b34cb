"""A form of boxes on A4: its title, who issues it, its number, its rows; long texts go on overleaf."""

from collections.abc import Sequence

from desktop_app.printing.fields import Band, Field, Look, draw, lay_out, paginate
from desktop_app.printing.fonts import Role
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, Sheet, Type

_HEAD = 25.0
SEAL = "（盖章）　　　　年　　月　　日"
SIGNATURE = "签名：　　　　　　　　年　　月　　日"


def draw_boxes(
    sheet: Sheet,
    title: str,
    organ: str,
    number: str,
    rows: Sequence[Sequence[Field]],
    footer: str = "",
    slice_: str = "matter",
) -> None:
    """Draws one form in the measures of a slice's papers; it counts its own pages where there are several."""
    data = rules(slice_)["a4"]
    look = Look(A4[0] - data["left"] - data["right"], data["label"], data["body"])
    rest = A4[1] - data["top"] - data["bottom"]
    pages: list[list[Band]] = paginate(lay_out(rows, look), look, rest - _HEAD, rest)
    for at, bands in enumerate(pages, start=1):
        sheet.page(A4)
        top = data["top"]
        if at == 1:
            sheet.text(A4[0] / 2, top + 9, title, Type(Role.TITLE, data["title"]), "centre", fit=look.width)
            sheet.text(data["left"], top + 21, organ, look.body, fit=100)
            if number:
                sheet.text(A4[0] - data["right"], top + 21, f"编号：{number}", look.body, "right")
            top += _HEAD
        draw(sheet, data["left"], top, bands, look)
        if footer or len(pages) > 1:
            draw_footer(sheet, A4, footer, at, len(pages))
