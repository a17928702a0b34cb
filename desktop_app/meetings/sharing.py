"""Who else receives a meeting: its agenda, attendance and resolutions go along, and those units may answer in it.

Sharing is no part of what is signed.  Who may be named is checked by the server; a unit that is taken off the list
loses what it received.
"""

from collections.abc import Callable, Iterable
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings.model import Meeting
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from sync_protocol.behaviours import units_named

MOST_UNITS: Final = 100
"""The server takes no more names (`central_server.audiences.MOST_NAMED`): else it would be said after the next sync."""


def shared_with(meeting: Meeting) -> tuple[int, ...]:
    """The numbers of the units that receive a meeting, in ascending order."""
    return units_named(meeting.audience)


@needs("meetings.share")
def share(db: Database, actor: Actor, meeting_id: str, units: Iterable[int]) -> Meeting:
    """Lets more units receive a meeting; those that do already stay."""
    chosen = set(units)
    return _change(db, actor, "共享会议", meeting_id, lambda now: now | chosen)


@needs("meetings.share")
def share_with(db: Database, actor: Actor, meeting_id: str, units: Iterable[int]) -> Meeting:
    """Lets these units receive a meeting, and no others."""
    chosen = set(units)
    return _change(db, actor, "共享会议", meeting_id, lambda _now: chosen)


@needs("meetings.share")
def unshare(db: Database, actor: Actor, meeting_id: str, units: Iterable[int] | None = None) -> Meeting:
    """Takes a meeting back from some units, or from all: by their next sync they do not have it any more."""
    chosen = None if units is None else set(units)
    return _change(db, actor, "收回共享", meeting_id, lambda now: set() if chosen is None else now - chosen)


def _change(db: Database, actor: Actor, what: str, meeting_id: str, wanted: Callable[[set[int]], set[int]]) -> Meeting:
    with db.transaction(actor, what) as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.scope:
            raise AppError(
                f"“{meeting.title}”是别的单位共享来的，没有改动。",
                next_step="要增减共享单位，请联系召集这次会议的单位。",
            )
        units = wanted(set(shared_with(meeting)))
        if len(units) > MOST_UNITS:
            raise AppError(f"最多共享给 {MOST_UNITS} 个单位，没有保存。", field="units", next_step="请减少共享单位。")
        audience = ",".join(map(str, sorted(units))) or None
        return tx.change(Meeting, meeting_id, audience=audience)
