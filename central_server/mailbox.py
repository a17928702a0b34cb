"""Append, number, read: a batch comes in and each change gets a number; a page goes out in the order of numbers."""

from dataclasses import dataclass, field
from typing import Final

import orjson

from central_server import admission, audiences, clashes, erasing, fuse, history, moves, newcomers, records
from central_server.admission import Care, Verdict, Way
from central_server.clashes import Found
from central_server.erasing import Erased, ErasedList
from central_server.feeds import Feeds
from central_server.history import Head
from central_server.merge import Clash, Record, create, merge
from central_server.newcomers import PLAIN_KINDS
from central_server.records import Key
from central_server.storage import Session
from sync_protocol import stamps
from sync_protocol.behaviours import CONFLICT_TABLE, TRANSFER_TABLE, Behaviour, behaviour_of, rules_of
from sync_protocol.messages import ROW_BYTES, Ack, Batch, Change, Gone, Page

SURELY_FITS: Final = 30_000
"""Fields with so few characters together never become that many bytes."""
CLASH_SIDES: Final = 4
"""A clash holds two values and what they were based on, each as long as it may be, once more in quotes."""
WORDS: Final = frozenset((str,))
FIELD_CHARACTERS: Final = 90
"""The longest name of a field, and a number."""


# ------------------------------------------------------------------------------------------------------------- append


@dataclass(slots=True)
class _Intake:
    """A batch on its way in."""

    feeds: Feeds
    batch: Batch
    numbers: list[int]
    latest: int
    disputed: set[Key] = field(default_factory=set)
    clashes: list[Found] = field(default_factory=list)
    conflicts: list[Record] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    orders: list[Change] = field(default_factory=list)
    erased: Erased = field(default_factory=Erased)

    def clash(self, unit: int, at: int, found: list[Clash]) -> None:
        """Notes what the change at a place of the batch clashed with."""
        change, batch = self.batch.changes[at], self.batch
        key = (change.table, change.id)
        self.clashes += [Found(unit, key, one, batch.device, batch.number, at) for one in found]

    def refuse(self, at: int, code: str) -> None:
        """Does not take a change; the desk gets what stands there, if anything does."""
        change = self.batch.changes[at]
        self.refused.append((at, code))
        self.disputed.add((change.table, change.id))


def append(feeds: Feeds, batch: Batch, erased_list: ErasedList) -> tuple[Ack, Erased]:
    """Takes a batch in, within the transaction that holds the lock on its unit; nothing else is written afterwards."""
    unit, changes = batch.scope, batch.changes
    intake = _Intake(feeds, batch, [0] * len(changes), stamps.latest_allowed(feeds.now))
    feeds.load(unit, [(change.table, change.id) for change in changes])
    if not batch.sure:
        fuse.check(feeds.session, unit, changes)
    careful, any_erased = admission.needs_care(feeds, unit, changes)
    if careful:
        _take_with_care(intake, Care(feeds, unit, changes, erased_list, any_erased), erased_list)
    elif numbers := newcomers.take(feeds, batch, intake.latest):
        intake.numbers = numbers
    else:
        for at, change in enumerate(changes):
            _take(intake, at, change, admission.PLAIN)
        intake.conflicts = [record for _, record in clashes.record_all(feeds, intake.clashes)]
        _set_aside(intake)
    complete = not careful or _is_complete(intake)
    feeds.close()
    return _ack(intake, complete=complete), intake.erased


def _take(intake: _Intake, at: int, change: Change, verdict: Verdict) -> None:
    """Merges a change into the record of its own unit."""
    feeds, unit, key = intake.feeds, intake.batch.scope, (change.table, change.id)
    record = feeds.get(unit, key)
    code = verdict.code or _fault(change, record)
    if change.op == "u" and change.base and not code and (record is None or _is_bare(record)):
        code = "ELSEWHERE"  # it was here, and its tombstone is forgotten: alone these fields make half a record
    if code:
        intake.refuse(at, code)
        return
    device, ts, rules = intake.batch.device, max(0, min(change.ts, intake.latest)), rules_of(change.table)
    seq = feeds.number(unit, key, record.seq if record else 0)
    if record is None:
        record = create(change, seq, ts, device, verdict.home or unit)
        if rules.follows:
            record.parent = audiences.parent_of(change.table, change.values)
        if record.home != unit:
            intake.disputed.add(key)  # a guest's contribution: the desk learns where it belongs
    else:
        if record.seq > intake.batch.place.cur:
            intake.disputed.add(key)  # somebody changed it after the desk's cursor: the desk gets it back (R5, R6)
        found = merge(record, change, seq, ts, device)
        if found:
            intake.disputed.add(key)
        if rules.behaviour is not Behaviour.QUIET:
            intake.clash(unit, at, found)
        if rules.follows:
            record.parent = audiences.parent_of(change.table, record.values)
    feeds.put(unit, record)
    intake.numbers[at] = seq


