"""The one door to spreadsheet files: `read` takes .xlsx, .xls, .ods and .csv, `write` makes .xlsx.

Files are told apart by what stands in them, never by their name, and the file that is read is never changed.
"""

import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from desktop_app.shared.bulk import beside, collecting_later
from desktop_app.shared.errors import AppError
from desktop_app.shared.private import begin, unwritten
from desktop_app.spreadsheets.delimited import read_rows
from desktop_app.spreadsheets.halves import Halves, Rows, halve, join
from desktop_app.spreadsheets.packed import flaws_of, parts_of, refuse_sparse
from desktop_app.spreadsheets.sniffing import NOTHING_LOST, damaged, kind_of, protected

Cell = str | float | bool | date | datetime | time | timedelta | None
"""A blank cell is ""; whole numbers arrive as float."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0 and inclusive."""

MAX_BYTES = 300 << 20
MAX_ROWS = 100_000
"""Rows with something in them, in the whole workbook: more than any community has residents."""

_LONGEST_LIST = 255
"""Characters a list to choose from may have in an .xlsx."""
_STILL_ALLOWED = ("insert_rows", "delete_rows", "sort", "autofilter", "format_columns", "format_rows", "format_cells")
"""What a sheet whose header is locked leaves free."""


@dataclass(slots=True)
class Sheet:
    """One sheet.  `rows` are of equal length; `merged` is None where the format cannot say (CSV)."""

    name: str
    rows: list[list[Any]]
    merged: list[Range] | None = None
    part: str | None = None
    """Name of the sheet's part inside an .xlsx."""


@dataclass(slots=True)
class Workbook:
    """What was read from a file."""

    path: Path
    kind: str
    """xlsx, xls, ods, xlsb or csv."""
    sheets: list[Sheet]
    encoding: str | None = None
    _flaws: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)

    def flaws(self, sheet: Sheet) -> dict[tuple[int, int], str]:
        """Cells (row, column from 0) that look blank but hold a formula without a result, or an error such as #N/A."""
        if sheet.name not in self._flaws:
            self._flaws[sheet.name] = flaws_of(self.path, sheet.part) if sheet.part else {}
        return self._flaws[sheet.name]


def read(path: str | Path) -> Workbook:
    """Everything in a workbook.  AppError in Chinese for what is no workbook, protected, damaged or too large."""
    path = Path(path)
    data = _bytes_of(path)
    kind = kind_of(path, data)
    with collecting_later():
        book = _read_csv(path, data) if kind == "csv" else _read_binary(path, data, kind)
    rows = sum(len(sheet.rows) for sheet in book.sheets)
    if rows > MAX_ROWS:
        raise AppError(
            f"“{path.name}”有 {rows:,} 行，一次最多导入 {MAX_ROWS:,} 行。{NOTHING_LOST}",
            next_step="请按小区或楼栋拆成几份，分次导入。",
        )
    if not any(cell not in {"", None} for sheet in book.sheets for row in sheet.rows for cell in row):
        raise AppError(
            f"“{path.name}”里没有内容。{NOTHING_LOST}", next_step="请确认选对了文件，并在 WPS 或 Excel 里保存过。"
        )
    return book


