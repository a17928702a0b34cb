"""Records that change their home: full rows arrive in the new one, tombstones without content stay in the old.

A tombstone keeps the versions of the fields, so that an edit written before the move, but pushed after it, can still be
judged by what its writer had seen.  Such an edit is passed on to where the record is now, however often it has moved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from central_server import audiences, erasing
from central_server.audiences import parent_of
from central_server.clashes import Found
from central_server.feeds import Feeds
from central_server.merge import CREATED, NEVER, Clash, Record, Version, create, merge, versions_of
from central_server.records import Key
from central_server.tree import Tree
from sync_protocol.behaviours import AUDIENCE, Behaviour, Reach, behaviour_of, rules_of
from sync_protocol.messages import Change, Gone

LEFT: Final = "<"
"""In the versions of a tombstone: the number the record had when it left."""
ARRIVED: Final = ">"
"""In the versions of a tombstone: the number it got where it went."""
KIND: Final = "moved"
"""Of conflict records: what could not be passed on, or met another record."""


def fault(feeds: Feeds, tree: Tree, unit: int, values: Mapping[str, Any]) -> str:
    """Why a desk of a unit may not have a record moved; empty if it may."""
    table, record_id, to = values.get("tbl"), values.get("row_id"), destination(values)
    if not (isinstance(table, str) and isinstance(record_id, str) and table and record_id):
        return "BAD_VALUE"
    there = tree.living(to)
    if there is None or there.id == unit or not tree.is_open_community(there.id):
        return "AUDIENCE"
    record = feeds.get(unit, (table, record_id))
    if record is not None and record.gone == Gone.MOVED:
        return "" if tree.living(record.home) == there else "NOT_YOURS"  # two desks have said the same
    if record is None or record.home != unit or record.gone in audiences.VANISHED:
        return "NOT_YOURS"
    return "BAD_VALUE" if _is_held(feeds, unit, record) else ""


def destination(values: Mapping[str, Any]) -> int:
    """The unit a transfer names; 0 if it names none."""
    said = str(values.get("to_scope") or "")
    return int(said) if said.isdecimal() and len(said) <= 18 else 0  # noqa: PLR2004 - a 64-bit number


def _is_held(feeds: Feeds, unit: int, record: Record) -> bool:
    """Whether what a record follows is here: then it moves with that, never alone."""
    above = feeds.get(unit, audiences.key_of(record.parent)) if record.parent else None
    return above is not None and above.gone not in audiences.VANISHED


# ----------------------------------------------------------------------------------------------------------- the move


def carry_out(feeds: Feeds, tree: Tree, unit: int, to: int, keys: Iterable[Key]) -> list[Found]:
    """Moves records of a unit, and what follows them, to another; returns what met another record there."""
    feeds.lock(unit, to)
    moving = [one for one in erasing.closure_of(feeds, unit, keys) if audiences.is_own(one, unit)]
    feeds.load(to, [(one.table, one.id) for one in moving])
    feeds.lock(*(holder for one in moving for holder in one.holders))
    met = [found for one in moving for found in _move(feeds, unit, to, one)]
    for one in moving:
        here = feeds.get(to, (one.table, one.id))
        if here is not None and audiences.is_own(here, to):
            audiences.deliver(feeds, tree, to, here, news=False)
    return met


def _move(feeds: Feeds, unit: int, to: int, record: Record) -> list[Found]:
    key, held = (record.table, record.id), feeds.get(to, (record.table, record.id))
    if held is not None and held.gone == Gone.ERASED:
        erasing.blank(feeds, unit, record)
        return []
    met: list[Found] = []
    trail: dict[str, Version] = {}  # without an arrival nothing is ever passed on: what stands there is another record
    if held is not None and audiences.is_own(held, to):
        met = _differences(feeds, to, held, record)
        for guest in record.holders:
            _take_from_guest(feeds, guest, key, unit)
    else:
        seq = feeds.number(to, key, held.seq if held else 0)
        trail[ARRIVED] = NEVER._replace(seq=seq)
        versions = _arriving(record, held, unit, seq)
        others = tuple(one for one in record.holders if one != to)
        arrived = replace(record, values=dict(record.values), seq=seq, versions=versions, home=to, holders=others)
        feeds.put(to, arrived)
        for guest in others:
            _tell_guest(feeds, guest, key, to)
    record.versions = {**versions_of(record), LEFT: NEVER._replace(seq=record.seq), **trail}
    record.values, record.gone, record.home, record.holders = {}, Gone.MOVED, to, (to,)
    feeds.renew(unit, record)
    return met


def _arriving(record: Record, held: Record | None, unit: int, seq: int) -> dict[str, Version] | None:
    """The versions of a record in its new home.

    One that comes back finds its own tombstone there: what was not changed meanwhile has the versions it had then, so
    that its old desks have still seen it.  One that was a copy there keeps what it had as one.
    """
    if held is not None and held.gone not in audiences.VANISHED:
        return versions_of(held)
    if held is None or held.gone != Gone.MOVED or held.home != unit or ARRIVED not in (held.versions or {}):
        return {name: one._replace(seq=seq) for name, one in record.versions.items()} if record.versions else None
    then, now = held.versions or {}, versions_of(record)
    names = {*then, *now} - {LEFT, ARRIVED}
    return {
        name: then.get(name, then[CREATED])
        if (one := now.get(name, now[CREATED])).seq == then[ARRIVED].seq
        else one._replace(seq=seq)
        for name in sorted(names)
    }


def _tell_guest(feeds: Feeds, guest: int, key: Key, home: int) -> None:
    """A copy in a third unit stays what it is, but belongs to another one now."""
    copy = feeds.get(guest, key)
    if copy is None or copy.gone in audiences.VANISHED:
        return
    copy.versions, copy.home = versions_of(copy), home
    copy.holders = tuple(sorted({home, *copy.holders} - {guest}))
    feeds.renew(guest, copy)


def _take_from_guest(feeds: Feeds, guest: int, key: Key, home: int) -> None:
    """A copy in a third unit goes: whoever is to see what stands in the new home under this identifier gets that."""
    copy = feeds.get(guest, key)
    if copy is not None and copy.home == home:
        audiences.withdraw(feeds, guest, key)


def _differences(feeds: Feeds, to: int, held: Record, record: Record) -> list[Found]:
    """What stands in the new home already stays; where the record that comes differs, a person looks at it."""
    theirs = Version(record.seq, record.ts, record.device, record.by)
    clashes = [
        Clash(name, KIND, Version(held.seq, held.ts, held.device, held.by), held.values[name], theirs, value)
        for name, value in record.values.items()
        if value and name in held.values and held.values[name] != value
    ]
    key, filled = (record.table, record.id), False
    for name, value in record.values.items():
        if name not in held.values:
            held.values[name], filled = value, True
    if filled:
        held.versions = versions_of(held)
        feeds.renew(to, held)
    return [Found(to, key, clash, record.device, 0, at) for at, clash in enumerate(clashes)]


# ----------------------------------------------------------------------------------------------------------- late edits


class Landed(NamedTuple):
    """Where a late change went: what clashed there; `record` is None if it could not be passed on."""

    unit: int
    record: Record | None
    clashes: list[Clash]


def forward(feeds: Feeds, tree: Tree, unit: int, change: Change, device: int, ts: int) -> Landed:
    """Passes a change of a record that has moved away on to where it is now."""
    key, here = (change.table, change.id), feeds.get(unit, (change.table, change.id))
    start, passed = unit, {unit}
    while here is not None and here.gone == Gone.MOVED and ARRIVED in (here.versions or {}):
        change, unit = _translated(change, here, device), here.home
        if unit in passed:
            return Landed(unit, None, [])
        passed.add(unit)
        feeds.lock(unit)
        here = feeds.get(unit, key)
    if here is None or here.gone in {Gone.MOVED, Gone.WITHDRAWN}:
        return Landed(unit, None, [])
    if here.gone == Gone.ERASED:
        return Landed(unit, here, [])
    if _shows_more(feeds, tree, start, here, change):
        return Landed(unit, None, [])
    return _merge_there(feeds, tree, unit, here, change, device, ts)


def _shows_more(feeds: Feeds, tree: Tree, start: int, here: Record, change: Change) -> bool:
    """Whether a late change would show the record to somebody to whom its new home may not, or never would."""
    if rules_of(here.table).reach is Reach.NAMED and AUDIENCE in change.values:
        audience, present = change.values[AUDIENCE], here.values.get(AUDIENCE)
        return not audiences.may_name(tree, here.home, here.home, audience, present)
    parent = parent_of(here.table, {**here.values, **change.values})
    if parent is None or parent == here.parent:
        return False
    above = feeds.get(start, audiences.key_of(parent))  # hung under what went the same way, and nothing else
    return above is None or above.gone != Gone.MOVED


def _merge_there(feeds: Feeds, tree: Tree, unit: int, here: Record, change: Change, device: int, ts: int) -> Landed:
    behaviour = behaviour_of(change.table)
    if behaviour is Behaviour.APPEND and change.op != "d":
        change = change._replace(values={n: v for n, v in change.values.items() if n not in here.values})
    seq = feeds.number(unit, (here.table, here.id), here.seq)
    clashes = merge(here, change, seq, ts, device)
    here.parent = parent_of(here.table, here.values)
    feeds.put(unit, here)
    audiences.deliver(feeds, tree, unit, here)
    return Landed(unit, here, [] if behaviour is Behaviour.QUIET else clashes)


def _translated(change: Change, tombstone: Record, device: int) -> Change:
    """The change with what its writer had seen, said in the numbers of the unit the record went to."""
    versions = tombstone.versions or {}
    created = versions.get(CREATED, NEVER)
    left, arrived = versions[LEFT].seq, versions[ARRIVED].seq
    bases = {}
    for name in change.values:
        held, seen = versions.get(name, created), change.bases.get(name, change.base)
        bases[name] = arrived if seen >= left or held.seq <= seen or held.device == device else 0
    whole = min([change.base, *change.bases.values()]) >= left
    return change._replace(base=arrived if whole else 0, bases={} if whole else bases)


def forward_new(feeds: Feeds, tree: Tree, unit: int, change: Change, device: int, ts: int) -> Record | None:
    """Makes a new record where what it follows has moved to, or the unit itself was merged into.

    Returns the tombstone that stands for it here, or None if it cannot be passed on.
    """
    parent = parent_of(change.table, change.values)
    to = landing(feeds, tree, unit, audiences.key_of(parent) if parent else None)
    if to is None:
        return None
    key = (change.table, change.id)
    feeds.lock(to)
    if feeds.get(to, key) is not None:
        return None  # it has a record of its own under this identifier: nobody writes into that
    above = feeds.get(to, audiences.key_of(parent)) if parent else None
    there = create(change, feeds.number(to, key, 0), ts, device, above.home if above else to)
    there.parent = parent
    feeds.put(to, there)
    if above is not None and above.gone == Gone.ERASED:
        erasing.blank(feeds, to, there)
    audiences.deliver(feeds, tree, to, there)
    gone = Record(change.table, change.id, {}, 0, ts, device, change.by, Gone.MOVED, None, to, parent, (to,))
    feeds.renew(unit, gone)
    # a twin of the desk may say the same record differently: it has not seen this one
    made = Version(gone.seq, ts, device, change.by)
    gone.versions = {CREATED: made, LEFT: NEVER._replace(seq=gone.seq), ARRIVED: NEVER._replace(seq=there.seq)}
    return gone


def landing(feeds: Feeds, tree: Tree, unit: int, key: Key | None) -> int | None:
    """Where a record is now that left a unit, or, without one, where the unit itself went."""
    if key is None:
        successor = tree.living(unit)
        return successor.id if successor and successor.id != unit else None
    passed, here = {unit}, feeds.get(unit, key)
    while here is not None and here.gone == Gone.MOVED:
        if ARRIVED not in (here.versions or {}):  # what stands there under that identifier is another record
            return None
        unit = here.home
        if unit in passed:
            return None
        passed.add(unit)
        feeds.lock(unit)
        here = feeds.get(unit, key)
    if here is not None:
        return unit
    successor = tree.living(unit)
    return successor.id if successor and successor.id not in passed else None


def whereabouts(feeds: Feeds, found: Found) -> int:
    """The unit whose desks should hear of a clash: where the record has gone, if the same batch moved it."""
    unit, passed = found.unit, {found.unit}
    here = feeds.get(unit, found.key)
    while found.clash.kind != KIND and here is not None and here.gone == Gone.MOVED and here.home not in passed:
        unit = here.home
        passed.add(unit)
        here = feeds.get(unit, found.key)
    return unit


def lost(change: Change, unit: int, held: Record | None, device: int, ts: int) -> list[Clash]:
    """What could not be passed on, field by field, for the conflict records that keep it in sight."""
    mine = Version(0, ts, device, change.by)
    theirs = Version(held.seq, held.ts, held.device, held.by) if held else NEVER
    known = held.values if held and held.home == unit and held.gone == Gone.ALIVE else {}
    return [Clash(name, KIND, theirs, known.get(name), mine, value) for name, value in change.values.items()]