def _is_bare(record: Record) -> bool:
    """A tombstone that was made by a deletion alone, after the one with the content had been forgotten."""
    return record.gone == Gone.DELETED and not record.values


def _fault(change: Change, record: Record | None) -> str:
    """Why a change is not taken: content checks are shape, size and the few known behaviours, nothing else."""
    values = change.values.values()
    kinds = set(map(type, values))
    if not kinds <= PLAIN_KINDS:
        return "BAD_VALUE"
    words = values if kinds == WORDS else [value for value in values if type(value) is str]
    size = FIELD_CHARACTERS * len(values) + len("".join(words))
    most = ROW_BYTES * (CLASH_SIDES if change.table == CONFLICT_TABLE else 1)
    if size > SURELY_FITS and len(orjson.dumps(change.values)) > most:
        return "TOO_LARGE"
    if record and change.op != "d" and behaviour_of(change.table) is Behaviour.APPEND:
        rewritten = any(name in record.values and record.values[name] != new for name, new in change.values.items())
        return "APPEND_ONLY" if rewritten else ""
    return ""


# -------------------------------------------------------------------------------------------------- more than plain


def _take_with_care(intake: _Intake, care: Care, erased_list: ErasedList) -> None:
    feeds, unit = intake.feeds, intake.batch.scope
    feeds.lock(*care.concerned())
    for at in care.order():
        change = intake.batch.changes[at]
        held = feeds.get(unit, (change.table, change.id))
        ordered, verdict = admission.is_order(change, held), care.verdict(change, held)
        if verdict.code or verdict.way is Way.MERGE:
            _take(intake, at, change, verdict)
        elif verdict.way is Way.NOWHERE:
            _take_nowhere(intake, at, change)
        elif verdict.way is Way.WITH_ORDER and held is not None:
            intake.numbers[at] = held.seq
            intake.disputed.add((held.table, held.id))
        else:
            _forward(intake, care, at, change)
        if ordered and verdict.way is not Way.NOWHERE and intake.numbers[at]:
            intake.orders.append(change)
    # what follows goes out before what it follows: a guest that leaves takes back nothing it has written
    changed = feeds.changed(unit)
    for key in sorted(changed, key=lambda key: not changed[key].parent):
        record = changed[key]
        audiences.deliver(feeds, care.tree, unit, record)
        if record.gone in audiences.VANISHED:
            intake.disputed.add(key)
    _set_aside(intake)  # before an erasure of this batch, which goes through what was set aside as well
    _follow_orders(intake, care, erased_list)
    found = [one._replace(unit=moves.whereabouts(feeds, one)) for one in intake.clashes]
    for where, record in clashes.record_all(feeds, found):
        audiences.deliver(feeds, care.tree, where, record)
        if where == unit:
            intake.conflicts.append(record)


def _take_nowhere(intake: _Intake, at: int, change: Change) -> None:
    """What concerns something erased: the desk gets a tombstone, and nothing of what it said is kept."""
    feeds, unit, key = intake.feeds, intake.batch.scope, (change.table, change.id)
    record = feeds.get(unit, key)
    if record is None:
        ts = stamps.clamp(change.ts, feeds.now)
        record = Record(change.table, change.id, {}, 0, ts, intake.batch.device, None, Gone.ERASED, None, unit)
        feeds.renew(unit, record)
    elif record.gone != Gone.ERASED:
        erasing.blank(feeds, unit, record)
    intake.numbers[at] = record.seq
    intake.disputed.add(key)


def _forward(intake: _Intake, care: Care, at: int, change: Change) -> None:
    """A late change of what has moved away goes after it; the desk gets the tombstone."""
    feeds, unit, device = intake.feeds, intake.batch.scope, intake.batch.device
    key, ts = (change.table, change.id), stamps.clamp(change.ts, feeds.now)
    here = feeds.get(unit, key)
    if code := _fault(change, None):
        intake.refuse(at, code)
        return
    if here is None:
        gone = moves.forward_new(feeds, care.tree, unit, change, device, ts)
        if gone is None:
            intake.refuse(at, "ELSEWHERE")
            return
        intake.numbers[at] = gone.seq
    else:
        landed = moves.forward(feeds, care.tree, unit, change, device, ts)
        if landed.record is None:
            _lose_in_sight(intake, at, change, landed.unit, ts)
        elif landed.record.gone == Gone.ERASED:
            erasing.blank(feeds, unit, here)
        intake.clash(landed.unit, at, landed.clashes)
        intake.numbers[at] = here.seq
    intake.disputed.add(key)


