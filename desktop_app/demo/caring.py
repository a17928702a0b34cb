"""Bells and pairs of the demonstration community: alarms answered and not, tests, one fault, helpers who take turns."""

from datetime import timedelta
from typing import Any

from desktop_app.care import actions, queries
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.places import actions as places
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

_ALONE = "独居老人"


def hang_bells(db: Database, actor: Actor, told: dict[str, Any]) -> list[str]:
    """Bells at the doors of those who live alone, what happened to them, and one building nobody has measured."""
    today = db.clock.today()
    _forget_place(db, actor, told["without_place"])
    alone = lines(db, ids(db, ResidentFilter(tags=(_ALONE,))))
    found = alone[:: max(1, len(alone) // told["bells"])][: told["bells"]]
    installed = (today - timedelta(days=told["installed_days_ago"])).isoformat()
    bells = []
    for at, line in enumerate(found):
        bell = DoorBell(
            person_id=line.id,
            kind=told["kinds"][at % len(told["kinds"])],
            place=told["places"][at % len(told["places"])],
            device_no=f"HQ-{at + 1:03d}",
            installed_on=installed,
        )
        bells.append(actions.hang(db, actor, bell).bell.id)
    _note(db, actor, told, bells)
    return bells


def _note(db: Database, actor: Actor, told: dict[str, Any], bells: list[str]) -> None:
    """Tests, alarms and faults; a test of a bell that is still waiting or faulty came before."""

    def moment(days: int, at: str = "") -> str:
        return f"{(db.clock.today() - timedelta(days=days)).isoformat()} {at}".strip()

    tests = [
        DoorBellEvent(bell_id=bell, kind="测试", at=moment(days), by_name=actor.name, text="响铃正常")
        for bell, days in zip(bells, told["tested_days_ago"], strict=False)
    ]
    actions.note_all(db, actor, tests)
    for one in told["alarms"]:
        if one["bell"] < len(bells):
            came = one.get("came")
            event = DoorBellEvent(
                bell_id=bells[one["bell"]],
                kind="报警",
                at=moment(one["days_ago"], one["at"]),
                by_name=actor.name,
                who_came=one.get("who"),
                came_at=moment(one["days_ago"], came) if came else None,
                cause=one["cause"],
                text=one["text"],
            )
            actions.note(db, actor, event)
    for one in told["faults"]:
        if one["bell"] < len(bells):
            fault = DoorBellEvent(
                bell_id=bells[one["bell"]],
                kind="故障",
                at=moment(one["days_ago"]),
                by_name=actor.name,
                text=one["text"],
            )
            actions.note(db, actor, fault)


def _forget_place(db: Database, actor: Actor, where: dict[str, str]) -> None:
    found = db.scalar(
        "SELECT b.id FROM building b JOIN estate e ON e.id=b.estate_id WHERE e.name=? AND b.no=? AND b.sync_del=0",
        (where["estate"], where["building"]),
    )
    if found:
        places.change_building(db, actor, found, lon=None, lat=None)


def pair_up(db: Database, actor: Actor, told: dict[str, Any]) -> int:
    """Pairs for those who need care most; returns how many."""
    today = db.clock.today()
    needy = [line for line in queries.cared(db) if set(line.classes) & set(told["classes"])][: told["count"]]
    residents = {
        name: db.scalar("SELECT id FROM person WHERE name=? AND sync_del=0", (name,)) for name in told["residents"]
    }
    count = 0
    for at, line in enumerate(needy):
        made = CarePair(
            person_id=line.id,
            helper_name="",
            care_class=next(one for one in line.classes if one in told["classes"]),
            interval_days=told["days"][at % len(told["days"])],
            from_on=(today - timedelta(days=200 - at * 7)).isoformat(),
            evidence=told["evidence"],
        )
        name = told["residents"][at // 2 % len(told["residents"])]
        if at % 2 == 0 and residents[name] and residents[name] != line.id:
            made.helper_id = residents[name]
        else:
            other = told["others"][at % len(told["others"])]
            made.helper_name, made.helper_unit, made.helper_phone = other["name"], other["unit"], other["phone"]
        actions.pair(db, actor, made)
        count += 1
    return count
