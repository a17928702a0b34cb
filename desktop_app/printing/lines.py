"""Breaks Chinese text into lines.

A line never hangs over its edge.  Punctuation that may not begin a line pulls the character before it down, a bracket
that may not end a line goes down with what it opens; —— and …… stay whole, and so do numbers and Latin words, with 年,
月, 日 or % attached.  The two lists of characters are data (`resources/forms/line_breaking.toml`).
"""

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache

from desktop_app.shared.resources import resource

Measure = Callable[[str], float]

# Selectors choose the shape of the character before them and are nothing by themselves.
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINER = "\u2060"
_ONE = rf".[{_SELECTORS}]*(?:{_JOINER}+.[{_SELECTORS}]*)*{_JOINER}*"
_ATOM = re.compile(
    rf"——|……|[0-9A-Za-z](?:[0-9A-Za-z.,:/+\-]*[0-9A-Za-z])?[年月日%％]?[{_SELECTORS}]*|{_ONE}", re.DOTALL
)
_CHARACTER = re.compile(rf".[{_SELECTORS}{_JOINER}]*", re.DOTALL)
_BLANK = " \u3000"
_TOLERANCE = 0.01


@lru_cache(maxsize=1)
def forbidden() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that may not begin a line, and characters that may not end one (GB/T 15834-2011, 5.1)."""
    with resource("forms", "line_breaking.toml").open("rb") as file:
        data = tomllib.load(file)
    return frozenset(data["no_start"]), frozenset(data["no_end"])


def break_lines(text: str, first: float, rest: float, measure: Measure) -> list[str]:
    """The lines of `text`: the first at most `first` wide, the others at most `rest`, in the unit of `measure`.

    Nothing is lost but the newlines: the lines of a paragraph joined give the paragraph back.  A rule about line ends
    is broken only where a piece that has no legal break is wider than a line.  Blanks at a line's end may hang over.
    """
    lines: list[str] = []
    for number, paragraph in enumerate(text.split("\n")):
        lines += _break_paragraph(paragraph, first if number == 0 else rest, rest, measure)
    return lines


def glued(text: str) -> str:
    """`text` with a word joiner between its characters, so that a name is not parted at a line's end."""
    return _JOINER.join(text)


def visible(line: str) -> str:
    """The line without word joiners."""
    return line.replace(_JOINER, "")


def _break_paragraph(text: str, first: float, rest: float, measure: Measure) -> list[str]:
    atoms = atoms_of(text, min(first, rest), measure)
    widths = [measure(atom) for atom in atoms]
    lines: list[str] = []
    start, limit = 0, first
    while start < len(atoms):
        end = _last_that_fits(atoms, widths, start, limit)
        if end < len(atoms):
            end = _legal_end(atoms, start, end)
        lines.append("".join(atoms[start:end]))
        start, limit = end, rest
    return lines or [""]


def atoms_of(text: str, narrowest: float, measure: Measure) -> list[str]:
    """The pieces that stay whole; a piece wider than the narrowest line is cut into characters."""
    atoms: list[str] = []
    for atom in _ATOM.findall(text):
        if len(atom) > 1 and measure(atom) > narrowest + _TOLERANCE:
            atoms.extend(_CHARACTER.findall(atom))
        else:
            atoms.append(atom)
    return atoms


def _last_that_fits(atoms: list[str], widths: list[float], start: int, limit: float) -> int:
    """Where the longest line that fits ends; at least one atom, and all blanks that follow."""
    used, end = 0.0, start
    while end < len(atoms) and (atoms[end] in _BLANK or end == start or used + widths[end] <= limit + _TOLERANCE):
        used += widths[end]
        end += 1
    return end


def _legal_end(atoms: list[str], start: int, furthest: int) -> int:
    """The last place up to `furthest` where a line may end, or `furthest` itself where there is none."""
    no_start, no_end = forbidden()
    for end in range(furthest, start, -1):
        if atoms[end][0] not in no_start and atoms[end - 1][-1] not in no_end and atoms[end] not in _BLANK:
            return end
    return furthest
