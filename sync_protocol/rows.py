"""Rows as they travel: column by column, grouped by table, home and fields; members named as in docs/protocol.md."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import repeat
from typing import Any, NamedTuple

from sync_protocol import shapes

Wire = dict[str, Any]


class Gone(IntEnum):
    """What became of a record; whatever is not alive carries no values (R11)."""

    ALIVE = 0
    DELETED = 1
    """Somebody deleted it; the mailbox keeps the content, so an edit can bring it back."""
    ERASED = 2
    """Its content has to vanish everywhere and never comes back."""
    WITHDRAWN = 3
    """It lives on, but this unit does not receive it any more."""
    MOVED = 4
    """It lives on in another unit: `Row.home`."""


class Row(NamedTuple):
    """One record as the server has it.

    `home` is the unit it belongs to, 0 for the one that receives it; of a moved record it is the new one.
    """

    table: str
    id: str
    seq: int
    ts: int
    device: int
    by: str | None
    gone: int
    values: dict[str, Any]
    home: int = 0

    @property
    def deleted(self) -> bool:
        """Whether it is a tombstone, of whatever kind."""
        return self.gone != Gone.ALIVE


class Rows(Sequence[Row]):
    """Rows as they travel, column by column: one dict a group, already checked.  Each row is made when it is asked for.

    Thousands of rows go from a table into a message and from a message into a table without ever being one by one.
    """

    def __init__(self, groups: list[Wire]) -> None:
        self.groups = groups
        self._rows: list[Row] | None = None

    def __len__(self) -> int:
        return sum(len(group["pk"]) for group in self.groups)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._made())

    def __getitem__(self, at: Any) -> Any:
        return self._made()[at]

    def __eq__(self, other: object) -> bool:
        return self._made() == list(other) if isinstance(other, Iterable) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return repr(self._made())

    def _made(self) -> list[Row]:
        if self._rows is None:
            self._rows = [row for group in self.groups for row in rows_of_group(group)]
        return self._rows


def rows_of_group(group: Wire) -> Iterator[Row]:
    """The rows of one group, each with its own values."""
    cols, count, home = tuple(group["cols"]), len(group["pk"]), group["home"]
    cells = zip(*group["v"], strict=True) if cols else repeat((), count)
    gone = group["gone"]
    for pk, seq, ts, device, by, row in zip(
        group["pk"], group["seq"], group["ts"], group["dev"], group["by"], cells, strict=True
    ):
        yield Row(group["t"], pk, seq, ts, device, by, gone, dict(zip(cols, row, strict=True)), home)


def rows_to_wire(rows: Iterable[Row]) -> list[Wire]:
    """Rows column by column, grouped by table, home and fields."""
    if isinstance(rows, Rows):
        return rows.groups
    groups: dict[tuple[str, int, int, tuple[str, ...]], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.table, int(row.gone), row.home, tuple(row.values)), []).append(row)
    return [
        {
            "t": table,
            "gone": gone,
            "home": home,
            "cols": list(cols),
            "pk": [row.id for row in group],
            "seq": [row.seq for row in group],
            "ts": [row.ts for row in group],
            "dev": [row.device for row in group],
            "by": [row.by for row in group],
            "v": [[row.values[name] for row in group] for name in cols],
        }
        for (table, gone, home, cols), group in groups.items()
    ]


def rows_from_wire(raw: object) -> list[Row]:
    """The rows in a list of groups."""
    return list(columns_from_wire(raw))


def columns_from_wire(raw: object) -> Rows:
    """The same, still by column."""
    return Rows(shapes.listed(raw, _group_from_wire))


def _group_from_wire(raw: object) -> Wire:
    ids = shapes.identifiers(shapes.member(raw, "pk"))
    count = len(ids)
    cols, columns = columns_of(raw, count)
    return {
        "t": shapes.name(shapes.member(raw, "t")),
        "gone": shapes.one_of(shapes.member(raw, "gone"), tuple(Gone)),
        "home": shapes.whole(shapes.member(raw, "home")),
        "cols": cols,
        "pk": ids,
        "seq": shapes.wholes(shapes.member(raw, "seq"), count),
        "ts": shapes.wholes(shapes.member(raw, "ts"), count),
        "dev": shapes.wholes(shapes.member(raw, "dev"), count),
        "by": shapes.persons(shapes.member(raw, "by"), count),
        "v": columns,
    }


def columns_of(raw: object, count: int) -> tuple[list[str], list[list[Any]]]:
    """The fields that are named, and the cells of each."""
    cols = shapes.listed(shapes.member(raw, "cols"), shapes.name)
    if len(set(cols)) != len(cols):
        raise shapes.BadMessage("a field is named twice")
    return cols, shapes.listed(shapes.member(raw, "v"), lambda one: _column(one, count), len(cols))


def _column(value: object, count: int) -> list[Any]:
    """The cells of one field, whatever they are."""
    if not isinstance(value, list) or len(value) != count:
        raise shapes.BadMessage("not the list expected")
    return value
