"""Events as plain tuples, for folds: a record for each of 500,000 would take seconds more."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from desktop_app.store.database import Database, Transaction

F = TypeVar("F", bound=NamedTuple)


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
