"""A simulated desk: a real encrypted store in memory, its keys, its clock, and copies of its disk."""

import atexit
import json
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
from tests.sync.mortal import MortalDatabase, Opened

DATABASE_FILES = ("", "-wal")
KEY = bytes(range(32))


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
    desktop.prepare(folder, KEY, Clock(), "")
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

    def __init__(self, world: Any, name: str, unit: int, clock_error: int = 0, opened: Opened | None = None) -> None:
        self.world, self.name, self.first_unit, self.clock_error = world, name, unit, clock_error
        self._opened = opened
        self.path = opened.path if opened else world.folder / name / "desk.db"
        self.path.parent.mkdir(exist_ok=True)
        self.older = False
        self.copies: list[tuple[Path, int, Secrets, bool]] = []  # older copies, and how long the diary was then
        self.diary: list[str] = []  # values, deletions and records made on this disk
        self.sent: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: list[Answer] = []
        self.requests = 0
        self.secrets = Secrets()

    def ms(self) -> int:
        return self.world.now + self.clock_error

    def open(self) -> None:
        """The program starts; it may have been killed before, then nobody has closed the file."""
        if self._opened is None or self._opened.closed:
            self._opened = Opened(self.path, KEY)
        self.db = self._started(self._opened)

    def another(self) -> MortalDatabase:
        """One more instance of the program on the same store."""
        return self._started(Opened(self.path, KEY))

    def _started(self, opened: Opened) -> MortalDatabase:
        db = MortalDatabase(opened, KEY, self)
        if self.older:
            db.grow_old()
        self.world.started(db)
        return db

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.requests += 1
        return self.world.carry(self, path, headers, body)

    def enrol(self) -> None:
        code = self.world.code(self.unit)
        enrol.enrol(self.db, self.secrets, server_url="https://sim", code=code, name=self.name, transport=self)

    @property
    def unit(self) -> int:
        return state_module.read(self.db).scope or self.first_unit

    def identity(self) -> int:
        return state_module.read(self.db).device

    def living(self, table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        """The records of a table that a person sees, with their identifier and the unit they belong to."""
        if table not in self.db.tables:
            return []
        names = ("id", "scope", *columns)
        listed = ",".join(f'"{name}"' for name in names)
        rows = self.db.rows(f'SELECT {listed} FROM "{table}" WHERE sync_del=0 ORDER BY id')
        return [dict(zip(names, row, strict=True)) for row in rows]

    def replica(self) -> dict[tuple[str, str], tuple]:
        """Every record: its number, what became of it, whose it is and, if it lives, its content but for blanks."""
        found = {}
        for name, known in self.db.tables.items():
            listed = ",".join(f'"{column}"' for column in known.columns)
            for row in self.db.rows(f'SELECT id,sync_seq,sync_del,scope,sync_ext,{listed} FROM "{name}"'):
                pk, seq, gone, home, ext, *cells = row
                values = dict(zip(known.columns, cells, strict=True)) | (json.loads(ext) if ext else {})
                found[name, pk] = (seq, gone, home, {} if gone else filled(values))
        for table, pk, seq, text in self.db.rows("SELECT tbl,pk,seq,body FROM sync_parked"):
            body = json.loads(text)
            gone = int(body["del"])
            found[table, pk] = (seq, gone, body.get("home", 0), {} if gone else filled(body["v"]))
        return found

    def waits(self, sql: str = "SELECT tbl,local_no FROM sync_dirty UNION SELECT tbl,local_no FROM sync_fly") -> list:
        """The records with changes that are not on the server: (table, id)."""
        found = self.db.rows(sql)
        names = [(self.db.numbers[number], local_no) for number, local_no in found]
        return [
            (name, self.db.scalar(f'SELECT id FROM "{name}" WHERE local_no=?', (local_no,))) for name, local_no in names
        ]

    def waits_for_others(self) -> list[tuple[str, str]]:
        """Records of other units that a restored server has lost: what was written in them here waits for those."""
        found = self.waits("SELECT tbl,local_no FROM sync_dirty WHERE txn=-2")
        return [
            (table, pk)
            for table, pk in found
            if self.db.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND scope<>0 AND sync_seq=0', (pk,))
        ]

    def everything(self) -> str:
        """Every text in every table of the file."""
        tables = self.db.rows("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE '%fts5%'")
        rows = (row for (table,) in tables for row in self.db.rows(f'SELECT * FROM "{table}"'))
        return "\n".join(str(cell) for row in rows for cell in row if not _is_noise(cell))


def _is_noise(cell: Any) -> bool:
    """Whether a cell is bytes that are no text: in packed batches and random keys any three letters may turn up."""
    try:
        return isinstance(cell, bytes) and not str(cell, "utf-8")
    except UnicodeDecodeError:
        return True


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not blank: a field nobody filled in need not be on both sides."""
    return {name: value for name, value in values.items() if value not in (None, "", 0)}
