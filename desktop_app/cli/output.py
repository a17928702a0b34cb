"""How the command line speaks: tables and sentences for people, JSON for scripts, progress for the window."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

from desktop_app.shared.errors import AppError

_QUIET_S = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class Output:
    """Results go to stdout, progress and problems to stderr.

    `as_json`: the result is one JSON value.  `as_lines`: progress is one JSON object a line (what the window reads).
    """

    def __init__(self, *, as_json: bool, as_lines: bool, quiet: bool = False) -> None:
        self.as_json = as_json or as_lines
        self._as_lines = as_lines
        self._quiet = quiet
        self._last = 0.0
        self._on_bar = False

    def result(self, value: Any, words: str | Iterable[str] = "") -> None:
        """The outcome: `value` for scripts, `words` for people."""
        self._end_bar()
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, indent=None if self._as_lines else 1, default=str))
            return
        for line in [words] if isinstance(words, str) else words:
            print(line)

    def say(self, words: str) -> None:
        """A sentence on the way; silent for scripts."""
        if not self.as_json and not self._quiet:
            self._end_bar()
            print(words)

    def progress(self, done: int, total: int, words: str) -> None:
        """How far a long piece of work is; `total` 0 means unknown."""
        if self._as_lines:
            _error_line({"done": done, "total": total, "words": words})
        elif not self._quiet and sys.stderr.isatty():
            share = f"{done * 100 // total:3d}%" if total else f"{done}"
            print(f"\r{words} {share} ", end="", file=sys.stderr, flush=True)
            self._on_bar = True
        elif not self._quiet and time.monotonic() - self._last > _QUIET_S:
            self._last = time.monotonic()
            print(f"{words} {done}/{total}" if total else f"{words}…", file=sys.stderr, flush=True)

    def error(self, error: AppError) -> None:
        """What went wrong, in words; as JSON where the result would have been JSON."""
        self._end_bar()
        if self.as_json:
            _error_line({"error": error.message, "next_step": error.next_step, "field": error.field})
        else:
            print(f"{error.message}\n{error.next_step or ''}".rstrip(), file=sys.stderr)

    def stopped(self) -> None:
        """Somebody pressed Ctrl+C."""
        self.error(AppError("已停止，没有做完的部分没有保存。"))

    def _end_bar(self) -> None:
        if self._on_bar:
            print(file=sys.stderr)
            self._on_bar = False


def _error_line(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), file=sys.stderr, flush=True)


def width(text: str) -> int:
    """Columns a text takes in a terminal: two for a hanzi."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table with aligned columns."""
    lines = [list(headers), *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(width(line[column]) for line in lines) for column in range(len(headers))]
    return ["  ".join(_pad(cell, size) for cell, size in zip(line, widths, strict=True)).rstrip() for line in lines]


def events(line: Iterable[Any], *parts: str) -> list[str]:
    """Lines of what was done: the day, what, by whom, then those of `parts` that were told; why it came to nothing."""
    return [
        f"  {one.on}  {one.kind}  {one.by_name}"
        + "".join(f"  {told}" for part in parts if (told := getattr(one, part)))
        + (f"（没有生效：{one.stale}）" if one.stale else "")
        for one in line
    ]


def _pad(text: str, size: int) -> str:
    return text + " " * (size - width(text))
