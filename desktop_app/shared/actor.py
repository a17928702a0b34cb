"""Who does something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The member of staff in whose name an action is recorded."""

    id: str
    name: str


SYSTEM = Actor("", "系统")

NOBODY = Actor("", "未登录")
"""Who acts where people sign in and nobody has."""


@dataclass(slots=True)
class Seat:
    """Who sits at an opened store: whoever signed in, and a mark of the password it was done with; None for nobody."""

    actor: Actor | None = None
    mark: str = ""
