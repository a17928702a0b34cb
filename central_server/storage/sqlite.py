"""The mailbox in one SQLite file: for a community, a street, a pilot."""

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from central_server import private
from central_server.storage import Session, UnavailableError, schema, statements

BUSY_MS: Final = 10_000
LOG_PAGES: Final = 4000
"""So long (16 MB) the log may grow: four batches go by between two that wait until it was moved into the file."""
WIPE_MS: Final = 300
"""So long a wipe waits for another process that is reading; it is done again once a day."""


class SqliteSession:
    """A transaction of the one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return self._execute(sql, params).fetchall()

    def row(self, sql: str, *params: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._execute(sql, params).fetchone()
        return found

    lock = rows  # there is one writer at a time

    def run(self, sql: str, *params: object) -> int:
        return self._execute(sql, params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    def put(self, table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        values = f"values({','.join('?' * len(columns))})"
        self._connection.executemany(statements.upsert(table, tuple(columns), tuple(key), values), rows)

    def _execute(self, sql: str, params: Sequence[object]) -> sqlite3.Cursor:
        bound = [orjson.dumps(one).decode() if isinstance(one, (list, tuple)) else one for one in params]
        return self._connection.execute(statements.for_sqlite(sql), bound)


class SqliteStorage:
    """One connection, one lock: SQLite has one writer anyway, and a reader never waits long for it.

    `also` are statements for tables of others, `create … if not exists`.
    """

    def __init__(self, path: Path, also: Sequence[str] = ()) -> None:
        self.path = path
        self._lock = threading.Lock()
        private.touch(path)  # its log and its shared memory get the mode of the file
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._connection.execute(f"pragma busy_timeout={BUSY_MS}")
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._connection.execute("pragma secure_delete=on")
        self._connection.execute(f"pragma wal_autocheckpoint={LOG_PAGES}")
        self._create(also)

    def _create(self, also: Sequence[str]) -> None:
        with self.writing():
            (version,) = self._connection.execute("pragma user_version").fetchone()
            for statement in schema.steps(version, str(self.path), also):
                self._connection.execute(statement.format(blob="blob"))
            self._connection.execute(f"pragma user_version={schema.VERSION}")

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._lock:
            self._begin("begin immediate")
            try:
                yield SqliteSession(self._connection)
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._lock:
            self._begin("begin")
            try:
                yield SqliteSession(self._connection)
            finally:
                self._connection.execute("rollback")

    def _begin(self, begin: str) -> None:
        try:
            self._connection.execute(begin)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:  # another process has been writing for ten seconds
                raise UnavailableError(str(error)) from error
            raise

    def wipe(self, units: Collection[int] = ()) -> bool:  # noqa: ARG002 - its log is one for all
        with self._lock:
            self._connection.execute(f"pragma busy_timeout={WIPE_MS}")
            try:
                ((busy, *_),) = self._connection.execute("pragma wal_checkpoint(truncate)").fetchall()
            finally:
                self._connection.execute(f"pragma busy_timeout={BUSY_MS}")
        return not busy

    def close(self) -> None:
        with self._lock:
            self._connection.close()
