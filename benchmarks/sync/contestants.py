"""Who takes part: how each one's server and desks are started, all behind the same few verbs."""

import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from programs import Program, free_port

HERE: Final = Path(__file__).resolve().parent
PEERS: Final = HERE.parent.parent / "build" / "peers"
CLIENTS: Final = HERE / "clients"
SCOPE: Final = "420299001001"
NAME: Final = "红旗桥社区"
ANKI_PYTHON: Final = PEERS / "anki" / "bin" / "python"
ANKI_USER: Final = {"SYNC_USER1": "bench:bench"}


class Contestant(ABC):
    """One of those measured, with its server and its desks under one folder.  `title` is what the tables call it."""

    title = ""
    two_way = True
    """Whether a sync is one verb; else `push` and `pull` are asked for each by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._server: Program | None = None
        self.desks: dict[str, Program] = {}

    @classmethod
    def missing(cls) -> str:
        """Why it cannot take part; empty when it can."""
        return ""

    # ------------------------------------------------------------------------------------------------------- server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def server(self) -> Program:
        """The server that was started."""
        if self._server is None:
            raise RuntimeError("the server was not started")
        return self._server

    @property
    def data(self) -> Path:
        """Where the server keeps its data."""
        return self.folder / "server"

    def start(self) -> None:
        """Starts the server, on the data it had if there is some."""
        self.data.mkdir(exist_ok=True)
        command, env = self.server_command()
        self._server = Program(command, self.folder / "server.log", env)
        self._server.wait_for_port(self.port)

    def stop(self) -> None:
        if self._server:
            self._server.stop()

    def keep_copy(self) -> None:
        """An older copy of the server's data, as a backup is."""
        self.stop()
        shutil.copytree(self.data, self.folder / "backup")
        self.start()

    def restore(self) -> None:
        """Puts the older copy back."""
        self.stop()
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "backup", self.data)
        self.start()

    # -------------------------------------------------------------------------------------------------------- desks

    def desk(self, name: str, url: str = "", env: Mapping[str, str] | None = None) -> Program:
        """Opens a desk; a new one is made known to the server first."""
        folder = self.folder / name
        command = self.desk_command(folder, url or self.url)
        self.desks[name] = Program(command, self.folder / f"{name}.log", env)
        return self.desks[name]

    def close_desk(self, name: str) -> None:
        """Closes a desk in good order."""
        desk = self.desks.pop(name)
        if desk.running:
            desk.ask("close")
        desk.stop()

    def clone(self, name: str, twin: str) -> None:
        """Copies the disk of a desk that is closed."""
        shutil.copytree(self.folder / name, self.folder / twin)

    def close(self) -> None:
        for desk in self.desks.values():
            desk.stop()
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -------------------------------------------------------------------------------------------------------- verbs

    def push(self, desk: Program) -> dict[str, Any]:
        return desk.ask("sync" if self.two_way else "push")

    def pull(self, desk: Program) -> dict[str, Any]:
        return desk.ask("sync" if self.two_way else "pull")

    def idle(self, desk: Program) -> dict[str, Any]:
        return desk.ask("sync")

    @abstractmethod
    def server_command(self) -> tuple[list[str | Path], dict[str, str]]:
        """How the server is started, and with which environment."""

    @abstractmethod
    def desk_command(self, folder: Path, url: str) -> list[str | Path]:
        """How a desk is started."""


class Linli(Contestant):
    """This product: `linli-central serve` and the real desktop store."""

    title = "ours"
    script = "linli_desk.py"
    database = ""
    """A database for the server other than its own SQLite file."""

    def _central(self) -> list[str | Path]:
        return [Path(sys.executable).with_name("linli-central")]

    def storage(self) -> list[str | Path]:
        return ["--data", self.data, *(["--database", self.database] if self.database else [])]

    def code(self, scope: str = SCOPE, name: str = NAME) -> str:
        """A code of the administrator for one desk."""
        command = [*self._central(), "enrol-code", *self.storage(), "--scope", scope, "--name", name]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]

    def server_command(self) -> tuple[list[str | Path], dict[str, str]]:
        return [*self._central(), "serve", *self.storage(), "--port", str(self.port)], {}

    def desk_command(self, folder: Path, url: str) -> list[str | Path]:
        code = [] if folder.exists() else [self.code()]
        return [sys.executable, CLIENTS / self.script, folder, url, *code]


class Bare(Linli):
    """The same protocol, client and server over one plain SQLite table at the desk."""

    title = "ours, bare store"
    script = "bare_desk.py"


class Anki(Contestant):
    """Anki's desktop library and its own sync server."""

    title = "Anki"

    @classmethod
    def missing(cls) -> str:
        return "" if ANKI_PYTHON.exists() else "Anki could not be installed"

    def server_command(self) -> tuple[list[str | Path], dict[str, str]]:
        env = {"SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(self.port), "SYNC_BASE": str(self.data), "RUST_LOG": "error"}
        return [ANKI_PYTHON, "-m", "anki.syncserver"], {**env, **ANKI_USER, **self.limits}

    limits: Mapping[str, str] = {}
    """More settings of its server."""

    def desk_command(self, folder: Path, url: str) -> list[str | Path]:
        return [ANKI_PYTHON, CLIENTS / "anki_desk.py", folder, f"{url}/"]


class Pouch(Contestant):
    """PouchDB on LevelDB, and express-pouchdb."""

    title = "PouchDB"
    two_way = False

    @classmethod
    def missing(cls) -> str:
        if not shutil.which("node"):
            return "there is no Node.js"
        return "" if (PEERS / "node_modules" / "pouchdb").exists() else "PouchDB could not be installed"

    def server_command(self) -> tuple[list[str | Path], dict[str, str]]:
        return self._node("pouch_server.js", self.data, str(self.port))

    def desk_command(self, folder: Path, url: str) -> list[str | Path]:
        return self._node("pouch_desk.js", folder, url)[0]

    @staticmethod
    def _node(script: str, *args: str | Path) -> tuple[list[str | Path], dict[str, str]]:
        # a script finds its packages beside itself
        beside = PEERS / script
        shutil.copyfile(CLIENTS / script, beside)
        return ["node", beside, *args], {}


class Floor(Contestant):
    """zstd over HTTP and plain SQLite."""

    title = "floor"
    two_way = False

    def server_command(self) -> tuple[list[str | Path], dict[str, str]]:
        return [sys.executable, CLIENTS / "floor.py", "server", self.data, str(self.port)], {}

    def desk_command(self, folder: Path, url: str) -> list[str | Path]:
        return [sys.executable, CLIENTS / "floor.py", "desk", folder, url]


ALL: Final = (Linli, Bare, Anki, Pouch, Floor)
