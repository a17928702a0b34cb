"""The encrypted store: one file, one writer at a time, any number of readers."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlcipher3
from sqlalchemy import Select, create_engine, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError
from desktop_app.store import audit, bulk, homes, journal, lengths
from desktop_app.store.base import Record
from desktop_app.store.connecting import BUSY_MS, connect
from desktop_app.store.following import Followers
from desktop_app.store.problems import speaking, spoken
from desktop_app.store.rows import Columns
from desktop_app.store.seated import Seated
from sync_protocol.stamps import next_stamp

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Params = Sequence[Any] | dict[str, Any]
ROOT = "root"
"""Setting: the secret that the keys of attachments are derived from."""


class Database(Seated):
    """Reads from any thread; writes through `transaction` alone.

    `changed` holds callbacks that get the names of the tables a committed transaction touched, in the writing thread.
    """

    def __init__(self, path: Path, key: bytes, clock: Clock, writer: Any = None) -> None:
        """`writer` is a connection that is open already and is to be the one that writes."""
        super().__init__()
        self.path = path
        self.clock = clock
        self.changed = Followers()
        self.log_grew = False
        """Whether moving many new records from the log into the file was left to the next transaction."""
        self._key = key
        self._local = threading.local()
        self._opened: list[Any] = []
        self._spare = [writer] if writer is not None else []
        self._engine = self._make_engine()
        self.tables = self._known_tables(writer)
        self.numbers = {table.no: table.name for table in self.tables.values()}

    # ------------------------------------------------------------------------------------------------------ connections

    def _make_engine(self) -> Engine:
        # one writer, kept open: opening an encrypted file costs more than a small transaction
        engine = create_engine(
            "sqlite://",
            module=sqlcipher3.dbapi2,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            creator=lambda: self._spare.pop() if self._spare else connect(self.path, self._key),
            hide_parameters=True,  # an error is logged, and what it was about is personal
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            wait = 0 if self._in_passing else BUSY_MS
            if connection.info.get("wait", BUSY_MS) != wait:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
                connection.info["wait"] = wait
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def _known_tables(self, writer: Any) -> dict[str, journal.SyncedTable]:
        return journal.synced_tables(writer or self.reader())

    def reader(self) -> Any:
        """This thread's own read-only connection."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path, self._key, read_only=True)
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Closes every reader; the store can be deleted or copied afterwards."""
        self._catch_up()
        for connection in (*self._opened, *self._spare):
            connection.close()
        self._opened.clear()
        self._spare.clear()
        self._local = threading.local()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, made by HKDF (RFC 5869) from a secret within the store.

        Not from the key of the store: what was sealed with it has to open after the store got another key.
        """
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt=None, info=f"linli {purpose}".encode()).derive(self._root())

    def _root(self) -> bytes:
        """The secret that other keys are derived from, made when it is first asked for."""
        found = self.setting(ROOT)
        if found is None:
            with self.applying("新建密钥") as tx:
                tx.execute("INSERT OR IGNORE INTO setting(key,value) VALUES(?,?)", (ROOT, os.urandom(32).hex()))
                found = str(tx.scalar("SELECT value FROM setting WHERE key=?", (ROOT,)))
        return bytes.fromhex(found)

    # ------------------------------------------------------------------------------------------------------------ reads

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        with speaking():
            found: list[tuple[Any, ...]] = self.reader().execute(sql, params).fetchall()
        return found

    def portions(self, sql: str, params: Params = (), size: int = 500) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some at a time; what is not asked for is not computed."""
        with speaking():
            cursor = self.reader().execute(sql, params)
        while True:
            with speaking():
                found: list[tuple[Any, ...]] = cursor.fetchmany(size)
            if not found:
                return
            yield found

    def row(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one."""
        with speaking():
            found: tuple[Any, ...] | None = self.reader().execute(sql, params).fetchone()
        return found

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, params)
        return None if found is None else found[0]

    def get(self, cls: type[R], id: str | None) -> R | None:  # noqa: A002 the column is called so
        """One record by its identifier; tombstones are not found."""
        if id is None:
            return None
        found = self.select(select(cls).where(cls.id == id, cls.sync_del == 0))
        return found[0] if found else None

    def select(self, statement: Select[R]) -> list[R]:
        """Detached records of a SELECT; change them through a transaction, never here."""
        with speaking(), Session(self._read_engine(), expire_on_commit=False) as session:
            found = list(session.scalars(statement))
            session.expunge_all()
        return found

    def _read_engine(self) -> Engine:
        engine: Engine | None = getattr(self._local, "engine", None)
        if engine is None:
            engine = create_engine(
                "sqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool, creator=self.reader, hide_parameters=True
            )
            self._local.engine = engine
        return engine

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, worked out anew once anybody has committed, another process too."""
        version = self.reader().execute("PRAGMA data_version").fetchone()[0]
        memory: dict[str, tuple[int, Any]] = self._local.__dict__.setdefault("memory", {})
        found = memory.get(name)
        if found is None or found[0] != version:
            found = memory[name] = (version, make())
        value: T = found[1]
        return value

    def setting(self, key: str) -> str | None:
        """A setting of this desk."""
        value: str | None = self.scalar("SELECT value FROM setting WHERE key=?", (key,))
        return value

    # ----------------------------------------------------------------------------------------------------------- writes

    @contextmanager
    def transaction(self, actor: Actor, what: str, why: str = "") -> Iterator["Transaction"]:
        """The only way to write: all of it is committed and on disk, or none of it happened."""
        with self._transaction(0, actor, what, why or self.reason) as tx:
            yield tx

    @contextmanager
    def applying(self, what: str = "同步收到", *, purge: bool = False) -> Iterator["Transaction"]:
        """A transaction of the sync engine: capture rests, but what a pull changed is still kept in the history."""
        with self._transaction(2 if purge else 1, Actor("", "同步"), what, "") as tx:
            yield tx

    @contextmanager
    def _transaction(self, applying: int, actor: Actor, what: str, why: str) -> Iterator["Transaction"]:
        session = Session(self._engine, expire_on_commit=False, autoflush=False)
        try:
            with self._within(), self._writing, speaking(), session, session.begin():
                tx = Transaction(self, session, actor)
                tx.start(applying, what, why)
                yield tx
                tables = tx.finish()
        except (sqlcipher3.dbapi2.Error, DBAPIError) as error:
            raise spoken(getattr(error, "orig", None) or error) from error
        if tables or self.changed.owing:
            self.changed.tell(tables)


class Transaction:
    """One action under way.  `session` is SQLAlchemy's, for statements the methods here do not cover."""

    def __init__(self, db: Database, session: Session, actor: Actor) -> None:
        self.db = db
        self.session = session
        self.actor = actor
        self.action = 0
        self.ts = 0
        self._kept = False
        self._needed = ""
        self._went_around = False
        """Whether raw SQL may have changed what the session remembers."""
        self._raw: Any = session.connection().connection.dbapi_connection

    def start(self, applying: int, what: str, why: str) -> None:
        """Opens the journal entry; the hybrid stamp never falls behind one that was seen (docs/protocol.md, R14)."""
        if self.db.log_grew:
            bulk.catch_up(self._raw)
            self.db.log_grew = False
        (floor,) = self._raw.execute("SELECT floor FROM sync_ctx").fetchone()
        now = self.db.clock.ms()
        self.ts = next_stamp(now, floor)
        (self.action,) = self._raw.execute(
            "INSERT INTO journal_action(at,actor,actor_name,what,why,needed) VALUES(?,?,?,?,?,?) RETURNING no",
            (now, self.actor.id or None, self.actor.name, what, why or None, self._note_needed()),
        ).fetchone()
        self._raw.execute(
            "UPDATE sync_ctx SET applying=?,ts=?,floor=?,actor=?,action=?",
            (applying, self.ts, self.ts, self.actor.id or None, self.action),
        )

    def finish(self) -> frozenset[str]:
        """Writes what is still in the session, closes the entry; the tables that changed, with those that are stale."""
        self.session.flush()
        before, needed = self._needed, self._note_needed()
        if needed != (before or None):  # more was asked for on the way
            self._raw.execute("UPDATE journal_action SET needed=? WHERE no=?", (needed, self.action))
        touched = audit.seal(self._raw, self.action, kept=self._kept)
        self._raw.execute("UPDATE sync_ctx SET applying=0,ts=NULL,actor=NULL,action=0")
        tables = frozenset(self.db.numbers[number] for number in touched) | self.extra
        return tables | self.db.changed.stale(self._raw) if tables or self.db.changed.owing else tables

    def _note_needed(self) -> str | None:
        """The rights that were asked for so far, for whoever wants to take this back."""
        self._needed = " ".join(sorted(self.db.asked))
        return self._needed or None

    @property
    def extra(self) -> frozenset[str]:
        """Tables that changed without a line in the journal, such as inserts of a pull."""
        return frozenset(self.session.info.get("tables", ()))

    def keep(self) -> None:
        """Keeps the journal entry although no record changed: something was shown, exported or printed."""
        self._kept = True

    def redact(self, actions: Sequence[int]) -> None:
        """Says that lines of the journal are about to lose words or changes, because somebody has to be forgotten."""
        audit.redact(self._raw, self.action, actions)

    def touched(self, *tables: str) -> None:
        """Says that tables changed although the journal rests for them."""
        self.session.info.setdefault("tables", set()).update(tables)

    # ----------------------------------------------------------------------------------------------------------- verbs

    def add(self, record: R) -> R:
        """Stores a new record at once; AppError at its longest field if it is longer than the server takes."""
        lengths.must_fit(record)
        self.session.add(record)
        self.session.flush()
        return record

    def add_all(self, records: Sequence[Record]) -> None:
        """Stores new records at once."""
        for record in records:
            lengths.must_fit(record)
        self.session.add_all(records)
        self.session.flush()

    def insert(self, cls: type[Record], values: Sequence[dict[str, Any]], told: bulk.Told = bulk.nobody) -> None:
        """Stores many new records of one table; each dict names the same columns and brings its own `id`."""
        self.insert_all({cls: values}, told)

    def insert_all(self, new: bulk.New, told: bulk.Told = bulk.nobody) -> None:
        """Stores many new records of several tables.

        Straight to the driver: SQLAlchemy would double the time of an import of 50,000 rows.  `told(rows)` hears how
        many are stored and may raise to stop; after any error none of them is.
        """
        self.session.flush()
        self.db.log_grew = True
        bulk.insert(self._raw, self.db.tables, new, told)

    def take_in(self, table: journal.SyncedTable, columns: Columns) -> None:
        """Stores many records as the server has them, or changes those `local_no` tells; the caller has a savepoint."""
        self._went_around = True
        self.session.flush()
        bulk.take_in(self._raw, table, columns)

    def get(self, cls: type[R], id: str | None) -> R | None:  # noqa: A002 the column is called so
        """One record as this transaction sees it; tombstones are not found."""
        if id is None:
            return None
        found = self.session.get(cls, id, populate_existing=self._went_around)
        return None if found is None or found.sync_del else found

    def need(self, cls: type[R], id: str | None) -> R:  # noqa: A002 the column is called so
        """One record that must be there, else an AppError for the person."""
        found = self.get(cls, id)
        if found is None:
            raise AppError(f"这条{cls.__zh__}记录已经不在了，可能刚被合并或撤销。", next_step="请刷新列表后再试。")
        return found

    def change(self, cls: type[R], id: str, **fields: Any) -> R:  # noqa: A002 the column is called so
        """Changes the named fields of one record and no others; AppError if it gets longer than the server takes."""
        record, before = self.need(cls, id), dict[str, Any]()
        homes.must_be_changeable(record)
        for name, value in fields.items():
            if getattr(record, name) != value:
                before[name] = getattr(record, name)
                setattr(record, name, value)
        lengths.must_still_fit(record, before)
        self.session.flush()
        return record

    def bury(self, cls: type[R], id: str) -> None:  # noqa: A002 the column is called so
        """Leaves a tombstone: for records made by mistake; whatever really ended gets an end date instead."""
        record = self.need(cls, id)
        homes.must_be_changeable(record)
        record.sync_del = 1
        self.session.flush()

    def execute(self, sql: str, params: Params = ()) -> Any:
        """Raw SQL within the transaction; the triggers see it as well."""
        self._went_around = True
        return self._run(sql, params)

    def _run(self, sql: str, params: Params) -> Any:
        self.session.flush()
        return self._raw.execute(sql, params)

    def executemany(self, sql: str, params: Sequence[Params]) -> None:
        """Raw SQL for many rows."""
        self._went_around = True
        self.session.flush()
        self._raw.executemany(sql, params)

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, as this transaction sees them."""
        found: list[tuple[Any, ...]] = self._run(sql, params).fetchall()
        return found

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        found = self._run(sql, params).fetchone()
        return None if found is None else found[0]

    def set_setting(self, key: str, value: str | None) -> None:
        """Keeps a setting of this desk."""
        self.execute("INSERT OR REPLACE INTO setting(key,value) VALUES(?,?)", (key, value))

    def take_number(self, series: str) -> int:
        """The next number of a series of this desk, from 1; it is this transaction's, so never given twice."""
        sql = (
            "INSERT INTO number_series(series,next) VALUES(?,2) "
            "ON CONFLICT(series) DO UPDATE SET next=next+1 RETURNING next-1"
        )
        return int(self.execute(sql, (series,)).fetchone()[0])
