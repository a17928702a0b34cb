"""Rosters in other layouts are read as well: merged blocks, a sheet per building, CSV, .xls, whole addresses."""

import csv
import io

import pytest

from desktop_app.residents.sheet import read_roster
from desktop_app.spreadsheets.workbook import read
from tests.importing.conftest import SAMPLES, TODAY, number

HEADER = ["序号", "小区", "楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "联系电话"]


def roster(workbook, **told):
    return read_roster(workbook, TODAY, **told)


def people(read):
    return [(line.name, *line.address) for line in read.lines]


def test_a_block_of_merged_cells_is_a_household(make):
    workbook = make(
        {
            "住户": [
                ["红旗桥社区住户登记表"],
                ["序号", "楼栋房号", "户主", "家庭成员姓名", "与户主关系", "身份证号", "联系电话"],
                [1, "3-1-501", "张伟", "张伟", "户主", number(1), "13800000001"],
                [None, None, None, "李芳", "妻", number(2), None],
                [2, "3-1-502", "王强", "王强", "户主", number(3), None],
                [None, None, None, "王小明", "子", number(5, "20100101"), None],
            ]
        },
        {"住户": ["A1:G1", "A3:A4", "B3:B4", "C3:C4", "A5:A6", "B5:B6", "C5:C6"]},
    )
    read = roster(workbook)
    assert people(read) == [
        ("张伟", None, "3", "1", "501"),
        ("李芳", None, "3", "1", "501"),
        ("王强", None, "3", "1", "502"),
        ("王小明", None, "3", "1", "502"),
    ]
    assert [(home.members, home.head) for home in read.households] == [([0, 1], 0), ([2, 3], 2)]


def test_a_head_who_stands_in_the_column_of_heads_alone_is_a_resident(make):
    rows = [
        ["户主", "户主身份证号", "住址", "姓名", "关系"],
        ["刘军", number(1), "翠湖花园3栋1单元701室", "刘洋", "子"],
    ]
    read = roster(make({"住户": rows}))
    assert [(line.name, line.is_head, line.id_no) for line in read.lines] == [
        ("刘洋", False, None),
        ("刘军", True, number(1)),
    ]
    assert read.households[0].head == 1


def test_the_name_of_a_sheet_says_the_building(make):
    header = ["房号", "姓名", "关系", "身份证号码"]
    read = roster(
        make(
            {
                "3栋": [["红旗桥社区翠湖花园3栋居民信息"], header, ["1-501", "张伟", "户主", number(1)]],
                "翠湖花园5号楼": [header, ["2单元302", "李芳", "户主", number(2)]],
                "汇总": [["楼栋", "户数"], ["3栋", 10]],
            }
        )
    )
    assert people(read) == [("张伟", "翠湖花园", "3", "1", "501"), ("李芳", "翠湖花园", "5", "2", "302")]
    assert read.no_table == ["汇总"]
    assert read.problems == []


def test_household_numbers_that_begin_anew_on_every_sheet_are_not_mixed_up(make):
    rows = [
        ["户编号", "房号", "姓名", "关系"],
        [1, "101", "张伟", "户主"],
        [1, "101", "李芳", "妻"],
        [2, "102", "王强", "户主"],
    ]
    other = [rows[0], [1, "101", "赵敏", "户主"], [2, "102", "孙丽", "户主"]]
    read = roster(make({"3栋": rows, "5栋": other}))
    assert [len(home.members) for home in read.households] == [2, 1, 1, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding(tmp_path, encoding):
    rows = [
        ["居民信息表", "", "", "", "", ""],
        ["序号", "住址", "姓名", "与户主关系", "身份证号", "电话"],
        ["1", "翠湖花园3栋1单元501室", "张伟", "户主", f'="{number(1)}"', "13800000001/13800000002"],
        ["2", "同上", "李芳", "妻", "\t" + number(2), "138 0000 0003"],
        ["3", "", "张小明", "子", "'" + number(3, "20100101"), ""],
        ["4", "翠湖花园三号楼二单元402", "阿依古丽.买买提", "户主", "4.20299E+17", ""],
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = tmp_path / "居民.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    read = roster_of(path)
    assert people(read) == [
        ("张伟", "翠湖花园", "3", "1", "501"),
        ("李芳", "翠湖花园", "3", "1", "501"),
        ("张小明", "翠湖花园", "3", "1", "501"),
        ("阿依古丽·买买提", "翠湖花园", "3", "2", "402"),
    ]
    assert [line.id_no for line in read.lines] == [number(1), number(2), number(3, "20100101"), None]
    assert read.lines[0].phones == ("13800000001", "13800000002")
    assert [(one.row, one.column, one.kind) for one in read.problems] == [(6, "身份证号", "id_scientific")]


def roster_of(path):
    return roster(read(path))


def test_a_legacy_workbook_is_read_with_its_merged_cells():
    read_ = roster_of(SAMPLES / "legacy.xls")
    assert people(read_) == [("张伟", "翠湖花园", "3", None, "101"), ("李芳", "翠湖花园", "3", None, "102")]
    assert [line.birth for line in read_.lines] == ["1980-01-01", "1980-01-01"]
    assert [(one.row, one.kind) for one in read_.problems] == [(4, "id_15_digits")]


def test_vacant_homes_are_nobody_and_are_known_as_vacant(make):
    read = roster(
        make(
            {
                "居民": [
                    HEADER,
                    [1, "桂花苑", "3栋", "1单元", "101", "张伟", "户主", number(1), ""],
                    [2, "桂花苑", "3栋", "1单元", "102", "空置", "", "", ""],
                    [3, "桂花苑", "3栋", "1单元", "103", "", "", "", ""],
                ]
            }
        )
    )
    assert len(read.lines) == 1
    assert read.vacant == [("桂花苑", "3", "1", "102"), ("桂花苑", "3", "1", "103")]
    assert [(one.row, one.kind) for one in read.rows_not_persons] == [(1, "header"), (3, "vacant"), (4, "vacant")]


def test_a_row_without_a_name_is_told_and_does_not_stop_the_others(make):
    read = roster(
        make(
            {
                "居民": [
                    HEADER,
                    [1, "桂花苑", "3栋", "1单元", "101", "", "户主", number(1), ""],
                    [2, "桂花苑", "3栋", "1单元", "102", 12345, "户主", number(2), ""],
                    [3, "桂花苑", "3栋", "1单元", "103", "张伟", "户主", number(3), ""],
                ]
            }
        )
    )
    assert [line.name for line in read.lines] == ["张伟"]
    assert [(one.row, one.kind) for one in read.problems] == [(2, "name_missing"), (3, "name_is_number")]


def test_one_number_with_two_names_stays_with_the_first_and_keeps_both(make):
    rows = [
        HEADER,
        *([at, "桂花苑", "3", "1", "101", name, "子", number(1), ""] for at, name in enumerate(("张伟", "李芳"))),
    ]
    read = roster(make({"居民": rows}))
    assert [(line.name, line.id_no) for line in read.lines] == [("张伟", number(1)), ("李芳", None)]
    assert [(one.kind, one.related_row) for one in read.problems] == [("id_of_other_person", 2)]


def test_two_heads_at_one_address_are_two_households(make):
    rows = [
        HEADER,
        *(
            [at, "桂花苑", "3", "1", "101", name, relation, "", ""]
            for at, (name, relation) in enumerate([("张伟", "户主"), ("李芳", "妻"), ("王强", "户主"), ("赵敏", "妻")])
        ),
    ]
    read = roster(make({"居民": rows}))
    assert [(home.members, home.head) for home in read.households] == [([0, 1], 0), ([2, 3], 2)]


def test_a_word_in_brackets_after_the_name_is_not_part_of_it(make):
    rows = [["住址", "姓名", "备注"], ["3-1-101", "张伟（户主）", ""], ["3-1-101", "李芳(已搬走)", "常年在外"]]
    read = roster(make({"居民": rows}))
    assert [(line.name, line.is_head, line.note) for line in read.lines] == [
        ("张伟", True, None),
        ("李芳", False, "常年在外；已搬走"),
    ]


def test_a_unit_that_is_left_out_in_a_building_with_several_is_hinted_at(make):
    rows = [
        HEADER,
        *([at, "桂花苑", "3", unit, "101", "张伟", "户主", "", ""] for at, unit in enumerate(("1", "2", ""))),
    ]
    read = roster(make({"居民": rows}))
    assert [(one.row, one.column, one.must) for one in read.problems if one.kind == "unit_missing"] == [
        (4, "单元", False)
    ]


def test_a_unit_that_is_written_only_sometimes_is_the_only_one(make):
    rows = [
        HEADER,
        *([at, "桂花苑", "3", unit, f"10{at}", "张伟", "户主", "", ""] for at, unit in enumerate(("1", ""))),
    ]
    read = roster(make({"居民": rows}))
    assert [line.unit for line in read.lines] == [None, None]


def test_the_person_may_decide_what_a_column_means(make):
    workbook = make({"居民": [["谁", "在哪", "√√"], ["张伟", "3-1-101", "√"], ["李芳", "3-1-102", ""]]})
    assert roster(workbook).lines == []
    read = roster(workbook, mapping={"谁": "name", "在哪": "address", "√√": "tag:热心居民"}, header_row=1)
    assert [(line.name, line.room, line.tags) for line in read.lines] == [
        ("张伟", "101", (("热心居民", None),)),
        ("李芳", "102", ()),
    ]


def test_a_column_that_is_left_out_is_listed_with_its_reason(make):
    workbook = make({"居民": [["姓名", "性别", "宗教信仰", "录入人", "文化程度"], ["张伟", "男", "无", "01", "本科"]]})
    read = roster(workbook, mapping={"文化程度": ""})
    assert [(column.header, column.field, column.why) for column in read.tables[0].columns[2:]] == [
        ("宗教信仰", None, "按规定默认不采集"),
        ("录入人", None, ""),
        ("文化程度", None, "按您的选择不导入"),
    ]
    assert read.lines[0].education is None


def test_restricted_classes_are_not_taken_over(make):
    rows = [["姓名", "性别", "人员类别", "社区矫正", "低保"], ["张伟", "男", "低保、社区矫正、养犬", "√", "√"]]
    read = roster(make({"居民": rows}))
    assert read.lines[0].tags == (("低保", None), ("养犬", None))


def test_a_sheet_without_a_header_is_told_in_chinese(make):
    read = roster(make({"随便": [["你好", "世界"], [1, 2]]}))
    assert [(one.row, one.kind) for one in read.problems] == [(0, "header_not_found")]
    assert "姓名" in read.problems[0].message


def test_formulas_without_results_are_told_apart_from_blanks(make):
    rows = [["姓名", "性别", "身份证号"], *([name, "男", f'="{number(1)}"'] for name in ("张伟", "李强", "王军"))]
    read = roster(make({"居民": rows}))
    assert [line.id_no for line in read.lines] == [None] * 3
    assert {one.kind for one in read.problems} == {"formula_without_value"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [("1950-02-30", "birth_not_a_date"), ("2099-01-01", "birth_in_future"), ("属猪", "birth_not_a_date")],
)
def test_an_impossible_birth_date_is_told_and_left_out(make, written, kind):
    read = roster(make({"居民": [["姓名", "性别", "出生日期"], ["张伟", "男", written]]}))
    assert (read.lines[0].birth, [one.kind for one in read.problems]) == (None, [kind])
    assert written in read.problems[0].message or kind == "birth_in_future"


def test_other_identity_papers_are_kept(make):
    rows = [["姓名", "证件类型", "证件号码"], ["陈大文", "回乡证", "H12345678"], ["JOHN SMITH", "护照", "E1234567X"]]
    read = roster(make({"居民": rows}))
    assert [(line.name, line.id_type, line.id_no) for line in read.lines] == [
        ("陈大文", "港澳居民来往内地通行证", "H12345678"),
        ("JOHN SMITH", "普通护照", "E1234567X"),
    ]
    assert read.problems == []


def test_a_cell_of_true_is_not_taken_for_the_number_one(make):
    header = ["楼栋", "房号", "姓名", "低保"]
    read = roster(make({"居民": [header, [True, 101, "张伟", True]], "其他": [header, [1, 101, "李芳", False]]}))
    assert [(line.building, line.tags) for line in read.lines] == [("True", (("低保", None),)), ("1", ())]
