"""驻区单位评议表: the facts of a year, their points, and the opinion."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fields import Field, Look, draw, lay_out
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.partner import ReviewPaper, review_paper
from desktop_app.printing.sheet import A4, GREY, Sheet, Type

_HEAD = 24.0


class UnitReviewForm:
    """The form."""

    name: ClassVar[str] = "unit_review"
    title: ClassVar[str] = "驻区单位评议表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "unit_review"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[ReviewPaper]:
        """One for each review."""
        return [review_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[ReviewPaper], choice: Choice = DEFAULT) -> bytes:
        """A page each."""
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, choice.footer))


def _draw(sheet: Sheet, paper: ReviewPaper, footer: str) -> None:
    data = rules("partner")["review"]
    look = Look(A4[0] - data["left"] - data["right"], data["label"], data["body"])
    sheet.page(A4)
    sheet.text(A4[0] / 2, data["top"] + 8, f"{paper.year}年度驻区单位评议表", Type(Role.TITLE, data["title"]), "centre")
    sheet.text(data["left"], data["top"] + 18, paper.community, look.body)
    sheet.text(A4[0] - data["right"], data["top"] + 18, f"评议日期：{paper.on}", look.body, "right")
    end = draw(sheet, data["left"], data["top"] + _HEAD, lay_out(_rows(paper), look), look)
    sheet.text(data["left"], end + 7, data["note"], Type(Role.SONG, 8, GREY), fit=look.width)
    if footer:
        draw_footer(sheet, A4, footer, 1, 1)


def _rows(paper: ReviewPaper) -> list[list[Field]]:
    seal = "（盖章）　　　　年　　月　　日"
    return [
        [Field("单　　位", paper.unit)],
        *([Field(mark.name, mark.counted), Field("得　　分", _points(mark.points, mark.most))] for mark in paper.marks),
        [Field("总　　分", str(paper.score)), Field("等　　次", paper.grade)],
        [Field("评议意见", paper.opinion, 6, foot=seal)],
        [Field("单位意见", "", 5, foot=seal)],
        [Field("街道意见", "", 5, foot=seal)],
        [Field("评 议 人", paper.by_name), Field("复 核 人")],
    ]


def _points(points: int | None, most: int) -> str:
    return "没有可计的，不计分" if points is None else f"{points}（满分{most}）"
