"""A plain list: any columns and rows, with a title, a head on every page, and page x of y."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A3, A4, GREY, Sheet, Type
from desktop_app.printing.tables import Column, Row, Style, band, column_widths, draw_rows, lay_out, paginate
from desktop_app.shared.errors import AppError

_TITLE_ROOM = 16.0
_HEAD = 18.0
_NEAR, _FAR = 9.0, 10.5
"""Type in points: A3 hangs on a wall."""


@dataclass(frozen=True, slots=True)
class TablePaper:
    """A list to print.  Each row has a text for every column; `note` says what was filtered and how many there are."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class TableForm:
    """The form."""

    name: ClassVar[str] = "table"
    title: ClassVar[str] = "列表"
    sizes: ClassVar[tuple[str, ...]] = ("A4 纵向", "A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "table"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[TablePaper]:
        """A list is made by the page that shows it, from its own columns and filter."""
        del desk, subjects
        raise AppError("列表要从所在页面打印，这里没有打印。", next_step="请打开要打印的列表，再点“打印”。")

    def draw(self, papers: Sequence[TablePaper], choice: Choice = DEFAULT) -> bytes:
        """Each list begins a page of its own; pages are counted within a list."""
        title = papers[0].title if papers else self.title
        sheet = Sheet(title, allow_missing=choice.allow_missing)
        for paper in papers:
            draw_table(sheet, paper, page_size(size_of(self.sizes, choice)), choice.footer)
        return sheet.finish()


def page_size(words: str) -> tuple[float, float]:
    """(width, height) in mm of “A4 纵向”, “A4 横向”, “A3 横向”…"""
    short, long = A3 if words.startswith("A3") else A4
    return (long, short) if "横" in words else (short, long)


def draw_table(sheet: Sheet, paper: TablePaper, size: tuple[float, float], footer: str) -> None:
    """Draws one list on pages of its own."""
    data = rules("list")
    margins, kinds = data["margins"], data["type"]
    style = Style(kinds["small"] if len(paper.columns) >= kinds["crowded"] else kinds["body"])
    width = size[0] - margins["left"] - margins["right"]
    widths = column_widths(paper.columns, paper.rows, width, style)
    head = lay_out([column.title for column in paper.columns], widths, style, style.head)
    rest = size[1] - margins["top"] - margins["bottom"] - head.height
    pages = paginate([lay_out(row, widths, style) for row in paper.rows], rest - _TITLE_ROOM, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            _draw_title(sheet, paper, size[0])
            top += _TITLE_ROOM
        _draw_page(sheet, paper, (margins["left"], top), widths, rows, style)
        draw_footer(sheet, size, footer, number, len(pages))


def _draw_title(sheet: Sheet, paper: TablePaper, width: float) -> None:
    data = rules("list")
    margins, kinds = data["margins"], data["type"]
    room = width - margins["left"] - margins["right"]
    sheet.text(width / 2, margins["top"] + 5.5, paper.title, Type(Role.TITLE, kinds["title"]), "centre", fit=room)
    sheet.text(margins["left"], margins["top"] + 13.2, paper.note, Type(Role.SONG, kinds["note"]), fit=room)


def _draw_page(
    sheet: Sheet,
    paper: TablePaper,
    corner: tuple[float, float],
    widths: Sequence[float],
    rows: Sequence[Row],
    style: Style,
) -> None:
    end = draw_rows(sheet, *corner, paper.columns, widths, rows, style)
    if not rows:
        sheet.text(corner[0] + sum(widths) / 2, end + 9, "没有记录", Type(Role.SONG, style.size, GREY), "centre")


def draw_bands(
    sheet: Sheet,
    head: tuple[str, str],
    columns: Sequence[Column],
    parts: Sequence[tuple[str, Sequence[Sequence[str]]]],
    size: tuple[float, float],
    footer: str,
) -> None:
    """A list in parts, each under a band with its name; `head` is the title and what stands at its right."""
    margins = rules("list")["margins"]
    style = Style(_FAR if size[0] > A4[1] else _NEAR)
    width = size[0] - margins["left"] - margins["right"]
    widths = column_widths(columns, [row for _, rows in parts for row in rows], width, style)
    top_row = lay_out([column.title for column in columns], widths, style, style.head)
    rest = size[1] - margins["top"] - margins["bottom"] - top_row.height
    laid = [one for name, rows in parts for one in (band(name, style), *(lay_out(row, widths, style) for row in rows))]
    pages = paginate(laid, rest - _HEAD, rest)
    for number, rows in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        if number == 1:
            sheet.text(size[0] / 2, top + 7, head[0], Type(Role.TITLE, 22), "centre", fit=width)
            sheet.text(size[0] - margins["right"], top + 14.5, head[1], style.body, "right")
            top += _HEAD
        draw_rows(sheet, margins["left"], top, columns, widths, rows, style)
        draw_footer(sheet, size, footer, number, len(pages))


def draw_footer(sheet: Sheet, size: tuple[float, float], words: str, number: int, count: int) -> None:
    """The small grey line at the foot: when and by whom it was printed, and page x of y."""
    data = rules("list")
    margins, kind = data["margins"], Type(Role.HEI, data["type"]["footer"], GREY)
    y = size[1] - margins["bottom"] + 7
    sheet.text(margins["left"], y, words, kind)
    sheet.text(size[0] - margins["right"], y, f"第 {number} 页，共 {count} 页", kind, "right")
