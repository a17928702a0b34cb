"""Boxes with a label and what stands beside it, row by row, as registration forms have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.printing.fonts import Role
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.sheet import BASELINE, BLACK, Colour, Sheet, Type

_SHADE: Colour = (0, 0, 0, 0.05)
_PAD = 1.8
_PITCH = 1.45
"""Lines of a cell, in ems."""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled box; `lines` are those at least left room for, `share` its part of the row's width.

    `foot` stands in the lower right corner, on a line of its own: where to put seal and date.
    """

    label: str
    value: str = ""
    lines: int = 1
    share: float = 1.0
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Measures of a form: `label` is the width of the boxes with labels in mm, `size` the type in points."""

    width: float
    label: float
    size: float

    @property
    def body(self) -> Type:
        return Type(Role.SONG, self.size)

    @property
    def head(self) -> Type:
        return Type(Role.HEI, self.size)

    @property
    def pitch(self) -> float:
        return self.body.em * _PITCH


@dataclass(frozen=True, slots=True)
class Cell:
    """A box laid out: its label, the lines of its text, the width of the text's box."""

    label: str
    lines: tuple[str, ...]
    width: float
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A row laid out."""

    cells: tuple[Cell, ...]
    height: float


def lay_out(rows: Sequence[Sequence[Field]], look: Look) -> list[Band]:
    """Rows with their texts broken into lines."""
    return [_band(row, look) for row in rows]


def _band(row: Sequence[Field], look: Look) -> Band:
    whole = sum(field.share for field in row)
    cells = []
    for field in row:
        width = look.width * field.share / whole - look.label
        inner = width - 2 * _PAD
        lines = [visible(line) for line in break_lines(field.value, inner, inner, look.body.width)] or [""]
        room = max(len(lines) + 2 * bool(field.foot), field.lines)
        cells.append((Cell(field.label, tuple(lines), width, field.foot), room))
    tallest = max(lines for _, lines in cells)
    return Band(tuple(cell for cell, _ in cells), tallest * look.pitch + 2 * _PAD)


def paginate(bands: Sequence[Band], look: Look, first: float, rest: float) -> list[list[Band]]:
    """Bands by page, `first` mm on the first one and `rest` on the others; one higher than a page goes on overleaf."""
    pages: list[list[Band]] = [[]]
    left = first
    for band in bands:
        for piece in _pieces(band, look, left, rest):
            if piece.height > left and pages[-1]:
                pages.append([])
                left = rest
            pages[-1].append(piece)
            left -= piece.height
    return pages


def _pieces(band: Band, look: Look, left: float, rest: float) -> list[Band]:
    """A band as it is, or, if no page holds it, cut between lines."""
    if band.height <= rest:
        return [band]
    found, start = [], 0
    longest = max(len(cell.lines) for cell in band.cells)
    room = left
    while start < longest:
        count = max(1, int((room - 2 * _PAD) / look.pitch))
        ends = start + count >= longest
        cells = tuple(
            Cell(cell.label, cell.lines[start : start + count], cell.width, cell.foot if ends else "")
            for cell in band.cells
        )
        found.append(Band(cells, min(count, longest - start) * look.pitch + 2 * _PAD))
        start, room = start + count, rest
    return found


def draw(sheet: Sheet, x: float, y: float, bands: Sequence[Band], look: Look) -> float:
    """Draws rows with the top left corner at (x, y); returns where they end."""
    top = y
    for shade in (True, False):  # what is shaded first, or it would cover the rules
        y = top
        for band in bands:
            _draw_band(sheet, x, y, band, look, shade=shade)
            y += band.height
    sheet.box(x, top, look.width, y - top, stroke=BLACK, thick=0.35)
    return y


def _draw_band(sheet: Sheet, x: float, y: float, band: Band, look: Look, *, shade: bool) -> None:
    at = x
    for cell in band.cells:
        if shade:
            sheet.box(at, y, look.label, band.height, fill=_SHADE)
        else:
            _draw_cell(sheet, at, y, band.height, cell, look)
        at += look.label + cell.width
    if not shade:
        sheet.line(x, y + band.height, x + look.width, y + band.height, 0.15)


def _draw_cell(sheet: Sheet, x: float, y: float, height: float, cell: Cell, look: Look) -> None:
    em = look.body.em
    middle = y + height / 2 + (BASELINE - 0.5) * em
    sheet.text(x + look.label / 2, middle, cell.label, look.head, "centre", fit=look.label - 2)
    base = middle if len(cell.lines) == 1 and not cell.foot else y + _PAD + BASELINE * em + (look.pitch - em) / 2
    for i, line in enumerate(cell.lines):
        sheet.text(x + look.label + _PAD, base + i * look.pitch, line, look.body)
    sheet.text(x + look.label + cell.width - 4, y + height - _PAD - 0.3 * em, cell.foot, look.body, "right")
    for at in (x + look.label, x + look.label + cell.width):
        sheet.line(at, y, at, y + height, 0.15)
