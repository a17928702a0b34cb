"""Append, number, read: a batch comes in and each change gets a number; a page goes out in the order of numbers."""

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from central_server import history, records
from central_server.history import Head
from central_server.merge import Clash, Record, Version, create, merge
from central_server.records import Key
from central_server.storage import Session
from sync_protocol import stamps
from sync_protocol.behaviours import CONFLICT_TABLE, Behaviour, behaviour_of
from sync_protocol.digests import conflict_id, signed64, version_hash
from sync_protocol.messages import Ack, Batch, Change, Gone, Page

ROW_BYTES: Final = 256 << 10
"""Most bytes of JSON in one record; a bigger one is set aside, never the whole batch."""


# ------------------------------------------------------------------------------------------------------------- append


@dataclass(slots=True)
class _Intake:
    """A batch on its way in."""

    batch: Batch
    next_seq: int
    digest: int
    now: int
    records: dict[Key, Record]
    numbers: list[int] = field(default_factory=list)
    disputed: set[Key] = field(default_factory=set)
    changed: dict[Key, Record] = field(default_factory=dict)
    clashes: list[tuple[int, Key, Clash]] = field(default_factory=list)
    conflicts: list[Record] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def number(self, key: Key, held_seq: int) -> int:
        """The next number, with what it does to the digest."""
        seq = self.next_seq
        self.next_seq += 1
        self.digest += version_hash(*key, seq) - version_hash(*key, held_seq)
        return seq


def append(session: Session, head: Head, batch: Batch, now: int) -> Ack:
    """Takes a batch in, within the transaction that holds the lock on `head`."""
    known = records.load(session, batch.scope, [(change.table, change.id) for change in batch.changes])
    intake = _Intake(batch, head.next_seq, head.digest, now, known)
    for at, change in enumerate(batch.changes):
        _take(intake, at, change)
    _record_conflicts(session, intake)
    records.store(session, batch.scope, intake.changed.values())
    _set_aside(session, intake)
    return _ack(session, head, intake)


def _take(intake: _Intake, at: int, change: Change) -> None:
    key = (change.table, change.id)
    record = intake.records.get(key)
    code = _fault(change, record)
    if code:
        intake.refused.append((at, code))
        intake.numbers.append(0)
        intake.disputed.add(key)
        return
    device, ts = intake.batch.device, stamps.clamp(change.ts, intake.now)
    seq = intake.number(key, record.seq if record else 0)
    if record is None:
        intake.records[key] = create(change, seq, ts, device, intake.batch.scope)
    else:
        if record.seq > intake.batch.place.cur:
            intake.disputed.add(key)  # somebody changed it after the desk's cursor: the desk gets it back (R5, R6)
        clashes = merge(record, change, seq, ts, device)
        if clashes:
            intake.disputed.add(key)
        if behaviour_of(change.table) is not Behaviour.QUIET:
            intake.clashes += [(at, key, clash) for clash in clashes]
    intake.changed[key] = intake.records[key]
    intake.numbers.append(seq)


def _fault(change: Change, record: Record | None) -> str:
    """Why a change is not taken: content checks are shape, size and the few known behaviours, nothing else."""
    if any(isinstance(value, (dict, list)) for value in change.values.values()):
        return "BAD_VALUE"
    if len(orjson.dumps(change.values)) > ROW_BYTES:
        return "TOO_LARGE"
    if record and change.op != "d" and behaviour_of(change.table) is Behaviour.APPEND:
        rewritten = any(name in record.values and record.values[name] != new for name, new in change.values.items())
        return "APPEND_ONLY" if rewritten else ""
    return ""


