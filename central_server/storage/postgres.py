"""The mailbox in PostgreSQL: for a city, with several processes of the server on one database.

Transactions are read committed; whoever writes in a unit holds the row lock on its head, so nothing stronger is needed.
Connections are pooled; one that has died (a restarted database, a cut line) is replaced before anything was said on it.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.types import numeric
from psycopg_pool import ConnectionPool, PoolTimeout

from central_server.storage import (
    ContendedError,
    Session,
    UnavailableError,
    postgres_tables,
    statements,
)

log = logging.getLogger("central_server")
CONNECTIONS: Final = 16
"""Most connections of one process."""
WAIT_S: Final = 5.0
"""So long a request waits for a connection."""
LOCK_MS: Final = 10_000
WIPE_LOCK_MS: Final = 1_000
"""Whoever waits for a part to write it anew makes everybody else wait behind him."""
STATEMENT_MS: Final = 60_000
WRITTEN_ANEW: Final = 256 << 20
"""Bytes of a part of a table that is written anew after an erasure; nobody gets at it meanwhile."""
READING: Final = b"begin isolation level repeatable read read only"
_GAVE_IN: Final = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
_OUT_OF_REACH: Final = frozenset(
    # lock and statement timeouts, shutdown, crash, start-up, too many connections, a standby
    {"55P03", "57014", "57P01", "57P02", "57P03", "53300", "25006"}
)
_IDLE: Final = pq.TransactionStatus.IDLE
_IN_TRANSACTION: Final = pq.TransactionStatus.INTRANS
Connection = psycopg.Connection[tuple[Any, ...]]
Types = dict[str, dict[str, str]]


class PostgresSession:
    """A transaction of one connection."""

    def __init__(self, connection: Connection, types: Types) -> None:
        self._cursor = connection.cursor(binary=True)
        self._types = types

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return self._execute(sql, params).fetchall()

    def row(self, sql: str, *params: object) -> tuple[Any, ...] | None:
        return self._execute(sql, params).fetchone()

    def lock(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return self._execute(f"{sql} for update", params).fetchall()

    def run(self, sql: str, *params: object) -> int:
        return self._execute(sql, params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._cursor.executemany(statements.for_postgres(sql), rows)

    def put(self, table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        arrays = [statements.array(column) for column in zip(*rows, strict=True)]
        if not arrays:
            return
        types = self._types_of(table)
        source = f"select * from unnest({','.join(f'?::{types[column]}[]' for column in columns)})"
        self._execute(statements.upsert(table, tuple(columns), tuple(key), source), arrays)

    def _execute(self, sql: str, params: Sequence[object]) -> psycopg.Cursor[tuple[Any, ...]]:
        bound = [statements.array(one) if isinstance(one, (list, tuple)) else one for one in params]
        return self._cursor.execute(statements.for_postgres(sql), bound)

    def _types_of(self, table: str) -> dict[str, str]:
        if table not in self._types:
            found = self.rows(
                "select attname,format_type(atttypid,atttypmod) from pg_attribute "
                "where attrelid=to_regclass(?) and attnum>0 and not attisdropped",
                table,
            )
            self._types[table] = dict(found)
        return self._types[table]


class PostgresStorage:
    """A pool of connections to one database.

    `url` is what libpq takes; a password belongs into PGPASSWORD or a password file.  `also` are statements for tables
    of others, `create … if not exists`.  `partitions` counts when the tables are made, by whoever comes first.
    """

    def __init__(
        self,
        url: str,
        also: Sequence[str] = (),
        *,
        connections: int = CONNECTIONS,
        partitions: int = postgres_tables.PARTS,
    ) -> None:
        self._types: Types = {}
        self._url = url
        try:  # by hand, so that whoever starts the server is told at once what is wrong
            with psycopg.connect(url, **_OPTIONS) as connection:
                _configure(connection)
                postgres_tables.prepare(connection, also, partitions)
        except psycopg.OperationalError as error:
            raise UnavailableError(str(error)) from error
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            kwargs=_OPTIONS,
            configure=_configure,
            min_size=0,
            max_size=connections,
            timeout=WAIT_S,
            reconnect_timeout=WAIT_S / 2,
            open=True,
        )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._connection(b"begin") as connection:
            yield PostgresSession(connection, self._types)
            if connection.info.transaction_status is not _IN_TRANSACTION:
                raise RuntimeError("an error of the database was passed over: nothing of this can be kept")
            _say(connection, b"commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._connection(READING) as connection:
            yield PostgresSession(connection, self._types)
            _say(connection, b"commit")  # after a rollback psycopg forgets all prepared statements

    def wipe(self, units: Collection[int] = ()) -> bool:
        """VACUUM may leave bytes of old versions in the pages it clears; a table written anew has none."""
        if not units:
            return True
        left: list[str] = []
        try:
            with psycopg.connect(self._url, **_OPTIONS) as connection:
                connection.execute(f"set lock_timeout={WIPE_LOCK_MS}".encode())
                for part, size in _parts_of(connection, units):
                    try:
                        how = "vacuum (full)" if size <= WRITTEN_ANEW and _is_record(part) else "vacuum"
                        connection.execute(f"{how} {part}".encode())
                    except psycopg.OperationalError:  # somebody holds a lock: the next purge comes back
                        left.append(part)
        except psycopg.OperationalError:  # the database is down
            left.append("*")
        if left:
            log.warning("erased content may still stand in the files of %s; the next purge tries again", left)
        return not left

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def _connection(self, begin: bytes) -> Iterator[Connection]:
        """A connection on which `begin` was said; rolled back afterwards unless it was committed."""
        connection = self._begun(begin)
        try:
            yield connection
        except psycopg.Error as error:
            raise _meaning(error, connection) from error
        finally:
            if connection.info.transaction_status is not _IDLE:
                with suppress(psycopg.Error):  # then it is broken, and the pool replaces it
                    _say(connection, b"rollback")
            self._pool.putconn(connection)

    def _begun(self, begin: bytes) -> Connection:
        """After a restart of the database every connection in the pool is dead: the next one, until there is a new."""
        for _ in range(self._pool.max_size + 1):
            try:
                connection = self._pool.getconn()
            except (PoolTimeout, psycopg.Error) as error:
                raise UnavailableError(str(error)) from error
            try:
                _say(connection, begin)
            except psycopg.OperationalError:
                connection.close()
                self._pool.putconn(connection)
            else:
                return connection
        raise UnavailableError("no connection holds")


def _is_record(part: str) -> bool:
    """Whether a part holds records: to write it anew stops the units in it, and not for long; others stop everybody."""
    return part.startswith(("record_", "mark_"))


def _parts_of(connection: Connection, units: Collection[int]) -> list[tuple[str, int]]:
    """The parts of all tables in which some units have rows, and how many bytes each takes."""
    tables = connection.execute(
        b"select distinct c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid=c.oid "
        b"where c.relnamespace='public'::regnamespace and c.relkind in ('r','p') and not c.relispartition "
        b"and a.attname='scope_id'"
    ).fetchall()
    parts: set[str] = set()
    for (table,) in tables:
        sql = f"select distinct tableoid::regclass::text from {table} where scope_id=any($1)"
        parts.update(name for (name,) in connection.execute(sql.encode(), [list(units)]))
    sizes = (connection.execute(b"select pg_total_relation_size($1::regclass)", [part]).fetchone() for part in parts)
    return sorted((part, int(size[0])) for part, size in zip(parts, sizes, strict=True) if size)


def _say(connection: Connection, words: bytes) -> None:
    connection.execute(words, prepare=False)


def _meaning(error: psycopg.Error, connection: Connection) -> Exception:
    """What an error of the database means for a request."""
    if error.sqlstate in _GAVE_IN:
        return ContendedError(str(error))
    if error.sqlstate in _OUT_OF_REACH or connection.broken:
        return UnavailableError(str(error))
    return error


# ------------------------------------------------------------------------------------------------------------- values


class _Flag(numeric.Int8Dumper):
    """There are no truth values in the tables: SQLite has none."""

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class _Number(numeric.NumericLoader):
    """The sum of whole numbers is a whole number."""

    def load(self, data: Any) -> Any:
        return _plain(super().load(data))


class _BinaryNumber(numeric.NumericBinaryLoader):
    def load(self, data: Any) -> Any:
        return _plain(super().load(data))


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def _configure(connection: Connection) -> None:
    """Values come and go as with SQLite; nothing runs or waits for ever."""
    adapters = connection.adapters
    adapters.register_dumper(bool, _Flag)
    adapters.register_dumper(int, numeric.Int8BinaryDumper)  # one type per statement, however big the number
    adapters.register_loader("numeric", _Number)
    adapters.register_loader("numeric", _BinaryNumber)
    connection.prepare_threshold = 2
    connection.execute(
        f"set lock_timeout={LOCK_MS};set statement_timeout={STATEMENT_MS};"
        f"set idle_in_transaction_session_timeout={STATEMENT_MS};set client_min_messages=warning".encode()
    )


_OPTIONS: Final[dict[str, Any]] = {
    "autocommit": True,
    "cursor_factory": psycopg.RawCursor,
    "application_name": "linli-central",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 20_000,
}
