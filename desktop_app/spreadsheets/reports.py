"""The workbook of rows that need a look, to be corrected and dropped in again."""

from collections.abc import Sequence
from pathlib import Path

from desktop_app.shared.text import plain
from desktop_app.spreadsheets.columns import Table
from desktop_app.spreadsheets.problems import RowProblem
from desktop_app.spreadsheets.workbook import SheetOut, write

ROW_HEADER = "原表行号"
PROBLEM_HEADER = "问题"


def problem_workbook(path: str | Path, tables: Sequence[Table], problems: Sequence[RowProblem]) -> Path:
    """Saves the rows with problems, and those they refer to: their own columns, the row number, and what is wrong.

    It can be corrected and imported as it is; the two columns that were added are ignored then.  Raises AppError if the
    file cannot be written.
    """
    sheets = [
        _sheet(table, own)
        for table in tables
        if (own := [one for one in problems if one.sheet == table.sheet.name and one.row])
    ]
    if whole := [one for one in problems if not one.row]:
        sheets.append(
            SheetOut(
                "没有读到的表", ("工作表", PROBLEM_HEADER), [(one.sheet, one.message) for one in whole], widths=(20, 80)
            )
        )
    return write(path, sheets or [SheetOut("没有问题", ("说明",), [("这份表没有需要看的行。",)], widths=(40,))])


def _sheet(table: Table, problems: list[RowProblem]) -> SheetOut:
    by_row: dict[int, list[RowProblem]] = {one.related_row: [] for one in problems if one.related_row}
    for one in problems:
        by_row.setdefault(one.row, []).append(one)
    cells = [table.cells(column) for column in table.columns]
    rows = [
        [*(plain(column[number - 1 - table.first]) for column in cells), number, _words(by_row[number])]
        for number in sorted(by_row)
    ]
    header = [column.header or column.letter for column in table.columns]
    widths = [max(8.0, min(2.2 * len(word) + 2, 22.0)) for word in header]
    return SheetOut(table.sheet.name, [*header, ROW_HEADER, PROBLEM_HEADER], rows, widths=[*widths, 10.0, 90.0])


def _words(problems: list[RowProblem]) -> str:
    if not problems:
        return "这一行没有问题，供与后面的行对照。"
    return "\n".join(f"{one.column}：{one.message}" if one.column else one.message for one in problems)
