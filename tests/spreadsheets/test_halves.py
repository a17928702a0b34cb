"""A sheet read in halves by two threads is the sheet read whole."""

import random
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from desktop_app.spreadsheets import halves
from desktop_app.spreadsheets.halves import halve
from desktop_app.spreadsheets.workbook import read

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.xlsx"))


def both_ways(path, monkeypatch):
    """The workbook read whole, and read in halves."""
    whole = read(path)
    assert halve(path.read_bytes()) is None, "too small to be read in halves"
    monkeypatch.setattr(halves, "LEAST", 0)
    assert halve(path.read_bytes()) is not None
    return whole, read(path)


def must_be_equal(whole, parted):
    assert [(one.name, one.part, one.merged) for one in parted.sheets] == [
        (one.name, one.part, one.merged) for one in whole.sheets
    ]
    for left, right in zip(whole.sheets, parted.sheets, strict=True):
        assert right.rows == left.rows
        assert parted.flaws(right) == whole.flaws(left)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_roster_of_an_office_is_the_same_both_ways(path, monkeypatch):
    must_be_equal(*both_ways(path, monkeypatch))


@pytest.mark.parametrize("seed", range(12))
def test_any_sheet_with_gaps_dates_and_merged_cells_is_the_same_both_ways(seed, tmp_path, monkeypatch):
    dice = random.Random(seed)  # noqa: S311 - the same sheet every time
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": seed % 2 == 0}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in ("甲", "乙")[: 1 + seed % 2]:
            sheet = book.add_worksheet(name)
            left = dice.randrange(3)
            for row in sorted(dice.sample(range(400), 120)):
                for column in range(left, left + dice.randrange(1, 9)):
                    cell = dice.choice(["龚<&>", 7, 3.5, True, date(2026, 1, 5), None])
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    else:
                        sheet.write(row, column, cell)
            sheet.merge_range(401, left, 402, left + 3, "合并")
    must_be_equal(*both_ways(path, monkeypatch))


def test_formulas_without_results_are_found_in_either_half(tmp_path, monkeypatch):
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    for row in range(1, 101):
        book.active.append([f"张{row}", "=1+1" if row in {3, 97} else row])
    book.save(path)
    whole, parted = both_ways(path, monkeypatch)
    assert set(parted.flaws(parted.sheets[0])) == {(2, 1), (96, 1)}
    must_be_equal(whole, parted)


def test_a_sheet_of_one_row_is_left_whole(tmp_path, monkeypatch):
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.save(path)
    monkeypatch.setattr(halves, "LEAST", 0)
    assert halve(path.read_bytes()) is None
    assert read(path).sheets[0].rows == [["姓名"]]
