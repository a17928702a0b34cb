"""Pending changes as they stand in a batch: read in sets and written column by column, thousands at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from desktop_app.store.database import Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync.pending import Pending
from sync_protocol.messages import Wire

_NO, _ID, _SEQ, _EXT, _DEL, _FIRST = range(6)
_BEFORE: Final = "local_no,id,sync_seq,sync_ext,sync_del"
LOCAL: Final = "no"
"""Member of a group that does not travel: the `local_no` of each record, where all of them are alive."""
Held = tuple[Any, ...]
"""A record as it stands in its table: `_BEFORE`, then its columns."""
Chosen = tuple[Pending, Held]


def read(tx: Transaction, found: Sequence[Pending]) -> list[Chosen]:
    """Pending changes with the records they are about, in the order given."""
    records: dict[tuple[int, int], Held] = {}
    for tbl in {mine.tbl for mine in found}:
        table = tx.db.tables[tx.db.numbers[tbl]]
        local_nos = orjson.dumps([mine.local_no for mine in found if mine.tbl == tbl]).decode()
        listed = ",".join(f'"{name}"' for name in table.columns)
        sql = f'SELECT {_BEFORE},{listed} FROM "{table.name}" WHERE local_no IN (SELECT value FROM json_each(?))'
        for row in tx.rows(sql, (local_nos,)):
            records[tbl, row[0]] = row
    return [(mine, records[mine.tbl, mine.local_no]) for mine in found if (mine.tbl, mine.local_no) in records]


def within(tx: Transaction, chosen: list[Chosen], most: int) -> list[Chosen]:
    """As many as have about so many bytes of content, but at least one."""
    if len(orjson.dumps([row for _, row in chosen])) <= most:
        return chosen
    size = 0
    for at, (mine, row) in enumerate(chosen):
        table = tx.db.tables[tx.db.numbers[mine.tbl]]
        said = dict(zip(table.columns, row[_FIRST:], strict=True))
        size += len(orjson.dumps({name: said[name] for name in mine.fields(table)}))
        size += len(row[_EXT] or "") if mine.op == "i" else 0
        if at and size > most:
            return chosen[:at]
    return chosen


def groups(tx: Transaction, chosen: Iterable[Chosen]) -> list[Wire]:
    """Changes as they travel, grouped by table, operation and fields; and where they stand here (`LOCAL`)."""
    found: dict[tuple[Any, ...], list[Chosen]] = {}
    for one in chosen:
        mine, row = one
        found.setdefault((mine.tbl, mine.op, mine.mask, row[_EXT] if mine.op == "i" else None), []).append(one)
    return [_group(tx.db.tables[tx.db.numbers[key[0]]], key[-1], members) for key, members in found.items()]


def _group(table: SyncedTable, ext: str | None, members: list[Chosen]) -> Wire:
    """A deletion carries no content (R11); a whole record brings along the fields this build does not know."""
    changes = [mine for mine, _ in members]
    columns = list(zip(*[row for _, row in members], strict=True))
    said = dict(zip(table.columns, columns[_FIRST:], strict=True))
    values: dict[str, Sequence[Any]] = {name: said[name] for name in changes[0].fields(table)}
    for name, value in (orjson.loads(ext) if ext else {}).items():
        values[name] = [value] * len(members)
    return {
        **({} if any(columns[_DEL]) else {LOCAL: columns[_NO]}),
        "t": table.name,
        "op": changes[0].op,
        "cols": list(values),
        "pk": columns[_ID],
        "base": columns[_SEQ],
        "ts": [mine.ts for mine in changes],
        "by": [mine.by for mine in changes],
        "fb": {str(at): mine.bases for at, mine in enumerate(changes) if mine.bases},
        "v": list(values.values()),
    }


def travelling(found: Iterable[Wire]) -> list[Wire]:
    """Groups without what stays here."""
    return [{name: member for name, member in group.items() if name != LOCAL} for group in found]
