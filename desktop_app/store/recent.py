"""What somebody opened last, newest first: kept in the encrypted store, for the lines name people."""

import json
from typing import Final

from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

PREFIX: Final = "recent:"
"""Settings of this kind hold names of people: an erasure takes the lines about them away (sync/blanking.py)."""


def opened(db: Database, actor: Actor) -> list[str]:
    """The lines of this person, as `kind:id:title`."""
    try:
        found = json.loads(db.setting(PREFIX + actor.id) or "[]")
    except ValueError:
        return []
    return [line for line in found if isinstance(line, str)] if isinstance(found, list) else []


def keep(db: Database, actor: Actor, lines: list[str]) -> None:
    """Keeps the lines in place of those before; it is nobody's record and leaves no line in the journal."""
    with db.transaction(actor, "最近打开") as tx:
        tx.set_setting(PREFIX + actor.id, json.dumps(lines, ensure_ascii=False))
