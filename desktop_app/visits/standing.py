"""When single residents and single homes are to be visited: what a list shows beside a name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.accounts.rights import reads
from desktop_app.store.database import Database
from desktop_app.visits.queries import due_sql
from desktop_app.visits.rules import days_over


@dataclass(frozen=True, slots=True)
class Standing:
    """When somebody was last met and is to be visited; `days_over` is negative before the day."""

    last_on: str | None
    due_on: str
    days_over: int


@reads("visits.read")
def standings(db: Database, person_ids: Sequence[str], on: str) -> dict[str, Standing]:
    """How it stands with those of some residents whose home asks for visits; the others are left out."""
    asked = json.dumps(list(person_ids))
    sql, values = due_sql(db, on, {"persons": asked}, general=False)
    by_home = {
        home: Standing(last, due, days_over(due, on))
        for home, last, due in db.rows(f"{sql} SELECT home,last,due FROM due WHERE home IS NOT NULL", values)
    }
    homes = db.rows(
        "SELECT person_id,household_id FROM household_member WHERE sync_del=0 AND to_on IS NULL "
        "AND person_id IN (SELECT value FROM json_each(?))",
        (asked,),
    )
    return {person: by_home[home] for person, home in homes if home in by_home}
