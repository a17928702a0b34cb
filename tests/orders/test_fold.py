"""The rules that tell where an order and a wish stand: the same at every desk, whatever comes when and how often."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.orders import folding, rules, wish_rules
from desktop_app.orders.states import OrderFact
from desktop_app.orders.wish_facts import WishFact

BLANK = OrderFact("", "点单", 0, "2026-11-02", "张三", None, None, None, None, None, None, None, 0, 0)
WISH = WishFact("", "登记", 0, "2026-11-02", "张三", None, None, None, None, None, None, None, 0, 0)


def line(*moves: tuple) -> list[OrderFact]:
    """Events of one desk, each written after the one before was seen."""
    made: list[OrderFact] = []
    for at, (kind, more) in enumerate([("点单", {}), *moves], 1):
        last = made[-1].id if made else None
        made.append(BLANK._replace(id=f"e{at:03}", kind=kind, at=at * 10, sync_seq=at, expects=last, **more))
    return made


def to(who: str) -> dict:
    return {"helper_id": who, "to_whom": who}


SENT, TAKEN = ("派单", to("李四")), ("接单", to("李四"))
DONE, GOOD = ("完成", {"minutes": 60}), ("评单", {"satisfaction": "满意"})
BAD = ("评单", {"satisfaction": "不满意", "text": "没修好"})


@st.composite
def histories(draw) -> list[OrderFact]:
    """What several desks wrote: anything at all, seen or not, clocks that go wrong, circles even, some taken back."""
    made: list[OrderFact] = []
    count = draw(st.integers(1, 12))
    names = [f"e{at:03}" for at in range(count)]
    for at, name in enumerate(names):
        who = draw(st.sampled_from((None, "李四", "王五")))
        made.append(
            BLANK._replace(
                id=name,
                kind=draw(st.sampled_from((*rules.MOVES, "派单", "接单", "完成", "催促"))),
                at=draw(st.integers(0, 6)),
                helper_id=who,
                to_whom=who,
                text=draw(st.sampled_from((None, "事"))),
                minutes=draw(st.sampled_from((None, -5, 0, 30, 9000))),
                satisfaction=draw(st.sampled_from((None, *rules.SATISFACTIONS, "好"))),
                why_none=draw(st.sampled_from((None, "联系不上"))),
                expects=draw(st.sampled_from((None, "gone", *names))),
                sync_seq=draw(st.sampled_from((0, at + 1))),
                sync_del=draw(st.sampled_from((0, 0, 0, 1))),
            )
        )
    return made


@settings(max_examples=200)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repetition_give_the_same_state(events, chance) -> None:
    state = rules.fold(events)
    shuffled = [*events, *chance.choices(events, k=len(events))]
    chance.shuffle(shuffled)
    assert rules.fold(shuffled) == state
    unnumbered = [event._replace(sync_seq=0) for event in events if event.sync_seq]
    assert rules.fold([*unnumbered, *events]) == state, "a copy from before the server numbered it"
    numbered = [event._replace(sync_seq=99 - at) for at, event in enumerate(events)]
    again = rules.fold(numbered)
    again.stale = state.stale = ()
    assert again == state, "the server's numbers decide nothing: the stamps do"


@settings(max_examples=200)
@given(histories())
def test_an_order_is_in_one_phase_and_nobody_holds_what_is_not_out(events) -> None:
    state = rules.fold(events)
    assert state.phase in rules.PHASES
    assert state.phase not in (rules.TAKEN, rules.WORKING) or state.helper_id
    assert state.phase != rules.WAITING or not state.helper_id
    assert state.phase != rules.RATED or state.satisfaction in rules.SATISFACTIONS or state.why_none
    assert state.phase not in (rules.DONE, rules.RATED) or 0 < state.minutes <= rules.LONGEST_MINUTES
    assert state.sent_again <= rules.MOST_SENT_AGAIN
    alive = {event.id for event in events if not event.sync_del}
    assert {one.event_id for one in state.stale} <= alive
    assert all(one.why for one in state.stale)


@settings(max_examples=100)
@given(histories())
def test_what_is_offered_next_is_what_holds(events) -> None:
    state = rules.fold(events)
    for kind, move in rules.MOVES.items():
        who = "赵六" if kind == "转单" else state.helper_id or "赵六"
        late = BLANK._replace(
            id="z", kind=kind, at=99, helper_id=who, to_whom=who, text="事", minutes=30, satisfaction="满意",
            expects=state.last_id or None,
        )  # fmt: skip
        if move.turns:
            held = not any(one.event_id == "z" for one in rules.fold([*events, late]).stale)
            assert held == (kind in rules.allowed(state)), kind


def test_four_steps_from_the_asking_to_the_evaluation() -> None:
    state = rules.fold(line(SENT, TAKEN, ("开始", {}), DONE, GOOD))
    assert (state.phase, state.helper_id, state.minutes, state.satisfaction) == (rules.RATED, "李四", 60, "满意")
    assert state.stale == ()


def test_three_steps_when_the_organisation_gives_it_out_to_whoever_takes_it() -> None:
    events = [BLANK._replace(id="a", kind="派单", at=1)]
    assert rules.fold(events).phase == rules.SENT
    events.append(BLANK._replace(id="b", kind="接单", at=2, helper_id="王五", to_whom="王五", expects="a"))
    assert rules.fold(events).helper_id == "王五"


def test_of_two_who_take_an_order_apart_the_first_by_stamp_has_it_whoever_reaches_the_server_first() -> None:
    sent = BLANK._replace(id="a", kind="派单", at=10, sync_seq=1)
    first = BLANK._replace(id="y", kind="接单", at=20, helper_id="李四", to_whom="李四", expects="a", sync_seq=9)
    second = BLANK._replace(id="b", kind="接单", at=21, helper_id="王五", to_whom="王五", expects="a", sync_seq=2)
    state = rules.fold([second, first, sent])
    assert state.helper_id == "李四"
    assert [(one.event_id, one.because_of, one.why) for one in state.stale] == [("b", "y", folding.SECOND)]


def test_what_the_second_one_did_afterwards_is_kept_and_changes_nothing() -> None:
    sent = BLANK._replace(id="a", kind="派单", at=10)
    first = BLANK._replace(id="y", kind="接单", at=20, helper_id="李四", to_whom="李四", expects="a")
    second = BLANK._replace(id="b", kind="接单", at=21, helper_id="王五", to_whom="王五", expects="a")
    served = BLANK._replace(id="c", kind="完成", at=50, helper_id="王五", minutes=40, expects="b")
    state = rules.fold([sent, first, second, served])
    assert (state.phase, state.helper_id, state.minutes) == (rules.TAKEN, "李四", 0)
    assert {one.event_id for one in state.stale} == {"b", "c"}


def test_a_clock_that_goes_wrong_puts_no_answer_before_its_question() -> None:
    sent = BLANK._replace(id="a", kind="派单", at=1000, helper_id="李四", to_whom="李四")
    taken = BLANK._replace(id="b", kind="接单", at=3, helper_id="李四", to_whom="李四", expects="a")
    assert rules.fold([taken, sent]).phase == rules.TAKEN


def test_an_order_sent_to_somebody_is_taken_by_nobody_else() -> None:
    state = rules.fold(line(SENT, ("接单", to("王五"))))
    assert (state.phase, state.stale[0].why) == (rules.SENT, "已派给李四，别人不能接")


@pytest.mark.parametrize("move", [("退单", {"text": "生病"}), BAD])
def test_what_comes_back_waits_again_with_the_reason(move) -> None:
    before = (SENT, TAKEN) if move[0] == "退单" else (SENT, TAKEN, DONE)
    state = rules.fold(line(*before, move))
    assert (state.phase, state.helper_id) == (rules.WAITING, "")
    assert state.why in ("生病", "没修好")


def test_dissatisfied_sends_it_out_once_more_and_not_twice() -> None:
    twice = rules.fold(line(SENT, TAKEN, DONE, BAD, SENT, TAKEN, DONE, BAD))
    assert (twice.phase, twice.satisfaction, twice.sent_again) == (rules.RATED, "不满意", 1)


def test_handed_on_it_waits_for_the_other_to_take_it() -> None:
    state = rules.fold(line(SENT, TAKEN, ("转单", {**to("王五"), "text": "出差"})))
    assert (state.phase, state.helper_id, state.taken_on) == (rules.SENT, "王五", "")


def test_nothing_is_evaluated_before_it_is_done_and_nothing_happens_after_a_cancellation() -> None:
    early = rules.fold(line(SENT, TAKEN, GOOD))
    assert (early.phase, early.satisfaction) == (rules.TAKEN, "")
    gone = rules.fold(line(SENT, ("取消", {"text": "不用了"}), TAKEN))
    assert gone.phase == rules.CANCELLED
    assert rules.allowed(gone) == ("备注",)


def test_of_two_copies_of_an_event_the_one_that_was_taken_back_counts_whichever_came_first() -> None:
    base = line(SENT, TAKEN)
    back = base[-1]._replace(sync_del=1, sync_seq=9)
    for events in ([*base, back], [back, *base]):
        assert rules.fold(events).phase == rules.SENT


def test_notes_of_two_desks_never_stand_in_each_others_way() -> None:
    base = line(SENT)
    note = BLANK._replace(id="n", kind="备注", at=25, text="电话没通", expects=base[-1].id)
    taken = BLANK._replace(id="t", kind="接单", at=26, helper_id="李四", to_whom="李四", expects=base[-1].id)
    assert rules.fold([*base, note, taken]).stale == ()


# ------------------------------------------------------------------------------------------------------------- wishes


@st.composite
def wish_histories(draw) -> list[WishFact]:
    """What several desks wrote about a wish."""
    count = draw(st.integers(1, 10))
    names = [f"w{at:03}" for at in range(count)]
    return [
        WISH._replace(
            id=name,
            kind=draw(st.sampled_from((*wish_rules.MOVES, "认领", "实现", "点赞"))),
            at=draw(st.integers(0, 5)),
            taker=draw(st.sampled_from((None, "李四", "市图书馆"))),
            text="事",
            cost_fen=draw(st.sampled_from((None, -1, 0, 5000))),
            until=draw(st.sampled_from((None, "2026-12-31"))),
            expects=draw(st.sampled_from((None, "gone", *names))),
            sync_seq=draw(st.sampled_from((0, at + 1))),
            sync_del=draw(st.sampled_from((0, 0, 0, 1))),
        )
        for at, name in enumerate(names)
    ]


@settings(max_examples=150)
@given(wish_histories(), st.randoms(use_true_random=False))
def test_a_wish_too_stands_the_same_whatever_comes_when(events, chance) -> None:
    state = wish_rules.fold(events)
    shuffled = [*events, *chance.choices(events, k=len(events))]
    chance.shuffle(shuffled)
    assert wish_rules.fold(shuffled) == state
    assert state.phase in wish_rules.PHASES
    assert (state.phase in (wish_rules.CLAIMED, wish_rules.FULFILLED, wish_rules.THANKED)) <= bool(state.taker)
    assert (state.cost_fen or 0) >= 0


def test_of_two_claims_one_wins_and_a_wish_given_back_is_open_again() -> None:
    put = WISH._replace(id="a", at=1)
    one = WISH._replace(id="b", kind="认领", at=2, taker="李四", taker_kind="个人", expects="a")
    two = WISH._replace(id="c", kind="认领", at=3, taker="市图书馆", taker_kind="单位", expects="a")
    state = wish_rules.fold([two, one, put])
    assert (state.taker, state.stale[0].event_id) == ("李四", "c")
    back = WISH._replace(id="d", kind="退回", at=4, text="搬走了", expects="b")
    assert wish_rules.fold([put, one, back]).phase == wish_rules.OPEN


def test_a_wish_expires_by_the_day_one_asks_and_a_fulfilled_one_never_does() -> None:
    put = WISH._replace(id="a", at=1)
    state = wish_rules.fold([put])
    assert wish_rules.word(state, "2026-11-22", "2026-11-22") == wish_rules.OPEN
    assert wish_rules.word(state, "2026-11-22", "2026-11-23") == wish_rules.EXPIRED
    later = wish_rules.fold([put, WISH._replace(id="b", kind="延期", at=2, until="2026-12-31", expects="a")])
    assert wish_rules.word(later, "2026-11-22", "2026-11-23") == wish_rules.OPEN
    taken = WISH._replace(id="c", kind="认领", at=3, taker="李四", expects="a")
    done = WISH._replace(id="d", kind="实现", at=4, text="送到了", expects="c")
    assert wish_rules.word(wish_rules.fold([put, taken, done]), "2026-11-22", "2027-01-01") == wish_rules.FULFILLED
