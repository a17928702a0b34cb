"""个人信息档案: everything that is held about one person, for the person; other people in it stay masked."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fields import Band, Field, Look, draw, lay_out, paginate
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.privacy import FilePaper, file_paper
from desktop_app.printing.sheet import A4, GREY, Sheet, Type
from desktop_app.privacy.dossier import Part

_HEAD = 22.0
_PART = 9.0
_LONG = 16
"""Characters of a value above which it takes a line of its own."""


class PersonalFile:
    """The form."""

    name: ClassVar[str] = "personal_file"
    title: ClassVar[str] = "个人信息档案"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "request"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[FilePaper]:
        """One file for each request that was granted.  AppError for any other."""
        return [file_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[FilePaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own; pages are counted within a file."""
        return draw_each(self.title, papers, choice, _draw_file)


def _draw_file(sheet: Sheet, paper: FilePaper) -> None:
    data = rules("privacy")["file"]
    look = Look(A4[0] - data["left"] - data["right"], data["label"], data["body"])
    pages = _pages(paper.parts, look, A4[1] - data["top"] - data["bottom"])
    footer = f"{paper.community}　{paper.day}　{paper.no}"
    for number, pieces in enumerate(pages, start=1):
        sheet.page(A4)
        y = data["top"]
        if number == 1:
            _draw_head(sheet, paper, look, data)
            y += _HEAD
        for title, bands in pieces:
            if title:
                sheet.text(data["left"], y + 6, title, Type(Role.HEI, data["body"] + 1.5))
                y += _PART
            y = draw(sheet, data["left"], y, bands, look) + data["gap"] / 2
        draw_footer(sheet, A4, footer, number, len(pages))


def _draw_head(sheet: Sheet, paper: FilePaper, look: Look, data: dict[str, float]) -> None:
    words = rules("privacy")["words"]
    sheet.text(A4[0] / 2, data["top"] + 7, words["file"], Type(Role.TITLE, data["title"]), "centre")
    about = f"申请编号：{paper.no}　申请人：{paper.applicant}（{paper.relation}）　制作日期：{paper.day}"
    sheet.text(data["left"], data["top"] + 14, about, look.body, fit=look.width)
    sheet.text(
        data["left"], data["top"] + 19, words["file_note"], Type(Role.SONG, data["body"] - 1, GREY), fit=look.width
    )


Piece = tuple[str, list[Band]]


def _pages(parts: Sequence[Part], look: Look, height: float) -> list[list[Piece]]:
    """Pages of (title or "", bands): a record stays together where a page holds it, a title never ends a page."""
    pages: list[list[Piece]] = [[]]
    left = height - _HEAD
    for part in parts:
        title = f"{part.title}（{len(part.records)}）" if len(part.records) > 1 else part.title
        for record in part.records:
            laid = lay_out(_rows(record), look)
            if _tall(laid) + (_PART if title else 0) > left and pages[-1]:
                pages.append([])
                left = height
            for at, bands in enumerate(paginate(laid, look, left - (_PART if title else 0), height)):
                if at:
                    pages.append([])
                    left = height
                pages[-1].append((title, bands))
                left -= _tall(bands) + rules("privacy")["file"]["gap"] / 2 + (_PART if title else 0)
                title = ""
    return pages


def _tall(bands: Sequence[Band]) -> float:
    return sum(band.height for band in bands)


def _rows(record: Sequence[tuple[str, str]]) -> list[list[Field]]:
    """Two short values to a row, a long one alone."""
    rows: list[list[Field]] = []
    half: list[Field] = []
    for label, value in record:
        field = Field(label, value)
        if len(value) > _LONG or "\n" in value:
            rows += [half, [field]] if half else [[field]]
            half = []
        else:
            half.append(field)
            if len(half) == 2:  # noqa: PLR2004 two to a row
                rows.append(half)
                half = []
    if half:
        rows.append([*half, Field("")] if len(half) == 1 and rows else half)
    return rows
