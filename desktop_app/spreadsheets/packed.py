"""What calamine does not tell about an .xlsx: parts of sheets, formulas without results, stray cells far away."""

import io
import re
import zipfile
from pathlib import Path

from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.sniffing import NOTHING_LOST

_MAX_AREA = 20_000_000
"""Cells of one sheet: 100,000 rows of 200 columns."""


def parts_of(data: bytes) -> list[str]:
    """Part names of the work sheets in the order of the workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
        try:
            links = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        except KeyError:
            return []
    targets = {}
    for link in re.findall(r"<Relationship\b[^>]*>", links):
        found = dict(re.findall(r'(\w+)="([^"]*)"', link))
        if found.get("Type", "").endswith("/worksheet"):
            targets[found.get("Id")] = "xl/" + found.get("Target", "").removeprefix("/xl/").removeprefix("/")
    names = re.findall(r'<(?:\w+:)?sheet\b[^>]*?\br:id="([^"]*)"', book)
    return [targets[name] for name in names if name in targets]


def refuse_sparse(path: Path, data: bytes) -> None:
    """A stray cell in the far corner of a sheet would be laid out as a table of 17 thousand million cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            with packed.open(name) as part:
                head = part.read(4096)
            if _area(re.search(rb'<dimension ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"', head)) <= _MAX_AREA:
                continue
            _refuse_far(path, packed.read(name))


def _area(found: re.Match[bytes] | None) -> int:
    if not found:
        return 0
    return _number_of(found[3]) * int(found[4])


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_far(path: Path, xml: bytes) -> None:
    widest = deepest = 0
    for found in re.finditer(rb'<c r="([A-Z]+)([0-9]+)"[^>/]*>(?!</c>)', xml):
        widest = max(widest, _number_of(found[1]))
        deepest = max(deepest, int(found[2]))
    if widest * deepest > _MAX_AREA:
        raise AppError(
            f"“{path.name}”在第 {deepest:,} 行附近还有内容，整张表太大。{NOTHING_LOST}",
            next_step="请把有用的行和列复制到一张新表，再导入。",
        )


_BLANK_FORMULA = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*><f\b[^>]*(?:/>|>[^<]*</f>)(?:<v>\s*</v>|<v\s*/>)?</c>')
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*\bt="e"[^>]*>(?:<f\b[^>]*(?:/>|>[^<]*</f>))?<v>([^<]*)</v>')


def flaws_of(path: Path, part: str) -> dict[tuple[int, int], str]:
    """`flaws_in` one part of a file; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            xml = packed.read(part)
    except (OSError, KeyError, zipfile.BadZipFile):
        return {}
    return flaws_in(xml)


def flaws_in(xml: bytes) -> dict[tuple[int, int], str]:
    """Cells (row, column from 0) of a sheet that hold a formula without a result ("") or an error (`#N/A`)."""
    found: dict[tuple[int, int], str] = {}
    rows = max(xml.find(b"<sheetData"), 0), xml.rfind(b"</sheetData>")
    # one sign is looked for ten times as quickly as two, and few rosters have these anywhere
    if xml.find(b"f", *rows) >= 0 and b"><f" in xml:
        for hit in _BLANK_FORMULA.finditer(xml):
            found[int(hit[2]) - 1, _number_of(hit[1]) - 1] = ""
    if xml.find(b"#", *rows) >= 0 and b't="e"' in xml:
        for hit in _ERROR_CELL.finditer(xml):
            found[int(hit[2]) - 1, _number_of(hit[1]) - 1] = hit[3].decode("ascii", "replace")
    return found
