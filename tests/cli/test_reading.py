"""find, show, history, export: masked by default, whole numbers only for a purpose that is kept."""

import csv
import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from desktop_app import app as desktop
from desktop_app.residents import actions as residents
from tests.cli.conftest import Run

ID_NO, PHONE = "420299195304160011", "13500001201"
LOOKED = "SELECT what||'|'||actor_name||'|'||coalesce(why,'') FROM journal_action ORDER BY no DESC LIMIT 1"


@pytest.fixture
def number(look: Callable[[str], object]) -> str:
    """The whole identity number of 单守诚."""
    return str(look("SELECT id_no FROM person WHERE name='单守诚'"))


@pytest.mark.parametrize("typed", ["单守诚", "ssc", "shanshoucheng", "0000 1201", "3-1-301", "红旗小区3栋1单元301"])
def test_people_are_found_in_every_way_staff_ask(run: Run, typed: str) -> None:
    done = run("find", *typed.split(), "--json")
    assert "单守诚" in {hit["name"] for hit in done.value}


def test_nothing_found_is_no_error_and_tells_what_can_be_typed(run: Run) -> None:
    done = run("find", "没有这个人")
    assert done.code == 0
    assert "拼音首字母" in done.out
    assert run("find", "没有这个人", "--json").value == []


def test_no_more_are_listed_than_asked_for(run: Run) -> None:
    assert len(run("find", "张", "--limit", 3, "--json").value) == 3


@pytest.mark.parametrize("words", ["find 单守诚", "show resident 单守诚", "history resident 单守诚"])
def test_numbers_are_masked(run: Run, number: str, words: str) -> None:
    run("set", "resident", "单守诚", "phones=13500001201 13900000999")
    for json in ([], ["--json"]):
        done = run(*words.split(), *json)
        assert done.code == 0
        assert number not in done.out
        assert PHONE not in done.out


def test_whole_numbers_are_shown_for_a_purpose_and_that_is_kept(
    run: Run, look: Callable[[str], object], number: str
) -> None:
    done = run("show", "resident", "单守诚", "--unmask", "核对医保")
    assert number in done.out
    assert PHONE in done.out
    assert look(LOOKED) == "查看完整号码：居民 单守诚|贺知秋|核对医保"


def test_a_person_is_shown_with_home_household_and_tags(run: Run) -> None:
    shown = run("show", "resident", "单守诚").out
    for words in ("姓名：单守诚", "住址：红旗小区3栋1单元301室", "单守诚（户主）、仇玉珍（妻子）", "党员"):
        assert words in shown, shown
    assert "None" not in shown


def test_other_records_are_shown_with_names_instead_of_identifiers(run: Run, some: Callable[[str], str]) -> None:
    assert "小区：" in run("show", "building", some("building")).out
    meeting = run("show", "meeting", some("meeting")).out
    assert "签字时间：2026-11-22 12:00" in meeting
    assert some("building") not in run("show", "room", some("room")).out


def test_a_meeting_is_known_by_its_number(run: Run, look: Callable[[str], object]) -> None:
    number = str(look("SELECT no FROM meeting WHERE no IS NOT NULL LIMIT 1"))
    assert f"会议编号：{number}" in run("show", "meeting", number).out
    assert "meeting list" in run("show", "meeting", "1999-999").err


def test_history_says_who_changed_what_when_and_from_what(run: Run) -> None:
    run("set", "resident", "单守诚", "occupation=退休工人", "--why", "入户走访")
    line, change, *_ = run("history", "resident", "单守诚").out.splitlines()
    assert line.endswith("贺知秋  修改居民信息")
    assert change.strip() == "职业：（空） → 退休工人"
    assert run("history", "resident", "单守诚", "--json").value[0]["why"] == "入户走访"


# -------------------------------------------------------------------------------------------------------------- export


