"""Whether two stores hold the same records: every synced table, field by field."""

from dataclasses import dataclass
from typing import Any

from desktop_app.store.database import Database

Replica = dict[tuple[str, str], dict[str, Any]]
"""(table, identifier) → what a record says; a tombstone says only that it is one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and every difference as `table identifier field`."""

    tables: int
    records: int
    fields: int
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replica(db: Database) -> Replica:
    """All synced records of a store, with the numbers the server gave them."""
    found: Replica = {}
    for name, table in db.tables.items():
        columns = ("sync_seq", *table.columns)
        listed = ",".join(f'"{column}"' for column in columns)
        for key, buried, *values in db.rows(f'SELECT id,sync_del,{listed} FROM "{name}"'):
            found[name, key] = {"sync_del": 1} if buried else dict(zip(columns, values, strict=True))
    return found


def compare(one: Database, other: Database) -> Comparison:
    """Compares two stores."""
    left, right = replica(one), replica(other)
    differences = [
        f"{table} {key} {column}"
        for table, key in sorted(left.keys() | right.keys())
        for column in sorted(_differing(left.get((table, key), {}), right.get((table, key), {})))
    ]
    fields = sum(len(record) for record in left.values())
    return Comparison(len(one.tables), len(left), fields, tuple(differences))


def _differing(left: dict[str, Any], right: dict[str, Any]) -> set[str]:
    absent = object()
    return {name for name in left.keys() | right.keys() if left.get(name, absent) != right.get(name, absent)}
