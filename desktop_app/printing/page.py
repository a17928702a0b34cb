"""The 公文 page of GB/T 9704-2012: a block of 156 × 225 mm with a grid of 22 lines × 28 characters.

The lines of a document are laid out first, as plain values on the grid, and drawn afterwards; so a form can ask how
many pages there are before a page is drawn.  The first line's characters stand on the upper edge of the block and the
last line's on its lower edge (撑满版心), which makes the pitch one character and 7/8 of one.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import ceil
from typing import Any

from desktop_app.printing import fonts
from desktop_app.printing.fonts import Role
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.sheet import BASELINE, BLACK, MM, Colour, Sheet, Type
from desktop_app.shared.resources import resource

# A line is widened to the block's edge by at most this part of a character between two characters.
_STRETCH = 0.12
_SLACK = 0.001  # points; keeps 28 characters within the block in spite of rounding
_TO_SIGN = 5
"""Characters of room a signature needs beside its label."""


@cache
def rules(name: str) -> dict[str, Any]:
    """The layout rules in `resources/forms/<name>.toml`."""
    with resource("forms", f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Grid:
    """The page in mm; `size` of the 3号 type in points."""

    width: float
    height: float
    top: float
    left: float
    block_width: float
    block_height: float
    lines: int
    characters: int
    title_size: float

    @property
    def size(self) -> float:
        return self.block_width * MM / self.characters - _SLACK

    @property
    def em(self) -> float:
        """One 3号 character in mm."""
        return self.size / MM

    @property
    def pitch(self) -> float:
        """From one baseline to the next in mm."""
        return (self.block_height - self.em) / (self.lines - 1)

    @property
    def right(self) -> float:
        return self.left + self.block_width

    @property
    def bottom(self) -> float:
        return self.top + self.block_height

    def baseline(self, row: int) -> float:
        """Baseline of a grid line, from the top of the page; row 0 is the first."""
        return self.top + BASELINE * self.em + row * self.pitch


@cache
def grid() -> Grid:
    """The page of the standard."""
    return Grid(**rules("official_page")["page"])


@dataclass(frozen=True, slots=True)
class Piece:
    """Text at `x` mm from the left edge of the block; widened to `width` mm where given."""

    x: float
    text: str
    kind: Type
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One grid line; `keep` holds it on the page of the line that follows; `strokes` are lines to sign on (x1, x2)."""

    pieces: tuple[Piece, ...] = ()
    keep: bool = False
    strokes: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: copies to, issuing body, date; only what is given is printed."""

    copies: str = ""
    issuer: str = ""
    issued: str = ""


@dataclass
class Flow:
    """The text of a document, line by line.  `start` mm of the first page's block belong to its head."""

    start: float = 0.0
    imprint: Imprint = field(default_factory=Imprint)
    draft: str = ""
    lines: list[Line] = field(default_factory=list)

    def blank(self, rows: int = 1, *, keep: bool = False) -> None:
        """Empty grid lines; with `keep` they hold what stands before them to what follows."""
        if keep and self.lines:
            self.lines[-1] = replace(self.lines[-1], keep=True)
        self.lines += [Line(keep=keep)] * rows

    def title(self, text: str, sense: str = "") -> None:
        """2号小标宋, centred, its lines of about equal length; two lines part before the words of `sense`."""
        page = grid()
        kind = Type(Role.TITLE, page.title_size)
        for line in _parted(text, sense, page.block_width, kind) or _balanced(text, page.block_width, kind):
            x = (page.block_width - kind.width(line)) / 2
            self.lines.append(Line((Piece(x, line, kind),), keep=True))
        self.lines.append(Line(keep=True))

    def heading(self, level: int, number: int, text: str) -> None:
        """第一层“一、”黑体, 第二层“（一）”楷体, 第三层“1.”, 第四层“（1）”仿宋."""
        role = {1: Role.HEI, 2: Role.KAI}.get(level, Role.FANG)
        before = len(self.lines)
        self.paragraph(numbered(level, number) + text, role)
        self.lines[before:] = [Line(line.pieces, keep=True) for line in self.lines[before:]]

    def numbered(self, level: int, number: int, text: str) -> None:
        """A paragraph that begins with its number, set like a heading's: “一、”黑体, text 仿宋."""
        lead = numbered(level, number)
        self.paragraph(text, lead=lead) if level == 1 else self.paragraph(lead + text)

    def paragraph(self, text: str, role: Role = Role.FANG, *, indent: float = 2, lead: str = "") -> None:
        """3号 text; `indent` characters in the first line, `lead` printed before it in 黑体."""
        page = grid()
        kind = Type(role, page.size)
        first = page.block_width - indent * page.em
        broken = break_lines(lead + text, first, page.block_width, kind.width)
        for i, line in enumerate(broken):
            x = indent * page.em if i == 0 else 0.0
            heavy = len(lead) if i == 0 else 0
            width = page.block_width - x if i < len(broken) - 1 else None
            self.lines.append(Line(_pieces(x, visible(line), heavy, kind, width)))

    def labelled(self, label: str, text: str, *, indent: float = 2) -> None:
        """A 黑体 label and text whose further lines begin where its first began (出席：…)."""
        page = grid()
        kind, bold = Type(Role.FANG, page.size), Type(Role.HEI, page.size)
        x = indent * page.em
        edge = x + bold.width(label)
        broken = break_lines(text, page.block_width - edge, page.block_width - edge, kind.width)
        for i, line in enumerate(broken):
            width = page.block_width - edge if i < len(broken) - 1 else None
            head = (Piece(x, label, bold),) if i == 0 else ()
            self.lines.append(Line((*head, Piece(edge, visible(line), kind, width))))

    def signatures(self, labels: Sequence[str], *, indent: float = 2) -> None:
        """Lines to sign on, two to a grid line, each after its label; kept on one page with what stands before."""
        page = grid()
        kind = Type(Role.FANG, page.size)
        half = page.block_width / 2
        if self.lines:
            self.lines[-1] = Line(self.lines[-1].pieces, keep=True, strokes=self.lines[-1].strokes)
        rows = _paired(labels, lambda text: kind.width(text) > half - (_TO_SIGN if _is_signed(text) else 1) * page.em)
        for number, row in enumerate(rows, start=1):
            placed = [(indent * page.em + column * half, text) for column, text in enumerate(row)]
            strokes = tuple(
                (x + kind.width(text), max(x + half - max(indent, 1) * page.em, x + kind.width(text) + 7 * page.em))
                for x, text in placed
                if _is_signed(text)
            )
            self.lines.append(Line(tuple(Piece(x, text, kind) for x, text in placed), number < len(rows), strokes))

    def seals(self, names: Sequence[str], *, room: int = 5) -> None:
        """Names side by side with (盖章) under them and a day, `room` lines apart: no seal is ever drawn."""
        page = grid()
        kind = Type(Role.FANG, page.size)
        width = page.block_width / len(names)
        for words in (names, ["（盖章）"] * len(names), *[()] * (room - 2), ["　年　月　日"] * len(names)):
            middles = [(at + 0.5) * width for at in range(len(words))]
            pieces = tuple(Piece(x - kind.width(text) / 2, text, kind) for x, text in zip(middles, words, strict=True))
            self.lines.append(Line(pieces, keep=True))
        self.lines[-1] = replace(self.lines[-1], keep=False)

    def right(self, text: str, *, inset: float = 4) -> None:
        """A line that ends `inset` characters from the right edge."""
        page = grid()
        kind = Type(Role.FANG, page.size)
        self.lines.append(Line((Piece(page.block_width - inset * page.em - kind.width(text), text, kind),)))

    def pages(self) -> list[list[Line]]:
        """The lines of each page; the first has fewer where a head stands, the last leaves room for the 版记."""
        rows = grid().lines
        first = rows - ceil(self.start / grid().pitch)
        pages: list[list[Line]] = []
        rest = list(self.lines)
        while rest:
            room = rows if pages else first
            end = _page_end(rest, room)
            pages.append(rest[:end])
            rest = rest[end:]
            while rest and not rest[0].pieces and not rest[0].strokes:
                rest.pop(0)  # no page begins with an empty line
        pages = pages or [[]]
        if len(pages[-1]) + ceil(self._imprint_height() / grid().pitch) > (rows if len(pages) > 1 else first):
            pages.append([])
        return pages

    def draw(self, sheet: Sheet, head: Callable[[Sheet], None] | None = None) -> int:
        """Draws all pages and returns how many there were; `head` draws into the upper part of the first."""
        page, pages = grid(), self.pages()
        for number, lines in enumerate(pages, start=1):
            sheet.page((page.width, page.height))
            if number == 1 and head:
                head(sheet)
            first_row = ceil(self.start / page.pitch) if number == 1 else 0
            for row, line in enumerate(lines, start=first_row):
                _draw_line(sheet, line, page.baseline(row))
            if self.draft:
                sheet.text(page.left, 26, self.draft, Type(Role.HEI, page.size), fit=page.block_width)
            _draw_number(sheet, number)
        self._draw_imprint(sheet)
        return len(pages)

    def _imprint_rows(self) -> tuple[list[str], str, str]:
        style = rules("official_page")["imprint"]
        kind = Type(Role.FANG, style["size"])
        mark = self.imprint
        width = grid().block_width - 2 * kind.em - kind.width("抄送：")
        copies = break_lines(mark.copies.rstrip("。") + "。", width, width, kind.width) if mark.copies else []
        return [visible(line) for line in copies], mark.issuer, f"{mark.issued}印发" if mark.issued else ""

    def _imprint_height(self) -> float:
        copies, issuer, issued = self._imprint_rows()
        return float((len(copies) + bool(issuer or issued)) * rules("official_page")["imprint"]["pitch"])

    def _draw_imprint(self, sheet: Sheet) -> None:
        """版记: its last rule lies on the lower edge of the block of the last page."""
        copies, issuer, issued = self._imprint_rows()
        if not (copies or issuer or issued):
            return
        page, style = grid(), rules("official_page")["imprint"]
        kind, pitch = Type(Role.FANG, style["size"]), style["pitch"]
        y = page.bottom - self._imprint_height()
        sheet.line(page.left, y, page.right, y, style["outer_rule"])
        for i, line in enumerate(copies):
            x = page.left + kind.em + kind.width("抄送：")
            if i == 0:
                sheet.text(page.left + kind.em, _middle(y, pitch, kind), "抄送：", kind)
            sheet.text(x, _middle(y, pitch, kind), line, kind)
            y += pitch
        if issuer or issued:
            if copies:
                sheet.line(page.left, y, page.right, y, style["inner_rule"])
            sheet.text(page.left + kind.em, _middle(y, pitch, kind), issuer, kind)
            sheet.text(page.right - kind.em, _middle(y, pitch, kind), issued, kind, "right")
        sheet.line(page.left, page.bottom, page.right, page.bottom, style["outer_rule"])


