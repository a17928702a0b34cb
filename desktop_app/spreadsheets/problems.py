"""What a worker is told about a row of their sheet, by sheet, row and column."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from desktop_app.shared.resources import resource
from desktop_app.spreadsheets.workbook import Cell


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resource("codes", "problems.toml").read_text(encoding="utf-8"))


def kinds() -> frozenset[str]:
    """The kinds of problems there are words for."""
    return frozenset(_data()["words"])


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing to look at.  `row` counts from 1, 0 is the whole sheet; `raw` is the cell as it stood.

    `must` is False for a hint; `related_row` is the earlier row that this one belongs with.
    """

    sheet: str
    row: int
    column: str
    kind: str
    message: str
    raw: Cell = None
    must: bool = True
    related_row: int | None = None


def problem(
    sheet: str,
    row: int,
    column: str,
    kind: str,
    raw: Cell = None,
    *,
    related_row: int | None = None,
    words: dict[str, object] | None = None,
) -> RowProblem:
    """A problem with its sentence; `words` fill the sentence beside raw, sheet and related_row."""
    raw = None if raw == "" else raw
    sentence = str(_data()["words"][kind])
    filled = {"raw": raw, "sheet": sheet, "related_row": related_row} | (words or {})
    return RowProblem(
        sheet, row, column, kind, sentence.format(**filled), raw, kind not in _data()["hints"], related_row
    )
