"""Doors in the order one walks, as a table to write in: what the papers that are carried from door to door share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from desktop_app.printing.fonts import Role
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import BLACK, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, band, draw_rows, lay_out, paginate
from desktop_app.printing.walks import WalkPaper
from desktop_app.visits.campaigns import RouteStop

_HEAD: Final = 19.0
_WIDE: Final = 200.0
"""From here on the head has room for the days of a campaign."""


@dataclass(frozen=True, slots=True)
class WalkTable:
    """A table of doors: its title, its section of `resources/forms/visits.toml`, its columns.

    `cells(number, stop)` is what stands in the row of a door, `blank` in that of a door nobody thought of.
    """

    title: str
    section: str
    columns: tuple[Column, ...]
    cells: Callable[[int, RouteStop], Sequence[str]]
    blank: Sequence[str]

    @property
    def widths(self) -> list[float]:
        """The widths of the columns in mm."""
        return [column.width or 0.0 for column in self.columns]


def draw_walk(sheet: Sheet, paper: WalkPaper, table: WalkTable, size: tuple[float, float], footer: str) -> None:
    """One walk; it begins a page, and pages are counted within it."""
    margins, data, widths = rules("list")["margins"], rules("visits")[table.section], table.widths
    style = Style(data["body"], least=data["row"])
    left = (size[0] - sum(widths)) / 2
    head = lay_out([column.title for column in table.columns], widths, style, style.head)
    rest = size[1] - margins["top"] - margins["bottom"] - head.height
    pages = paginate(_rows(paper, table, style, data["blank"]), rest - _HEAD, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            _draw_head(sheet, paper, table.title, left, left + sum(widths))
            top += _HEAD
        draw_rows(sheet, left, top, table.columns, widths, rows, style)
        draw_footer(sheet, size, footer, number, len(pages))


def _rows(paper: WalkPaper, table: WalkTable, style: Style, blanks: int) -> list[Row]:
    """A band for each staircase, a row for each door, and empty rows for doors nobody thought of."""
    rows: list[Row] = []
    number = 0
    for where, some in groupby(paper.stops, key=_staircase):
        stops = list(some)
        rows.append(band(f"{where}（{len(stops)}户）", style))
        for stop in stops:
            number += 1
            rows.append(lay_out(table.cells(number, stop), table.widths, style))
    return rows + [lay_out(table.blank, table.widths, style)] * blanks


def _staircase(stop: RouteStop) -> str:
    """桂花苑10栋2单元, what stands above the doors behind one entrance."""
    if not stop.building:
        return "住址没有登记到房屋"
    unit = f"{stop.unit}单元" if stop.unit else ""
    return f"{stop.estate}{stop.building}{'' if stop.building.endswith('栋') else '栋'}{unit}"


def _draw_head(sheet: Sheet, paper: WalkPaper, title: str, left: float, right: float) -> None:
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
