"""走访路线单: doors in the order one walks, building by building and unit by unit, with blanks to write in."""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import draw_footer, page_size
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import BLACK, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, band, draw_rows, lay_out, paginate
from desktop_app.printing.walks import WalkPaper, walks
from desktop_app.profiles.queries import codes
from desktop_app.visits.campaigns import RouteStop

_HEAD = 19.0
_WIDE = 200.0
"""From here on the head has room for the days of a campaign."""
_COLUMNS = (
    Column("序号", 11, "centre"),
    Column("房号", 19, "centre"),
    Column("户主", 19, "centre"),
    Column("人数", 11, "centre"),
    Column("关怀", 27),
    Column("结果（打勾）", 71),
    Column("情况、意见建议", 61),
    Column("物品", 14),
    Column("签名", 20),
    Column("日期", 14),
)
_WIDTHS = [column.width or 0.0 for column in _COLUMNS]


class VisitRoute:
    """The form."""

    name: ClassVar[str] = "visit_route"
    title: ClassVar[str] = "走访路线单"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向",)
    subject: ClassVar[Subject] = "campaign"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[WalkPaper]:
        """A walk for each team of a campaign; or one over buildings, rooms, households and residents."""
        return walks(desk, subjects, title=self.title)

    def draw(self, papers: Sequence[WalkPaper], choice: Choice = DEFAULT) -> bytes:
        """Each walk begins a page; pages are counted within it."""
        sheet = Sheet(self.title, allow_missing=choice.allow_missing)
        size = page_size(size_of(self.sizes, choice))
        for paper in papers:
            _draw(sheet, paper, size, choice.footer)
        return sheet.finish()


def _draw(sheet: Sheet, paper: WalkPaper, size: tuple[float, float], footer: str) -> None:
    margins, data = rules("list")["margins"], rules("visits")["route"]
    style = Style(data["body"], least=data["row"])
    left = (size[0] - sum(_WIDTHS)) / 2
    head = lay_out([column.title for column in _COLUMNS], _WIDTHS, style, style.head)
    rest = size[1] - margins["top"] - margins["bottom"] - head.height
    pages = paginate(_rows(paper, style), rest - _HEAD, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            draw_head(sheet, paper, VisitRoute.title, left, left + sum(_WIDTHS))
            top += _HEAD
        draw_rows(sheet, left, top, _COLUMNS, _WIDTHS, rows, style)
        draw_footer(sheet, size, footer, number, len(pages))


def _rows(paper: WalkPaper, style: Style) -> list[Row]:
    """A band for each staircase, a row for each door, and empty rows for doors nobody thought of."""
    boxes = " ".join(f"□{code.name}" for code in codes("visit_results").offered())
    rows: list[Row] = []
    number = 0
    for where, some in groupby(paper.stops, key=staircase):
        stops = list(some)
        rows.append(band(f"{where}（{len(stops)}户）", style))
        for stop in stops:
            number += 1
            count = f"{stop.persons}人" if stop.persons else ""
            told = (str(number), stop.room, stop.name, count, "、".join(filter(_of_care, stop.tags)))
            rows.append(lay_out((*told, boxes, "", "", "", ""), _WIDTHS, style))
    empty = ("", "", "", "", "", boxes, "", "", "", "")
    return rows + [lay_out(empty, _WIDTHS, style)] * rules("visits")["route"]["blank"]


def _of_care(tag: str) -> bool:
    """Whether the one who knocks should know it; who is in the Party is no matter of a visit."""
    found = codes("tags").find(tag)
    return found is None or found.text("family") == "关怀"


def staircase(stop: RouteStop) -> str:
    """桂花苑10栋2单元, what stands above the doors behind one entrance."""
    if not stop.building:
        return "住址没有登记到房屋"
    unit = f"{stop.unit}单元" if stop.unit else ""
    return f"{stop.estate}{stop.building}{'' if stop.building.endswith('栋') else '栋'}{unit}"


def draw_head(sheet: Sheet, paper: WalkPaper, title: str, left: float, right: float) -> None:
    """Title, what it is for, and who goes on which day, as far as it is known; else a line to write on."""
    top = rules("list")["margins"]["top"]
    words = paper.title if paper.title.endswith(title) else f"{paper.title}　{title}"
    sheet.text((left + right) / 2, top + 6.5, words, Type(Role.TITLE, 16), "centre", fit=right - left)
    label, kind = Type(Role.HEI, 10), Type(Role.SONG, 10)
    wide = right - left > _WIDE
    blank = 34 if wide else 26
    at = left
    for name, told in (("小组：", paper.team), ("走访人：", ""), ("日期：", "")):
        at += sheet.text(at, top + 14.5, name, label)
        if told:
            at += sheet.text(at, top + 14.5, told, kind) + 6
        else:
            sheet.line(at, top + 15.6, at + blank, top + 15.6, 0.2, BLACK)
            at += blank + 5
    round_no = f"第{paper.round}轮" if paper.round else ""
    parts = (paper.community, paper.dates if wide else "", round_no, f"共{len(paper.stops)}户")
    sheet.text(right, top + 14.5, "　".join(filter(None, parts)), kind, "right", fit=max(right - at, 20))
