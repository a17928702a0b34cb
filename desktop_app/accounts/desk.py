"""What a desk is: one in an office, or a counter where visitors stand beside it and the lock comes sooner."""

from pathlib import Path
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.policy import policy
from desktop_app.accounts.rights import needs
from desktop_app.store import copies
from desktop_app.store.database import Database

COUNTER: Final = "counter_desk"
"""Setting: `1` at a counter."""


def is_counter(db: Database) -> bool:
    """Whether this is a counter."""
    return db.setting(COUNTER) == "1"


def idle_minutes(db: Database) -> int:
    """After how many minutes without a key this desk locks itself."""
    return policy().idle_minutes_counter if is_counter(db) else policy().idle_minutes


@needs("store.settings")
def be_counter(db: Database, actor: Actor, *, counter: bool) -> None:
    """Says what this desk is from now on."""
    with db.transaction(actor, "本机设为服务窗口" if counter else "本机设为办公桌") as tx:
        tx.set_setting(COUNTER, "1" if counter else None)
        tx.keep()


def note_lock(db: Database, actor: Actor, *, idle: bool) -> None:
    """Keeps that the window was locked: whoever locked it stays signed in behind the lock, and so does what runs.

    What was handed to child processes to sign in with ends: a command that begins behind the lock is nobody's.
    """
    with db.transaction(actor, "闲置锁屏" if idle else "锁屏") as tx:
        tx.execute("DELETE FROM account_session WHERE staff_id=?", (actor.id,))
        tx.keep()


@needs("store.settings")
def keep_backups_in(db: Database, actor: Actor, folder: Path | None) -> None:
    """Keeps the backups in another folder from now on; None: beside the store again."""
    with db.transaction(actor, "选择备份位置") as tx:
        tx.set_setting(copies.FOLDER, str(folder) if folder else None)
        tx.keep()
