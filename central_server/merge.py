"""How one pushed change meets the record that is there.  Pure: no storage, no clock, no knowledge of any table.

Causality first, clock last: a value written in sight of the present one wins, whatever the clocks say.  Only values
whose writers did not see each other are compared by (stamp, device), and the loser goes into a conflict record.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sync_protocol.messages import Change, Gone, Row

CREATED: Final = "*"
"""Stands for every field that was not changed since its record was made (R3), and for the record as a whole."""


class Version(NamedTuple):
    """Who wrote a field, when and under which number."""

    seq: int
    ts: int
    device: int
    by: str | None


NEVER: Final = Version(0, 0, 0, None)


@dataclass(slots=True)
class Record:
    """A record of the mailbox as it stands in one unit.

    `versions` names the fields changed since it was made, None when there are none.  `home` is the unit it belongs to
    (of a moved one: the new one), `parent` what it follows (`table/id`), `holders` the other units that have it.
    """

    table: str
    id: str
    values: dict[str, Any]
    seq: int
    ts: int
    device: int
    by: str | None
    gone: int
    versions: dict[str, Version] | None
    home: int
    parent: str | None = None
    holders: tuple[int, ...] = ()

    @property
    def deleted(self) -> bool:
        """Whether it is a tombstone, of whatever kind."""
        return self.gone != Gone.ALIVE

    def row(self, scope: int) -> Row:
        """The record as the desks of a unit get it.

        A tombstone goes out without content (R11); of a deletion the mailbox still has it.
        """
        values = {} if self.deleted else self.values
        home = 0 if self.home == scope else self.home
        return Row(self.table, self.id, self.seq, self.ts, self.device, self.by, self.gone, values, home)


class Clash(NamedTuple):
    """Two values that did not see each other, or a deletion and an edit (then `field` is empty)."""

    field: str
    kind: str
    won: Version
    won_value: Any
    lost: Version
    lost_value: Any


def create(change: Change, seq: int, ts: int, device: int, home: int) -> Record:
    """A record nobody had heard of.  A partial one leaves the fields it does not name to whoever knows them."""
    partial = change.op == "u"
    versions = dict.fromkeys(change.values, Version(seq, ts, device, change.by)) if partial else None
    gone = Gone.DELETED if change.op == "d" else Gone.ALIVE
    return Record(change.table, change.id, dict(change.values), seq, ts, device, change.by, gone, versions, home)


def merge(record: Record, change: Change, seq: int, ts: int, device: int) -> list[Clash]:
    """Takes a change of a device into `record`, which gets the number `seq`; returns what clashed."""
    mine = Version(seq, ts, device, change.by)
    versions = versions_of(record)
    clashes = []
    for name, value in change.values.items():
        present, held = record.values.get(name), versions.get(name, versions[CREATED])
        if name not in record.values:
            held = NEVER
        saw = _saw(record, held, change.bases.get(name, change.base), device)
        newer = (mine.ts, mine.device) > (held.ts, held.device)
        if present == value:  # equal values never clash (R10)
            record.values[name] = value
            if not saw:
                versions[name] = mine._replace(ts=max(mine.ts, held.ts))
            continue
        if not saw:
            won, lost = ((mine, value), (held, present)) if newer else ((held, present), (mine, value))
            clashes.append(Clash(name, "field", *won, *lost))
        if saw or newer:
            record.values[name], versions[name] = value, mine
    clashes += _merge_life(record, change, mine)
    record.seq, record.ts, record.device, record.by = seq, max(ts, record.ts), device, change.by
    record.versions = versions
    return clashes


def versions_of(record: Record) -> dict[str, Version]:
    """The versions of all fields, with the creation of the record for those not named (R3)."""
    if record.versions is None:
        return {CREATED: Version(record.seq, record.ts, record.device, record.by)}
    return {CREATED: Version(0, record.ts, record.device, record.by), **record.versions}


def _saw(record: Record, held: Version, seen: int, device: int) -> bool:
    """Whether the writer saw the value that is there; what it wrote itself it did: batches come in order (R4)."""
    return seen >= record.seq or held.seq <= seen or held.device == device


def _merge_life(record: Record, change: Change, mine: Version) -> list[Clash]:
    """Deletion and undeletion: an edit beats a deletion that did not see it, and a person looks at it."""
    saw_all = change.base >= record.seq and not change.bases
    theirs = Version(record.seq, record.ts, record.device, record.by)
    if change.op == "d":
        if saw_all or record.deleted:
            record.gone = Gone.DELETED
            return []
        return [Clash("", "delete_edit", theirs, None, mine, None)]
    if record.deleted and not saw_all:
        record.gone = Gone.ALIVE
        return [Clash("", "undelete", mine, None, theirs, None)]
    if change.op == "i":
        record.gone = Gone.ALIVE
    return []
