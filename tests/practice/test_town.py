"""Another town can be followed from a day on; what was begun before goes on as it was begun."""

import tomllib

import pytest

from desktop_app.appeals import actions as appeals
from desktop_app.appeals import intake
from desktop_app.appeals import queries as appeal_queries
from desktop_app.appeals.deeds import Deed
from desktop_app.orders import reporting
from desktop_app.practice import actions, following, queries
from desktop_app.practice.model import RuleBook
from desktop_app.profiles.desk import Followed, followed, list_names, take_number, town_of, towns_chosen
from desktop_app.profiles.queries import forget
from desktop_app.shared.errors import AppError
from desktop_app.store import history

TODAY, TOMORROW = "2026-11-22", "2026-11-23"


def appeal(db, actor, received):
    told = intake.blank(db, title="路灯不亮", text="路灯不亮", place="东门", received_on=received)
    return intake.register(db, actor, told)


def test_another_town_holds_from_its_day_and_can_be_taken_back(db, actor):
    assert town_of(db).name == "通用"
    following.follow(db, actor, "shishou", from_on=TODAY, why="街道通知")
    assert town_of(db).name == "石首"
    assert followed(db, "2026-11-21") == "general"
    number, words = history.last_action(db, actor)
    assert words == "改用石首的做法"
    history.undo(db, actor, number)
    assert town_of(db).name == "通用"
    history.undo(db, actor, history.last_undone(db, actor)[0])
    assert town_of(db).name == "石首"


def test_a_later_day_waits_and_stands_in_the_list(db, actor, clock):
    following.follow(db, actor, "huangshi", from_on=TOMORROW, why="街道通知")
    assert town_of(db).name == "通用"
    lines = {one.name: one for one in queries.books(db, TODAY)}
    assert lines["profiles/general"].followed
    assert lines["profiles/huangshi"].follows_from == TOMORROW
    clock.move(days=1)
    assert town_of(db).name == "黄石"
    assert next(one for one in queries.books(db, TOMORROW)).name == "profiles/huangshi"


@pytest.mark.parametrize(
    ("town", "from_on", "why", "field"),
    [
        ("beijing", TODAY, "通知", "town"),
        ("general", TODAY, "通知", "town"),
        ("shishou", "2026-11-21", "通知", "from_on"),
        ("shishou", "明天", "通知", "from_on"),
        ("shishou", TODAY, "  ", "why"),
    ],
)
def test_what_cannot_be_followed_is_refused_at_its_field(db, actor, town, from_on, why, field):
    with pytest.raises(AppError) as refused:
        following.follow(db, actor, town, from_on=from_on, why=why)
    assert refused.value.field == field
    assert not towns_chosen(db)


def test_an_appeal_opened_under_the_old_ladder_goes_on_under_it(db, actor):
    old = appeal(db, actor, "2026-11-20")
    same_day = appeal(db, actor, TODAY)
    before = {one.id: appeal_queries.detail(db, one.id) for one in (old, same_day)}
    following.follow(db, actor, "qiaokou", from_on=TODAY, why="区里通知")
    for one in (old, same_day):
        appeals.act(db, actor, one.id, Deed("受理"))
        detail = appeal_queries.detail(db, one.id)
        assert detail.ladder == before[one.id].ladder
        assert detail.ladder.name == "逐级处置"
    new = appeal_queries.detail(db, appeal(db, actor, TODAY).id)
    assert new.ladder.name == "四级处置（四个一批）"


def test_what_changes_is_told_part_by_part_with_the_papers_and_what_stays(db, actor):
    appeal(db, actor, TODAY)
    change = following.what_changes(db, "shishou")
    words = [one.words for one in change.changes]
    assert (change.before, change.name) == ("通用", "石首")
    assert any(one.startswith("办理阶梯　四级递进处置　整条") and one.endswith("新增") for one in words)
    assert any(one.startswith("办理阶梯　逐级处置　整条") and one.endswith("新的记录不再用") for one in words)
    assert any("五级名称" in one and "街道大工委" in one for one in words)
    assert "便民服务卡" in change.papers
    assert any("在办的诉求 1 件" in one for one in change.stays)
    assert "办理阶梯" in change.counted
    assert following.what_changes(db, "general").changes == ()


def test_numbers_go_on_and_lists_of_the_old_town_keep_their_names(db, actor):
    with db.transaction(actor, "编号") as tx:
        first = take_number(tx, "appeal")
    following.follow(db, actor, "huangshi", from_on=TODAY, why="通知")
    with db.transaction(actor, "编号") as tx:
        assert take_number(tx, "appeal") > first
    assert list_names(db)["resource"] == "资源清单", "Huangshi has no such list; what stands on it is still named"
    assert list_names(db)["task"] == "任务清单"


def test_the_negative_list_is_that_of_the_town_followed(db, actor):
    before = reporting.negative_list(db)
    following.follow(db, actor, "shishou", from_on=TODAY, why="通知")
    assert reporting.negative_list(db) != before


def choose(db, actor, town, before, from_on, at):
    with db.transaction(actor, "别的电脑") as tx:
        tx.add(RuleBook(name="town", content=f'town = "{town}"\nbefore = "{before}"\n', from_on=from_on, at=at,
                        by_name="李静", why="通知"))  # fmt: skip


def test_of_two_choices_for_one_day_the_later_holds_and_all_desks_agree_on_what_was_before(db, actor):
    choose(db, actor, "shishou", "qiaokou", TODAY, 2)
    choose(db, actor, "huangshi", "qiaokou", TODAY, 1)
    assert followed(db) == "shishou"
    assert followed(db, "2026-01-01") == "qiaokou", "this desk was set up as general, the community followed another"


def test_a_town_that_only_a_newer_version_knows_is_passed_over(db, actor):
    choose(db, actor, "shishou", "general", TODAY, 1)
    choose(db, actor, "xiangyang", "shishou", TODAY, 2)
    assert towns_chosen(db) == [Followed("shishou", "general", TODAY)]
    assert town_of(db).name == "石首"


def test_the_files_of_the_towns_are_left_alone(db, actor):
    following.follow(db, actor, "shishou", from_on=TODAY, why="通知")
    actions.lay_out(db)
    assert not list((db.path.parent / "profiles").rglob("*town*"))


def test_an_appeal_of_the_same_day_keeps_the_days_the_community_wrote_for_the_old_ladder(db, actor):
    content = tomllib.loads(queries.text_of(db, "profiles/general", TODAY))
    content["ladders"][0]["steps"][0]["days"] = 9
    try:
        actions.adopt_content(db, actor, "profiles/general", content, from_on=TODAY, why="街道通知")
        actions.lay_out(db)
        begun = appeal(db, actor, TODAY)
        following.follow(db, actor, "qiaokou", from_on=TODAY, why="区里通知")
        assert appeal_queries.detail(db, begun.id).ladder.steps[0].days == 9
    finally:
        forget()
