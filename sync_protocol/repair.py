"""How two replicas that should be equal find out where they differ, and set it right without reading everything again.

The desk sends one sum of version hashes per bucket; the server answers with the versions it has in the buckets whose
sums differ; the desk fetches the records it lacks and drops those that are gone.

    POST /v1/repair     Sums (JSON) → Versions (JSON in zstd)
    POST /v1/fetch      Wanted (JSON) → {"groups": rows} (JSON in zstd)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from sync_protocol import shapes
from sync_protocol.digests import BUCKETS
from sync_protocol.messages import Place, Row, rows_from_wire, rows_to_wire

FETCH_ROWS: Final = 2000
"""Most records one request may fetch."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The desk's sums, as signed 64-bit numbers, one per bucket.

    With `deep`, a record counts with its content too, so that damage within a version is found.  `place` proves that
    both sides have the same past: only then was a record that the server lacks deleted (an older desk sends none).
    """

    sums: tuple[int, ...]
    deep: bool = False
    place: Place | None = None

    def to_wire(self) -> dict[str, Any]:
        place = {"place": self.place.to_wire()} if self.place else {}
        return {"sums": list(self.sums), "deep": self.deep, **place}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        sums = shapes.listed(shapes.member(raw, "sums"), shapes.signed, BUCKETS)
        deep = shapes.truth(shapes.member(raw, "deep"))
        place = raw.get("place") if isinstance(raw, Mapping) else None
        return cls(tuple(sums), deep, None if place is None else Place.from_wire(place))


@dataclass(frozen=True, slots=True)
class Versions:
    """What the server has in the buckets that differ: rows without values.

    `head` is the number they were read at, and `mark` proves it: a desk that has repaired itself goes on from there.
    """

    epoch: str
    head: int
    buckets: tuple[int, ...]
    rows: list[Row]
    mark: str = ""

    def to_wire(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "head": self.head,
            "mark": self.mark,
            "buckets": list(self.buckets),
            "groups": rows_to_wire(self.rows),
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            shapes.words(shapes.member(raw, "epoch"), 64),
            shapes.whole(shapes.member(raw, "head")),
            tuple(shapes.listed(shapes.member(raw, "buckets"), shapes.whole)),
            rows_from_wire(shapes.member(raw, "groups")),
            shapes.words(shapes.member(raw, "mark"), 64),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Records the desk asks for: pairs of table and id.  The answer is a list of rows."""

    keys: tuple[tuple[str, str], ...]

    def to_wire(self) -> dict[str, Any]:
        return {"keys": [list(key) for key in self.keys]}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        keys = shapes.listed(shapes.member(raw, "keys"), _key)
        if len(keys) > FETCH_ROWS:
            raise shapes.BadMessage("too many keys")
        return cls(tuple(keys))


def _key(raw: object) -> tuple[str, str]:
    table, record_id = shapes.listed(raw, lambda one: one, 2)
    return shapes.name(table), shapes.identifier(record_id)
