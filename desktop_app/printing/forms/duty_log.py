"""值守登记簿: a week at a place of duty, a line for each place in each shift, to sign when coming and going.

Before the week it has names and shifts and is filled in by hand; afterwards it holds what was entered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.orders import duty_rules, roster
from desktop_app.orders.roster import ShiftLine
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.forms.duty_roster import week_of
from desktop_app.printing.forms.table import draw_footer, page_size
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, draw_rows, lay_out, paginate
from desktop_app.printing.words import spoken_date

_TITLE_ROOM = 17.0
_NOTE_ROOM = 8.0
_SIZE = "A4 横向"
_COLUMNS = (
    Column("日期", 26, "centre"),
    Column("班次", 25, "centre"),
    Column("值守人", 24, "centre"),
    Column("到岗", 20, "centre"),
    Column("离岗", 20, "centre"),
    Column("签名", 26, "centre"),
    Column("处理事项、交接"),
)


@dataclass(frozen=True, slots=True)
class LogPaper:
    """A week of a post; each row has a text for every column."""

    community: str
    post: str
    place: str
    since: str
    until: str
    rows: tuple[tuple[str, ...], ...]


class DutyLog:
    """The form."""

    name: ClassVar[str] = "duty_log"
    title: ClassVar[str] = "值守登记簿"
    sizes: ClassVar[tuple[str, ...]] = (_SIZE,)
    subject: ClassVar[Subject] = "roster"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[LogPaper]:
        """A week for each post.  AppError for a post that is gone."""
        return [_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[LogPaper], choice: Choice = DEFAULT) -> bytes:
        """Each week begins a page; pages are counted within it."""
        size = page_size(_SIZE)
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, size, choice.footer))


def _paper(desk: Desk, subject: str) -> LogPaper:
    found = week_of(desk, subject)
    lines = roster.shifts(desk.db, found.days[0], found.days[-1], found.post.id)
    rows = tuple(_cells(line) for line in lines)
    return LogPaper(desk.community.name, found.post.name, found.post.place or "", found.days[0], found.days[-1], rows)


def _cells(line: ShiftLine) -> tuple[str, ...]:
    what = f"停班：{line.remark}" if line.word == duty_rules.OFF else line.remark
    day = f"{line.on[5:]} {line.weekday}"
    return (day, line.slot, line.helper, line.in_time, line.out_time, "", what)


def _laid_out(paper: LogPaper, widths: Sequence[float], style: Style, room: float) -> list[list[Row]]:
    """Rows by page; what is left of the last page has blank rows for whoever came besides."""
    pages = paginate([lay_out(row, widths, style) for row in paper.rows], room - _TITLE_ROOM, room)
    blank = lay_out(("",) * len(_COLUMNS), widths, style)
    left = room - (_TITLE_ROOM if len(pages) == 1 else 0) - sum(row.height for row in pages[-1])
    return [*pages[:-1], [*pages[-1], *[blank] * int(left / blank.height)]]


def _draw(sheet: Sheet, paper: LogPaper, size: tuple[float, float], footer: str) -> None:
    margins, data = rules("list")["margins"], rules("orders")["log"]
    style = Style(data["body"], least=data["row"])
    width = size[0] - margins["left"] - margins["right"]
    widths = [column.width or 0.0 for column in _COLUMNS]
    widths[-1] = width - sum(widths)
    room = size[1] - margins["top"] - margins["bottom"] - 12 - _NOTE_ROOM
    pages = _laid_out(paper, widths, style, room)
    for number, part in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            _draw_title(sheet, paper, size[0])
            top += _TITLE_ROOM
        end = draw_rows(sheet, margins["left"], top, _COLUMNS, widths, part, style)
        note = rules("orders")["words"]["log_note"]
        sheet.text(margins["left"], end + 6, note, Type(Role.SONG, data["body"] - 1), fit=width)
        draw_footer(sheet, size, footer, number, len(pages))


def _draw_title(sheet: Sheet, paper: LogPaper, width: float) -> None:
    margins, kinds = rules("list")["margins"], rules("list")["type"]
    sheet.text(
        width / 2, margins["top"] + 6, f"{paper.post}值守登记簿", Type(Role.TITLE, kinds["title"]), "centre",
        fit=width - margins["left"] - margins["right"],
    )  # fmt: skip
    span = f"{spoken_date(paper.since)}至{spoken_date(paper.until)}"
    note = "　".join(part for part in (paper.community, paper.place and f"地点：{paper.place}", span) if part)
    sheet.text(margins["left"], margins["top"] + 13.6, note, Type(Role.SONG, kinds["note"]))
