"""Events as plain tuples, for folds: a record for each of 500,000 would take seconds more."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from desktop_app.shared.ids import named_id
from desktop_app.store.base import SYNC_COLUMNS, Record

if TYPE_CHECKING:
    from desktop_app.store.database import Database, Transaction

F = TypeVar("F", bound=NamedTuple)
SOMEBODY = "本人"
"""Who was called by name, once the name is forgotten."""


def facts_of(
    db: "Database | Transaction", kind: type[F], table: str, owner: str, ids: Sequence[str] | None = None
) -> dict[str, list[F]]:
    """The events in a table by the record in the column `owner`, of some records or of all, in no order.

    Those taken back too.  The fields of `kind` are the columns.
    """
    columns = ",".join(f'"{name}"' for name in kind._fields)
    which = "" if ids is None else f" WHERE {owner} IN (SELECT value FROM json_each(?))"
    told = () if ids is None else (json.dumps(list(ids)),)
    found: dict[str, list[Any]] = defaultdict(list)
    for record, *cells in db.rows(f"SELECT {owner},{columns} FROM {table}{which}", told):
        found[record].append(kind(*cells))
    return found


def tell_again(
    tx: "Transaction",
    kind: type[Record],
    owner: dict[str, str],
    events: Sequence[Any],
    words: Collection[str],
    names: Collection[str],
) -> list[tuple[str, str]]:
    """Tells the events of a record once more without text, in the order given, if any says something.

    Events never change; so their words go by telling them anew, under identifiers that every desk derives, and erasing
    those there were: returns (table, id) of these.  `owner` is the column and the record they belong to; whoever stands
    in one of the columns `names` by one of these `words` is called 本人.
    """
    if not any(event.text or any(getattr(event, name) in words for name in names) for event in events):
        return []
    new = {event.id: named_id("told_again", event.id) for event in events}
    sql = f'SELECT id FROM "{kind.__tablename__}" WHERE id IN (SELECT value FROM json_each(?))'
    there = {str(one) for (one,) in tx.rows(sql, (json.dumps([*new.values()]),))}
    old, at = [event for event in events if event.id not in there], 0
    for event in old:
        at = max(event.at, at + 1)  # their order has to stay, whatever their identifiers
        if new[event.id] in there:  # told by another desk, or before the program ended
            continue
        said = {name: cell for name, cell in event._asdict().items() if name not in SYNC_COLUMNS}
        called = {name: SOMEBODY for name in names if said[name] in words}
        expects = new.get(event.expects or "", event.expects)
        tx.add(kind(**{**said, **called, **owner, "id": new[event.id], "at": at, "text": None, "expects": expects}))
    return [(kind.__tablename__, event.id) for event in old]
