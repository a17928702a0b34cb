"""The first look at a workbook, on the reader thread: what it is, its sheets, its columns with samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from desktop_app.shared.text import clean, plain
from desktop_app.spreadsheets.columns import Column, Table, find_table, take_hints
from desktop_app.spreadsheets.headers import TAG, vocabulary
from desktop_app.spreadsheets.workbook import Sheet, Workbook, read

LOOK_AT = 200
"""Rows that are looked at for samples; the check reads them all."""
_SAMPLES = 3
KINDS = {"residents": "residents", "buildings": "buildings", "centre_households": "centres"}
"""What can be imported: the engine's word → the command line's."""
_NEED = {
    "residents": (("name",), ("head_name",)),
    "buildings": (("building",),),
    "centre_households": (("name", "covers"),),
}


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column: `field` is a key of the vocabulary, `tag:…`, or "" where it is left out; `why` says why then."""

    letter: str
    header: str
    group: str
    field: str
    why: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What a file seems to be; `columns` are those of the first sheet that holds a table."""

    path: Path
    kind: str
    sheets: tuple[str, ...]
    sheet: str
    rows: int
    header_row: int
    columns: tuple[ColumnLook, ...]


def look(path: Path, kind: str = "", sheet: str = "", mapping: Mapping[str, str] | None = None) -> FirstLook:
    """Read a file and find its columns; `kind` and `sheet` empty mean: find out.  AppError for what is no workbook."""
    book = read(path)
    names = tuple(one.name for one in book.sheets)
    rows = {one.name: len(one.rows) for one in book.sheets}
    _shorten(book)
    found_kind = kind or _guess(book)
    table = _table(book, found_kind, sheet, mapping)
    if table is None:
        return FirstLook(path, found_kind, names, sheet, sum(rows.values()), 0, ())
    hints = take_hints(table)
    columns = tuple(
        ColumnLook(one.letter, one.header, one.group, one.field or "", one.why, _samples(table, one, hints))
        for one in table.columns
        if one.header
    )
    below = rows[table.sheet.name] - table.header_rows[1]
    return FirstLook(path, found_kind, names, sheet, below, table.header_rows[1], columns)


def _samples(table: Table, column: Column, hints: set[int]) -> tuple[str, ...]:
    """The first few different values of a column below the rows of filling hints."""
    words = (clean(plain(cell)) for at, cell in enumerate(table.cells(column)) if at not in hints)
    return tuple(islice(dict.fromkeys(word for word in words if word), _SAMPLES))


def _shorten(book: Workbook) -> None:
    """Merged blocks keep counting only as far as rows are kept."""
    for at, sheet in enumerate(book.sheets):
        if len(sheet.rows) > LOOK_AT:
            merged = [block for block in sheet.merged or () if block[2] < LOOK_AT]
            book.sheets[at] = Sheet(sheet.name, sheet.rows[:LOOK_AT], merged, sheet.part)


def _guess(book: Workbook) -> str:
    from desktop_app.organisation.intake import guess_kind

    return guess_kind(book) or "residents"


def _table(book: Workbook, kind: str, sheet: str, mapping: Mapping[str, str] | None) -> Table | None:
    for one in book.sheets:
        if sheet and one.name != sheet:
            continue
        for need in _NEED[kind]:
            if found := find_table(one, vocabulary(kind), need, mapping=mapping):
                return found
    return None


def field_choices(kind: str, header: str) -> list[tuple[str, str]]:
    """What a column may be: nothing, one of our fields, a new tag of its own name."""
    fields = [(one.key, one.label) for one in vocabulary(kind).fields if one.key != "not_collected"]
    tags = [(f"{TAG}{header}", f"标签：{header}")] if kind == "residents" else []
    return [("", "不导入"), *fields, *tags]