def sheet(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


def test_the_list_goes_into_a_workbook_masked(run: Run, tmp_path: Path, number: str) -> None:
    done = run("export", "residents", "-o", tmp_path / "名单.xlsx", "--json")
    header, *rows = sheet(tmp_path / "名单.xlsx")
    assert header[:4] == ("序号", "小区", "房号", "姓名")
    assert done.value == {"file": str(tmp_path / "名单.xlsx"), "rows": 612, "masked": True}
    assert len(rows) == 612
    cells = {str(cell) for row in rows for cell in row}
    assert number not in cells
    assert PHONE not in cells
    assert not any(cell.isdigit() and len(cell) == 18 for cell in cells)


def test_the_list_goes_into_a_text_file_that_spreadsheets_read(run: Run, tmp_path: Path) -> None:
    run("export", "residents", "-o", tmp_path / "名单.csv")
    content = (tmp_path / "名单.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "without a BOM Excel takes it for GBK"
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert len(rows) == 612
    assert {"罗㛃", "阿依努尔·艾尔肯"} <= {row["姓名"] for row in rows}


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_list_with_whole_numbers_leaves_a_line_in_the_journal(
    run: Run, look: Callable[[str], object], tmp_path: Path, number: str, suffix: str
) -> None:
    path = tmp_path / f"名单.{suffix}"
    done = run("export", "residents", "-o", path, "--unmask", "疫苗接种核对", "--tag", "志愿者", "--json")
    assert not done.value["masked"]
    rows = done.value["rows"]
    assert 0 < rows < 612
    assert look(LOOKED) == f"导出：居民名单（完整）（{rows}条）|贺知秋|疫苗接种核对"
    written = sheet(path) if suffix == "xlsx" else list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    (line,) = [row for row in written if "单守诚" in row]
    assert number in {str(cell).strip() for cell in line}, "as text, to the last digit"
    assert PHONE in {str(cell).strip() for cell in line}


def test_a_masked_list_stands_in_the_register_of_exports_too(run: Run, tmp_path: Path) -> None:
    run("export", "residents", "-o", tmp_path / "名单.csv", "--to", "红旗街道", "--for", "重阳节慰问")
    (line, *_) = run("exports", "--json").value
    assert (line["what"], line["recipient"], line["purpose"], line["count"], line["masked"], line["target"]) == (
        "居民名单", "红旗街道", "重阳节慰问", 612, 1, "名单.csv",
    )  # fmt: skip
    assert line["sha256"] == hashlib.sha256((tmp_path / "名单.csv").read_bytes()).hexdigest()
    assert stat.S_IMODE((tmp_path / "名单.csv").stat().st_mode) == 0o600


def test_a_list_for_a_board_has_neither_names_nor_numbers_nor_homes(run: Run, tmp_path: Path) -> None:
    run("export", "residents", "-o", tmp_path / "公示.xlsx", "--publish")
    header, *rows = sheet(tmp_path / "公示.xlsx")
    assert header == ("序号", "小区", "姓名", "性别")
    assert all("*" in str(row[2]) for row in rows)
    assert run("export", "residents", "-o", tmp_path / "x.xlsx", "--publish", "--unmask", "公示").code == 2


def test_many_whole_numbers_wait_for_an_approval(run: Run, tmp_path: Path) -> None:
    done = run("export", "residents", "-o", tmp_path / "名单.xlsx", "--unmask", "疫苗接种核对")
    assert done.code == 1
    assert "先经负责人审批" in done.err
    assert not (tmp_path / "名单.xlsx").exists()


def test_those_who_left_are_a_list_of_their_own(run: Run, filled: Path, tmp_path: Path) -> None:
    with desktop.open_app(filled) as app:
        person = app.db.scalar("SELECT id FROM person WHERE name='单守诚'")
        residents.leave(app.db, app.actor, person, "迁出", "2026-11-20")
    counts = {
        state: run("export", "residents", "-o", tmp_path / "x.csv", "--state", state, "--json").value["rows"]
        for state in ("在册", "已迁出", "已去世", "全部")
    }
    assert counts == {"在册": 611, "已迁出": 1, "已去世": 0, "全部": 612}


def test_nobody_with_a_tag_is_an_empty_list(run: Run, tmp_path: Path) -> None:
    assert run("export", "residents", "-o", tmp_path / "x.xlsx", "--tag", "没有的标签", "--json").value["rows"] == 0
    assert len(sheet(tmp_path / "x.xlsx")) == 1
