"""Dates stand on paper without leading zeros, amounts in figures nobody can alter."""

import pytest

from desktop_app.printing.words import capitals, spoken_date, spoken_span, spoken_time


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-01-05", "2026年1月5日"),
        ("2026-11-22", "2026年11月22日"),
        ("1950-03", "1950年3月"),
        ("1950", "1950年"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_date_is_spoken(iso: str | None, words: str) -> None:
    assert spoken_date(iso) == words


def test_a_time_is_spoken_to_the_minute() -> None:
    assert spoken_time("2026-01-05 09:05") == "2026年1月5日9时05分"
    assert spoken_time("2026-01-05") == "2026年1月5日"


def test_a_span_says_its_day_once() -> None:
    assert spoken_span("2026-01-05 09:00", "2026-01-05 11:20") == "2026年1月5日9时00分至11时20分"
    assert spoken_span("2026-01-05 22:00", "2026-01-06 00:10") == "2026年1月5日22时00分至2026年1月6日0时10分"
    assert spoken_span("2026-01-05 09:00", None) == "2026年1月5日9时00分"
    assert spoken_span(None, None) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (7, "柒"),
        (10, "壹拾"),
        (60, "陆拾"),
        (105, "壹佰零伍"),
        (1005, "壹仟零伍"),
        (1050, "壹仟零伍拾"),
        (10_000, "壹万"),
        (10_005, "壹万零伍"),
        (20_000_000, "贰仟万"),
        (100_010_001, "壹亿零壹万零壹"),
        (123_456_789, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖"),
    ],
)
def test_an_amount_is_written_out(number: int, words: str) -> None:
    assert capitals(number) == words
