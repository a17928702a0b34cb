"""What somebody typed and did not save: kept in the encrypted store, so that a crash or a power cut takes nothing."""

from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database


def kept(db: Database) -> dict[str, str]:
    """All drafts of this desk, by key, the oldest first."""
    return {str(key): str(body) for key, body in db.rows("SELECT key,body FROM draft ORDER BY at")}


def keep(db: Database, actor: Actor, key: str, body: str, title: str = "") -> None:
    """Keeps a draft in place of the one before; it is nobody's record yet and leaves no line in the journal."""
    with db.transaction(actor, "存草稿") as tx:
        tx.execute("INSERT OR REPLACE INTO draft(key,body,title,at) VALUES(?,?,?,?)", (key, body, title, db.clock.ms()))


def drop(db: Database, actor: Actor, key: str) -> None:
    """Forgets a draft: it was saved, or given up."""
    with db.transaction(actor, "删草稿") as tx:
        tx.execute("DELETE FROM draft WHERE key=?", (key,))
