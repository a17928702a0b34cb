"""What is so old that nobody needs it: tombstones, and most marks.

A tombstone is kept 400 days, longer than the oldest admissible backup and the longest absence.  Which ones are older is
told by the marks, in the server's time: a desk's clock has no say in it.
"""

from typing import Final

from central_server.feeds import Feeds, transaction
from central_server.storage import Session, Storage
from sync_protocol.digests import signed64, version_hash
from sync_protocol.messages import Gone

DAY_MS: Final = 86_400_000
KEEP_DAYS: Final = 400
AT_ONCE: Final = 5000
MARKS_PER_OCTAVE: Final = 64
"""Of older marks so many stay in each span that is twice as old as the one after it."""


def purge(storage: Storage, now: int, *, keep_days: int = KEEP_DAYS) -> dict[int, tuple[int, int]]:
    """Forgets old tombstones and thins old marks in every unit; returns unit → (tombstones, marks) that went."""
    with storage.reading() as session:
        units = [unit for (unit,) in session.rows("select scope_id from scope_head order by scope_id")]
    return {unit: (purge_unit(storage, unit, now, keep_days=keep_days), thin(storage, unit, now)) for unit in units}


def purge_unit(storage: Storage, unit: int, now: int, *, keep_days: int = KEEP_DAYS) -> int:
    """Forgets the tombstones of one unit that are older than `keep_days`; returns how many."""
    return transaction(storage, now, [unit], lambda feeds: _purge(feeds, unit, now - keep_days * DAY_MS))


def _purge(feeds: Feeds, unit: int, before: int) -> int:
    session, head = feeds.session, feeds.head(unit)
    upto = _numbered_before(session, unit, before)
    if upto <= head.purged:
        return 0
    digest, count, after = head.digest, 0, 0
    while some := _tombstones(session, unit, after, upto):
        digest -= sum(version_hash(table, pk, seq) for table, pk, seq in some)
        count, after = count + len(some), some[-1][2]
    session.run("delete from record where scope_id=? and sync_del<>? and sync_seq<=?", unit, int(Gone.ALIVE), upto)
    session.run("update scope_head set purged=?,digest=? where scope_id=?", upto, signed64(digest), unit)
    return count


def _numbered_before(session: Session, unit: int, before: int) -> int:
    """The last mark that was made before a moment: all numbers up to it are older."""
    found = session.row("select max(seq) from mark where scope_id=? and at<?", unit, before)
    return int(found[0] or 0) if found else 0


def _tombstones(session: Session, unit: int, after: int, upto: int) -> list[tuple[str, str, int]]:
    found = session.rows(
        "select tbl,id,sync_seq from record where scope_id=? and sync_del<>? and sync_seq>? and sync_seq<=? "
        "order by sync_seq limit ?",
        unit,
        int(Gone.ALIVE),
        after,
        upto,
        AT_ONCE,
    )
    return [(table, pk, seq) for table, pk, seq in found]


# --------------------------------------------------------------------------------------------------------------- marks


def thin(storage: Storage, unit: int, now: int, *, keep_days: int = KEEP_DAYS) -> int:
    """Drops most marks older than 400 days, more of them the older they are; returns how many.

    Only marks below what was purged.  What a desk proves itself by stays: the last mark of each, because it may be that
    of its last push, and where it stands or may stand since our last answer; and so does mark 0.
    """
    with storage.writing() as session:
        found = session.row("select purged from scope_head where scope_id=?", unit)
        old = session.rows(
            "select seq,at from mark where scope_id=? and seq>0 and seq<? and at<? order by seq desc",
            unit,
            found[0] if found else 0,
            now - keep_days * DAY_MS,
        )
        kept = {seq for (seq,) in session.rows("select max(seq) from mark where scope_id=? group by device", unit)}
        places = session.rows("select stands,told from device where scope_id=? and revoked_at is null", unit)
        kept.update(seq for place in places for seq in place)
        drop = [seq for seq in _dropped([(seq, at) for seq, at in old], now) if seq not in kept]
        session.many("delete from mark where scope_id=? and seq=?", [(unit, seq) for seq in drop])
    return len(drop)


def _dropped(old: list[tuple[int, int]], now: int) -> list[int]:
    """All but some marks of each octave of age; `old` is (number, UTC ms), the newest first."""
    octaves: dict[int, list[int]] = {}
    for seq, at in old:
        octaves.setdefault(((now - at) // (KEEP_DAYS * DAY_MS)).bit_length(), []).append(seq)
    dropped = []
    for seqs in octaves.values():
        step = -(-len(seqs) // MARKS_PER_OCTAVE)
        dropped += [seq for at, seq in enumerate(seqs) if at % step]
    return dropped
