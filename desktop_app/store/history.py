"""What a record was before, and taking an action back; both read the change journal."""

import json
from dataclasses import dataclass
from typing import Any

from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store import standing
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
    """Number and words of this person's last action that can be taken back; one that was done again counts as done."""
    return _last(db, actor, f"{_DEPTH}%2=0")


def last_undone(db: Database, actor: Actor) -> tuple[int, str] | None:
    """Number of the undo that comes back when this person does again what was taken back last, and its words.

    None once something new was done since: what was taken back before that is left alone.
    """
    found = _last(db, actor, f"undoes NOTNULL AND {_DEPTH}%2=1")
    fresh = _last(db, actor, "undoes IS NULL", undone=True)
    return None if found is None or (fresh is not None and fresh[0] > found[0]) else found


def _last(db: Database, actor: Actor, which: str, *, undone: bool = False) -> tuple[int, str] | None:
    found = db.row(
        f"SELECT no,what FROM journal_action a WHERE actor=? AND (undone_by IS NULL OR {undone:d}) AND {which} "
        f"AND EXISTS(SELECT 1 FROM journal_change c WHERE c.action=a.no AND {_NOT_LOGS}) ORDER BY no DESC LIMIT 1",
        (actor.id, *_logs()),
    )
    return None if found is None else (int(found[0]), str(found[1]))


_DEPTH = (
    "(WITH RECURSIVE back(no,depth) AS (SELECT a.undoes,1 WHERE a.undoes NOTNULL UNION ALL "
    "SELECT b.undoes,depth+1 FROM back JOIN journal_action b ON b.no=back.no WHERE b.undoes NOTNULL) "
    "SELECT coalesce(max(depth),0) FROM back)"
)
"""0: an action; 1: an undo; 2: what was taken back done again, and so on."""
_UNDO, _REDO = "撤销：", "重做："

_NOT_LOGS = "c.tbl NOT IN (SELECT value FROM json_each(?))"


def _logs() -> tuple[str]:
    """Numbers of the tables that only note what happened outside, as one parameter."""
    return (json.dumps([cls.__table_no__ for cls in record_classes().values() if cls.__log__]),)


def undo(db: Database, actor: Actor, action: int) -> UndoReport:
    """Takes an action back, but for what was worked on since or what others rest on: that is kept and counted.

    New records become tombstones, changed fields get their earlier values, tombstones come back.  The undo is an action
    itself and can be taken back in turn.  AppError for what came from another desk and for what was signed.
    """
    found = db.row("SELECT what FROM journal_action WHERE no=?", (action,))
    if found is None:
        raise AppError("找不到要撤销的这一步。", next_step="它可能太久以前了；请手工改回。")
    with db.transaction(actor, _words(str(found[0]))) as tx:
        if undone_by := tx.scalar("SELECT undone_by FROM journal_action WHERE no=?", (action,)):
            raise AppError(f"“{found[0]}”已经撤销过了。", next_step=f"要恢复请运行 linli undo {undone_by}。")
        tx.execute("UPDATE journal_action SET undoes=? WHERE no=?", (action, tx.action))
        standing.refuse_signed(tx, action)
        standing.refuse_requested(tx, action)
        standing.refuse_for_good(tx, action)
        done = [_take_back(tx, action, change) for change in _to_take_back(tx, action, str(found[0]))]
        tx.execute("UPDATE journal_action SET undone_by=? WHERE no=?", (tx.action, action))
    return UndoReport(sum(done), len(done) - sum(done))


def plain(what: str) -> str:
    """What was done, whether this did it, took it back or did it again."""
    return what.removeprefix(_UNDO).removeprefix(_REDO)


def _words(what: str) -> str:
    """Taking an undo back is doing the thing again."""
    return (_REDO if what.startswith(_UNDO) else _UNDO) + plain(what)


@dataclass(frozen=True, slots=True)
class _Line:
    """One changed record of an action; `kept` if it is a new one that must stay."""

    table: int
    row: int
    op: str
    before: str | None
    kept: bool


def _to_take_back(tx: Transaction, action: int, what: str) -> list[_Line]:
    """What an action changed, the last first."""
    found = tx.rows(
        f"SELECT tbl,row,op,before FROM journal_change c WHERE action=? AND {_NOT_LOGS} ORDER BY no DESC",
        (action, *_logs()),
    )
    if not found:
        raise AppError(f"“{what}”没有改动数据，不用撤销。", next_step="看过、导出和打印的记录会一直保留。")
    if any(op == "r" for _, _, op, _ in found):
        raise AppError(
            f"“{what}”是别的电脑上改的，不能在这里撤销，什么也没有改。", next_step="请打开那条记录直接改正。"
        )
    new = {(table, row) for table, row, op, _ in found if op == "i"}
    kept = standing.rested_on(tx, action, {one for one in new if _worked_on_since(tx, action, *one)}) if new else set()
    return [_Line(table, row, op, before, (table, row) in kept) for table, row, op, before in found]


def _take_back(tx: Transaction, action: int, line: _Line) -> bool:
    table = tx.db.tables[tx.db.numbers[line.table]]
    if line.op in ("i", "d"):
        if not line.kept:
            tx.execute(f"UPDATE {table.name} SET sync_del=? WHERE local_no=?", (int(line.op == "i"), line.row))
        return not line.kept
    since = _worked_on_since(tx, action, line.table, line.row)
    touched = {name for text in since for name in (json.loads(text) if text else ())}
    back = {name: value for name, value in json.loads(line.before or "{}").items() if name not in touched}
    if not back:
        return False
    assignments = ",".join(f'"{name}"=?' for name in back)
    tx.execute(f"UPDATE {table.name} SET {assignments} WHERE local_no=?", (*back.values(), line.row))
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
