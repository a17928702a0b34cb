"""Where each order stands, kept beside the events for lists; and of what came too late, a person is told.

As for appeals: triggers note every order whose events changed, whoever changed them, and `renew` works those out anew.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from desktop_app.orders.rules import State, fold
from desktop_app.store import facts as store_facts
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Database, Transaction
from sync_protocol import stamps
from sync_protocol.digests import conflict_id

PORTION: Final = 2_000
"""Orders worked out in one transaction."""


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
_LINE: Final = (
    "INSERT INTO order_state(order_id,received_on,want_on,from_time,to_time,phase,helper_id,to_whom,sent_on,"
    "finished_on,minutes,satisfaction,why_none,returned,stale) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


def facts_of(db: Database | Transaction, ids: Sequence[str]) -> dict[str, list[OrderFact]]:
    """The events of some orders, those taken back too, in no order."""
    return store_facts.facts_of(db, OrderFact, "order_event", "order_id", ids)


def renew(tx: Transaction, ids: Iterable[str] | None = None) -> int:
    """Works out anew where these orders stand, or all (at most PORTION) that have to be; returns how many."""
    if ids is None:
        ids = [str(row[0]) for row in tx.rows("SELECT order_id FROM order_stale LIMIT ?", (PORTION,))]
    wanted = list(ids)
    if not wanted:
        return 0
    asked = json.dumps(wanted)
    sql = f"SELECT id,received_on,want_on,from_time,to_time,scope FROM service_order WHERE sync_del=0 AND id {_IN}"
    events, lines = facts_of(tx, wanted), []
    for *terms, scope in tx.rows(sql, (asked,)):
        state = fold(events.get(terms[0], ()))
        lines.append((*terms, *_cells(state)))
        if state.stale and not scope:
            note_clashes(tx, "order_event", state.stale, events[terms[0]])
    tx.execute(f"DELETE FROM order_state WHERE order_id {_IN}", (asked,))
    tx.executemany(_LINE, lines)
    tx.execute(f"DELETE FROM order_stale WHERE order_id {_IN}", (asked,))
    return len(wanted)


def _cells(state: State) -> tuple[Any, ...]:
    return (
        state.phase, state.helper_id or None, state.to_whom or None, state.sent_on or None, state.finished_on or None,
        state.minutes, state.satisfaction or None, state.why_none or None, state.returned, len(state.stale),
    )  # fmt: skip


class Late(Protocol):
    """An event that changed nothing, since another one was first."""

    @property
    def event_id(self) -> str: ...
    @property
    def because_of(self) -> str: ...


def note_clashes(tx: Transaction, table: str, stale: Iterable[Late], events: Sequence[Any]) -> None:
    """A conflict record for each event that came too late, under an identifier that every desk derives.

    Only for what the server has numbered: before that nobody else has it.
    """
    known = {event.id: event for event in events}
    for one in stale:
        lost, won = known[one.event_id], known.get(one.because_of)
        key = conflict_id("state", table, lost.id)
        if not lost.sync_seq or tx.scalar("SELECT 1 FROM conflict WHERE id=?", (key,)):
            continue
        tx.add(
            Conflict(
                id=key,
                tbl=table,
                row_id=lost.id,
                field="",
                kind="state",
                win_value=_told(won) if won else None,
                win_ts=stamps.stamp(won.at) if won else None,
                lose_value=_told(lost),
                lose_ts=stamps.stamp(lost.at),
            )
        )


_TOLD: Final = ("kind", "on", "by_name", "to_whom", "taker", "outcome", "due_on", "minutes", "satisfaction", "text")


def _told(event: Any) -> str:
    """An event as the list of clashes shows it."""
    said = {name: value for name in _TOLD if (value := getattr(event, name, None))}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
