"""A raw connection to an encrypted file."""

import errno
import shutil
from pathlib import Path
from typing import Any, Final

import sqlcipher3

from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import search
from desktop_app.store.problems import spoken

BUSY_MS: Final = 10_000
_NEEDED: Final = 64 << 10
"""Bytes that a store needs beside it to be opened: the index of its log."""
STATEMENTS: Final = 2_000
"""How many statements a connection remembers parsed: more than the program has, those of an upgrade included.

Once full, the driver makes room by dropping the one it met last, so that each that is new to it is parsed whenever it
runs; and the one that changes a person, with the triggers that go with it, takes longer to parse than to do.
"""


def connect(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """A raw connection to an encrypted file; the key is 32 random bytes (no key derivation, see docs/decisions)."""
    connection = sqlcipher3.dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
    search.register(connection)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        # also for files this connection makes itself: VACUUM INTO
        connection.execute("PRAGMA cipher_default_hmac_algorithm=HMAC_SHA256")
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_hmac_algorithm=HMAC_SHA256")
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA cache_size=-64000")
        connection.execute("PRAGMA recursive_triggers=ON")
        # what is deleted or overwritten is wiped: erasing somebody must not leave earlier versions in free space
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher3.dbapi2.DatabaseError as error:
        connection.close()
        raise _cannot_open(error, path) from error
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection


def _cannot_open(error: Exception, path: Path) -> AppError:
    words = str(error)
    if "locked" in words:
        return LockedError("数据库正被另一个程序占用，数据没有变化。", next_step="请关闭另一个窗口后重试。")
    if "not a database" in words:
        return CorruptError(
            f"打不开数据库 {path.name}：密钥与文件不符，或文件已损坏。文件没有被改动。",
            next_step="钥匙串或口令不对时用恢复单：linli key recover；文件损坏时运行 linli repair，从备份补齐。",
        )
    if "disk I/O" in words and shutil.disk_usage(path.parent).free < _NEEDED:
        return spoken(OSError(errno.ENOSPC, words))  # SQLite says so of a full disk before it writes its first page
    return spoken(error)
