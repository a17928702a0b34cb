"""argparse in Chinese: help, and what is wrong with the words that were typed."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from desktop_app.shared.dates import iso_date
from desktop_app.shared.errors import UsageError

_MISTAKES = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少 {0}"),
    (re.compile(r"unrecognized arguments: (.+)"), "不认识 {0}"),
    (re.compile(r"argument (.+): invalid choice: (.+) \(choose from (.+)\)"), "{0} 不能是 {1}，可以是 {2}"),
    (re.compile(r"argument (.+): invalid \w+ value: (.+)"), "{0} 要填数字，不能是 {1}"),
    (re.compile(r"argument (.+): expected .+"), "{0} 后面缺少内容"),
    (re.compile(r"argument (.+): ignored explicit argument (.+)"), "{0} 后面不要写 {1}"),
    (re.compile(r"ambiguous option: (.+) could match (.+)"), "{0} 不清楚，是 {1} 中的哪一个"),
    (re.compile(r"argument (.+): ([^a-z].+)"), "{0}：{1}"),
)
"""What argparse says, and the same in Chinese; the last one is for our own types, which speak Chinese already."""


class Formatter(argparse.HelpFormatter):
    """用法 instead of usage."""

    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of ending the process in English."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=Formatter, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"命令写得不对：{in_chinese(message)}。什么也没有做。", next_step=f"看用法：{self.prog} --help"
        )


def in_chinese(message: str) -> str:
    """A complaint of argparse in Chinese; as it is where it is none we know."""
    for pattern, words in _MISTAKES:
        if found := pattern.fullmatch(message):
            return words.format(*found.groups())
    return message


def reason(words: str) -> str:
    """A purpose that somebody can read later: not blank."""
    if not words.strip():
        raise argparse.ArgumentTypeError("要写明用途")
    return words.strip()


def at_least_one(words: str) -> int:
    """A whole number above nought."""
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"要填 1 以上的整数，不能是 {words!r}")
    return int(words)


def typed_day(words: str | None, otherwise: str = "") -> str:
    """A date as people write it, `otherwise` for a blank; what is none is left to the action, which says so."""
    return (iso_date(words) or words) if words else otherwise
