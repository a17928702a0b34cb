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
CURRENT: Final = VERSIONS[-1].number
OLDEST: Final = 2


def understood(number: int) -> bool:
    """Whether this build can talk to a peer that speaks version `number`."""
    return OLDEST <= number <= CURRENT
