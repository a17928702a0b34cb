"""Programs of a run: started, spoken to line by line, and watched from outside (CPU, memory, bytes on the wire)."""

import contextlib
import json
import os
import re
import select
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, Self, cast

ANSWER_S: Final = 600.0
START_S: Final = 30.0
_SCHED_CLOCK: Final = 2
_DEVICES: Final = Path("/proc/net/dev")
_SENT: Final = 8


class Failed(Exception):  # noqa: N818 - the program failed, not this one
    """A contestant said that it could not do what it was told, or said nothing."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wire_bytes() -> int:
    """All bytes that went over the loopback interface of this network namespace, headers of TCP and IP included.

    Both ends send on the same interface, so what is sent on it is the traffic in both directions.
    """
    return int(_interfaces()["lo"][_SENT])


def in_own_namespace() -> bool:
    """Whether the loopback counter counts this run alone: a namespace of its own has no other interface."""
    return list(_interfaces()) == ["lo"]


def _interfaces() -> dict[str, list[str]]:
    """Name → counters, of this process's network namespace (`/sys` shows the one it was mounted in)."""
    lines = _DEVICES.read_text("ascii").splitlines()[2:]
    return {name.strip(): counters.split() for name, counters in (line.split(":") for line in lines)}


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its threads, to the nanosecond; 0 when it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | _SCHED_CLOCK)
    except OSError:
        return 0.0


def memory_mb(pid: int, what: str = "VmHWM") -> float:
    """Resident memory of a process: its peak (`VmHWM`) or now (`VmRSS`)."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    found = re.search(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, tasks.read_text("ascii").split())
    return found


class Program:
    """A process of a run.  What it says on its error channel goes into `log`.

    `patience`: seconds after which one that says nothing has failed.
    """

    patience = ANSWER_S

    def __init__(self, command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **(env or {})},
            )
        self.pid = self._process.pid
        self._ears, self._mouth = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def say(self, **words: object) -> None:
        """Tells the program something."""
        self._ears.write(json.dumps(words).encode() + b"\n")
        self._ears.flush()

    def hear(self) -> dict[str, Any]:
        """Its answer; raises Failed for a bad one or none."""
        ready, _, _ = select.select([self._mouth], [], [], self.patience)
        line = self._mouth.readline() if ready else b""
        if not line:
            raise Failed(f"no answer; {self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise Failed(str(answer.get("error")))
        return answer

    def ask(self, do: str, **words: object) -> dict[str, Any]:
        """Tells and hears."""
        try:
            self.say(do=do, **words)
        except BrokenPipeError as error:
            raise Failed(f"it has ended; {self._last_words()}") from error
        return self.hear()

    def wait_for_port(self, port: int) -> None:
        """Until the program listens."""
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.running:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise Failed(f"it does not listen; {self._last_words()}")

    def stop(self) -> None:
        """Asks it to end, then makes it."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        for pipe in (self._ears, self._mouth):
            with contextlib.suppress(OSError):
                pipe.close()

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self._process.kill()
        self._process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return lines[-1] if lines else "it said nothing"
