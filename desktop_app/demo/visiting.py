"""The visits of the demonstration community: a year of them, and a campaign in its second round."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database
from desktop_app.visits import actions, campaigns, knocking, queries
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Campaign, Visit
from desktop_app.visits.queries import DueLine

_LATE = 9
"""Every so many homes, one has waited too long."""


def visit_for_a_year(db: Database, actor: Actor, told: dict[str, Any], workers: Sequence[str]) -> int:
    """Visits to every home in need of care, month after month up to today; returns how many."""
    today = db.clock.today()
    homes = queries.due(db, today.isoformat(), most=10_000)
    count = 0
    for month in range(told["months"] - 1, -1, -1):
        visits = []
        for at, home in enumerate(homes):
            waited = home.days * month + at * 7 % (home.days - 1) + (home.days + 5 if at % _LATE == 0 else 0)
            visits.append(_visit(home, at + month, told, workers, (today - timedelta(days=waited)).isoformat()))
        count += len(actions.record_all(db, actor, visits))
    return count


def _visit(home: DueLine, turn: int, told: dict[str, Any], workers: Sequence[str], on: str) -> Visit:
    missed = turn % 13 == 5  # noqa: PLR2004 now and then nobody is in
    said = told["opinions"][turn // 4 % len(told["opinions"])] if turn % 4 == 0 and not missed else None
    return Visit(
        on=on,
        household_id=home.id if home.subject == "household" else None,
        person_id=home.id if home.subject == "person" else None,
        result="无人" if missed else "见面",
        workers=workers[turn % len(workers)],
        purpose=told["purposes"][turn % len(told["purposes"])],
        findings=None if missed else told["findings"][turn % len(told["findings"])],
        opinions=said,
    )


def knock(db: Database, actor: Actor, told: dict[str, Any], estate_id: str) -> str:
    """A campaign over an estate: the first round done, the second begun; returns its identifier."""
    begun = (db.clock.today() - timedelta(days=told["days_ago"])).isoformat()
    buildings = [
        str(id_)
        for (id_,) in db.rows(
            "SELECT id FROM building WHERE estate_id=? AND sync_del=0 ORDER BY length(no),no", (estate_id,)
        )
    ]
    campaign = Campaign(name=told["name"], purpose=told["purpose"], goods=told["goods"], from_on=begun)
    knocking.make(db, actor, campaign, campaigns.homes_in(db, buildings), told["teams"])
    _enter(db, actor, campaign.id, told["results"], begun)
    knocking.next_round(db, actor, campaign.id)
    _enter(db, actor, campaign.id, told["again"], (db.clock.today() - timedelta(days=1)).isoformat(), share=2)
    return campaign.id


def _enter(db: Database, actor: Actor, campaign_id: str, words: Sequence[str], on: str, share: int = 1) -> None:
    """Results for the first of `share` equal parts of the list, by turns."""
    lines = campaigns.items(db, campaign_id)
    results = []
    for at, line in enumerate(lines[: len(lines) // share]):
        met = words[at % len(words)] == "见面"
        results.append(Knocked(line.id, words[at % len(words)], on, int(met), signed=met))
    knocking.enter(db, actor, campaign_id, results)
