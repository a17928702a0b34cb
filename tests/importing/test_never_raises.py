"""Whatever stands in the cells, reading raises for no row, and every row is a person, told of, or known as nobody."""

from datetime import date, datetime, time
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.organisation.sheet import read_centre_households
from desktop_app.places.sheet import read_buildings
from desktop_app.residents.sheet import read_roster
from desktop_app.spreadsheets.workbook import Sheet, Workbook
from tests.importing.conftest import TODAY

ROSTER = [
    "小区",
    "楼栋",
    "单元",
    "房号",
    "住址",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "电话",
    "与户主关系",
    "低保",
    "人员类别",
    "备注",
]
BUILDINGS = ["小区", "楼栋", "单元数", "层数", "每层户数", "所属网格", "经度", "纬度", "建成年份"]
CENTRES = ["所属党支部", "小区", "户主姓名", "门牌号", "联系楼栋", "牌匾编号", "联系电话", "挂牌时间"]
WORDS = [
    "张伟",
    "3栋",
    "1单元",
    "1-501",
    "十百",
    "第栋",
    "-",
    "同上",
    "户主",
    "合计",
    "空置",
    "√",
    "1",
    "110105194912310021",
    "°′″",
    "〇",
]
CELLS = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18).map(float),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.just(time(3, 4)),
)


def workbook(header, rows):
    return Workbook(Path("表.xlsx"), "xlsx", [Sheet("表", [list(header), *rows], [])])


def rows(header):
    return st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=6)


@settings(max_examples=300)
@given(rows(ROSTER))
@example([[date(1, 1, 1), datetime(9999, 12, 31), 1e300, -0.0, "百", "张", "", 1e17, -5.0, 1e22, "", "", "", ""]])  # noqa: DTZ001
def test_a_roster_of_anything_is_read(cells):
    read = read_roster(workbook(ROSTER, cells), TODAY)
    known = {row for line in read.lines for row in line.rows}
    known |= {row for one in read.rows_not_persons for row in range(one.row, (one.to or one.row) + 1)}
    known |= {one.row for one in read.problems}
    assert known >= set(range(1, len(cells) + 2))


@settings(max_examples=150)
@given(rows(BUILDINGS))
def test_a_list_of_buildings_of_anything_is_read(cells):
    read_buildings(workbook(BUILDINGS, cells))


@settings(max_examples=150)
@given(rows(CENTRES))
def test_a_list_of_centre_households_of_anything_is_read(cells):
    read_centre_households(workbook(CENTRES, cells))
