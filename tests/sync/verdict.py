"""What must be true when the faults have stopped and every desk has synced until nothing moved."""

import collections
from collections.abc import Iterable
from typing import Any

from desktop_app.sync import refused
from desktop_app.sync import state as state_module
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, stamps
from sync_protocol.behaviours import Reach, rules_of
from sync_protocol.messages import Gone
from tests.server import town
from tests.sync import ledger
from tests.sync.facts import ALIKE
from tests.sync.simulated_desk import Desk, filled

TOLD_BY_DESKS = ("state", "overdraft")
"""Kinds of conflicts that no server finds."""
VANISHED = (Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED)


class ViolationError(AssertionError):
    """An invariant does not hold: a bug in the protocol (or in this simulation).  `records` are at fault."""

    def __init__(self, words: str, records: Iterable[str] = ()) -> None:
        super().__init__(words)
        self.records = list(records)


def check(world: Any) -> None:
    """All of them."""
    (newest,) = world.server_rows("select coalesce(max(sync_ts),0) from record")[0]
    if newest > stamps.latest_allowed(world.now):
        raise ViolationError("a stamp from the future was accepted")
    stored = town.stored(world)
    check_units(world, stored)
    for desk in world.desks:
        check_desk(world, desk, stored)
    if len({desk.identity() for desk in world.desks}) < len(world.desks):
        raise ViolationError("two desks still share one identity")
    check_values(world, stored)
    check_erased(world)
    if world.ledger:
        ledger.check(world)


def check_units(world: Any, stored: dict) -> None:
    """The laws of units, copies and digests; numbers without gaps; residents at home."""
    try:
        town.check(world)
    except AssertionError as error:
        raise ViolationError(f"units: {error}", [word for word in str(error).split("'") if word]) from error
    for (unit, table, pk), (_, _, gone, home, *_) in stored.items():
        if gone in VANISHED or rules_of(table).reach is not Reach.HOME or rules_of(table).follows:
            continue
        if home != unit:
            raise ViolationError(f"{table} {pk} of {home} stands in {unit}", [pk])
        if not world.facts.may_hear(unit, pk) and pk in world.facts.records:
            raise ViolationError(f"{table} {pk} has come to {unit}, where nobody sent it", [pk])
    for unit, head in world.server_rows("select scope_id,next_seq from scope_head"):
        marks = [seq for (seq,) in world.server_rows("select seq from mark where scope_id=? order by seq", unit)]
        if marks[-1] != head - 1:
            raise ViolationError(f"unit {unit}: the last mark is {marks[-1]}, the head {head - 1}")


# -------------------------------------------------------------------------------------------------------------- values


def check_values(world: Any, stored: dict) -> None:
    facts, restored = world.facts, world.server_restored()
    known = {pk for _, _, pk in stored}
    refusals = told_as_refused(world)
    shown = {pk for pk, _, _ in refusals}
    for record in sorted(facts.records):
        lost = facts.may_be_lost(record, server_restored=restored) or facts.is_erased(record) or record in shown
        lost = lost or (restored and facts.was_on_the_way(record))
        purged = world.stats["long_absence"] and record in facts.buried
        if record not in known and not lost and not purged:
            raise ViolationError(f"record {record} is gone", [record])
    kept = {
        (pk, name, value)
        for (_, _, pk), (values, _, gone, *_) in stored.items()
        if gone == Gone.ALIVE
        for name, value in values.items()
    }
    kept |= conflicts(world, stored) | refusals
    # erased in a unit the record had left, after its tombstone was forgotten (docs/protocol.md)
    years = world.stats["long_absence"]
    erased = {pk for (_, _, pk), (_, _, gone, *_) in stored.items() if gone == Gone.ERASED and years}
    for value, (record, name) in sorted(facts.values.items()):
        excused = facts.superseded(value) or facts.may_be_lost(value, server_restored=restored)
        excused = excused or ((restored or record in erased) and facts.was_on_the_way(record))
        if (record, name, value) not in kept and not excused and not facts.is_erased(record):
            words = (
                f"value {value[:40]} of {record}.{name} is neither current, nor superseded, nor in a conflict record"
            )
            raise ViolationError(words, [record, facts.root(record)])


def told_as_refused(world: Any) -> set[tuple[str, str, Any]]:
    """What the server did not take and a desk shows: (record, field, value)."""
    return {
        (one.record_id, name, value)
        for desk in world.desks
        for one in refused.listed(desk.db)
        for name, value in one.values.items()
    } | {
        (pk, name, value)
        for desk in world.desks
        for table, pk in desk.waits_for_others()
        for name, value in desk.replica()[table, pk][-1].items()
    }


