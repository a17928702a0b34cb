"""Who else receives a meeting: its agenda, attendance and resolutions go along.  Sharing is no part of what is signed.

Whoever called a meeting decides who receives it: a unit that received it neither hands it on nor takes it back.
"""

from collections.abc import Iterable

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings.model import Meeting
from desktop_app.places import sharing
from desktop_app.places.sharing import Wanted
from desktop_app.store.database import Database


@needs("meetings.share")
def share(db: Database, actor: Actor, meeting_id: str, units: Iterable[int]) -> Meeting:
    """Lets more units receive a meeting; those that do already stay."""
    return _change(db, actor, "共享会议", meeting_id, sharing.these_too(units))


@needs("meetings.share")
def share_with(db: Database, actor: Actor, meeting_id: str, units: Iterable[int], why: str = "") -> Meeting:
    """Lets these units receive a meeting, and no others."""
    return _change(db, actor, "共享会议", meeting_id, sharing.these_alone(units), why)


@needs("meetings.share")
def unshare(db: Database, actor: Actor, meeting_id: str, units: Iterable[int] | None = None, why: str = "") -> Meeting:
    """Takes a meeting back from some units, or from all: by their next sync they do not have it any more."""
    return _change(db, actor, "收回会议", meeting_id, sharing.not_these(units), why)


def _change(db: Database, actor: Actor, what: str, meeting_id: str, wanted: Wanted, why: str = "") -> Meeting:
    with db.transaction(actor, what, why.strip()) as tx:
        return sharing.name_units(tx, Meeting, meeting_id, wanted, guests=False)[0]
