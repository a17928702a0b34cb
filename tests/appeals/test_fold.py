"""The one rule that tells where an appeal stands: the same at every desk, whatever comes when and how often."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.appeals import rules
from desktop_app.appeals.clocks import LATE, NEAR, OVERDUE, RESTING, RUNNING, clocks, next_due
from desktop_app.appeals.states import Fact
from desktop_app.profiles.queries import TOWNS, profile
from desktop_app.shared.workdays import workdays
from tests.appeals.conftest import GENERAL, QIAOKOU, SHISHOU

BLANK = Fact("", "登记", 0, "2026-11-02", "张三", 1, 1, None, None, None, None, None, None, None, 0, 0)
KINDS = tuple(rules.MOVES)


def line(*moves: tuple, ladder=SHISHOU) -> list[Fact]:
    """Events of one desk, each written after the one before was seen, numbered by the server."""
    made: list[Fact] = []
    for at, (kind, more) in enumerate([("登记", {}), *moves], 1):
        state = rules.fold(made, ladder)
        step = state.step + {"上报": 1, "退回": -1}.get(kind, 0)
        made.append(
            BLANK._replace(
                id=f"e{at:03}",
                kind=kind,
                at=at,
                from_step=state.step,
                to_step=step,
                sync_seq=at,
                expects=state.last_id or None,
                **more,
            )
        )
    return made


ACCEPT, UP, DOWN = ("受理", {}), ("上报", {"text": "解决不了"}), ("退回", {"text": "请再办"})
EXPLAIN = ("解释", {"to_whom": "王小明", "text": "没有场地", "extra": '{"how": "上门"}'})


def end(outcome: str = rules.ANSWERED) -> tuple:
    return "办结", {"outcome": outcome, "text": "办完了"}


@st.composite
def histories(draw) -> list[Fact]:
    """What several desks wrote: anything at all, seen or not, numbered by the server or not yet, some taken back."""
    made: list[Fact] = []
    for at in range(draw(st.integers(1, 14))):
        step = draw(st.integers(1, 4))
        made.append(
            BLANK._replace(
                id=f"e{at:03}",
                kind=draw(st.sampled_from((*KINDS, "受理", "上报", "办结", "催促"))),
                at=draw(st.integers(0, 5)),
                on=draw(st.sampled_from(("2026-11-02", "2026-11-09", "2026-11-20"))),
                from_step=step,
                to_step=step + draw(st.sampled_from((0, 0, 1, -1))),
                to_whom=draw(st.sampled_from((None, "李四"))),
                text="事",
                outcome=draw(st.sampled_from((None, *rules.OUTCOMES))),
                satisfaction=draw(st.sampled_from((None, *rules.SATISFACTIONS))),
                why_none=draw(st.sampled_from((None, "联系不上"))),
                expects=draw(st.sampled_from((None, "gone", *(event.id for event in made)))),
                extra=draw(st.sampled_from((None, '{"how": "电话"}', "{", "[1]"))),
                sync_seq=draw(st.sampled_from((0, at + 1))),
                sync_del=draw(st.sampled_from((0, 0, 0, 1))),
            )
        )
    return made


@settings(max_examples=150)
@given(histories(), st.randoms(use_true_random=False), st.sampled_from((SHISHOU, QIAOKOU, GENERAL, None)))
def test_any_order_of_arrival_and_any_repetition_give_the_same_state(events, chance, ladder) -> None:
    state = rules.fold(events, ladder)
    shuffled = [*events, *chance.choices(events, k=len(events))]
    chance.shuffle(shuffled)
    assert rules.fold(shuffled, ladder) == state
    unnumbered = [event._replace(sync_seq=0) for event in events if event.sync_seq]
    assert rules.fold([*unnumbered, *events], ladder) == state, "a copy from before the server numbered it"


@settings(max_examples=150)
@given(histories(), st.sampled_from((SHISHOU, QIAOKOU)))
def test_an_appeal_always_has_one_outcome_one_phase_and_a_step_of_its_ladder(events, ladder) -> None:
    state = rules.fold(events, ladder)
    assert state.outcome in rules.OUTCOMES
    assert state.phase in rules.PHASES
    assert 1 <= state.step <= len(ladder.steps)
    assert (state.outcome == rules.FOLLOWED) == state.open
    assert state.reopened <= rules.MOST_REOPENED
    assert state.phase != rules.CLOSED or state.satisfaction or state.why_none
    assert state.outcome != rules.EXPLAINED or state.explained
    alive = {event.id for event in events if not event.sync_del}
    assert {one.event_id for one in state.stale} <= alive
    assert all(one.why for one in state.stale)


@settings(max_examples=60)
@given(histories(), st.sampled_from((SHISHOU, QIAOKOU, GENERAL)))
def test_what_is_offered_next_is_what_holds(events, ladder) -> None:
    state = rules.fold(events, ladder)
    for kind in rules.MOVES:
        step = state.step + {"上报": 1, "退回": -1}.get(kind, 0)
        event = BLANK._replace(
            id="z", kind=kind, from_step=state.step, to_step=step, outcome=rules.ANSWERED, satisfaction="满意",
            to_whom="李四", text="事", at=99, expects=state.last_id or None,
        )  # fmt: skip
        if not rules.MOVES[kind].turns:
            continue
        held = not any(one.event_id == "z" for one in rules.fold([*events, event], ladder).stale)
        assert held == (kind in rules.allowed(state, ladder)), kind


@pytest.mark.parametrize("ladder", [SHISHOU, QIAOKOU])
def test_both_ladders_are_climbed_one_step_at_a_time_to_the_top_and_down_again(ladder) -> None:
    claimed = ladder.steps[-1].claim
    top = line(ACCEPT, UP, UP, UP, ladder=ladder)
    state = rules.fold(top, ladder)
    assert state.step == 4
    assert state.phase == (rules.CLAIMABLE if claimed else rules.WORKING)
    assert "上报" not in rules.allowed(state, ladder)
    jump = BLANK._replace(id="x", kind="上报", from_step=1, to_step=3, sync_seq=3, text="直接报街道")
    assert rules.fold([*line(ACCEPT), jump], ladder).stale[0].why == "只能逐级上报、逐级退回"
    down = rules.fold(line(ACCEPT, UP, UP, UP, DOWN, DOWN, DOWN, ladder=ladder), ladder)
    assert (down.step, down.phase) == (1, rules.WORKING)


def test_the_articles_name_the_steps() -> None:
    assert [step.name for step in SHISHOU.steps] == [
        "网格（小区）党支部", "社区党建联席会议", "街道党建联席会议", "市级党建联席会议",
    ]  # fmt: skip
    assert [step.name + step.detail for step in QIAOKOU.steps] == [
        "小区解决一批", "社区协调一批", "街道统筹一批", "部门认领一批",
    ]  # fmt: skip


def test_at_the_top_of_the_qiaokou_ladder_a_department_claims_before_anything_is_done() -> None:
    top = [ACCEPT, UP, UP, UP]
    waiting = rules.fold(line(*top, ladder=QIAOKOU), QIAOKOU)
    assert "办结" not in rules.allowed(waiting, QIAOKOU)
    claimed = rules.fold(line(*top, ("部门认领", {"to_whom": "市住建局"}), ladder=QIAOKOU), QIAOKOU)
    assert (claimed.phase, claimed.assignee) == (rules.WORKING, "市住建局")
    ended = rules.fold(line(*top, ("部门认领", {"to_whom": "市住建局"}), end(), ladder=QIAOKOU), QIAOKOU)
    assert (ended.outcome, ended.solved_step) == (rules.ANSWERED, 4)
    assert "部门认领" not in rules.allowed(rules.fold(line(ACCEPT, UP, UP, UP), SHISHOU), SHISHOU)


def test_of_two_steps_taken_apart_the_first_one_numbered_holds_and_the_other_is_kept() -> None:
    base = line(ACCEPT)
    seen = base[-1].id
    here = BLANK._replace(id="a", kind="上报", to_step=2, text="报", at=9, sync_seq=3, expects=seen)
    there = BLANK._replace(id="b", kind="办结", outcome=rules.ANSWERED, text="好了", at=3, sync_seq=4, expects=seen)
    state = rules.fold([*base, there, here], SHISHOU)
    assert (state.step, state.phase) == (2, rules.WORKING)
    assert [(one.event_id, one.because_of) for one in state.stale] == [("b", "a")]
    assert rules.fold([*base, here._replace(sync_seq=0), there], SHISHOU).phase == rules.RATING


def test_notes_of_two_desks_never_stand_in_each_others_way() -> None:
    base = line(ACCEPT)
    note = BLANK._replace(id="a", kind="回复", text="来修", sync_seq=3, expects=base[-1].id)
    other = BLANK._replace(id="b", kind="上报", to_step=2, text="报", sync_seq=4, expects=base[-1].id)
    assert rules.fold([*base, note, other], SHISHOU).stale == ()


def test_a_closed_appeal_acted_on_elsewhere_stays_closed_and_keeps_what_was_written() -> None:
    closed = line(ACCEPT, end(), ("评价", {"satisfaction": "满意"}))
    late = BLANK._replace(id="z", kind="派办", to_whom="李四", sync_seq=9, expects=closed[1].id)
    state = rules.fold([*closed, late], SHISHOU)
    assert state.phase == rules.CLOSED
    assert [one.event_id for one in state.stale] == ["z"]


def test_an_explanation_that_does_not_say_how_does_not_count() -> None:
    told = ("解释", {"to_whom": "王小明", "text": "没有场地"})
    assert rules.fold(line(ACCEPT, told, end(rules.EXPLAINED)), SHISHOU).outcome == rules.FOLLOWED
    assert rules.fold(line(ACCEPT, EXPLAIN, end(rules.EXPLAINED)), SHISHOU).outcome == rules.EXPLAINED


def test_what_a_newer_version_does_is_a_note_here() -> None:
    assert rules.fold(line(ACCEPT, ("督办", {})), SHISHOU).phase == rules.WORKING


@pytest.mark.parametrize("town", TOWNS)
def test_every_town_has_a_ladder_with_clocks_that_make_sense(town) -> None:
    for ladder in profile(town).appeal_ladders:
        assert ladder.clocks.contact <= ladder.clocks.reply <= ladder.clocks.finish
        assert ladder.clocks.near < ladder.clocks.finish
        assert ladder.clocks.origin.source
    assert profile(town).appeal_ladders


# ------------------------------------------------------------------------------------------------------------- clocks


class Terms(NamedTuple):
    """What the clocks need of an appeal."""

    received_on: str
    promised_on: str | None
    anonymous: int


TERMS = Terms("2026-09-25", None, 0)


def told(events: list[Fact], today: str, **terms: object) -> dict[str, tuple[str, str]]:
    """Clock → (day due, how it stands)."""
    given = Terms(**({"received_on": "2026-09-25", "promised_on": None, "anonymous": 0} | terms))
    found = clocks(rules.fold(events, SHISHOU), given, SHISHOU, workdays(), date.fromisoformat(today))
    return {one.what: (one.due_on, one.state) for one in found}


def on(day: str, move: tuple) -> tuple:
    return move[0], {**move[1], "on": day}


def test_clocks_count_working_days_over_the_national_holiday() -> None:
    """Received on the Mid-Autumn Friday; the next working days are 28 September, … and 10 October, a Saturday."""
    assert told([], "2026-09-28") == {
        "首次联系": ("2026-09-28", NEAR),
        "答复": ("2026-10-09", RUNNING),
        "办结": ("2026-10-22", RUNNING),
    }


def test_what_was_done_late_says_so_and_what_was_not_is_overdue() -> None:
    events = line(on("2026-09-30", ACCEPT))
    assert told(events, "2026-10-10") == {
        "首次联系": ("2026-09-28", LATE),
        "答复": ("2026-10-09", OVERDUE),
        "办结": ("2026-10-22", RUNNING),
    }


def test_while_an_appeal_rests_nothing_is_due_and_afterwards_later_by_as_many_working_days() -> None:
    rest = [on("2026-09-28", ACCEPT), on("2026-09-29", ("暂停", {"text": "等材料"}))]
    assert told(line(*rest), "2026-12-01")["办结"][1] == RESTING
    assert next_due(rules.fold(line(*rest), SHISHOU), TERMS, SHISHOU, workdays()) is None
    again = line(*rest, on("2026-10-12", ("恢复", {})))
    assert told(again, "2026-10-12")["办结"] == ("2026-10-29", RUNNING), "five working days later"


def test_a_promised_day_goes_before_the_days_of_the_ladder() -> None:
    assert told([], "2026-09-28", promised_on="2026-10-09")["办结"][0] == "2026-10-09"


def test_nobody_can_be_contacted_about_an_anonymous_appeal() -> None:
    assert list(told([], "2026-09-28", anonymous=1)) == ["办结"]


def test_a_day_that_cannot_be_read_stops_no_list() -> None:
    assert told([], "2026-09-28", received_on="2026-9") == {}


def test_a_reopened_appeal_has_clocks_of_its_own() -> None:
    again = line(
        ACCEPT, end(), ("评价", {"satisfaction": "不满意"}), on("2026-10-12", ("重开", {"text": "居民评价不满意"}))
    )
    assert told(again, "2026-10-12") == {"答复": ("2026-10-19", RUNNING), "办结": ("2026-11-02", RUNNING)}