def _bytes_of(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise AppError(
            f"“{path.name}”是表格打开时产生的临时文件。{NOTHING_LOST}", next_step="请选名字前没有“~$”的那一份。"
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise AppError(
                f"“{path.name}”有 {size >> 20} MB，太大了。{NOTHING_LOST}",
                next_step="请删去表里的图片和多余的空行，或拆成几份再导入。",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise AppError(f"找不到“{path}”。{NOTHING_LOST}", next_step="请确认文件还在原处，U 盘没有拔出。") from None
    except IsADirectoryError:
        raise AppError(f"“{path.name}”是文件夹。{NOTHING_LOST}", next_step="请选里面的表格文件。") from None
    except OSError as error:
        raise AppError(
            f"“{path.name}”读不出来（{error.strerror}）。{NOTHING_LOST}",
            next_step="请先在 WPS 或 Excel 里关闭它，再试一次。",
        ) from error


def _read_csv(path: Path, data: bytes) -> Workbook:
    rows, encoding = read_rows(path, data)
    return Workbook(path, "csv", [Sheet(path.stem, rows)], encoding)


def _read_binary(path: Path, data: bytes, kind: str) -> Workbook:
    import python_calamine as calamine

    if kind == "xlsx":
        refuse_sparse(path, data)
    try:
        if kind == "xlsx" and (halves := halve(data)) is not None and halves.part in parts_of(data):
            return _read_halves(path, data, halves)
        sheets = _sheets_of(calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except calamine.PasswordError:
        raise protected(path) from None
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise damaged(path) from error
    if kind == "xlsx":
        _name_parts(sheets, data)
    return Workbook(path, kind, sheets)


def _read_halves(path: Path, data: bytes, halves: Halves) -> Workbook:
    import python_calamine as calamine

    at = parts_of(data).index(halves.part)

    def lower_half() -> tuple[Rows, tuple[int, int] | None]:
        book = calamine.CalamineWorkbook.from_filelike(halves.lower.workbook())
        sheet = book.get_sheet_by_name(_work_sheets(book)[at].name)
        return sheet.to_python(), sheet.start

    with beside(lower_half) as rest:
        sheets = _sheets_of(calamine.CalamineWorkbook.from_filelike(halves.upper.workbook()))
        _name_parts(sheets, data)
        flaws = {sheets[at].name: halves.flaws()}
        sheets[at].rows = join(sheets[at].rows, *rest())
    return Workbook(path, "xlsx", sheets, _flaws=flaws)


def _sheets_of(book: Any) -> list[Sheet]:
    return [_sheet_of(book.get_sheet_by_name(meta.name)) for meta in _work_sheets(book)]


def _work_sheets(book: Any) -> list[Any]:
    import python_calamine as calamine

    return [meta for meta in book.sheets_metadata if meta.typ is calamine.SheetTypeEnum.WorkSheet]


def _sheet_of(sheet: Any) -> Sheet:
    merged = sheet.merged_cell_ranges
    ranges = None if merged is None else sorted((*first, *last) for first, last in merged)
    return Sheet(sheet.name, sheet.to_python(skip_empty_area=False), ranges)


def _name_parts(sheets: list[Sheet], data: bytes) -> None:
    for sheet, part in zip(sheets, parts_of(data), strict=False):
        sheet.part = part


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write: every cell is text, so that no number loses its last figures.

    `widths` in characters; `choices` are the words a column offers in a list; `notes` stand in a row under the header;
    `room` is the number of blank rows kept ready as text cells below the rows.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]] = ()
    title: str = ""
    notes: Sequence[str] = ()
    widths: Sequence[float] = ()
    choices: dict[int, Sequence[str]] = field(default_factory=dict)
    room: int = 0
    locked_header: bool = False


def write(path: str | Path, sheets: Sequence[SheetOut]) -> Path:
    """Writes a workbook that only its owner may read, whole or not at all; returns its path."""
    import xlsxwriter

    path = Path(path)
    draft = path.with_name(f".{path.name}.part")
    try:
        begin(draft)
        with xlsxwriter.Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            formats = _formats(book)
            for sheet in sheets:
                _write_sheet(book.add_worksheet(_sheet_name(sheet.name)), formats, sheet)
        os.replace(draft, path)  # noqa: PTH105 atomic, and also onto an existing file
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        draft.unlink(missing_ok=True)
        raise unwritten(path, error) from error
    return path


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' ") or "表"


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "header": book.add_format(
            {
                "bold": True,
                "bg_color": "#E8EEF7",
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        "note": book.add_format({"font_color": "#666666", "border": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "locked": False}),
    }


def _write_sheet(sheet: Any, formats: dict[str, Any], content: SheetOut) -> None:
    at = _write_head(sheet, formats, content)
    last = at
    for last, row in enumerate(content.rows, at + 1):
        for column, value in enumerate(row):
            if value not in {"", None}:
                sheet.write_string(last, column, str(value), formats["text"])
    for column, words in content.choices.items():
        if len(",".join(words)) <= _LONGEST_LIST:
            rule = {"validate": "list", "source": list(words), "error_type": "warning"}
            sheet.data_validation(at + 1, column, last + max(content.room, 1), column, rule)
    if content.locked_header:
        sheet.protect("", dict.fromkeys(_STILL_ALLOWED, True))


def _write_head(sheet: Any, formats: dict[str, Any], content: SheetOut) -> int:
    """Title, header and notes; returns the index of the last row of them."""
    width = len(content.header)
    for column in range(width):
        sheet.set_column(column, column, _width_of(content, column), formats["text"])
    at = 0
    if content.title:
        sheet.merge_range(0, 0, 0, max(width - 1, 1), content.title, formats["title"])
        sheet.set_row(0, 30)
        at = 1
    sheet.write_row(at, 0, content.header, formats["header"])
    if content.notes:
        at += 1
        sheet.write_row(at, 0, content.notes, formats["note"])
    sheet.freeze_panes(at + 1, 0)
    return at


def _width_of(content: SheetOut, column: int) -> float:
    if column < len(content.widths):
        return content.widths[column]
    return max(8.0, 2.2 * len(content.header[column]) + 2)
