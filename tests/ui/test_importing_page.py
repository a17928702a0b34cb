"""导入: from a dropped file to the result and back again, through the command line in a child process."""

from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_app.app import App
from tests.ui.conftest import rest, synthetic_id
from ui.main_window import MainWindow
from ui.pages.importing import CHECK, CHOOSE, COLUMNS, RESULT, ImportingPage
from ui.pages.importing_reading import field_choices, look

HEADERS = ("小区", "楼栋", "单元", "房号", "姓名", "身份证号", "联系电话", "录入人")


def workbook(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """A roster as an office keeps it: a title over the whole table, then the header."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("居民")
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "和平社区居民信息")
        for at, row in enumerate((HEADERS, *rows), 1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return path


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Three people of one household, and a row whose number is wrong by its last digit."""
    good = [
        ("东方花园", "1栋", "1", str(101 + at), f"测试{name}", synthetic_id(birth, at), f"1380000{at:04d}", "小李")
        for at, (name, birth) in enumerate((("甲", "1950-03-05"), ("乙", "1980-01-02"), ("丙", "2001-12-30")))
    ]
    number = synthetic_id("1960-06-06", 77)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    return workbook(tmp_path / "居民 名单.xlsx", [*good, ("东方花园", "1栋", "1", "201", "测试丁", wrong, "", "小李")])


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ImportingPage:
    window.background.passphrase = "correct horse"
    window.open_page("importing")
    found = window.tabs.page("page:importing")
    assert isinstance(found, ImportingPage)
    rest(found, qtbot)
    return found


def finish(page: ImportingPage, step: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._job is None and not page.desk.background.jobs, timeout=60_000)
    rest(page, qtbot)
    assert page.notice.words == "" or page.step == step, page.notice.words
    assert page.step == step


def people(app: App) -> int:
    return int(app.db.scalar("SELECT count(*) FROM person WHERE name LIKE '测试%' AND sync_del=0"))


def test_the_header_is_found_below_a_title_and_samples_stand_beside_it(roster: Path) -> None:
    found = look(roster)
    assert (found.kind, found.header_row, found.rows) == ("residents", 2, 4)
    by_header = {one.header: one for one in found.columns}
    assert by_header["身份证号"].field == "id_no"
    assert by_header["小区"].samples == ("东方花园",)
    assert by_header["录入人"].field == ""


def test_a_column_may_be_left_out_be_a_field_or_a_tag_of_its_own() -> None:
    choices = dict(field_choices("residents", "独居"))
    assert choices[""] == "不导入"
    assert choices["name"] == "姓名"
    assert choices["tag:独居"] == "标签：独居"
    assert "tag:独居" not in dict(field_choices("buildings", "独居"))


def test_a_dropped_file_shows_its_columns_with_masked_numbers(page: ImportingPage, roster: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(roster))])
    drop = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(drop)
    rest(page, qtbot)
    assert page.step == COLUMNS
    assert "录入人" in page.columns.notice.words
    assert page.columns.choices["身份证号"].code == "id_no"
    assert page.columns.mapping() == {}
    page.columns.choices["录入人"].choose("note")
    assert page.columns.mapping() == {"录入人": "note"}


def test_a_file_that_is_no_workbook_is_said_in_words(page: ImportingPage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK not a workbook")
    page.open_file(tmp_path / "x.xlsx")
    rest(page, qtbot)
    assert page.step == CHOOSE
    assert page.notice.property("tone") == "problem"


def test_nothing_is_written_before_import_and_the_import_can_be_taken_back(
    page: ImportingPage, roster: Path, town: App, qtbot: QtBot
) -> None:
    page.open_file(roster)
    rest(page, qtbot)
    page.check()
    finish(page, CHECK, qtbot)
    assert people(town) == 0
    assert page.check_pane._figures["added"].text() == "4"
    (doubt,) = page.check_pane.table.lines
    assert (doubt.row, doubt.column) == (6, "身份证号")
    assert doubt.raw.startswith("**************")
    page.import_now()
    finish(page, RESULT, qtbot)
    assert people(town) == 4
    assert page.result.words.text() == "已导入 4 人"
    page._undo_this()
    qtbot.waitUntil(lambda: page.step == CHOOSE, timeout=60_000)
    finish(page, CHOOSE, qtbot)
    assert people(town) == 0
    assert page.choose.past.lines[0].undone


def test_a_sheet_that_was_left_out_is_named_before_anything_is_written(page: ImportingPage) -> None:
    page.check_pane.show_report({"added": 3, "sheets_left_out": ["4栋"]})
    assert "“4栋”里没有找到表头" in page.check_pane.notice.words
    page.check_pane.show_report({"added": 3})
    assert "表头" not in page.check_pane.notice.words


def test_what_was_decided_about_a_column_reaches_the_import(
    page: ImportingPage, roster: Path, town: App, qtbot: QtBot
) -> None:
    page.open_file(roster)
    rest(page, qtbot)
    page.columns.choices["录入人"].choose("note")
    page.check()
    finish(page, CHECK, qtbot)
    page.import_now()
    finish(page, RESULT, qtbot)
    assert town.db.scalar("SELECT note FROM person WHERE name='测试甲'") == "小李"


def test_rows_that_need_a_look_are_kept_as_a_workbook(
    page: ImportingPage, roster: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    page.open_file(roster)
    rest(page, qtbot)
    said: list[str] = []
    page.desk.said.connect(lambda words, _undo: said.append(words))
    page.save_errors_to(tmp_path / "错误.xlsx")
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert (tmp_path / "错误.xlsx").read_bytes().startswith(b"PK")


def test_cancelling_leaves_everything_as_it_was(page: ImportingPage, roster: Path, town: App, qtbot: QtBot) -> None:
    page.open_file(roster)
    rest(page, qtbot)
    page.check()
    page.cancel()
    qtbot.waitUntil(lambda: page._job is None, timeout=30_000)
    rest(page, qtbot)
    assert page.step == COLUMNS
    assert page.notice.words == "已取消，什么也没有改动。"
    assert people(town) == 0


def test_the_blank_workbook_can_be_read_back(page: ImportingPage, tmp_path: Path) -> None:
    from ui.pages.importing import _template

    found = look(_template(tmp_path / "模板.xlsx"))
    assert {"name", "id_no", "building"} <= {one.field for one in found.columns}


def test_a_job_may_outlive_the_tab_that_began_it(page: ImportingPage, roster: Path, town: App, qtbot: QtBot) -> None:
    page.open_file(roster)
    rest(page, qtbot)
    background = page.desk.background
    page.check()
    page.desk.close_asked.emit("page:importing")
    qtbot.waitUntil(lambda: not isValid(page), timeout=5_000)
    for job in list(background.jobs):
        job.cancel()
    qtbot.waitUntil(lambda: not background.jobs, timeout=30_000)
    assert people(town) == 0
