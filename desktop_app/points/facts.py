"""Entries as they stand in the file, for folds."""

import json
from collections.abc import Collection
from typing import Final, NamedTuple

from desktop_app.store.database import Database, Transaction


class PointsFact(NamedTuple):
    """An entry as it stands in the file, see `PointsEntry`; without its words, so that no clash can hold them."""

    id: str
    kind: str
    from_account_id: str
    to_account_id: str
    amount: int
    at: int
    on: str
    by_name: str
    ref_type: str | None
    ref_id: str | None
    reverses: str | None
    sync_seq: int
    sync_del: int

    @property
    def expects(self) -> str | None:
        """A reversal never stands before what it takes back, whatever the clocks said."""
        return self.reverses

    @property
    def evidence(self) -> tuple[str, str] | None:
        """What it was given for."""
        return (self.ref_type or "", self.ref_id) if self.ref_id else None


IN: Final = "IN (SELECT value FROM json_each(:ids))"
COLUMNS: Final = ",".join(f'"{name}"' for name in PointsFact._fields)
MINE: Final = (
    f"(SELECT {COLUMNS} FROM points_entry WHERE from_account_id {IN} "
    f"UNION SELECT {COLUMNS} FROM points_entry WHERE to_account_id {IN})"
)
"""SQL: the entries that go into or out of the accounts `:ids`, a JSON list."""


def entries_of(db: Database | Transaction, account_ids: Collection[str]) -> list[PointsFact]:
    """All entries of some accounts, those that count for nothing and those taken away too, in no order."""
    return [PointsFact(*row) for row in db.rows(f"SELECT * FROM {MINE}", {"ids": json.dumps(list(account_ids))})]


def entries(db: Database | Transaction, ids: Collection[str]) -> list[PointsFact]:
    """These entries, in no order."""
    sql = f"SELECT {COLUMNS} FROM points_entry WHERE id {IN}"
    return [PointsFact(*row) for row in db.rows(sql, {"ids": json.dumps(list(ids))})]


def void_entries(db: Database | Transaction) -> dict[str, str]:
    """Which entries count for nothing, and why in words."""
    return {str(key): str(why) for key, why in db.rows("SELECT entry_id,why FROM points_void")}
