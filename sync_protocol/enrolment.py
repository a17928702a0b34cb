"""How a desk becomes known to the server: a short code, a public key, and what the server tells it in return."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self

from sync_protocol import shapes

CODE_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""31 characters nobody mixes up: no I, L, O, 0, 1."""
CODE_LENGTH: Final = 10
CODE_LABEL: Final = 4
"""The first characters name the code, so that wrong guesses count against it; the rest is the secret (30 bits)."""
CODE_MINUTES: Final = 15
CODE_TRIES: Final = 5
UNIT_KINDS: Final = ("community", "street", "district", "city", "department")
"""社区、街道、区县、市、部门：what a unit of the organisation can be."""


def tidy_code(typed: str) -> str:
    """A code as it was typed, full-width letters too, without blanks and hyphens, in capitals."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "").upper()


def fits(unit: int, scope: int, kind: str) -> bool:
    """Whether a desk that has the data of `unit` (0: none yet, or of no unit) may become one of a unit.

    A community's data belongs nowhere else.  Area codes of streets, districts and cities end in 000; departments have
    numbers of their own.
    """
    if unit in (0, scope):
        return True
    return kind != UNIT_KINDS[0] and unit % 1000 == 0


def is_code(code: str) -> bool:
    """Whether a tidied text has the shape of a code."""
    return len(code) == CODE_LENGTH and all(letter in CODE_ALPHABET for letter in code)


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """A desk asks to be let in.  `key` is its raw Ed25519 public key in hex; `unit` whose data it has, 0 if nobody's.

    A code of a unit that does not fit is refused and stays good; an older server does not hear of `unit`.
    """

    code: str
    key: str
    name: str
    unit: int = 0

    def to_wire(self) -> dict[str, Any]:
        return {"code": self.code, "key": self.key, "name": self.name, **({"unit": self.unit} if self.unit else {})}

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            tidy_code(shapes.words(shapes.member(raw, "code"), 40)),
            public_key(shapes.member(raw, "key")),
            shapes.words(shapes.member(raw, "name"), 80),
            shapes.whole(raw.get("unit", 0) if isinstance(raw, Mapping) else 0),
        )


class Unit(NamedTuple):
    """A node of the organisation as desks know it: its number, name and kind (`UNIT_KINDS`)."""

    id: int
    name: str
    kind: str

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        number, name, kind = shapes.listed(raw, lambda one: one, 3)
        return cls(shapes.whole(number), shapes.words(name), shapes.words(kind, 20))


class Desk(NamedTuple):
    """A device of the unit and what it is called."""

    device: int
    name: str

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        device, name = shapes.listed(raw, lambda one: one, 2)
        return cls(shapes.whole(device), shapes.words(name))


MOST_DESKS: Final = 500
"""Devices of a unit that a desk is told the names of."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a desk is: the answer to an enrolment, to a new identity, and part of the answer to hello.

    `device` is drawn at random; `ordinal` counts the desks of a scope from 1 and stands in the numbers a desk gives out
    on paper.  `units` are those this desk may share records with.  `sign_key` and `seal_key` are the server's public
    keys in hex, for what travels on a stick.  `desks`: what the devices of the unit are called, the latest first, also
    those that were desks once; `limits`: how much the server wants at once.  An older server says nothing of either.
    """

    device: int
    ordinal: int
    scope: int
    unit: str
    name: str
    now: int
    kind: str = UNIT_KINDS[0]
    units: tuple[Unit, ...] = ()
    sign_key: str = ""
    seal_key: str = ""
    desks: tuple[Desk, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)

    def to_wire(self) -> dict[str, Any]:
        return {
            "device": self.device,
            "ordinal": self.ordinal,
            "scope": self.scope,
            "unit": self.unit,
            "name": self.name,
            "now": self.now,
            "kind": self.kind,
            "units": [list(unit) for unit in self.units],
            "sign_key": self.sign_key,
            "seal_key": self.seal_key,
            "desks": [list(desk) for desk in self.desks],
            **({"limits": dict(self.limits)} if self.limits else {}),
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        return cls(
            shapes.whole(shapes.member(raw, "device")),
            shapes.whole(shapes.member(raw, "ordinal")),
            shapes.whole(shapes.member(raw, "scope")),
            shapes.words(shapes.member(raw, "unit")),
            shapes.words(shapes.member(raw, "name")),
            shapes.moment(shapes.member(raw, "now")),
            shapes.words(shapes.member(raw, "kind"), 20),
            tuple(shapes.listed(shapes.member(raw, "units"), Unit.from_wire)),
            shapes.words(shapes.member(raw, "sign_key"), 64),
            shapes.words(shapes.member(raw, "seal_key"), 64),
            tuple(shapes.listed(raw.get("desks", []) if isinstance(raw, Mapping) else [], Desk.from_wire)),
            _limits(raw.get("limits")) if isinstance(raw, Mapping) else {},
        )


def _limits(raw: object) -> dict[str, int]:
    """What can be understood of them: they are advice."""
    told = raw if isinstance(raw, Mapping) else {}
    return {str(name): value for name, value in told.items() if type(value) is int}


def public_key(value: object) -> str:
    """The hex of 32 bytes."""
    text = shapes.words(value, 64)
    try:
        if len(bytes.fromhex(text)) == 32:  # noqa: PLR2004 - RFC 8032
            return text.lower()
    except ValueError:
        pass
    raise shapes.BadMessage("not a public key")
