"""Where each appeal stands, kept beside the events for lists, and clashes between desks told to a person.

Folding 500,000 events takes seconds, a list must not: so the outcome is kept in `appeal_state`, a table of this desk
alone.  Triggers note every appeal whose events changed, whoever changed them (an action, a pull, an undo, an erasure),
and `renew` works those out anew.
"""

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from desktop_app.appeals.clocks import next_due
from desktop_app.appeals.rules import State, fold
from desktop_app.profiles import town
from desktop_app.profiles.desk import TownSequences
from desktop_app.profiles.queries import profile
from desktop_app.shared.steps import Stale
from desktop_app.shared.workdays import workdays
from desktop_app.store import facts as store_facts
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Database, Transaction
from sync_protocol import stamps
from sync_protocol.digests import conflict_id

PORTION: Final = 2_000
"""Appeals worked out in one transaction: after a first sync there may be 50,000."""


class Fact(NamedTuple):
    """An event as it stands in the file; see `AppealEvent`."""

    id: str
    kind: str
    at: int
    on: str
    by_name: str
    from_step: int
    to_step: int
    to_whom: str | None
    text: str | None
    outcome: str | None
    satisfaction: str | None
    why_none: str | None
    expects: str | None
    extra: str | None
    sync_seq: int
    sync_del: int


_IN: Final = "IN (SELECT value FROM json_each(?))"


def facts_of(db: Database | Transaction, ids: Sequence[str]) -> dict[str, list[Fact]]:
    """The events of some appeals, those taken back too, in no order."""
    return store_facts.facts_of(db, Fact, "appeal_event", "appeal_id", ids)


class Ladders(TownSequences):
    """Ladders by their code."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, attrgetter("appeal_ladders"))

    @property
    def offered(self) -> tuple[town.Sequence, ...]:
        """Those a new appeal may climb; a copy of a profile from before there were clocks offers the general one."""
        return self._own.appeal_ladders or profile().appeal_ladders


# ---------------------------------------------------------------------------------------------------------- working out


class _Terms(NamedTuple):
    id: str
    received_on: str
    promised_on: str | None
    anonymous: int
    ladder: str
    scope: int


def renew(tx: Transaction, ids: Iterable[str] | None = None) -> int:
    """Works out anew where these appeals stand, or all (at most PORTION) that have to be; returns how many."""
    if ids is None:
        ids = [str(row[0]) for row in tx.rows("SELECT appeal_id FROM appeal_stale LIMIT ?", (PORTION,))]
    wanted = list(ids)
    if not wanted:
        return 0
    terms = _terms_of(tx, wanted)
    events, ladders, calendar = facts_of(tx, wanted), Ladders(tx.db), workdays(tx.db.path.parent)
    lines = []
    for one in terms:
        ladder = ladders.on(one.ladder, one.received_on)
        state = fold(events.get(one.id, ()), ladder)
        due = next_due(state, one, ladder, calendar)
        lines.append(_line(one, state, due))
        if state.stale and not one.scope:
            _note_clashes(tx, state.stale, events[one.id])
    asked = json.dumps(wanted)
    tx.execute(f"DELETE FROM appeal_state WHERE appeal_id {_IN}", (asked,))
    tx.executemany(f"INSERT INTO appeal_state VALUES({','.join('?' * 13)})", lines)
    tx.execute(f"DELETE FROM appeal_stale WHERE appeal_id {_IN}", (asked,))
    return len(wanted)


def _terms_of(tx: Transaction, ids: Sequence[str]) -> list[_Terms]:
    sql = f"SELECT id,received_on,promised_on,anonymous,ladder,scope FROM appeal WHERE sync_del=0 AND id {_IN}"
    return [_Terms(*row) for row in tx.rows(sql, (json.dumps(list(ids)),))]


def _line(terms: _Terms, state: State, due: tuple[str, str] | None) -> tuple[Any, ...]:
    return (
        terms.id, terms.received_on, state.phase, state.step, state.outcome, *(due or (None, None)),
        state.satisfaction or None, state.why_none or None, state.finished_on or None, state.solved_step,
        state.assignee or None, len(state.stale),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- clashes


def _note_clashes(tx: Transaction, stale: Iterable[Stale], events: Sequence[Fact]) -> None:
    """A conflict record for each event that came too late, under an identifier that every desk derives.

    Only for what the server has numbered: before that another desk may see it otherwise.  Only at home: the conflict
    goes where the event goes.
    """
    known = {event.id: event for event in events}
    for one in stale:
        lost, won = known[one.event_id], known.get(one.because_of)
        key = conflict_id("state", "appeal_event", lost.id)
        if not lost.sync_seq or tx.scalar("SELECT 1 FROM conflict WHERE id=?", (key,)):
            continue
        tx.add(
            Conflict(
                id=key,
                tbl="appeal_event",
                row_id=lost.id,
                field="",
                kind="state",
                win_value=_told(won) if won else None,
                win_ts=stamps.stamp(won.at) if won else None,
                lose_value=_told(lost),
                lose_ts=stamps.stamp(lost.at),
            )
        )


def _told(event: Fact) -> str:
    """An event as the list of clashes shows it."""
    names = ("kind", "on", "by_name", "to_whom", "outcome", "satisfaction", "text")
    said = {name: value for name in names if (value := getattr(event, name))}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
