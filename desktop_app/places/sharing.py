"""Which other units receive a record that may be shared by name: one rule for meetings, appeals and matters.

What belongs to the record goes along, and those units may answer in it.  Who may be named is checked by the server; a
unit that is taken off the list loses what it received by its next sync.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from desktop_app.store.database import Database, Transaction
from sync_protocol.behaviours import AUDIENCE, units_named
from sync_protocol.messages import Gone

R = TypeVar("R", bound=Record)
MOST_UNITS: Final = 100
"""The server takes no more names (`central_server.audiences.MOST_NAMED`): else it would be said after the next sync."""

Wanted = Callable[[set[int]], set[int]]
"""Of the units that receive a record, those that shall."""


def shared_with(record: Record) -> tuple[int, ...]:
    """The numbers of the units that receive a record, in ascending order."""
    return units_named(getattr(record, AUDIENCE))


def these_too(units: Iterable[int]) -> Wanted:
    """More units; those that receive it already stay."""
    more = set(units)
    return lambda now: now | more


def these_alone(units: Iterable[int]) -> Wanted:
    """These units, and no others."""
    chosen = set(units)
    return lambda _now: set(chosen)


def not_these(units: Iterable[int] | None) -> Wanted:
    """Some units no more; None: no other unit any more."""
    if units is None:
        return lambda _now: set()
    fewer = set(units)
    return lambda now: now - fewer


def name_units(
    tx: Transaction, cls: type[R], record_id: str, wanted: Wanted, *, guests: bool = True
) -> tuple[R, frozenset[int]]:
    """Lets the wanted units receive a record; returns it, and those that receive it no more.

    A record of another unit: handed on only where `guests` may (an appeal climbs from office to office), and taken back
    only by an office above that unit, as the server has it.
    """
    record = tx.need(cls, record_id)
    before = set(shared_with(record))
    after = wanted(set(before))
    lost = frozenset(before - after)
    if record.scope and (not guests or (lost and not _is_below(tx, record.scope))):
        raise AppError(
            f"这条{cls.__zh__}记录是别的单位共享来的，没有改动。",
            next_step="要增减共享单位，请联系那个单位。",
        )
    if len(after) > MOST_UNITS:
        raise AppError(f"最多共享给 {MOST_UNITS} 个单位，没有保存。", field="units", next_step="请减少共享单位。")
    audience = ",".join(map(str, sorted(after))) or None
    return tx.change(cls, record_id, **{AUDIENCE: audience}), lost


def was_taken_back(db: Database, cls: type[Record], record_id: str) -> bool:
    """Whether another unit shared a record with this one and has taken it back."""
    return bool(db.scalar(f"SELECT sync_del FROM {cls.__tablename__} WHERE id=?", (record_id,)) == Gone.WITHDRAWN)


def _is_below(tx: Transaction, unit: int) -> bool:
    """Whether a unit stands below this desk's: the names of its areas go up to all above it, and to nobody else."""
    return tx.scalar("SELECT 1 FROM area WHERE scope=? AND sync_del=0", (unit,)) is not None
