"""What must be true when the faults have stopped and every desk has synced until nothing moved."""

from collections.abc import Mapping
from typing import Any

from desktop_app.sync import state as state_module
from desktop_app.sync.wire import CODEC
from sync_protocol import stamps
from tests.sync.facts import ALIKE
from tests.sync.simulated_desk import FIELDS, Desk, desk_replica


class ViolationError(AssertionError):
    """An invariant does not hold: a bug in the protocol (or in this simulation)."""


def check(world: Any) -> None:
    final = server_replica(world)
    (newest,) = world.server_rows("select coalesce(max(sync_ts),0) from record")[0]
    if newest > stamps.latest_allowed(world.now):
        raise ViolationError("a stamp from the future was accepted")
    for desk in world.desks:
        check_desk(world, desk, final)
    if len({desk.identity() for desk in world.desks}) < len(world.desks):
        raise ViolationError("two desks still share one identity")
    check_values(world, final)


def check_values(world: Any, final: Mapping[tuple[str, str], tuple]) -> None:
    restored = bool(world.stats["server_restore"])
    people = {key[1]: content for key, content in final.items() if key[0] == "person"}
    for record in sorted(world.facts.records):
        if record not in people and not world.facts.may_be_lost(record, server_restored=restored):
            raise ViolationError(f"record {record} is gone")
    kept = {(r, f, v) for r, row in people.items() for f, v in zip(FIELDS, row[2:], strict=False)}
    kept |= conflicts(world)
    for value, (record, field) in sorted(world.facts.values.items()):
        excused = world.facts.superseded(value) or world.facts.may_be_lost(value, server_restored=restored)
        if (record, field, value) not in kept and not excused:
            raise ViolationError(f"value {value} of {record}.{field} is neither current nor in a conflict record")


def conflicts(world: Any) -> set[tuple[str, str, str]]:
    """(record, field, value that lost), each checked: only values that did not see each other may clash."""
    found = set()
    for (text,) in world.server_rows("select fields from record where tbl='conflict'"):
        clash = CODEC.loads(text.encode())
        record, field = clash["row_id"], clash["field"]
        won, lost = (CODEC.loads(clash[side].encode()) for side in ("win_value", "lose_value"))
        world.stats["conflicts"] += 1
        if field not in FIELDS:
            continue
        found.add((record, field, lost))
        if won == lost:
            raise ViolationError(f"{record}.{field}: a conflict between equal values {lost}")
        alike = f"{ALIKE}{record}-{field}"  # written by several desks: nobody can say which of them was seen
        if world.identity_trouble() or alike in (won, lost):
            continue
        if world.facts.saw(won, lost) or world.facts.saw(lost, won):
            raise ViolationError(f"{record}.{field}: one of {won} and {lost} was written in sight of the other")
    return found


def server_replica(world: Any) -> dict[tuple[str, str], tuple]:
    found = {}
    for table, record, seq, deleted, text in world.server_rows("select tbl,id,sync_seq,sync_del,fields from record"):
        fields = CODEC.loads(text.encode())
        listed = FIELDS if table == "person" else sorted(fields)
        found[table, record] = (seq, deleted) if deleted else (seq, deleted, *(fields[name] for name in listed))
    return found


def check_desk(world: Any, desk: Desk, final: Mapping[tuple[str, str], tuple]) -> None:
    if desk.db.rows("SELECT 1 FROM sync_dirty UNION ALL SELECT 1 FROM sync_outbox"):
        raise ViolationError(f"{desk.name} still has unsent changes")
    own = desk_replica(desk)
    for record in sorted(own.keys() | final.keys()):
        if own.get(record) != final.get(record):
            raise ViolationError(f"{desk.name}: {record} is {own.get(record)}, on the server {final.get(record)}")
    ((digest,),) = world.server_rows("select digest from scope_head")
    if state_module.read(desk.db).digest != digest:
        raise ViolationError(f"{desk.name}: the digest does not match")
