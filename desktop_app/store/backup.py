"""Encrypted copies of the store, each proved to open before it counts."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3

from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.store import keeping
from desktop_app.store.connecting import connect
from desktop_app.store.problems import speaking

MANUAL = "manual"
"""Why a person's own copy was made; all the others are made by the program and thinned out by it."""
COUNTED = ("person", "household", "room", "meeting")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was opened again: its path, size in bytes and how many records it holds."""

    path: Path
    size: int
    counts: dict[str, int]


def backup(
    store: Path,
    key: bytes,
    folder: Path,
    now: datetime,
    *,
    mark: str,
    why: str = MANUAL,
    policy: keeping.Policy = keeping.Policy(),  # noqa: B008 frozen
) -> Backup:
    """Copies the store into `folder`, proves the copy and thins out older ones of the same store.

    `mark` names the store in the file names of its copies.  `VACUUM INTO` reads one consistent state while others
    write, and keeps the key.
    """
    try:
        with speaking():
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"不能在 {folder} 建立备份，没有备份。", next_step="请换一个文件夹；U 盘请重新插好。") from error
    while (target := folder / keeping.name(mark, now, why)).exists():
        now += timedelta(seconds=1)  # a second one within the second: a start after a crash in the middle of an upgrade
    unproved = target.with_suffix(".part")
    try:
        with speaking():
            unproved.unlink(missing_ok=True)
            _copy(store, key, unproved)
        counts = verify(unproved, key)
    except AppError:
        unproved.unlink(missing_ok=True)
        raise
    unproved.replace(target)
    keeping.thin(folder, mark, policy, spare=target)  # never the new one, whatever a clock that was set back called it
    return Backup(target, target.stat().st_size, counts)


def _copy(store: Path, key: bytes, target: Path) -> None:
    connection = connect(store, key)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def verify(path: Path, key: bytes) -> dict[str, int]:
    """Opens a copy, checks every page and counts; raises CorruptError when it does not hold."""
    if not path.exists():
        raise AppError(f"找不到备份文件 {path.name}。", next_step="请核对文件名。")
    connection = connect(path, key, read_only=True)
    try:
        damaged = [*connection.execute("PRAGMA cipher_integrity_check"), *_faults(connection)]
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise _damaged(path) from error
    finally:
        connection.close()
    if damaged:
        raise _damaged(path)
    return counts


def last_action(path: Path, key: bytes) -> int | None:
    """The number of the last action in a copy; None for one that cannot be read."""
    try:
        connection = connect(path, key, read_only=True)
    except AppError:
        return None
    try:
        found: int | None = connection.execute("SELECT max(no) FROM journal_action").fetchone()[0]
    except sqlcipher3.dbapi2.DatabaseError:
        return None
    else:
        return found
    finally:
        connection.close()


def must_be_whole(store: Path, key: bytes) -> None:
    """After an end that was not clean: every page of the store is looked at; CorruptError when one does not hold."""
    try:
        connection = connect(store, key)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
        finally:
            connection.close()
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise damaged_store() from error
    if found != ["ok"]:
        raise damaged_store()


def damaged_store() -> CorruptError:
    """The store itself is damaged; what can be done about it."""
    return CorruptError(
        "数据库文件有损坏，没有打开，也没有改动。",
        next_step="请运行“linli repair”：它把能读出的全部取出，用备份和服务器补齐，原文件原样留存。",
    )


def _damaged(path: Path) -> CorruptError:
    return CorruptError(f"备份 {path.name} 有损坏，不能使用。", next_step="请换一份较早的备份。")


def _faults(connection: Any) -> list[str]:
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if found == ["ok"] else found


def restore(copy: Path, key: bytes, into: Path) -> dict[str, int]:
    """Puts a proved copy at a new place; never over a store that exists."""
    if into.exists():
        raise AppError(f"{into.name} 已经存在，没有覆盖它。", next_step="请换一个新的文件夹。")
    counts = verify(copy, key)
    beside = into.with_suffix(".part")
    with speaking():
        try:
            shutil.copyfile(copy, beside)
            beside.replace(into)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    return counts
