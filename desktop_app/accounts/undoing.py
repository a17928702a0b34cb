"""Taking an action back: whoever does it may do what is undone."""

from typing import Final

from desktop_app.accounts import policy
from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, right_to
from desktop_app.store import history
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database
from desktop_app.store.history import UndoReport

_OTHERWISE: Final = {
    "conflict": "sync.settle",
    "staff": "accounts.manage",
    "account": "accounts.manage",
    "transfer": "residents.move",
    "seal_key": "restricted.switch",
    "sealed_record": "privacy.erase",
}
"""Tables whose right is not `<slice>.change`."""


def undo(db: Database, actor: Actor, action: int) -> UndoReport:
    """As `store.history.undo`, for an actor who may change every table the action changed."""
    for right in _rights_for(db, action):
        demand(db, actor, right)
    return history.undo(db, actor, action)


def right_over(table: str) -> str:
    """The right to settle what two desks wrote into a record, where `sync.settle` is not enough; else empty."""
    return "" if table == "conflict" else _OTHERWISE.get(table, "")


def _rights_for(db: Database, action: int) -> list[str]:
    found = db.rows("SELECT DISTINCT tbl FROM journal_change WHERE action=?", (action,))
    classes = record_classes()
    needed = []
    for (number,) in found:
        name = db.numbers[number]
        own = right_to("change", classes[name])
        needed.append(_OTHERWISE.get(name, own if own in policy.rights() else "residents.change"))
    return sorted(set(needed))
