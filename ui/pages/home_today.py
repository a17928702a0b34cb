"""What the first page asks the store: counts, meetings, decisions that are due, birthdays, people without a home."""

from dataclasses import dataclass
from datetime import date, timedelta

from desktop_app.meetings.queries import MeetingLine, OpenResolution, meetings, open_resolutions
from desktop_app.residents import queries as residents
from desktop_app.residents.queries import ResidentFilter, ResidentLine
from desktop_app.store import copies, keeping, recovery
from desktop_app.store.database import Database
from desktop_app.visits.queries import DueCounts, due_counts

OLD = 80
_DAYS_AHEAD = 7
_MOST_ELDERS = 4000
_PART = 500


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """Everything the page shows that comes from the store."""

    counts: dict[str, int]
    meetings: tuple[MeetingLine, ...]
    due: tuple[OpenResolution, ...]
    birthdays: tuple[ResidentLine, ...]
    without_room: int
    backup_days: int | None  # since the last copy; None without one
    has_sheet: bool  # whether a recovery sheet was made
    visits: DueCounts  # homes that are to be visited by today


def home_facts(db: Database, today: date) -> HomeFacts:
    """One visit to the store; runs on the reader thread."""
    until = (today + timedelta(days=_DAYS_AHEAD)).isoformat()
    return HomeFacts(
        residents.counts(db),
        tuple(reversed(meetings(db, from_on=today.isoformat(), to_on=until))),
        tuple(one for one in open_resolutions(db, today.isoformat()) if one.due_on and one.due_on <= until),
        _birthdays(db, today),
        len(residents.ids(db, ResidentFilter(without_room=True), "recent", today)),
        _backup_days(db, today),
        recovery.made_on(db.path.parent) is not None,
        due_counts(db, today.isoformat()),
    )


def _backup_days(db: Database, today: date) -> int | None:
    """Days since the newest copy of any store in the folders of backups."""
    folders = (db.path.parent / "backups", copies.chosen(db))
    days = [one.at.date() for folder in folders if folder and folder.is_dir() for one in keeping.copies(folder)]
    return max(0, (today - max(days)).days) if days else None


def _birthdays(db: Database, today: date) -> tuple[ResidentLine, ...]:
    """Who turns 80 or more within a week, in the order of the days."""
    elders = residents.ids(db, ResidentFilter(min_age=OLD - 1), "birth", today)[:_MOST_ELDERS]
    days = [(today + timedelta(days=ahead)).isoformat()[5:] for ahead in range(_DAYS_AHEAD)]
    found = [
        line
        for at in range(0, len(elders), _PART)
        for line in residents.lines(db, elders[at : at + _PART])
        if line.birth[5:] in days and turning(line.birth, today) >= OLD
    ]
    return tuple(sorted(found, key=lambda line: days.index(line.birth[5:])))


def turning(birth: str, today: date) -> int:
    """The age of the next birthday, today included."""
    return today.year - int(birth[:4]) + (birth[5:] < today.isoformat()[5:])
