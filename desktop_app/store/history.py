"""What a record was before, and taking an action back; both read the change journal."""

import json
from dataclasses import dataclass
from typing import Any

from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record that changed: its Chinese name, masked where the column says so."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record's history, newest first; `at` in UTC ms."""

    action: int
    at: int
    who: str
    what: str
    why: str | None
    op: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class UndoReport:
    """How many changes were taken back, and how many were kept because somebody worked on since."""

    undone: int
    kept: int


def history(db: Database, cls: type[Record], row_id: str, *, unmasked: bool = False) -> list[Entry]:
    """The history of one record, newest first."""
    table = db.tables[str(cls.__tablename__)]
    now = db.row(f"SELECT local_no,{','.join(_quoted(table.columns))} FROM {table.name} WHERE id=?", (row_id,))
    if now is None:
        return []
    values = dict(zip(table.columns, now[1:], strict=True))
    found = db.rows(
        "SELECT c.action,coalesce(a.at,0),coalesce(a.actor_name,''),coalesce(a.what,''),a.why,c.op,c.before "
        "FROM journal_change c LEFT JOIN journal_action a ON a.no=c.action "
        "WHERE c.tbl=? AND c.row=? ORDER BY c.no DESC",
        (table.no, now[0]),
    )
    entries: list[Entry] = []
    for action, at, who, what, why, op, before in found:
        earlier: dict[str, Any] = json.loads(before) if before else {}
        changes = tuple(_change(cls, name, old, values.get(name), unmasked) for name, old in earlier.items())
        values.update(earlier)
        entries.append(Entry(action, at, who, what, why, op, changes))
    return entries


def _change(cls: type[Record], name: str, before: Any, after: Any, unmasked: bool) -> Change:
    notes = cls.__table__.columns[name].info
    kind = notes.get("mask")
    if kind and not unmasked:
        before, after = (mask(kind, str(value)) if value else value for value in (before, after))
    return Change(name, str(notes.get("zh") or name), before, after)


def _quoted(columns: tuple[str, ...]) -> list[str]:
    return [f'"{column}"' for column in columns]


def last_action(db: Database, actor: Actor) -> tuple[int, str] | None:
    """Number and words of this person's last action that can be taken back."""
    found = db.row(
        "SELECT no,what FROM journal_action a WHERE actor=? AND undone_by IS NULL AND undoes IS NULL "
        f"AND EXISTS(SELECT 1 FROM journal_change c WHERE c.action=a.no AND {_NOT_LOGS}) ORDER BY no DESC LIMIT 1",
        (actor.id, *_logs()),
    )
    return None if found is None else (int(found[0]), str(found[1]))


_NOT_LOGS = "c.tbl NOT IN (SELECT value FROM json_each(?))"


def _logs() -> tuple[str]:
    """Numbers of the tables that only note what happened outside, as one parameter."""
    return (json.dumps([cls.__table_no__ for cls in record_classes().values() if cls.__log__]),)


def undo(db: Database, actor: Actor, action: int) -> UndoReport:
    """Takes an action back, but for what was worked on since: that is kept and counted.

    New records become tombstones, changed fields get their earlier values, tombstones come back.  The undo is an action
    itself and can be taken back in turn.
    """
    found = db.row("SELECT what,undone_by FROM journal_action WHERE no=?", (action,))
    if found is None:
        raise AppError("找不到要撤销的这一步。", next_step="它可能太久以前了；请手工改回。")
    if found[1] is not None:
        raise AppError(f"“{found[0]}”已经撤销过了。", next_step="可以用重做恢复。")
    with db.transaction(actor, f"撤销：{found[0]}") as tx:
        tx.execute("UPDATE journal_action SET undoes=? WHERE no=?", (action, tx.action))
        _refuse_final(tx, action)
        undone = kept = 0
        changes = tx.rows(
            f"SELECT tbl,row,op,before FROM journal_change c WHERE action=? AND {_NOT_LOGS} ORDER BY no DESC",
            (action, *_logs()),
        )
        if not changes:
            raise AppError(f"“{found[0]}”没有改动数据，不用撤销。", next_step="看过、导出和打印的记录会一直保留。")
        for change in changes:
            if _take_back(tx, action, (change[0], change[1], change[2], change[3])):
                undone += 1
            else:
                kept += 1
        tx.execute("UPDATE journal_action SET undone_by=? WHERE no=?", (tx.action, action))
    return UndoReport(undone, kept)


