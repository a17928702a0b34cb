"""The records of one unit in storage: loaded and stored in sets."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from central_server.merge import Record, Version
from central_server.storage import Session
from sync_protocol.messages import Gone, Rows

_COLUMNS: Final = "tbl,id,fields,sync_seq,sync_ts,sync_dev,sync_by,sync_del,sync_fv,home,parent,holders"
_SENT: Final = "tbl,id,fields,sync_seq,sync_ts,sync_dev,sync_by,sync_del,home"
_TOGETHER: Final = 200
PAGE_CHARACTERS: Final = 4 << 20
"""About so many characters go into one page, or between two marks."""
MOST_CHARACTERS: Final = 2 << 20
"""No record grows beyond, however little each change adds and whichever unit's desk says it."""
_FIELDS: Final = 2
SEQ: Final = 3
"""Where in it the content stands, and the number."""
_STORED: Final = ("scope_id", *_COLUMNS.split(","))
_KEY: Final = ("scope_id", "tbl", "id")
_SPECIAL: Final = f" and (holders is not null or sync_del={int(Gone.ERASED)})"
Key = tuple[str, str]
"""Table and id."""


def load(session: Session, scope: int, keys: Iterable[Key], *, special: bool = False) -> dict[Key, Record]:
    """Those of some records that a unit has; of them the `special` ones, which stand elsewhere too, or are erased."""
    condition = _SPECIAL if special else ""
    wanted: dict[str, list[str]] = {}
    for table, pk in keys:
        wanted.setdefault(table, []).append(pk)
    found: dict[Key, Record] = {}
    for table, ids in wanted.items():
        sql = f"select {_COLUMNS} from record where scope_id=? and tbl=? and id = any(?){condition}"
        for row in session.rows(sql, scope, table, ids):
            found[row[0], row[1]] = _record(row)
    return found


def following(session: Session, scope: int, parents: Iterable[str]) -> list[Record]:
    """The records of a unit that follow some others, named `table/id`."""
    sql = f"select {_COLUMNS} from record where scope_id=? and parent = any(?)"
    return [_record(row) for row in session.rows(sql, scope, sorted(parents))]


def keys_of(session: Session, scope: int, tables: Iterable[str]) -> list[Key]:
    """The records of some tables that a unit has."""
    found = session.rows("select tbl,id from record where scope_id=? and tbl = any(?)", scope, sorted(tables))
    return [(table, pk) for table, pk in found]


def after(
    session: Session, scope: int, seq: int, *, limit: int | None = None, upto: int | None = None
) -> list[tuple[Any, ...]]:
    """The records of a unit after a number, in the order of their numbers: what `columns` makes rows from."""
    sql, params = f"select {_SENT} from record where scope_id=? and sync_seq>?", [scope, seq]
    if upto is not None:
        sql, params = f"{sql} and sync_seq<=?", [*params, upto]
    sql += " order by sync_seq"
    if limit is not None:
        sql, params = f"{sql} limit ?", [*params, limit]
    return session.rows(sql, *params)


def some_after(session: Session, scope: int, seq: int, limit: int, most: int) -> tuple[list[tuple[Any, ...]], bool]:
    """The same, at most `limit` records with about `most` characters, but at least one; and whether these are all."""
    # only their sizes first: some hundred of the longest would be gigabytes
    sql = "select sync_seq,length(fields) from record where scope_id=? and sync_seq>? order by sync_seq limit ?"
    size, last, lengths = 0, seq, session.rows(sql, scope, seq, limit)
    for number, characters in lengths:
        size, last = size + characters, number
        if size > most:
            break
    return after(session, scope, seq, upto=last), size <= most and len(lengths) < limit


def columns(found: Sequence[Sequence[Any]], scope: int) -> Rows:
    """What `after` found, as the desks of a unit get it; a tombstone goes out without content (R11).

    Contents are parsed some hundred at a time and none becomes a record of its own: a page has thousands.
    """
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for start in range(0, len(found), _TOGETHER):
        some = found[start : start + _TOGETHER]
        said = orjson.loads(f"[{','.join([row[_FIELDS] for row in some])}]")
        members: dict[tuple[Any, ...], list[tuple[Sequence[Any], dict[str, Any]]]] = {}
        for row, values in zip(some, said, strict=True):
            gone, home = row[-2:]
            key = (row[0], gone, 0 if home == scope else home, () if gone else tuple(values))
            members.setdefault(key, []).append((row, values))
        for key, rows in members.items():
            _add(groups.get(key) or groups.setdefault(key, _group(*key)), rows)
    return Rows(list(groups.values()))


def _group(table: str, gone: int, home: int, cols: tuple[str, ...]) -> dict[str, Any]:
    about: dict[str, list[Any]] = {name: [] for name in ("pk", "seq", "ts", "dev", "by")}
    return {"t": table, "gone": gone, "home": home, "cols": cols, **about, "v": [[] for _ in cols]}


def _add(group: dict[str, Any], rows: list[tuple[Sequence[Any], dict[str, Any]]]) -> None:
    _, ids, _, seqs, stamps, devices, persons, _, _ = zip(*[row for row, _ in rows], strict=True)
    for name, cell in (("pk", ids), ("seq", seqs), ("ts", stamps), ("dev", devices), ("by", persons)):
        group[name] += cell
    cells = zip(*[values.values() for _, values in rows], strict=True) if group["cols"] else ()
    for column, more in zip(group["v"], cells, strict=True):
        column.extend(more)


def whole_after(session: Session, scope: int, seq: int, *, limit: int) -> list[Record]:
    """The same as records, without the versions of their fields."""
    return [
        Record(table, pk, orjson.loads(fields), number, ts, device, by, gone, None, home)
        for table, pk, fields, number, ts, device, by, gone, home in after(session, scope, seq, limit=limit)
    ]


def bare_after(session: Session, scope: int, seq: int, *, limit: int) -> list[Record]:
    """As `whole_after`, without content."""
    sql = (
        "select tbl,id,sync_seq,sync_ts,sync_dev,sync_by,sync_del,home from record where scope_id=? and sync_seq>? "
        "order by sync_seq limit ?"
    )
    found = session.rows(sql, scope, seq, limit)
    return [
        Record(table, pk, {}, number, ts, device, by, gone, None, home)
        for table, pk, number, ts, device, by, gone, home in found
    ]


def keys_after(session: Session, scope: int, seq: int, limit: int) -> list[tuple[str, str, int, int]]:
    """Table, id, number and kind of the records of a unit after a number."""
    sql = "select tbl,id,sync_seq,sync_del from record where scope_id=? and sync_seq>? order by sync_seq limit ?"
    return [(table, pk, number, gone) for table, pk, number, gone in session.rows(sql, scope, seq, limit)]


def store(session: Session, scope: int, records: Iterable[Record]) -> list[tuple[int, int]]:
    """Puts records as they are now; returns the number of each, and how many characters it has."""
    sizes: list[tuple[int, int]] = []

    def rows() -> Iterator[tuple[object, ...]]:
        for record in records:
            row = _row(record)
            sizes.append((record.seq, len(str(row[_FIELDS]))))
            yield (scope, *row)

    session.put("record", _STORED, _KEY, rows())
    return sizes


def add(session: Session, scope: int, rows: Iterable[tuple[object, ...]]) -> None:
    """Puts new records, given as what is stored of them up to what they follow; no other unit has them."""
    session.put("record", _STORED, _KEY, ((scope, *row, None) for row in rows))


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
