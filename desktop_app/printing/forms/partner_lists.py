"""三张清单: needs, resources, projects … of the town's lists on A3 landscape, with who took them."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import draw_footer, page_size
from desktop_app.printing.page import rules
from desktop_app.printing.partner import ListsPaper, lists_paper
from desktop_app.printing.sheet import A4, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, band, column_widths, draw_rows, lay_out, paginate

_HEAD = 18.0
_NEAR, _FAR = 9.0, 10.5
"""Type in points: A3 hangs on a wall."""
_COLUMNS = (
    Column("编号", None, "centre"),
    Column("事项"),
    Column("提供（提出）方"),
    Column("联系人"),
    Column("期限"),
    Column("可认领", None, "centre"),
    Column("认领方"),
    Column("进展", None, "centre"),
)


class PartnerLists:
    """The form."""

    name: ClassVar[str] = "partner_lists"
    title: ClassVar[str] = "共建清单"
    sizes: ClassVar[tuple[str, ...]] = ("A3 横向", "A4 横向")
    subject: ClassVar[Subject] = "list_group"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[ListsPaper]:
        """One for each group of lists."""
        return [lists_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[ListsPaper], choice: Choice = DEFAULT) -> bytes:
        """Each group begins a page of its own; pages are counted within a group."""
        sheet = Sheet(self.title, author=papers[0].community if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            _draw(sheet, paper, page_size(size_of(self.sizes, choice)), choice.footer)
        return sheet.finish()


def _draw(sheet: Sheet, paper: ListsPaper, size: tuple[float, float], footer: str) -> None:
    margins = rules("list")["margins"]
    style = Style(_FAR if size[0] > A4[1] else _NEAR)
    width = size[0] - margins["left"] - margins["right"]
    widths = column_widths(_COLUMNS, [row for _, rows in paper.lists for row in rows], width, style)
    head = lay_out([column.title for column in _COLUMNS], widths, style, style.head)
    rest = size[1] - margins["top"] - margins["bottom"] - head.height
    pages = paginate(_rows(paper, widths, style), rest - _HEAD, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            title = f"{paper.community}{paper.title}"
            sheet.text(size[0] / 2, top + 7, title, Type(Role.TITLE, 22), "centre", fit=width)
            sheet.text(size[0] - margins["right"], top + 14.5, paper.printed, style.body, "right")
            top += _HEAD
        draw_rows(sheet, margins["left"], top, _COLUMNS, widths, rows, style)
        draw_footer(sheet, size, footer, number, len(pages))


def _rows(paper: ListsPaper, widths: Sequence[float], style: Style) -> list[Row]:
    rows: list[Row] = []
    for name, items in paper.lists:
        rows.append(band(f"{name}（{len(items)}项）", style))
        rows += [lay_out(item, list(widths), style) for item in items]
    return rows
