"""Working days as the State Council announces them, and what is said where the table ends."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.shared.resources import resource
from desktop_app.shared.workdays import workdays

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-11-20", True),
        ("2026-11-22", False),  # a Sunday
        ("2026-02-14", True),  # a Saturday made up for the Spring Festival
        ("2026-02-23", False),  # its last day off, a Monday
        ("2026-02-28", True),
        ("2026-10-10", True),
        ("2025-10-08", False),
        ("2024-04-07", True),
        ("2027-02-05", False),
        ("2040-01-02", True),
    ],
)
def test_a_day_is_worked_or_free_as_announced(text: str, works: bool) -> None:
    assert workdays().is_workday(day(text)) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday, over the weekend
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-22", 0, "2026-11-23"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),  # nine days off
        ("2026-09-30", 3, "2026-10-10"),
        ("2041-01-04", 1, "2041-01-07"),  # far outside the table
    ],
)
def test_a_deadline_counts_working_days_and_not_the_first_day(start: str, count: int, end: str) -> None:
    assert workdays().add(day(start), count) == day(end)


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_what_was_counted_on(start: date, count: int) -> None:
    calendar = workdays()
    end = calendar.add(start, count)
    assert calendar.is_workday(end)
    assert calendar.between(start, end) == count
    assert calendar.between(end, start) == -count


@given(DAYS, st.integers(0, 400))
def test_counting_by_table_and_day_by_day_agree(start: date, length: int) -> None:
    calendar = workdays()
    end = start + timedelta(days=length)
    slow = sum(calendar.is_workday(start + timedelta(days=at)) for at in range(1, length + 1))
    assert calendar.between(start, end) == slow


def test_where_the_table_ends_a_sentence_says_so_and_nothing_fails() -> None:
    calendar = workdays()
    assert calendar.remark(day("2026-12-31")) == ""
    assert "2027年的放假安排还没有核对" in calendar.remark(day("2026-12-31"), day("2027-01-04"))
    assert "没有2031年，暂按周一至周五计算" in calendar.remark(day("2031-01-04"))
    assert calendar.add(date.max, 3) == date.max


def test_a_year_adds_up_to_the_working_days_people_know_of_it() -> None:
    """248 working days in 2025 and in 2026: 250 less the days added to the holidays in 2025."""
    calendar = workdays()
    assert calendar.between(day("2024-12-31"), day("2025-12-31")) == 248
    assert calendar.between(day("2025-12-31"), day("2026-12-31")) == 248


def test_the_copy_of_a_community_goes_before_ours_and_a_spoilt_one_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "codes"
    folder.mkdir(parents=True)
    ours = resource("codes", "workdays.toml").read_text("utf-8")
    (folder / "workdays.toml").write_text(ours.replace('"2026-10-10"]', '"2026-10-10", "2026-11-22"]'), "utf-8")
    assert workdays(tmp_path).is_workday(day("2026-11-22"))
    other = tmp_path / "other"
    (other / "profiles" / "codes").mkdir(parents=True)
    (other / "profiles" / "codes" / "workdays.toml").write_text(ours.replace("2026-10-10", "2026-13-10"), "utf-8")
    assert not workdays(other).is_workday(day("2026-11-22"))
    assert "读不出来" in workdays(other).remark(day("2026-11-22"))
