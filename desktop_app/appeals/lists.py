"""Long lists of appeals: one vector of row numbers in the order wanted, and lines a page at a time.

50,000 appeals are sorted in the store; what is handed over is 8 bytes for each.
"""

import json
from array import array
from collections.abc import Sequence
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.appeals.queries import LINE, SOURCE, AppealFilter, AppealLine, lines_of_rows, narrowed, source_of
from desktop_app.appeals.rules import OPEN
from desktop_app.store.database import Database

ORDERS: Final = {
    "received": "s.received_on{way},s.appeal_id{way}",
    "due": "s.due_on IS NULL,s.due_on{way},s.appeal_id",
    "no": "a.no IS NULL,length(a.no){way},a.no{way}",
    "title": "a.title{way},s.appeal_id",
    "klass": "cast(a.klass AS INTEGER){way},s.received_on DESC",
    "phase": "s.phase{way},s.received_on DESC",
    "step": "s.step{way},s.received_on DESC",
    "reporter": "a.reporter_name IS NULL,a.reporter_name{way},s.appeal_id",
}
"""How the list may be sorted; what has no day, number or name stands last either way."""


@reads("appeals.read")
def numbers(db: Database, which: AppealFilter, order: str = "received", *, ascending: bool = False) -> "array[int]":
    """`local_no` of the appeals a filter leaves, in an order of `ORDERS`."""
    where, told = narrowed(db, which)
    by = ORDERS[order].format(way="" if ascending else " DESC")
    sql = f"SELECT a.local_no{source_of(where, by)}{where} ORDER BY {by}"
    return array("q", [number for (number,) in db.rows(sql, told)])


@reads("appeals.read")
def lines_of(db: Database, wanted: Sequence[int]) -> list[AppealLine | None]:
    """The lines of these row numbers, in their order; None for one that is gone."""
    sql = f"{LINE},a.local_no{SOURCE} WHERE a.local_no IN (SELECT value FROM json_each(?))"
    rows = db.rows(sql, (json.dumps(list(wanted)),))
    found = {row[-1]: line for row, line in zip(rows, lines_of_rows(db, rows), strict=True)}
    return [found.get(number) for number in wanted]


@reads("appeals.read")
def ids_of(db: Database, wanted: Sequence[int]) -> list[str]:
    """The identifiers of these row numbers, in their order."""
    sql = "SELECT local_no,id FROM appeal WHERE sync_del=0 AND local_no IN (SELECT value FROM json_each(?))"
    found = dict(db.rows(sql, (json.dumps(list(wanted)),)))
    return [str(found[number]) for number in wanted if number in found]


@reads("appeals.read")
def rooms_with_open(db: Database, building_id: str) -> dict[str, bool]:
    """The rooms of a building from which appeals are under way; true where one is overdue."""
    phases = ",".join(f"'{phase}'" for phase in OPEN)
    sql = (
        "SELECT r.id,max(coalesce(s.due_on<?,0)) FROM room r CROSS JOIN appeal a ON a.room_id=r.id AND a.sync_del=0 "
        f"CROSS JOIN appeal_state s ON s.appeal_id=a.id AND s.phase IN ({phases}) WHERE r.building_id=? GROUP BY r.id"
    )
    return {room: bool(late) for room, late in db.rows(sql, (db.clock.today().isoformat(), building_id))}
