"""Appeals from the desk: taken in, acted on by the ladder, ended with the resident's word."""

import pytest
from sqlalchemy import select

from desktop_app.appeals import actions, queries, rules, sharing
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import AppealEvent
from desktop_app.appeals.queries import AppealFilter
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action, undo


def cached(db, appeal):
    return db.row("SELECT phase,step,outcome,due_on,due_what,stale FROM appeal_state WHERE appeal_id=?", (appeal.id,))


def folded(db, appeal):
    state = queries.detail(db, appeal.id).state
    return state.phase, state.step, state.outcome


def test_an_appeal_gets_a_number_and_its_line_begins(db, take):
    appeal = take(accept=False, reporter_name="王小明", reporter_phone="139 0000 0001")
    assert appeal.no == "2026-0001"
    assert take().no == "2026-0002"
    found = queries.detail(db, appeal.id)
    assert [line.kind for line in found.events] == ["登记"]
    assert found.state.phase == rules.WAITING
    assert (found.channel, found.kind, found.klass, found.urgency) == ("来访", "求助", "其他", "一般")
    assert appeal.reporter_phone == "13900000001"


def test_a_registered_resident_brings_name_phone_and_home(db, actor, take):
    person = residents.register(db, actor, Person(name="王小明", phones="13900000001"))
    appeal = take(person_id=person.id)
    assert (appeal.reporter_name, appeal.reporter_phone) == ("王小明", "13900000001")
    (line,) = queries.appeals(db, AppealFilter(person_id=person.id))
    assert (line.reporter, line.phone) == ("王小明", "139****0001")


def test_an_anonymous_appeal_keeps_nothing_of_who_brought_it(take):
    appeal = take(reporter_name="王小明", reporter_phone="13900000001", anonymous=1)
    assert (appeal.person_id, appeal.reporter_name, appeal.reporter_phone) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"channel": "飞鸽"}, "channel"),
        ({"received_on": "2026-11-23"}, "received_on"),
        ({"received_on": "2026-11-31"}, "received_on"),
        ({"promised_on": "2026-11-01"}, "promised_on"),
        ({"reporter_phone": "12"}, "reporter_phone"),
        ({"ladder": "云梯"}, "ladder"),
    ],
)
def test_what_no_appeal_can_have_is_said_at_its_field(db, take, fields, field):
    with pytest.raises(AppError) as refused:
        take(**({"title": "灯不亮"} | fields))
    assert refused.value.field == field
    assert refused.value.next_step
    assert db.scalar("SELECT count(*) FROM appeal") == 0


def test_the_whole_way_up_down_and_to_the_end(db, take, act):
    """Up one step at a time, back with a reply, solved below, rated: closed."""
    appeal = take()
    act(appeal, "派办", to_whom="网格员李四")
    assert act(appeal, "上报", text="楼道线路老化，小区解决不了").step == 2
    assert act(appeal, "退回", text="社区已联系电工，请小区配合").step == 1
    act(appeal, "回复", text="明天来修")
    assert act(appeal, "办结", outcome=rules.ANSWERED, text="线路已换").phase == rules.RATING
    act(appeal, "回访", text="电话回访")
    state = act(appeal, "评价", satisfaction="满意")
    assert (state.phase, state.outcome, state.solved_step) == (rules.CLOSED, rules.ANSWERED, 1)
    assert cached(db, appeal)[:3] == folded(db, appeal)
    events = db.select(select(AppealEvent).where(AppealEvent.appeal_id == appeal.id).order_by(AppealEvent.local_no))
    assert [event.expects for event in events[1:]] == [event.id for event in events[:-1]]


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("派办", {}, "to_whom"),
        ("上报", {}, "text"),
        ("解释", {"to_whom": "王小明", "text": "没有场地"}, "how"),
        ("办结", {"text": "好了"}, "outcome"),
        ("办结", {"text": "好了", "outcome": rules.FOLLOWED}, "kind"),
        ("办结", {"text": "好了", "outcome": rules.EXPLAINED}, "kind"),
        ("评价", {"satisfaction": "满意"}, "kind"),
        ("退回", {"text": "不归我管"}, "kind"),
        ("部门认领", {"to_whom": "市住建局"}, "kind"),
        ("登记", {}, "kind"),
        ("销毁", {}, "kind"),
        ("联系", {"text": "去过", "on": "2026-11-23"}, "on"),
        ("联系", {"text": "去过", "on": "2026-11-01"}, "on"),
    ],
)
def test_what_the_ladder_forbids_or_what_is_missing_is_refused_and_nothing_is_written(db, take, act, kind, more, field):
    appeal = take()
    before = db.scalar("SELECT count(*) FROM appeal_event")
    with pytest.raises(AppError) as refused:
        act(appeal, kind, **more)
    assert refused.value.field == field
    assert db.scalar("SELECT count(*) FROM appeal_event") == before


