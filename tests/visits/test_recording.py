"""A visit is kept in one action, with what the register knows of the home, and never for a day to come."""

import pytest

from desktop_app.appeals import intake
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.visiting import record_visit
from desktop_app.attachments import actions as attachments
from desktop_app.attachments.queries import of as files_of
from desktop_app.residents import actions as residents
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store import history
from desktop_app.visits import actions, queries, sheet
from desktop_app.visits.model import Visit
from tests.attachments.pictures import jpeg
from tests.visits.conftest import DAY


def test_a_visit_to_a_resident_is_one_to_the_home_and_the_room(db, actor, court, people):
    wang = people["王桂英"]
    kept = actions.record(db, actor, Visit(on=DAY, person_id=wang.id, purpose="日常走访")).visit
    assert (kept.household_id, kept.room_id) == (court.household(wang).id, court.room("101").id)
    assert (kept.workers, kept.worker_id, kept.mode, kept.result) == ("张三", actor.id, "入户", "见面")


def test_a_visit_to_a_household_or_a_room_finds_the_other(db, actor, court, people):
    home = court.household(people["李大山"])
    by_home = actions.record(db, actor, Visit(on=DAY, household_id=home.id)).visit
    by_room = actions.record(db, actor, Visit(on=DAY, room_id=court.room("202").id)).visit
    assert by_home.room_id == by_room.room_id == court.room("202").id
    assert by_room.household_id == home.id


def test_a_visit_to_an_empty_flat_is_kept_without_a_household(db, actor, court):
    kept = actions.record(db, actor, Visit(on=DAY, room_id=court.room("302").id, result="空房")).visit
    assert (kept.household_id, kept.result) == (None, "空置")


def test_a_visit_dated_in_the_future_is_refused_with_words_and_nothing_is_written(db, actor, people):
    with pytest.raises(AppError, match="在今天之后，没有保存") as told:
        actions.record(db, actor, Visit(on="2026-11-23", person_id=people["张立"].id))
    assert told.value.field == "on"
    assert told.value.next_step
    assert db.scalar("SELECT count(*) FROM visit") == 0


@pytest.mark.parametrize("day", ["2026-11", "2026-13-01", "", "昨天"])
def test_a_day_that_is_no_whole_day_is_refused(db, actor, people, day):
    with pytest.raises(AppError) as told:
        actions.record(db, actor, Visit(on=day, person_id=people["张立"].id))
    assert told.value.field == "on"


def test_a_visit_before_birth_or_after_death_is_kept_with_a_warning(db, actor, people):
    wang = people["王桂英"]
    early = actions.record(db, actor, Visit(on="1939-01-01", person_id=wang.id))
    assert "出生" in early.doubts[0]
    residents.record_death(db, actor, wang.id, "2026-11-01")
    late = actions.record(db, actor, Visit(on="2026-11-02", person_id=wang.id))
    assert "去世" in late.doubts[0]
    assert actions.record(db, actor, Visit(on="2026-11-01", person_id=wang.id)).doubts == ()
    assert db.scalar("SELECT count(*) FROM visit") == 3


def test_a_visit_to_nobody_and_a_result_nobody_knows_are_refused(db, actor, people):
    with pytest.raises(AppError, match="没有说走访的是谁"):
        actions.record(db, actor, Visit(on=DAY))
    with pytest.raises(AppError, match="结果“飞走”不在表中"):
        actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, result="飞走"))
    with pytest.raises(AppError, match="下次走访要在这次之后"):
        actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, next_due_on=DAY))


def test_opinions_are_counted_by_lines_unless_somebody_counted(db, actor, people):
    told = "路灯不亮\n\n电梯异响"
    assert actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, opinions=told)).visit.opinions_n == 2
    counted = Visit(on=DAY, person_id=people["张立"].id, opinions=told, opinions_n=3)
    assert actions.record(db, actor, counted).visit.opinions_n == 3


def test_several_visits_are_kept_all_or_none(db, actor, people):
    good, bad = Visit(on=DAY, person_id=people["张立"].id), Visit(on=DAY, person_id="0" * 32)
    with pytest.raises(AppError, match="不在了"):
        actions.record_all(db, actor, [good, bad])
    assert db.scalar("SELECT count(*) FROM visit") == 0


def test_a_correction_changes_what_was_named_and_not_whom_it_was_made_to(db, actor, people):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, findings="好")).visit
    changed = actions.correct(db, actor, kept.id, result="电话联系")
    assert (changed.result, changed.findings) == ("电话", "好")
    with pytest.raises(AppError, match="对象不能改"):
        actions.correct(db, actor, kept.id, person_id=people["孙芳"].id)
    with pytest.raises(AppError, match="在今天之后"):
        actions.correct(db, actor, kept.id, on="2027-01-01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": "2026-11-21", "next_due_on": "2026-11-21"}, "next_due_on"),
        ({"next_due_on": DAY}, "next_due_on"),
        ({"next_due_on": "2026-13-40"}, "next_due_on"),
        ({"result": "飞走"}, "result"),
        ({"mode": "飞走"}, "mode"),
        ({"opinions_n": -1}, "opinions_n"),
    ],
)
def test_a_correction_asks_at_its_field_what_recording_asks_and_writes_nothing(db, actor, people, changes, field):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, findings="好")).visit
    with pytest.raises(AppError) as told:
        actions.correct(db, actor, kept.id, findings="改了", **changes)
    assert told.value.field == field
    assert db.get(Visit, kept.id).findings == "好"


