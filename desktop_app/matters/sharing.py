"""Who else receives a matter: its story, papers and attachments go along, and those units may act on it."""

from collections.abc import Iterable

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.matters.model import Matter
from desktop_app.places import sharing
from desktop_app.places.sharing import Wanted
from desktop_app.store.database import Database


@needs("matters.change")
def share(db: Database, actor: Actor, matter_id: str, units: Iterable[int]) -> Matter:
    """Lets more units receive a matter and act on it; those that do already stay."""
    return _change(db, actor, "共享议题", matter_id, sharing.these_too(units))


@needs("matters.change")
def share_with(db: Database, actor: Actor, matter_id: str, units: Iterable[int], why: str = "") -> Matter:
    """Lets these units receive a matter, and no others."""
    return _change(db, actor, "共享议题", matter_id, sharing.these_alone(units), why)


@needs("matters.change")
def unshare(db: Database, actor: Actor, matter_id: str, units: Iterable[int] | None = None, why: str = "") -> Matter:
    """Takes a matter back from some units, or from all; what they said of it stays in its story."""
    return _change(db, actor, "收回议题", matter_id, sharing.not_these(units), why)


def _change(db: Database, actor: Actor, what: str, matter_id: str, wanted: Wanted, why: str = "") -> Matter:
    with db.transaction(actor, what, why.strip()) as tx:
        return sharing.name_units(tx, Matter, matter_id, wanted)[0]
