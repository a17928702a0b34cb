"""What every import says before and after: what is added, changed field by field, left as it is, to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.shared.text import mask
from desktop_app.spreadsheets.problems import RowProblem

NOT_IMPORTED = frozenset({"name_missing", "name_is_number", "building_missing", "row_too_long"})
"""Kinds of problems that keep a row out; every other row is imported."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that would change: its Chinese name, what stands there ("" for nothing) and what would."""

    label: str
    before: str
    after: str


def field_change(notes: Mapping[str, Any], before: Any, after: Any) -> FieldChange:
    """A change of a column with these notes; numbers are masked, what changes can be told all the same."""
    kind = notes.get("mask")
    one, other = (mask(kind, str(value)) if kind and value else str(value or "") for value in (before, after))
    return FieldChange(str(notes["zh"]), one, other)


@dataclass(frozen=True, slots=True)
class Change:
    """A stored record that a line changes; `line` is the place among the lines that were read."""

    line: int
    id: str
    name: str
    changes: tuple[FieldChange, ...]


@dataclass(slots=True)
class Plan:
    """What an import would do.  `added` and `unchanged` are places among the lines that were read."""

    added: list[int]
    changed: list[Change]
    unchanged: list[int]
    problems: list[RowProblem]

    @property
    def skipped(self) -> list[RowProblem]:
        """The rows that would not be imported, each with its reason."""
        return [one for one in self.problems if one.kind in NOT_IMPORTED]

    @property
    def to_look_at(self) -> int:
        """How many rows need a look."""
        return len({(one.sheet, one.row) for one in self.problems if one.must})

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the sheet stands in the register already."""
        return not self.added and not self.changed

    @property
    def words(self) -> str:
        """新增 8,120 · 更新 1,640 · 不变 190 · 需要看 50"""
        return (
            f"新增 {len(self.added):,} · 更新 {len(self.changed):,} · 不变 {len(self.unchanged):,} · "
            f"需要看 {self.to_look_at:,}"
        )


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was done.  `unit` is the measure word, `action` the number in the journal by which it can be taken back."""

    unit: str
    added: int
    changed: int
    unchanged: int
    rooms: int = 0
    households: int = 0
    action: int | None = None

    @property
    def words(self) -> str:
        """已导入 9,760 人（新增 8,120，更新 1,640），190 人没有变化。"""
        done = self.added + self.changed
        words = f"已导入 {done:,} {self.unit}（新增 {self.added:,}，更新 {self.changed:,}），"
        words += f"{self.unchanged:,} {self.unit}没有变化。"
        return words + (f"新建房屋 {self.rooms:,} 间。" if self.rooms else "")
