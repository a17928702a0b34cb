"""Two desks that did different things with one record while apart: whose event came to nothing is told to a person."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.events import Stale
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Database, Transaction
from sync_protocol import stamps
from sync_protocol.digests import conflict_id

_TOLD: Final = (
    "kind",
    "amount",
    "on",
    "by_name",
    "to_whom",
    "taker",
    "outcome",
    "due_on",
    "minutes",
    "satisfaction",
    "text",
)


def note_clashes(
    tx: Transaction, table: str, stale: Iterable[Stale], events: Sequence[Any], *, kind: str = "state"
) -> None:
    """A conflict record for each event that came to nothing, under an identifier that every desk derives.

    With the kind `overdraft`: for each that took more than there was.

    Only for what the server has numbered: before that another desk may see it otherwise.  To be called at home only:
    the conflict goes where the event goes.
    """
    known = {event.id: event for event in events}
    for one in stale:
        lost, won = known[one.event_id], known.get(one.because_of)
        key = conflict_id(kind, table, lost.id)
        if not lost.sync_seq or tx.scalar("SELECT 1 FROM conflict WHERE id=?", (key,)):
            continue
        tx.add(
            Conflict(
                id=key,
                tbl=table,
                row_id=lost.id,
                field="",
                kind=kind,
                win_value=_told(won) if won else None,
                win_ts=stamps.stamp(won.at) if won else None,
                lose_value=_told(lost),
                lose_ts=stamps.stamp(lost.at),
            )
        )


def _told(event: Any) -> str:
    """An event as the list of clashes shows it."""
    said = {name: value for name in _TOLD if (value := getattr(event, name, None))}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def tell(
    db: Database, table: str, why: str, events: Mapping[str, Sequence[Any]], stale: Mapping[str, Sequence[Stale]]
) -> None:
    """Notes what of these records' events came to nothing and nobody was told of, in a transaction of its own."""
    told = {str(row[0]) for row in db.rows("SELECT row_id FROM conflict WHERE tbl=?", (table,))}
    untold = {key: {event.id for event in line if event.sync_seq} - told for key, line in events.items()}
    late = [key for key, ones in stale.items() if any(one.event_id in untold[key] for one in ones)]
    if not late:
        return
    with db.transaction(SYSTEM, why) as tx:
        for key in late:
            note_clashes(tx, table, stale[key], events[key])
