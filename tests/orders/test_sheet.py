"""Workbooks of helpers and rosters in, lists out; what cannot be read is told by row and column and stops nothing."""

from pathlib import Path

import pytest

from desktop_app.orders import duty, finding, people, queries, reporting, reporting_lists, roster, roster_sheet, sheet
from desktop_app.orders.model import Post
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.workbook import SheetOut, read, write


def book(tmp_path: Path, header: tuple[str, ...], *rows: tuple[object, ...]) -> Path:
    return write(tmp_path / "表.xlsx", [SheetOut("表", header, rows)])


def test_helpers_are_read_and_a_row_that_is_a_resident_becomes_one(db, actor, street, tmp_path) -> None:
    person = street.person("王桂英", "1", "101", phones="13900000001")
    path = book(
        tmp_path,
        ("姓名", "联系电话", "特长", "服务项目", "收费", "空闲时间"),
        ("王桂英", "13900000001", "红、黄", "", "", ""),
        ("鲍师傅", "13900000002", "民生事务", "水电安装", "30元", "周末 8:00-12:00"),
        ("鲍师傅", "13900000002", "3", "", "", ""),
        ("李四", "12", "红", "", "", ""),
        ("赵六", "", "粉色", "", "", ""),
        ("孙七", "", "绿", "", "看着给", ""),
        ("周八", "", "绿", "", "", "有空就来"),
    )
    found = sheet.read_helpers(db, path)
    assert [(one.name, one.colours, one.person_id) for one in found.helpers] == [
        ("王桂英", "1 3", person.id),
        ("鲍师傅", "3", None),
    ]
    assert found.helpers[1].price_fen == 3000
    assert [(one.row, one.kind) for one in found.problems] == [
        (4, "helper_known"),
        *((row, "helper_refused") for row in (5, 6, 7, 8)),
    ]
    assert "七色专长“粉色”不在表中" in found.problems[2].message
    assert people.add_helpers(db, actor, found.helpers) == 2
    assert sheet.read_helpers(db, path).helpers == []


def test_a_workbook_without_the_columns_says_which(db, tmp_path) -> None:
    with pytest.raises(AppError, match="没有找到表头"):
        sheet.read_helpers(db, book(tmp_path, ("楼栋", "房号"), ("1", "101")))


def test_a_roster_made_elsewhere_is_kept_and_what_does_not_fit_is_told(db, actor, street, tmp_path) -> None:
    for name in ("李四", "王五", "赵六", "赵六"):
        street.helper(name)
    reporting.add_post(db, actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00", capacity=2))
    path = book(
        tmp_path,
        ("值班日期", "时间", "姓名"),
        ("2026-11-23", "8:00-11:00", "李四"),
        ("2026.11.23", "08:00-11:00", "王五"),
        ("2026-11-23", "08:00-11:00", "王五"),
        ("2026-11-24", "08:00-11:00", "李四"),
        ("2026-11-24", "08:00-11:00", "李四"),
        ("哪天都行", "08:00-11:00", "李四"),
        ("2026-11-25", "上午", "李四"),
        ("2026-11-25", "08:00-11:00", "没有这人"),
        ("2026-11-25", "08:00-11:00", "赵六"),
    )
    found = roster_sheet.read_roster(db, path)
    assert [(one.on, one.seat) for one in found.shifts] == [("2026-11-23", 1), ("2026-11-23", 2), ("2026-11-24", 1)]
    assert [(one.row, one.kind) for one in found.problems] == [
        (4, "shift_known"),
        (6, "shift_twice"),
        (7, "shift_day_not_read"),
        (8, "slot_not_read"),
        (9, "helper_unknown"),
        (10, "helper_of_several"),
    ]
    duty.keep_roster(db, actor, found.shifts)
    assert [line.helper for line in roster.shifts(db, "2026-11-23", "2026-11-24")] == ["李四", "王五", "李四"]
    assert [one.kind for one in roster_sheet.read_roster(db, path).problems][:3] == ["shift_known"] * 3


def test_lists_are_written_as_they_are_shown_with_masked_numbers(db, actor, street, place, tmp_path) -> None:
    asked = street.person("王桂英", "1", "101", phones="13900000001")
    helper = street.helper("李四", phone="13900000002", trade="理发", price_fen=1000, price_unit="次")
    place(person_id=asked.id, helper_id=helper.id)
    sheet.write_orders(tmp_path / "单.xlsx", queries.orders(db))
    (rows,) = [one.rows for one in read(tmp_path / "单.xlsx").sheets]
    assert rows[0] == list(sheet.ORDERS)
    assert "139****0001" in rows[1]
    assert "13900000001" not in str(rows)
    sheet.write_helpers(tmp_path / "人.xlsx", finding.helpers(db))
    assert "10 元/次" in str(read(tmp_path / "人.xlsx").sheets[0].rows)
    reporting.add_post(db, actor, Post(name="楼道巡查员", capacity=2))
    sheet.write_registrations(tmp_path / "报到.xlsx", [], reporting_lists.posts(db))
    assert [one.name for one in read(tmp_path / "报到.xlsx").sheets] == ["报到", "岗位清单"]
