"""A large sheet of an .xlsx in two halves, so that two threads can read it at once.

The reader works through a part without the interpreter's lock, so two halves take half the time.  It goes through a
sheet once more to find its merged cells, unless they stand in front of the rows: there they are put.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from desktop_app.spreadsheets.packed import flaws_in

LEAST = 4 << 20
"""Bytes of XML from which on a sheet is read in halves: some 4,000 rows of 26 columns."""
_MOST = 256 << 20
"""More than that would not fit into memory several times."""
_ROW = re.compile(rb'<row r="[0-9]+"')
_ROWS = b"<sheetData>"
_END = b"</sheetData>"
_MERGED = re.compile(rb"<mergeCells\b[^>]*>.*?</mergeCells>", re.DOTALL)
_NONE_MERGED = b'<mergeCells count="0"></mergeCells>'


Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Half:
    """Some rows of one sheet of a workbook: XML, in pieces, to stand in the place of the whole part."""

    data: bytes
    part: str
    xml: tuple[bytes, ...]

    def workbook(self) -> io.BytesIO:
        """The workbook with this half alone, not compressed: it is read at once and thrown away."""
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.data)) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as book:
            for one in packed.infolist():
                if one.filename == self.part:
                    book.writestr(self.part, b"".join(self.xml))
                elif not one.filename.startswith("xl/media/"):
                    book.writestr(one.filename, packed.read(one))
        made.seek(0)
        return made


@dataclass(frozen=True, slots=True)
class Halves:
    """The upper and the lower rows of the sheet `part`; the merged cells are told with the upper."""

    part: str
    upper: Half
    lower: Half
    flaws: Callable[[], dict[tuple[int, int], str]]
    """What `flaws_of` finds in the sheet."""


def halve(data: bytes) -> Halves | None:
    """The largest sheet of an .xlsx in halves; None where it is not worth it or not written the usual way."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sheets = [one for one in packed.infolist() if one.filename.startswith("xl/worksheets/sheet")]
            largest = max(sheets, key=lambda one: one.file_size, default=None)
            if largest is None or not LEAST <= largest.file_size <= _MOST:
                return None
            return _cut(data, largest.filename, packed.read(largest))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):  # what it is, the reader says
        return None


def _cut(data: bytes, part: str, xml: bytes) -> Halves | None:
    begin, end = xml.find(_ROWS), xml.rfind(_END)
    cut = _ROW.search(xml, (begin + end) // 2, end) if begin > 0 else None
    if cut is None or (b"!" in xml and b"<!" in xml):  # a comment may hold anything; one sign is found much quicker
        return None
    at, head, foot = cut.start(), xml[:begin], _END + b"</worksheet>"
    merged = _MERGED.search(xml, end)
    upper = Half(data, part, (head, merged[0] if merged else _NONE_MERGED, xml[begin:at], foot))
    lower = Half(data, part, (head, _NONE_MERGED, _ROWS, xml[at:end], foot))
    return Halves(part, upper, lower, partial(flaws_in, xml))


def join(upper: Rows, lower: Rows, start: tuple[int, int] | None) -> Rows:
    """The rows of both halves, all of one width; `start`: row and column, from 0, of the lower half's first cell."""
    if start is None or not lower:
        return upper
    row, column = start
    wide = max(len(upper[0]) if upper else 0, column + len(lower[0]))
    gap: Rows = [[]] * (row - len(upper))
    left = [""] * column
    return [_widened(cells, wide) for cells in (*upper, *gap)] + [_widened(left + cells, wide) for cells in lower]


def _widened(cells: list[Any], wide: int) -> list[Any]:
    return cells if len(cells) == wide else cells + [""] * (wide - len(cells))
