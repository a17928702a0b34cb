"""What taking an action back must leave alone: what was signed, and new records that others have come to rest on."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Transaction
from desktop_app.store.requests import Erasure, Transfer

Row = tuple[int, int]
"""Number of a table and `local_no`."""
_MADE = "(SELECT row FROM journal_change WHERE action=:action AND tbl=:{table} AND op='i')"


def references() -> Iterator[tuple[type[Record], str, type[Record]]]:
    """(class, column, class it points to) of every reference between records."""
    yield from _references(len(record_classes()))


@cache
def _references(_classes: int, /) -> tuple[tuple[type[Record], str, type[Record]], ...]:
    """Looked up once for the classes there are: it is asked after every commit."""
    classes = record_classes()
    return tuple(
        (cls, column.name, classes[target])
        for cls in classes.values()
        for column in cls.__table__.columns
        if (target := column.info.get("ref"))
    )


# -------------------------------------------------------------------------------------------------------------- signed


def refuse_signed(tx: Transaction, action: int) -> None:
    """A signature is not taken back, nor what it stands under; what has to be put right is added to what was signed."""
    for cls in record_classes().values():
        for name in cls.__final__:
            signed, since = _signed(tx, action, cls, name), _signed(tx, action + 1, cls, name)
            label = f"{cls.__zh__}的{cls.__table__.columns[name].info['zh']}"
            if len(signed) > len(since):
                raise AppError(f"{label}不能撤销，什么也没有改。", next_step="要补充或改正请用“更正”。")
            if since and _touches(tx, action, cls, since):
                raise AppError(f"后来已有{label}，这一步不能撤销，什么也没有改。", next_step="要补充或改正请用“更正”。")


def refuse_requested(tx: Transaction, action: int) -> None:
    """An erasure is never taken back, nor a move to another unit that the server has carried out.

    Who was put under seal has a verb of the other way (`refuse_for_good`).
    """
    made = "EXISTS(SELECT 1 FROM journal_change c WHERE c.action=? AND c.tbl=? AND c.row=r.local_no AND c.op='i')"
    if tx.scalar(
        f"SELECT 1 FROM erasure r WHERE coalesce(r.sealed_on,'')='' AND {made}", (action, Erasure.__table_no__)
    ):
        raise AppError("按申请清除的资料不能找回，什么也没有改。", next_step="确实清除错了，请重新登记。")
    if tx.scalar(f"SELECT 1 FROM transfer r WHERE r.sync_seq>0 AND {made}", (action, Transfer.__table_no__)):
        raise AppError("已经转到别的单位了，不能在这里撤销，什么也没有改。", next_step="请由转入的单位转回来。")


def refuse_for_good(tx: Transaction, action: int) -> None:
    """What moved the only copy of something is not taken back: it has a verb of its own that does it the other way."""
    for cls in record_classes().values():
        sql = (
            f"SELECT 1 FROM {cls.__tablename__} r JOIN journal_change c ON c.row=r.local_no "
            f"WHERE c.action=? AND c.tbl=? AND ({cls.__for_good__})"
        )
        if cls.__for_good__ and tx.scalar(sql, (action, cls.__table_no__)):
            raise AppError(f"{cls.__zh__}不能撤销，什么也没有改。", next_step=cls.__instead__)


def _signed(tx: Transaction, first: int, cls: type[Record], name: str) -> list[str]:
    """The records whose final field was filled in by this action or a later one."""
    sql = (
        f"SELECT r.id FROM {cls.__tablename__} r WHERE r.{name} IS NOT NULL AND EXISTS(SELECT 1 FROM journal_change c "
        "WHERE c.tbl=? AND c.row=r.local_no AND c.action>=? AND EXISTS(SELECT 1 FROM json_each(c.before) WHERE key=?))"
    )
    return [str(row[0]) for row in tx.rows(sql, (cls.__table_no__, first, name))]


def _touches(tx: Transaction, action: int, cls: type[Record], ids: list[str]) -> bool:
    """Whether an action changed one of these records or a part of it."""
    parts = [(child, column) for child, column, target in references() if target is cls]
    return any(
        tx.scalar(
            f"SELECT 1 FROM journal_change c JOIN {part.__tablename__} t ON t.local_no=c.row WHERE c.action=? "
            f"AND c.tbl=? AND t.{column} IN (SELECT value FROM json_each(?))",
            (action, part.__table_no__, json.dumps(ids)),
        )
        for part, column in [(cls, "id"), *parts]
    )


def not_signed(cls: type[Record]) -> str:
    """An SQL condition: a record of this class that no signature stands over."""
    over = [
        f"NOT EXISTS(SELECT 1 FROM {target.__tablename__} above WHERE above.id={cls.__tablename__}.{column} "
        f"AND above.{final} IS NOT NULL)"
        for child, column, target in references()
        for final in target.__final__
        if child is cls
    ]
    return " AND ".join(over) or "1"


# ------------------------------------------------------------------------------------------------------------ rested on


def rested_on(tx: Transaction, action: int, kept: set[Row]) -> set[Row]:
    """The new records of an action that must stay: what others point to, and what those that stay point to.

    A room in which somebody was registered since is not taken away from under them, nor its building.
    """
    found = kept | {
        (target.__table_no__, row)
        for child, column, target in references()
        for row in _pointed_to(tx, action, child, column, target)
    }
    new = found
    while new:
        new = {row for row in _above(tx, action, new) if row not in found}
        found |= new
    return found


def _pointed_to(tx: Transaction, action: int, child: type[Record], column: str, target: type[Record]) -> list[int]:
    """New records of the action to which a record of somebody else points."""
    sql = (
        f"SELECT DISTINCT t.local_no FROM {child.__tablename__} c JOIN {target.__tablename__} t ON t.id=c.{column} "
        f"WHERE c.sync_del=0 AND t.local_no IN {_MADE.format(table='target')} "
        f"AND c.local_no NOT IN {_MADE.format(table='child')}"
    )
    numbers = {"action": action, "target": target.__table_no__, "child": child.__table_no__}
    return [int(row[0]) for row in tx.rows(sql, numbers)]


def _above(tx: Transaction, action: int, rows: set[Row]) -> Iterator[Row]:
    """New records of the action to which these records point."""
    by_table: dict[int, list[int]] = defaultdict(list)
    for table, row in rows:
        by_table[table].append(row)
    for child, column, target in references():
        if mine := by_table.get(child.__table_no__):
            sql = (
                f"SELECT DISTINCT t.local_no FROM {child.__tablename__} c JOIN {target.__tablename__} t "
                f"ON t.id=c.{column} WHERE c.local_no IN (SELECT value FROM json_each(:mine)) "
                f"AND t.local_no IN {_MADE.format(table='target')}"
            )
            values = {"action": action, "target": target.__table_no__, "mine": json.dumps(mine)}
            for (row,) in tx.rows(sql, values):
                yield target.__table_no__, int(row)
