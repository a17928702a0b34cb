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
from desktop_app.shared.workdays import workdays
from desktop_app.store import facts as store_facts
from desktop_app.store import states
from desktop_app.store.clashes import note_clashes
from desktop_app.store.database import Database, Transaction


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
    """Works out anew where these appeals stand, or a portion of those that have to be; returns how many."""
    wanted = states.wanted(tx, "appeal", ids)
    terms = _terms_of(tx, wanted)
    events, ladders, calendar = facts_of(tx, wanted), Ladders(tx.db), workdays(tx.db.path.parent)
    lines = []
    for one in terms:
        ladder = ladders.on(one.ladder, one.received_on)
        state = fold(events.get(one.id, ()), ladder)
        due = next_due(state, one, ladder, calendar)
        lines.append(_line(one, state, due))
        if state.stale and not one.scope:
            note_clashes(tx, "appeal_event", state.stale, events[one.id])
    return states.keep(tx, "appeal", wanted, lines)


def _terms_of(tx: Transaction, ids: Sequence[str]) -> list[_Terms]:
    sql = f"SELECT id,received_on,promised_on,anonymous,ladder,scope FROM appeal WHERE sync_del=0 AND id {_IN}"
    return [_Terms(*row) for row in tx.rows(sql, (json.dumps(list(ids)),))]


def _line(terms: _Terms, state: State, due: tuple[str, str] | None) -> tuple[Any, ...]:
    return (
        terms.id, terms.received_on, state.phase, state.step, state.outcome, *(due or (None, None)),
        state.satisfaction or None, state.why_none or None, state.finished_on or None, state.solved_step,
        state.assignee or None, len(state.stale),
    )  # fmt: skip
