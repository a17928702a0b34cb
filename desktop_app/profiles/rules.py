"""Code tables: what a code is, how a word finds it, which codes are offered on a day.  Pure; queries read the files.

A code is never deleted, only retired (`valid_to`); a code nobody knows is kept and shown as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

BASES = ("law", "secondary", "unverified", "local", "choice")
"""How sure a value is: statute text; a reproduction; nothing behind it; one place's practice; our decision."""

POINT_KINDS = ("党员积分", "志愿时间", "家庭积分")
"""The accounts a line of `points_rules` may be for (`of`)."""
POINT_WAYS = ("次", "分钟", "实数")
"""How it is counted (`per`): each time, by the minute, as told."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, how sure it is, and when it is in force (both ends included)."""

    source: str
    basis: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the value was in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its name and the other words that mean it; `more` holds what only this table knows."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    offered: bool = True
    """whether it stands in a list to choose from; one that is not offered is still understood"""
    known: bool = True
    origin: Origin = Origin("", "unverified")
    more: Mapping[str, Any] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A further word of this code, "" where there is none."""
        return str(self.more.get(key, ""))

    def words(self, key: str) -> tuple[str, ...]:
        """A further list of words, empty where there is none."""
        return tuple(map(str, self.more.get(key, ())))

    def number(self, key: str) -> int | None:
        """A further whole number."""
        value = self.more.get(key)
        return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A versioned table of codes; find by code, name or alias."""

    kind: str
    title: str
    version: int
    checked_on: date
    origin: Origin
    entries: tuple[Code, ...]
    more: Mapping[str, Any]
    _by_word: Mapping[str, Code]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def find(self, word: str | None) -> Code | None:
        """The entry a code, a name or an alias means, whatever its blanks and width; None if the table has none."""
        return self._by_word.get(fold(word)) if word else None

    def get(self, word: str) -> Code:
        """As `find`, but an unknown word comes back as a code of its own, never dropped."""
        return self.find(word) or Code(word, word, known=False)

    def name(self, word: str | None) -> str:
        """What to show for a stored code or word; "" for nothing."""
        return self.get(word).name if word else ""

    def code(self, word: str | None) -> str:
        """The code of a word; the word itself if it is unknown; "" for nothing."""
        return self.get(word).code if word else ""

    def names(self, day: date | None = None) -> tuple[str, ...]:
        """The names to choose from, in the order of the file."""
        return tuple(entry.name for entry in self.offered(day))

    def offered(self, day: date | None = None) -> tuple[Code, ...]:
        """The entries to choose from on a day; without a day, those that have not been retired."""
        return tuple(
            entry
            for entry in self.entries
            if entry.offered and (entry.origin.holds_on(day) if day else entry.origin.valid_to is None)
        )

    def where(self, key: str, value: str) -> tuple[Code, ...]:
        """The entries whose further word `key` is `value`, offered or not."""
        return tuple(entry for entry in self.entries if entry.text(key) == value)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def fold(word: str) -> str:
    """A word as it is compared: no blanks, half-width, small letters."""
    return "".join(word.translate(_WIDE).split()).casefold()


def code_table(kind: str, content: Mapping[str, Any]) -> CodeTable:
    """A table from the content of its file.  KeyError, TypeError or ValueError where the file is wrong."""
    head = {key: value for key, value in content.items() if key != "entries"}
    origin = origin_of(head, None, source=str(head["source_note"]))
    entries = tuple(_code(row, origin) for row in content["entries"])
    return CodeTable(
        kind=kind,
        title=str(head["title"]),
        version=int(head["version"]),
        checked_on=_date(head["checked_on"]),
        origin=origin,
        entries=entries,
        more=head,
        _by_word=_index(entries),
    )


def origin_of(row: Mapping[str, Any], above: Origin | None, *, source: str = "") -> Origin:
    """The origin a row states, with what it leaves out taken from the one above it."""
    basis = str(row["basis"] if above is None else row.get("basis", above.basis))
    if basis not in BASES:
        raise ValueError(f"basis = {basis!r}")
    start, end = row.get("valid_from"), row.get("valid_to")
    return Origin(
        source=str(row.get("source") or source or (above.source if above else "")),
        basis=basis,
        valid_from=_date(start) if start else above.valid_from if above else None,
        valid_to=_date(end) if end else None,
    )


_OWN = frozenset({"code", "name", "aliases", "offered", "source", "basis", "valid_from", "valid_to"})


def _code(row: Mapping[str, Any], above: Origin) -> Code:
    return Code(
        code=str(row["code"]),
        name=str(row["name"]),
        aliases=tuple(map(str, row.get("aliases", ()))),
        offered=bool(row.get("offered", True)),
        origin=origin_of(row, above),
        more={key: value for key, value in row.items() if key not in _OWN},
    )


def _index(entries: Iterable[Code]) -> dict[str, Code]:
    """Codes before names before aliases; the first entry of two with the same word wins."""
    found: dict[str, Code] = {}
    rows = tuple(entries)
    for words in ([row.code for row in rows], [row.name for row in rows]):
        for row, word in zip(rows, words, strict=True):
            found.setdefault(fold(word), row)
    for row in rows:
        for alias in row.aliases:
            found.setdefault(fold(alias), row)
    return found


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date")
    return value
