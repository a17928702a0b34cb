"""Duty shifts: a fair rotation, swaps both agree to, who came late and who did not come."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.orders import duty, duty_rules, people, reporting, roster
from desktop_app.orders.duty_rules import Slot, Standing
from desktop_app.orders.model import Post
from desktop_app.orders.shift_facts import ShiftFact
from desktop_app.shared.errors import AppError

MONDAY = "2026-11-23"
DAYS = tuple(f"2026-11-{day:02}" for day in range(1, 15))
TIMES = (("08:00", "10:00"), ("11:00", "13:00"), ("14:00", "16:00"), ("22:00", "06:00"))


# ------------------------------------------------------------------------------------------------------------ rotation


@st.composite
def weeks(draw) -> tuple[list[Slot], list[Standing]]:
    """Shifts of two weeks, some of the night, and people some of whom are away or stand somewhere already."""
    slots = [
        Slot(f"{on}/{at}", on, *TIMES[at])
        for on in DAYS[: draw(st.integers(1, 14))]
        for at in range(draw(st.integers(1, 4)))
    ]
    people = [
        Standing(
            f"p{at}",
            draw(st.integers(0, 4)),
            draw(st.sampled_from(("", "2026-10-01", "2026-10-31"))),
            tuple(draw(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)), max_size=2))),
            tuple(
                Slot(f"{on}/other", on, *draw(st.sampled_from(TIMES)))
                for on in draw(st.sets(st.sampled_from(DAYS), max_size=3))
            ),
        )
        for at in range(draw(st.integers(0, 6)))
    ]
    return slots, people


@settings(max_examples=200)
@given(weeks(), st.sampled_from((0, 480)), st.randoms(use_true_random=False))
def test_nobody_stands_in_two_shifts_or_when_away_and_a_shift_stays_empty_only_where_nobody_can(
    week, rest, chance
) -> None:
    slots, people = week
    given_out = duty_rules.rotate(slots, people, rest)
    by_id = {slot.id: slot for slot in slots}
    stand = {one.id: [*one.stands, *(by_id[key] for key, who in given_out.items() if who == one.id)] for one in people}
    for one in people:
        new = stand[one.id][len(one.stands) :]
        for slot in new:
            assert not one.is_away(slot.on)
            assert not one.is_away(slot.last_on), "a night takes the morning after, too"
            assert not any(other.on == slot.on for other in stand[one.id] if other is not slot)
        for first, second in combinations([*new, *one.stands], 2):
            if first in new or second in new:
                apart = max(first.span[0], second.span[0]) - min(first.span[1], second.span[1])
                assert apart >= rest, (first, second)
    for slot in slots:
        if slot.id not in given_out:
            assert not [one for one in people if one.can(slot, stand[one.id], rest)]
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert duty_rules.rotate(slots, shuffled, rest) == given_out


@settings(max_examples=100)
@given(st.integers(1, 6), st.integers(1, 14), st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_whoever_has_served_least_is_next_until_all_have_served_alike(many, days, before) -> None:
    people = [Standing(f"p{at}", before[at]) for at in range(many)]
    slots = [Slot(on, on, "08:00", "11:00") for on in DAYS[:days]]
    given_out = Counter(duty_rules.rotate(slots, people).values())
    total = {one.id: one.served + given_out[one.id] for one in people}
    served = [total[key] for key in given_out]
    assert max(served) <= min(total.values()) + 1, "nobody is asked again while another has served less"


# -------------------------------------------------------------------------------------------------------------- shifts

BLANK = ShiftFact("", "签到", 0, "张三", "A", None, None, None, None, None, None, None, 0, 0)


def fact(key: str, kind: str, at: int, shift: str = "A", **more) -> ShiftFact:
    return BLANK._replace(id=key, kind=kind, at=at, shift_id=shift, **more)


@st.composite
def duties_written(draw) -> list[ShiftFact]:
    names = [f"s{at}" for at in range(draw(st.integers(1, 10)))]
    return [
        fact(
            name,
            draw(st.sampled_from((*duty_rules.KINDS, "点名"))),
            draw(st.integers(0, 6)),
            draw(st.sampled_from(("A", "B", "C"))),
            other_id=draw(st.sampled_from((None, "A", "B", "C", "X"))),
            helper_id=draw(st.sampled_from((None, "甲", "乙", "丙"))),
            time=draw(st.sampled_from(("08:00", "08:20", "11:00"))),
            expects=draw(st.sampled_from((None, *names))),
            sync_seq=at,
            sync_del=draw(st.sampled_from((0, 0, 0, 1))),
        )
        for at, name in enumerate(names)
    ]


@settings(max_examples=150)
@given(duties_written(), st.randoms(use_true_random=False))
def test_what_became_of_shifts_is_the_same_whatever_comes_when(events, chance) -> None:
    planned = {"A": "甲", "B": "乙", "C": None}
    found = duty_rules.fold(planned, events)
    shuffled = [*events, *chance.choices(events, k=len(events))]
    chance.shuffle(shuffled)
    assert duty_rules.fold(planned, shuffled) == found
    assert all(not one.out_time or one.in_time < one.out_time for one in found.values())


def test_a_swap_holds_once_both_agree_and_of_two_the_first_agreed() -> None:
    planned = {"A": "甲", "B": "乙", "C": "丙"}
    ask = fact("a", "换班申请", 1, other_id="B", helper_id="甲")
    also = fact("b", "换班申请", 2, other_id="C", helper_id="甲")
    yes = fact("c", "换班同意", 5, other_id="C", helper_id="丙", expects="b")
    late = fact("d", "换班同意", 6, other_id="B", helper_id="乙", expects="a")
    assert duty_rules.fold(planned, [ask, also])["A"].asks[0][2] == "甲"
    found = duty_rules.fold(planned, [late, yes, also, ask])
    assert [found[key].helper_id for key in "ABC"] == ["丙", "乙", "甲"]
    assert found["A"].stale[0].event_id == "d"


def test_a_swap_with_oneself_is_none() -> None:
    found = duty_rules.fold({"A": "甲", "B": "甲"}, [fact("a", "换班申请", 1, other_id="B", helper_id="甲")])
    assert found["A"].stale[0].why == "不能同自己换班"
    same = duty_rules.fold({"A": "甲"}, [fact("a", "换班申请", 1, other_id="A", helper_id="甲")])
    assert same["A"].stale


# ------------------------------------------------------------------------------------------------------- through doors


@pytest.fixture
def kiosk(db, actor):
    return reporting.add_post(
        db, actor, Post(kind="值守岗亭", name="东门岗亭", place="东门", slots="08:00-11:00、14:00-17:00")
    )


@pytest.fixture
def team(street):
    return [street.helper(name).id for name in ("李四", "王五", "赵六")]


def test_a_week_is_planned_once_and_shared_out_evenly(db, actor, kiosk, team) -> None:
    made = duty.plan(db, actor, kiosk.id, team, MONDAY)
    assert (made.made, made.filled, made.vacant) == (14, 14, 0)
    week = roster.week(db, kiosk.id, db.clock.today().replace(day=25))
    assert week.days[0] == MONDAY
    assert [slot for slot, _ in week.rows] == ["08:00-11:00", "14:00-17:00"]
    counts = Counter(line.helper for line in roster.shifts(db, MONDAY, "2026-11-29"))
    assert max(counts.values()) - min(counts.values()) <= 1
    with pytest.raises(AppError, match="已经排好"):
        duty.plan(db, actor, kiosk.id, team, MONDAY)
    with pytest.raises(AppError, match="没有选值守的人"):
        duty.plan(db, actor, kiosk.id, [], "2026-11-30")


def test_leave_is_honoured_and_what_nobody_can_take_is_told(db, actor, kiosk, team) -> None:
    for helper_id in team:
        duty.ask_leave(db, actor, helper_id, "2026-11-25", "2026-11-26", "开会")
    made = duty.plan(db, actor, kiosk.id, team, MONDAY)
    assert made.vacant == 4
    words = {line.on: line.word for line in roster.shifts(db, MONDAY, "2026-11-29")}
    assert words["2026-11-25"] == duty_rules.VACANT
    assert len(roster.leave_lines(db)) == 3
    shift = next(line for line in roster.shifts(db, "2026-11-25", "2026-11-25"))
    with pytest.raises(AppError, match="请假"):
        duty.reassign(db, actor, shift.id, team[0])
    duty.end_leave(db, actor, roster.leave_lines(db)[0].id)
    free = next(each for each in team if each not in _away(db))
    assert duty.reassign(db, actor, shift.id, free).helper_id == free
    other = roster.shifts(db, "2026-11-25", "2026-11-25")[1]
    with pytest.raises(AppError, match="已有一班"):
        duty.reassign(db, actor, other.id, free)


def test_of_two_equal_leaves_the_one_that_is_over_is_told_no_more_and_ends_once(db, actor, team) -> None:
    first, other = (duty.ask_leave(db, actor, team[0], "2026-11-25", "2026-11-26") for _ in range(2))
    duty.end_leave(db, actor, first)
    assert [line.id for line in roster.leave_lines(db)] == [other]
    with pytest.raises(AppError, match="已经销了"):
        duty.end_leave(db, actor, first)


def _away(db):
    from desktop_app.orders.shift_facts import leaves_of

    return {who for who, spans in duty_rules.leaves(leaves_of(db)).items() if spans}


def test_both_agree_and_change_places_and_nobody_swaps_with_himself(db, actor, kiosk, team) -> None:
    duty.plan(db, actor, kiosk.id, team, MONDAY, 3)
    lines = roster.shifts(db, MONDAY, "2026-11-25")
    mine, theirs = lines[0], next(one for one in lines[1:] if one.helper != lines[0].helper and one.on == MONDAY)
    own = next(one for one in lines[1:] if one.helper == mine.helper)
    with pytest.raises(AppError, match="不能同自己换班"):
        duty.ask_swap(db, actor, mine.id, own.id)
    with pytest.raises(AppError, match="不能同自己换班"):
        duty.ask_swap(db, actor, mine.id, mine.id)
    ask = duty.ask_swap(db, actor, mine.id, theirs.id, "孩子家长会")
    assert roster.shifts(db, MONDAY, MONDAY)[0].asked == theirs.helper
    assert roster.shifts(db, MONDAY, MONDAY)[0].helper == mine.helper, "nothing changes before the other agrees"
    duty.answer_swap(db, actor, ask, agrees=True)
    now = {line.id: line for line in roster.shifts(db, MONDAY, MONDAY)}
    assert (now[mine.id].helper, now[theirs.id].helper) == (theirs.helper, mine.helper)
    assert now[mine.id].swapped
    with pytest.raises(AppError, match="已经答复过"):
        duty.answer_swap(db, actor, ask, agrees=True)
    again = duty.ask_swap(db, actor, mine.id, theirs.id)
    duty.answer_swap(db, actor, again, agrees=False)
    assert roster.shifts(db, MONDAY, MONDAY)[0].ask == ""


def test_who_comes_late_or_not_at_all_is_visible_and_minutes_are_counted(db, actor, clock, kiosk, team) -> None:
    duty.plan(db, actor, kiosk.id, team, "2026-11-22", 1)
    morning, afternoon = roster.shifts_today(db)
    assert (morning.word, afternoon.word) == (duty_rules.ABSENT, duty_rules.COMING)
    duty.sign_in(db, actor, morning.id, "08:15")
    assert roster.shifts_today(db)[0].word == duty_rules.ON_DUTY
    with pytest.raises(AppError, match="已经在 08:15 签到"):
        duty.sign_in(db, actor, morning.id, "08:30")
    with pytest.raises(AppError, match="早于签到"):
        duty.sign_out(db, actor, morning.id, "08:10")
    duty.sign_out(db, actor, morning.id, "11:05", "劝导非机动车 3 起")
    line = roster.shifts_today(db)[0]
    assert (line.word, line.minutes, line.late) == (duty_rules.SERVED_LATE, 170, 15)
    clock.move(hours=2, minutes=30)
    assert roster.shifts_today(db)[1].word == duty_rules.LATE_NOW
    with pytest.raises(AppError, match="还没有签到"):
        duty.sign_out(db, actor, afternoon.id)
    duty.call_off(db, actor, afternoon.id, "下雨")
    assert roster.shifts_today(db)[1].word == duty_rules.OFF
    who = roster.served(db, "2026-11-01", "2026-11-30")[0]
    assert (who.minutes, who.late, who.absent) == (170, 1, 0)


def test_a_shift_to_come_is_not_signed_and_an_earlier_one_only_with_its_time(db, actor, clock, kiosk, team) -> None:
    duty.plan(db, actor, kiosk.id, team, MONDAY, 1)
    line = roster.shifts(db, MONDAY, MONDAY)[0]
    with pytest.raises(AppError, match="还没有到"):
        duty.sign_in(db, actor, line.id)
    clock.move(days=2)
    with pytest.raises(AppError, match="写明时间"):
        duty.sign_in(db, actor, line.id)
    with pytest.raises(AppError, match="不是时间"):
        duty.sign_in(db, actor, line.id, "八点")
    assert duty.sign_in(db, actor, line.id, "08:00").in_time == "08:00"


def test_who_left_is_put_on_no_roster(db, actor, kiosk, team) -> None:
    people.end_helper(db, actor, team[0], "2026-11-22")
    with pytest.raises(AppError, match="退出"):
        duty.plan(db, actor, kiosk.id, team, MONDAY)
    assert team[0] not in {key for key, _ in people.helpers_for_duty(db)}


# ---------------------------------------------------------------------------------------------------- through midnight

NIGHT = Slot("night", MONDAY, "22:00", "06:00")


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("21:50", "21:50", "21:50"),
        ("22:10", "22:10", "22:10"),
        ("00:30", "24:30", "次日00:30"),
        ("06:05", "30:05", "次日06:05"),
        ("18:59", "42:59", "次日18:59"),
    ],
)
def test_a_time_of_the_morning_belongs_to_the_night_before(typed, kept, said) -> None:
    assert duty_rules.as_kept(NIGHT, typed) == kept
    assert duty_rules.spoken(kept) == said
    assert duty_rules.as_kept(Slot("day", MONDAY, "08:00", "11:00"), "06:05") == "06:05"


@pytest.mark.parametrize(
    ("today", "now", "word"),
    [
        ("2026-11-22", "23:59", duty_rules.COMING),
        (MONDAY, "22:05", duty_rules.COMING),
        (MONDAY, "23:00", duty_rules.LATE_NOW),
        ("2026-11-24", "05:59", duty_rules.LATE_NOW),
        ("2026-11-24", "06:00", duty_rules.ABSENT),
        ("2026-11-30", "00:00", duty_rules.ABSENT),
    ],
)
def test_nobody_is_absent_from_a_night_before_it_is_over(today, now, word) -> None:
    assert duty_rules.word(NIGHT, duty_rules.Duty("甲"), today, now, 10) == word


def test_the_minutes_of_a_night_run_through_midnight_whatever_comes_first() -> None:
    came = fact("a", "签到", 1, helper_id="甲", time="21:55")
    left = fact("b", "签退", 2, helper_id="甲", time="30:05", text="劝导夜间噪声 2 起")
    assert duty_rules.fold({"A": "甲"}, [came, left])["A"].minutes == 490
    assert duty_rules.fold({"A": "甲"}, [left, came]) == duty_rules.fold({"A": "甲"}, [came, left])
    assert duty_rules.fold({"A": "甲"}, [came, left])["A"].notes == ("劝导夜间噪声 2 起",)


@pytest.fixture
def patrol(db, actor):
    return reporting.add_post(db, actor, Post(kind="值守岗亭", name="夜间巡逻", slots="22:00-06:00"))


def test_a_night_is_signed_from_evening_to_morning(db, actor, clock, patrol, team) -> None:
    duty.plan(db, actor, patrol.id, team, MONDAY, 1)
    shift = roster.shifts(db, MONDAY, MONDAY)[0]
    clock.move(days=1, hours=22 - db.clock.now().hour)
    duty.sign_in(db, actor, shift.id)
    clock.move(hours=5)
    (still,) = roster.shifts_today(db)
    assert (still.id, still.word) == (shift.id, duty_rules.ON_DUTY), "at three in the morning they stand there still"
    with pytest.raises(AppError, match="次日06:00 还没有到"):
        duty.sign_out(db, actor, shift.id, "06:00")
    clock.move(hours=3, minutes=5)
    duty.sign_out(db, actor, shift.id, items="巡查一遍")
    line = roster.shifts(db, MONDAY, MONDAY)[0]
    assert (line.word, line.out_time[:2], line.remark) == (duty_rules.SERVED, "次日", "巡查一遍")
    assert line.minutes == 8 * 60 + 5
    assert roster.shifts_today(db) == [], "and is over"


def test_after_a_night_nobody_stands_at_the_door_in_the_morning(db, actor, kiosk, patrol, team) -> None:
    duty.plan(db, actor, patrol.id, team, MONDAY, 1)
    (night,) = roster.shifts(db, MONDAY, MONDAY)
    duty.plan(db, actor, kiosk.id, team, "2026-11-24", 1)
    tuesday = roster.shifts(db, "2026-11-24", "2026-11-24")
    morning = next(line for line in tuesday if line.from_time == "08:00")
    assert morning.helper_id not in {"", night.helper_id}
    with pytest.raises(AppError, match="离得太近"):
        duty.reassign(db, actor, morning.id, night.helper_id)
    with pytest.raises(AppError, match="离得太近"):
        other = next(line for line in tuesday if line.helper_id != night.helper_id and line.from_time == "08:00")
        duty.ask_swap(db, actor, other.id, _another_night(db, actor, patrol, night.helper_id))


def _another_night(db, actor, patrol, helper_id):
    """A later night of the same person: to change with it would put the asker's morning after their night."""
    duty.plan(db, actor, patrol.id, [helper_id], "2026-11-26", 1)
    return roster.shifts(db, "2026-11-26", "2026-11-26")[0].id


def test_leave_on_the_morning_after_frees_from_the_night(db, actor, patrol, team) -> None:
    for one in team:
        duty.ask_leave(db, actor, one, "2026-11-24")
    assert duty.plan(db, actor, patrol.id, team, MONDAY, 1).vacant == 1


def test_who_is_on_duty_through_the_night_is_not_free_for_an_order_in_the_early_morning(
    db, actor, patrol, team
) -> None:
    from desktop_app.orders.shift_facts import on_duty

    duty.plan(db, actor, patrol.id, team[:1], MONDAY, 1)
    assert on_duty(db, MONDAY) == {team[0]: [("22:00", "24:00")]}
    assert on_duty(db, "2026-11-24") == {team[0]: [("00:00", "06:00")]}
