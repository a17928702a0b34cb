"""The appeals of the demonstration community: a year of them, told in `resources/demo/appeals.toml`."""

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from desktop_app.appeals import actions, intake
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.shared.actor import Actor
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

_FIELDS = {"do": "kind", "to": "to_whom", "rating": "satisfaction", "none": "why_none"}
"""Words of the file → fields of a deed; the others are called alike."""
_APART = 37
"""Every so many residents, one brings something up."""


def raise_appeals(db: Database, actor: Actor, workers: Sequence[str]) -> int:
    """Appeals of a year in the order they came in, each with what was done by today; returns how many."""
    stories = tomllib.loads(resource("demo", "appeals.toml").read_text("utf-8"))["story"]
    tellings = [(days, turn, story) for story in stories for turn, days in enumerate(story["days_ago"])]
    tellings.sort(key=lambda told: (-told[0], told[2]["title"]))
    residents = _residents(db)
    for at, (days, turn, story) in enumerate(tellings):
        received = db.clock.today() - timedelta(days=days)
        person = residents[at * _APART % len(residents)]
        appeal = _taken_in(db, actor, story, turn, received, person)
        if deeds := _deeds(story, turn, received, db.clock.today(), workers[at % len(workers)]):
            actions.act(db, actor, appeal.id, *deeds)
    return len(tellings)


def _residents(db: Database) -> list[str]:
    """Those who live here and have a telephone, in the order of the register."""
    found = db.rows(
        "SELECT p.id FROM person p JOIN residence s ON s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL "
        "WHERE p.sync_del=0 AND p.left_on IS NULL AND p.deceased_on IS NULL AND p.phones<>'' ORDER BY p.local_no"
    )
    return [str(person) for (person,) in found]


def _taken_in(db: Database, actor: Actor, story: dict[str, Any], turn: int, received: date, person_id: str) -> Appeal:
    """The appeal itself; the first step 受理 is its own, so that one may still wait for it."""
    new = intake.blank(
        db,
        title=story["title"],
        text=story["text"],
        channel=story["channels"][turn % len(story["channels"])],
        kind=story["kind"],
        klass=story["class"],
        urgency=story.get("urgency", "一般"),
        anonymous=int(story.get("anonymous", False)),
        received_on=received.isoformat(),
        person_id=person_id,
    )
    if new.anonymous:  # whoever does not say who they are still says where it is
        new.room_id = db.scalar("SELECT room_id FROM residence WHERE person_id=? AND to_on IS NULL", (person_id,))
    return intake.register(db, actor, new)


def _deeds(story: dict[str, Any], turn: int, received: date, today: date, worker: str) -> list[Deed]:
    """What was done by today, as far as this telling goes."""
    most = story.get("until", [])
    steps = story["steps"][: most[turn] or None] if turn < len(most) else story["steps"]
    deeds = []
    for step in steps:
        day = received + timedelta(days=step["day"])
        if day > today:
            break
        told = {_FIELDS.get(name, name): value for name, value in step.items() if name != "day"}
        deeds.append(Deed(on=day.isoformat(), by_name=worker, **told))
    return deeds
