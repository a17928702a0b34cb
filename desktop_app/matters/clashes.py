"""Two desks that took different steps with one matter while apart: told to a person, as with appeals and orders."""

import json
from collections.abc import Sequence
from typing import Final

from desktop_app.matters import rules
from desktop_app.matters.queries import Templates, facts_of
from desktop_app.orders.states import note_clashes
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.steps import Stale
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
    forked = [str(row[0]) for row in db.rows(_FORKED)]
    if not forked or not (late := _late(db, forked)):
        return
    with db.transaction(SYSTEM, "核对议题经过") as tx:
        events = facts_of(tx, list(late))
        for key, stale in late.items():
            note_clashes(tx, TABLE, stale, events[key])


def _late(db: Database, matters: Sequence[str]) -> dict[str, tuple[Stale, ...]]:
    """The events of these matters that came too late and that nobody was told of."""
    sql = "SELECT id,template,proposed_on FROM matter WHERE id IN (SELECT value FROM json_each(?))"
    known = db.rows(sql, (json.dumps(list(matters)),))
    every = Templates(db)
    templates = {str(key): every.on(str(code), str(day)) for key, code, day in known}
    told = {str(row[0]) for row in db.rows("SELECT row_id FROM conflict WHERE tbl=?", (TABLE,))}
    found = {}
    for key, events in facts_of(db, matters).items():
        stale = rules.fold(events, templates[key]).stale
        numbered = {event.id for event in events if event.sync_seq}
        if any(one.event_id in numbered - told for one in stale):
            found[key] = stale
    return found
