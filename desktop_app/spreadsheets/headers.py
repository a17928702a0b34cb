"""Which words above a column mean which field: `resources/codes/headers.toml` as objects."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from desktop_app.shared.resources import resource
from desktop_app.shared.text import clean, half_width, plain

_BRACKETED = re.compile(r"[(\[【〔（][^()\[\]【】〔〕（）]*[)\]】〕）]")
_DECORATION = re.compile(r"[*:：、。,，_\"'“”]+")
NOT_COLLECTED = "not_collected"
TAG = "tag:"
"""A column of marks is mapped to `tag:` and the name of the tag."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column as an object: what it may be called, and how it is to be read."""

    key: str
    label: str
    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    many: bool
    home: bool

    def fits(self, header: str) -> bool:
        """Whether one of the patterns fits a compared header."""
        if self.unless and self.unless.search(header):
            return False
        return any(pattern.search(header) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields a kind of sheet may have.  `tags`: compared header → name of a tag, empty if none are read."""

    kind: str
    fields: tuple[Field, ...]
    by_name: dict[str, Field]
    tags: dict[str, str]
    tag_groups: re.Pattern[str] | None
    _fitting: dict[str, tuple[Field, ...]] = field(default_factory=dict, compare=False, repr=False)

    def fitting(self, header: str) -> tuple[Field, ...]:
        """The fields one of whose patterns fits a compared header; remembered, since a sheet is tried row by row."""
        found = self._fitting.get(header)
        if found is None:
            found = self._fitting[header] = tuple(one for one in self.fields if one.fits(header))
        return found

    def field(self, key: str) -> Field:
        """The field of a key."""
        return next(one for one in self.fields if one.key == key)

    def exact(self, header: str, group: str = "") -> Field | None:
        """The field whose name this header is, under its group heading first."""
        return self.by_name.get(f"{group}/{header}") or self.by_name.get(header)


@lru_cache(maxsize=4096)
def compared(header: str) -> str:
    """A header as it is compared: half-width, lower case, no white space, stars, or brackets with what is in them."""
    text = half_width(header)
    bare = _DECORATION.sub("", _BRACKETED.sub("", text))
    return (bare or _DECORATION.sub("", text)).lower()


def shown(cell: Any) -> str:
    """A header as it is shown and named in problems: white space taken out."""
    return "".join(clean(plain(cell)).split())


@lru_cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resource("codes", "headers.toml").read_text(encoding="utf-8"))


@lru_cache
def vocabulary(kind: str) -> Vocabulary:
    """The words for `residents`, `buildings` or `centre_households`."""
    fields = tuple(_field(key, entry) for key, entry in _data()[kind].items())
    by_name: dict[str, Field] = {}
    for one in fields:
        for name in one.names:
            by_name.setdefault(name, one)
    if kind != "residents":
        return Vocabulary(kind, fields, by_name, {}, None)
    tags = _data()["tags"]
    names = {compared(alias): tag for tag, aliases in tags["names"].items() for alias in aliases}
    return Vocabulary(kind, fields, by_name, names, re.compile(tags["groups"]))


def _field(key: str, entry: dict[str, Any]) -> Field:
    unless = entry.get("not", ())
    return Field(
        key,
        entry["label"],
        frozenset(
            "/".join(compared(part) for part in name.split("/")) if "/" in name else compared(name)
            for name in entry.get("names", ())
        )
        | {compared(name) for name in entry.get("names", ())},
        tuple(re.compile(pattern) for pattern in entry.get("patterns", ())),
        re.compile("|".join(map(re.escape, unless))) if unless else None,
        entry.get("many", False),
        entry.get("home", False),
    )


@lru_cache
def never_collected() -> re.Pattern[str]:
    """Words of restricted classes, which are not taken over from any column (PIPL art. 6, 28)."""
    return re.compile(_data()["tags"]["never"])


@lru_cache
def marks() -> tuple[frozenset[str], frozenset[str]]:
    """The words for yes and for no in a column of marks, in capitals and half-width."""
    tags = _data()["tags"]
    return frozenset(map(_mark, tags["yes"])), frozenset(map(_mark, tags["no"]))


def _mark(word: str) -> str:
    return half_width(word).upper()


@lru_cache(maxsize=4096)
def read_mark(text: str) -> tuple[bool, str | None]:
    """(whether the mark is set, its detail if it is a word of its own such as 肢体二级)."""
    word = _mark(text)
    yes, no = marks()
    if word in yes:
        return True, None
    return (False, None) if word in no else (True, clean(text))
