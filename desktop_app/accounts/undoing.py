"""Which rights taking an action back asks for: those of the action itself, as its line in the journal keeps them."""

from typing import Final

from desktop_app.accounts import policy
from desktop_app.accounts.rights import right_to
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database

_OTHERWISE: Final = {
    "conflict": "sync.settle",
    "staff": "accounts.manage",
    "account": "accounts.manage",
    "transfer": "residents.move",
    "seal_key": "restricted.switch",
    "sealed_record": "privacy.erase",
}
"""Tables whose right is not `<slice>.change`."""


def right_over(table: str) -> str:
    """The right to settle what two desks wrote into a record, where `sync.settle` is not enough; else empty."""
    return "" if table == "conflict" else _OTHERWISE.get(table, "")


def rights_for(db: Database, action: int) -> list[tuple[str, ...]]:
    """The rights to take an action back; of each group one is enough."""
    asked = db.scalar("SELECT needed FROM journal_action WHERE no=?", (action,))
    return [tuple(group.split("|")) for group in asked.split()] if asked else _by_tables(db, action)


def _by_tables(db: Database, action: int) -> list[tuple[str, ...]]:
    """What an action of before this was kept, or one that asked for nothing, would have asked for."""
    found = db.rows("SELECT DISTINCT tbl FROM journal_change WHERE action=?", (action,))
    classes = record_classes()
    needed = set()
    for (number,) in found:
        name = db.numbers[number]
        own = right_to("change", classes[name])
        needed.add(_OTHERWISE.get(name, own if own in policy.rights() else "residents.change"))
    return [(right,) for right in sorted(needed)]
