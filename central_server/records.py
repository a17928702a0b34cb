"""The records of one unit in storage: loaded and stored in sets."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from central_server.merge import Record, Version
from central_server.storage import Session

ASKED_AT_ONCE: Final = 500
_COLUMNS: Final = "tbl,id,fields,sync_seq,sync_ts,sync_dev,sync_by,sync_del,sync_fv,home,parent,holders"
_UPSERT: Final = (
    f"insert into record(scope_id,{_COLUMNS}) values(?,?,?,?,?,?,?,?,?,?,?,?,?) on conflict(scope_id,tbl,id) "
    "do update set fields=excluded.fields,sync_seq=excluded.sync_seq,sync_ts=excluded.sync_ts,"
    "sync_dev=excluded.sync_dev,sync_by=excluded.sync_by,sync_del=excluded.sync_del,sync_fv=excluded.sync_fv,"
    "home=excluded.home,parent=excluded.parent,holders=excluded.holders"
)
Key = tuple[str, str]
"""Table and id."""


def load(session: Session, scope: int, keys: Iterable[Key]) -> dict[Key, Record]:
    """Those of some records that a unit has."""
    wanted: dict[str, list[str]] = {}
    for table, pk in keys:
        wanted.setdefault(table, []).append(pk)
    found: dict[Key, Record] = {}
    for table, ids in wanted.items():
        for some in _portions(ids):
            marks = ",".join("?" * len(some))
            sql = f"select {_COLUMNS} from record where scope_id=? and tbl=? and id in ({marks})"
            for row in session.rows(sql, scope, table, *some):
                found[row[0], row[1]] = _record(row)
    return found


def after(session: Session, scope: int, seq: int, *, limit: int | None = None, upto: int | None = None) -> list[Record]:
    """The records of a unit after a number, in the order of their numbers."""
    sql, params = f"select {_COLUMNS} from record where scope_id=? and sync_seq>?", [scope, seq]
    if upto is not None:
        sql, params = f"{sql} and sync_seq<=?", [*params, upto]
    sql += " order by sync_seq"
    if limit is not None:
        sql, params = f"{sql} limit ?", [*params, limit]
    return [_record(row) for row in session.rows(sql, *params)]


def store(session: Session, scope: int, records: Iterable[Record]) -> None:
    """Puts records as they are now."""
    session.many(_UPSERT, ((scope, *_row(record)) for record in records))


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]


def _record(row: Sequence[Any]) -> Record:
    table, pk, fields, seq, ts, device, by, gone, versions, home, parent, holders = row
    known = {name: Version(*one) for name, one in orjson.loads(versions).items()} if versions else None
    others = tuple(int(unit) for unit in holders.strip(",").split(",")) if holders else ()
    return Record(table, pk, orjson.loads(fields), seq, ts, device, by, gone, known, home, parent, others)


def _row(record: Record) -> tuple[object, ...]:
    return (
        record.table,
        record.id,
        orjson.dumps(record.values).decode(),
        record.seq,
        record.ts,
        record.device,
        record.by,
        int(record.gone),
        _versions_text(record),
        record.home,
        record.parent,
        f",{','.join(map(str, record.holders))}," if record.holders else None,
    )


def _versions_text(record: Record) -> str | None:
    if not record.versions:
        return None
    return orjson.dumps({name: list(version) for name, version in record.versions.items()}).decode()
