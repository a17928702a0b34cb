"""What the tests of imports share: the sample rosters, and small workbooks made on the spot."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.shared.identity import id_check_digit
from desktop_app.spreadsheets.workbook import Workbook, read

SAMPLES = Path(__file__).parents[1] / "samples"
TODAY = date(2026, 11, 22)
Make = Callable[..., Workbook]


def sample(name: str) -> Workbook:
    return read(SAMPLES / f"{name}.xlsx")


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8"))
    return found


def number(order: int, birth: str = "19800101") -> str:
    """An invented identity number: odd orders are men."""
    first = f"420299{birth}{order:03d}"
    return first + id_check_digit(first)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a workbook out of {sheet: rows} with {sheet: merged ranges}, and reads it."""

    def made(sheets: dict[str, Sequence[Sequence[object]]], merged: dict[str, list[str]] | None = None) -> Workbook:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
            for cells in (merged or {}).get(name, []):
                sheet.merge_cells(cells)
        path = tmp_path / "表.xlsx"
        book.save(path)
        return read(path)

    return made
