"""A simulated desk: a real encrypted store in memory, its keys, its clock, and copies of its disk."""

import atexit
import random
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop_app import app as desktop
from desktop_app.shared.clock import Clock
from desktop_app.sync import enrol
from desktop_app.sync import state as state_module
from desktop_app.sync.client import Answer
from tests.sync.mortal import MortalDatabase

FIELDS = ("name", "phones", "note")  # the fields people edit here
DATABASE_FILES = ("", "-wal")
KEY = bytes(range(32))
READ = f"SELECT id,{','.join(FIELDS)} FROM person WHERE sync_del=0 ORDER BY id"


class TokenSource:
    """Stands in for the module `secrets`, so that a seed can be run again."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = random.Random(rng.random())  # noqa: S311 - a seed must give the same world again
        self.choice = self._rng.choice
        self.randbelow = self._rng.randrange
        self.token_bytes = self._rng.randbytes

    def token_hex(self, size: int) -> str:
        return self._rng.randbytes(size).hex()


class Secrets:
    """Where a simulated desk keeps its keys."""

    kind = "memory"

    def __init__(self, values: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self.values = dict(values)

    def get(self, name: str) -> bytes | None:
        return self.values.get(name)

    def put(self, name: str, value: bytes) -> None:
        self.values[name] = value


@cache
def memory_folder() -> Path:
    """A folder in memory where there is one: a sync is many small transactions, each forced to disk."""
    shared = Path("/dev/shm")  # noqa: S108 - names below it are made by tempfile
    folder = Path(tempfile.mkdtemp(prefix="sim", dir=shared if shared.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def blank_store() -> Path:
    """An empty store, made once."""
    folder = memory_folder() / "blank"
    folder.mkdir()
    desktop._prepare(folder, KEY, Clock())
    return folder / desktop.STORE


def copy_database(source: Path, target: Path) -> None:
    """A disk image taken while the application runs: database and write-ahead log as they are."""
    for suffix in (*DATABASE_FILES, "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    for suffix in DATABASE_FILES:
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")


class Desk(Clock):
    """A desk; it is also the clock of its own store."""

    def __init__(self, world: Any, name: str, clock_error: int = 0) -> None:
        self.world, self.name, self.clock_error = world, name, clock_error
        self.path = world.folder / f"{name}.db"
        self.copies: list[tuple[Path, int, Secrets]] = []  # older copies, and how long the diary was then
        self.diary: list[str] = []  # values, deletions and records made on this disk
        self.sent: list[tuple[str, Mapping[str, str], bytes]] = []
        self.secrets = Secrets()

    def ms(self) -> int:
        return self.world.now + self.clock_error

    def open(self) -> None:
        self.db = MortalDatabase(self.path, KEY, self)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return self.world.carry(self, path, headers, body)

    def enrol(self) -> None:
        code = self.world.code()
        enrol.enrol(self.db, self.secrets, server_url="http://sim", code=code, name=self.name, transport=self)

    def identity(self) -> int:
        return state_module.read(self.db).device

    def live(self) -> list[tuple[str, ...]]:
        return self.db.rows(READ)


def desk_replica(desk: Desk) -> dict[tuple[str, str], tuple]:
    """Every person and conflict with its number, whether it is deleted and, if not, its content."""
    found = {}
    for table in ("person", "conflict"):
        listed = FIELDS if table == "person" else sorted(desk.db.tables[table].columns)
        for row in desk.db.rows(f"SELECT id,sync_seq,sync_del,{','.join(listed)} FROM {table}"):
            found[table, row[0]] = row[1:3] if row[2] else row[1:]
    return found
