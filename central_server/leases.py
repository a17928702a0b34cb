"""How far each unit had come, written down outside the database: at the start it shows whether that was set back.

A database that comes back from a backup knows less than it has told.  The first desk that proves a mark it lacks brings
that to light; with this file the server finds out by itself, before it has given out a number twice.
"""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from central_server import history, private
from central_server.storage import Session, Storage

FILE: Final = "leases.json"
EVERY_S: Final = 60.0
"""The file is this many seconds behind at most, while there is traffic."""


class Leases:
    """The file, for one process; without a folder nothing is written."""

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = folder / FILE if folder else None
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[int, int] = self._read()
        self._written_at = clock()
        self._changed = False

    def _read(self) -> dict[int, int]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            said = json.loads(self._path.read_text("ascii"))
            return {int(unit): int(seq) for unit, seq in said.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # cut off when the power went: then the desks' own proofs have to do

    def note(self, unit: int, seq: int) -> None:
        """A unit has come so far; written now and then."""
        with self._lock:
            if seq > self._seen.get(unit, 0):
                self._seen[unit], self._changed = seq, True
            if self._changed and self._clock() - self._written_at >= EVERY_S:
                self._write()

    def close(self) -> None:
        """Writes what was noted since."""
        with self._lock:
            if self._changed:
                self._write()

    def _write(self) -> None:
        self._written_at, self._changed = self._clock(), False
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        private.write(fresh, json.dumps(self._seen))
        fresh.replace(self._path)

    def check(self, storage: Storage) -> list[int]:
        """Gives a new epoch to each unit whose head is behind what was written down; returns those units."""
        with storage.reading() as session:
            heads = {unit: (seq - 1, epoch) for unit, seq, epoch in _heads(session)}
        behind = [unit for unit, seq in sorted(self._seen.items()) if unit in heads and heads[unit][0] < seq]
        for unit in behind:
            with storage.writing() as session:
                history.begin_anew(session, unit, heads[unit][1])
        with self._lock:  # so that the same is not found again at the next start
            self._seen |= {unit: heads[unit][0] for unit in behind}
            if behind:
                self._write()
        return behind


def _heads(session: Session) -> list[tuple[int, int, str]]:
    return [(row[0], row[1], row[2]) for row in session.rows("select scope_id,next_seq,epoch from scope_head")]