def conflicts(world: Any, stored: dict) -> set[tuple[str, str, Any]]:
    """(record, field, value that lost), each checked: only values that did not see each other may clash."""
    found, facts = set(), world.facts
    counted = collections.Counter()
    for (unit, table, pk), (clash, _, gone, home, *_) in stored.items():
        if table != "conflict" or gone != Gone.ALIVE:
            continue
        if clash["kind"] in TOLD_BY_DESKS:
            counted[clash["kind"]] += home == unit
            continue
        record, name = clash["row_id"], clash["field"]
        won, lost = (CODEC.loads(clash[side].encode()) for side in ("win_value", "lose_value"))
        found |= {(record, name, lost), (record, name, won)}
        if home != unit:
            continue
        counted[clash["kind"]] += 1
        if name and won == lost:
            raise ViolationError(f"{record}.{name}: a conflict between equal values {lost}", [record, pk])
        alike = f"{ALIKE}{record}-{name}"  # written by several desks: nobody can say which of them was seen
        if world.identity_trouble() or alike in (won, lost) or not {won, lost} <= facts.values.keys():
            continue
        if facts.saw(won, lost) or facts.saw(lost, won):
            words = f"{record}.{name}: one of {won} and {lost} was written in sight of the other"
            raise ViolationError(words, [record])
    world.stats.update({f"conflict_{kind}": count for kind, count in counted.items()})
    return found


# --------------------------------------------------------------------------------------------------------------- desks


def check_desk(world: Any, desk: Desk, stored: dict) -> None:
    unit, own, waiting = desk.unit, desk.replica(), set(desk.waits())
    if left := sorted(waiting - set(desk.waits_for_others())):
        raise ViolationError(f"{desk.name} still has unsent changes {left}", [pk for _, pk in left])
    theirs = {
        (table, pk): (seq, gone, 0 if home == unit else home, {} if gone else filled(values))
        for (scope, table, pk), (values, seq, gone, home, *_) in stored.items()
        if scope == unit
    }
    refusals = {(one.table, one.record_id) for one in refused.listed(desk.db)}
    for key in sorted(own.keys() | theirs.keys()):
        seq, gone, *_ = own.get(key, (1, 0))
        if key not in theirs and not seq and (gone in VANISHED or key in refusals | waiting):
            continue  # without a number it is no part of the replica: the server lost it, or never took it
        if own.get(key) != theirs.get(key) and not only_never_named(world, desk, own.get(key), theirs.get(key)):
            words = f"{desk.name}: {key} is {own.get(key)}, on the server {theirs.get(key)}"
            raise ViolationError(words, [key[1], world.facts.root(key[1])])
    ((digest,),) = world.server_rows("select digest from scope_head where scope_id=?", unit)
    if state_module.read(desk.db).digest != digest:
        raise ViolationError(f"{desk.name}: the digest does not match")


def only_never_named(world: Any, desk: Desk, own: tuple | None, theirs: tuple | None) -> bool:
    """Whether they differ in fields alone that nobody ever named to the server, and nothing in them is lost.

    Who made the record did not know the field, or left it blank; what stands in it here was refused, or deleted by the
    very desk whose deletion then lost against an edit.
    """
    if own is None or theirs is None or theirs[3].items() - own[3].items():
        return False
    # a guest's contribution that came to a restored server before what it follows is the guest's own there
    places = 2 if world.server_restored() and theirs[2] == 0 else 3
    if own[:places] != theirs[:places]:
        return False
    shown = {value for one in refused.listed(desk.db) for value in one.values.values()}
    return all(value in shown or world.facts.superseded(value) for _, value in own[3].items() - theirs[3].items())


# ------------------------------------------------------------------------------------------------------------- erasure


def check_erased(world: Any) -> None:
    """Nothing of what was erased is left: not in a store, a history, a draft, a conflict or a stored answer.

    But for what came to a unit that the record had left, after its tombstone was forgotten (docs/protocol.md).
    """
    facts, years = world.facts, world.stats["long_absence"]
    gone = {
        value: record
        for value, (record, _) in facts.values.items()
        if facts.is_erased(record) and not (years and facts.was_on_the_way(record))
    }
    if not gone:
        return
    places = {desk.name: desk.everything() for desk in world.desks}
    for table, column in (("record", "fields"), ("quarantine", "body")):
        texts = [text for (text,) in world.server_rows(f"select {column} from {table}")]
        places[f"the server's table {table}"] = "\n".join(texts)
    acks = world.server_rows("select ack from device where ack is not null")
    places["the stored answers"] = "\n".join(repr(CODEC.unpack(bytes(ack), codec.PAGE_CAP)) for (ack,) in acks)
    for place, text in places.items():
        for value, record in gone.items():
            if value[:40] in text:
                raise ViolationError(f"value {value[:40]} of {record}, which was erased, is left in {place}", [record])
