"""A row that no record could hold is told of with its longest column; every other row is imported."""

from pathlib import Path

import pytest

from desktop_app.organisation.sheet import read_centre_households
from desktop_app.places.sheet import read_buildings
from desktop_app.residents.importing import import_residents, plan_import
from desktop_app.residents.sheet import read_roster
from desktop_app.spreadsheets.plans import NOT_IMPORTED
from desktop_app.spreadsheets.workbook import Sheet, Workbook, read
from tests.importing.conftest import TODAY

LONG = "长" * 30_000
"""A cell of a workbook has 32,767 characters at most."""


def book(*rows) -> Workbook:
    return Workbook(Path("表.xlsx"), "xlsx", [Sheet("表", [list(row) for row in rows])])


def test_a_row_of_three_long_cells_is_told_with_its_column_and_the_limit(db, actor):
    roster = read_roster(
        book(
            ["姓名", "工作单位", "现居住地址", "备注"],
            ["王小明", LONG, LONG, LONG + "多"],
            ["李小红", "", "", LONG],
            ["张小华", "", "", ""],
        ),
        TODAY,
    )
    assert [line.name for line in roster.lines] == ["李小红", "张小华"]
    (told,) = [one for one in roster.problems if one.kind == "row_too_long"]
    assert (told.row, told.column, told.must) == (2, "备注", True)
    assert "这一行有 90,004 字，一条记录放不下（最多约 65,000 字），这一行没有导入" in told.message
    assert told.kind in NOT_IMPORTED
    import_residents(db, plan_import(db, roster), actor)
    assert {name for (name,) in db.rows("SELECT name FROM person")} == {"李小红", "张小华"}


def test_a_long_column_that_is_not_imported_keeps_no_row_out():
    roster = read_roster(book(["姓名", "宗教信仰", "备注"], ["王小明", "长" * 80_000, "短"]), TODAY)
    assert [line.name for line in roster.lines] == ["王小明"]


@pytest.mark.parametrize(
    ("reader", "header", "words"),
    [
        (read_buildings, ("楼栋", "备注", "地址"), "3栋"),
        (read_centre_households, ("户主姓名", "联系楼栋", "备注"), "张伟"),
    ],
)
def test_so_it_is_in_lists_of_buildings_and_centre_households(reader, header, words):
    found = reader(book(header, (words, LONG * 2, LONG), (words.replace("3", "4").replace("张", "李"), "1栋", "")))
    assert len(found.lines) == 1
    assert [one.row for one in found.problems if one.kind == "row_too_long"] == [2]


def test_a_long_cell_makes_no_damaged_file_of_a_csv(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text(f"姓名,备注\n王小明,{'长' * 140_000}\n李小红,短\n", "utf-8")
    roster = read_roster(read(path), TODAY)
    assert [line.name for line in roster.lines] == ["李小红"]
    assert [one.row for one in roster.problems if one.kind == "row_too_long"] == [2]
