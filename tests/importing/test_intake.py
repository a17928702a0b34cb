"""One door takes every workbook: it is told what it is, checked without writing, and imported in one transaction."""

import pytest

from desktop_app.organisation import intake
from desktop_app.residents.template import write_template
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.reports import problem_workbook
from desktop_app.spreadsheets.workbook import read
from tests.importing.conftest import sample


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("L1-flat-300", "residents"),
        ("L3-groups-2500", "residents"),
        ("L7-buildings", "buildings"),
        ("L7-centre-households", "centre_households"),
    ],
)
def test_a_workbook_is_told_by_its_headers(name, kind):
    assert intake.guess_kind(sample(name)) == kind


def test_what_is_none_of_them_is_refused_in_chinese(db, make):
    with pytest.raises(AppError, match="没有找到认得的表头"):
        intake.check(db, make({"随便": [["你好", "世界"], [1, 2]]}))


def test_a_whole_community_comes_in_and_the_second_time_nothing_changes(db, actor):
    files = ("L7-buildings", "L3-groups-2500", "L7-centre-households")
    results = [intake.commit(db, intake.check(db, sample(name)), actor) for name in files]
    assert [(result.added, result.unit) for result in results] == [(27, "栋"), (2500, "人"), (30, "户")]
    for name in files:
        checked = intake.check(db, sample(name))
        assert checked.plan.changes_nothing, checked.plan.words
        assert not checked.plan.writes
    before = db.scalar("SELECT max(no) FROM journal_change")
    intake.commit(db, intake.check(db, sample("L3-groups-2500")), actor)
    assert db.scalar("SELECT max(no) FROM journal_change") == before


def test_what_a_roster_says_of_party_members_is_kept(db, actor):
    intake.commit(db, intake.check(db, sample("L3-groups-2500")), actor)
    members = db.rows(
        "SELECT p.name,p.political,m.kind,m.joined_on,n.name FROM party_member m JOIN person p ON p.id=m.person_id "
        "LEFT JOIN org_node n ON n.id=m.node_id"
    )
    assert len(members) == 281
    assert {(political, kind) for _, political, kind, _, _ in members} == {
        ("中共党员", "正式"),
        ("中共预备党员", "预备"),
    }
    assert all(joined and branch for _, _, _, joined, branch in members)
    assert db.rows("SELECT level,count(*) FROM org_node WHERE line='党组织' GROUP BY level") == [(2, 1), (3, 4)]


def test_the_problems_are_saved_as_a_workbook_that_can_be_corrected_and_brought_back(db, actor, tmp_path):
    checked = intake.check(db, sample("L1-flat-300"))
    intake.commit(db, checked, actor)
    path = problem_workbook(tmp_path / "错误表.xlsx", checked.tables, checked.problems)

    sheet = read(path).sheets[0]
    header, rows = sheet.rows[0], sheet.rows[1:]
    original = checked.tables[0]
    assert header == [*(column.header for column in original.columns), "原表行号", "问题"]
    meant = {one.row for one in checked.problems} | {one.related_row for one in checked.problems} - {None}
    assert [int(row[-2]) for row in rows] == sorted(meant)
    assert all(row[-1] for row in rows)
    place = header.index("身份证号码")
    assert rows[0][place] == "42029920701181601"

    again = intake.check(db, read(path))
    assert again.kind == "residents"
    assert again.plan.changes_nothing


def test_the_blank_workbook_is_read_as_its_columns_say(db, tmp_path):
    path = write_template(tmp_path / "空白表.xlsx", {"sex": ("男", "女"), "ethnic": ["很长的名字"] * 100})
    workbook = read(path)
    checked = intake.check(db, workbook)
    assert checked.kind == "residents"
    assert all(column.field for column in checked.tables[0].columns)
    assert checked.plan.changes_nothing
    assert checked.problems == []


def test_columns_come_with_samples(db):
    columns = {column.header: column.samples for column in intake.check(db, sample("L1-flat-300")).tables[0].columns}
    assert columns["小区"] == ("桂花苑", "向阳小区") or "桂花苑" in columns["小区"]
    assert len(columns["姓名"]) == 3
