"""The messages of one exchange: batch and acknowledgement, page and its rows.  Names of members as in docs/protocol.md.

Rows travel column by column, grouped by table and by the fields they name.  `to_wire` gives what JSON holds;
`from_wire` checks the shape of everything it is given and raises `shapes.BadMessage`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self

from sync_protocol import shapes
from sync_protocol.rows import (
    Gone,
    Row,
    Rows,
    Wire,
    columns_from_wire,
    columns_of,
    rows_from_wire,
    rows_of_group,
    rows_to_wire,
)

__all__ = ["Gone", "Row", "Rows", "Wire", "rows_from_wire", "rows_of_group", "rows_to_wire"]
NOTHING: Final = (0, "0")
"""The mark of a desk that has exchanged nothing yet."""
BATCH_ROWS: Final = 2000
BATCH_BYTES: Final = 1 << 20
PAGE_ROWS: Final = 2000
ROW_BYTES: Final = 256 << 10
"""Most bytes of JSON in one record; the server sets a bigger one aside, never the whole batch (TOO_LARGE)."""
OPS: Final = ("i", "u", "d")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a desk has come, with proofs: `mark` proves the cursor, `push` the last acknowledged batch (R8, R13)."""

    epoch: str = ""
    cur: int = 0
    mark: tuple[int, str] = NOTHING
    push: tuple[int, str] = NOTHING

    def to_wire(self) -> Wire:
        return {"epoch": self.epoch, "cur": self.cur, "mark": list(self.mark), "push": list(self.push)}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            shapes.words(shapes.member(raw, "epoch"), 64),
            shapes.whole(shapes.member(raw, "cur")),
            shapes.proof(shapes.member(raw, "mark")),
            shapes.proof(shapes.member(raw, "push")),
        )


