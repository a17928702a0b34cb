"""Where a server under test keeps its data: on either engine, and it can be copied and put back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from central_server.console import tables as console
from central_server.rollups import tables as reports
from central_server.storage import Storage
from central_server.storage.postgres import PostgresStorage
from central_server.storage.sqlite import SqliteStorage
from tests.postgres import PARTITIONS, Cluster

TABLES = (*console.TABLES, *reports.TABLES)
ENGINES = ("sqlite", "postgres")


class Disk(Protocol):
    """What is left when the server stops.  A test that changes tables says that it is spoiled."""

    spoiled: bool

    def open(self) -> Storage:
        """Starts the storage."""

    def copy(self) -> Any:
        """A backup, taken while the server runs."""

    def restore(self, copy: Any) -> None:
        """Puts a backup in the place of what is there; nothing may be open."""

    def leave(self) -> None:
        """The test is over."""


class SqliteDisk:
    """A file in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self._copies, self.spoiled = folder / "central.db", 0, False

    def open(self) -> SqliteStorage:
        return SqliteStorage(self.path, TABLES)

    def copy(self) -> Path:
        self._copies += 1
        copy = self.path.with_name(f"backup{self._copies}.db")
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("vacuum into ?", (str(copy),))
        return copy

    def restore(self, copy: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(copy, self.path)

    def leave(self) -> None:
        """The folder goes with the test."""


class PostgresDisk:
    """A database of the cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self.name, self.spoiled = cluster, cluster.lend(), False
        self.url = cluster.url(self.name)

    def open(self) -> PostgresStorage:
        return PostgresStorage(self.url, TABLES, partitions=PARTITIONS)

    def copy(self) -> dict[str, bytes]:
        with psycopg.connect(self.url) as connection:
            return {table: _read(connection, table) for table in _tables(connection)}

    def restore(self, copy: dict[str, bytes]) -> None:
        with psycopg.connect(self.url) as connection:
            _empty(connection)
            for table, content in copy.items():
                with connection.cursor().copy(f"copy {table} from stdin".encode()) as target:
                    target.write(content)

    def leave(self) -> None:
        if self.spoiled:
            self._cluster.run(f"drop database {self.name} with (force)")
            return
        with psycopg.connect(self.url) as connection:
            _empty(connection)
        self._cluster.give_back(self.name)


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "select c.relname from pg_class c join pg_namespace n on n.oid=c.relnamespace "
        "where n.nspname='public' and c.relkind in ('r','p') and not c.relispartition and c.relname<>'schema_version'"
    )
    return [name for (name,) in found]


def _read(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f"copy (select * from {table}) to stdout".encode()) as source:
        return b"".join(bytes(piece) for piece in source)


def _empty(connection: psycopg.Connection[Any]) -> None:
    """Deletes: with few rows that is ten times as fast as truncating every part of every table."""
    connection.execute(";".join(f"delete from {table}" for table in _tables(connection)).encode())


def disk(engine: str, folder: Path, request: pytest.FixtureRequest) -> Disk:
    """A disk for one of the engines; PostgreSQL is not even started where nobody asks for it."""
    return SqliteDisk(folder) if engine == "sqlite" else PostgresDisk(request.getfixturevalue("cluster"))


on_both = pytest.mark.parametrize("disk", ENGINES, indirect=True)
"""A test that is to hold whatever the server keeps its data on."""
