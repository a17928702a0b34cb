"""Dates as offices write them become ISO text, whole or partial; what is no date is not guessed at."""

from datetime import date, datetime

import pytest

from desktop_app.shared.dates import agrees, iso_date, natural_key

DATES = [
    ("1950-03-05", "1950-03-05"),
    ("1950.3.5", "1950-03-05"),
    ("1950．3．5", "1950-03-05"),
    ("1950/3/5", "1950-03-05"),
    ("1950年3月5日", "1950-03-05"),
    ("1950年03月05号", "1950-03-05"),
    ("一九五〇年三月十五日", "1950-03-15"),
    ("1950-03-05 00:00:00", "1950-03-05"),
    (" １９５０－０３－０５ ", "1950-03-05"),
    ("19500305", "1950-03-05"),
    (19500305.0, "1950-03-05"),
    ("1950-03", "1950-03"),
    ("1950.03", "1950-03"),
    ("1950年3月", "1950-03"),
    ("195003", "1950-03"),
    (1963.09, "1963-09"),
    ("1950年", "1950"),
    (1950.0, "1950"),
    ("83.5.1", "1983-05-01"),
    (44953.0, "2023-01-27"),
    ("29221", "1980-01-01"),
    (date(2004, 4, 14), "2004-04-14"),
    (datetime(2004, 4, 14, 8, 30), "2004-04-14"),  # noqa: DTZ001 as a workbook gives it
    ("2000-02-29", "2000-02-29"),
]
NO_DATES = [
    "1950-02-30",
    "1950.13.1",
    "19500230",
    "2023-02-29",
    "春节",
    "25.3.1",
    "12",
    True,
    "0000-00-00",
    "1950-3-5-7",
]


@pytest.mark.parametrize(("written", "iso"), DATES)
def test_a_date_is_read_in_every_notation(written, iso):
    assert iso_date(written) == iso


@pytest.mark.parametrize("written", NO_DATES)
def test_an_impossible_date_is_no_date(written):
    assert iso_date(written) is None


@pytest.mark.parametrize("blank", ["", None, " ", "无", "不详"])
def test_a_blank_is_told_from_a_wrong_date(blank):
    assert iso_date(blank) == ""


def test_a_number_that_may_be_january_or_october_gives_the_year_only():
    assert iso_date(1950.1) == "1950"


def test_a_partial_date_does_not_contradict_a_whole_one():
    assert agrees("1950-03", "1950-03-05")
    assert agrees("1950-03-05", "1950")
    assert not agrees("1950-04", "1950-03-05")


def test_two_comes_before_ten():
    assert sorted(["10栋", "2栋", "A栋", "2栋附1"], key=natural_key) == ["2栋", "2栋附1", "10栋", "A栋"]
