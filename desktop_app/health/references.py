"""References that lead nowhere; a pull may be under way, so they are a hint until sync is done.

Who moved away or was erased is known to be gone; records of other units may point to what this one never receives.
"""

from collections.abc import Iterator
from typing import Final

from desktop_app.health.finding import Check
from desktop_app.store.base import record_classes

_NAMES: Final = ("name", "title", "host_name", "tag", "no", "text")
"""Columns a record may be known by, the best first."""
_OPENED: Final = ("person_id", "owner_person_id", "host_id")


def checks() -> Iterator[Check]:
    """One for every column that points to another record."""
    for name, cls in record_classes().items():
        columns = set(cls.__table__.columns.keys())
        told = next((f"coalesce(t.{column},t.id)" for column in _NAMES if column in columns), "t.id")
        for column in cls.__table__.columns:
            if target := column.info.get("ref"):
                yield Check(
                    f"orphan.{name}.{column.name}", "提醒", f"{cls.__zh__}的“{column.info['zh']}”指向不存在的记录",
                    name, told,
                    f'FROM "{name}" t WHERE t.sync_del=0 AND t.scope=0 AND t.{column.name} IS NOT NULL '
                    f'AND NOT EXISTS(SELECT 1 FROM "{target}" o WHERE o.id=t.{column.name} AND o.sync_del<>1)',
                    "请先同步一次；仍有时请补登或改正。", place=_place(columns, column.name),
                )  # fmt: skip


def _place(columns: set[str], broken: str) -> str:
    """The person a record belongs to, where that reference holds."""
    found = next((column for column in _OPENED if column in columns and column != broken), None)
    return f"'person',t.{found}" if found else "'',''"
