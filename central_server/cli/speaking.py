"""argparse in Chinese: help, what is wrong with the words that were typed, and the number of a unit."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

_MISTAKES: Final = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少 {0}"),
    (re.compile(r"unrecognized arguments: (.+)"), "不认识 {0}"),
    (re.compile(r"argument (.+): invalid choice: (.+) \(choose from (.+)\)"), "{0} 不能是 {1}，可以是 {2}"),
    (re.compile(r"argument (.+): invalid \w+ value: (.+)"), "{0} 要填数字，不能是 {1}"),
    (re.compile(r"argument (.+): expected .+"), "{0} 后面缺少内容"),
    (re.compile(r"argument (.+): ([^a-z].+)"), "{0}：{1}"),
)
"""What argparse says, and the same in Chinese; the last one is for our own types, which speak Chinese already."""
_MOST_DIGITS: Final = 18
_UNIT: Final = re.compile(r"[1-9][0-9]{5,17}")


class Formatter(argparse.HelpFormatter):
    """用法 instead of usage."""

    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that says in Chinese what it does not understand, and ends with 2 as argparse does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=Formatter, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"命令写得不对：{in_chinese(message)}。什么也没有做。\n看用法：{self.prog} --help\n")


def in_chinese(message: str) -> str:
    """A complaint of argparse in Chinese; as it is where it is none we know."""
    for pattern, words in _MISTAKES:
        if found := pattern.fullmatch(message):
            return words.format(*found.groups())
    return message


def number(words: str) -> int:
    """A whole number that a database can hold."""
    if not words.isascii() or not words.isdecimal() or len(words) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"要填编号（只用数字，最多 {_MOST_DIGITS} 位），不能是 {words!r}")
    return int(words)


def unit_number(words: str) -> int:
    """The number of a unit: a mistyped one must not become a unit of its own."""
    if not _UNIT.fullmatch(words):
        raise argparse.ArgumentTypeError(f"要填单位编号（6 至 18 位数字，社区用 12 位区划代码），不能是 {words!r}")
    return int(words)
