"""What is done before a sync and after it."""

from typing import Final

from desktop_app.store import anchors
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import blanking, diary, enrol, replay
from desktop_app.sync.client import Client, Transport

REREAD_DUE: Final = "sync_reread_due"
"""Setting: this file was put together after damage, so the next sync compares the content of every record."""


def before(db: Database) -> bool:
    """Leaves a proof of the audit trail to be sent along; returns whether every record has to be compared."""
    anchors.drop_if_due(db, anchors.HOUR_MS)
    return bool(db.setting(REREAD_DUE))


def after(db: Database, client: Client, secrets: SecretStore, transport: Transport | None) -> None:
    """What is done once everything is exchanged."""
    replay.after_upgrade(db)  # what had to wait for an answer that has come now
    if db.setting(REREAD_DUE):
        with db.applying("核对") as tx:
            tx.set_setting(REREAD_DUE, None)
    diary.learn(db, client)
    enrol.rotate_if_due(db, secrets, transport)
    blanking.wipe_log(db)
