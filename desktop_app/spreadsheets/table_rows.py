"""The rows of a table by field, for sheets of one line a record; what cannot be read is noted on the side."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop_app.shared.errors import AppError
from desktop_app.shared.text import clean, plain
from desktop_app.spreadsheets.columns import Table, find_table, row_kind
from desktop_app.spreadsheets.headers import vocabulary
from desktop_app.spreadsheets.problems import RowProblem, problem
from desktop_app.spreadsheets.workbook import read


class TableRows:
    """Goes through the rows that say something; `problems` are those reported on the way."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells = {column.field: table.cells(column) for column in reversed(table.columns) if column.field}
        self.problems: list[RowProblem] = list(table.too_long)

    def __iter__(self) -> Iterator[int]:
        count = max((len(cells) for cells in self._cells.values()), default=0)
        for at in range(count):
            blank = not any(plain(cells[at]).strip() for cells in self._cells.values())
            if not blank and row_kind(self.table, at) not in {"total", "header", "title"}:
                yield at

    def column(self, key: str) -> Sequence[Any]:
        """All cells of the first column that feeds a field."""
        return self._cells.get(key, ())

    def cell(self, key: str, at: int) -> Any:
        """A cell as it stands, "" where there is no such column."""
        cells = self._cells.get(key)
        return cells[at] if cells else ""

    def text(self, key: str, at: int) -> str:
        """A cell as text."""
        return clean(self.cell(key, at))

    def report(self, at: int, key: str, kind: str, raw: object = "", **words: object) -> None:
        """Notes a problem of a cell."""
        row = self.table.first + at + 1
        header = self.table.header_of(key)
        self.problems.append(problem(self.table.sheet.name, row, header, kind, plain(raw), words=words or None))


def tables_of(path: Path, kind: str, need: Sequence[str]) -> list[TableRows]:
    """The tables of a workbook that have the needed columns.  AppError that names them if there is none."""
    # a header has to have more than what is asked of `find_table`; a table of just the needed columns is one too
    found = [find_table(sheet, vocabulary(kind), need[:1]) for sheet in read(path).sheets]
    rows = [TableRows(table) for table in found if table and all(table.has(key) for key in need)]
    if not rows:
        wanted = "、".join(vocabulary(kind).field(key).label for key in need)
        raise AppError(f"“{path.name}”里没有找到表头，没有登记。", next_step=f"表里要有这几列：{wanted}。")
    return rows
