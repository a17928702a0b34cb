"""How a file of rules is shown as tables and forms: its parts, their fields in Chinese, what may stand in each.

The shapes are data (`resources/practice/fields.toml`); what no shape names stays in the file as it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, Final

from desktop_app.profiles.queries import codes
from desktop_app.shared.dates import iso_date
from desktop_app.shared.resources import resource

ONE, SAME, ANY = ROWS = ("one", "same", "any")
"""A single record; records that can be changed but not added to; records that can be added."""
_BETWEEN: Final = "；;\n"
"""What stands between the words of a list; names have commas of their own."""
_YES, _NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Shape:
    """A field: `key` in the record (a dot goes into a group), `kind`, what it may be (`of`: pairs of code, words)."""

    key: str
    label: str
    kind: str = "text"
    of: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    fixed: bool = False
    wide: bool = False
    hint: str = ""
    least: int | None = None
    most: int | None = None
    seen: bool = False
    """Shown only where some record of the part has it."""

    def told(self, value: Any) -> str:
        """A value as a form shows it."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(value, list):
            return _BETWEEN[0].join(self._word(str(one)) for one in value)
        return self._word(str(value)) if self.kind in ("codes", "chosen") else str(value)

    def words(self, value: Any) -> str:
        """A value in words, as a list of changes and a table show it."""
        return self._word(self.told(value)) if self.kind in ("choice", "code") else self.told(value)

    def _word(self, code: str) -> str:
        return dict(self.of).get(code, code)

    def read(self, text: str) -> tuple[Any, str]:
        """(value, "") of what was typed, or (None, what is wrong with it); (None, "") for nothing."""
        text = text.strip()
        if not text:
            return None, "这一项要填写" if self.needed else ""
        reader = {
            "number": self._number, "day": self._day, "yes": self._yes, "words": self._words, "codes": self._codes,
            "chosen": self._codes, "pattern": self._pattern,
        }.get(self.kind)  # fmt: skip
        return reader(text) if reader else (text, "")

    def _number(self, text: str) -> tuple[Any, str]:
        below = self.least is not None and self.least < 0
        if not text.removeprefix("-" if below else "").isdecimal():
            return None, "要填整数"
        number = int(text)
        if self.least is not None and number < self.least:
            return None, f"不能小于 {self.least}"
        if self.most is not None and number > self.most:
            return None, f"不能大于 {self.most}"
        return number, ""

    def _day(self, text: str) -> tuple[Any, str]:
        found = iso_date(text)
        if found and len(found) == len("2026-11-22"):
            return date.fromisoformat(found), ""
        return None, "要写成 2026-11-22 的样子，而且是日历上有的日子"

    def _yes(self, text: str) -> tuple[Any, str]:
        return {_YES: (True, ""), _NO: (False, "")}.get(text, (None, "只能是“是”或“否”"))

    def _words(self, text: str) -> tuple[Any, str]:
        return [word for word in (part.strip() for part in _split(text)) if word], ""

    def _codes(self, text: str) -> tuple[Any, str]:
        known = {**{code: code for code, _ in self.of}, **{name: code for code, name in self.of}}
        told = self._words(text)[0]
        strange = [word for word in told if word not in known]
        if strange:
            return None, f"没有“{'、'.join(strange)}”，可以是：{'、'.join(name for _, name in self.of)}"
        return [known[word] for word in told], ""

    def _pattern(self, text: str) -> tuple[Any, str]:
        try:
            first, second = (text.format(seq=seq, community="试", year=2026) for seq in (1, 2))
        except (KeyError, IndexError, ValueError):
            return None, "只能用 {year}、{seq}、{community}，序号可写成 {seq:04d}"
        return (text, "") if first != second else (None, "要有 {seq}，不然每个编号都一样")


def _split(text: str) -> list[str]:
    for mark in _BETWEEN[1:]:
        text = text.replace(mark, _BETWEEN[0])
    return text.split(_BETWEEN[0])


@dataclass(frozen=True, slots=True)
class PartShape:
    """A part of a file; `path` is the key of its records, "a.b" those inside the records of a."""

    path: str
    title: str
    rows: str
    called: tuple[str, ...]
    fields: tuple[Shape, ...]
    ordered: bool = False
    papers: tuple[str, ...] = ()
    """What is printed by it."""

    @property
    def inside(self) -> str:
        """The path of the records these stand in, "" where they stand by themselves."""
        return self.path.rpartition(".")[0]

    @property
    def list_key(self) -> str:
        return self.path.rpartition(".")[2]


@cache
def _fields() -> Mapping[str, Any]:
    return tomllib.loads(resource("practice", "fields.toml").read_text("utf-8"))


def origin_labels() -> frozenset[str]:
    """What the fields are called that say where a record comes from, not what holds."""
    return frozenset(str(one["label"]) for one in _fields()["origin"]["fields"])


def shapes(name: str, home: Path | None = None) -> tuple[PartShape, ...]:
    """The parts of a file by its name in BOOKS; the first shape for a path wins.

    Codes are offered as the community has them whose folder `home` is, as they were shipped without one.
    """
    origin = tuple(_shape(one, home) for one in _fields()["origin"]["fields"])
    found: dict[str, PartShape] = {}
    for one in _fields()["part"]:
        if fnmatch(name, str(one["books"])) and one["path"] not in found:
            found[one["path"]] = _part(one, origin, home)
    return tuple(found.values())


def _part(row: Mapping[str, Any], origin: tuple[Shape, ...], home: Path | None) -> PartShape:
    path, rows = str(row["path"]), str(row.get("rows", ANY))
    own = tuple(_shape(one, home) for one in row["fields"])
    dated = rows != ONE and "." not in path
    return PartShape(
        path, str(row["title"]), rows, tuple(row.get("called", ("name",))), (*own, *origin) if dated else own,
        ordered=bool(row.get("ordered", False)), papers=tuple(row.get("papers", ())),
    )  # fmt: skip


def _shape(row: Mapping[str, Any], home: Path | None) -> Shape:
    told = dict(row)
    of = told.pop("of", ())
    pairs = tuple((one.code, one.name) for one in codes(of, home)) if isinstance(of, str) else tuple(map(tuple, of))
    return Shape(**told, of=pairs)
