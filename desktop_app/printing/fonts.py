"""Which typeface each role of type is printed in, and which one holds each single character.

A PDF library draws a character that its font lacks as nothing, and says nothing.  So the face is chosen per character:
the role's own, then the fallback chain; what no face holds is reported, and stands on the paper as 〓, the printer's
sign for a missing sort.  Which file a role gets is decided by the setting, then by what the machine has, then by what
the program brings along (`resources/fonts/fonts.toml`).
"""

import os
import struct
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from desktop_app.shared.errors import AppError
from desktop_app.shared.resources import resource

MISSING_SIGN = "〓"
_SELECTORS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
_SURROGATES = range(0xD800, 0xE000)
_INVISIBLE = _SELECTORS | {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF}


class Role(StrEnum):
    """The kinds of type a paper asks for; the names are those of GB/T 9704-2012, and 粗黑 for cards and boards."""

    FANG = "仿宋"
    TITLE = "小标宋"
    SONG = "宋体"
    KAI = "楷体"
    HEI = "黑体"
    BOLD = "粗黑"


class MissingCharactersError(AppError):
    """Some characters stand in no font of this machine; `characters` names them."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        codes = "、".join(f"{ch}（U+{ord(ch):04X}）" for ch in characters)
        super().__init__(
            f"这些字在现有字体里没有：{codes}。还没有打印，资料没有变动。",
            next_step="可安装含这些字的字体后再打印；也可确认继续，缺的字印成“〓”，打印后手写补上。",
        )


@dataclass(frozen=True, slots=True)
class Glyph:
    """How one character is set: the registered font, its advance in em, and the character drawn (〓 if missing)."""

    font: str
    advance: float
    drawn: str
    held: bool = True


def system_folders() -> tuple[Path, ...]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local / "Microsoft" / "Windows" / "Fonts"
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local" / "share" / "fonts"


class FontBook:
    """The faces of a machine, its own from `folders`.  Files are read when first needed, once per process."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self._folders = tuple(system_folders() if folders is None else folders)
        self._rules = _rules()
        self._roles = {role["name"]: role for role in self._rules["role"]}
        self._chains: dict[Role, tuple[str, ...]] = {}
        self._glyphs: dict[Role, dict[str, Glyph]] = {role: {} for role in Role}

    def chain(self, role: Role) -> tuple[str, ...]:
        """Registered names of the faces tried for a role, the role's own first."""
        if role not in self._chains:
            own = next(name for name in map(_register, self._candidates(role)) if name)
            others = (_register(resource("fonts", file)) for file in self._rules["fallback"])
            self._chains[role] = tuple(dict.fromkeys([own, *filter(None, others)]))
        return self._chains[role]

    def stand_ins(self) -> dict[Role, str]:
        """The roles whose true face this machine lacks, with the name of what is printed instead."""
        return {
            role: self._roles[role]["stand_in"]
            for role in Role
            if "stand_in" in self._roles[role] and self.chain(role)[0] == Path(self._roles[role]["bundled"]).stem
        }

    def glyph(self, role: Role, ch: str) -> Glyph:
        """How `ch` is set in `role`."""
        try:
            return self._glyphs[role][ch]
        except KeyError:
            found = self._glyphs[role][ch] = self._find(role, ch)
            return found

    def runs(self, role: Role, text: str) -> list[tuple[str, str]]:
        """`text` in pieces of one font each, as drawn: [(font, piece)…]."""
        runs: list[tuple[str, str]] = []
        for ch in text:
            glyph = self.glyph(role, ch)
            if runs and runs[-1][0] == glyph.font:
                runs[-1] = (glyph.font, runs[-1][1] + glyph.drawn)
            elif glyph.drawn:
                runs.append((glyph.font, glyph.drawn))
        return runs

    def missing(self, role: Role, text: str) -> str:
        """The characters of `text` that no face holds, each once, in order."""
        return "".join(dict.fromkeys(ch for ch in text if not self.glyph(role, ch).held))

    def width(self, role: Role, text: str, size: float) -> float:
        """Width of `text` in the unit of `size`."""
        glyphs, total = self._glyphs[role], 0.0
        for ch in text:
            total += (glyphs.get(ch) or self.glyph(role, ch)).advance
        return total * size

    def ink(self, role: Role, text: str) -> tuple[float, float]:
        """Lowest and highest ink of `text` above the baseline, in em."""
        boxes = [_ink(glyph.font, drawn) for ch in text for glyph in [self.glyph(role, ch)] for drawn in glyph.drawn]
        return min((low for low, _ in boxes), default=0.0), max((high for _, high in boxes), default=0.0)

    def _candidates(self, role: Role) -> Iterator[Path]:
        yield from self._installed(self._roles[role]["system"])
        yield resource("fonts", self._roles[role]["bundled"])

    def _installed(self, names: Iterable[str]) -> Iterator[Path]:
        files = _font_files(self._folders)
        return (files[name.lower()] for name in names if name.lower() in files)

    def _find(self, role: Role, ch: str) -> Glyph:
        if ord(ch) in _INVISIBLE:
            return Glyph(self.chain(role)[0], 0.0, "")
        drawn = " " if ch in "\t\r\n\xa0" else ch
        for font in self._faces_for(role, drawn):
            if ord(drawn) in _face(font).charToGlyph:
                return Glyph(font, _advance(font, drawn), drawn)
        font = next(name for name in self.chain(role) if ord(MISSING_SIGN) in _face(name).charToGlyph)
        return Glyph(font, _advance(font, MISSING_SIGN), MISSING_SIGN, held=False)

    def _faces_for(self, role: Role, ch: str) -> Iterator[str]:
        chain = self.chain(role)
        for loan in self._rules["borrow"]:
            if ch in loan["characters"] and chain[0] == Path(loan["face"]).stem:
                yield Path(loan["lender"]).stem
        yield from chain
        yield from filter(None, map(_register, self._installed(self._rules["rare"])))


