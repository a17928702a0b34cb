"""聘书: A4 landscape, for a part-time member of an enlarged Party committee."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.forms.centre_plaque import DEEP_RED, GOLD
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.partner import LetterPaper, letter_paper
from desktop_app.printing.sheet import A4, GREY, Sheet, Type


class Letter:
    """The form."""

    name: ClassVar[str] = "letter"
    title: ClassVar[str] = "聘书"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向",)
    subject: ClassVar[Subject] = "member"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[LetterPaper]:
        """One for each appointment."""
        return [letter_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[LetterPaper], choice: Choice = DEFAULT) -> bytes:
        """A page each."""
        return draw_each(self.title, papers, choice, _draw)


def _draw(sheet: Sheet, paper: LetterPaper) -> None:
    data = rules("partner")["letter"]
    width, height = A4[1], A4[0]
    edge = data["border"]
    sheet.page((width, height))
    sheet.box(edge, edge, width - 2 * edge, height - 2 * edge, stroke=DEEP_RED, thick=1.6)
    sheet.box(edge + 2.6, edge + 2.6, width - 2 * edge - 5.2, height - 2 * edge - 5.2, stroke=GOLD, thick=0.5)
    sheet.text(width / 2, 58, "聘书", Type(Role.TITLE, data["title"], DEEP_RED), "centre", spacing=14)
    kind = Type(Role.KAI, data["body"])
    room = width - data["left"] - data["right"]
    end = f"至{paper.end}" if paper.end else "起"
    unit = paper.unit or paper.community
    words = data["words"].format(
        name=paper.name, unit=unit, body=paper.body, role=paper.role, start=paper.start, end=end
    )
    y = 88.0
    for at, line in enumerate(break_lines(words, room - 2 * kind.em, room, kind.width)):
        sheet.text(data["left"] + (2 * kind.em if at == 0 else 0), y, visible(line), kind)
        y += kind.em * 1.75
    small = Type(Role.KAI, data["small"] + 4)
    sheet.text(width - data["right"] - 6, 160, paper.body, small, "right")
    sheet.text(width - data["right"] - 6, 171, paper.given, small, "right")
    if paper.number:
        sheet.text(data["left"], 171, f"编号：{paper.number}", Type(Role.HEI, data["small"], GREY))