def numbered(level: int, number: int) -> str:
    """The number of a heading: 一、 （一） 1. （1）."""
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}. "}.get(level, f"（{number}）")


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")) or "〇"


def mark_size(text: str, kind: Type) -> Type:
    """The mark's type, made smaller until the mark fits the block."""
    wide = kind.width(text)
    return Type(kind.role, min(kind.size, kind.size * grid().block_width / wide), kind.colour)


def mark_height(text: str, size: float) -> float:
    """From the highest to the lowest ink of a mark in mm."""
    kind = mark_size(text, Type(Role.TITLE, size))
    low, high = fonts.book().ink(kind.role, text)
    return (high - low) * kind.em


def draw_mark(sheet: Sheet, text: str, top: float, colour: Colour, size: float) -> float:
    """Sets a 发文机关标志 centred, the top of its ink `top` mm from the page's top; returns where its ink ends."""
    kind = mark_size(text, Type(Role.TITLE, size, colour))
    low, high = fonts.book().ink(kind.role, text)
    baseline = top + high * kind.em
    sheet.text(grid().left + grid().block_width / 2, baseline, text, kind, "centre")
    return baseline - low * kind.em


def _middle(top: float, height: float, kind: Type) -> float:
    """The baseline that centres a line of `kind` in a band."""
    return top + height / 2 + (BASELINE - 0.5) * kind.em