def _record_conflicts(session: Session, intake: _Intake) -> None:
    """Ordinary synced records, so that every desk of the scope hears of a clash and any of them can settle it.

    One that is there already (a desk offered it again after a restore) stays as it is: it may have been settled.
    """
    found = [_conflict(intake.batch, *one) for one in intake.clashes]
    known = records.load(session, intake.batch.scope, [(CONFLICT_TABLE, record.id) for record in found])
    for record in found:
        key = (CONFLICT_TABLE, record.id)
        if key not in known:
            record.seq = intake.number(key, 0)
            intake.changed[key] = record
        intake.conflicts.append(known.get(key, record))


def _conflict(batch: Batch, at: int, key: Key, clash: Clash) -> Record:
    won, lost = orjson.dumps(clash.won_value).decode(), orjson.dumps(clash.lost_value).decode()
    pk = conflict_id(batch.scope, *key, clash.field, clash.kind, batch.device, batch.number, at, won, lost)
    values = {
        "tbl": key[0],
        "row_id": key[1],
        "field": clash.field,
        "kind": clash.kind,
        **_side("win", clash.won, won),
        **_side("lose", clash.lost, lost),
        "base_value": None,
        "status": "open",
        "resolved_by": None,
        "resolved_at": None,
    }
    ts = max(clash.won.ts, clash.lost.ts)
    return Record(CONFLICT_TABLE, pk, values, 0, ts, batch.device, None, Gone.ALIVE, None, batch.scope)


def _side(side: str, version: Version, value: str) -> dict[str, Any]:
    return {
        f"{side}_value": value,
        f"{side}_dev": version.device,
        f"{side}_by": version.by,
        f"{side}_ts": version.ts,
    }


def _ack(session: Session, head: Head, intake: _Intake) -> Ack:
    batch, last, mark = intake.batch, 0, ""
    if intake.next_seq > head.next_seq:
        last = intake.next_seq - 1
        history.set_head(session, batch.scope, intake.next_seq, signed64(intake.digest))
        mark = history.add_mark(session, batch.scope, last, intake.now, batch.device)
    return Ack(
        batch=batch.number,
        epoch=head.epoch,
        numbers=intake.numbers,
        last=last,
        mark=mark,
        # nobody else wrote since the desk's cursor; with this answer it has everything up to `last`
        contiguous=bool(mark) and batch.place.cur == head.next_seq - 1,
        truth=[record.row(batch.scope) for record in _truth(intake)],
        refused=intake.refused,
    )


def _truth(intake: _Intake) -> list[Record]:
    """What the desk must have together with its answer: disputed records, and where a value of its own has gone."""
    disputed = [intake.records[key] for key in sorted(intake.disputed) if key in intake.records]
    return disputed + intake.conflicts


# ---------------------------------------------------------------------------------------------------------------- read


def page(session: Session, scope: int, head: Head, after: int, *, limit: int, now: int) -> Page:
    """The records after a number, as they are now; no history is replayed."""
    found = records.after(session, scope, after, limit=limit)
    to = head.next_seq - 1
    if len(found) == limit:  # pages end where a push transaction ended, so that the cursor can always be proved (R7)
        last = found[-1].seq
        to, _ = history.mark_at(session, scope, last)
        found += records.after(session, scope, last, upto=to)
    _, nonce = history.mark_at(session, scope, to)
    digest = head.digest if to == head.next_seq - 1 else None
    rows = [record.row(scope) for record in found]
    return Page(head.epoch, to, nonce, head.next_seq - 1, now, digest, rows, head.purged)


# ---------------------------------------------------------------------------------------------------------- quarantine


def _set_aside(session: Session, intake: _Intake) -> None:
    batch = intake.batch
    rows = []
    for at, code in intake.refused:
        change = batch.changes[at]
        body = orjson.dumps(change.values).decode()[:ROW_BYTES]
        rows.append((batch.scope, change.table, change.id, intake.now, batch.device, code, body))
    session.many(
        "insert into quarantine(scope_id,tbl,id,at,device,code,body) values(?,?,?,?,?,?,?) "
        "on conflict(scope_id,tbl,id,at) do nothing",
        rows,
    )
