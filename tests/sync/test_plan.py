"""When an exchange starts by itself in a program that stays open; the rules behind it stand in test_schedule."""

from dataclasses import replace
from random import Random

import pytest

from desktop_app.sync.schedule import AWAY, CALM, EVERY, HERD, HINTED, MINUTE, Plan, Standing

NOON = 1_800_000_000_000
SEEN = Standing(NOON, last_ok_at=NOON - MINUTE, last_try_at=NOON - MINUTE)
SEEDS = range(200)


def plan_of(seed: int) -> Plan:
    return Plan(Random(seed))  # noqa: S311 moments, not secrets


def test_desks_come_every_five_minutes_give_or_take_half_of_it():
    rests = [plan_of(seed).next_at(SEEN) - SEEN.last_ok_at for seed in SEEDS]
    assert EVERY / 2 <= min(rests) < EVERY * 0.6
    assert EVERY * 1.4 < max(rests) <= EVERY * 1.5


def test_what_waits_is_sent_within_a_minute_and_a_half_unless_the_last_try_failed():
    assert max(plan_of(seed).next_at(SEEN, 3) - SEEN.last_try_at for seed in SEEDS) <= 1.5 * MINUTE
    failed = replace(SEEN, failures=5)
    assert min(plan_of(seed).next_at(failed, 3) - SEEN.last_try_at for seed in SEEDS) > 2 * MINUTE


def test_after_half_an_hour_without_the_server_all_desks_spread_over_two_minutes_though_much_waits():
    away = replace(SEEN, last_ok_at=NOON - AWAY, last_try_at=NOON - AWAY)
    moments = [plan_of(seed).next_at(away, 9) - NOON for seed in SEEDS]
    assert 0 <= min(moments) < HERD * 0.1
    assert HERD * 0.9 < max(moments) <= HERD


def test_the_moment_is_drawn_once_for_each_exchange_and_not_put_off_for_ever():
    plan, away = plan_of(3), replace(SEEN, last_ok_at=NOON - AWAY)
    first = plan.next_at(away)
    assert plan.next_at(replace(away, now=NOON + MINUTE)) == first
    assert plan.is_time(replace(away, now=first))
    assert plan.next_at(replace(SEEN, now=first, last_ok_at=first, last_try_at=first)) > first


def test_a_desk_that_never_heard_of_the_server_need_not_wait():
    assert plan_of(1).is_time(Standing(NOON))


@pytest.mark.parametrize("waiting", [0, 3])
def test_it_stays_away_as_long_as_the_server_asks_it_to(waiting):
    asked = replace(SEEN, pause_until=NOON + 7 * MINUTE)
    assert all(plan_of(seed).next_at(asked, waiting) >= NOON + 7 * MINUTE for seed in SEEDS)


def test_an_exchange_that_left_no_trace_is_not_begun_again_at_once():
    plan = plan_of(1)
    plan.began(NOON)
    assert plan.next_at(Standing(NOON)) >= NOON + MINUTE / 2
    plan.stopped(NOON)
    assert plan.next_at(Standing(NOON), 5) >= NOON + EVERY / 2


def test_a_hint_of_the_server_is_followed_within_a_few_seconds_but_not_again_and_again():
    for seed in SEEDS:
        plan = plan_of(seed)
        plan.hinted(NOON)
        assert NOON <= plan.next_at(SEEN) <= NOON + HINTED
        due = plan.next_at(SEEN)
        plan.hinted(NOON + HINTED)
        assert plan.next_at(SEEN) == due
        plan.began(NOON)
        assert plan.next_at(SEEN) > NOON + HINTED
        plan.hinted(NOON)
        just_now = replace(SEEN, last_ok_at=NOON, last_try_at=NOON)
        assert plan.next_at(just_now) >= NOON + CALM


@pytest.mark.parametrize(
    "change", [{"failures": 1}, {"pause_until": NOON + 7 * MINUTE}, {"last_ok_at": NOON - AWAY}], ids=str
)
def test_a_hint_makes_nobody_hurry_who_failed_was_told_to_wait_or_was_long_away(change):
    seen = replace(SEEN, **change)
    for seed in range(20):
        plan, other = plan_of(seed), plan_of(seed)
        without = other.next_at(seen)
        plan.next_at(seen)
        plan.hinted(NOON)
        assert plan.next_at(seen) == without


YEAR = 365 * 24 * 60 * MINUTE
BEFORE = {
    "went well": SEEN,
    "failed": replace(SEEN, failures=5),
    "was told to wait": replace(SEEN, failures=1, busy=True, pause_until=NOON + 7 * MINUTE),
}


@pytest.mark.parametrize("seen", BEFORE.values(), ids=BEFORE.keys())
@pytest.mark.parametrize("running", [True, False])
def test_a_clock_that_was_put_back_a_year_silences_no_desk(seen, running):
    """The clock was a year ahead, and somebody has put it right; the program went on, or was started again."""
    for seed in SEEDS:
        plan = plan_of(seed)
        if running:
            plan.began(NOON)
            plan.next_at(seen, 3)
        righted = replace(seen, now=NOON - YEAR)
        due = plan.next_at(righted, 3)
        assert due - righted.now <= 15 * MINUTE
        assert plan.next_at(replace(righted, now=due), 3) == due, "and it is not put off again"
