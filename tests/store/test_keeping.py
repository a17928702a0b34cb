"""Which backups stay: days, weeks, months, a size, and never fewer than the newest few."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.store import keeping
from desktop_app.store.keeping import Copy, Policy

NOON = datetime(2026, 11, 22, 12)  # noqa: DTZ001 names of backups hold local time


def daily(days: int, size: int = 1) -> list[Copy]:
    return [Copy(Path(f"{back:04}"), "ab", NOON - timedelta(days=back), "daily", size) for back in range(days)]


def ages(copies: list[Copy]) -> list[int]:
    return [(NOON - copy.at).days for copy in copies]


def test_after_two_years_of_daily_copies_a_week_a_month_and_a_year_are_left():
    """2026-11-22 is a Sunday: the last of each week is a Sunday, of each month its last day."""
    left = ages(keeping.kept(daily(730), Policy()))
    assert left[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert left[7:10] == [7, 14, 21]
    assert left[10:] == [(NOON - last).days for last in ends_of_months()]


def ends_of_months() -> list[datetime]:
    firsts = [NOON.replace(month=month, day=1) for month in range(11, 0, -1)]
    return [first - timedelta(days=1) for first in firsts if (NOON - first).days >= 21]


def test_many_copies_of_one_day_count_once_but_the_newest_few_stay():
    hourly = [Copy(Path(f"{hour:02}"), "ab", NOON - timedelta(hours=hour), "daily", 1) for hour in range(10)]
    assert [copy.path.name for copy in keeping.kept(hourly, Policy(least=3))] == ["00", "01", "02"]


def test_days_without_a_copy_do_not_count():
    """A desk that stood still for a month still has seven days to go back to."""
    found = [Copy(Path(str(back)), "ab", NOON - timedelta(days=back * 5), "daily", 1) for back in range(10)]
    assert len(keeping.kept(found, Policy(weeks=0, months=0))) == 7


@pytest.mark.parametrize(("limit", "left"), [(100, 5), (30, 3), (0, 3)])
def test_a_size_limit_drops_the_oldest_first_and_never_the_newest_three(limit, left):
    found = keeping.kept(daily(5, size=10), Policy(bytes=limit))
    assert ages(found) == list(range(left))


def test_names_tell_which_store_when_and_why(tmp_path):
    (tmp_path / keeping.name("0a1b2c", NOON, "daily")).write_bytes(b"12345")
    (tmp_path / keeping.name("ffffff", NOON, "daily")).write_bytes(b"")
    (tmp_path / "linli-notes.db").write_bytes(b"")
    (one,) = keeping.copies(tmp_path, "0a1b2c")
    assert (one.at, one.why, one.size) == (NOON, "daily", 5)
    assert len(keeping.copies(tmp_path)) == 2


def test_thinning_takes_the_keys_along_and_leaves_other_stores_and_the_new_copy_alone(tmp_path):
    for back in range(4):
        copy = tmp_path / keeping.name("aa", NOON - timedelta(minutes=back), "daily")
        copy.write_bytes(b"1")
        copy.with_name(f"{copy.stem}.keys.json").write_text("{}")
    other = tmp_path / keeping.name("bb", NOON - timedelta(days=900), "daily")
    other.write_bytes(b"1")
    oldest = tmp_path / keeping.name("aa", NOON - timedelta(minutes=3), "daily")
    gone = keeping.thin(tmp_path, "aa", Policy(least=1), spare=oldest)
    assert len(gone) == 2
    assert {path.name for path in tmp_path.glob("*.db")} == {
        keeping.name("aa", NOON, "daily"),
        oldest.name,
        other.name,
    }
    assert len(list(tmp_path.glob("*.keys.json"))) == 2
