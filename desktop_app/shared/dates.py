"""Dates as offices write them, turned into ISO text; and the order people expect of numbers inside text.

A date may be partial: `1950`, `1950-03`, `1950-03-05` (docs/decisions: what is not known is not invented).
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from desktop_app.shared.errors import AppError

FIRST_YEAR, LAST_YEAR = 1850, 2150
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, good from 1900-03-01 on (the 1900 date system's missing leap day)."""
_LAST_SERIAL = 91_313
"""2149-12-31 as a serial number."""

_PARTS = re.compile(
    r"(?P<y>[0-9]{4})(?:[年.\-/、]{1,2}(?P<m>[0-9]{1,2})(?:[月.\-/、]{1,2}(?:(?P<d>[0-9]{1,2})[日号]?)?)?|年?)?"
    r"(?:[T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:出?生)?"
)
_SHORT_YEAR = re.compile(r"[0-9]{2}(?=[年.\-/][0-9]{1,2}(?:[月.\-/]|$))")
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})?")
_NUMERAL = str.maketrans("〇○零一二三四五六七八九元", "0001234567891")
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}年")
_TENS = re.compile(r"(?P<t>[一二三四五六七八九]?)十(?P<u>[一二三四五六七八九]?)")
_DIGITS = re.compile(r"([0-9]+)")


@lru_cache(maxsize=65_536)
def day(year: int, month: int = 0, of_month: int = 0) -> str | None:
    """ISO text of a day, a month (`of_month` 0) or a year (`month` 0); None if the calendar has no such date."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if not month:
        return f"{year:04d}"
    if not of_month:
        return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None  # noqa: PLR2004 months of a year
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        return None


def iso_date(raw: object) -> str | None:
    """The ISO text of a cell; "" for a blank one, None for one that is no date.

    Takes dates, serial numbers (1900 system), `19500305`, `1950.3.5`, `1950/3/5`, `1950年3月5日`, `1950-03`, `1950年`,
    and full-width or Chinese figures.  A number `1950.1` may mean January or October, so only its year is kept.
    """
    if raw is None or raw == "":
        return ""
    if isinstance(raw, datetime | date):
        return day(raw.year, raw.month, raw.day)
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return _from_number(float(raw))
    return _from_text(str(raw))


def _from_number(number: float) -> str | None:
    if number != int(number):
        return _from_fraction(number)
    whole = int(number)
    if found := _COMPACT.fullmatch(str(whole)):
        return _of(found)
    if FIRST_YEAR <= whole <= LAST_YEAR:
        return day(whole)
    return (_EPOCH + timedelta(days=whole)).isoformat() if 366 < whole <= _LAST_SERIAL else None  # noqa: PLR2004 from 1901


def _from_fraction(number: float) -> str | None:
    year, _, month = f"{number:.10g}".partition(".")
    if FIRST_YEAR <= int(number) <= LAST_YEAR and len(month) <= 2:  # noqa: PLR2004 1963.09
        return day(int(year)) if month == "1" else day(int(year), int(month))
    return (_EPOCH + timedelta(days=int(number))).isoformat() if 366 < number <= _LAST_SERIAL else None  # noqa: PLR2004


def _from_text(raw: str) -> str | None:
    if len(raw) == 10 and raw[4] == raw[7] and raw.isascii():  # noqa: PLR2004 the usual case
        if raw[4] == "-":
            return _from_iso(raw)
        if raw[4] in "./" and (iso := _from_iso(raw.replace(raw[4], "-"))):
            return iso
    text = "".join(unicodedata.normalize("NFKC", raw).split()).lstrip("'").translate({0x200E: None, 0x200F: None})
    if not text or text in {"-", "/", "无", "不详", "未知"}:
        return ""
    if text.isascii() and text.isdigit() and len(text) != 4:  # noqa: PLR2004 a year alone
        return _from_number(float(text))
    if _CHINESE_YEAR.match(text):
        text = _TENS.sub(_tens, text).translate(_NUMERAL)
    if _SHORT_YEAR.match(text) and text[0] in "3456789":
        text = "19" + text
    found = _PARTS.fullmatch(text)
    return _of(found) if found else None


def _from_iso(text: str) -> str | None:
    try:
        return text if FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR else None
    except ValueError:
        return None


def _tens(found: re.Match[str]) -> str:
    return f"{(found['t'] or '一').translate(_NUMERAL)}{(found['u'] or '〇').translate(_NUMERAL)}"


def _of(found: re.Match[str]) -> str | None:
    return day(int(found["y"]), int(found["m"] or 0), int(found["d"] or 0))


def must_be_date(written: str, zh: str, field: str) -> None:
    """AppError, at its field, for anything but a date as it is stored: ISO text, perhaps partial."""
    if not written or iso_date(written) != written:
        raise AppError(
            f"{zh}“{written}”不是日历上有的日期，没有保存。", field=field, next_step="请写成 2026-11-22 的样子。"
        )


def agrees(partial: str, full: str) -> bool:
    """Whether a date that may say less does not contradict one that says more: `1950-03` agrees with `1950-03-05`."""
    return full.startswith(partial) or partial.startswith(full)


def natural_key(text: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key by which 2栋 stands before 10栋 and figures before words."""
    return tuple(
        (0, int(part)) if part.isascii() and part.isdigit() else (1, part) for part in _DIGITS.split(text) if part
    )
