"""Tables on paper: column widths from what stands in them, wrapped cells, a head on every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.printing.fonts import Role
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.sheet import BASELINE, BLACK, Align, Colour, Sheet, Type

_RULE: Colour = (0, 0, 0, 0.45)
_SHADE: Colour = (0, 0, 0, 0.07)
_BAND: Colour = (0, 0, 0, 0.035)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` in mm, or None to be found from the cells."""

    title: str
    width: float | None = None
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Style:
    """Type size in points; padding and the least height of a row in mm."""

    size: float = 9.5
    pad_x: float = 1.4
    pad_y: float = 1.1
    least: float = 0.0

    @property
    def body(self) -> Type:
        return Type(Role.SONG, self.size)

    @property
    def head(self) -> Type:
        return Type(Role.HEI, self.size)

    @property
    def pitch(self) -> float:
        return self.body.em * 1.3


@dataclass(frozen=True, slots=True)
class Row:
    """A row laid out: the lines of each cell and the height in mm; a band is one cell over all columns."""

    cells: tuple[tuple[str, ...], ...]
    height: float
    band: bool = False


def column_widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], available: float, style: Style
) -> list[float]:
    """Widths in mm that fill `available`: what is fixed stays, the widest give way until everything fits."""
    natural = [column.width or _natural(i, column, rows, style) for i, column in enumerate(columns)]
    free = [i for i, column in enumerate(columns) if column.width is None]
    room = available - sum(natural[i] for i in range(len(columns)) if i not in free)
    if not free:
        return natural
    wanted = sum(natural[i] for i in free)
    if wanted <= room:
        for i in free:
            natural[i] *= room / wanted
    else:
        cap = _cap([natural[i] for i in free], room)
        for i in free:
            natural[i] = min(natural[i], cap)
    return natural


def _natural(index: int, column: Column, rows: Sequence[Sequence[str]], style: Style) -> float:
    body = max((style.body.width(row[index]) for row in rows), default=0.0)
    return max(body, style.head.width(column.title), 2 * style.body.em) + 2 * style.pad_x + 0.2


def _cap(widths: Sequence[float], room: float) -> float:
    """The width to which the widest are cut so that all fit."""
    rest, left = room, len(widths)
    for width in sorted(widths):
        if width > rest / left:
            break
        rest -= width
        left -= 1
    return rest / max(left, 1)


def lay_out(row: Sequence[str], widths: Sequence[float], style: Style, kind: Type | None = None) -> Row:
    """A row with its cells broken into lines."""
    kind = kind or style.body
    cells = tuple(_cell(text, width - 2 * style.pad_x, kind) for text, width in zip(row, widths, strict=True))
    tallest = max(len(lines) for lines in cells)
    return Row(cells, max(tallest * style.pitch + 2 * style.pad_y, style.least))


def _cell(text: str, width: float, kind: Type) -> tuple[str, ...]:
    if "\n" not in text and kind.width(text) <= width:
        return (text,)
    return tuple(visible(line) for line in break_lines(text, width, width, kind.width))


def band(text: str, style: Style) -> Row:
    """A row that heads a group."""
    return Row(((text,),), style.pitch + 2 * style.pad_y + 0.6, band=True)


def paginate(rows: Sequence[Row], first: float, rest: float) -> list[list[Row]]:
    """Rows by page: `first` mm are free on the first page, `rest` on the others; no band ends a page."""
    pages: list[list[Row]] = [[]]
    left = first
    for row in rows:
        if row.height > left and pages[-1]:
            held = [pages[-1].pop()] if pages[-1][-1].band and len(pages[-1]) > 1 else []
            pages.append(held)
            left = rest - sum(item.height for item in held)
        pages[-1].append(row)
        left -= row.height
    return pages


def draw_rows(
    sheet: Sheet,
    x: float,
    y: float,
    columns: Sequence[Column],
    widths: Sequence[float],
    rows: Sequence[Row],
    style: Style,
) -> float:
    """Draws a head and rows with the top left corner at (x, y); returns where they end."""
    head = lay_out([column.title for column in columns], widths, style, style.head)
    top, total = y, sum(widths)
    sheet.box(x, y, total, head.height, fill=_SHADE)
    _draw_cells(sheet, x, y, head, widths, ["centre"] * len(columns), style, style.head)
    y += head.height
    spans = [(top, y)]
    for row in rows:
        sheet.line(x, y, x + total, y, 0.12, _RULE)
        if row.band:
            sheet.box(x, y, total, row.height, fill=_BAND)
            sheet.text(x + style.pad_x, _first_baseline(y, row, 1, style), row.cells[0][0], style.head)
        else:
            _draw_cells(sheet, x, y, row, widths, [column.align for column in columns], style, style.body)
            _extend(spans, y, row.height)
        y += row.height
    _draw_uprights(sheet, x, widths, spans)
    sheet.line(x, top + head.height, x + total, top + head.height, 0.2, BLACK)
    sheet.box(x, top, total, y - top, stroke=BLACK, thick=0.35)
    return y


def _extend(spans: list[tuple[float, float]], y: float, height: float) -> None:
    """Keeps the stretches between bands, where the upright rules stand."""
    if abs(spans[-1][1] - y) < 0.01:  # noqa: PLR2004 - rounding
        spans[-1] = (spans[-1][0], y + height)
    else:
        spans.append((y, y + height))


def _draw_uprights(sheet: Sheet, x: float, widths: Sequence[float], spans: Sequence[tuple[float, float]]) -> None:
    for width in widths[:-1]:
        x += width
        for top, bottom in spans:
            sheet.line(x, top, x, bottom, 0.12, _RULE)


def _draw_cells(
    sheet: Sheet,
    x: float,
    y: float,
    row: Row,
    widths: Sequence[float],
    aligns: Sequence[Align],
    style: Style,
    kind: Type,
) -> None:
    for lines, width, align in zip(row.cells, widths, aligns, strict=True):
        at = {"left": x + style.pad_x, "centre": x + width / 2, "right": x + width - style.pad_x}[align]
        base = _first_baseline(y, row, len(lines), style)
        for i, line in enumerate(lines):
            sheet.text(at, base + i * style.pitch, line, kind, align)
        x += width


def _first_baseline(y: float, row: Row, lines: int, style: Style) -> float:
    """Centres the lines of a cell in its row."""
    em = style.body.em
    used = (lines - 1) * style.pitch + em
    return y + (row.height - used) / 2 + BASELINE * em
