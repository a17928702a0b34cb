"""What no field may be, whatever record it belongs to: AppError, at the field, in words."""

from datetime import date
from typing import Final

from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.identity import Level, check_phone, normalise_phone

_WHOLE_DAY: Final = len("2026-11-22")


def filled(value: str | None, field: str, zh: str) -> str:
    """The words on one line, without blanks around them; there have to be some."""
    told = " ".join((value or "").split())
    if not told:
        raise AppError(f"{zh}还没有填写，没有保存。", field=field, next_step="请填写后再保存。")
    return told


def kept_phone(value: str | None, field: str = "phone", zh: str = "电话") -> str | None:
    """A phone number as it is stored; None for none."""
    if not value or not value.strip():
        return None
    verdict = check_phone(value)
    if verdict.level is not Level.OK:
        raise AppError(f"{zh}：{verdict.reason}，没有保存。", field=field, next_step="请核对号码。")
    return normalise_phone(value)


def must_be_whole(day: str, zh: str, field: str) -> None:
    """A day of the calendar, not a month or a year."""
    must_be_date(day, zh, field)
    if len(day) != _WHOLE_DAY:
        raise AppError(f"{zh}“{day}”要写到日，没有保存。", field=field, next_step="请写成 2026-11-22 的样子。")


def must_be_past(today: date, day: str, zh: str, field: str, next_step: str = "请核对日期。") -> None:
    """A whole day up to today."""
    must_be_whole(day, zh, field)
    if day > today.isoformat():
        raise AppError(f"{zh} {day} 在今天之后，没有保存，填写的内容还在。", field=field, next_step=next_step)
