"""签到表: names by role printed beforehand, empty rows for whoever else comes, room to sign."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.meeting import OBSERVER, SignInPaper
from desktop_app.printing.meeting_file import sign_in_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, BLACK, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, band, draw_rows, lay_out, paginate
from desktop_app.printing.words import spoken_time

_COLUMNS = (
    Column("序号", 12, "centre"),
    Column("姓　名", 27, "centre"),
    Column("单位（楼栋）", 48),
    Column("职　务", 27, "centre"),
    Column("电　话", 31, "centre"),
    Column("签　名", 35),
)
_WIDTHS = [column.width or 0.0 for column in _COLUMNS]
_HEAD = 35.0


class SignInSheet:
    """The form."""

    name: ClassVar[str] = "sign_in_sheet"
    title: ClassVar[str] = "签到表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[SignInPaper]:
        """One sheet for each meeting."""
        return [sign_in_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[SignInPaper], choice: Choice = DEFAULT) -> bytes:
        """The sheets one after another, each counting its own pages."""
        sheet = Sheet(_headline(papers[0]) if papers else self.title, allow_missing=choice.allow_missing)
        for paper in papers:
            _draw_paper(sheet, paper, choice.footer)
        return sheet.finish()


def _headline(paper: SignInPaper) -> str:
    return f"{paper.meeting}签到表"


def _draw_paper(sheet: Sheet, paper: SignInPaper, footer: str) -> None:
    data = rules("list")
    margins, style = data["margins"], Style(data["sign_in"]["body"], least=data["sign_in"]["row"])
    head = lay_out([column.title for column in _COLUMNS], _WIDTHS, style, style.head)
    rest = A4[1] - margins["top"] - margins["bottom"] - head.height
    empty = lay_out([""] * len(_COLUMNS), _WIDTHS, style)
    rows, least = _rows(paper, style), data["sign_in"]["blank"]
    pages = paginate(rows, rest - _HEAD, rest)
    if _left(pages[-1], rest - (_HEAD if len(pages) == 1 else 0)) < least * empty.height:
        pages = paginate([*rows, *[empty] * least], rest - _HEAD, rest)
    _fill(pages[-1], rest - (_HEAD if len(pages) == 1 else 0), empty)
    for number, rows in enumerate(pages, start=1):
        sheet.page(A4)
        top = margins["top"]
        if number == 1:
            _draw_head(sheet, paper, margins["left"], top)
            top += _HEAD
        draw_rows(sheet, margins["left"], top, _COLUMNS, _WIDTHS, rows, style)
        draw_footer(sheet, A4, footer, number, len(pages))


def _rows(paper: SignInPaper, style: Style) -> list[Row]:
    """Bands by role, the names under them, and a band for whoever else comes."""
    due = [person for person in paper.attendees if person.capacity != OBSERVER]
    others = [person for person in paper.attendees if person.capacity == OBSERVER]
    rows: list[Row] = []
    number = 0
    for words, people in (("应到人员", due), ("列席人员", others)):
        if people:
            rows.append(band(f"{words}（{len(people)}人）", style))
        for person in people:
            number += 1
            cells = (str(number), person.name, person.unit, person.post, person.phone, "")
            rows.append(lay_out(cells, _WIDTHS, style))
    if number:
        rows.append(band("其他到会人员", style))
    return rows


def _left(rows: Sequence[Row], room: float) -> float:
    return room - sum(row.height for row in rows)


def _fill(rows: list[Row], room: float, empty: Row) -> None:
    """Empty rows down to the foot of the last page."""
    rows += [empty] * int(_left(rows, room) / empty.height)


def _draw_head(sheet: Sheet, paper: SignInPaper, left: float, top: float) -> None:
    data = rules("list")
    width = sum(_WIDTHS)
    title, kind, label = (
        Type(Role.TITLE, data["sign_in"]["title"]),
        Type(Role.SONG, 11.5),
        Type(Role.HEI, 11.5),
    )
    sheet.text(left + width / 2, top + 8, _headline(paper), title, "centre", fit=width)
    due = sum(person.capacity != OBSERVER for person in paper.attendees)
    facts = (
        (0.0, 18.0, "时间：", spoken_time(paper.starts)),
        (0.55, 18.0, "主持人：", paper.chair),
        (0.0, 26.0, "地点：", paper.place),
    )
    for share, down, name, words in facts:
        at = left + share * width + sheet.text(left + share * width, top + down, name, label)
        if words:
            _in_two_lines(sheet, (at, top + down), words, kind, left + (share + 0.52) * width - at)
        else:
            sheet.line(at, top + down + 1.2, left + (share + 0.44) * width, top + down + 1.2, 0.2, BLACK)
    at = left + 0.55 * width
    at += sheet.text(at, top + 26, "应到：", label)
    at += sheet.text(at, top + 26, f"{due}人" if due else "　　　人", kind) + 8
    at += sheet.text(at, top + 26, "实到：", label)
    sheet.line(at, top + 27.2, at + 16, top + 27.2, 0.2, BLACK)
    sheet.text(at + 16.5, top + 26, "人", kind)


def _in_two_lines(sheet: Sheet, corner: tuple[float, float], words: str, kind: Type, room: float) -> None:
    """A long place takes two smaller lines, so that it can still be read."""
    if kind.width(words) <= room:
        sheet.text(*corner, words, kind)
        return
    small = Type(kind.role, kind.size * 0.75)
    lines = break_lines(words, room, room, small.width)
    for at, line in enumerate([lines[0], "".join(lines[1:])] if len(lines) > 1 else lines):
        sheet.text(corner[0], corner[1] - 1.6 + at * small.em * 1.25, visible(line), small, fit=room)
