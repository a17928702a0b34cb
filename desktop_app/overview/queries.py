"""What was done for a resident, a household or a room, the latest first: every source is asked by an index."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import may
from desktop_app.overview.sources import SOURCES, Subject
from desktop_app.shared.actor import NOBODY
from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database

KINDS: Final = tuple(source.kind for source in SOURCES)
"""The kinds of entries, in the order of the filter."""
MOST: Final = 5_000
TABLES: Final = frozenset(table for source in SOURCES for table in source.tables)
"""What a page that shows a time line has to listen to."""
# the day before the first and after the last, where nobody knows them
_HOMES: Final = (
    "WITH home AS MATERIALIZED (SELECT household_id id,min(coalesce(from_on,'')) since,"
    "max(coalesce(to_on,'9999')) until FROM household_member WHERE person_id=:id AND sync_del=0 GROUP BY household_id) "
)


class Entry(NamedTuple):
    """One line: the day, or the local moment, what was done; `opens` and `opens_id` name the record to open.

    A tuple, because thousands are made while somebody waits.
    """

    on: str
    kind: str
    title: str
    text: str
    id: str
    opens: str
    opens_id: str


@cache
def _statements(subject: Subject) -> dict[str, str]:
    """Kind → its statement.  One for each kind: SQLite takes three times as long over all of them in one."""
    found = {}
    for at, source in enumerate(SOURCES):
        parts = [
            f"SELECT {at},{part.what} FROM {part.source[subject]}" for part in source.parts if subject in part.source
        ]
        if parts:
            found[source.kind] = (_HOMES if subject == "person" else "") + " UNION ALL ".join(parts)
    return found


def timeline(
    db: Database, subject: Subject, subject_id: str, *, kinds: Sequence[str] = (), most: int = MOST
) -> list[Entry]:
    """What was done for a resident, household or room, the latest first; `kinds` narrows, an unknown one finds nothing.

    What was done for a home counts for a resident while they lived in it.  Entries without a day are left out, and
    kinds that whoever this thread reads for may not see.
    """
    known = tuple(kind for kind in kinds_for(db, db.viewer or NOBODY) if not kinds or kind in kinds)
    if not known:
        return []
    asked, told = _statements(subject), {"id": subject_id}
    found = [row for kind in known if kind in asked for row in db.rows(asked[kind], told)]
    # of one day what came in later stands above: by the instant where it is known, else by the order of the sources
    dated = [(row[1] or local_text(row[2]), row[2], at, row) for at, row in enumerate(found) if row[1] or row[2]]
    dated.sort(reverse=True)
    return [_entry(on, row) for on, _, _, row in dated[:most]]


def _entry(on: str, row: tuple[Any, ...]) -> Entry:
    kind, _, _, title, text, id_, opens, opens_id = row
    return Entry(on, KINDS[kind], title or "", text or "", id_, opens, opens_id)


def kinds_for(db: Database, actor: Actor) -> tuple[str, ...]:
    """The kinds of entries an actor may read."""
    return tuple(source.kind for source in SOURCES if may(db, actor, source.right))


def count_by_kind(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """(kind, how many) of those that occur, in the order of the filter."""
    counted = Counter(entry.kind for entry in entries)
    return [(kind, counted[kind]) for kind in KINDS if counted[kind]]
