"""A damaged store is set right: what can be read, on top of the newest good backup, and the rest from the server.

The damaged file is copied aside, untouched.  The newest backup that holds is copied and brought to this program's
schema (an empty store if there is none).  Every table that could be read whole takes the place of the backup's; of the
others each row that could be read.  What may not have been sent is marked to be sent again, and the next sync compares
the content of every record.  The audit trail says which of its lines are lost.  The new file is proved, and then
switched in, in one step.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from desktop_app.app import BACKUPS, STORE, prepare
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.clock import Clock
from desktop_app.shared.durable import sync_file
from desktop_app.shared.errors import AppError
from desktop_app.store import anchors, audit_check, backup, keeping, keys, salvage, switching
from desktop_app.store.audit_seal import Seal
from desktop_app.store.base import record_classes
from desktop_app.store.connecting import connect
from desktop_app.store.database import Database
from desktop_app.store.salvage import Salvaged
from desktop_app.sync import blanking
from desktop_app.sync.around import REREAD_DUE
from desktop_app.upkeep.keyring import alone
from sync_protocol.messages import Gone

WORK: Final = "repairing"
REPAIRED: Final = "linli.repaired"
EXCHANGE: Final = ("sync_dirty", "sync_fly", "sync_outbox", "sync_state")
SKIPPED: Final = ("sync_ctx",)
"""The transaction under way when the file was last written: none."""


@dataclass(slots=True)
class Repaired:
    """What came of it.  `read`: rows by table; `lost`: names of tables of which not all could be read."""

    aside: Path
    base: Path | None
    read: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    from_backup: dict[str, int] = field(default_factory=dict)
    """Rows that could not be read and are the backup's, as they were then."""
    differing: dict[str, list[int]] = field(default_factory=dict)
    """`local_no` of rows that the server has not changed since the backup, and this desk has."""
    headless: bool = False
    lines_lost: list[tuple[int, int]] = field(default_factory=list)
    enrolled: bool = False

    def words(self) -> list[str]:
        """What was recovered and what was not."""
        return list(_words(self))


def is_sound(home: Path, ask: keys.AskPassphrase = keys.ask_environment) -> bool:
    """Whether every page of the store holds."""
    with alone(home) as described:
        key = _key(home, described, ask)
        try:
            backup.must_be_whole(home / STORE, key)
        except AppError:
            return False
        return True


def repair(home: Path, *, ask: keys.AskPassphrase = keys.ask_environment, clock: Clock | None = None) -> Repaired:
    """Rebuilds a damaged store; AppError, with everything as it was, when there is nothing to rebuild it from."""
    clock = clock or Clock()
    with alone(home) as described:
        key = _key(home, described, ask)
        done = Repaired(_set_aside(home, clock), _newest_good(home, described, key, ask))
        work = home / WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            _lay_base(done, work, home, described, key, ask)
            prepare(work, key, clock, keeping.mark_of(described["store_id"]))
            _bring_back(done, work, home, key, clock)
            prepare(work, key, clock, keeping.mark_of(described["store_id"]))
            _conclude(done, work / STORE, key, clock, Seal(_secrets(home, described, ask)))
            (work / STORE).replace(home / REPAIRED)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        switching.begin_switch(home / STORE, home / REPAIRED)
    return done


def _key(home: Path, described: dict[str, Any], ask: keys.AskPassphrase) -> bytes:
    found = switching.key_of(home / STORE, _secrets(home, described, ask))
    if found is None:
        raise AppError("没有这份数据的密钥，没有修复。", next_step="请先用恢复单找回密钥：linli key recover。")
    return found


def _secrets(home: Path, described: dict[str, Any], ask: keys.AskPassphrase) -> keys.SecretStore:
    return keys.open_secrets(home, described["keys"], described["store_id"], ask)


def _set_aside(home: Path, clock: Clock) -> Path:
    """The damaged file as it is, with its log."""
    folder = home / f"damaged-{clock.now():%Y%m%d-%H%M%S}"
    number = 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{folder.name.split('_')[0]}_{number}")
    folder.mkdir()
    for name in (STORE, *(STORE + ending for ending in switching.LOGS)):
        if (home / name).exists():
            shutil.copyfile(home / name, folder / name)
            sync_file(folder / name)
    switching.sync_renamed(home)
    return folder


# ------------------------------------------------------------------------------------------------------------ the base


def _newest_good(home: Path, described: dict[str, Any], key: bytes, ask: keys.AskPassphrase) -> Path | None:
    for copy in keeping.copies(home / BACKUPS, keeping.mark_of(described["store_id"])):
        if _key_of_copy(copy.path, home, described, key, ask):
            return copy.path
    return None


def _key_of_copy(
    copy: Path, home: Path, described: dict[str, Any], key: bytes, ask: keys.AskPassphrase
) -> bytes | None:
    """The key with which a backup holds, this one or an earlier one."""
    secrets = keys.open_secrets(home, described["keys"], described["store_id"], ask)
    earlier = [secrets.get(switching.earlier_key(name)) for name in described.get("earlier", ())]
    for one in filter(None, (key, *earlier)):
        try:
            backup.verify(copy, one)
        except AppError:
            continue
        return one
    return None


