"""积分公示榜: who paid in how much in a year, for the wall; names are masked and nothing else tells who it is."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.points import BoardPaper, board_papers
from desktop_app.printing.sheet import A3, A4, Sheet, Type
from desktop_app.printing.tables import Column, Style, draw_rows, lay_out, paginate

_SHARES = (0.14, 0.28, 0.2, 0.2, 0.18)
"""Of the width, for each column."""


class PointsBoard:
    """The form."""

    name: ClassVar[str] = "points_board"
    title: ClassVar[str] = "积分公示榜"
    sizes: ClassVar[tuple[str, ...]] = ("A4 纵向", "A3 纵向")
    subject: ClassVar[Subject] = "points_year"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[BoardPaper]:
        """A board for each kind of account and year: `党员积分@2026`; all kinds of a year for `2026`."""
        return [paper for subject in subjects for paper in board_papers(desk, subject)]

    def draw(self, papers: Sequence[BoardPaper], choice: Choice = DEFAULT) -> bytes:
        """Each board begins a page."""
        size = A3 if size_of(self.sizes, choice).startswith("A3") else A4
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, size, choice.footer))


def _draw(sheet: Sheet, paper: BoardPaper, size: tuple[float, float], footer: str) -> None:
    data, words = rules("points")["board"]["A3" if size == A3 else "A4"], rules("points")["words"]
    margin = data["margin"]
    width, title = size[0] - 2 * margin, Type(Role.TITLE, data["title"])
    note = Type(Role.SONG, data["note"])
    style = Style(data["body"], least=data["row"])
    columns = [Column(head, share * width, "centre") for head, share in zip(paper.heads, _SHARES, strict=True)]
    widths = [column.width or 0.0 for column in columns]
    head = title.em * 1.2 + note.em * 2.4
    first = lay_out([column.title for column in columns], widths, style, style.head).height
    room = size[1] - 2 * margin - first - note.em * 2.4
    pages = paginate([lay_out(row, widths, style) for row in paper.rows], room - head, room)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margin
        if number == 1:
            sheet.text(size[0] / 2, top + title.em, paper.title, title, "centre", fit=width)
            base = top + title.em * 1.2 + note.em * 1.5
            sheet.text(margin, base, paper.note, note, fit=width * 0.7)
            sheet.text(size[0] - margin, base, f"单位：{paper.unit}", note, "right")
            top += head
        end = draw_rows(sheet, margin, top, columns, widths, rows, style)
        if number == len(pages):
            said = words["board_homes" if paper.homes else "board_people"]
            sheet.text(margin, end + note.em * 1.7, said, note, fit=width)
        draw_footer(sheet, size, footer, number, len(pages))
