"""A duty roster that was made in a spreadsheet, read back; nothing raises for a row."""

from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.accounts.rights import reads
from desktop_app.orders.duty_rules import Slot, clash
from desktop_app.orders.model import Shift
from desktop_app.orders.reporting_rules import DUTY, slots_of
from desktop_app.orders.shift_facts import duties, planned
from desktop_app.shared.dates import iso_date
from desktop_app.shared.ids import named_id
from desktop_app.shared.text import clean_name, plain
from desktop_app.spreadsheets.problems import RowProblem
from desktop_app.spreadsheets.table_rows import TableRows, tables_of
from desktop_app.store.database import Database

_WHOLE_DAY = 10
Place = tuple[str, str, str]
"""Post, day, when the shift begins."""


@dataclass(frozen=True, slots=True)
class RosterRead:
    """Shifts of a workbook, ready to be kept, and what could not be read."""

    shifts: list[Shift]
    problems: list[RowProblem]


@dataclass(slots=True)
class _Known:
    """What stands on the roster already: posts by name with their room, which places are taken, who stands when."""

    posts: dict[str, tuple[str, int]]
    there: dict[Place, int] = field(default_factory=dict)
    busy: dict[str, list[Slot]] = field(default_factory=dict)


@reads("orders.change")
def read_roster(db: Database, path: Path) -> RosterRead:
    """Day, shift, post and name in each row.  AppError if the workbook has no such table."""
    known = _known(db)
    result = RosterRead([], [])
    for rows in tables_of(path, "roster", ("on", "slot", "name")):
        for at in rows:
            if shift := _shift(db, rows, at, known):
                result.shifts.append(shift)
        result.problems.extend(rows.problems)
    return result


def _known(db: Database) -> _Known:
    sql = "SELECT name,id,capacity FROM post WHERE kind=? AND sync_del=0 AND to_on IS NULL"
    known = _Known({str(name): (str(key), int(room)) for name, key, room in db.rows(sql, (DUTY,))})
    shifts = planned(db, "", "9999")
    became = duties(db, shifts)
    for one in shifts:
        place = (one.post_id, one.on, one.from_time)
        known.there[place] = max(known.there.get(place, 0), one.seat)
        known.busy.setdefault(became[one.id].helper_id, []).append(one.slot)
    return known


def _shift(db: Database, rows: TableRows, at: int, known: _Known) -> Shift | None:
    on = iso_date(rows.cell("on", at)) or ""
    slots = slots_of(rows.text("slot", at))
    name = rows.text("post", at)
    only = next(iter(known.posts.values())) if len(known.posts) == 1 else None
    post = known.posts.get(name) if name else only
    if len(on) != _WHOLE_DAY:
        rows.report(at, "on", "shift_day_not_read", plain(rows.cell("on", at)))
    elif not slots or len(slots) != 1:
        rows.report(at, "slot", "slot_not_read", rows.text("slot", at))
    elif post is None:
        rows.report(at, "post", "post_unknown", name)
    elif (who := _helper(db, rows, at)) is not None:
        return _place(rows, at, known, post, (on, *slots[0]), who)
    return None


def _place(
    rows: TableRows, at: int, known: _Known, post: tuple[str, int], when: tuple[str, str, str], who: str
) -> Shift | None:
    """The next free seat of a shift, where there is one and the person has no other on that day."""
    (post_id, room), (on, first, last) = post, when
    seat = known.there.get((post_id, on, first), 0) + 1
    if seat > room:
        rows.report(at, "slot", "shift_known", f"{on} {first}-{last}")
        return None
    key = named_id("shift", post_id, on, first, str(seat))
    slot = Slot(key, on, first, last)
    if any(clash(slot, one) for one in known.busy.get(who, ())):
        rows.report(at, "name", "shift_twice", rows.text("name", at))
        return None
    known.there[post_id, on, first] = seat
    known.busy.setdefault(who, []).append(slot)
    return Shift(id=key, post_id=post_id, on=on, from_time=first, to_time=last, seat=seat, helper_id=who)


def _helper(db: Database, rows: TableRows, at: int) -> str | None:
    name = clean_name(rows.cell("name", at))
    found = db.rows(
        "SELECT id FROM helper WHERE name=? AND sync_del=0 AND scope=0 AND (to_on IS NULL OR to_on>?)",
        (name, db.clock.today().isoformat()),
    )
    if len(found) == 1:
        return str(found[0][0])
    rows.report(at, "name", "helper_of_several" if found else "helper_unknown", name)
    return None
