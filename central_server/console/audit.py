"""What administrators did: when, who, what, in which unit.  Names of units and machines, never residents."""

import secrets
from typing import Final, NamedTuple

from central_server.storage import Session

MOST: Final = 200
"""Acts that are shown."""


class Entry(NamedTuple):
    """One act."""

    at: int
    name: str
    action: str
    unit: int | None
    detail: str


def note(session: Session, now: int, name: str, action: str, unit: int | None = None, detail: str = "") -> None:
    """Writes an act down, in the transaction that does it."""
    session.run(
        "insert into console_audit(at,id,name,action,unit,detail) values(?,?,?,?,?,?)",
        now,
        secrets.token_hex(8),
        name,
        action,
        unit,
        detail[:200],
    )


def newest(session: Session, limit: int = MOST) -> list[Entry]:
    """The last acts, newest first."""
    found = session.rows("select at,name,action,unit,detail from console_audit order by at desc,id limit ?", limit)
    return [Entry(*row) for row in found]
