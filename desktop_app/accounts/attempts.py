"""Attempts at what somebody has no right to: each is a line of the audit trail, but nobody can flood it with them."""

from typing import Final

from desktop_app.accounts import policy
from desktop_app.shared.actor import SYSTEM, Actor
from desktop_app.shared.errors import AppError, LockedError
from desktop_app.store.database import Database

QUIET_MS: Final = 10 * 60_000
"""The same attempt of the same person is written once in so long."""
MOST: Final = 60
"""Lines about attempts within that time, whoever tries: then they rest."""
_LATELY: Final = (
    "SELECT what,actor_name FROM (SELECT what,actor_name,at FROM journal_action ORDER BY no DESC LIMIT 1000) "
    "WHERE abs(at-?)<? AND substr(what,1,?)=?"
)
_BEGINNING: Final = "越权被拒："


def note(db: Database, actor: Actor, right: str) -> None:
    """Writes that somebody tried; after the transaction this thread is in, if it is in one.

    Nobody waits for it: while somebody else writes it is put off.  Where nothing can be written (a full disk) the
    refusal itself still stands.
    """
    known = policy.rights().get(right)
    what = f"{_BEGINNING}{known.name if known else right}（{right}）"

    def write() -> None:
        try:
            if _is_new(db, actor, what):
                with db.transaction(actor if actor.id else SYSTEM, what, "" if actor.id else "没有人登录") as tx:
                    tx.keep()
        except LockedError:
            raise
        except AppError:
            return

    db.afterwards(write)


def _is_new(db: Database, actor: Actor, what: str) -> bool:
    told = (db.clock.ms(), QUIET_MS, len(_BEGINNING), _BEGINNING)
    found = db.rows(_LATELY, told)
    name = actor.name if actor.id else SYSTEM.name
    return len(found) < MOST and (what, name) not in found
