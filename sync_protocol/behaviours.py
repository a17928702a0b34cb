"""The few tables that do not simply merge by field.  Everything else does, also tables nobody here has heard of."""

from collections.abc import Mapping
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


CONFLICT_TABLE: Final = "conflict"
"""Conflict records are ordinary synced records of this table, so they can be settled on any desk of the scope."""

BEHAVIOURS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        CONFLICT_TABLE: Behaviour.QUIET,  # otherwise a conflict about a conflict would breed for ever
        "person_event": Behaviour.APPEND,
        "meeting_correction": Behaviour.APPEND,
    }
)


def behaviour_of(table: str) -> Behaviour:
    """The behaviour of a table; an unknown table merges by field."""
    return BEHAVIOURS.get(table, Behaviour.MERGE)
