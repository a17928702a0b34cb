"""Shifts and their events as they stand in the file, and what became of them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from desktop_app.orders import duty_rules
from desktop_app.orders.duty_rules import Duty, Slot
from desktop_app.store.database import Database, Transaction


class ShiftFact(NamedTuple):
    """An event as it stands in the file; see `ShiftEvent`."""

    id: str
    kind: str
    at: int
    by_name: str
    shift_id: str | None
    other_id: str | None
    helper_id: str | None
    time: str | None
    from_on: str | None
    to_on: str | None
    text: str | None
    expects: str | None
    sync_seq: int
    sync_del: int


_COLUMNS: Final = ",".join(ShiftFact._fields)
_IN: Final = "IN (SELECT value FROM json_each(?))"


class Planned(NamedTuple):
    """A shift as it was planned."""

    id: str
    post_id: str
    on: str
    from_time: str
    to_time: str
    seat: int
    helper_id: str | None

    @property
    def slot(self) -> Slot:
        """As the rules see it."""
        return Slot(self.id, self.on, self.from_time, self.to_time)


_PLANNED: Final = 'SELECT id,post_id,"on",from_time,to_time,seat,helper_id FROM shift WHERE sync_del=0 AND '


def planned(db: Database | Transaction, since: str, until: str, post_id: str = "") -> list[Planned]:
    """The shifts of some days, by day, time, post and seat."""
    sql = f'{_PLANNED}"on" BETWEEN :since AND :until{" AND post_id=:post" if post_id else ""}'
    rows = db.rows(f'{sql} ORDER BY "on",from_time,post_id,seat,id', {"since": since, "until": until, "post": post_id})
    return [Planned(*row) for row in rows]


def duties(db: Database | Transaction, shifts: Iterable[Planned]) -> dict[str, Duty]:
    """What became of some shifts; those they were swapped with, and so on, are taken into account."""
    held = {one.id: one.helper_id for one in shifts}
    wanted, events = set(held), dict[str, ShiftFact]()
    new: Collection[str] = list(held)
    while new:
        fresh = _touching(db, new)
        events |= {one.id: one for one in fresh}
        reached = {key for one in fresh for key in (one.shift_id, one.other_id) if key} - held.keys()
        found = db.rows(f"SELECT id,helper_id FROM shift WHERE sync_del=0 AND id {_IN}", (json.dumps(sorted(reached)),))
        held |= dict(found)
        new = [key for key, _ in found]
    folded = duty_rules.fold(held, events.values())
    return {key: folded[key] for key in wanted}


def _touching(db: Database | Transaction, ids: Collection[str]) -> list[ShiftFact]:
    asked = json.dumps(sorted(ids))
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM shift_event WHERE shift_id {_IN} UNION SELECT {_COLUMNS} FROM shift_event "
        f"WHERE other_id {_IN}",
        (asked, asked),
    )
    return [ShiftFact(*row) for row in rows]


def leaves_of(db: Database | Transaction, helper_ids: Collection[str] | None = None) -> list[ShiftFact]:
    """The leaves of some helpers, or of all, and those taken back."""
    which = "" if helper_ids is None else f" AND helper_id {_IN}"
    told = () if helper_ids is None else (json.dumps(sorted(helper_ids)),)
    rows = db.rows(f"SELECT {_COLUMNS} FROM shift_event WHERE kind IN ('请假','销假'){which}", told)
    return [ShiftFact(*row) for row in rows]


def on_duty(db: Database | Transaction, on: str) -> dict[str, list[tuple[str, str]]]:
    """Helper → when they stand duty on a day, after all swaps; of a night the hours that belong to this day."""
    before = (date.fromisoformat(on) - timedelta(days=1)).isoformat()
    shifts = planned(db, before, on)
    became = duties(db, shifts)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in shifts:
        duty, night = became[one.id], one.slot.last_on != one.on
        if duty.helper_id and not duty.off and on in {one.on, one.slot.last_on}:
            first = one.from_time if one.on == on else "00:00"
            found[duty.helper_id].append((first, "24:00" if night and one.on == on else one.to_time))
    return found
