"""A store whose process can be killed at any statement of a sync."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

from desktop_app.store.database import Database, connect


class Crash(BaseException):
    """The process of a desk is killed."""


class MortalDatabase(Database):
    """`fuse` counts statements of the sync engine; at 0 the process dies.  None: it lives for ever."""

    fuse: int | None = None

    def _make_engine(self) -> Engine:
        """Keeps its one connection: opening one costs as much as ten transactions of the simulation."""
        engine = create_engine(
            "sqlite://",
            module=sqlcipher3.dbapi2,
            poolclass=QueuePool,
            pool_size=1,
            creator=lambda: connect(self.path, self._key),
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    def burn(self) -> None:
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            raise Crash

    @contextmanager
    def applying(self, what: str = "同步收到", *, purge: bool = False) -> Iterator[Any]:
        self.burn()
        with super().applying(what, purge=purge) as tx:
            yield _MortalTransaction(tx, self)
            self.burn()
        self.burn()


class _MortalTransaction:
    def __init__(self, tx: Any, db: MortalDatabase) -> None:
        self._tx, self._burn = tx, db.burn

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, *args: Any) -> Any:
        self._burn()
        return self._tx.execute(*args)

    def executemany(self, *args: Any) -> None:
        self._burn()
        self._tx.executemany(*args)

    def rows(self, *args: Any) -> Any:
        self._burn()
        return self._tx.rows(*args)

    def scalar(self, *args: Any) -> Any:
        self._burn()
        return self._tx.scalar(*args)
