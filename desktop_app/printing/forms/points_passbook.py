"""积分（时间）存折页: what was paid in and out of an account and what was left, a page to be kept in a passbook.

The rest of the last page is left blank to be written on.  Whom a service was for stands on no line: the column for a
telephone is filled in by hand, by whoever attested.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.page import rules
from desktop_app.printing.points import PassbookPaper, passbook_paper
from desktop_app.printing.sheet import GREY, Align, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, draw_rows, lay_out, paginate

_HEADS: tuple[tuple[str, Align], ...] = (
    ("日期", "centre"),
    ("服务事项", "left"),
    ("存入", "right"),
    ("支出", "right"),
    ("结余", "right"),
    ("审核人", "left"),
    ("联系方式", "left"),
)
_HEAD = 2.65
"""Height of the head, in its own lines."""
_FOOT = 5.5


class PointsPassbook:
    """The form."""

    name: ClassVar[str] = "points_passbook"
    title: ClassVar[str] = "积分存折页"
    sizes: ClassVar[tuple[str, ...]] = ("125×88 存折页", "A6 横向", "A4 纵向")
    subject: ClassVar[Subject] = "points_account"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[PassbookPaper]:
        """The pages of each account.  AppError for one that is gone."""
        return [passbook_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[PassbookPaper], choice: Choice = DEFAULT) -> bytes:
        """Each account begins a page; pages are counted within it."""
        measures = rules("points")["passbook"][_KEYS[size_of(self.sizes, choice)]]
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, measures))


_KEYS = dict(zip(PointsPassbook.sizes, ("page", "a6", "a4"), strict=True))


def _columns(measures: dict[str, Any]) -> tuple[Column, ...]:
    rest = measures["size"][0] - 2 * measures["edge"] - sum(measures["widths"])
    return tuple(
        Column(title, wide or rest, align) for (title, align), wide in zip(_HEADS, measures["widths"], strict=True)
    )


def _pages(paper: PassbookPaper, widths: Sequence[float], style: Style, room: float) -> list[list[Row]]:
    """Rows by page; what is left of the last page has blank rows."""
    pages = paginate([lay_out(row, widths, style) for row in paper.rows], room, room)
    blank = lay_out(("",) * len(widths), widths, style)
    left = room - sum(row.height for row in pages[-1])
    return [*pages[:-1], [*pages[-1], *[blank] * int(left / blank.height)]]


def _draw(sheet: Sheet, paper: PassbookPaper, measures: dict[str, Any]) -> None:
    width, height = size = measures["size"]
    edge, body = measures["edge"], measures["body"]
    style = Style(body, pad_x=0.9, pad_y=0.7, least=measures["row"])
    columns = _columns(measures)
    widths = [column.width or 0.0 for column in columns]
    head = Type(Role.TITLE, measures["title"]).em * _HEAD
    first = lay_out([column.title for column in columns], widths, style, style.head).height
    pages = _pages(paper, widths, style, height - 2 * edge - head - first - _FOOT)
    for number, rows in enumerate(pages, start=1):
        sheet.page((size[0], size[1]))
        _draw_head(sheet, paper, measures)
        draw_rows(sheet, edge, edge + head, columns, widths, rows, style)
        small = Type(Role.SONG, body - 1, GREY)
        count = f"第 {number} 页，共 {len(pages)} 页"
        used = sheet.text(width - edge, height - edge, count, small, "right")
        note = rules("points")["words"]["passbook_note"]
        sheet.text(edge, height - edge, note, small, fit=width - 2 * edge - used - 3)


def _draw_head(sheet: Sheet, paper: PassbookPaper, measures: dict[str, Any]) -> None:
    """Whose passbook it is, in which unit, and who keeps it."""
    (width, _), edge = measures["size"], measures["edge"]
    title, kind = Type(Role.TITLE, measures["title"]), Type(Role.SONG, measures["body"] + 0.5)
    room = width - 2 * edge
    used = sheet.text(edge, edge + title.em, paper.title, title, fit=room * 0.6)
    office = "　".join(filter(None, (paper.community, paper.phone)))
    sheet.text(width - edge, edge + title.em, office, kind, "right", fit=room - used - 4)
    base = edge + title.em + kind.em * 1.6
    facts = f"户名：{paper.owner}　　开户日期：{paper.opened}　　单位：{paper.unit}"
    told = f"打印日期：{paper.printed}"
    used = sheet.text(width - edge, base, told, kind, "right")
    sheet.text(edge, base, facts, kind, fit=room - used - 4)
