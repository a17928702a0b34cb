"""值守排班表: a week at a place of duty, a row for each shift, a column for each day; hangs in the kiosk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from desktop_app.orders import duty_rules, roster
from desktop_app.orders.roster import WEEKDAYS, ShiftLine, Week
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.forms.table import draw_footer, page_size
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import Sheet, Type
from desktop_app.printing.tables import Column, Style, column_widths, draw_rows, lay_out, paginate
from desktop_app.printing.words import spoken_date
from desktop_app.shared.errors import AppError

_TITLE_ROOM = 17.0
BETWEEN = "@"
"""Between the post and a day of the week that is meant: `<id>@2026-11-23`; without a day, this week."""


@dataclass(frozen=True, slots=True)
class RosterPaper:
    """A week of a post; `cells` are the names of each shift by day."""

    community: str
    post: str
    place: str
    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    hotline: str = ""


class DutyRoster:
    """The form."""

    name: ClassVar[str] = "duty_roster"
    title: ClassVar[str] = "值守排班表"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "roster"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[RosterPaper]:
        """A week for each post.  AppError for a post that is gone."""
        return [_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[RosterPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page."""
        size = page_size(size_of(self.sizes, choice))
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, size, choice.footer))


def week_of(desk: Desk, subject: str) -> Week:
    """The week of a post that a subject of these papers names.  AppError when the post is gone."""
    post_id, _, day = subject.partition(BETWEEN)
    found = roster.week(desk.db, post_id, date.fromisoformat(day) if day else desk.clock.today())
    if found is None:
        raise AppError("这个岗亭已经不在了，没有打印。", next_step="请刷新列表后再试。")
    return found


def _paper(desk: Desk, subject: str) -> RosterPaper:
    found = week_of(desk, subject)
    rows = tuple((slot, tuple(_names(lines) for lines in days)) for slot, days in found.rows)
    return RosterPaper(
        desk.community.name,
        found.post.name,
        found.post.place or "",
        found.days,
        rows,
        hotline=desk.community.phone or "",
    )


def _names(lines: Sequence[ShiftLine]) -> str:
    return "\n".join(
        f"停班（{line.remark}）" if line.word == duty_rules.OFF else line.helper or "（空）" for line in lines
    )


def _draw(sheet: Sheet, paper: RosterPaper, size: tuple[float, float], footer: str) -> None:
    margins, data = rules("list")["margins"], rules("orders")["roster"]
    style = Style(data["body"], least=data["row"])
    head = Style(data["body"])
    columns = (
        Column("班次", 26, "centre"),
        *(Column(f"周{WEEKDAYS[at]} {on[5:]}", None, "centre") for at, on in enumerate(paper.days)),
    )
    rows = [(slot, *cells) for slot, cells in paper.rows] or [("", *[""] * len(paper.days))]
    width = size[0] - margins["left"] - margins["right"]
    share = (width - 26) / len(paper.days)
    columns = (columns[0], *(replace(column, width=share) for column in columns[1:]))
    widths = column_widths(columns, rows, width, head)
    room = size[1] - margins["top"] - margins["bottom"] - 12
    pages = paginate([lay_out(row, widths, style) for row in rows], room - _TITLE_ROOM, room)
    for number, part in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            _draw_title(sheet, paper, size[0])
            top += _TITLE_ROOM
        end = draw_rows(sheet, margins["left"], top, columns, widths, part, style)
        if number == len(pages):
            note = "不能到岗的请提前一天找人换班，并告诉社区；到岗、离岗请签到签退。"
            sheet.text(margins["left"], end + 7, note, Type(Role.SONG, data["body"]), fit=width)
        draw_footer(sheet, size, footer, number, len(pages))


def _draw_title(sheet: Sheet, paper: RosterPaper, width: float) -> None:
    margins = rules("list")["margins"]
    title = f"{paper.post}值守排班表"
    sheet.text(width / 2, margins["top"] + 6, title, Type(Role.TITLE, rules("list")["type"]["title"]), "centre")
    span = f"{spoken_date(paper.days[0])}至{spoken_date(paper.days[-1])}"
    note = "　".join(
        part for part in (paper.community, paper.place and f"地点：{paper.place}", span, paper.hotline) if part
    )
    sheet.text(margins["left"], margins["top"] + 13.6, note, Type(Role.SONG, rules("list")["type"]["note"]))
