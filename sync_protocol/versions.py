"""The versions of the protocol, each with its name, its date and the reason it exists."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One version of the conversation; a new one is added only when an older side would misunderstand."""

    number: int
    name: str
    date: str
    reason: str


VERSIONS: Final = (
    ProtocolVersion(
        1,
        "mailbox",
        "2026-11-22",
        "Enrolment by a short code; signed requests; frozen batches; fields merged by what their writer had seen; "
        "push and pull folded into one request.",
    ),
    ProtocolVersion(
        2,
        "audiences",
        "2026-11-22",
        "Records of other units in one feed, so a row names its home and what became of it; purged tombstones, "
        "confirmed deletions, repair by buckets.  Version 1 was never in the field and is not spoken any more.",
    ),
)


@dataclass(frozen=True, slots=True)
class Addition:
    """Something new that an older side does not notice, so that it needed no version."""

    to: int
    name: str
    date: str
    reason: str


ADDITIONS: Final = (
    Addition(2, "repair.place", "2026-11-22", "The desk proves its past with its sums; what was lost is not dropped."),
    Addition(2, "identity.desks", "2026-11-22", "The devices of the unit by name, so that a desk can say who wrote."),
    Addition(2, "limits.blob, limits.part", "2026-11-22", "How big a content and a part of it may be."),
    Addition(2, "identity.limits", "2026-11-22", "How much the server wants at once, at the enrolment already."),
    Addition(2, "x-linli, x-linli-short", "2026-11-22", "/v1/sync in a short form, once an answer has offered it."),
    Addition(2, "enrol.unit", "2026-11-22", "Whose data the desk has: the code of another unit is not used up."),
    Addition(2, "bundle: /v1/blob/put, /v1/blob/get", "2026-11-22", "Contents of attachments travel on the stick too."),
    Addition(2, "marks within a push", "2026-11-27", "No page is more than a desk reads, however long its records."),
    Addition(2, "SCOPE_GONE for HISTORY, CLONE", "2026-11-27", "Only SCOPE_GONE takes a desk to another unit."),
)
"""What was added to a version since, oldest first."""
CURRENT: Final = VERSIONS[-1].number
OLDEST: Final = 2


def understood(number: int) -> bool:
    """Whether this build can talk to a peer that speaks version `number`."""
    return OLDEST <= number <= CURRENT