def _lay_base(
    done: Repaired, work: Path, home: Path, described: dict[str, Any], key: bytes, ask: keys.AskPassphrase
) -> None:
    if done.base is None:
        return
    shutil.copyfile(done.base, work / STORE)
    found = _key_of_copy(done.base, home, described, key, ask)
    if found is not None and found != key:
        connection = connect(work / STORE, found)
        connection.execute(f"PRAGMA rekey=\"x'{key.hex()}'\"")
        connection.close()


# --------------------------------------------------------------------------------------------------- what could be read


def _bring_back(done: Repaired, work: Path, home: Path, key: bytes, clock: Clock) -> None:
    wreck = work / "wreck.db"
    for ending in ("", "-wal"):
        if (done.aside / (STORE + ending)).exists():
            shutil.copyfile(done.aside / (STORE + ending), wreck.with_name(wreck.name + ending))
    target = connect(work / STORE, key)
    try:
        found = salvage.read_all(wreck, key, lambda table: _last(target, table))
        done.headless = not found
        if not found and done.base is None:
            raise AppError(
                "数据库文件的目录页已损坏，又没有可用的备份，没有修复，文件没有改动。",
                next_step=f"原文件另存在 {done.aside}；请接入服务器重新取回数据，或找其他地方的备份。",
            )
        target.execute("BEGIN IMMEDIATE")
        _let_triggers_rest(target)
        for table, rows in found.items():
            _put(done, target, table, rows)
        _mark_unsent(target, found, done, clock)
        done.enrolled = bool(target.execute("SELECT count(*) FROM sync_state WHERE device<>0").fetchone()[0])
        if done.enrolled:
            target.execute("INSERT OR REPLACE INTO setting(key,value) VALUES(?,'1')", (REREAD_DUE,))
        target.execute("COMMIT")
    finally:
        target.close()
    (home / WORK / wreck.name).unlink(missing_ok=True)


def _last(target: Any, table: str) -> int:
    """How far the numbers of a table reached when the backup was made."""
    known = target.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", (table,)).fetchone()
    try:
        return int(target.execute(f'SELECT coalesce(max(rowid),0) FROM "{table}"').fetchone()[0]) if known else 0
    except Exception:  # noqa: BLE001 a table without numbers
        return 0


def _let_triggers_rest(target: Any) -> None:
    """They are made again at once, and the search index with them."""
    named = "SELECT name FROM sqlite_master WHERE type='trigger' AND (name GLOB 'journal_*' OR name GLOB 'search_*')"
    for (name,) in target.execute(named).fetchall():
        target.execute(f"DROP TRIGGER {name}")


def _put(done: Repaired, target: Any, table: str, found: Salvaged) -> None:
    known = [str(row[1]) for row in target.execute(f'PRAGMA table_info("{table}")')]
    names = [name for name in found.columns if name in known]
    if table in SKIPPED or not known:
        return
    places = [found.columns.index(name) for name in names]
    rows = [tuple(row[place] for place in places) for row in found.rows]
    if table in record_classes():
        done.differing[table] = _differing(target, table, names, rows)
        keyed = [(row[names.index("id")], row[names.index("local_no")]) for row in rows]
        target.executemany(f'DELETE FROM "{table}" WHERE id=? OR local_no=?', keyed)
        done.read[table] = len(rows)
    if found.whole:
        target.execute(f'DELETE FROM "{table}"')
    else:
        done.lost.append(table)
        done.from_backup[table] = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    listed = ",".join(f'"{name}"' for name in names)
    target.executemany(f'INSERT OR REPLACE INTO "{table}"({listed}) VALUES({",".join("?" * len(names))})', rows)


def _differing(target: Any, table: str, names: list[str], rows: list[salvage.Row]) -> list[int]:
    listed = ",".join(f'"{name}"' for name in names)
    key, seq, number = (names.index(name) for name in ("id", "sync_seq", "local_no"))
    then = {row[key]: row for row in target.execute(f'SELECT {listed} FROM "{table}"')}
    return [
        row[number] for row in rows if (old := then.get(row[key])) is not None and old[seq] == row[seq] and old != row
    ]


def _mark_unsent(target: Any, found: dict[str, Salvaged], done: Repaired, clock: Clock) -> None:
    """The settings of the search and the triggers are not those of the file any more; what may be unsent is marked."""
    target.execute("DELETE FROM setting WHERE key IN ('triggers','search')")
    for name, cls in record_classes().items():  # what could not be read has nothing to send
        gone = f'tbl=? AND local_no NOT IN (SELECT local_no FROM "{name}")'
        target.execute(f"DELETE FROM sync_dirty WHERE {gone}", (cls.__table_no__,))
    if all(table in found and found[table].whole for table in EXCHANGE):
        return
    columns = "tbl,local_no,mask,op,ts,txn,by,fb"
    target.execute(f"INSERT OR IGNORE INTO sync_dirty({columns}) SELECT {columns} FROM sync_fly")
    target.execute("DELETE FROM sync_fly")
    target.execute("DELETE FROM sync_outbox")
    ts = max(clock.ms() << 16, target.execute("SELECT floor FROM sync_ctx").fetchone()[0] + 1)
    for name, cls in record_classes().items():
        if name in found:
            _mark(target, name, cls.__table_no__, ts, done.differing.get(name, []))


