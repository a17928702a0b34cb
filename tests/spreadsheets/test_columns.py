"""The table is found under titles, with one, two or three header rows, and its columns are known by many names."""

import pytest

from desktop_app.spreadsheets.columns import find_table, give_samples, row_kind, take_hints
from desktop_app.spreadsheets.headers import compared, read_mark, vocabulary
from desktop_app.spreadsheets.problems import kinds, problem
from desktop_app.spreadsheets.workbook import Sheet

WORDS = vocabulary("residents")


def sheet(*rows, merged=None):
    width = max(map(len, rows))
    return Sheet("表", [[*row, *[""] * (width - len(row))] for row in rows], merged)


def table(*rows, merged=None, **told):
    return find_table(sheet(*rows, merged=merged), WORDS, ("name",), **told)


def fields(found):
    return [column.field for column in found.columns]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓 名", "name"),
        ("*姓名（必填）", "name"),
        ("家庭成员\n姓名", "name"),
        ("身份证号码", "id_no"),
        ("公民身份号码", "id_no"),
        ("户主身份证号", "head_id_no"),
        ("户主姓名", "head_name"),
        ("手机号", "phones"),
        ("紧急联系人电话", None),
        ("与户主的关系", "relation"),
        ("户籍所在地", "hukou_address"),
        ("现居住地址", "address"),
        ("是否低保", "tag:低保"),
        ("残疾人", "tag:残疾"),
        ("出生地", None),
    ],
)
def test_a_column_is_known_by_many_names(header, field):
    found = table(["姓名", "性别", header] if field != "name" else [header, "性别"], ["张伟", "男", ""])
    assert fields(found)[-1 if field != "name" else 0] == field


def test_the_header_is_found_under_titles_and_remarks():
    found = table(["居民信息台账"], ["说明：请逐户核实"], ["序号", "姓名", "性别"], ["1", "张伟", "男"])
    assert found.header_rows == (3, 3)
    assert [(one.row, one.kind) for one in found.not_rows] == [(1, "title"), (2, "remark"), (3, "header")]


def test_a_header_of_two_rows_is_flattened_and_its_groups_are_kept():
    found = table(
        ["序号", "基本信息", "", "困难类别", ""],
        ["", "姓名", "性别", "低保", "孤寡"],
        ["1", "张伟", "男", "√", ""],
        merged=[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)],
    )
    assert found.header_rows == (1, 2)
    assert fields(found) == ["seq", "name", "sex", "tag:低保", "tag:孤寡老人"]
    assert [column.group for column in found.columns] == ["", "基本信息", "基本信息", "困难类别", "困难类别"]


def test_a_header_of_two_rows_is_flattened_where_merges_were_lost():
    found = table(
        ["序号", "基本信息", "", "居住信息", "", "备注"],
        ["", "姓名", "性别", "楼栋", "房号", ""],
        ["1", "张伟", "男", "3", "101", ""],
    )
    assert found.header_rows == (1, 2)
    assert fields(found) == ["seq", "name", "sex", "building", "room", "note"]


def test_sub_columns_below_a_header_that_is_merged_downwards_are_found():
    found = table(
        ["姓名", "性别", "住址", "", ""],
        ["", "", "楼栋", "单元", "房号"],
        ["张伟", "男", "3", "1", "101"],
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)],
    )
    assert fields(found) == ["name", "sex", "building", "unit", "room"]


def test_the_head_in_a_group_of_his_own_is_not_taken_for_the_member():
    found = table(
        ["户主信息", "", "家庭成员", ""],
        ["姓名", "身份证号", "姓名", "身份证号"],
        ["张伟", "", "李芳", ""],
        merged=[(0, 0, 0, 1), (0, 2, 0, 3)],
    )
    assert fields(found) == ["head_name", "head_id_no", "name", "id_no"]


def test_a_column_of_nothing_but_marks_is_a_tag():
    found = table(["姓名", "性别", "热心居民"], ["张伟", "男", "√"], ["李芳", "女", ""])
    assert fields(found)[-1] == "tag:热心居民"


def test_rows_of_hints_below_the_header_are_left_out():
    found = table(["姓名", "性别", "身份证号"], ["必填", "男/女", "18位"], ["张伟", "男", ""])
    assert take_hints(found) == {0}


def test_the_first_person_is_no_hint():
    found = table(["姓名", "性别", "备注"], ["张伟", "男", "如需上门请联系"])
    assert take_hints(found) == set()


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["", "", ""], "blank"),
        (["合计", "", 303.0], "formula_total"),
        (["", "总计：12人", ""], "formula_total"),
        (["制表人：          审核人：", "", ""], "signature"),
        (["注：以上数据截至六月", "", ""], "remark"),
        (["姓名", "性别", "电话"], "header"),
        (["", "男", "13800000001"], ""),
    ],
)
def test_rows_that_are_nobody_are_known(row, kind):
    found = table(["姓名", "性别", "电话"], row)
    assert row_kind(found, 0) == kind


def test_cells_merged_downwards_count_for_the_whole_home_but_a_remark_does_not():
    found = table(
        ["楼栋", "姓名", "备注"],
        ["3栋", "张伟", "常年在外"],
        ["", "李芳", ""],
        merged=[(1, 0, 2, 0), (1, 2, 2, 2)],
    )
    assert list(found.cells(found.columns[0])) == ["3栋", "3栋"]
    assert list(found.cells(found.columns[2])) == ["常年在外", ""]


def test_the_person_may_say_where_the_header_is():
    found = table(["姓名", "性别"], ["姓名", "电话"], ["张伟", "1"], header_row=2)
    assert found.header_rows == (2, 2)


def test_letters_and_samples_are_for_the_page_on_which_columns_are_matched():
    found = table(["姓名", "性别", *[""] * 25, "电话"], ["张伟", "男"], ["李芳", "女"], ["王强", "男"])
    give_samples(found)
    assert found.columns[27].letter == "AB"
    assert found.columns[1].samples == ("男", "女")


def test_a_sheet_without_a_table_has_none():
    assert table(["你好", "世界"], ["1", "2"]) is None
    assert find_table(Sheet("空", []), WORDS, ("name",)) is None


@pytest.mark.parametrize("word", ["√", "✓", "✔", "是", "有", "1", "Y", " √ ", "ｙ"])
def test_marks_mean_yes(word):
    assert read_mark(word) == (True, None)


@pytest.mark.parametrize("word", ["", "否", "×", "0", "-", "无", "/"])
def test_denials_mean_no(word):
    assert read_mark(word) == (False, None)


def test_any_other_word_is_a_detail():
    assert read_mark("肢体二级") == (True, "肢体二级")


def test_headers_are_compared_without_decoration():
    assert compared("＊姓 名：（必填）") == compared("姓名")


def test_every_kind_of_problem_has_words_that_can_be_filled():
    words = {
        "value": "值",
        "length": 17,
        "where": "",
        "other": "张伟",
        "estate": "桂花苑",
        "count": 2,
        "reason": "因为。",
        "most": 3,
        "known": "入户、电话",
    }
    for kind in kinds():
        one = problem("表", 5, "姓名", kind, "原文", related_row=3, words=words)
        assert one.message.endswith(("。", "生成。")), kind
        assert not any(word in one.message for word in ("非法", "失败", "异常")), kind
