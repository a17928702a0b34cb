"""What is true of claims, lists, agreements and reviews."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.partners import rules
from desktop_app.partners.rules import ClaimState, Facts


class Event(NamedTuple):
    id: str
    kind: str
    at: int
    on: str = "2026-03-02"
    satisfaction: str | None = None


EVENTS = st.lists(
    st.builds(Event, st.uuids().map(str), st.sampled_from([*rules.STEPS, "没有的动作"]), st.integers(0, 5)), max_size=8
)


@given(EVENTS, st.randoms())
def test_any_order_and_repetition_of_events_gives_the_same_state(events, random):
    again = [*events, *events[:3]]
    random.shuffle(again)
    assert rules.fold(again) == rules.fold(events)


@given(EVENTS)
def test_every_event_counts_or_is_told_as_stale(events):
    state = rules.fold(events)
    counted = [one for one in events if one.id not in state.stale]
    assert rules.fold(counted).state == state.state
    assert not rules.fold(counted).stale


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], "认领"),
        (["开始"], "实施"),
        (["开始", "完成"], "完成"),
        (["完成", "评价"], "已评价"),
        (["退回", "完成"], "退回"),
        (["评价"], "认领"),
        (["完成", "退回"], "完成"),
    ],
)
def test_a_claim_goes_step_by_step(kinds, state):
    assert rules.fold([Event(str(at), kind, at) for at, kind in enumerate(kinds)]).state == state


CLAIMED, DOING, DONE, BACK = (ClaimState(word) for word in ("认领", "实施", "完成", "退回"))


@pytest.mark.parametrize(
    ("quantity", "claims", "state"),
    [
        (1, [], "发布"),
        (1, [(1, CLAIMED)], "认领"),
        (2, [(1, DONE)], "发布"),
        (2, [(1, DONE), (1, DOING)], "实施"),
        (2, [(1, DONE), (1, DONE)], "完成"),
        (1, [(1, BACK)], "发布"),
        (0, [(5, DONE)], "发布"),
    ],
)
def test_an_item_is_offered_until_all_of_it_is_taken(quantity, claims, state):
    assert rules.item_state(quantity, claims, withdrawn=False, over=False) == state


def test_what_was_given_back_can_be_taken_again():
    assert rules.left(2, [(1, BACK), (1, CLAIMED)]) == 1


@pytest.mark.parametrize(
    ("signed", "expires", "ended", "state"),
    [
        (None, "2026-12-31", None, "草拟"),
        ("2026-01-05", "2026-12-31", None, "履行"),
        ("2026-01-05", "2026-04-01", None, "将到期"),
        ("2026-01-05", "2026-03-01", None, "到期"),
        ("2026-01-05", "2026-12-31", "2026-02-01", "终止"),
    ],
)
def test_an_agreement_says_where_it_stands(signed, expires, ended, state):
    assert rules.agreement_state(signed, expires, ended, date(2026, 3, 2)) == state


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 1, 5), "2027-01-04"), (date(2024, 2, 29), "2025-02-28"), (date(2026, 1, 1), "2026-12-31")],
)
def test_an_agreement_of_a_year_ends_the_day_before_the_next_one(first, last):
    assert rules.year_of(first) == (first.isoformat(), last)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (("10:00", "11:00"), ("11:00", "12:00"), False),
        (("10:00", "11:00"), ("10:59", "12:00"), True),
        (("10:00", "12:00"), ("10:30", "11:00"), True),
    ],
)
def test_two_bookings_meet_only_if_they_share_a_moment(one, other, meets):
    assert rules.overlap(one, other) is meets
    assert rules.overlap(other, one) is meets


RULES = [
    ("items", "协议事项", 30, None),
    ("claims", "认领", 30, None),
    ("activities", "活动", 20, 4),
    ("hours", "小时", 20, 10),
]


def test_a_review_counts_what_was_done_of_what_was_promised():
    lines = rules.marks(Facts(items=(1, 2), claims=(2, 2), activities=2, minutes=600), RULES)
    assert [line.points for line in lines] == [15, 30, 10, 20]
    assert rules.score(lines) == 75


def test_what_nobody_asked_for_costs_no_points():
    lines = rules.marks(Facts(items=(2, 2), activities=4, minutes=600), RULES)
    assert [line.points for line in lines] == [30, None, 20, 20]
    assert rules.score(lines) == 100


@given(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: (min(pair), max(pair))),
    st.integers(0, 20), st.integers(0, 10_000),
)  # fmt: skip
def test_a_score_lies_between_0_and_100(items, activities, minutes):
    assert 0 <= rules.score(rules.marks(Facts(items=items, activities=activities, minutes=minutes), RULES)) <= 100


def test_the_worst_grade_is_for_whoever_did_nothing():
    grades = [("好", 85), ("一般", 50), ("差", 0)]
    assert [rules.grade(points, grades) for points in (100, 85, 84, 0)] == ["好", "好", "一般", "差"]
