"""The feeds one transaction writes to: the heads it has locked, the numbers it gives out, the records in its hands.

Heads are locked in ascending order of their units, so that no two transactions wait for each other.  Whoever finds out
late that a lower one is needed too begins anew with all of them (`MoreHeads`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from central_server import history, records
from central_server.history import Head
from central_server.merge import Record
from central_server.records import Key
from central_server.storage import ContendedError, Session, Storage
from sync_protocol.digests import signed64, version_hash, versions_hash
from sync_protocol.refusals import Refused

T = TypeVar("T")
TRIES: Final = 32
"""How often a transaction may find that it needs one more head."""


class MoreHeads(Exception):  # noqa: N818 - a reason to begin anew, not an error
    """The transaction has to begin anew, with the heads of these units locked first."""

    def __init__(self, units: frozenset[int]) -> None:
        super().__init__()
        self.units = units


@dataclass(slots=True)
class _Feed:
    head: Head
    next_seq: int
    digest: int
    held: dict[Key, Record | None] = field(default_factory=dict)
    changed: dict[Key, Record] = field(default_factory=dict)
    plain: set[Key] = field(default_factory=set)


class Feeds:
    """The feeds of some units, within one transaction.  A record that was changed in place must be `put`."""

    def __init__(self, session: Session, now: int, *, device: int = 0, units: Iterable[int] = ()) -> None:
        self.session, self.now, self.device = session, now, device
        self._feeds: dict[int, _Feed] = {}
        self._marks: dict[int, str] = {}
        self.lock(*units)

    def lock(self, *units: int) -> None:
        """Locks the heads of some units, those it has not yet."""
        missing = sorted(set(units) - self._feeds.keys())
        if missing and self._feeds and missing[0] < max(self._feeds):
            raise MoreHeads(frozenset({*self._feeds, *missing}))
        for unit in missing:
            head = history.lock_head(self.session, unit)
            self._feeds[unit] = _Feed(head, head.next_seq, head.digest)

    def head(self, unit: int) -> Head:
        """The head as it stands now; before this transaction for what it was when it was locked."""
        feed = self._feeds[unit]
        return Head(feed.next_seq, signed64(feed.digest), feed.head.epoch, feed.head.purged)

    def before(self, unit: int) -> Head:
        """The head as it was locked."""
        return self._feeds[unit].head

    # ---------------------------------------------------------------------------------------------------------- read

    def load(self, unit: int, keys: Iterable[Key]) -> None:
        """Reads some records of a unit, in sets."""
        self.lock(unit)
        held = self._feeds[unit].held
        missing = [key for key in dict.fromkeys(keys) if key not in held]
        if missing:
            found = records.load(self.session, unit, missing)
            for key in missing:
                held[key] = found.get(key)

    def get(self, unit: int, key: Key) -> Record | None:
        """A record of a unit as it stands in this transaction."""
        feed = self._feeds.get(unit)
        if feed is None or key not in feed.held:
            self.load(unit, (key,))
            feed = self._feeds[unit]
        return feed.held[key]

    def load_special(self, unit: int, keys: Iterable[Key]) -> None:
        """Of some records, reads those that stand in other units too, or did, or were erased; the rest is plain."""
        feed = self._feeds[unit]
        asked = {key for key in keys if key not in feed.held} - feed.plain
        if asked:
            feed.held.update(records.load(self.session, unit, asked, special=True))
            feed.plain |= asked - feed.held.keys()

    def special(self, unit: int, key: Key) -> Record | None:
        """A record, or None for one that is not there or stands in this unit alone."""
        self.load_special(unit, (key,))
        return self._feeds[unit].held.get(key)

    def in_hand(self, home: int, keys: Iterable[Key]) -> set[tuple[int, Key]]:
        """Where some records of one home stand as this transaction has them, stored or not."""
        wanted = set(keys)
        return {
            (unit, key)
            for unit, feed in self._feeds.items()
            for key in wanted
            if (one := feed.held.get(key)) and one.home == home
        }

    def of_tables(self, unit: int, tables: Iterable[str]) -> list[Record]:
        """All records of some tables of a unit."""
        keys = records.keys_of(self.session, unit, tables)
        self.load(unit, keys)
        return [record for key in keys if (record := self._feeds[unit].held[key])]

    def followers(self, unit: int, keys: Iterable[Key]) -> list[Record]:
        """The records of a unit that follow some others directly, in the order of their numbers."""
        parents = {f"{table}/{record_id}" for table, record_id in keys}
        held = self._feeds[unit].held
        for record in records.following(self.session, unit, parents):
            held.setdefault((record.table, record.id), record)
        found = [record for record in held.values() if record and record.parent in parents]
        return sorted(found, key=lambda record: record.seq)  # events keep their order in whatever unit they come to

    # --------------------------------------------------------------------------------------------------------- write

    def number(self, unit: int, key: Key, held_seq: int) -> int:
        """The next number of a unit, for a record that had another one; with what it does to the digest."""
        feed = self._feeds[unit]
        seq = feed.next_seq
        feed.next_seq = seq + 1
        feed.digest += version_hash(*key, seq)
        if held_seq:
            feed.digest -= version_hash(*key, held_seq)
        return seq

    def unheard(self, unit: int, keys: Sequence[Key]) -> bool:
        """Whether some records, which were loaded, are all different and none of them is there."""
        held = self._feeds[unit].held
        return len(set(keys)) == len(keys) and not any(map(held.__getitem__, keys))

    def number_new(self, unit: int, keys: Sequence[Key]) -> range:
        """The next numbers of a unit, for records that had none."""
        feed = self._feeds[unit]
        seqs = range(feed.next_seq, feed.next_seq + len(keys))
        feed.next_seq = seqs.stop
        for table in {table for table, _ in keys}:
            mine = [(pk, seq) for (name, pk), seq in zip(keys, seqs, strict=True) if name == table]
            feed.digest += versions_hash(table, mine)
        return seqs

    def put(self, unit: int, record: Record) -> None:
        """Takes a record in hand, to be stored at the end."""
        feed, key = self._feeds[unit], (record.table, record.id)
        feed.held[key] = feed.changed[key] = record

    def renew(self, unit: int, record: Record) -> None:
        """Puts a record under a new number, so that the desks of the unit hear of it."""
        record.seq = self.number(unit, (record.table, record.id), record.seq)
        self.put(unit, record)

    def changed(self, unit: int) -> dict[Key, Record]:
        """The records of a unit this transaction has changed."""
        return self._feeds[unit].changed

    def close(self) -> None:
        """Stores everything: records, heads, and a mark for each unit that has something new.

        A page may end at a mark only, so where that is more than a page there are marks in between.
        """
        for unit, feed in sorted(self._feeds.items()):
            sizes = records.store(self.session, unit, feed.changed.values())
            if self.device and any(characters > records.MOST_CHARACTERS for _, characters in sizes):
                raise Refused("TOO_LARGE")  # its desk takes the batch apart, down to the change at fault
            if feed.next_seq > feed.head.next_seq:
                history.set_head(self.session, unit, feed.next_seq, signed64(feed.digest))
                fresh = [(seq, size) for seq, size in sizes if seq >= feed.head.next_seq]
                for seq in [*_between(fresh, feed.next_seq - 1), feed.next_seq - 1]:
                    self._marks[unit] = history.add_mark(self.session, unit, seq, self.now, self.device)

    def mark(self, unit: int) -> tuple[int, str]:
        """The last number of this transaction in a unit and its nonce, once it is closed; (0, "") for nothing new."""
        return (self._feeds[unit].next_seq - 1, self._marks[unit]) if unit in self._marks else (0, "")


def _between(sizes: Iterable[tuple[int, int]], last: int) -> Iterator[int]:
    """The numbers before the last one at which about a page of records is full."""
    size = 0
    for seq, characters in sorted(sizes):
        size += characters
        if size > records.PAGE_CHARACTERS and seq < last:
            yield seq
            size = 0


def transaction(storage: Storage, now: int, units: Iterable[int], work: Callable[[Feeds], T]) -> T:
    """Runs a piece of an administrator's work in one transaction, with as many heads as it needs."""
    needed = frozenset(units)
    for _ in range(TRIES):
        try:
            with storage.writing() as session:
                feeds = Feeds(session, now, units=needed)
                done = work(feeds)
                feeds.close()
                return done
        except MoreHeads as more:
            needed |= more.units
    raise ContendedError("too many units at once")
