"""What no order, wish, registration or shift may be: AppError, at its field, in words."""

from datetime import date

from desktop_app.orders import duty_rules, matching
from desktop_app.profiles import choices
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.database import Database

COLOURS = "seven_colours"


def text(value: str | None, zh: str, field: str, longest: int = 200) -> str:
    """The words without blanks around them; there have to be some, and not too many."""
    told = filled(value, field, zh)
    if len(told) > longest:
        raise AppError(f"{zh}超过 {longest} 个字，没有保存。", field=field, next_step="请写短一些，细节写到备注里。")
    return told


def colours(db: Database, words: str, *, known: str = "") -> str:
    """Codes of colours with blanks between them, from codes, colours or names in any order; retired ones only if known.

    AppError for a word that is no colour.
    """
    found: dict[str, None] = {}
    for word in words.replace("、", " ").replace(",", " ").replace("，", " ").replace("/", " ").split():
        table = desk_codes(db, COLOURS)
        before = table.find(word)
        kept = before.code if before and before.code in known.split() else None
        found[choices.code(db, COLOURS, word, "七色专长", "colours", known=kept)] = None
    return " ".join(sorted(found))


def colour_words(db: Database, codes: str) -> str:
    """红·关爱老人、黄·民生事务: a colour always with its word; a code nobody knows as it is."""
    return "、".join(colour_word(db, one) for one in codes.split())


def colour_word(db: Database, one: str | None) -> str:
    """红·关爱老人; "" for none."""
    if not one:
        return ""
    found = desk_codes(db, COLOURS).get(one)
    return f"{found.text('colour')}·{found.name}" if found.text("colour") else found.name


def span(first: str | None, last: str | None, *, needed: bool = False) -> None:
    """Two times of a day, the second later; both, or with `needed` False none."""
    for value, zh, field in ((first, "开始时间", "from_time"), (last, "结束时间", "to_time")):
        if value and not duty_rules.is_time(value):
            raise AppError(f"{zh}“{value}”不是时间，没有保存。", field=field, next_step="请写成 14:00 的样子。")
    if needed and not (first and last):
        raise AppError("开始和结束时间要写全，没有保存。", field="from_time", next_step="请写成 14:00 的样子。")
    if last and not first:
        raise AppError("写了结束时间，没有写开始时间，没有保存。", field="from_time", next_step="请补上开始时间。")
    if first and last and last <= first:
        raise AppError("结束时间不晚于开始时间，没有保存。", field="to_time", next_step="请核对两个时间。")


def hours(value: str | None) -> str:
    """Hours somebody is free, as `matching.read_hours` understands them."""
    told = " ".join((value or "").split())
    if matching.read_hours(told) is None:
        raise AppError(
            f"可服务时间“{told}”看不懂，没有保存。",
            field="hours",
            next_step="请写成 一三五 14:00-17:00；周末 8:00-12:00 的样子，什么时候都行就空着。",
        )
    return told


def fen(value: int | None, zh: str, field: str) -> None:
    """An amount of money that is not below zero."""
    if value is not None and value < 0:
        raise AppError(f"{zh}不能是负数，没有保存。", field=field, next_step="请填 0 或更大的数。")


def later(day: date, days: int) -> str:
    """A day some days later, as ISO text."""
    return date.fromordinal(day.toordinal() + days).isoformat()
