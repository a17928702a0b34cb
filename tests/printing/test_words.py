"""Dates stand on paper without leading zeros."""

import pytest

from desktop_app.printing.words import spoken_date, spoken_span, spoken_time


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
