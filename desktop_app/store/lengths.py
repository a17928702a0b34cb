"""How much fits into one record: what the server would set aside is refused before it is saved, by the same measure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from desktop_app.shared.errors import AppError
from desktop_app.store.base import SYNC_COLUMNS, Record, record_classes
from sync_protocol.messages import ROW_BYTES

HAN_BYTES: Final = 3
"""Bytes of a Chinese character as it travels (UTF-8)."""
MOST_CHARACTERS: Final = ROW_BYTES // HAN_BYTES // 1000 * 1000
"""About so many characters fit into one record."""
_WIDEST: Final = 6
"""Most bytes of a character in JSON (a control character)."""
_SURELY_FITS: Final = (ROW_BYTES - 8192) // _WIDEST
"""Characters that fit whatever they are; the rest is for the names of the fields, numbers and signs."""


def must_fit(record: Record) -> None:
    """AppError at the longest field of a record that is longer than the server takes."""
    if not _surely_fits(vars(record)):
        must_fit_values(type(record), _values(record))


def must_still_fit(record: Record, before: Mapping[str, Any]) -> None:
    """The same of one that was changed; `before`: what stood in the fields that were.

    One that was too long already may still be shortened, closed or withdrawn, but not made longer where it is longest.
    """
    if _surely_fits(vars(record)) or _fits(type(record), values := _values(record)):
        return
    field, _ = longest(type(record), values)
    grown = field in before and len(values[field]) > len(str(before[field] or ""))
    if grown or _fits(type(record), {**values, **before}):
        must_fit(record)


def must_fit_values(cls: type[Record], values: Mapping[str, Any]) -> None:
    """The same of the fields of a new record."""
    if _fits(cls, values):
        return
    field, words = longest(cls, values)
    over = -(-(_size(cls, values) - ROW_BYTES) // HAN_BYTES)
    raise AppError(
        f"{words}，太长了：一条{cls.__zh__}记录所有文字合计最多约 {MOST_CHARACTERS:,} 字。没有保存，写的内容还在原处。",
        field=field,
        next_step=f"请至少缩短 {over:,} 字，或把长的内容存成文件，作为附件添加。",
    )


def _surely_fits(values: Mapping[str, Any]) -> bool:
    return sum(len(value) for value in values.values() if type(value) is str) <= _SURELY_FITS


def _fits(cls: type[Record], values: Mapping[str, Any]) -> bool:
    return _surely_fits(values) or _size(cls, values) <= ROW_BYTES


def _values(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in (*_said(type(record)), "sync_ext")}


def must_fit_columns(cls: type[Record], columns: Mapping[str, Sequence[Any]]) -> None:
    """The same of many new records, cells by column; a few looks at each column where none is long."""
    if sum(map(_longest_cell, columns.values())) > _SURELY_FITS:
        for row in zip(*columns.values(), strict=True):
            must_fit_values(cls, dict(zip(columns, row, strict=True)))


def _longest_cell(cells: Sequence[Any]) -> int:
    try:
        return max(map(len, filter(None, cells)), default=0)
    except TypeError:  # numbers
        return max((len(cell) for cell in cells if type(cell) is str), default=0)


def longest(cls: type[Record], values: Mapping[str, Any]) -> tuple[str, str]:
    """The field with the most text, and how long it is in words: “备注”有 98,000 字; ("", "") if nothing is written."""
    texts = {name: value for name in _said(cls) if isinstance(value := values.get(name), str) and value}
    if not texts:
        return "", ""
    field = max(texts, key=lambda name: len(texts[name]))
    zh = cls.__table__.columns[field].info.get("zh") or field
    return field, f"“{zh}”有 {len(texts[field]):,} 字"


def longest_stored(source: Any, table: str, record_id: str) -> str:
    """Which field of a stored record that is too long is the longest, in words; else "".  `source` has `rows`."""
    cls = record_classes().get(table)
    if cls is None:
        return ""
    names = _said(cls)
    listed = ",".join(f'"{name}"' for name in names)
    found = source.rows(f'SELECT {listed} FROM "{table}" WHERE id=?', (record_id,))
    said = dict(zip(names, found[0], strict=True)) if found else {}
    return "" if _fits(cls, said) else longest(cls, said)[1]


def _said(cls: type[Record]) -> list[str]:
    """The fields that travel."""
    return [column.name for column in cls.__table__.columns if column.name not in SYNC_COLUMNS]


def _size(cls: type[Record], values: Mapping[str, Any]) -> int:
    """Bytes of a record as it travels, with what a newer program wrote into it."""
    said = {name: values.get(name) for name in _said(cls)}
    return len(orjson.dumps(said, default=str)) + len(str(values.get("sync_ext") or "").encode())
