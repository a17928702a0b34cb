"""签收表: what was handed out at each door, and room for whoever took it to sign."""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.forms.visit_route import draw_head, staircase
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, Sheet
from desktop_app.printing.tables import Column, Row, Style, band, draw_rows, lay_out, paginate
from desktop_app.printing.walks import WalkPaper, walks

_HEAD = 19.0
_COLUMNS = (
    Column("序号", 12, "centre"),
    Column("房号", 22, "centre"),
    Column("户主", 24, "centre"),
    Column("物品", 34),
    Column("数量", 14, "centre"),
    Column("签收人签名", 34),
    Column("与户主关系", 22),
    Column("日期", 18),
)
_WIDTHS = [column.width or 0.0 for column in _COLUMNS]


class GoodsReceipt:
    """The form."""

    name: ClassVar[str] = "goods_receipt"
    title: ClassVar[str] = "签收表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "campaign"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[WalkPaper]:
        """A sheet for each team of a campaign; or one over buildings, rooms, households and residents."""
        return walks(desk, subjects, title=self.title)

    def draw(self, papers: Sequence[WalkPaper], choice: Choice = DEFAULT) -> bytes:
        """Each team begins a page; pages are counted within it."""
        sheet = Sheet(self.title, allow_missing=choice.allow_missing)
        for paper in papers:
            _draw(sheet, paper, choice.footer)
        return sheet.finish()


def _draw(sheet: Sheet, paper: WalkPaper, footer: str) -> None:
    margins, data = rules("list")["margins"], rules("visits")["receipt"]
    style = Style(data["body"], least=data["row"])
    left = margins["left"]
    head = lay_out([column.title for column in _COLUMNS], _WIDTHS, style, style.head)
    rest = A4[1] - margins["top"] - margins["bottom"] - head.height
    pages = paginate(_rows(paper, style), rest - _HEAD, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(A4)
        top = margins["top"]
        if number == 1:
            draw_head(sheet, paper, GoodsReceipt.title, left, left + sum(_WIDTHS))
            top += _HEAD
        draw_rows(sheet, left, top, _COLUMNS, _WIDTHS, rows, style)
        draw_footer(sheet, A4, footer, number, len(pages))


def _rows(paper: WalkPaper, style: Style) -> list[Row]:
    rows: list[Row] = []
    number = 0
    for where, some in groupby(paper.stops, key=staircase):
        stops = list(some)
        rows.append(band(f"{where}（{len(stops)}户）", style))
        for stop in stops:
            number += 1
            rows.append(lay_out((str(number), stop.room, stop.name, paper.goods, "", "", "", ""), _WIDTHS, style))
    return rows + [lay_out([""] * len(_COLUMNS), _WIDTHS, style)] * rules("visits")["receipt"]["blank"]
