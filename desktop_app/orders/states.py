"""Where each order stands, kept beside the events for lists; and of what came too late, a person is told.

As for appeals: triggers note every order whose events changed, whoever changed them, and `renew` works those out anew.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from desktop_app.orders.rules import State, fold
from desktop_app.store import facts as store_facts
from desktop_app.store import states
from desktop_app.store.clashes import note_clashes
from desktop_app.store.database import Database, Transaction


class OrderFact(NamedTuple):
    """An event as it stands in the file; see `OrderEvent`."""

    id: str
    kind: str
    at: int
    on: str
    by_name: str
    helper_id: str | None
    to_whom: str | None
    text: str | None
    minutes: int | None
    satisfaction: str | None
    why_none: str | None
    expects: str | None
    sync_seq: int
    sync_del: int


_IN: Final = "IN (SELECT value FROM json_each(?))"


def facts_of(db: Database | Transaction, ids: Sequence[str]) -> dict[str, list[OrderFact]]:
    """The events of some orders, those taken back too, in no order."""
    return store_facts.facts_of(db, OrderFact, "order_event", "order_id", ids)


def renew(tx: Transaction, ids: Iterable[str] | None = None) -> int:
    """Works out anew where these orders stand, or a portion of those that have to be; returns how many."""
    wanted = states.wanted(tx, "order", ids)
    sql = f"SELECT id,received_on,want_on,from_time,to_time,scope FROM service_order WHERE sync_del=0 AND id {_IN}"
    events, lines = facts_of(tx, wanted), []
    for *terms, scope in tx.rows(sql, (json.dumps(wanted),)):
        state = fold(events.get(terms[0], ()))
        lines.append((*terms, *_cells(state)))
        if state.stale and not scope:
            note_clashes(tx, "order_event", state.stale, events[terms[0]])
    return states.keep(tx, "order", wanted, lines)


def _cells(state: State) -> tuple[Any, ...]:
    return (
        state.phase, state.helper_id or None, state.to_whom or None, state.sent_on or None, state.finished_on or None,
        state.minutes, state.satisfaction or None, state.why_none or None, state.returned, len(state.stale),
    )  # fmt: skip
