"""A store whose process can be killed, or whose disk can fail, at any statement of a sync."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

from desktop_app.shared.clock import Clock
from desktop_app.store import journal
from desktop_app.store.connecting import connect
from desktop_app.store.database import Database
from desktop_app.store.journal import SyncedTable

OLDER_LACKS_TABLES = ("attendance", "attachment", "points_account", "points_entry")
OLDER_LACKS_LAST_COLUMN_OF = ("person", "meeting")
"""What an older version of the program does not know yet: these tables, and the newest column of those."""
NO_LIMIT = (1 << 32) - 2


class Crash(BaseException):
    """The process of a desk is killed."""


class Opened:
    """The connections to one file, one that writes and one that reads: opening them costs as much as a sync.

    They outlive a process that is killed, as the file and its log do; `MortalDatabase.close` closes them.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self.closed = path, False
        self.engine = create_engine(
            "sqlite://",
            module=sqlcipher3.dbapi2,
            poolclass=QueuePool,
            pool_size=1,
            creator=lambda: connect(path, key),
        )
        event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self.reader = connect(path, key, read_only=True)
        self.tables = journal.synced_tables(self.reader)
        with self.engine.connect():
            pass

    def close(self) -> None:
        """The file can be replaced afterwards."""
        self.closed = True
        self.reader.close()
        self.engine.dispose()


class MortalDatabase(Database):
    """`fuse` counts statements of the sync engine; at 0 the process dies, or `says` what the disk says.

    None: it lives for ever.  With `older` it knows no more than an older version of the program.
    """

    fuse: int | None = None
    says = ""
    older = False
    spare_pages: int | None = None

    def grow_old(self) -> None:
        """This desk runs an older version of the program."""
        self.older = True
        for name in OLDER_LACKS_TABLES:
            del self.tables[name]
        for name in OLDER_LACKS_LAST_COLUMN_OF:
            self.tables[name] = replace(self.tables[name], columns=self.tables[name].columns[:-1])
        self.numbers = {table.no: table.name for table in self.tables.values()}

    def upgrade(self) -> None:
        """As an update of the program does: other tables, and so another fingerprint of them."""
        with self.applying("升级") as tx:
            tx.set_setting("sync_schema", None)

    def __init__(self, opened: Opened, key: bytes, clock: Clock) -> None:
        self._held = opened
        super().__init__(opened.path, key, clock)

    def _make_engine(self) -> Engine:
        return self._held.engine

    def _known_tables(self, _: Any) -> dict[str, SyncedTable]:
        return dict(self._held.tables)

    def reader(self) -> Any:
        """The one that was opened."""
        return self._held.reader

    def close(self) -> None:
        """Closes the connections, too."""
        super().close()
        self._held.close()

    @contextmanager
    def unlimited(self) -> Iterator[None]:
        """While the disk has room."""
        spare = self.spare_pages
        if spare is not None:
            self.limit_pages(None)
        yield
        if spare is not None:
            self.limit_pages(spare)

    def limit_pages(self, spare: int | None) -> None:
        """So many pages are left on the disk; None: enough."""
        self.spare_pages = spare
        with self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            ((count,),) = raw.execute("PRAGMA page_count").fetchall()
            raw.execute(f"PRAGMA max_page_count={NO_LIMIT if spare is None else count + spare}")

    def heal(self) -> None:
        """From here on the process lives and the disk works."""
        self.fuse, self.says = None, ""

    def burn(self, *, inside: bool = True) -> None:
        if self.fuse is None or (self.says and not inside):
            return
        self.fuse -= 1
        if self.fuse > 0:
            return
        if self.says:
            raise sqlcipher3.dbapi2.OperationalError(self.says)
        raise Crash

    @contextmanager
    def applying(self, what: str = "同步收到", *, purge: bool = False) -> Iterator[Any]:
        self.burn(inside=False)
        with super().applying(what, purge=purge) as tx:
            yield _MortalTransaction(tx, self)
            self.burn()
        self.burn(inside=False)


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
