"""The reports know what became of an appeal as the desks do, though they share no line of program with them."""

import random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central_server.rollups import appeals, reader, report
from central_server.rollups.report import Period
from desktop_app.appeals import rules
from desktop_app.profiles.queries import profile
from tests.server import district
from tests.server.district import HONGQI, SOLVED, Pen

KINDS = (*rules.MOVES, "催促")
LADDERS = [ladder for town in ("shishou", "qiaokou", "general") for ladder in profile(town).appeal_ladders]
YEAR = Period("2026-01", "2026-12")


def event(number: int, **fields: object) -> SimpleNamespace:
    blank = dict.fromkeys(("to_whom", "text", "outcome", "satisfaction", "why_none", "expects", "extra"))
    known = {
        "id": f"e{number:03}",
        "at": number,
        "on": "2026-11-02",
        "by_name": "张三",
        "sync_seq": number,
        "sync_del": 0,
    }
    return SimpleNamespace(**{**blank, **known, "from_step": 1, "to_step": 1, **fields})


def at_the_server(events: list[SimpleNamespace]) -> str:
    """What the reader makes of them: each as it is kept, a deleted one as it was kept before."""
    bodies = []
    for one in events:
        body = appeals.kept(vars(one) | {"appeal_id": "a"}, one.sync_seq)
        bodies.append((one.id, appeals.taken_back(body, one.sync_seq) if one.sync_del else body))
    return appeals.NAMES[appeals.folded(bodies)]


@st.composite
def anything(draw) -> list[SimpleNamespace]:
    """Events that no desk would write: any kind after any other, from any step, seen or not, some taken back."""
    made: list[SimpleNamespace] = []
    for number in range(1, draw(st.integers(2, 14))):
        step = draw(st.sampled_from((1, 1, 1, 2, 3)))
        made.append(
            event(
                number,
                kind=draw(st.sampled_from((*KINDS, "受理", "办结", "办结", "解释", "评价"))),
                from_step=step,
                to_step=step + draw(st.sampled_from((0, 0, 0, 1, -1))),
                to_whom=draw(st.sampled_from((None, "李四"))),
                by_name=draw(st.sampled_from(("张三", ""))),
                outcome=draw(st.sampled_from((None, *rules.OUTCOMES))),
                satisfaction=draw(st.sampled_from((None, *rules.SATISFACTIONS))),
                why_none=draw(st.sampled_from((None, "联系不上"))),
                expects=draw(st.sampled_from((None, "gone", *(one.id for one in made)))),
                extra=draw(st.sampled_from((None, '{"how": "电话"}', '{"how": ""}', "{", "[1]"))),
                sync_del=draw(st.sampled_from((0, 0, 0, 0, 1))),
            )
        )
    return made


@settings(max_examples=400)
@given(anything(), st.randoms(use_true_random=False))
def test_whatever_was_written_the_reports_and_the_desks_agree(events, chance) -> None:
    """On a ladder without a top whose claimed steps are those that somebody claimed."""
    claimed = {one.from_step for one in events if one.kind == "部门认领" and not one.sync_del}
    steps = tuple(SimpleNamespace(claim=number in claimed) for number in range(1, 20))
    here = rules.fold(events, SimpleNamespace(steps=steps)).outcome
    chance.shuffle(events)
    assert at_the_server(events) == here


@pytest.mark.parametrize("seed", range(60))
def test_of_what_desks_write_the_reports_know_the_outcome_without_knowing_the_ladder(seed) -> None:
    """Several desks, each doing what its screen allows; one may not have seen what another did."""
    chance, made = random.Random(seed), list[SimpleNamespace]()  # noqa: S311 - a seed must give the same again
    ladder = chance.choice(LADDERS)
    for number in range(1, chance.randint(3, 25)):
        seen = made[: len(made) - chance.choice((0, 0, 0, 0, 1, 2))]
        state = rules.fold(seen, ladder)
        kind = chance.choice([one for one in rules.allowed(state, ladder) if one not in ("补充", "联系")] or ["补充"])
        made.append(
            event(
                number,
                kind=kind,
                from_step=state.step,
                to_step=state.step + {"上报": 1, "退回": -1}.get(kind, 0),
                to_whom="王小明",
                outcome=chance.choice(rules.OUTCOMES[::2]),
                satisfaction=chance.choice(rules.SATISFACTIONS),
                expects=state.last_id or None,
                extra='{"how": "上门"}',
            )
        )
        assert at_the_server(made) == rules.fold(made, ladder).outcome


def test_an_appeal_counts_by_what_was_done_about_it_also_when_that_is_taken_back(disk) -> None:
    storage = disk.open()

    def outcome(*more: tuple) -> dict[str, int]:
        with storage.writing() as session:
            for table, record_id, gone, fields in more:
                Pen(session, HONGQI).put(table, record_id, gone, **fields)
        reader.refresh(storage)
        with storage.reading() as session:
            sums = report.report(session, HONGQI, YEAR).whole.sums
        return {part: n for (key, part), n in sums.items() if key == "appeals"}

    with storage.writing() as session:
        district.open_units(session, 1)
        district.Pen(session, HONGQI).put("appeal", "a1", received_on="2026-05-04")
        district.write_events(Pen(session, HONGQI), "a1", "2026-05-04", "")
    assert outcome() == {"progress": 1}
    done = {"appeal_id": "a1", "kind": "办结", "outcome": SOLVED, "from_step": 1, "to_step": 1}
    assert outcome(("appeal_event", "a1-9", 0, done)) == {"resolved": 1}
    assert outcome(("appeal_event", "a1-9", 1, {})) == {"progress": 1}
    with storage.reading() as session:
        kept = session.rows("select body from report_fact where tbl='appeal_event'")
    assert not any("李四" in body for (body,) in kept)
    storage.close()