def test_nothing_closes_without_an_evaluation_or_the_reason_why_there_is_none(take, act):
    appeal = take()
    act(appeal, "办结", outcome=rules.ANSWERED, text="好了")
    for more in ({}, {"satisfaction": "满意", "why_none": "联系不上"}, {"satisfaction": "还行"}, {"why_none": " "}):
        with pytest.raises(AppError) as refused:
            act(appeal, "评价", **more)
        assert refused.value.field == "satisfaction"
    assert act(appeal, "评价", why_none="联系不上").phase == rules.CLOSED


def test_for_now_impossible_needs_an_explanation_to_whom_when_by_whom_and_how(take, act):
    appeal = take()
    act(appeal, "解释", to_whom="王小明", how="上门", text="小区没有空地", by_name="李四")
    state = act(appeal, "办结", outcome=rules.EXPLAINED, text="暂无场地")
    assert state.outcome == rules.EXPLAINED


def test_dissatisfaction_opens_an_appeal_again_once(db, take, act):
    appeal = take()
    for phase in (rules.WORKING, rules.CLOSED):
        act(appeal, "办结", outcome=rules.ANSWERED, text="好了")
        state = act(appeal, "评价", satisfaction="不满意", text="灯又坏了")
        assert state.phase == phase
    assert state.reopened == 1
    assert [line.kind for line in queries.detail(db, appeal.id).events].count("重开") == 1
    with pytest.raises(AppError, match="已经重开过一次"):
        act(appeal, "重开", text="还要")


def test_who_has_not_seen_the_last_step_is_told_to_look_first(db, take, act):
    appeal = take()
    seen = queries.detail(db, appeal.id).state.last_id
    act(appeal, "派办", to_whom="李四")
    with pytest.raises(AppError, match="刚由别人办了一步"):
        act(appeal, "派办", to_whom="王五", expects=seen)
    act(appeal, "补充", text="物业也来看过", expects=seen)


def test_a_pause_stops_the_clock_and_needs_its_reason(db, take, act, clock):
    appeal = take()
    assert cached(db, appeal)[3:5] == ("2026-11-25", "本级办理")
    with pytest.raises(AppError):
        act(appeal, "暂停")
    act(appeal, "暂停", text="等待居民补充材料")
    assert cached(db, appeal)[3:5] == (None, None)
    clock.move(days=7)
    assert queries.count(db, AppealFilter(due="逾期")) == 0
    act(appeal, "恢复")
    assert cached(db, appeal)[3:5] == ("2026-12-02", "本级办理")


def test_overdue_and_nearly_due_appeals_are_found(db, take, clock):
    appeal = take()
    assert queries.due_counts(db) == (0, 0)
    clock.move(days=1)
    assert queries.due_counts(db) == (0, 1)
    assert queries.appeals(db)[0].due == "将到期"
    clock.move(days=3)
    assert [line.id for line in queries.appeals(db, AppealFilter(due="逾期"))] == [appeal.id]
    assert queries.appeals(db)[0].due == "逾期"


def test_taking_a_step_back_by_undo_puts_the_state_back_too(db, actor, take, act):
    appeal = take()
    act(appeal, "上报", text="请社区协调")
    assert cached(db, appeal)[1] == 2
    undo(db, actor, last_action(db, actor)[0])
    assert cached(db, appeal)[1] == 1 == folded(db, appeal)[1]
    assert act(appeal, "上报", text="请社区协调").step == 2


def test_an_appeal_entered_by_mistake_is_taken_back_only_before_anything_was_done(db, actor, take, act):
    appeal, other = take(), take()
    actions.cancel(db, actor, appeal.id, "登记重复")
    assert queries.detail(db, appeal.id) is None
    assert queries.count(db) == 1
    act(other, "派办", to_whom="李四")
    with pytest.raises(AppError, match="已经在办"):
        actions.cancel(db, actor, other.id, "登记重复")
    with pytest.raises(AppError, match="理由"):
        actions.cancel(db, actor, other.id, " ")


def test_what_was_taken_in_can_be_put_right_but_not_its_number_or_ladder(db, actor, take):
    appeal = take()
    changed = actions.change(db, actor, appeal.id, klass="公共设施", promised_on="2026-11-24")
    assert changed.klass == "4"
    assert cached(db, appeal)[3:5] == ("2026-11-24", "办结")
    for name in ("no", "ladder", "audience", "received_at"):
        with pytest.raises(AppError):
            actions.change(db, actor, appeal.id, **{name: "1"})


