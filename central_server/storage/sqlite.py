"""The mailbox in one SQLite file: for a community, a street, a pilot."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from central_server.storage import Session, schema

BUSY_MS = 10_000


class SqliteSession:
    """A transaction of the one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, params).fetchall()

    def row(self, sql: str, *params: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(sql, params).fetchone()
        return found

    def run(self, sql: str, *params: object) -> int:
        return self._connection.execute(sql, params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)


class SqliteStorage:
    """One connection, one lock: SQLite has one writer anyway, and a reader never waits long for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._connection.execute(f"pragma busy_timeout={BUSY_MS}")
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._create()

    def _create(self) -> None:
        (version,) = self._connection.execute("pragma user_version").fetchone()
        if version > schema.VERSION:
            raise RuntimeError(f"{self.path} is of version {version}; this program knows {schema.VERSION}")
        with self.writing():
            tables = [one for one in schema.TABLES if one.startswith("create table")]
            others = [one for one in schema.TABLES if one not in tables]
            upgrades = [one for step in range(version + 1, schema.VERSION + 1) for one in schema.UPGRADES.get(step, ())]
            for statement in [*tables, *(upgrades if version else []), *others]:
                self._connection.execute(statement.format(blob="blob"))
            self._connection.execute(f"pragma user_version={schema.VERSION}")

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield SqliteSession(self._connection)
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._lock:
            self._connection.execute("begin")
            try:
                yield SqliteSession(self._connection)
            finally:
                self._connection.execute("rollback")

    def close(self) -> None:
        with self._lock:
            self._connection.close()