def _pieces(x: float, line: str, heavy: int, kind: Type, width: float | None) -> tuple[Piece, ...]:
    if not heavy:
        return (Piece(x, line, kind, width),)
    bold = Type(Role.HEI, kind.size, kind.colour)
    lead = Piece(x, line[:heavy], bold)
    step = bold.width(line[:heavy])
    return lead, Piece(x + step, line[heavy:], kind, None if width is None else width - step)


def _is_signed(label: str) -> bool:
    """Whether somebody writes behind a label; where a seal is put or a name is printed no line is drawn."""
    return label.endswith("：") and not label.endswith("（盖章）：")


def _paired(labels: Sequence[str], is_wide: Callable[[str], bool]) -> list[list[str]]:
    """Two labels to a line; one that leaves no room to sign has a line of its own."""
    rows: list[list[str]] = []
    for text in labels:
        if rows and len(rows[-1]) == 1 and not is_wide(text) and not is_wide(rows[-1][0]):
            rows[-1].append(text)
        else:
            rows.append([text])
    return rows


def _parted(text: str, sense: str, width: float, kind: Type) -> list[str]:
    """Two lines that part before some words of the text; [] where one line or these two would not do."""
    at = text.rfind(sense) if sense else 0
    parts = [text[:at], text[at:]]
    fits = all(part and kind.width(part) <= width for part in parts)
    return parts if fits and kind.width(text) > width else []