def test_a_retired_code_is_no_choice_any_more_but_keeps_its_name(db, actor, home, take):
    kept = take(channel="岗亭")
    folder = home / "profiles" / "codes"
    folder.mkdir(parents=True)
    from desktop_app.profiles.queries import codes
    from desktop_app.shared.resources import resource

    ours = resource("codes", "appeal_channels.toml").read_text("utf-8")
    line = next(line for line in ours.splitlines() if '"岗亭"' in line)
    (folder / "appeal_channels.toml").write_text(ours.replace(line, line.replace("},", ", valid_to = 2026-01-01},")))
    codes.cache_clear()
    with pytest.raises(AppError, match="已停用"):
        take(channel="岗亭")
    assert queries.detail(db, kept.id).channel == "岗亭"
    assert [one.id for one in queries.appeals(db, AppealFilter(channel="岗亭"))] == [kept.id]
    actions.change(db, actor, kept.id, channel=kept.channel, title="换个说法")
    codes.cache_clear()


def test_merging_two_entries_of_a_resident_takes_their_appeals_along(db, actor, take, act):
    one = residents.register(db, actor, Person(name="王小明", phones="13900000001"))
    twin = residents.register(db, actor, Person(name="王晓明", phones="13900000001"))
    appeal = take(person_id=twin.id)
    merging.merge(db, actor, one.id, twin.id)
    assert [line.id for line in queries.appeals(db, AppealFilter(person_id=one.id))] == [appeal.id]
    assert queries.detail(db, appeal.id).person_note == ""
    act(appeal, "派办", to_whom="李四")


def test_an_open_appeal_of_somebody_who_left_goes_on_and_says_so(db, actor, take, act):
    person = residents.register(db, actor, Person(name="王小明"))
    appeal = take(person_id=person.id)
    residents.leave(db, actor, person.id, "搬离", "2026-11-20")
    assert queries.detail(db, appeal.id).person_note == "这位居民已于2026-11-20迁出"
    act(appeal, "办结", outcome=rules.ANSWERED, text="已修好")
    assert act(appeal, "评价", why_none="已搬离").phase == rules.CLOSED


def test_the_sentence_of_any_period_adds_up_and_any_past_day_can_be_told_again(db, take, act, clock):
    from desktop_app.appeals.counting import sentence

    solved, waiting, impossible = take(), take(), take()
    act(solved, "办结", outcome=rules.ANSWERED, text="好了")
    clock.move(days=2)
    act(impossible, "解释", to_whom="王小明", how="电话", text="没有场地")
    act(impossible, "办结", outcome=rules.EXPLAINED, text="没有场地")
    take()
    act(waiting, "派办", to_whom="李四")
    told = queries.tally(db, "2026-11-01", "2026-11-30")
    assert sentence(told) == (
        "2026年11月1日至2026年11月30日，接到群众反映诉求4件，已回应解决1件，正在跟踪办理2件，"
        "因客观条件暂时无法办理已向居民做好解释工作1件。"
    )
    assert told == queries.tally(db, "2026-11-01", "2026-11-30", as_of="2026-11-24")
    then = queries.tally(db, "2026-11-01", "2026-11-22", as_of="2026-11-22")
    assert (then.total, then.answered, then.followed, then.explained) == (3, 1, 2, 0)
    assert queries.solved_by_step(db) == {"小区（网格）": 1}


def test_figures_that_do_not_add_up_make_no_sentence(db, take):
    from desktop_app.appeals.counting import sentence

    take()
    with db.applying() as tx:
        tx.execute("DELETE FROM appeal_state")
    with pytest.raises(AppError, match="对不上"):
        sentence(queries.tally(db))


def test_escalating_can_name_the_unit_above_that_receives_it(db, actor, take):
    appeal = take()
    actions.act(db, actor, appeal.id, Deed("上报", text="请协调"))
    actions.act(db, actor, appeal.id, Deed("上报", text="请统筹", unit=420299001))
    assert db.scalar("SELECT audience FROM appeal") == "420299001"
    sharing.share(db, actor, appeal.id, [420299])
    assert db.scalar("SELECT audience FROM appeal") == "420299,420299001"


@pytest.mark.parametrize(
    ("chosen", "many"),
    [
        (AppealFilter(), 3),
        (AppealFilter(text="电梯"), 1),
        (AppealFilter(phase=rules.WAITING), 1),
        (AppealFilter(phase="在办"), 3),
        (AppealFilter(outcome=rules.ANSWERED), 0),
        (AppealFilter(klass="电梯"), 1),
        (AppealFilter(step=2), 1),
        (AppealFilter(since="2026-11-22", until="2026-11-22"), 3),
        (AppealFilter(until="2026-11-21"), 0),
        (AppealFilter(building_id="b1"), 1),
        (AppealFilter(stale=True), 0),
    ],
)
def test_a_filter_narrows_the_list_and_the_count_alike(db, take, act, chosen, many):
    take(accept=False)
    take("电梯坏了", klass="电梯", building_id="b1")
    act(take("路灯不亮"), "上报", text="请协调")
    assert len(queries.appeals(db, chosen)) == queries.count(db, chosen) == many


