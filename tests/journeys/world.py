"""What the journeys take place in: a filled store, the real server behind a real port, the real command."""

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Self

import pytest
import uvicorn

from central_server import devices, history
from central_server.app import make_app
from central_server.exchange import Central
from central_server.storage.sqlite import SqliteStorage
from desktop_app import app as desktop
from desktop_app.demo import demo_beginning, make_demo_community
from desktop_app.shared.clock import FixedClock
from desktop_app.store import keys
from tests.conftest import CHEAP_ARGON2, NOON, PASSPHRASE

SCOPE = 420299001001
COMMUNITY = "红旗桥社区"


def make_demo_home(home: Path) -> Path:
    """A store that holds the demonstration community; for fixtures that live longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
        patch.setattr(keys, "ARGON2", CHEAP_ARGON2)
        with desktop.create(home, demo_beginning(), clock=FixedClock(NOON)) as app:
            make_demo_community(app)
    return home


class Server:
    """The real server application on a port of this machine; it can be stopped and started again."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        folder.mkdir(parents=True)
        self._file, self._clock = folder / "central.db", clock
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._running: uvicorn.Server | None = None

    def start(self) -> Self:
        storage = SqliteStorage(self._file)
        with storage.writing() as session:
            history.open_unit(session, SCOPE, COMMUNITY, self._clock.ms())
        application = make_app(Central(storage, now=self._clock.ms))
        listening = socket.create_server(("127.0.0.1", self._port))
        config = uvicorn.Config(application, ws="none", log_config=None, access_log=False)
        self._running, self._storage = uvicorn.Server(config), storage
        self._thread = threading.Thread(target=self._running.run, kwargs={"sockets": [listening]})
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._running:
            self._running.should_exit = True
            self._thread.join()
            self._running = None

    def code(self) -> str:
        with self._storage.writing() as session:
            return devices.make_code(session, SCOPE, self._clock.ms())


class Stranger(HTTPServer):
    """Something that answers, but is not our server: `answer` is status, headers and body."""

    def __init__(self, answer: tuple[int, dict[str, str], bytes]) -> None:
        self.answer = answer
        super().__init__(("127.0.0.1", 0), _StrangeAnswer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _StrangeAnswer(BaseHTTPRequestHandler):
    server: Stranger

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Done:
    """A command that ended: exit code, what it printed, what it complained of."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out)


def linli(*words: object, **variables: str) -> Done:
    """`linli` in a process of its own, with a cheap passphrase as every test has it."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app.cli", *map(str, words)],
        capture_output=True,
        check=False,
        env={**os.environ, **variables},
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
