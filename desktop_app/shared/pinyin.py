"""Readings of names without pypinyin: a frozen table of characters and hand-kept tables of surnames.

pypinyin reads 单 曾 仇 解 as common words and is too slow for a whole community; see resources/pinyin/README.md.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple, TypeAlias
from unicodedata import combining, normalize

from desktop_app.shared.resources import resource

MOST_COMBINATIONS = 6
_MOST_PER_CHARACTER = 3
_LATIN = re.compile(r"[a-z0-9]+|.", re.DOTALL)

_Options: TypeAlias = tuple[str, ...]


class _Tables(NamedTuple):
    characters: dict[str, _Options]
    surnames: dict[str, _Options]
    compounds: dict[str, _Options]
    longest_compound: int
    compound_starts: frozenset[str]
    """The first two characters of each."""


def readings(name: str) -> list[tuple[str, str]]:
    """Pairs of full pinyin and initials, `("wangxiaoming", "wxm")`: toneless, lower case, `ü` as `v`, no blanks.

    At most MOST_COMBINATIONS pairs, the likeliest first; a special surname is read as a surname in the first of them.
    Dots and blanks fall away, Latin words count as one syllable, a character without a reading is skipped. A name
    without any readable character gives an empty list.
    """
    tables = _tables()
    if name[:2] in tables.compound_starts:
        return _paired(_ways(name))
    first = tables.surnames.get(name[:1]) or tables.characters.get(name[:1], ())
    rest = _rest(name[1:])
    if first and (len(rest) == 1 or (rest and len(first) == 1)):
        return [(syllable + full, syllable[0] + initials) for syllable in first for full, initials in rest]
    return _paired(_ways(name))


@lru_cache(maxsize=65_536)
def _rest(text: str) -> list[tuple[str, str]]:
    """The readings of what follows the first character, empty where a character is unknown; given names recur."""
    characters = _tables().characters
    if not all(hanzi in characters for hanzi in text):
        return []
    return _paired(_combined([characters[hanzi] for hanzi in text]))


def _paired(ways: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    return [("".join(way), "".join([syllable[0] for syllable in way])) for way in ways]


def sort_key(name: str) -> str:
    """A string by which names sort as a Chinese telephone book does: syllable by syllable, then by the characters."""
    ways = _ways(name)
    return " ".join(ways[0] if ways else ("~",)) + "\0" + name


def syllables() -> frozenset[str]:
    """Every toneless syllable the table knows."""
    return _syllables()


@cache
def _syllables() -> frozenset[str]:
    return frozenset(reading for options in set(_tables().characters.values()) for reading in options)


def _ways(name: str) -> list[tuple[str, ...]]:
    """The combinations of syllables of a name, the likeliest first."""
    options = _options(name)
    return _combined(options) if options else []


def _combined(options: list[_Options]) -> list[tuple[str, ...]]:
    """The combinations of syllables, ordered by how unlikely the chosen readings are together."""
    if max(map(len, options), default=1) == 1:
        return [tuple([choice[0] for choice in options])]
    ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for choice in options:
        longer = [(cost + rank, (*way, syllable)) for cost, way in ways for rank, syllable in enumerate(choice)]
        ways = sorted(longer, key=itemgetter(0))[:MOST_COMBINATIONS]
    return [way for _, way in ways]


def _options(name: str) -> list[_Options]:
    characters = _tables().characters
    surname, taken = _surname(name)
    rest = name[taken:]
    try:
        return surname + [characters[hanzi] for hanzi in rest]
    except KeyError:
        return surname + list(_mixed(rest))


def _surname(name: str) -> tuple[list[_Options], int]:
    """What a special or compound surname is read as, and how many characters of the name it takes."""
    tables = _tables()
    if "·" in name:  # names of this form begin with the given name
        return [], 0
    for length in range(min(tables.longest_compound, len(name) - 1), 1, -1):
        if compound := tables.compounds.get(name[:length]):
            return [_first(syllable, hanzi) for syllable, hanzi in zip(compound, name, strict=False)], length
    if special := tables.surnames.get(name[:1]):
        return [special], 1
    return [], 0


def _first(syllable: str, hanzi: str) -> _Options:
    """The reading inside a compound surname, then the usual one: whoever types 尉迟 as weichi finds it too."""
    return tuple(dict.fromkeys((syllable, *_tables().characters.get(hanzi, ())[:1])))


def _mixed(text: str) -> Iterable[_Options]:
    """Options of a text with Latin letters, dots, blanks or unknown characters in it."""
    characters = _tables().characters
    folded = "".join(mark for mark in normalize("NFKD", text).casefold() if not combining(mark))
    for piece in _LATIN.findall(folded):
        if known := characters.get(piece):
            yield known
        elif piece.isascii() and piece.isalnum():
            yield (piece,)


@cache
def _tables() -> _Tables:
    characters: dict[str, _Options] = {}
    shared: dict[str, str] = {}
    for line in resource("pinyin", "characters.txt").read_text("utf-8").splitlines():
        readings_, _, hanzi = line.partition("\t")
        characters.update(dict.fromkeys(hanzi, tuple([shared.setdefault(word, word) for word in readings_.split()])))
    surnames = {
        hanzi: tuple(dict.fromkeys(special + characters.get(hanzi, ())))[:_MOST_PER_CHARACTER]
        for hanzi, special in _listed("surnames.tsv")
    }
    compounds = dict(_listed("compound_surnames.tsv"))
    return _Tables(characters, surnames, compounds, max(map(len, compounds)), frozenset(word[:2] for word in compounds))


def _listed(file: str) -> list[tuple[str, _Options]]:
    lines = resource("pinyin", file).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(hanzi, tuple(words.split())) for hanzi, words in rows]