_books: list[FontBook] = []


def book() -> FontBook:
    """The faces in use."""
    if not _books:
        _books.append(FontBook())
    return _books[0]


def use(chosen: FontBook) -> None:
    """Prints with these faces from now on."""
    _books[:] = [chosen]


def warm_up() -> None:
    """Reads every face once (about 0.3 s), so that the first paper does not wait for it; may run in any thread."""
    for role in Role:
        book().chain(role)


@cache
def _rules() -> dict[str, Any]:
    with resource("fonts", "fonts.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _font_files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Font files by lower-case name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.tt[fc]")) + sorted(folder.rglob("*.TT[FC]")):
            found.setdefault(path.name.lower(), path)
    return found


@cache
def _register(path: Path) -> str:
    """Registers a font file under its stem; "" for a file that cannot be embedded (CFF outlines, a barred licence)."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode_cmap
    try:
        pdfmetrics.registerFont(ttfonts.TTFont(path.stem, str(path), asciiReadable=False))
    except (ttfonts.TTFError, OSError):
        return ""
    return path.stem


def _face(font: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(font).face


def _advance(font: str, ch: str) -> float:
    return float(_face(font).getCharWidth(ord(ch))) / 1000


def _ink(font: str, ch: str) -> tuple[float, float]:
    """Lowest and highest ink of one character in em, from the head of its outline (OpenType `glyf`)."""
    face = _face(font)
    glyph = face.charToGlyph[ord(ch)]
    start, end = face.glyphPos[glyph], face.glyphPos[glyph + 1]
    if start == end:
        return 0.0, 0.0
    head = face.get_chunk(face.get_table_pos("glyf")[0] + start, 10)
    _, _, low, _, high = struct.unpack(">5h", head)
    return low / face.unitsPerEm, high / face.unitsPerEm


def to_unicode_cmap(name: str, subset: Sequence[int]) -> str:
    """The ToUnicode map of a subset, with surrogate pairs beyond the BMP (PDF 32000-1, 9.10.3).

    ReportLab's own writes four hex digits for every character, so that 𬭊 is read back as another one.
    """
    lines = [
        f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>"
        for code, value in enumerate(subset)
        if value not in _SURROGATES
    ]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
