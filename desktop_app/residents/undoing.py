"""Taking an action back: whoever does it may do what is undone, and where it was done."""

from collections import defaultdict
from typing import Final

import orjson

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import asks, demand_any, reach_of
from desktop_app.accounts.undoing import rights_for
from desktop_app.residents.reach import must_reach
from desktop_app.store import history
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database
from desktop_app.store.history import UndoReport

_PLACED: Final = ("person", "household", "room")
"""Tables whose records live in a grid."""


@asks
def undo(db: Database, actor: Actor, action: int, why: str = "") -> UndoReport:
    """As `store.history.undo`, for an actor who has the rights the action asked for.

    ReasonWantedError where they end at the own grids and something else was changed, unless `why` says it.
    """
    rights = rights_for(db, action)
    with db.because(why or db.reason):
        for group in rights:
            demand_any(db, actor, group)
        if ending := [right for group in rights for right in group if reach_of(db, actor, right)]:
            _must_reach(db, actor, action, ending, why)
        return history.undo(db, actor, action)


def _must_reach(db: Database, actor: Actor, action: int, rights: list[str], why: str) -> None:
    touched = _touched(db, action)
    for right in rights:
        must_reach(
            db, actor, right, people=touched["person"], homes=touched["household"], rooms=touched["room"], why=why
        )


def _touched(db: Database, action: int) -> dict[str, set[str]]:
    """The residents, homes and rooms an action was about: by table, their identifiers."""
    rows: dict[int, list[int]] = defaultdict(list)
    for table, row in db.rows("SELECT DISTINCT tbl,row FROM journal_change WHERE action=?", (action,)):
        rows[table].append(row)
    found: dict[str, set[str]] = defaultdict(set)
    for table, numbers in rows.items():
        name = db.numbers[table]
        for target, column in _references(record_classes()[name]):
            sql = f'SELECT DISTINCT "{column}" FROM "{name}" WHERE local_no IN (SELECT value FROM json_each(?))'
            found[target] |= {value for (value,) in db.rows(sql, (orjson.dumps(numbers).decode(),)) if value}
    return found


def _references(cls: type[Record]) -> list[tuple[str, str]]:
    """(table, column) of what ties a record to a place; a resident, home or room to itself."""
    name = str(cls.__tablename__)
    if name in _PLACED:
        return [(name, "id")]
    return [(target, column.name) for column in cls.__table__.columns if (target := column.info.get("ref")) in _PLACED]
