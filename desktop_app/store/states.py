"""Where records stand, worked out from their events beforehand and kept in a table of this desk alone, `<noun>_state`.

Triggers note in `<noun>_stale` every record whose events changed, whoever changed them.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from desktop_app.shared.actor import SYSTEM
from desktop_app.store.database import Database, Transaction

PORTION: Final = 2_000
"""Records worked out in one transaction: after a first sync there may be 50,000."""


def wanted(tx: Transaction, noun: str, ids: Iterable[str] | None) -> list[str]:
    """These records, or where None are named those (at most PORTION) whose state has to be worked out."""
    if ids is not None:
        return list(ids)
    return [str(row[0]) for row in tx.rows(f"SELECT {noun}_id FROM {noun}_stale LIMIT ?", (PORTION,))]


def keep(tx: Transaction, noun: str, ids: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> int:
    """Puts the lines of these records in place of what stood there; returns how many records that were."""
    asked = (json.dumps(list(ids)),)
    chosen = f"WHERE {noun}_id IN (SELECT value FROM json_each(?))"
    tx.execute(f"DELETE FROM {noun}_state {chosen}", asked)
    if lines:
        tx.executemany(f"INSERT INTO {noun}_state VALUES({','.join('?' * len(lines[0]))})", lines)
    tx.execute(f"DELETE FROM {noun}_stale {chosen}", asked)
    return len(ids)


def catch_up(db: Database, noun: str, why: str, renew: Callable[[Transaction], int]) -> int:
    """Works out all states that have to be; returns how many.  Any number of times, at any moment."""
    count = 0
    while db.scalar(f"SELECT 1 FROM {noun}_stale LIMIT 1"):
        with db.transaction(SYSTEM, why) as tx:
            count += renew(tx)
    return count
