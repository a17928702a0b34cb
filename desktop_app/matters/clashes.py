"""Two desks that took different steps with one matter while apart: told to a person, as with appeals and orders."""

import json
from typing import Final

from desktop_app.matters import rules
from desktop_app.matters.queries import Templates, facts_of
from desktop_app.store import clashes
from desktop_app.store.database import Database

TABLE: Final = "matter_event"
_FORKED: Final = (
    "SELECT DISTINCT e.matter_id FROM matter_event e JOIN matter m ON m.id=e.matter_id AND m.sync_del=0 AND m.scope=0 "
    "WHERE e.sync_del=0 AND e.sync_seq>0 AND e.expects IS NOT NULL "
    "GROUP BY e.matter_id,e.expects HAVING count(*)>1"
)
"""Matters in which two events follow the same one: their authors did not see each other's."""


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit that touched matters, a pull too: what changes nothing, since another desk was first, is noted.

    Only matters whose line forks can have such events, so that the others are not folded.
    """
    if TABLE not in tables:
        return
    if not (forked := [str(row[0]) for row in db.rows(_FORKED)]):
        return
    sql = "SELECT id,template,proposed_on FROM matter WHERE id IN (SELECT value FROM json_each(?))"
    events, every = facts_of(db, forked), Templates(db)
    stale = {
        str(key): rules.fold(events[key], every.on(code, day)).stale
        for key, code, day in db.rows(sql, (json.dumps(forked),))
    }
    clashes.tell(db, TABLE, "核对议题经过", events, stale)
