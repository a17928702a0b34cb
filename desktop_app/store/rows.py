"""Many rows into one table: bound several to a statement, since a statement has a fixed price.

`stage` takes them into a temporary table, which SQLite keeps in memory, and gives back the one statement that moves
them on.  That statement runs without Python: meanwhile another thread can work.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

_TOGETHER = 100
_PORTION = 2_000
Columns = dict[str, Sequence[Any]]
"""Cells by column, all of one length."""


def insert_rows(raw: Any, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs `into` (`INSERT INTO table(columns)`) for all rows, which are of one length."""
    insert_packed(raw, into, pack(rows))


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows made ready to be bound: `_TOGETHER` of them in one tuple, and the rest of them."""

    whole: list[tuple[Any, ...]]
    rest: Sequence[tuple[Any, ...]]


def pack(rows: Sequence[tuple[Any, ...]]) -> Packed:
    """Makes rows ready for `insert_packed`; touches no connection."""
    end = len(rows) - len(rows) % _TOGETHER
    flat = chain.from_iterable
    return Packed([tuple(flat(rows[at : at + _TOGETHER])) for at in range(0, end, _TOGETHER)], rows[end:])


def insert_packed(raw: Any, into: str, rows: Packed, ending: str = "") -> None:
    """`insert_rows` for rows made ready before; `ending` is SQL: what follows in each row (`,4`)."""
    if not rows.whole and not rows.rest:
        return
    width = len(rows.rest[0]) if rows.rest else len(rows.whole[0]) // _TOGETHER
    marks = f"({','.join('?' * width)}{ending})"
    raw.executemany(f"{into} VALUES{','.join([marks] * _TOGETHER)}", rows.whole)
    raw.executemany(f"{into} VALUES{marks}", rows.rest)


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows that wait in a temporary table, numbered from 1: `SELECT expressions FROM table` gives them back."""

    table: str
    expressions: tuple[str, ...]
    constants: tuple[Any, ...]
    """What `?1`, `?2` … in the expressions stand for."""
    count: int

    def move(self, raw: Any, into: str, names: Iterable[str], last: int) -> None:
        """Inserts the rows into a table with the numbers that follow `last` as `local_no`."""
        listed = ",".join(f'"{name}"' for name in names)
        raw.execute(
            f"INSERT INTO {into}(local_no,{listed}) SELECT rowid+{last},{','.join(self.expressions)} "
            f"FROM temp.{self.table} ORDER BY rowid",
            self.constants,
        )
        raw.execute(f"DROP TABLE temp.{self.table}")

    def lay_over(self, raw: Any, into: str, names: Iterable[str]) -> None:
        """Puts the cells over those of the rows of a table that `local_no`, one of the columns, tells."""
        cells = dict(zip(names, self.expressions, strict=True))
        which = cells.pop("local_no")
        listed = ",".join(f'"{name}"={cell}' for name, cell in cells.items())
        raw.execute(f"UPDATE {into} SET {listed} FROM temp.{self.table} WHERE {into}.local_no={which}", self.constants)
        raw.execute(f"DROP TABLE temp.{self.table}")


def stage(raw: Any, table: str, columns: Columns, told: Callable[[int], None]) -> Staged:
    """Takes columns of one length into a temporary table; `told(rows)` hears of each portion.

    A value that all rows share is bound once.  A blank is bound as "" wherever no row has that itself: the driver
    takes ten times as long over None.
    """
    expressions: list[str] = []
    constants: list[Any] = []
    kept: list[Sequence[Any]] = []
    for cells in columns.values():
        if _is_constant(cells):
            constants.append(cells[0])
            expressions.append(f"?{len(constants)}")
            continue
        blank = None in cells and "" not in cells
        expressions.append(f"nullif(c{len(kept)},'')" if blank else f"c{len(kept)}")
        kept.append(["" if cell is None else cell for cell in cells] if blank else cells)
    kept = kept or [next(iter(columns.values()))]
    names = ",".join(f"c{at}" for at in range(len(kept)))
    raw.execute(f"CREATE TEMP TABLE {table}({names})")
    rows = list(zip(*kept, strict=True))
    for start in range(0, len(rows), _PORTION):
        portion = rows[start : start + _PORTION]
        insert_rows(raw, f"INSERT INTO temp.{table}({names})", portion)
        told(len(portion))
    return Staged(table, tuple(expressions), tuple(constants), len(rows))


def _is_constant(cells: Sequence[Any]) -> bool:
    first = cells[0]
    return first == cells[-1] and cells.count(first) == len(cells) and len(set(map(type, cells))) == 1
