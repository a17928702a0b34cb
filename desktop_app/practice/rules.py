"""Which files of rules a community may write anew, and what a new one must keep; pure functions.

A code in use is never deleted, only retired (`valid_to`), and a ladder or a list that records name stays: old records
keep their rules.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from desktop_app.profiles.queries import CODE_TABLES, TOWNS
from desktop_app.profiles.quorum import quorum_rule
from desktop_app.profiles.rules import POINT_KINDS, POINT_WAYS, code_table
from desktop_app.profiles.town import town_profile
from desktop_app.shared.errors import AppError

Content = Mapping[str, Any]
_NAMED: Final = ("ladders", "list_types", "meeting_templates", "contact_schemes")
"""Parts of a town profile whose codes stand in records."""


@dataclass(frozen=True, slots=True)
class Book:
    """A file of rules: its path below `profiles/` and `resources/`, what it is called, how it is read."""

    path: str
    title: str
    build: Callable[[Content], object]
    kept: Callable[[Content], frozenset[str]]
    """The codes that a new version must still have."""


def _numbers(content: Content) -> object:
    """A flat file of numbers: at least one, none below zero."""
    found = [value for value in content.values() if isinstance(value, int) and not isinstance(value, bool)]
    if not found or min(found) < 0:
        raise ValueError("要有数字，而且不小于 0")
    return found


def _calendar(content: Content) -> object:
    return [(int(row["year"]), list(row["off"]), list(row["work"])) for row in content["years"]]


def _quorum(content: Content) -> object:
    return [quorum_rule(row) for row in content["rule"]]


def _points(content: Content) -> object:
    """Points are counted by what stands here: kinds of accounts, ways of counting, whole numbers."""
    for row in content["entries"]:
        if row["of"] not in POINT_KINDS or row["per"] not in POINT_WAYS:
            raise ValueError(f"“{row['name']}”的账户类别或算法不认识")
        if any(not isinstance(row.get(name, 0), int) for name in ("points", "cap_month", "cap_year", "reviewers")):
            raise ValueError(f"“{row['name']}”的分值和上限要是整数")
    return code_table("points_rules", content)


def _entry_codes(content: Content) -> frozenset[str]:
    return frozenset(str(row["code"]) for row in content.get("entries", ()))


def _rule_codes(content: Content) -> frozenset[str]:
    return frozenset(str(row.get("id") or row.get("meeting")) for row in content.get("rule", ()))


def _town_codes(content: Content) -> frozenset[str]:
    parts = frozenset(f"{part} {row['code']}" for part in _NAMED for row in content.get(part, ()))
    return parts | frozenset(f"numbers {row['series']}" for row in content.get("numbers", ()))


def _nothing(_content: Content) -> frozenset[str]:
    return frozenset()


def _books() -> dict[str, Book]:
    towns = {
        f"profiles/{town}": Book(f"{town}.toml", "城市做法", partial(town_profile, town), _town_codes) for town in TOWNS
    }
    tables = {
        f"codes/{kind}": Book(f"codes/{kind}.toml", "代码表", partial(code_table, kind), _entry_codes)
        for kind in CODE_TABLES
    }
    others = {
        "codes/points_rules": Book("codes/points_rules.toml", "积分规则", _points, _entry_codes),
        "codes/meeting_rules": Book("codes/meeting_rules.toml", "会议人数和表决规则", _quorum, _rule_codes),
        "codes/visit_rules": Book("codes/visit_rules.toml", "走访间隔", _numbers, _nothing),
        "codes/care_rules": Book("codes/care_rules.toml", "门铃和结对的数字", _numbers, _nothing),
        "codes/order_rules": Book("codes/order_rules.toml", "点单的数字", _numbers, _nothing),
        "codes/workdays": Book("codes/workdays.toml", "工作日和节假日", _calendar, _nothing),
    }
    return towns | tables | others


BOOKS: Final[Mapping[str, Book]] = _books()
"""Name → file.  Who may do what (`rights.toml`) and what is masked are not among them: no community loosens those."""


def read(name: str, text: str) -> Content:
    """The content of a file.  AppError, with the line, for what is no TOML or not such a file."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AppError(
            f"内容写得不对：{_said(str(error))}。没有保存。", field="content", next_step="请按原来的写法改。"
        ) from error
    try:
        BOOKS[name].build(content)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        missing = f"缺少“{error.args[0]}”" if isinstance(error, KeyError) else str(error)
        raise AppError(
            f"内容不完整：{missing}。没有保存。", field="content", next_step="请对照随程序提供的内容补齐。"
        ) from error
    return content


def _said(words: str) -> str:
    """What the parser says, with its line in Chinese."""
    told, found, where = words.rpartition(" (at line ")
    if not found:
        return f"末尾没有写完（{words}）"
    line, _, column = where.rstrip(")").partition(", column ")
    return f"第 {line} 行第 {column} 个字附近（{told}）"


def must_keep(name: str, before: Content, after: Content) -> None:
    """AppError where a new version forgets a code that records may name."""
    lost = sorted(BOOKS[name].kept(before) - BOOKS[name].kept(after))
    if lost:
        raise AppError(
            f"不能删去 {'、'.join(lost[:5])}{'等' if len(lost) > 5 else ''}：已有的记录还要用。没有保存。",  # noqa: PLR2004
            field="content",
            next_step="停用请加上 valid_to = 日期，名称可以改。",
        )
