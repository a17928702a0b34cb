"""A report as a workbook and as CSV, and a list as a workbook.  Counts and names of units and desks only."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from central_server.rollups.report import Report, classes, sentence, table


def workbook(made: Report) -> bytes:
    """An .xlsx with the figures by unit and the classes."""
    import xlsxwriter

    target = io.BytesIO()
    book: Any = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("统计")
    sheet.write(0, 0, f"{made.whole.unit.name} 统计 {made.period.words}", bold)
    sheet.write(1, 0, sentence(made.whole, made.period))
    formats = {
        (whole, share): book.add_format({"bold": whole, "num_format": "0.0" if share else "General"})
        for whole in (True, False)
        for share in (True, False)
    }
    rows = table(made)
    for column, words in enumerate(rows[0]):
        sheet.write(3, column, words, head)
    for at, row in enumerate(rows[1:], start=4):
        for column, value in enumerate(row):
            sheet.write(at, column, value, formats[at == 4, isinstance(value, float)])  # noqa: PLR2004 - of the whole
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(rows[0]), 11)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    _write_classes(book.add_worksheet("分类"), made, head)
    book.close()
    return target.getvalue()


def plain(title: str, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx with one list that can be filtered; widths in characters."""
    import xlsxwriter

    target = io.BytesIO()
    book: Any = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, head = book.add_worksheet(title), book.add_format({"bold": True, "bottom": 1})
    for column, (words, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write(0, column, words, head)
        sheet.set_column(column, column, width)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def _write_classes(sheet: Any, made: Report, head: Any) -> None:
    for column, words in enumerate(("项目", "类别", "数量")):
        sheet.write(0, column, words, head)
    for at, row in enumerate(classes(made), start=1):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    sheet.set_column(0, 1, 18)


def comma_separated(made: Report) -> bytes:
    """CSV with a mark that tells Excel it is UTF-8; a name that looks like a formula is made a text."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([[_harmless(value) for value in row] for row in table(made)])
    return target.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
