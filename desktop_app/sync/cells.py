"""What a column takes.

SQLite keeps a word in a column of numbers if it is told to, and every sum and every page over it stops from then on.
Desks of one unit hear all of each other, so what comes from the server is looked at before it is stored; a record that
has such a cell waits with those this build cannot place (`parked`), until somebody puts it right.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Boolean

from desktop_app.store.base import record_classes
from sync_protocol.messages import Wire
from sync_protocol.shapes import LARGEST, LATEST

_NOTHING: Final = type(None)
_USUAL: Final = 1 << 40
"""No number that is counted, measured or paid is beyond it, and millions of them can be added up in 64 bits."""
_NUMBERS: Final = {"win_ts": LARGEST, "lose_ts": LARGEST, "win_dev": LARGEST, "lose_dev": LARGEST, "desk": LARGEST}
"""Stamps and devices are no amounts."""


class _Kind(NamedTuple):
    """Types of the cells of a column; of numbers the least and the most."""

    types: frozenset[type]
    least: int = 0
    most: int = 0


_TEXT: Final = _Kind(frozenset({str, _NOTHING}))


def unfit(group: Wire) -> set[str]:
    """The records of a group with a cell their column does not take, looked at column by column."""
    kinds, found = _kinds(group["t"]), set[str]()
    for name, cells in zip(group["cols"], group["v"], strict=True) if not group["gone"] else ():
        kind = kinds.get(name)
        if kind and not _fits(kind, cells):
            found |= {pk for pk, cell in zip(group["pk"], cells, strict=True) if not _fits(kind, (cell,))}
    return found


def fit(table: str, values: Mapping[str, Any]) -> bool:
    """Whether every column takes its value; a column or table this build does not know takes anything."""
    kinds = _kinds(table)
    return all(_fits(kind, (value,)) for name, value in values.items() if (kind := kinds.get(name)))


def _fits(kind: _Kind, cells: Sequence[Any]) -> bool:
    types = set(map(type, cells))
    if not types <= kind.types:
        return False
    if kind is _TEXT or types <= {_NOTHING}:
        return True
    numbers = [cell for cell in cells if cell is not None] if _NOTHING in types else cells
    return bool(kind.least <= min(numbers) and max(numbers) <= kind.most)


@cache
def _kinds(table: str) -> dict[str, _Kind]:
    cls = record_classes().get(table)
    return {column.name: _kind(column) for column in cls.__table__.columns} if cls else {}


def _kind(column: Any) -> _Kind:
    name, numbers = column.name, frozenset({int, _NOTHING})
    if isinstance(column.type, Boolean):
        return _Kind(numbers, 0, 1)
    python = column.type.python_type
    if python is float:
        return _Kind(numbers | {float}, -_USUAL, _USUAL)
    if python is not int:
        return _TEXT
    if name == "at" or name.endswith("_at"):
        return _Kind(numbers, 0, LATEST)
    return _Kind(numbers, 0 if name in _NUMBERS else -_USUAL, _NUMBERS.get(name, _USUAL))
