"""What the first page asks the store besides what is due: counts, birthdays, people without a home, backups."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from desktop_app.residents import queries as residents
from desktop_app.residents.queries import ResidentFilter, ResidentLine
from desktop_app.store import copies, keeping, recovery
from desktop_app.store.database import Database

OLD = 80
_DAYS_AHEAD = 7
_MOST_ELDERS = 4000
_PART = 500


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """Everything the page shows that comes from the store."""

    counts: dict[str, int]
    birthdays: tuple[ResidentLine, ...]
    without_room: int
    backup_days: int | None  # since the last copy; None without one
    has_sheet: bool  # whether a recovery sheet was made


def home_facts(db: Database, today: date, may: Callable[[str], bool] = lambda _right: True) -> HomeFacts:
    """One visit to the store; runs on the reader thread.  What one may not see is not asked for."""
    people = may("residents.read")
    return HomeFacts(
        residents.counts(db) if people else {},
        _birthdays(db, today) if people else (),
        len(residents.ids(db, ResidentFilter(without_room=True), "recent", today)) if people else 0,
        _backup_days(db, today),
        recovery.made_on(db.path.parent) is not None,
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
