"""Helps a desk to find out where its replica differs from its unit's records, and gives it what it lacks."""

from collections.abc import Iterator
from typing import Any, Final

from central_server import history, records
from central_server.feeds import Feeds
from central_server.history import Head
from central_server.merge import Record
from central_server.storage import Session
from sync_protocol.digests import BUCKETS, bucket_of, content_hash, signed64, version_hash
from sync_protocol.messages import Row, rows_to_wire
from sync_protocol.repair import Sums, Versions, Wanted

AT_ONCE: Final = 5000
ANSWER_CHARACTERS: Final = 16 << 20
"""About so much content goes into one answer to a fetch; the desk asks for the rest again."""


def compare(session: Session, unit: int, sums: Sums) -> Versions:
    """The versions in those of the 256 buckets whose sums differ from the desk's.

    Read within a transaction that sees one state of the unit.  HISTORY for a desk that proves another past.
    """
    head = history.read_head(session, unit)
    if sums.place:
        history.check_history(session, unit, head, sums.place)
    ours = [0] * BUCKETS
    rows: list[list[Row]] = [[] for _ in range(BUCKETS)]
    for record in _all(session, unit, deep=sums.deep):
        bucket = bucket_of(record.table, record.id)
        row = record.row(unit)
        ours[bucket] += _share(row, deep=sums.deep)
        rows[bucket].append(row._replace(values={}))
    differ = tuple(at for at in range(BUCKETS) if signed64(ours[at]) != sums.sums[at])
    _, mark = history.mark_at(session, unit, head.next_seq - 1)
    return Versions(head.epoch, head.next_seq - 1, differ, [row for at in differ for row in rows[at]], mark)


def _share(row: Row, *, deep: bool) -> int:
    if deep and row.seq:
        return content_hash(row.table, row.id, row.seq, row.values)
    return version_hash(row.table, row.id, row.seq)


def _all(session: Session, unit: int, *, deep: bool) -> Iterator[Record]:
    """Every record of a unit, with its content only where that counts; a few thousand in memory at a time."""
    read = records.whole_after if deep else records.bare_after
    after = 0
    while some := read(session, unit, after, limit=AT_ONCE):
        yield from some
        after = some[-1].seq


def fetch(session: Session, unit: int, wanted: Wanted) -> dict[str, Any]:
    """Those of some records that the unit has, as far as one answer holds them: at least one."""
    found, size, rows = records.load(session, unit, wanted.keys), 0, list[Row]()
    for key in dict.fromkeys(wanted.keys):
        if size > ANSWER_CHARACTERS:
            break
        if record := found.get(key):
            rows.append(record.row(unit))
            size += sum(len(value) for value in rows[-1].values.values() if isinstance(value, str))
    return {"groups": rows_to_wire(rows)}


def recount(feeds: Feeds, unit: int) -> tuple[Head, int]:
    """The head of a unit, and the digest computed anew from its records, for a check by an administrator."""
    feeds.lock(unit)
    total = sum(version_hash(one.table, one.id, one.seq) for one in _all(feeds.session, unit, deep=False))
    return feeds.head(unit), signed64(total)