def _mark(target: Any, table: str, number: int, ts: int, differing: list[int]) -> None:
    """Records the server never had, whole; and those changed here by an action that the journal still knows."""
    count = len([row for row in target.execute(f'PRAGMA table_info("{table}")') if not _is_of_sync(str(row[1]))])
    target.execute(
        "INSERT OR IGNORE INTO sync_dirty(tbl,local_no,mask,op,ts,txn) "
        f"SELECT ?,local_no,?,iif(sync_seq=0,'i','u'),?,0 FROM \"{table}\" t WHERE sync_del=0 AND (sync_seq=0 "
        "OR local_no IN (SELECT value FROM json_each(?)) OR EXISTS("
        "SELECT 1 FROM journal_change c JOIN journal_action a ON a.no=c.action WHERE c.tbl=? AND c.row=t.local_no "
        "AND c.op<>'r' AND a.at>coalesce((SELECT last_ok_at FROM sync_state),0)))",
        (number, (1 << count) - 1, ts, json.dumps(differing), number),
    )


def _is_of_sync(column: str) -> bool:
    return column in {"local_no", "id", "scope"} or column.startswith("sync_")


# ----------------------------------------------------------------------------------------------------------- in the end


def _conclude(done: Repaired, store: Path, key: bytes, clock: Clock, seal: Seal) -> None:
    with Database(store, key, clock) as db:
        with db.applying("审计另起") as tx:
            anchors.fork(tx)
        done.lines_lost = list(_gaps(db))
        why = "；".join(f"审计第 {first}-{last} 行无法读出" for first, last in done.lines_lost)
        torn = [fault.first for fault in audit_check.verify(db).faults if fault.what == audit_check.ALTERED]
        with db.transaction(SYSTEM, audit_check.REPAIR, why) as tx:
            tx.redact(torn)
            tx.keep()
            if why:  # a line of the file alone must not excuse what is missing
                at = tx.scalar("SELECT at FROM journal_action WHERE no=?", (tx.action,))
                signed = f"{why}〔签 {seal.sign(tx.action, at, why)}〕"
                tx.execute("UPDATE journal_action SET why=? WHERE no=?", (signed, tx.action))
        _forget_erased(db)
        seal.restart(db)
    connection = connect(store, key)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    backup.verify(store, key)


def _gaps(db: Database) -> Iterable[tuple[int, int]]:
    sql = (
        "SELECT before+1,no-1 FROM (SELECT no,lag(no) OVER (ORDER BY no) before FROM journal_action) WHERE no>before+1"
    )
    return [(int(first), int(last)) for first, last in db.rows(sql)]


def _forget_erased(db: Database) -> None:
    """A row of the backup may be of somebody who was erased since."""
    for name, table in db.tables.items():
        found = db.rows(
            f'SELECT local_no FROM "{name}" t WHERE sync_del<? AND t.id IN (SELECT row_id FROM erasure WHERE tbl=?) '
            "AND local_no NOT IN (SELECT local_no FROM sync_dirty WHERE tbl=?)",
            (int(Gone.ERASED), name, table.no),
        )
        if found:
            numbers = [number for (number,) in found]
            with db.applying("清除") as tx:
                blanking.blank(tx, table, numbers, erased=True)
                tx.executemany(
                    f'UPDATE "{name}" SET sync_del=? WHERE local_no=?', [(int(Gone.ERASED), n) for n in numbers]
                )


def _words(done: Repaired) -> Iterable[str]:
    yield f"数据库已修复，可以打开了。损坏的原文件原样留存在：{done.aside}"
    copy = f"备份 {done.base.name}" if done.base else "没有可用的备份"
    if done.headless:
        yield f"  原文件的目录页已损坏，里面的内容都读不出来：恢复到{copy}时的样子，之后的改动没有找回。"
    elif not done.lost:
        yield "  原文件里的全部记录都读出来了，没有丢失。"
    else:
        classes = record_classes()
        for table in done.lost:
            if table not in classes:
                continue
            here = done.read.get(table, 0)
            then = max(0, done.from_backup[table])
            rest = f"，读不出的由{copy}补上 {then} 条（是备份时的样子）" if done.base else "，没有备份可补"
            yield f"  {classes[table].__zh__}：读出 {here} 条{rest}。"
        if not set(done.lost) <= set(classes):
            yield f"  修改历史、设置或同步记录有一部分读不出（{'、'.join(sorted(set(done.lost) - set(classes)))}）。"
    for first, last in done.lines_lost:
        yield f"  审计记录第 {first}-{last} 行读不出，已注明。"
    if done.enrolled:
        yield "  请现在同步一次：会与服务器逐条核对，缺的取回，没上报的补报。"
    else:
        yield "  这台电脑没有接入服务器，读不出又不在备份里的记录无法取回。"
