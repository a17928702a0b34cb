"""CSV as spreadsheet programs save it: UTF-8 with or without mark, UTF-16, GB18030; comma, tab or semicolon."""

import csv
import io
from pathlib import Path
from typing import Final

from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.sniffing import NOTHING_LOST, SAVE_AS, damaged

LONGEST: Final = 1 << 24
"""Characters of a cell; of one that is too long for a record its row tells, not the whole file."""


def read_rows(path: Path, data: bytes) -> tuple[list[list[str]], str]:
    """The rows of a CSV, all of one length, and its encoding."""
    text, encoding = _decode(path, data)
    csv.field_size_limit(LONGEST)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise damaged(path) from error
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows, encoding


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise AppError(f"“{path.name}”不是表格，或文字编码认不出来。{NOTHING_LOST}", next_step=SAVE_AS)


def _delimiter(text: str) -> str:
    head = text[:20_000]
    return max(",\t;", key=head.count)
