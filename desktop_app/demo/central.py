"""A central server of one's own on this machine: another process, since no desk may import the server."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.shared.errors import AppError

HOST = "127.0.0.1"
_PATIENCE_S = 30.0
_ROUND_S = 0.05
_LOG_SHOWN = 300


class LocalServer:
    """The server of a folder; it runs while `running()` is entered, always at the same address."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / "server.log"
        self._port = _free_port()

    @property
    def url(self) -> str:
        """Where the server is when it runs."""
        return f"http://{HOST}:{self._port}"

    def enrol_code(self, scope: str, name: str) -> str:
        """A fresh code for one computer of a community."""
        command = self._command("enrol-code", "--scope", scope, "--name", name)
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE_S)  # noqa: S603 our words
        if done.returncode:
            raise _failed(done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode("ascii").strip()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Starts the server and waits until it listens; ends it whatever happens."""
        command = self._command("serve", "--host", HOST, "--port", str(self._port))
        with self.log.open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:  # noqa: S603 our words
            try:
                self._await(child)
                yield
            finally:
                _end(child)

    def _command(self, verb: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "central_server", verb, "--data", str(self.folder), *words]

    def _await(self, child: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while child.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self._port)) == 0:
                    return
            time.sleep(_ROUND_S)
        raise _failed(self.log.read_text("utf-8", "replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Asks the server to end, and no longer asks when it does not."""
    child.terminate()
    try:
        child.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()


def _failed(log: str) -> AppError:
    last = log.strip()[-_LOG_SHOWN:].splitlines()[-1:]
    return AppError(
        f"本机的中心服务器没有起动{f'（{last[0]}）' if last else ''}。",
        next_step="请确认安装了服务器部分（安装时选 server），再运行一次。",
    )
