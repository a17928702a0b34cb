"""The content of attachments: what a desk asks and tells about it, apart from the exchange of records.

A content is named by its SHA-256 together with the record that has it, because that record is what decides who may
read it.  All three requests carry their names in the signed body, so that none stands in the log of a proxy.

    POST /v1/blobs      {"ask": [[record, sha256], …]} → {"blobs": [[state, offset], …]}
    POST /v1/blob/put   [part, bytes] → {"blob": [state, offset]}
    POST /v1/blob/get   part → [{"size": n}, bytes]
"""

import re
from dataclasses import dataclass
from typing import Any, Final, Self

from sync_protocol import shapes

ATTACHMENT_TABLE: Final = "attachment"
"""Records of this table have a content; its field `sha256` says which."""
MAX_SIZE: Final = 20_000_000
"""Most bytes of one content."""
CELL: Final = 64 << 10
"""A transfer that was cut is taken up again at a multiple of this."""
PART: Final = 1 << 20
"""Most bytes of one request."""
ASKED_AT_ONCE: Final = 200
WHOLE: Final = "whole"
MISSING: Final = "missing"
"""The server has the record, and the content up to the offset it names."""
UNKNOWN: Final = "unknown"
"""The server knows no such record of this desk's unit, or it has another content."""
STATES: Final = (WHOLE, MISSING, UNKNOWN)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def is_sha256(value: object) -> bool:
    """Whether a value is the hash of a content: 64 hex digits in lower case."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def sha256(value: object) -> str:
    """A hash that came over the wire."""
    if not isinstance(value, str) or not is_sha256(value):
        raise shapes.BadMessage("not a hash")
    return value


@dataclass(frozen=True, slots=True)
class Named:
    """A content, by its hash and a record that has it."""

    record: str
    sha256: str

    def to_wire(self) -> list[str]:
        return [self.record, self.sha256]

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - a pair
            raise shapes.BadMessage("not a content")
        return cls(shapes.identifier(raw[0]), sha256(raw[1]))


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a content the server has: one of `STATES`, and where a desk may go on sending."""

    state: str
    offset: int

    def to_wire(self) -> list[object]:
        return [self.state, self.offset]

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        if not isinstance(raw, list) or len(raw) != 2 or raw[0] not in STATES:  # noqa: PLR2004 - a pair
            raise shapes.BadMessage("not the state of a content")
        return cls(raw[0], shapes.whole(raw[1]))


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a content: from `offset`; `count` is the size of the whole in a put, how many to send in a get."""

    named: Named
    offset: int
    count: int

    def to_wire(self) -> dict[str, Any]:
        return {"blob": self.named.to_wire(), "offset": self.offset, "count": self.count}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            Named.from_wire(shapes.member(raw, "blob")),
            shapes.whole(shapes.member(raw, "offset")),
            shapes.whole(shapes.member(raw, "count")),
        )


def named_from_wire(raw: object) -> list[Named]:
    """The contents asked about."""
    asked = shapes.listed(shapes.member(raw, "ask"), Named.from_wire)
    if len(asked) > ASKED_AT_ONCE:
        raise shapes.BadMessage("too many at once")
    return asked


def held_from_wire(raw: object, count: int) -> list[Held]:
    """The answer about `count` contents, in their order."""
    return shapes.listed(shapes.member(raw, "blobs"), Held.from_wire, count)
