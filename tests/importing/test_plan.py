"""A plan says field by field what an import would do, writes nothing, and lets no blank take anything away."""

import pytest

from desktop_app.residents.actions import correct, record_death
from desktop_app.residents.importing import import_residents, plan_import
from desktop_app.residents.sheet import read_roster
from desktop_app.shared.errors import AppError, CancelledError
from desktop_app.store.history import undo
from tests.importing.conftest import TODAY, number, sample

HEADER = [
    "小区",
    "楼栋",
    "单元",
    "房号",
    "户编号",
    "姓名",
    "与户主关系",
    "性别",
    "身份证号",
    "出生日期",
    "电话",
    "工作单位",
    "居住情况",
    "低保",
]
ZHANG = ["桂花苑", "3", "1", "101", "H1", "张伟", "户主", "男", number(1), "", "13800000001", "公交公司", "自住", ""]
LI = ["桂花苑", "3", "1", "101", "H1", "李芳", "妻", "女", number(2), "", "", "", "自住", "√"]


@pytest.fixture
def bring(make, db, actor):
    """Reads rows, plans them and, unless told otherwise, imports them; returns the plan."""

    def brought(*rows, go=True):
        plan = plan_import(db, read_roster(make({"居民": [HEADER, *rows]}), TODAY))
        if go:
            import_residents(db, plan, actor)
        return plan

    return brought


def changed(row, **fields):
    return [fields.get(header, value) for header, value in zip(HEADER, row, strict=True)]


def told(plan):
    return [(one.name, change.label, change.before, change.after) for one in plan.changed for change in one.changes]


def test_a_plan_writes_nothing(bring, db):
    plan = bring(ZHANG, LI, go=False)
    assert (len(plan.added), plan.new_estates, plan.new_buildings, plan.new_rooms) == (
        2,
        ["桂花苑"],
        [("桂花苑", "3")],
        1,
    )
    assert plan.words == "新增 2 · 更新 0 · 不变 0 · 需要看 0"
    assert db.scalar("SELECT count(*) FROM person") == 0


def test_an_import_makes_persons_with_their_home(bring, db):
    bring(ZHANG, LI)
    homes = db.rows(
        "SELECT p.name,p.source,e.name,b.no,r.unit,r.no,r.floor,h.household_no,m.relation,s.basis,h.head_id=p.id "
        "FROM person p "
        "JOIN residence s ON s.person_id=p.id JOIN room r ON r.id=s.room_id JOIN building b ON b.id=r.building_id "
        "JOIN estate e ON e.id=b.estate_id JOIN household_member m ON m.person_id=p.id "
        "JOIN household h ON h.id=m.household_id ORDER BY p.local_no"
    )
    assert homes == [
        ("张伟", "导入", "桂花苑", "3", "1", "101", 1, "H1", "户主", "自有", 1),
        ("李芳", "导入", "桂花苑", "3", "1", "101", 1, "H1", "妻", "自有", 0),
    ]
    assert db.rows("SELECT p.name,t.tag FROM person_tag t JOIN person p ON p.id=t.person_id") == [("李芳", "低保")]


@pytest.mark.parametrize("name", ["L1-flat-300", "L3-groups-2500"])
def test_the_same_file_twice_changes_nothing(db, actor, name):
    first = plan_import(db, read_roster(sample(name), TODAY))
    import_residents(db, first, actor)
    second = plan_import(db, read_roster(sample(name), TODAY))
    assert second.changes_nothing
    assert not second.writes
    assert len(second.unchanged) == len(first.added) == len(first.roster.lines)


def test_a_blank_takes_nothing_away(bring, db):
    bring(ZHANG)
    plan = bring(changed(ZHANG, 电话="", 工作单位="", 居住情况="", 户编号=""))
    assert plan.changes_nothing
    assert db.row("SELECT phones,employer FROM person") == ("13800000001", "公交公司")


def test_changes_are_listed_field_by_field(bring, db):
    bring(ZHANG)
    plan = bring(changed(ZHANG, 工作单位="退休", 电话="13900000002", 低保="√", 居住情况="租住"))
    assert told(plan) == [
        ("张伟", "工作单位", "公交公司", "退休"),
        ("张伟", "联系电话", "138****0001", "138****0001 139****0002"),
        ("张伟", "居住方式", "自有", "租住"),
        ("张伟", "标签", "", "低保"),
    ]
    assert db.row("SELECT phones,employer FROM person") == ("13800000001 13900000002", "退休")


def test_only_what_changed_is_written(bring, db, actor):
    bring(ZHANG, LI)
    before = db.scalar("SELECT max(no) FROM journal_change")
    bring(changed(ZHANG, 工作单位="退休"), LI)
    assert db.rows("SELECT op,before FROM journal_change WHERE no>?", (before,)) == [("u", '{"employer":"公交公司"}')]


def test_somebody_who_moved_is_moved_and_the_old_home_stays_in_the_history(bring, db):
    bring(ZHANG)
    plan = bring(changed(ZHANG, 房号="202", 户编号="H2"))
    assert ("张伟", "住址", "桂花苑3栋1单元101室", "桂花苑3栋1单元202室") in told(plan)
    rooms = db.rows("SELECT r.no,s.to_on FROM residence s JOIN room r ON r.id=s.room_id ORDER BY s.local_no")
    assert rooms == [("101", "2026-11-22"), ("202", None)]


def test_without_a_number_a_person_is_known_by_name_birth_and_room(bring, db):
    bring(changed(ZHANG, 身份证号="", 出生日期="1980-03"))
    plan = bring(changed(ZHANG, 身份证号="", 出生日期="1980-03-05"))
    assert told(plan) == [("张伟", "出生日期", "1980-03", "1980-03-05")]
    assert bring(changed(ZHANG, 身份证号="", 出生日期="1980")).changes_nothing


