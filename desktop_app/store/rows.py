"""Many rows into one table, several to a statement: a statement has a fixed price, with triggers a high one."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

_TOGETHER = 50


def insert_rows(raw: Any, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs `into` (`INSERT INTO table(columns)`) for all rows, which are of one length."""
    if not rows:
        return
    marks = f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % _TOGETHER
    flat = chain.from_iterable
    raw.executemany(
        f"{into} VALUES{','.join([marks] * _TOGETHER)}",
        (tuple(flat(rows[start : start + _TOGETHER])) for start in range(0, whole, _TOGETHER)),
    )
    raw.executemany(f"{into} VALUES{marks}", rows[whole:])
