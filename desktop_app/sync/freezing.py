"""Pending changes as they stand in a batch: read in sets and written column by column, thousands at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from desktop_app.attachments.model import Attachment
from desktop_app.store.database import Database
from desktop_app.store.journal import SyncedTable
from desktop_app.store.requests import Erasure
from desktop_app.sync import pending
from desktop_app.sync.pending import Pending
from sync_protocol.messages import Wire

_NO, _ID, _SEQ, _EXT, _DEL, _FIRST = range(6)
_BEFORE: Final = "local_no,id,sync_seq,sync_ext,sync_del"
LOCAL: Final = "no"
"""Member of a group that does not travel: the `local_no` of each record, where all of them are alive."""
Held = tuple[Any, ...]
"""A record as it stands in its table: `_BEFORE`, then its columns."""
Chosen = tuple[Pending, Held]
_MOVING: Final = (
    "EXISTS(SELECT 1 FROM sync_fly f JOIN sync_dirty d ON d.tbl=f.tbl AND d.local_no=f.local_no "
    f"WHERE f.tbl={Attachment.__table_no__})"
)
"""A file hangs on something else by now, and only what it hung on before is on its way: an erasure would take it."""
_FREE: Final = (
    f"SELECT {pending.COLUMNS} FROM sync_dirty WHERE txn>=0 AND NOT EXISTS(SELECT 1 FROM sync_fly f "
    "WHERE f.tbl=sync_dirty.tbl AND f.local_no=sync_dirty.local_no) "
    f"AND NOT (tbl={Erasure.__table_no__} AND {_MOVING}) ORDER BY txn,ts,tbl,local_no LIMIT ?"
)


class Source(Protocol):
    """A transaction, or a reader that sees one moment."""

    @property
    def db(self) -> Database:
        """The store."""

    def rows(self, sql: str, params: Any = ..., /) -> list[tuple[Any, ...]]:
        """All rows of a query."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a batch will say: all of it but its number, and where the desk stands."""

    groups: list[Wire]
    """Each with `LOCAL`, where its records are alive."""
    text: bytes
    """The groups as they travel, in JSON."""
    flying: dict[int, list[int]]
    """Table number → `local_no` of the records whose pending changes these are."""
    again: bool
    """Its deletions were all confirmed long ago: they are offered again after a restore."""
    more: bool
    """More is waiting behind it."""

    @property
    def count(self) -> int:
        """How many changes."""
        return sum(len(group["pk"]) for group in self.groups)


def those(local_nos: Sequence[int]) -> tuple[str, tuple[object, ...]]:
    """A condition on `local_no` and what it asks for; most batches are of records that were made one after another."""
    first, last = min(local_nos), max(local_nos)
    if last - first + 1 == len(local_nos):
        return "local_no BETWEEN ? AND ?", (first, last)
    return "local_no IN (SELECT value FROM json_each(?))", (orjson.dumps(local_nos).decode(),)


def choose(source: Source, limit: int) -> tuple[list[Pending], bool]:
    """The oldest pending changes, whole transactions where possible, in the order in which they were made.

    And whether there are more.
    """
    found = Pending.all_of(source.rows(_FREE, (limit + 1,)))
    if len(found) <= limit:
        return found, False
    beyond = found.pop()
    whole = [mine for mine in found if mine.txn < beyond.txn]
    return whole or found, True


def draft(source: Source, offers: Sequence[Wire], found: Sequence[Pending], size: int, *, more: bool) -> Draft:
    """A batch of offered groups and of as many pending changes as have about so many bytes."""
    whole = read(source, found)
    chosen, said = whole, _said(source, offers, whole)
    if len(said[1]) > size and len(chosen := within(source, whole, size)) < len(whole):
        said, more = _said(source, offers, chosen), True
    flying = {tbl: [mine.local_no for mine, _ in chosen if mine.tbl == tbl] for tbl in {mine.tbl for mine, _ in chosen}}
    again = [mine.txn == pending.OFFERED_AGAIN for mine, _ in chosen if mine.op == "d"]
    return Draft(*said, flying, bool(again) and all(again), more)


def _said(source: Source, offers: Sequence[Wire], chosen: Sequence[Chosen]) -> tuple[list[Wire], bytes]:
    found = [*offers, *groups(source, chosen)]
    return found, orjson.dumps(travelling(found))


def read(source: Source, found: Sequence[Pending]) -> list[Chosen]:
    """Pending changes with the records they are about, in the order given; columns none of them names are blank."""
    records: dict[int, dict[int, Held]] = {}
    for tbl in {mine.tbl for mine in found}:
        table, of_table = source.db.tables[source.db.numbers[tbl]], [mine for mine in found if mine.tbl == tbl]
        named = {name for mask in {mine.mask for mine in of_table} for name in pending.in_mask(table.columns, mask)}
        listed = ",".join(f'"{name}"' if name in named else "NULL" for name in table.columns)
        which, asked = those([mine.local_no for mine in of_table])
        rows = source.rows(f'SELECT {_BEFORE},{listed} FROM "{table.name}" WHERE {which}', asked)
        records[tbl] = {row[0]: row for row in rows}
    return [(mine, row) for mine in found if (row := records[mine.tbl].get(mine.local_no))]


def within(source: Source, chosen: list[Chosen], most: int) -> list[Chosen]:
    """As many as have about so many bytes of content, but at least one; whole transactions where possible."""
    size = 0
    for at, (mine, row) in enumerate(chosen):
        table = source.db.tables[source.db.numbers[mine.tbl]]
        said = dict(zip(table.columns, row[_FIRST:], strict=True))
        size += len(orjson.dumps({name: said[name] for name in mine.fields(table)}))
        size += len(row[_EXT] or "") if mine.op == "i" else 0
        if at and size > most:
            whole = next((end for end in range(at, 0, -1) if chosen[end - 1][0].txn != mine.txn), at)
            return chosen[:whole]
    return chosen


def groups(source: Source, chosen: Sequence[Chosen]) -> list[Wire]:
    """Changes as they travel, grouped by table, operation and fields; and where they stand here (`LOCAL`)."""
    keys = [(mine.tbl, mine.op, mine.mask, row[_EXT] if mine.op == "i" else None) for mine, row in chosen]
    found: dict[tuple[Any, ...], list[Chosen]] = {}
    if len(set(keys)) == 1:
        found[keys[0]] = list(chosen)
    else:
        for key, one in zip(keys, chosen, strict=True):
            found.setdefault(key, []).append(one)
    known = source.db
    return [_group(known.tables[known.numbers[key[0]]], key[-1], members) for key, members in found.items()]


def _group(table: SyncedTable, ext: str | None, members: list[Chosen]) -> Wire:
    """A deletion carries no content (R11); a whole record brings along the fields this build does not know."""
    changes = [mine for mine, _ in members]
    columns = list(zip(*[row for _, row in members], strict=True))
    said = dict(zip(table.columns, columns[_FIRST:], strict=True))
    values: dict[str, Sequence[Any]] = {name: said[name] for name in changes[0].fields(table)}
    for name, value in (orjson.loads(ext) if ext else {}).items():
        values.setdefault(name, [value] * len(members))  # what a column did not take is no more than what stands in it
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