def test_a_number_that_is_put_right_later_joins_the_same_person(bring, db):
    bring(changed(ZHANG, 身份证号="42029919800101001"))
    plan = bring(ZHANG)
    assert ("张伟", "证件号码", "", f"{number(1)[:6]}********{number(1)[-4:]}") in told(plan)
    assert db.scalar("SELECT id_no FROM person") == number(1)
    assert db.scalar("SELECT count(*) FROM person") == 1


def test_two_of_one_name_in_one_room_stay_two(bring, db):
    plan = bring(ZHANG, changed(ZHANG, 身份证号=number(3), 与户主关系="子"))
    assert len(plan.added) == 2
    assert bring(ZHANG, changed(ZHANG, 身份证号=number(3), 与户主关系="子")).changes_nothing


def test_a_number_that_is_somebody_elses_is_told_and_left_out(bring, db):
    bring(ZHANG)
    plan = bring(changed(LI, 身份证号=number(1), 户编号="H9"))
    assert [(one.kind, "张伟" in one.message) for one in plan.problems if one.kind.startswith("id_of")] == [
        ("id_of_registered_person", True)
    ]
    assert db.rows("SELECT name,id_no FROM person ORDER BY local_no") == [("张伟", number(1)), ("李芳", None)]


def test_the_dead_are_not_changed(bring, db, actor):
    bring(ZHANG)
    record_death(db, actor, db.scalar("SELECT id FROM person"), "2026-10-01")
    plan = bring(changed(ZHANG, 工作单位="退休"))
    assert [one.kind for one in plan.problems] == ["person_deceased"]
    assert plan.changes_nothing
    assert db.scalar("SELECT count(*) FROM residence WHERE to_on IS NULL") == 0


def test_what_a_colleague_corrected_is_shown_before_it_is_overwritten(bring, db, actor):
    bring(ZHANG)
    correct(db, actor, db.scalar("SELECT id FROM person"), {"employer": "退休"})
    assert told(bring(ZHANG, go=False)) == [("张伟", "工作单位", "退休", "公交公司")]


def test_a_plan_that_the_register_has_overtaken_is_refused(bring, db, actor):
    plan = bring(ZHANG, go=False)
    bring(LI)
    with pytest.raises(AppError, match="又有了变化"):
        import_residents(db, plan, actor)
    assert db.scalar("SELECT count(*) FROM person") == 1


def test_cancelling_changes_nothing(db, actor):
    plan = plan_import(db, read_roster(sample("L1-flat-300"), TODAY))
    asked = iter([False, False, True])
    with pytest.raises(CancelledError):
        import_residents(db, plan, actor, cancelled=lambda: next(asked))
    assert db.scalar("SELECT count(*) FROM person") == 0
    assert db.scalar("SELECT count(*) FROM room") == 0


def test_progress_runs_to_the_end(db, actor):
    told_ = []
    plan = plan_import(db, read_roster(sample("L1-flat-300"), TODAY))
    import_residents(db, plan, actor, progress=lambda done, total, words: told_.append((done, total, words)))
    assert told_[-1][0] == told_[-1][1] == plan.writes.count
    assert [done for done, _, _ in told_] == sorted(done for done, _, _ in told_)


def test_an_import_can_be_taken_back(db, actor):
    result = import_residents(db, plan_import(db, read_roster(sample("L1-flat-300"), TODAY)), actor)
    undo(db, actor, result.action)
    assert db.scalar("SELECT count(*) FROM person WHERE sync_del=0") == 0
    again = plan_import(db, read_roster(sample("L1-flat-300"), TODAY))
    import_residents(db, again, actor)
    assert db.scalar("SELECT count(*) FROM person WHERE sync_del=0") == 300
    assert plan_import(db, read_roster(sample("L1-flat-300"), TODAY)).changes_nothing


def test_without_an_estate_the_only_one_is_meant_or_one_named_after_the_community(bring, db):
    plan = bring(changed(ZHANG, 小区=""), go=False)
    assert plan.new_estates == ["江山社区"]
    bring(ZHANG)
    assert bring(changed(LI, 小区="", 房号="102", 户编号="H2"), go=False).new_estates == []


def test_a_new_member_joins_the_household_that_lives_there(bring, db):
    bring(changed(ZHANG, 户编号=""))
    plan = bring(changed(ZHANG, 户编号=""), changed(LI, 户编号=""))
    assert (len(plan.added), plan.new_households) == (1, 0)
    assert db.scalar("SELECT count(*) FROM household_member m JOIN household h ON h.id=m.household_id") == 2


def test_homes_that_stand_empty_are_marked(bring, make, db, actor):
    bring(changed(ZHANG, 姓名="空置", 身份证号="", 电话="", 与户主关系="", 性别=""))
    assert db.rows('SELECT no,"use" FROM room') == [("101", "空置")]


def test_what_a_pull_brings_between_check_and_import_stops_the_import(bring, db, actor):
    """The records of a pull stand in no journal; a plan that has not seen them would give somebody two homes."""
    bring(ZHANG)
    plan = bring(changed(ZHANG, 房号="102"), go=False)
    with db.applying() as tx:
        tx.execute("INSERT INTO residence(id,person_id,room_id) SELECT 'b',person_id,room_id FROM residence")
    with pytest.raises(AppError, match="又有了变化"):
        import_residents(db, plan, actor)
    assert db.scalar("SELECT count(*) FROM residence") == 2
