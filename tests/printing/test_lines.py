"""Chinese text is broken where the rules for line ends allow it, and nothing of it is lost."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.printing.lines import atoms_of, break_lines, forbidden, glued, visible


def wide(text: str) -> float:
    """Hanzi and full-width marks count 1, everything else a half, joiners and selectors nothing."""
    return sum(
        0 if ch in "\u2060\ufe00\ufe01" else 1 if unicodedata.east_asian_width(ch) in "WFA" else 0.5 for ch in text
    )


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("一二三四五六七八", 4, ["一二三四", "五六七八"]),
        ("一二三四，五六", 4, ["一二三", "四，五六"]),
        ("一二三“四五”六", 4, ["一二三", "“四五”", "六"]),
        ("一二三四）。五", 5, ["一二三", "四）。五"]),
        ("一二——三四五", 3, ["一", "二——", "三四五"]),
        ("一二三……四", 4, ["一二", "三……四"]),
        ("于2026年召开", 3, ["于", "2026年", "召开"]),
        ("增长12.5%左右", 4, ["增长", "12.5%左", "右"]),
        ("电话0714-6200000转", 6, ["电话", "0714-6200000", "转"]),
        ("买A4 纸三包", 3, ["买A4 ", "纸三包"]),
        ("一\n\n二三", 4, ["一", "", "二三"]),
        ("", 4, [""]),
    ],
)
def test_lines_end_where_they_may(text: str, width: float, lines: list[str]) -> None:
    assert break_lines(text, width, width, wide) == lines


def test_the_first_line_is_shorter_by_the_indent() -> None:
    assert break_lines("一二三四五六七八九", 2, 4, wide) == ["一二", "三四五六", "七八九"]


def test_a_number_wider_than_the_cell_is_cut_up() -> None:
    assert break_lines("13900000000", 3, 3, wide) == ["139000", "00000"]


def test_where_no_end_is_legal_the_line_is_full_all_the_same() -> None:
    assert break_lines("，，，，，，", 4, 4, wide) == ["，，，，", "，，"]


def test_a_name_that_is_glued_is_not_parted() -> None:
    text = f"出席{glued('欧阳建华')}、{glued('陈𫖯')}"
    assert [visible(line) for line in break_lines(text, 5, 5, wide)] == ["出席", "欧阳建华、", "陈𫖯"]


def test_a_variation_selector_stays_with_its_character() -> None:
    assert break_lines("葛\ufe00葛\ufe00葛\ufe00", 2, 2, wide) == ["葛\ufe00葛\ufe00", "葛\ufe00"]


ALPHABET = "一二三四，。、；：？！…—·～）】》”’（【《“‘%￥$([0123456789年月日AbC.-/ \u3000𫖯𬭊\ufe00\u2060"
TEXTS = st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=30)
WIDTHS = st.integers(min_value=1, max_value=24).map(float)


@given(TEXTS, WIDTHS, WIDTHS)
@example("“‘（【", 1.0, 2.0)
@example("\n\n", 1.0, 1.0)
def test_nothing_is_lost(text: str, first: float, rest: float) -> None:
    lines = break_lines(text, first, rest, wide)
    assert "".join(lines) == text.replace("\n", "")
    if text and "\n" not in text:
        assert all(lines)


@given(TEXTS, WIDTHS, WIDTHS)
def test_no_line_is_too_long_but_for_blanks_at_its_end(text: str, first: float, rest: float) -> None:
    for number, line in enumerate(break_lines(text.replace("\n", ""), first, rest, wide)):
        limit = rest if number else first
        shown = line.rstrip(" \u3000")
        assert wide(shown) <= limit + 0.02 or len(atoms_of(shown, min(first, rest), wide)) == 1


@given(TEXTS, WIDTHS)
def test_a_rule_is_broken_only_where_no_legal_end_fits(text: str, width: float) -> None:
    text = text.replace("\n", "")
    no_start, no_end = forbidden()
    lines = break_lines(text, width, width, wide)
    for above, below in pairwise(lines):
        if below[0] not in no_start and above[-1] not in no_end:
            continue
        atoms = atoms_of(above, width, wide)
        assert not [
            k
            for k in range(1, len(atoms))
            if atoms[k][0] not in no_start and atoms[k - 1][-1] not in no_end and atoms[k] not in (" ", "\u3000")
        ]


@given(TEXTS, st.integers(min_value=12, max_value=30).map(float))
def test_numbers_and_pairs_of_dashes_stay_whole(text: str, width: float) -> None:
    text = text.replace("\n", "")
    joined = "\n".join(break_lines(text, width, width, wide))
    for whole in re.findall(r"——|……|[0-9]{1,20}年?", text):
        if wide(whole) <= width and text.count(whole) == 1:
            assert whole in joined or whole[0] * 3 in text
