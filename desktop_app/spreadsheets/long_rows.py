"""Rows that no record can hold, since the server would not take it: told row by row, the others are imported."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sync_protocol.messages import ROW_BYTES

_WIDEST: Final = 4
"""Most bytes of a character as it travels."""
MOST_BYTES: Final = ROW_BYTES * 3 // 4
"""Of text in one row: what the program adds to a record fits in as well."""
MOST_CHARACTERS: Final = MOST_BYTES // 3 // 1000 * 1000
"""About so many Chinese characters."""


def long_rows(columns: Sequence[Sequence[Any]]) -> dict[int, int]:
    """Rows (from 0) with more text than fits → how many characters; a few looks at each column where none is long."""
    if sum(map(longest_cell, columns)) * _WIDEST <= MOST_BYTES:
        return {}
    counted = ((at, [cell for cell in row if type(cell) is str]) for at, row in enumerate(zip(*columns, strict=True)))
    return {at: sum(map(len, texts)) for at, texts in counted if _bytes(texts) > MOST_BYTES}


def longest_cell(cells: Iterable[Any]) -> int:
    """Characters of the longest text among some cells."""
    try:
        return max(map(len, filter(None, cells)), default=0)
    except TypeError:  # numbers and days among them
        return max((len(cell) for cell in cells if type(cell) is str), default=0)


def _bytes(texts: Sequence[str]) -> int:
    few = sum(map(len, texts))
    return few if few * _WIDEST <= MOST_BYTES else sum(len(text.encode(errors="replace")) for text in texts)
