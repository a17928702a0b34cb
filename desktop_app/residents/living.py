"""Where somebody lives now, by the residence and by the household: two entries that need not agree."""

from dataclasses import dataclass
from typing import Final

from desktop_app.store.database import Database, Transaction

OPEN: Final = "sync_del=0 AND to_on IS NULL"


@dataclass(frozen=True, slots=True)
class Living:
    """Where an entry lives: by its residence, its household, or both; `room_id` is the household's where need be."""

    room_id: str | None
    household_id: str | None
    head: bool


def living_of(db: Database | Transaction, person_id: str) -> Living | None:
    """Where somebody lives now; None for who is registered nowhere."""
    room_id, household_id = room_id_of(db, person_id), household_id_of(db, person_id)
    if room_id is None and household_id is None:
        return None
    room_id = room_id or _one(db, "SELECT room_id FROM household WHERE id=?", household_id)
    head = _one(db, "SELECT head_id FROM household WHERE id=?", household_id) == person_id
    return Living(room_id, household_id, head)


def room_id_of(db: Database | Transaction, person_id: str) -> str | None:
    """The room of somebody's residence now."""
    return _one(db, f"SELECT room_id FROM residence WHERE person_id=? AND {OPEN} LIMIT 1", person_id)


def household_id_of(db: Database | Transaction, person_id: str) -> str | None:
    """The household somebody belongs to now."""
    return _one(db, f"SELECT household_id FROM household_member WHERE person_id=? AND {OPEN} LIMIT 1", person_id)


def _one(db: Database | Transaction, sql: str, key: str | None) -> str | None:
    found: str | None = db.scalar(sql, (key,))
    return found
