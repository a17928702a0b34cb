"""What a plan would store, collected first and written in one go: thousands of records, each as a dict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.shared.bulk import Cancelled, Progress
from desktop_app.shared.errors import AppError, CancelledError
from desktop_app.shared.ids import new_id
from desktop_app.store.base import Record
from desktop_app.store.database import Database, Transaction
from desktop_app.store.rows import Columns

Update = tuple[type[Record], str, dict[str, Any]]
"""Class, identifier and the fields to change."""
_CHUNK = 2_000


@dataclass(slots=True)
class Writes:
    """What a plan would store: new records by class, and changes."""

    new: dict[type[Record], list[dict[str, Any]]] = field(default_factory=dict)
    many: dict[type[Record], Columns] = field(default_factory=dict)
    """New records of other classes than `new` has, by column: 50,000 dicts would take a tenth of a second more."""
    changed: list[Update] = field(default_factory=list)

    def add_many(self, cls: type[Record], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Takes in many new records of a class, as tuples of these columns, `id` among them."""
        if rows:
            self.many[cls] = dict(zip(names, zip(*rows, strict=True), strict=True))

    def add(self, cls: type[Record], **values: Any) -> str:
        """Takes in a new record; returns its identifier."""
        if "id" not in values:
            values["id"] = new_id()
        identifier: str = values["id"]
        self.new.setdefault(cls, []).append(values)
        return identifier

    @property
    def count(self) -> int:
        """How many records would be written."""
        many = (columns["id"] for columns in self.many.values())
        return sum(map(len, (*self.new.values(), *many))) + len(self.changed)

    def __bool__(self) -> bool:
        return self.count > 0


def teller(progress: Progress, cancelled: Cancelled, words: str) -> Callable[[int, int], None]:
    """What `write` tells how far it is; raises CancelledError when the person wants to stop."""

    def tell(done: int, total: int) -> None:
        if cancelled():
            raise CancelledError
        progress(done, total, words)

    return tell


def stamp(source: Database | Transaction) -> tuple[int, ...]:
    """Tells whether anything changed: the last change in the journal, and the last record of every table.

    A record that a pull brings stands in its table, but not in the journal.
    """
    tables = source.tables if isinstance(source, Database) else source.db.tables
    lasts = [f"(SELECT coalesce(max(local_no),0) FROM {name})" for name in tables]
    rows = source.rows(f"SELECT (SELECT coalesce(max(no),0) FROM journal_change),{','.join(lasts)}")
    return tuple(rows[0])


def must_be_current(tx: Transaction, made_at: tuple[int, ...]) -> None:
    """Raises an AppError if the register changed since a plan was made."""
    if stamp(tx) != made_at:
        raise AppError("检查之后，系统里的资料又有了变化，没有导入。", next_step="请重新检查一次，再点“导入”。")


def write(tx: Transaction, writes: Writes, tell: Callable[[int, int], None]) -> None:
    """Stores what was prepared, in portions; `tell(done, total)` after each may raise to stop."""
    total = writes.count
    tx.insert_all({**writes.new, **writes.many}, lambda rows: tell(rows, total))
    done = total - len(writes.changed)
    for (cls, names), rows in _by_fields(writes.changed).items():
        assignments = ",".join(f'"{name}"=?' for name in names)
        sql = f"UPDATE {cls.__tablename__} SET {assignments} WHERE id=? AND sync_del=0"
        for start in range(0, len(rows), _CHUNK):
            portion = rows[start : start + _CHUNK]
            tx.executemany(sql, portion)
            done += len(portion)
            tell(done, total)


def _by_fields(changed: list[Update]) -> dict[tuple[type[Record], tuple[str, ...]], list[tuple[Any, ...]]]:
    groups: dict[tuple[type[Record], tuple[str, ...]], list[tuple[Any, ...]]] = {}
    for cls, identifier, fields in changed:
        groups.setdefault((cls, tuple(fields)), []).append((*fields.values(), identifier))
    return groups
