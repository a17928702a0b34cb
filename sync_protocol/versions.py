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
)
CURRENT: Final = VERSIONS[-1].number
OLDEST: Final = VERSIONS[0].number


def understood(number: int) -> bool:
    """Whether this build can talk to a peer that speaks version `number`."""
    return OLDEST <= number <= CURRENT
