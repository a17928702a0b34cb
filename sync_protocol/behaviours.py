"""The few tables that do not simply merge by field, stay at home and stand alone.

Everything else does, also tables nobody here has heard of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Behaviour(Enum):
    """What happens when two sides bring different content for one record."""

    MERGE = "merge"
    """Field by field: causality first, clock last; the losing value goes into a conflict record."""
    APPEND = "append"
    """Events: what is written once never changes; a deletion is still possible."""
    QUIET = "quiet"
    """Merged by field like the rest, but a clash leaves no conflict record."""


class Reach(Enum):
    """Who else receives a record."""

    HOME = "home"
    """Nobody: residents, their homes and all that is not named here never leave their unit."""
    NAMED = "named"
    """The units that its field `audience` names, which may answer in it."""
    UPWARD = "upward"
    """Every unit above its own, to read."""


@dataclass(frozen=True, slots=True)
class Follows:
    """A record that belongs to another: it is received by whoever receives that one, and moves where that one moves.

    `field` holds the identifier of the other; `table` is its table, or names the field that says which (`named_in`).
    """

    field: str
    table: str = ""
    named_in: str = ""


@dataclass(frozen=True, slots=True)
class TableRules:
    """What both sides know of a table."""

    behaviour: Behaviour = Behaviour.MERGE
    reach: Reach = Reach.HOME
    follows: Follows | None = None


AUDIENCE: Final = "audience"
"""The field of a record of named reach: unit numbers, separated by commas; empty or null for nobody."""
LONGEST_NUMBER: Final = 18
"""Digits of a unit's number; a longer one names nobody."""
CONFLICT_TABLE: Final = "conflict"
"""Conflict records are ordinary synced records of this table, so they can be settled on any desk of the scope."""
TRANSFER_TABLE: Final = "transfer"
"""A record of this table asks the server to move a record, and what follows it, to another community."""
ERASURE_TABLE: Final = "erasure"
"""A record of this table asks for the content of a record, and of what follows it, to be erased everywhere."""

MOVABLE: Final = frozenset({"person", "household"})
"""What a desk may have moved, with all that follows it.  Nothing else: an account, or an order to erase, that turned up
in another community would be obeyed there."""

PLAIN: Final = TableRules()
_OF_PERSON: Final = Follows("person_id", "person")
_OF_APPEAL: Final = Follows("appeal_id", "appeal")
_OF_CLAIM: Final = Follows("claim_id", "claim")
_OF_MEETING: Final = Follows("meeting_id", "meeting")
_OF_MATTER: Final = Follows("matter_id", "matter")

TABLES: Final[Mapping[str, TableRules]] = MappingProxyType(
    {
        # otherwise a conflict about a conflict would breed for ever
        CONFLICT_TABLE: TableRules(Behaviour.QUIET, follows=Follows("row_id", named_in="tbl")),
        TRANSFER_TABLE: TableRules(Behaviour.APPEND),
        ERASURE_TABLE: TableRules(Behaviour.APPEND),
        "audit_anchor": TableRules(Behaviour.APPEND),
        "export_record": TableRules(Behaviour.APPEND),
        "rule_book": TableRules(Behaviour.APPEND),
        # the value that lost would be an old password: nobody shall read it in a list of conflicts
        "account": TableRules(Behaviour.QUIET),
        "area": TableRules(reach=Reach.UPWARD),
        "org_node": TableRules(reach=Reach.UPWARD),
        "seat": TableRules(reach=Reach.UPWARD),
        "person_tag": TableRules(follows=_OF_PERSON),
        "person_event": TableRules(Behaviour.APPEND, follows=_OF_PERSON),
        "attachment": TableRules(follows=Follows("owner_id", named_in="owner_table")),
        "meeting": TableRules(reach=Reach.NAMED),
        "agenda_item": TableRules(follows=_OF_MEETING),
        "attendance": TableRules(follows=_OF_MEETING),
        "resolution": TableRules(follows=_OF_MEETING),
        "meeting_correction": TableRules(Behaviour.APPEND, follows=_OF_MEETING),
        "meeting_note": TableRules(follows=_OF_MEETING),
        "owner_ballot": TableRules(follows=_OF_MEETING),
        "matter": TableRules(reach=Reach.NAMED),
        "matter_event": TableRules(Behaviour.APPEND, follows=_OF_MATTER),
        "appeal": TableRules(reach=Reach.NAMED),
        "appeal_event": TableRules(Behaviour.APPEND, follows=_OF_APPEAL),
        "claim_event": TableRules(Behaviour.APPEND, follows=_OF_CLAIM),
        "door_bell_event": TableRules(Behaviour.APPEND, follows=Follows("bell_id", "door_bell")),
        "order_event": TableRules(Behaviour.APPEND, follows=Follows("order_id", "service_order")),
        "wish_event": TableRules(Behaviour.APPEND, follows=Follows("wish_id", "wish")),
        "registration_claim": TableRules(follows=Follows("registration_id", "registration")),
        # a leave stands in no shift: these follow nothing
        "shift_event": TableRules(Behaviour.APPEND),
        # an entry belongs to two accounts: it follows neither
        "points_entry": TableRules(Behaviour.APPEND),
    }
)


def rules_of(table: str) -> TableRules:
    """The rules of a table; an unknown one merges by field, stays at home and follows nothing."""
    return TABLES.get(table, PLAIN)


def behaviour_of(table: str) -> Behaviour:
    """How a table merges."""
    return rules_of(table).behaviour


def units_named(audience: object) -> tuple[int, ...]:
    """The units in a field `audience`, in ascending order; what is no number names nobody."""
    words = str(audience or "").split(",")
    return tuple(sorted({int(word) for word in words if word.strip().isdecimal() and len(word) <= LONGEST_NUMBER}))