class Change(NamedTuple):
    """One changed record of a batch.  `base` is the version its writer saw; `bases` says so for single fields (R2)."""

    table: str
    id: str
    op: str
    base: int
    bases: Mapping[str, int]
    ts: int
    by: str | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a desk pushes; frozen, so that every retry has the same bytes.  `prev` is the hash of the batch before."""

    scope: int
    device: int
    number: int
    prev: str
    place: Place
    changes: list[Change]
    sure: bool = False
    """Somebody has confirmed the many deletions in it."""

    def to_wire(self) -> Wire:
        return {
            "v": 2,
            "scope": self.scope,
            "dev": self.device,
            "batch": self.number,
            "prev": self.prev,
            "sure": self.sure,
            **self.place.to_wire(),
            "groups": changes_to_wire(self.changes),
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        groups = shapes.listed(shapes.member(raw, "groups"), _changes_from_wire)
        return cls(
            shapes.whole(shapes.member(raw, "scope")),
            shapes.whole(shapes.member(raw, "dev")),
            shapes.whole(shapes.member(raw, "batch")),
            shapes.words(shapes.member(raw, "prev"), 64),
            Place.from_wire(raw),
            [change for group in groups for change in group],
            shapes.truth(shapes.member(raw, "sure")),
        )


def in_wire_order(changes: Iterable[Change]) -> list[Change]:
    """The changes in the order in which both sides count them: grouped by table, operation and fields."""
    return [change for group in _grouped(changes).values() for change in group]


def _grouped(changes: Iterable[Change]) -> dict[tuple[str, str, tuple[str, ...]], list[Change]]:
    groups: dict[tuple[str, str, tuple[str, ...]], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.table, change.op, tuple(change.values)), []).append(change)
    return groups


class Sent(NamedTuple):
    """What a desk has to know of a change of its own when the answer comes; not its values."""

    table: str
    id: str
    op: str
    ts: int
    by: str | None


def sent_in(batch: Wire) -> list[Sent]:
    """The changes in a batch that a desk made itself, in wire order."""
    return [
        Sent(group["t"], pk, group["op"], ts, by)
        for group in batch["groups"]
        for pk, ts, by in zip(group["pk"], group["ts"], group["by"], strict=True)
    ]


def changes_to_wire(changes: Iterable[Change]) -> list[Wire]:
    """Changes column by column, grouped by table, operation and fields."""
    return [
        {
            "t": table,
            "op": op,
            "cols": list(cols),
            "pk": [change.id for change in group],
            "base": [change.base for change in group],
            "ts": [change.ts for change in group],
            "by": [change.by for change in group],
            "fb": {str(at): dict(change.bases) for at, change in enumerate(group) if change.bases},
            "v": [[change.values[name] for change in group] for name in cols],
        }
        for (table, op, cols), group in _grouped(changes).items()
    ]


def _changes_from_wire(raw: object) -> list[Change]:
    table, op = shapes.name(shapes.member(raw, "t")), shapes.member(raw, "op")
    if op not in OPS:
        raise shapes.BadMessage("not an operation")
    ids = shapes.identifiers(shapes.member(raw, "pk"))
    count = len(ids)
    bases = _bases(shapes.member(raw, "fb"))
    return [
        Change(table, pk, op, base, bases.get(at, {}), ts, by, values)
        for at, (pk, base, ts, by, values) in enumerate(
            zip(
                ids,
                shapes.wholes(shapes.member(raw, "base"), count),
                shapes.wholes(shapes.member(raw, "ts"), count),
                shapes.persons(shapes.member(raw, "by"), count),
                _values(raw, count),
                strict=True,
            )
        )
    ]


def _bases(raw: object) -> dict[int, dict[str, int]]:
    if not isinstance(raw, Mapping):
        raise shapes.BadMessage("bases are not an object")
    try:
        return {
            int(at): {shapes.words(name, 63): shapes.whole(seq) for name, seq in shapes.pairs(one)}
            for at, one in raw.items()
        }
    except (TypeError, ValueError) as error:
        raise shapes.BadMessage("bases are not numbers") from error


def _values(raw: object, count: int) -> list[dict[str, Any]]:
    """One dict of values per row."""
    cols, columns = columns_of(raw, count)
    if not cols:
        return [{} for _ in range(count)]
    return [dict(zip(cols, row)) for row in zip(*columns)]  # noqa: B905 - they were counted


@dataclass(frozen=True, slots=True)
class Ack:
    """The answer to a batch; stored by the server and given again, byte for byte, when the batch comes again.

    `numbers` has one number per change in wire order, 0 for a change that was not taken; `truth` holds the records
    where the desk's version did not simply win (R5); `last` is 0 and `mark` empty when nothing got a number.
    """

    batch: int
    epoch: str
    numbers: list[int]
    last: int = 0
    mark: str = ""
    contiguous: bool = False
    truth: list[Row] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def to_wire(self) -> Wire:
        return {
            "batch": self.batch,
            "epoch": self.epoch,
            "fin": self.numbers,
            "last": self.last,
            "mark": self.mark,
            "contig": self.contiguous,
            "auth": rows_to_wire(self.truth),
            "refused": [list(one) for one in self.refused],
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            shapes.whole(shapes.member(raw, "batch")),
            shapes.words(shapes.member(raw, "epoch"), 64),
            shapes.wholes(shapes.member(raw, "fin")),
            shapes.whole(shapes.member(raw, "last")),
            shapes.words(shapes.member(raw, "mark"), 64),
            shapes.truth(shapes.member(raw, "contig")),
            rows_from_wire(shapes.member(raw, "auth")),
            shapes.listed(shapes.member(raw, "refused"), shapes.proof),
        )


@dataclass(frozen=True, slots=True)
class Pull:
    """What a desk asks for.  `nonce` is (last, next): the one agreed and the one this exchange sets (clone proof)."""

    place: Place
    nonce: tuple[str, str]
    limit: int = PAGE_ROWS

    def to_wire(self) -> Wire:
        return {**self.place.to_wire(), "nonce": list(self.nonce), "limit": self.limit}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        last, following = shapes.listed(shapes.member(raw, "nonce"), lambda one: shapes.words(one, 64), 2)
        if not following:
            raise shapes.BadMessage("no nonce")
        return cls(Place.from_wire(raw), (last, following), shapes.whole(shapes.member(raw, "limit")))


@dataclass(frozen=True, slots=True)
class Page:
    """Records after a cursor, in the order of their numbers, up to `to`; ends where a push transaction ended (R7).

    `digest` is there at the head only; `now` is the server's clock in UTC ms.  Tombstones up to `purged` are old enough
    to be forgotten.  `pause` asks the desk not to come back by itself for so many seconds.
    """

    epoch: str
    to: int
    mark: str
    head: int
    now: int
    digest: int | None
    rows: Sequence[Row]
    purged: int = 0
    pause: int = 0

    @property
    def more(self) -> bool:
        """Whether there is more to pull."""
        return self.to < self.head

    def to_wire(self) -> Wire:
        return {
            "epoch": self.epoch,
            "to": self.to,
            "mark": self.mark,
            "head": self.head,
            "now": self.now,
            "digest": self.digest,
            "purged": self.purged,
            "pause": self.pause,
            "groups": rows_to_wire(self.rows),
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        digest = shapes.member(raw, "digest")
        return cls(
            shapes.words(shapes.member(raw, "epoch"), 64),
            shapes.whole(shapes.member(raw, "to")),
            shapes.words(shapes.member(raw, "mark"), 64),
            shapes.whole(shapes.member(raw, "head")),
            shapes.moment(shapes.member(raw, "now")),
            None if digest is None else shapes.signed(digest),
            columns_from_wire(shapes.member(raw, "groups")),
            shapes.whole(shapes.member(raw, "purged")),
            shapes.whole(shapes.member(raw, "pause")),
        )
