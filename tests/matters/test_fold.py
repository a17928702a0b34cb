"""Where a matter stands is told from its events by one pure rule."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.matters import rules
from desktop_app.matters.queries import Fact
from desktop_app.matters.rules import State
from desktop_app.profiles.queries import TOWNS, profile
from desktop_app.shared.steps import in_order

FIVE = profile("qiaokou").matter_templates[0]
FOUR = profile("huangshi").matter_templates[0]
TEMPLATES = {one.code: one for town in TOWNS for one in profile(town).matter_templates}


def fact(at: int, kind: str, step: int = 1, to_step: int | None = None, **more: Any) -> Fact:
    told: dict[str, Any] = dict.fromkeys(Fact._fields)
    told |= {"id": f"e{at:03d}", "at": at, "kind": kind, "on": f"2026-0{1 + at // 28 % 9}-{1 + at % 28:02d}"}
    told |= {"by_name": "李静", "from_step": step, "to_step": to_step or step, "sync_seq": 0, "sync_del": 0}
    return Fact(**(told | more))


def walk(*moves: tuple[str, dict[str, Any]], template: Any = FIVE) -> tuple[State, list[Fact]]:
    """Events one after the other, each written by somebody who saw the one before."""
    events = [fact(0, "提出")]
    for at, (kind, more) in enumerate(moves, 1):
        state = rules.fold(events, template)
        to_step = {"推进": state.step + 1, "退回": more.get("to_step", state.step - 1)}.get(
            kind, more.get("to_step", state.step)
        )
        told = {name: value for name, value in more.items() if name != "to_step"}
        events.append(fact(at, kind, state.step, to_step, expects=state.last_id, **told))
    return rules.fold(events, template), events


ON = ("推进", {})
TALK = ("商议", {"text": "议了两次"})
YES = ("决定", {"outcome": "通过", "text": "同意"})
GIVE = ("交办", {"to_whom": "物业", "due_on": "2026-03-01", "helpers": "业委会"})
DONE = ("完成", {"text": "装好了"})
TELL = ("反馈", {"to_whom": "王小明", "text": "已装好", "how": "电话"})
JUDGE = ("评议", {"satisfaction": "满意"})
END = ("结案", {})
WHOLE = (ON, TALK, ON, YES, ON, GIVE, DONE, ON, TELL, JUDGE, END)


def test_a_matter_goes_through_the_five_steps_and_is_closed_once_told_and_judged() -> None:
    state, _ = walk(*WHOLE)
    assert (state.phase, state.step, state.outcome, state.satisfaction) == (rules.CLOSED, 5, "通过", "满意")
    assert (state.lead, state.helpers, state.due_on, state.result) == ("物业", "业委会", "2026-03-01", "装好了")
    assert state.stale == ()
    assert len(state.entered) == 5


def test_four_steps_have_no_doing_and_end_with_the_residents_word() -> None:
    state, _ = walk(ON, TALK, ON, YES, ON, TELL, JUDGE, END, template=FOUR)
    assert (state.phase, state.step) == (rules.CLOSED, 4)


@pytest.mark.parametrize(
    ("moves", "why"),
    [
        ((ON, ON), "还没有商议记录"),
        ((ON, TALK, ON, ON), "还没有作出决定"),
        ((ON, TALK, ON, ("决定", {"outcome": "未通过", "text": "不同意"}), ON), "决定是“未通过”，不能往下走"),
        ((ON, TALK, ON, YES, ON, ON), "还没有交办给谁"),
        ((ON, TALK, ON, YES, ON, GIVE, ON), "还没有完成"),
        ((YES,), "现在是第1步，还不能决定"),
        ((END,), "还没有走到最后一步"),
        ((ON, TALK, ON, YES, ON, GIVE, DONE, ON, JUDGE, END), "还没有把结果告诉提出人"),
        ((ON, TALK, ON, YES, ON, GIVE, DONE, ON, TELL, END), "还没有评议"),
        ((*WHOLE, ON), "议题已结案，不能推进"),
    ],
)
def test_what_is_missing_holds_a_matter_where_it_is_and_is_said(moves: Any, why: str) -> None:
    before, _ = walk(*moves[:-1])
    state, events = walk(*moves)
    assert [(one.event_id, one.why) for one in state.stale] == [(events[-1].id, why)]
    assert (state.step, state.phase) == (before.step, before.phase)


@pytest.mark.parametrize("to_step", [1, 3, 5, 6])
def test_a_step_is_never_skipped_nor_taken_on_the_spot(to_step: int) -> None:
    state = rules.fold([fact(0, "提出"), fact(1, "推进", 1, to_step, expects="e000")], FIVE)
    assert (state.step, [one.why for one in state.stale]) == (1, ["只能一步一步往下走，不能跳步"])


def test_a_matter_may_be_closed_untold_only_with_a_reason_on_record() -> None:
    unsaid = (ON, TALK, ON, YES, ON, GIVE, DONE, ON)
    assert walk(*unsaid, END)[0].open
    state, _ = walk(*unsaid, ("结案", {"why_none": "提出人已迁出，联系不上"}))
    assert (state.phase, state.ended_why) == (rules.CLOSED, "提出人已迁出，联系不上")


def test_going_back_undoes_what_was_reached_from_there_on_and_keeps_what_was_before() -> None:
    state, _ = walk(ON, TALK, ON, YES, ON, GIVE, DONE, ("退回", {"to_step": 3, "text": "资金不够，重新表决"}))
    assert (state.step, state.talked, state.outcome, state.lead, state.done_on, state.back) == (3, True, "", "", "", 1)
    state, _ = walk(ON, TALK, ON, YES, ON, ("退回", {"to_step": 2, "text": "再议"}))
    assert (state.step, state.talked) == (2, False)


def test_a_closed_matter_is_opened_again_at_a_step_it_went_through() -> None:
    state, _ = walk(*WHOLE, ("重开", {"to_step": 4, "text": "又坏了"}))
    assert (state.phase, state.step, state.lead, state.satisfaction) == (rules.OPEN, 4, "", "")
    assert (
        "只能重开到走过的步骤"
        in walk(ON, ("终止", {"text": "撤回"}), ("重开", {"to_step": 4, "text": "x"}))[0].stale[0].why
    )


def test_of_two_desks_that_moved_it_on_while_apart_one_holds_and_the_other_is_told() -> None:
    first = [fact(0, "提出"), fact(1, "推进", 1, 2, expects="e000")]
    second = fact(2, "终止", 1, 1, text="提出人撤回", expects="e000")
    state = rules.fold([*first, second], FIVE)
    assert (state.step, state.phase) == (2, rules.OPEN)
    assert [one.event_id for one in state.stale] == ["e002"]


def test_notes_of_two_desks_never_push_each_other_aside() -> None:
    events = [fact(0, "提出"), fact(1, "推进", 1, 2, expects="e000")]
    events += [fact(2, "商议", 2, text="甲", expects="e001"), fact(3, "商议", 2, text="乙", expects="e001")]
    assert rules.fold(events, FIVE).stale == ()


# ---------------------------------------------------------------------------------------------------------- properties

_TEXT = st.sampled_from([None, "", "说明"])
_EVENT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*rules.MOVES, "新版本的词"]),
        "from_step": st.integers(0, 7),
        "to_step": st.integers(-1, 8),
        "text": _TEXT,
        "to_whom": st.sampled_from([None, "物业"]),
        "outcome": st.sampled_from([None, *rules.OUTCOMES, "别的"]),
        "satisfaction": st.sampled_from([None, *rules.SATISFACTIONS]),
        "why_none": _TEXT,
        "progress": st.sampled_from([None, -5, 40, 300]),
        "sync_del": st.sampled_from([0, 0, 0, 1]),
        "sync_seq": st.sampled_from([0, 0, 1, 2, 3, 4]),
        "expects": st.sampled_from([None, "e000", "e003", "nobody"]),
    }
)
_EVENTS = st.lists(_EVENT, max_size=30)
_STEPWISE = st.lists(st.sampled_from([*WHOLE, ("退回", {"text": "再议"}), ("终止", {"text": "停"})]), max_size=40)


def made(rows: list[dict[str, Any]]) -> list[Fact]:
    return [
        fact(
            at,
            row["kind"],
            row["from_step"],
            **{k: v for k, v in row.items() if k not in ("kind", "from_step", "to_step")},
        )._replace(to_step=row["to_step"])
        for at, row in enumerate(rows)
    ]


@given(_EVENTS, st.sampled_from(sorted(TEMPLATES)), st.integers(0, 1000))
def test_the_order_of_arrival_and_copies_change_nothing(rows: list[dict[str, Any]], code: str, seed: int) -> None:
    events = made(rows)
    shuffled = events * 2
    Random(seed).shuffle(shuffled)  # noqa: S311 an order, not a secret
    assert rules.fold(shuffled, TEMPLATES[code]) == rules.fold(events, TEMPLATES[code])


@given(_EVENTS, st.sampled_from(sorted(TEMPLATES)))
def test_whatever_is_written_no_step_is_skipped_and_the_state_stays_within_its_bounds(
    rows: list[dict[str, Any]], code: str
) -> None:
    template, events = TEMPLATES[code], in_order(made(rows))
    before = State()
    for at in range(len(events)):
        state = rules.fold(events[: at + 1], template)
        kind = events[at].kind
        assert state.step - before.step <= 1
        assert state.step >= before.step or kind in ("退回", "重开")
        assert 1 <= state.step <= len(template.steps)
        assert 0 <= state.progress <= 100
        assert state.phase in rules.PHASES
        if state.phase == rules.CLOSED:
            assert state.step == len(template.steps)
            assert (state.told_on and state.judged) or state.ended_why
        before = state


@given(_STEPWISE)
def test_what_is_offered_next_is_never_refused_for_where_the_matter_stands(moves: list[Any]) -> None:
    state, _ = walk(*moves)
    offered = rules.allowed(state, FIVE)
    assert ("推进" in offered) == (
        state.open and state.step < 5 and not rules.lacking(state, rules.PLAIN[state.step - 1])
    )
    if "推进" in offered:
        assert walk(*moves, ON)[0].step == state.step + 1


def test_every_template_of_every_town_can_be_walked_to_its_end() -> None:
    for template in TEMPLATES.values():
        events = [fact(0, "提出")]
        for at in range(1, 60):
            state = rules.fold(events, template)
            if not state.open:
                break
            stage = rules.stages_of(template)[state.step - 1]
            need = rules.lacking(state, stage)
            doing = next(
                (
                    one
                    for word, one in {
                        "商议": TALK, "决定": YES, "结果还没有公开": ("公示", {"how": "公告栏"}),
                        "还没有公示": ("公示", {"how": "公告栏"}), "交办": GIVE, "完成": DONE, "评议": JUDGE,
                    }.items()
                    if word in need
                ),
                None,
            )  # fmt: skip
            if doing is None:
                last = state.step == len(template.steps)
                doing = ON if not last else TELL if not state.told_on else JUDGE if not state.judged else END
            to_step = state.step + (doing[0] == "推进")
            events.append(fact(at, doing[0], state.step, to_step, expects=state.last_id, **doing[1]))
        assert rules.fold(events, template).phase == rules.CLOSED, template.code
