"""import: a check first, nothing written before somebody says so, and a clear word about every file that is none."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from desktop_app import app as desktop
from desktop_app.shared.resources import resource
from tests.cli.conftest import ROSTER, Run, protected_workbook

PEOPLE = "SELECT count(*) FROM person WHERE sync_del=0"


def people(home: Path) -> object:
    with desktop.open_app(home) as app:
        return app.db.scalar(PEOPLE)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run: Run, empty: Path) -> None:
    done = run("import", "residents", ROSTER, "--dry-run", "--json", home=empty)
    found = done.value
    assert (found["added"], found["changed"], found["result"]) == (612, 0, None)
    assert found["to_look_at"] == len({(one["sheet"], one["row"]) for one in found["problems"] if one["must"]})
    assert all(one["message"] and one["row"] for one in found["problems"])
    assert people(empty) == 0


def test_a_sheet_without_a_header_is_named_and_not_left_out_in_silence(run: Run, empty: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(ROSTER)
    book.create_sheet("4栋").append(["李芳", "女", "4栋1单元101"])
    book.save(tmp_path / "居民.xlsx")
    done = run("import", "residents", tmp_path / "居民.xlsx", "--dry-run", home=empty)
    assert "没有导入的工作表（没有找到表头）：4栋。" in done.err + done.out


def test_without_a_yes_nothing_is_written(run: Run, empty: Path) -> None:
    done = run("import", "residents", ROSTER, home=empty)
    assert done.code == 2
    assert "--yes" in done.err
    assert people(empty) == 0


def test_with_a_yes_it_is_written_and_can_be_undone_by_the_number_it_names(run: Run, empty: Path) -> None:
    done = run("import", "residents", ROSTER, "--yes", home=empty)
    assert done.code == 0
    assert people(empty) == 612
    number = done.out.rpartition("linli undo ")[2].strip()
    assert run("undo", number, "--json", home=empty).value["kept"] == 0
    assert people(empty) == 0


def test_importing_again_changes_nothing_and_asks_nothing(run: Run, look: Callable[[str], object]) -> None:
    before = look("SELECT max(no) FROM journal_action")
    done = run("import", "residents", ROSTER)
    assert done.code == 0
    assert "什么也没有改" in done.out
    assert look("SELECT max(no) FROM journal_action") == before


@pytest.mark.parametrize(
    ("kind", "name", "table", "count"),
    [
        ("buildings", "红旗桥-楼栋.xlsx", "building", 9),
        ("centres", "红旗桥-党员中心户.xlsx", "party_centre_household", 18),
    ],
)
def test_buildings_and_centre_households_come_in_the_same_way(
    run: Run, empty: Path, kind: str, name: str, table: str, count: int
) -> None:
    assert run("import", kind, resource("demo", name), "--yes", home=empty).code == 0
    with desktop.open_app(empty) as app:
        assert app.db.scalar(f"SELECT count(*) FROM {table}") == count


def test_rows_to_look_at_are_saved_with_what_is_wrong_and_only_those(run: Run, empty: Path, tmp_path: Path) -> None:
    errors = tmp_path / "要看.xlsx"
    done = run("import", "residents", ROSTER, "--errors", errors, "--yes", "--json", home=empty)
    assert done.value["errors_file"] == str(errors)
    rows = list(openpyxl.load_workbook(errors).active.iter_rows(values_only=True))
    texts = " ".join(str(cell) for row in rows for cell in row)
    for problem in done.value["problems"]:
        if problem["must"]:
            assert problem["message"] in texts


def test_a_column_can_be_told_what_it_is(run: Run, empty: Path, tmp_path: Path) -> None:
    roster, told = tmp_path / "名册.csv", tmp_path / "对应.json"
    roster.write_text("姓名,性别,籍地\n张伟,男,江畔街道\n", "gb18030")
    assert run("import", "residents", roster, "--dry-run", "--json", home=empty).value["columns"][2]["field"] is None
    told.write_text(json.dumps({"籍地": "native_place"}), "utf-8")
    run("import", "residents", roster, "--map", told, "--yes", home=empty)
    with desktop.open_app(empty) as app:
        assert app.db.row("SELECT name,native_place FROM person") == ("张伟", "江畔街道")


@pytest.mark.parametrize("content", ["", "[1]", "{", "not json"])
def test_a_mapping_that_is_none_is_refused(run: Run, empty: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "map.json").write_text(content, "utf-8")
    done = run("import", "residents", ROSTER, "--map", tmp_path / "map.json", "--yes", home=empty)
    assert done.code == 1
    assert "对应关系" in done.err
    assert people(empty) == 0


def test_a_sheet_can_be_chosen_by_name(run: Run, empty: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, person in (("一组", "张伟"), ("二组", "王芳")):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "性别"])
        sheet.append([person, "女"])
    book.save(tmp_path / "名册.xlsx")
    run("import", "residents", tmp_path / "名册.xlsx", "--sheet", "二组", "--yes", home=empty)
    with desktop.open_app(empty) as app:
        assert app.db.rows("SELECT name FROM person") == [("王芳",)]
    wrong = run("import", "residents", tmp_path / "名册.xlsx", "--sheet", "三组", "--yes", home=empty)
    assert wrong.code == 2
    assert "一组、二组" in wrong.err


def make_bad(folder: Path) -> dict[str, tuple[Path, int, str]]:
    """File, exit code and what is said of it, by what is wrong."""
    whole = ROSTER.read_bytes()
    contents: dict[str, tuple[str, bytes, int, str]] = {
        "password": ("加密.xlsx", protected_workbook(), 1, "打开密码"),
        "cut off": ("半个.xlsx", whole[: len(whole) // 2], 5, "已经损坏"),
        "picture": ("照片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), 1, "不是表格文件"),
        "web page": ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", 1, "网页"),
        "pdf": ("名册.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 1, "不是表格文件"),
        "nothing": ("空.xlsx", b"", 1, "空文件"),
        "other table": ("别的.csv", "日期,天气\n1,晴\n".encode(), 1, "姓名"),
    }
    made = {}
    for what, (name, content, code, words) in contents.items():
        (folder / name).write_bytes(content)
        made[what] = (folder / name, code, words)
    with zipfile.ZipFile(folder / "文档.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return made | {
        "word": (folder / "文档.docx", 1, "Word"),
        "folder": (folder, 1, "文件夹"),
        "gone": (folder / "没有.xlsx", 1, "找不到"),
    }


BAD = ("password", "cut off", "picture", "web page", "pdf", "nothing", "other table", "word", "folder", "gone")


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_imported_is_named_with_what_to_do(
    run: Run, empty: Path, tmp_path: Path, what: str
) -> None:
    path, code, words = make_bad(tmp_path)[what]
    done = run("import", "residents", path, "--yes", "--quiet", home=empty)
    assert done.code == code, done.err
    assert words in done.err
    assert "没有写入" in done.err
    assert len(done.err.splitlines()) >= 2, "and what to do"
    assert people(empty) == 0


def test_more_rows_than_a_community_has_residents_are_refused(run: Run, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "大.csv").write_text("姓名\n" + "张伟\n" * 200_000, "utf-8")
    done = run("import", "residents", tmp_path / "大.csv", "--yes", home=empty)
    assert done.code == 1
    assert "拆成几份" in done.err
    assert people(empty) == 0


def test_a_file_of_errors_that_cannot_be_written_stops_before_anything_is_imported(
    run: Run, empty: Path, tmp_path: Path
) -> None:
    done = run("import", "residents", ROSTER, "--errors", tmp_path / "no" / "x.xlsx", "--yes", home=empty)
    assert done.code == 1
    assert people(empty) == 0


def test_changes_are_shown_field_by_field_before_they_are_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "新.csv").write_text(
        "姓名,性别,出生日期,小区,楼栋,单元,房号,职业\n单守诚,男,1953-04-16,红旗小区,3,1,301,退休\n", "utf-8"
    )
    found = run("import", "residents", tmp_path / "新.csv", "--dry-run", "--json").value
    (change,) = found["changes"]
    assert change["name"] == "单守诚"
    assert {"label": "职业", "before": "", "after": "退休"} in change["changes"]
