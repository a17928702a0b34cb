"""Between the filter bar and `AppealFilter`: the chips, what they mean, and back again."""

from datetime import date, timedelta

from PySide6.QtCore import QObject

from desktop_app.appeals.queries import DUE_WORDS, AppealFilter
from desktop_app.appeals.rules import PHASES
from desktop_app.profiles.desk import desk_codes
from desktop_app.store.database import Database
from ui.widgets.filter_bar import Chosen, Filter

OPEN = "在办"
_MONTH, _DAYS = "month", 30


def filters(page: QObject, db: Database) -> tuple[Filter, ...]:
    """The chips, in order; retired codes are offered too, since old appeals carry them."""
    return (
        Filter("phase", page.tr("状态"), tuple((word, word) for word in (OPEN, *PHASES)), several=False),
        Filter("due", page.tr("期限"), tuple((word, word) for word in DUE_WORDS), several=False),
        Filter("klass", page.tr("分类"), _choices(db, "appeal_classes"), several=False),
        Filter("channel", page.tr("渠道"), _choices(db, "appeal_channels"), several=False),
        Filter("period", page.tr("接到时间"), _periods(page), several=False),
    )


def _choices(db: Database, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((code.code, code.name) for code in desk_codes(db, kind))


def _periods(page: QObject) -> tuple[tuple[str, str], ...]:
    return (
        ("day", page.tr("今天")),
        ("days", page.tr("近 30 天")),
        (_MONTH, page.tr("本月")),
        ("last_month", page.tr("上月")),
        ("quarter", page.tr("本季度")),
        ("year", page.tr("今年")),
        ("last_year", page.tr("去年")),
    )


def span(period: str, today: date) -> tuple[str, str]:
    """The first and the last day of a period; ("", "") for none."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last = month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    spans = {
        "day": (today, today),
        "days": (today - timedelta(days=_DAYS - 1), today),
        _MONTH: (month, today),
        "last_month": (last.replace(day=1), last),
        "quarter": (quarter, today),
        "year": (year, today),
        "last_year": (year.replace(year=today.year - 1), year - timedelta(days=1)),
    }
    first, until = spans.get(period, (None, None))
    return (first.isoformat() if first else "", until.isoformat() if until else "")


def appeal_filter(chosen: Chosen, today: date) -> AppealFilter:
    """What the store is asked."""
    since, until = span(chosen.one("period"), today)
    return AppealFilter(
        text=chosen.text,
        phase=chosen.one("phase"),
        due=chosen.one("due"),
        klass=chosen.one("klass"),
        channel=chosen.one("channel"),
        since=since,
        until=until,
    )


def chosen_from(wanted: AppealFilter) -> Chosen:
    """The chips that say the same; what no chip can say is left out."""
    told = {"phase": wanted.phase, "due": wanted.due, "klass": wanted.klass, "channel": wanted.channel}
    return Chosen(wanted.text, {key: (value,) for key, value in told.items() if value})
