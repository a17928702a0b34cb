"""What people did in a simulated world, and who had seen what: the yardstick for what may never be lost."""

import collections
from collections.abc import Iterable

ALIKE = "same-"
"""What a value begins with that several desks write alike."""


class Facts:
    """Every value written is unique, but for a few that two desks set alike.

    A value is superseded when somebody who saw it wrote another one over it or deleted the record.  A value that is not
    superseded is a leaf: it may never vanish without trace.
    """

    def __init__(self) -> None:
        self.records: dict[str, str] = {}  # record → its table
        self.parents: dict[str, str] = {}  # record → the record it follows
        self.values: dict[str, tuple[str, str]] = {}  # value → (record, field)
        self.over: dict[str, set[str]] = collections.defaultdict(set)  # value → what those who saw it put over it
        self.disk_lost: set[str] = set()  # done on a profile that was later replaced by an older copy of itself
        self.reached_server: set[str] = set()
        self.allowed: dict[str, set[int]] = collections.defaultdict(set)  # record → units that may ever hear of it
        self.erased: set[str] = set()  # the server took an order to erase them
        self.buried: set[str] = set()  # somebody deleted them
        self.moved: set[str] = set()  # somebody had them moved
        self.withdrawn: set[str] = set()  # they were taken back from somebody they had been shared with
        self.successors: dict[int, int] = {}  # unit → the one it was merged into

    def made(self, table: str, record: str, units: Iterable[int], parent: str | None = None) -> None:
        self.records[record] = table
        self.allowed[record].update(units)
        if parent:
            self.parents[record] = parent

    def written(self, record: str, field: str, value: str, seen: str | None = None) -> None:
        self.values[value] = (record, field)
        if seen not in (None, value):
            self.over[seen].add(value)

    def deleted(self, record: str, seen_values: Iterable[str | None]) -> None:
        self.buried.add(record)
        for seen in seen_values:
            if seen is not None:
                self.over[seen].add(self.deletion(record))

    @staticmethod
    def deletion(record: str) -> str:
        return f"deletion of {record}"

    def pushed(self, changes) -> None:
        for change in changes:
            self.reached_server.add(change.id)
            written = {value for value in change.values.values() if isinstance(value, str)}
            self.reached_server |= written - self.records.keys()  # who names a record has not brought it along
            if change.op == "d":
                self.reached_server.add(self.deletion(change.id))

    # ---------------------------------------------------------------------------------------------------- who saw what

    def later(self, value: str, *, plainly: bool = False) -> set[str]:
        """All that was written over `value` by those who saw it, directly or in several steps.

        With `plainly`, no step leads through a value that several desks wrote alike: who saw it need not have seen what
        another desk wrote it over.
        """
        ahead, met = list(self.over[value]), set()
        while ahead:
            later = ahead.pop()
            if later not in met:
                met.add(later)
                if not (plainly and later.startswith(ALIKE)):
                    ahead += self.over[later]
        return met

    def saw(self, value: str, earlier: str) -> bool:
        return value in self.later(earlier, plainly=True)

    def superseded(self, value: str) -> bool:
        return any(later not in self.disk_lost or later in self.reached_server for later in self.later(value))

    def may_be_lost(self, what: str, *, server_restored: bool) -> bool:
        """Nobody can bring back what stood only on a lost disk, or there and on a server that was restored as well."""
        return what in self.disk_lost and (server_restored or what not in self.reached_server)

    # -------------------------------------------------------------------------------------------- whose a record may be

    def root(self, record: str) -> str:
        """The record that another one follows in the end."""
        while record in self.parents:
            record = self.parents[record]
        return record

    def is_erased(self, record: str) -> bool:
        """Whether it, or what it follows, was erased."""
        while record not in self.erased and record in self.parents:
            record = self.parents[record]
        return record in self.erased

    def was_on_the_way(self, record: str) -> bool:
        """Whether it left a unit: then for a time the server alone had it, and a restored one may not."""
        root = self.root(record)
        return root in self.moved | self.withdrawn or bool(self.allowed[root] & self.successors.keys())

    def may_hear(self, unit: int, record: str) -> bool:
        """Whether desks of a unit may ever hear of a record: somebody made it there, shared it with it or moved it."""
        units = set(self.allowed[self.root(record)])
        while more := {self.successors[one] for one in units & self.successors.keys()} - units:
            units |= more
        return unit in units
