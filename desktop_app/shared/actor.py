"""Who does something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The member of staff in whose name an action is recorded."""

    id: str
    name: str


SYSTEM = Actor("", "系统")