# ------------------------------------------------------------------------------------------------------- taking it back

STREET, OFFICE, OTHER = 420299001, 420299001900, 420299001901


@pytest.fixture
def climbed(db, actor, take):
    """An appeal the street has handed to a department, where it waits to be claimed."""
    appeal = take()
    actions.act(db, actor, appeal.id, Deed("上报", text="请协调"))
    actions.act(db, actor, appeal.id, Deed("上报", text="请统筹", unit=STREET))
    actions.act(db, actor, appeal.id, Deed("上报", text="请处理", unit=OFFICE))
    return appeal.id


def standing(db, appeal_id):
    found = queries.detail(db, appeal_id)
    return found.state.step, found.state.phase, found.appeal.audience


def test_what_nobody_has_claimed_yet_is_taken_back_and_stands_where_it_stood(db, actor, climbed):
    sharing.unshare(db, actor, climbed, [OFFICE])
    assert standing(db, climbed) == (4, rules.CLAIMABLE, str(STREET))
    assert queries.detail(db, climbed).events[-1].kind == "上报"


def test_from_whoever_works_on_it_it_is_taken_back_with_a_reason_alone_and_comes_down_its_ladder(db, actor, climbed):
    actions.act(db, actor, climbed, Deed("部门认领", to_whom="派出所", unit=OFFICE))
    before = standing(db, climbed)
    with pytest.raises(AppError, match="正在“部门”办理，没有收回") as refused:
        sharing.unshare(db, actor, climbed, [OFFICE])
    assert refused.value.field == "why"
    assert standing(db, climbed) == before
    sharing.unshare(db, actor, climbed, [OFFICE], "属城管职责")
    assert standing(db, climbed) == (3, rules.WORKING, str(STREET))
    assert db.scalar("SELECT step FROM appeal_state WHERE appeal_id=?", (climbed,)) == 3
    last = queries.detail(db, climbed).events[-1]
    assert (last.kind, last.text) == ("退回", "属城管职责")


def test_taken_back_from_all_it_comes_down_to_whoever_registered_it_even_if_it_was_paused(db, actor, climbed):
    actions.act(db, actor, climbed, Deed("部门认领", to_whom="派出所", unit=OFFICE))
    actions.act(db, actor, climbed, Deed("暂停", text="等鉴定"))
    sharing.unshare(db, actor, climbed, why="居民要求")
    assert standing(db, climbed) == (2, rules.WORKING, None)
    assert [event.kind for event in queries.detail(db, climbed).events[-3:]] == ["恢复", "退回", "退回"]
    undo(db, actor, last_action(db, actor)[0])
    assert standing(db, climbed) == (4, rules.PAUSED, f"{STREET},{OFFICE}")


def test_units_that_only_look_on_are_taken_off_while_another_works_on_it(db, actor, climbed):
    sharing.share(db, actor, climbed, [OTHER])
    actions.act(db, actor, climbed, Deed("部门认领", to_whom="城管", unit=OTHER))
    sharing.share_with(db, actor, climbed, [OTHER])
    assert standing(db, climbed) == (4, rules.WORKING, str(OTHER))


def test_what_is_done_is_taken_back_without_a_word(db, actor, climbed):
    actions.act(db, actor, climbed, Deed("部门认领", to_whom="派出所", unit=OFFICE))
    actions.act(db, actor, climbed, Deed("办结", outcome=rules.ANSWERED, text="已处理"))
    sharing.unshare(db, actor, climbed)
    assert standing(db, climbed) == (4, rules.RATING, None)


def test_a_community_takes_nothing_back_that_another_unit_shared_with_it(db, actor, climbed):
    with db.applying("准备") as tx:
        tx.execute("UPDATE appeal SET scope=? WHERE id=?", (STREET, climbed))
    with pytest.raises(AppError, match="别的单位共享来的，没有改动"):
        sharing.unshare(db, actor, climbed, [OFFICE])
    assert standing(db, climbed)[2] == f"{STREET},{OFFICE}"


def test_a_hundred_units_are_the_most(db, actor, climbed):
    with pytest.raises(AppError, match="最多共享给 100 个单位"):
        sharing.share(db, actor, climbed, range(1, 101))
