"""Words a person is found by, and what somebody meant who typed into the one search box.  Pure functions.

`person_keys` makes the rows of a B-tree of (kind, key); `route` says which kinds and prefixes a query asks for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from unicodedata import combining, normalize

from desktop_app.shared.pinyin import readings, syllables

__all__ = ["KeyKind", "Lookup", "Part", "RoomPattern", "keys_by_kind", "person_keys", "route"]


class KeyKind(IntEnum):
    """The kinds of keys in the index; the numbers are stored and never change their meaning."""

    NAME = 1
    """the whole name, used names too"""
    INNER_NAME = 2
    """every shorter ending of a name: 小明 and 明 of 王小明"""
    INITIALS = 3
    PINYIN = 4
    ID_TAIL = 5
    """the identity number backwards, so that its last digits are a prefix"""
    ORDER = 6
    """the first reading of a name that has several: where it stands in a list sorted by name"""


# plain numbers: asking an enumeration for its value costs as much as making the key
_NAME_KEY, _INNER_KEY, _INITIALS_KEY, _PINYIN_KEY, _ID_KEY, _ORDER_KEY = (kind.value for kind in KeyKind)


@dataclass(frozen=True, slots=True)
class RoomPattern:
    """A place as typed; what was not said is None.  Numbers are plain: "3栋" gives building "3"."""

    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a query.  It is met by a person who meets any of its alternatives."""

    text: str
    keys: tuple[tuple[int, str], ...] = ()
    """(kind, prefix): some key of that kind begins with the prefix"""
    phone: str | None = None
    """three or more digits that stand somewhere in a phone number"""
    room: RoomPattern | None = None
    address: str | None = None
    """characters that may stand in the name of an estate or in an address"""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was asked: a person must meet every part.  Without parts nothing was asked."""

    parts: tuple[Part, ...]


_BLANK = re.compile(r"[\s,，、;；]+")
_DOTS = re.compile(r"[\s·•・‧∙⋅.'’]+")
_DASHES = re.compile(r"[‐‑‒–—―－~～_]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_USED_NAMES = re.compile(r"[、,，;；/\s]+")
_DIGITS = re.compile(r"\d+x?")
_LATIN = re.compile(r"[a-z]+")
_HANZI = re.compile("[\u4e00-\u9fff]+")
_HANZI_LATIN = re.compile(r"([^\W\da-z]+)([a-z]+)")
_DIGRAPH = re.compile(r"([zcs])h")
_VOWEL = re.compile(r"[aeiouv]")

_NO = r"[a-z]?\d{1,4}[a-z]?|[东南西北中][一二三四五六七八九十\d]{1,3}|[一二三四五六七八九十]{1,3}|[a-z]"
_ROOM_NO = r"\d{2,4}[a-z]?"
_ROOM_FORMS = (
    re.compile(rf"(?P<building>{_NO})-(?P<unit>\d{{1,2}})-(?P<room>{_ROOM_NO})室?"),
    re.compile(rf"(?P<building>{_NO})-(?P<room>\d{{3,4}}[a-z]?)室?"),
    re.compile(rf"(?P<building>{_NO})-(?P<unit>\d{{1,2}})"),
    re.compile(
        rf"(?P<estate>\D*?)(?P<building>{_NO})(?:号楼|栋|幢|座|#楼?|号)-?"
        rf"(?:(?P<unit>{_NO})(?:单元|门|-))?(?:(?P<room>{_ROOM_NO})[室号房]?)?"
    ),
    re.compile(rf"(?P<estate>\D*?)(?P<unit>{_NO})(?:单元|门)(?:(?P<room>{_ROOM_NO})[室号房]?)?"),
    re.compile(rf"(?P<room>{_ROOM_NO})[室房]"),
    re.compile(rf"(?P<estate>[^\W\da-z]{{2,}})(?P<building>{_NO})-(?:(?P<unit>\d{{1,2}})-)?(?P<room>{_ROOM_NO})室?"),
)
_TENS = "〇一二三四五六七八九十"
_SHORTEST_PHONE = 3
_SHORTEST_ADDRESS = 2
_ROOM_DIGITS = range(3, 5)


def person_keys(name: str, used_name: str | None, pinyin: str | None, id_no: str | None) -> list[tuple[int, str]]:
    """The (kind, key) rows of one person, without repeats.  `pinyin` is the reading the person gave, or None."""
    names = [name, *_USED_NAMES.split(used_name)] if used_name else [name]
    ways = list(_readings(names, pinyin)) if used_name or pinyin else readings(name)
    keys: list[tuple[int, str]] = []
    for folded in filter(None, map(_fold, names)):
        keys.append((_NAME_KEY, folded))
        keys += [(_INNER_KEY, folded[start:]) for start in range(1, len(folded))]
    if len(ways) > 1:
        keys.append((_ORDER_KEY, ways[0][0]))
    for full, initials in ways:
        keys += ((_INITIALS_KEY, initials), (_PINYIN_KEY, full))
    if id_no:
        keys.append((_ID_KEY, id_no.upper()[::-1]))
    return list(dict.fromkeys(keys)) if used_name or len(ways) > 1 else keys


def keys_by_kind(persons: Iterable[tuple[int, tuple[Any, ...]]]) -> dict[int, list[tuple[str, int]]]:
    """What `person_keys` gives for many, (number, its arguments): by kind, in no order, key and number.

    Nearly everybody has a name in hanzi and no other; those are done together, kind by kind, which is quicker.
    """
    keys: dict[int, list[tuple[str, int]]] = {kind.value: [] for kind in KeyKind}
    plain: list[tuple[str, int]] = []
    for number, (name, used_name, pinyin, id_no) in persons:
        if used_name or pinyin or not _HANZI.fullmatch(name):
            for kind, key in person_keys(name, used_name, pinyin, id_no):
                keys[kind].append((key, number))
            continue
        plain.append((name, number))
        if id_no:
            keys[_ID_KEY].append((id_no.upper()[::-1], number))
    for kind, more in _plain_keys(plain).items():
        keys[kind] += more
    return keys


def _plain_keys(persons: list[tuple[str, int]]) -> dict[int, list[tuple[str, int]]]:
    """The keys of whole names in hanzi, and of their readings."""
    ways = [(readings(name), number) for name, number in persons]
    single = [(some[0], number) for some, number in ways if len(some) == 1]
    several = [(some, number) for some, number in ways if len(some) > 1]
    return {
        _NAME_KEY: persons,
        _INNER_KEY: [(name[start:], number) for name, number in persons for start in range(1, len(name))],
        _INITIALS_KEY: [(initials, number) for (_, initials), number in single]
        + [(initials, number) for some, number in several for initials in {way[1] for way in some}],
        _PINYIN_KEY: [(full, number) for (full, _), number in single]
        + [(full, number) for some, number in several for full in {way[0] for way in some}],
        _ORDER_KEY: [(some[0][0], number) for some, number in several],
    }


def route(query: str) -> Lookup:
    """What was typed, word by word: names, pinyin, digits, rooms, addresses.

    `zw 3-2-501` has two parts, and both must be met.  Full-width signs count as half-width, capitals as small letters,
    neighbouring words of Latin letters as one (`wang xiaoming`).
    """
    words = _joined(list(filter(None, _BLANK.split(_half(query).strip()))))
    parts = (_part(word, alone=len(words) == 1) for word in words)
    return Lookup(tuple(part for part in parts if part is not None))


def _readings(names: list[str], pinyin: str | None) -> Iterator[tuple[str, str]]:
    if pinyin and (letters := _letters(pinyin)):
        yield letters, _initials(pinyin, len(_fold(names[0])))
    for name in names:
        yield from readings(name)


def _initials(pinyin: str, count: int) -> str:
    """Initials of a reading given for `count` characters; written in one word it is cut into syllables."""
    words = [_letters(word) for word in re.split(r"[\s'’·-]+", pinyin)]
    if len(words) < count and (cut := _cut("".join(words), count)):
        words = cut
    return "".join(word[0] for word in words if word)


def _cut(letters: str, count: int) -> list[str]:
    """Letters cut into exactly `count` syllables, an empty list where that cannot be."""
    if count == 0 or not letters:
        return []
    if count == 1:
        return [letters] if letters in syllables() else []
    for end in range(min(6, len(letters) - 1), 0, -1):
        if letters[:end] in syllables() and (rest := _cut(letters[end:], count - 1)):
            return [letters[:end], *rest]
    return []


def _half(text: str) -> str:
    return _DASHES.sub("-", text.translate(_WIDE)).casefold()


def _fold(name: str) -> str:
    """A name as it is compared: without blanks and dots, Latin letters small and half-width."""
    if _HANZI.fullmatch(name):
        return name
    return _DOTS.sub("", name.translate(_WIDE).casefold())


def _letters(pinyin: str) -> str:
    """Latin letters without tones, `ü` as `v`, `lve` as `lue`."""
    plain = normalize("NFD", normalize("NFC", pinyin).casefold().replace("u:", "v"))
    plain = plain.replace("u\u0308", "v").replace("ü", "v")
    plain = "".join(mark for mark in plain if mark.isascii() and mark.isalpha() and not combining(mark))
    return plain.replace("lyu", "lv").replace("lve", "lue").replace("nve", "nue")


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        letters = _letters(word)
        latin = bool(letters) and not re.search(r"\d", word) and not re.search(r"[^\W\da-z]", _plain(word))
        if latin and joined and _LATIN.fullmatch(joined[-1]):
            joined[-1] += letters
        else:
            joined.append(letters if latin else word)
    return joined


def _plain(word: str) -> str:
    return "".join(mark for mark in normalize("NFD", word) if not combining(mark))


def _part(word: str, *, alone: bool) -> Part | None:
    if _DIGITS.fullmatch(word):
        return _digits(word, alone=alone)
    if _LATIN.fullmatch(word):
        return Part(word, _latin_keys(word))
    if room := _room(word):
        return Part(word, _name_keys(word), room=room)
    folded = _fold(word)
    if not folded:
        return None
    if mixed := _HANZI_LATIN.fullmatch(folded):
        return Part(word, _mixed_keys(mixed[1], mixed[2]))
    return Part(word, _name_keys(folded), address=folded if len(folded) >= _SHORTEST_ADDRESS else None)


def _digits(word: str, *, alone: bool) -> Part:
    """The tail of an identity number, a piece of a phone number; beside another word perhaps a room number."""
    phone = word if len(word) >= _SHORTEST_PHONE and word.isdigit() else None
    room = RoomPattern(room=word) if not alone and len(word) in _ROOM_DIGITS and word.isdigit() else None
    return Part(word, ((KeyKind.ID_TAIL.value, word.upper()[::-1]),), phone, room)


def _latin_keys(word: str) -> tuple[tuple[int, str], ...]:
    """Initials or full pinyin; zh, ch, sh count as one initial where no vowel was typed."""
    keys = {(KeyKind.INITIALS.value, word): None, (KeyKind.PINYIN.value, word): None}
    if not _VOWEL.search(word):
        keys[KeyKind.INITIALS.value, _DIGRAPH.sub(r"\1", word)] = None
    return tuple(keys)


def _mixed_keys(hanzi: str, letters: str) -> tuple[tuple[int, str], ...]:
    """王xm: the characters read, then the letters."""
    keys: dict[tuple[int, str], None] = {}
    for full, initials in readings(hanzi):
        keys[KeyKind.INITIALS.value, initials + letters] = None
        keys[KeyKind.PINYIN.value, full + letters] = None
    return tuple(keys)


def _name_keys(folded: str) -> tuple[tuple[int, str], ...]:
    if re.search(r"\d", folded):
        return ()
    return ((KeyKind.NAME.value, folded), (KeyKind.INNER_NAME.value, folded))


def _room(word: str) -> RoomPattern | None:
    for form in _ROOM_FORMS:
        if found := form.fullmatch(word):
            said = {field: _number(value) for field, value in found.groupdict().items() if value}
            return RoomPattern(**said)
    return None


def _number(text: str) -> str:
    """十二 as 12; anything but a Chinese number below 100 stays as it is."""
    if not text or text.strip(_TENS):
        return text.upper() if text.isascii() else text
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return "".join(str(_TENS.index(digit)) for digit in text)
    return str(10 * (_TENS.index(tens) if tens else 1) + (_TENS.index(ones) if ones else 0))
