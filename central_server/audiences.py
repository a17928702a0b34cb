"""Who receives a record.  In each unit that does stands a copy, which is the entry in that unit's feed.

A record has one home.  `deliver` makes all other units agree with it as it stands in one of them: a copy for each that
receives it, a tombstone without content for each that does so no more, and the same for whatever follows it.
"""

from collections.abc import Mapping
from typing import Any, Final

from central_server.feeds import Feeds
from central_server.merge import CREATED, Record, Version, versions_of
from central_server.records import Key
from central_server.tree import Tree
from sync_protocol.behaviours import AUDIENCE, TABLES, Reach, rules_of, units_named
from sync_protocol.messages import Gone

VANISHED: Final = (Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED)
"""Tombstones that nothing is shared of."""
MOST_NAMED: Final = 100
"""Units one record may be shared with by name."""


def parent_of(table: str, values: Mapping[str, Any]) -> str | None:
    """What a record follows, as `table/id`."""
    follows = rules_of(table).follows
    if follows is None:
        return None
    owner, kind = values.get(follows.field), follows.table or values.get(follows.named_in)
    return f"{kind}/{owner}" if owner and kind and isinstance(owner, str) and isinstance(kind, str) else None


def key_of(parent: str) -> Key:
    """Table and id in a `parent`."""
    table, _, record_id = parent.partition("/")
    return table, record_id


# ------------------------------------------------------------------------------------------------------------ who may


def may_name(tree: Tree, speaker: int, home: int, audience: object, present: object) -> bool:
    """Whether a desk of `speaker` may change the audience of a record from `present` to `audience`.

    A guest that does not stand above the home may take itself out, and nobody else.
    """
    named, known = set(units_named(audience)), set(units_named(present))
    if len(named) > MOST_NAMED:
        return False
    if not all(tree.may_be_named(unit, home, speaker) for unit in named - known - {home}):
        return False
    lost = known - named
    return speaker == home or speaker in tree.above(home) or lost <= {speaker}


def may_answer(feeds: Feeds, unit: int, record: Record) -> bool:
    """Whether a unit that received a record may change it: if it, or what it follows in the end, was shared by name."""
    root, met = record, set[Key]()
    while root.parent and rules_of(root.table).follows and (root.table, root.id) not in met:
        met.add((root.table, root.id))
        above = feeds.get(unit, key_of(root.parent))
        if above is None or above.gone in VANISHED:
            return False
        root = above
    return rules_of(root.table).reach is Reach.NAMED


def guests_of(feeds: Feeds, tree: Tree, unit: int, record: Record) -> frozenset[int]:
    """The units besides its home that receive a record, seen from a unit that has it."""
    rules = rules_of(record.table)
    if record.gone in VANISHED:
        return frozenset()
    if rules.follows:
        above = feeds.special(unit, key_of(record.parent)) if record.parent else None
        if above is not None and above.gone == Gone.WITHDRAWN:  # by this very batch: who else has it knows its home
            unit = above.home
            above = feeds.get(unit, (above.table, above.id))
        if above is None or above.gone in VANISHED or above.home != record.home:
            return frozenset()
        return frozenset({unit, *above.holders} - {record.home})
    if rules.reach is Reach.NAMED:
        named = [tree.living(number) for number in units_named(record.values.get(AUDIENCE))]
        return frozenset(one.id for one in named if one) - {record.home}
    return frozenset(tree.above(record.home)) if rules.reach is Reach.UPWARD else frozenset()


# ----------------------------------------------------------------------------------------------------------- delivery


def deliver(feeds: Feeds, tree: Tree, unit: int, record: Record, *, news: bool = True) -> None:
    """Makes all units agree with `record` as it stands in `unit`.

    Without `news` its content is the same as before, and only those hear of it that receive it now and did not.
    """
    if record.gone in VANISHED:
        return
    before = {unit, *record.holders}
    after = {record.home, *guests_of(feeds, tree, unit, record)}
    if before == after == {unit}:
        return
    feeds.lock(*before, *after)
    key = (record.table, record.id)
    for other in sorted(after - {unit}):
        held = feeds.get(other, key)
        if held is not None and held.gone not in VANISHED and held.home != record.home:
            after.discard(other)  # under this identifier another unit's record is there: nobody writes into that
        elif news or other not in before:
            feeds.put(other, _copied(feeds, other, record, held))
    for other in sorted(before - after):
        withdraw(feeds, other, key)
    for other in after:
        _note_holders(feeds, other, key, after)
    if before != after:
        for follower in feeds.followers(record.home, [key]):
            if follower.home == record.home and follower.gone not in VANISHED:
                deliver(feeds, tree, record.home, follower, news=False)


def is_own(record: Record, unit: int) -> bool:
    """Whether a unit is the home of a record it has."""
    return record.home == unit and record.gone not in VANISHED


def _copied(feeds: Feeds, other: int, record: Record, held: Record | None) -> Record:
    """The record as it stands in another unit, under the next number there.

    Copies that were there before are in step with it: what its last change left alone keeps the versions it has there.
    """
    seq = feeds.number(other, (record.table, record.id), held.seq if held else 0)
    return Record(
        record.table,
        record.id,
        dict(record.values),
        seq,
        record.ts,
        record.device,
        record.by,
        record.gone,
        _versions_there(record, held, seq),
        record.home,
        record.parent,
        held.holders if held else (),
    )


def _versions_there(record: Record, held: Record | None, seq: int) -> dict[str, Version] | None:
    there = versions_of(held) if held and held.gone not in VANISHED else {}
    if record.versions is None:
        return there or None
    return {
        name: version._replace(seq=seq) if version.seq == record.seq or not there else there.get(name, there[CREATED])
        for name, version in record.versions.items()
    }


def withdraw(feeds: Feeds, other: int, key: Key) -> None:
    """Leaves a tombstone without content of a copy in another unit."""
    held = feeds.get(other, key)
    if held is None or held.gone in VANISHED:
        return
    held.values, held.versions, held.gone, held.holders = {}, None, Gone.WITHDRAWN, (held.home,)
    feeds.renew(other, held)


def _note_holders(feeds: Feeds, other: int, key: Key, units: set[int]) -> None:
    held, others = feeds.get(other, key), tuple(sorted(units - {other}))
    if held is not None and held.holders != others:
        held.holders = others
        feeds.put(other, held)


def review(feeds: Feeds, tree: Tree, unit: int) -> None:
    """Delivers anew what leaves a unit by its place in the tree, after the tree has changed."""
    upward = [table for table, rules in TABLES.items() if rules.reach is Reach.UPWARD]
    feeds.lock(unit)
    for record in feeds.of_tables(unit, upward):
        if is_own(record, unit):
            deliver(feeds, tree, unit, record, news=False)