def _balanced(text: str, width: float, kind: Type) -> list[str]:
    """The fewest lines, made about equally long."""
    lines = break_lines(text, width, width, kind.width)
    narrow, wide = width / (len(lines) + 1), width
    while wide - narrow > kind.em / 4:
        middle = (narrow + wide) / 2
        if len(tried := break_lines(text, middle, middle, kind.width)) <= len(lines):
            lines, wide = tried, middle
        else:
            narrow = middle
    return [visible(line) for line in lines]


def _page_end(lines: Sequence[Line], room: int) -> int:
    """How many lines go on a page: at most `room`, and none whose `keep` would part it from the next."""
    end = min(room, len(lines))
    if end == len(lines):
        return end
    while end > 1 and lines[end - 1].keep:
        end -= 1
    return end if not lines[end - 1].keep else min(room, len(lines))


def _draw_line(sheet: Sheet, line: Line, baseline: float) -> None:
    left = grid().left
    for piece in line.pieces:
        text = piece.text.rstrip(" \u3000") if piece.width else piece.text
        sheet.text(left + piece.x, baseline, text, piece.kind, spacing=_spread(piece, text))
    for x1, x2 in line.strokes:
        sheet.line(left + x1, baseline + 1.2, left + x2, baseline + 1.2, 0.2, BLACK)


def _spread(piece: Piece, text: str) -> float:
    """What to put between the characters so that the line ends at the block's edge; nothing where it would gape."""
    if piece.width is None or len(text) < 2:  # noqa: PLR2004 - one character has nothing between
        return 0.0
    gap = (piece.width - piece.kind.width(text)) / (len(text) - 1)
    return gap if 0 < gap <= _STRETCH * piece.kind.em else 0.0


def _draw_number(sheet: Sheet, number: int) -> None:
    """— 1 —: odd pages outside right, even pages outside left, the dashes 7 mm below the block."""
    style, page = rules("official_page")["page_number"], grid()
    kind = Type(Role.SONG, style["size"])
    _, high = fonts.book().ink(kind.role, "—")
    baseline = page.bottom + style["below_block"] + high * kind.em
    inset = style["inset"] * kind.em
    x, align = (page.right - inset, "right") if number % 2 else (page.left + inset, "left")
    sheet.text(x, baseline, f"— {number} —", kind, "right" if align == "right" else "left")
