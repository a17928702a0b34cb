"""What somebody typed and did not save: kept in the encrypted store, so that a crash or a power cut takes nothing."""

from typing import Final

from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

_BETWEEN: Final = "|"
"""Stands between whose it is and which form it belongs to."""


def kept(db: Database, actor: Actor) -> dict[str, str]:
    """All drafts of this person at this desk, by key, the oldest first; one without an owner is anybody's."""
    mine: dict[str, str] = {}
    for whole, body in db.rows("SELECT key,body FROM draft ORDER BY at"):
        owner, between, key = str(whole).rpartition(_BETWEEN)
        if owner == actor.id or not between:
            mine[key] = str(body)
    return mine


def keep(db: Database, actor: Actor, key: str, body: str, title: str = "") -> None:
    """Keeps a draft in place of the one before; it is nobody's record yet and leaves no line in the journal."""
    with db.transaction(actor, "存草稿") as tx:
        told = (f"{actor.id}{_BETWEEN}{key}", body, title, db.clock.ms())
        tx.execute("INSERT OR REPLACE INTO draft(key,body,title,at) VALUES(?,?,?,?)", told)


def drop(db: Database, actor: Actor, key: str) -> None:
    """Forgets a draft: it was saved, or given up."""
    with db.transaction(actor, "删草稿") as tx:
        tx.execute("DELETE FROM draft WHERE key IN (?,?)", (key, f"{actor.id}{_BETWEEN}{key}"))