def test_a_way_of_visiting_nobody_knows_is_refused_with_those_there_are(db, actor, people):
    """It became 入户 before, without a word."""
    with pytest.raises(AppError, match="方式“飞鸽传书”不在表中，没有保存") as told:
        actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, mode="飞鸽传书"))
    assert told.value.field == "mode"
    assert "入户、电话、视频" in told.value.next_step
    assert db.scalar("SELECT count(*) FROM visit") == 0
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, mode="打电话")).visit
    assert kept.mode == "电话"
    assert actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, mode="")).visit.mode == "入户"


def test_a_sheet_tells_of_a_way_nobody_knows_by_its_row_and_keeps_the_others(db, actor, people, tmp_path):
    rows = [("走访日期", "姓名", "走访方式", "走访结果")]
    rows += [(DAY, "张立", word, result) for word, result in (("飞鸽传书", ""), ("电访", ""), ("", "飞走"))]
    path = write(tmp_path / "走访.xlsx", [SheetOut("走访", rows[0], rows[1:])])
    found = sheet.read_visits(db, path)
    assert [visit.mode for visit in found.visits] == ["电话"]
    assert [(one.row, one.column, one.kind) for one in found.problems] == [
        (2, "走访方式", "mode_unknown"),
        (4, "走访结果", "result_unknown"),
    ]
    assert found.problems[0].message == (
        "没有“飞鸽传书”这种走访方式，这一行没有登记。可以是入户、电话、视频、来访、其他。"
    )
    assert "见面、无人、拒访" in found.problems[1].message


def test_a_day_moved_behind_the_promised_one_is_refused(db, actor, people):
    early = Visit(on="2026-11-01", person_id=people["张立"].id, next_due_on="2026-11-10")
    kept = actions.record(db, actor, early).visit
    with pytest.raises(AppError, match="下次走访要在这次之后"):
        actions.correct(db, actor, kept.id, on="2026-11-10")
    assert actions.correct(db, actor, kept.id, on="2026-11-10", next_due_on=None).on == "2026-11-10"


def test_words_that_are_corrected_are_kept_as_words_that_are_recorded(db, actor, people):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, workers="张三")).visit
    changed = actions.correct(db, actor, kept.id, mode="上门", workers="张三, 李四", opinions="修灯\n\n加座")
    assert (changed.mode, changed.workers, changed.worker_id) == ("入户", "张三、李四", actor.id)
    assert changed.opinions_n == 2
    assert actions.correct(db, actor, kept.id, workers="李四").worker_id is None
    assert actions.correct(db, actor, kept.id, opinions=None).opinions_n == 0


def test_opinions_somebody_counted_stay_as_they_were_counted(db, actor, people):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, opinions="路灯", opinions_n=3)).visit
    assert actions.correct(db, actor, kept.id, opinions="路灯不亮").opinions_n == 3


def test_a_visit_is_not_taken_back_without_a_reason_nor_twice(db, actor, people):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id)).visit
    with pytest.raises(AppError, match="撤销理由还没有填写") as told:
        actions.withdraw(db, actor, kept.id, "  ")
    assert told.value.field == "why"
    actions.withdraw(db, actor, kept.id, " 登记重复 ")
    assert db.scalar("SELECT why FROM journal_action ORDER BY no DESC") == "登记重复"
    with pytest.raises(AppError, match="已经不在了"):
        actions.withdraw(db, actor, kept.id, "登记重复")
    with pytest.raises(AppError, match="已经不在了"):
        actions.correct(db, actor, kept.id, findings="好")


def test_photographs_go_with_the_visit_and_come_back_with_it_and_nothing_else_does(db, actor, people):
    wrong, other = (actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id)).visit for _ in range(2))
    for owner in (wrong, other):
        attachments.attach(db, actor, "visit", owner.id, jpeg(), "楼道")
    actions.withdraw(db, actor, wrong.id, "登记重复")
    assert [len(files_of(db, "visit", one.id)) for one in (wrong, other)] == [0, 1]
    found = history.last_action(db, actor)
    assert found
    history.undo(db, actor, found[0])
    assert [one.title for one in files_of(db, "visit", wrong.id)] == ["楼道"]


def test_an_appeal_raised_at_the_door_outlives_the_visit(db, actor, people):
    appeal = intake.blank(db, title="楼道灯不亮", klass="其他", channel="巡诊")
    kept = record_visit(db, actor, Visit(on=DAY, person_id=people["张立"].id), [appeal])
    actions.withdraw(db, actor, kept.recorded.visit.id, "记错了人")
    assert db.get(Appeal, kept.appeals[0].id).person_id == people["张立"].id


def test_the_figures_of_the_month_follow_what_was_corrected_and_taken_back(db, actor, people):
    kept = actions.record(db, actor, Visit(on=DAY, person_id=people["张立"].id, opinions="修灯")).visit
    actions.correct(db, actor, kept.id, opinions="修灯\n加座", result="无人")
    figures = queries.month_figures(db, DAY[:7])
    assert (figures.visits, figures.households, figures.opinions) == (1, 0, 2)
    actions.withdraw(db, actor, kept.id, "登记重复")
    figures = queries.month_figures(db, DAY[:7])
    assert (figures.visits, figures.opinions, figures.worker_days) == (0, 0, 0)


def test_a_visit_taken_back_is_no_longer_counted_and_an_undo_brings_it_back(db, actor, people):
    wang = people["王桂英"]
    kept = actions.record(db, actor, Visit(on=DAY, person_id=wang.id)).visit
    actions.withdraw(db, actor, kept.id, "记错了人")
    assert queries.last_visit(db, person_id=wang.id) is None
    found = history.last_action(db, actor)
    assert found
    history.undo(db, actor, found[0])
    assert queries.last_visit(db, person_id=wang.id) == DAY