def _lose_in_sight(intake: _Intake, at: int, change: Change, there: int, ts: int) -> None:
    """What cannot be passed on becomes a conflict record here and, if the record is known there, also there."""
    feeds, unit, device = intake.feeds, intake.batch.scope, intake.batch.device
    held = feeds.get(there, (change.table, change.id)) if there != unit else None
    intake.clash(unit, at, moves.lost(change, unit, None, device, ts))
    if held is not None and audiences.is_own(held, there):
        intake.clash(there, at, moves.lost(change, there, held, device, ts))


def _follow_orders(intake: _Intake, care: Care, erased_list: ErasedList) -> None:
    """Carries out what a batch orders: here, or where the unit has gone with all it had."""
    feeds, unit = intake.feeds, intake.batch.scope
    where = moves.landing(feeds, care.tree, unit, None) or unit
    for change in sorted(intake.orders, key=lambda one: one.table == TRANSFER_TABLE):  # what is erased moves no more
        if care.order_fault(change):  # what came before it in the batch has changed what it is about
            continue
        key, place = admission.ordered_key(change), care.place(change)
        if change.table == TRANSFER_TABLE:
            there = care.tree.living(moves.destination(change.values))
            if there is not None and there.id != place:
                intake.clashes += moves.carry_out(feeds, care.tree, place, there.id, [key])
        else:
            for place in dict.fromkeys((where, unit)):  # here may stand what was set aside
                intake.erased.add(erasing.carry_out(feeds, erased_list, place, [key]))


# ----------------------------------------------------------------------------------------------------------------- ack


def _ack(intake: _Intake, *, complete: bool) -> Ack:
    feeds, batch = intake.feeds, intake.batch
    head, (last, mark) = feeds.before(batch.scope), feeds.mark(batch.scope)
    return Ack(
        batch=batch.number,
        epoch=head.epoch,
        numbers=intake.numbers,
        last=last,
        mark=mark,
        # nobody else wrote since the desk's cursor, and this answer has everything up to `last`
        contiguous=bool(mark) and complete and batch.place.cur == head.next_seq - 1,
        truth=[record.row(batch.scope) for record in _truth(intake)],
        refused=intake.refused,
    )


def _is_complete(intake: _Intake) -> bool:
    """Whether the answer has all that changed in the unit; gives the desk back what changed after its change."""
    feeds, unit, named = intake.feeds, intake.batch.scope, set[Key]()
    for at, change in enumerate(intake.batch.changes):
        key = (change.table, change.id)
        record = feeds.get(unit, key)
        named.add(key)
        if record is not None and intake.numbers[at] and record.seq != intake.numbers[at]:
            intake.disputed.add(key)
    named |= {(record.table, record.id) for record in intake.conflicts}
    return feeds.changed(unit).keys() <= named


def _truth(intake: _Intake) -> list[Record]:
    """What the desk must have together with its answer: disputed records, and where a value of its own has gone."""
    held = [intake.feeds.get(intake.batch.scope, key) for key in sorted(intake.disputed)]
    return [record for record in held if record] + intake.conflicts


# ---------------------------------------------------------------------------------------------------------------- read


def page(session: Session, scope: int, head: Head, after: int, *, limit: int, now: int) -> Page:
    """The records after a number, as they are now; no history is replayed.

    No more than a desk reads at once, however long the records are: two times `PAGE_CHARACTERS`, as there are marks.
    """
    found, last_of_all = records.some_after(session, scope, after, limit, records.PAGE_CHARACTERS)
    to = head.next_seq - 1
    if not last_of_all:  # pages end where a push transaction ended, so that the cursor can always be proved (R7)
        last = found[-1][records.SEQ]
        to, _ = history.mark_at(session, scope, last)
        found += records.after(session, scope, last, upto=to)
    _, nonce = history.mark_at(session, scope, to)
    digest = head.digest if to == head.next_seq - 1 else None
    return Page(head.epoch, to, nonce, head.next_seq - 1, now, digest, records.columns(found, scope), head.purged)


# ---------------------------------------------------------------------------------------------------------- quarantine


def _set_aside(intake: _Intake) -> None:
    """Keeps what was not taken for an administrator to look at; but nothing of what a desk had no business to say."""
    batch, rows = intake.batch, []
    for at, code in intake.refused:
        change = batch.changes[at]
        body = "{}" if code == "NOT_YOURS" else orjson.dumps(change.values).decode()[:ROW_BYTES]
        rows.append((batch.scope, change.table, change.id, intake.feeds.now, batch.device, code, body))
    intake.feeds.session.many(
        "insert into quarantine(scope_id,tbl,id,at,device,code,body) values(?,?,?,?,?,?,?) "
        "on conflict(scope_id,tbl,id,at) do nothing",
        rows,
    )
