"""Spans, coverage and building teams, without a store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.organisation import rules
from desktop_app.organisation.rules import Holder, SpanPart
from desktop_app.profiles.queries import profile
from desktop_app.shared.errors import AppError


@pytest.mark.parametrize(
    ("written", "parts", "words"),
    [
        ("七栋", [("7", ())], "7栋"),
        ("8、10、11栋", [("8", ()), ("10", ()), ("11", ())], "8、10、11栋"),
        ("2,3,4栋", [("2", ()), ("3", ()), ("4", ())], "2-4栋"),
        ("13-15栋、45栋", [("13", ()), ("14", ()), ("15", ()), ("45", ())], "13-15、45栋"),
        ("3栋一单元", [("3", ("1",))], "3栋1单元"),
        ("12栋1-2单元", [("12", ("1", "2"))], "12栋1、2单元"),
        ("12栋1-3单元", [("12", ("1", "2", "3"))], "12栋1-3单元"),
        ("3栋、5栋1单元", [("3", ()), ("5", ("1",))], "3栋、5栋1单元"),
        ("", [], ""),
    ],
)
def test_a_span_is_read_as_written_and_said_in_short(
    written: str, parts: list[tuple[str, tuple[str, ...]]], words: str
) -> None:
    read = rules.parse_span(written)
    assert read is not None
    assert [(part.no, part.units) for part in read] == parts
    assert rules.format_span(read) == words


def test_a_span_that_says_nothing_is_not_guessed_at() -> None:
    assert rules.parse_span("南边那一片") is None


SPANS = st.dictionaries(
    st.integers(1, 60).map(str), st.sets(st.integers(1, 6).map(str), max_size=4).map(sorted), max_size=8
)


@given(SPANS)
def test_a_span_said_in_words_reads_back_the_same(buildings: dict[str, list[str]]) -> None:
    parts = [SpanPart(no, tuple(units)) for no, units in buildings.items()]
    read = rules.parse_span(rules.format_span(parts))
    assert read is not None
    assert {part.no: set(part.units) for part in read} == {no: set(units) for no, units in buildings.items()}


@given(SPANS)
def test_a_span_is_stored_and_read_back_whole(buildings: dict[str, list[str]]) -> None:
    parts = tuple(SpanPart(no, tuple(units), f"id{no}") for no, units in buildings.items())
    assert rules.parts_of(rules.covers_json(parts)) == parts


@pytest.mark.parametrize("stored", ["", "[", "{}", "7", '["3"]', "null"])
def test_stored_text_that_is_no_span_covers_nothing(stored: str) -> None:
    assert rules.parts_of(stored) == ()


UNITS = {"b3": ["1", "2", "3"], "b7": [None]}


def test_a_whole_building_covers_all_its_units() -> None:
    assert rules.spots([SpanPart("3", (), "b3")], UNITS) == {("b3", "1"), ("b3", "2"), ("b3", "3")}


def test_a_building_with_one_unit_is_covered_however_the_unit_is_written() -> None:
    assert rules.spots([SpanPart("7", ("1",), "b7")], UNITS) == {("b7", None)}


def test_a_building_nobody_knows_covers_nothing() -> None:
    assert rules.spots([SpanPart("9", (), "")], UNITS) == frozenset()


def test_two_centres_of_one_unit_are_told_and_gaps_named() -> None:
    spans = {
        "王": rules.spots([SpanPart("3", ("1", "2"), "b3")], UNITS),
        "李": rules.spots([SpanPart("3", ("2",), "b3")], UNITS),
    }
    assert rules.overlaps(spans) == [(("b3", "2"), ("王", "李"))]
    assert rules.gaps(spans.values(), UNITS) == [SpanPart("", ("3",), "b3"), SpanPart("", (), "b7")]


TEAM = profile("huangshi").building_team


def holder(role: str, name: str, person: str | None = None) -> Holder:
    return Holder(role, name, "", person)


def test_a_building_team_has_eight_seats_and_says_which_are_empty() -> None:
    """两长五员一户: two heads, five members, one household (A1-5)."""
    board = rules.team_board(TEAM, [holder("building_head", "王东"), holder("卫生委员", "李梅")])
    assert (board.size, board.count) == (8, "2/8")
    assert board.vacant == ("楼栋党小组长", "治安委员", "文体委员", "物业房管员", "网格管理员", "党员中心户")


def test_one_person_in_two_seats_counts_twice_and_is_shown() -> None:
    rows = [holder("building_head", "王东", "p1"), holder("卫生委员", "王东", "p1"), holder("治安委员", "王东", "p2")]
    board = rules.team_board(TEAM, rows)
    assert (board.filled, board.doubled) == (3, ("王东",))


def test_two_holders_of_one_seat_fill_it_once() -> None:
    board = rules.team_board(TEAM, [holder("building_head", "王东"), holder("building_head", "李梅")])
    assert board.filled == 1


@pytest.mark.parametrize(
    ("begun", "ended", "fits"),
    [
        ("2026-11-22", "2026-11-21", False),
        ("2026-11", "2026-10-31", False),
        ("2026-11", "2026-11-01", True),
        ("2026", "2026-03", True),
        (None, "2026-03", True),
        ("2026-11-22", None, True),
    ],
)
def test_nothing_ends_before_it_begins(begun: str | None, ended: str | None, fits: bool) -> None:
    if fits:
        rules.check_dates(begun, ended, started="起", ended="止")
        return
    with pytest.raises(AppError) as refused:
        rules.check_dates(begun, ended, started="起", ended="止")
    assert refused.value.field == "to_on"