def _refuse_final(tx: Transaction, action: int) -> None:
    """A signature is not taken back; what has to be put right is added to what was signed."""
    for cls in record_classes().values():
        for name in cls.__final__:
            held = (
                "SELECT 1 FROM journal_change WHERE action=? AND tbl=? AND op='u' "
                "AND EXISTS(SELECT 1 FROM json_each(before) WHERE key=?)"
            )
            if tx.scalar(held, (action, cls.__table_no__, name)):
                label = cls.__table__.columns[name].info["zh"]
                raise AppError(f"{cls.__zh__}的{label}不能撤销，什么也没有改。", next_step="要补充或改正请用“更正”。")


def _take_back(tx: Transaction, action: int, change: tuple[int, int, str, str | None]) -> bool:
    table_no, row, op, before = change
    table = tx.db.tables[tx.db.numbers[table_no]]
    since = _worked_on_since(tx, action, table_no, row)
    if op == "i":
        if since:
            return False
        tx.execute(f"UPDATE {table.name} SET sync_del=1 WHERE local_no=?", (row,))
        return True
    if op == "d":
        tx.execute(f"UPDATE {table.name} SET sync_del=0 WHERE local_no=?", (row,))
        return True
    touched = {name for text in since for name in (json.loads(text) if text else ())}
    back = {name: value for name, value in json.loads(before or "{}").items() if name not in touched}
    if not back:
        return False
    assignments = ",".join(f'"{name}"=?' for name in back)
    tx.execute(f"UPDATE {table.name} SET {assignments} WHERE local_no=?", (*back.values(), row))
    return True


def _worked_on_since(tx: Transaction, action: int, table_no: int, row: int) -> list[str | None]:
    """What later actions changed in a record, but for those that were taken back: one undo after another must work."""
    later = (
        "SELECT c.before,a.undone_by FROM journal_change c LEFT JOIN journal_action a ON a.no=c.action "
        "WHERE c.tbl=? AND c.row=? AND c.action>? AND a.undoes IS NULL"
    )
    found = tx.rows(later, (table_no, row, action))
    return [before for before, undone_by in found if _stands(tx, undone_by, table_no, row)]


def _stands(tx: Transaction, undone_by: int | None, table_no: int, row: int) -> bool:
    """Whether a change is in force: its action was not taken back, or this record was passed over then."""
    if _in_force(tx, undone_by):
        return True
    return not tx.rows("SELECT 1 FROM journal_change WHERE action=? AND tbl=? AND row=?", (undone_by, table_no, row))


def _in_force(tx: Transaction, undone_by: int | None) -> bool:
    """A taking back can be taken back in turn."""
    if undone_by is None:
        return True
    return not _in_force(tx, tx.scalar("SELECT undone_by FROM journal_action WHERE no=?", (undone_by,)))


def action_counts(db: Database, action: int) -> dict[str, int]:
    """How many records of each kind an action made or changed, by Chinese name."""
    names = {cls.__table_no__: cls.__zh__ for cls in record_classes().values()}
    found = db.rows("SELECT tbl,count(DISTINCT row) FROM journal_change WHERE action=? GROUP BY tbl", (action,))
    return {names[number]: count for number, count in found}


@dataclass(frozen=True, slots=True)
class Deed:
    """An action as a list shows it; `at` in UTC ms, `undone` if it was taken back."""

    action: int
    at: int
    who: str
    what: str
    undone: bool


def deeds(db: Database, beginning: str, most: int = 12) -> list[Deed]:
    """The last actions whose words begin so, such as 导入, newest first."""
    rows = db.rows(
        "SELECT no,at,coalesce(actor_name,''),what,undone_by IS NOT NULL FROM journal_action "
        "WHERE substr(what,1,length(:words))=:words ORDER BY no DESC LIMIT :most",
        {"words": beginning, "most": most},
    )
    return [Deed(no, at, who, what, bool(undone)) for no, at, who, what, undone in rows]
