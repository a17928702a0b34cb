"""What the page of a meeting shows, read in one visit to the store."""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.meetings import queries
from desktop_app.meetings.noting import desk_of
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.signature import changed_since
from desktop_app.meetings.voting import Quorum, Verdict
from desktop_app.store.database import Database
from desktop_app.sync import units
from ui.pages.meetings_signin import Name, names_of
from ui.pages.sharing import receivers


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Everything the page shows."""

    file: MeetingFile
    names: tuple[Name, ...]
    missing: tuple[str, ...]
    quorums: tuple[Quorum, ...]
    verdicts: Mapping[str, Verdict]
    remarks: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """What of a signed record is not as it was signed."""
    mine: tuple[str, int] = ("", 0)
    """Author and desk whose notes are this window's own."""
    home: str = ""
    """The unit that called the meeting, where it is not this one."""
    receivers: tuple[str, ...] = ()
    """Other units that receive it, by name."""


def meeting_facts(db: Database, meeting_id: str, actor_id: str = "") -> MeetingFacts | None:
    """One visit to the store; runs on the reader thread."""
    file = queries.meeting_file(db, meeting_id)
    if file is None:
        return None
    return MeetingFacts(
        file,
        tuple(names_of(file.attendance)),
        tuple(queries.missing_elements(file, db.path.parent)),
        tuple(queries.quorums(db, file)),
        queries.verdicts(db, file),
        tuple(queries.remarks(db, file.meeting)),
        changed_since(file),
        (actor_id, desk_of(db)),
        units.home_name(db, file.meeting.scope),
        receivers(db, file.meeting),
    )
