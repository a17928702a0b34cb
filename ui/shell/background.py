"""The whole threading policy of the window, in one file.

- The window's thread paints, and reads one page by ids or opens one record (5 ms at most); nothing else.
- `read`: one reader thread for searches, id vectors and counts. A newer request with the same key takes the place of
  the older one, which is interrupted inside SQLite if it is already running.
- `write`: one writer thread; actions run one after another and are never interrupted.
- `ask_server`: one more thread for short questions to the server; nobody ever waits for it (`ui.shell.network`).
- Cyclic garbage is collected on the window's thread alone (`ui.shell.garbage`): a thread must never destroy a widget.
- `start_job`: a child process that runs the command line with `--json-progress`; cancel ends it, and what it did not
  commit is gone. Import, export, sync, PDF batches, backup and everything else that computes in Python goes here.

Results come back on the window's thread. Nothing is delivered to a widget that is gone or to a request that was
cancelled. An exception becomes a `Problem` (see `ui.shell.problems`).
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal
from shiboken6 import isValid

from desktop_app.shared.errors import ReasonWantedError
from ui.shell.garbage import GarbageCollector
from ui.shell.jobs import Job
from ui.shell.network import FarLane
from ui.shell.problems import Problem, problem_from

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
Deliver = Callable[[T], None]
Fail = Callable[[Problem], None]
_PATIENCE_MS = 5000
_LANE_PATIENCE_MS, _STEP_MS = 30_000, 100  # a thread that still runs when its QThread goes ends the whole process


@dataclass(slots=True, eq=False)
class Errand:
    """A piece of work on its way; `cancel` guarantees that nothing more is heard of it."""

    work: Callable[[], object]
    done: Callable[..., None] | None
    failed: Fail | None
    owner: QObject | None
    key: str = ""
    must_run: bool = False
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True

    @property
    def is_wanted(self) -> bool:
        return not self.cancelled and (self.owner is None or isValid(self.owner))


class Lane(QThread):
    """A thread that does one errand after another."""

    came_back = Signal(object, object, object)  # errand, result, exception or None

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.interrupt: Callable[[], None] | None = None
        self.farewell: Callable[[], None] | None = None
        self._waiting: deque[Errand] = deque()
        self._running: Errand | None = None
        self._open = True
        self._door = Condition()

    def submit(self, errand: Errand) -> None:
        """Queue an errand; older ones with the same non-empty key are dropped, a running one is interrupted.

        A closed lane takes no more: a child process that ends while the window closes would start the thread anew.
        """
        with self._door:
            if not self._open:
                errand.cancel()
                return
            if errand.key:
                self._drop(errand.key)
            self._waiting.append(errand)
            self._door.notify()
        if not self.isRunning():
            self.start()

    def _drop(self, key: str) -> None:
        for older in self._waiting:
            if older.key == key:
                older.cancel()
        self._waiting = deque(older for older in self._waiting if not older.cancelled)
        running = self._running
        if running is not None and running.key == key:
            running.cancel()
            if self.interrupt is not None:
                self.interrupt()

    def run(self) -> None:
        while (errand := self._next()) is not None:
            result, error = None, None
            try:
                if errand.must_run or errand.is_wanted:
                    result = errand.work()
            except Exception as caught:  # noqa: BLE001 whatever it is, the window has to hear of it
                error = caught
            with self._door:
                self._running = None
            self.came_back.emit(errand, result, error)
        if self.farewell is not None:
            self.farewell()

    def _next(self) -> Errand | None:
        with self._door:
            while self._open and not self._waiting:
                self._door.wait()
            if not self._waiting:
                return None
            self._running = self._waiting.popleft()
            return self._running

    @property
    def is_busy(self) -> bool:
        with self._door:
            return bool(self._waiting) or self._running is not None

    def close(self, *, finish: bool) -> None:
        """End the thread: after everything that waits, or after the running errand only."""
        with self._door:
            self._open = False
            if not finish:
                self._waiting.clear()
            self._door.notify()
        patience = QDeadlineTimer(_LANE_PATIENCE_MS)
        if not finish:
            self._interrupt_running()
        while not self.wait(_STEP_MS) and not patience.hasExpired():
            if not finish:
                self._interrupt_running()  # once more: between two statements an interrupt is lost

    def _interrupt_running(self) -> None:
        with self._door:
            if self._running is not None and self.interrupt is not None:
                self.interrupt()


class Background(QObject):
    """Owns the threads and the child processes; hands results back on the window's thread."""

    problem = Signal(object)  # Problem that nobody else took
    reason_wanted = Signal(object, object)  # Errand, Problem: it may be done, but somebody has to say why
    job_started = Signal(object)  # Job

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._garbage = GarbageCollector(self)
        self._reader = Lane("reader", self)
        self._writer = Lane("writer", self)
        self._far = FarLane("server", self)
        for lane in (self._reader, self._writer, self._far):
            lane.came_back.connect(self._came_back)
        self._closed = False
        self.jobs: list[Job] = []
        self.home: Path | None = None  # whose data the child processes work on
        self.passphrase = ""  # what the child processes open it with, where there is no keyring
        self.session = ""  # what they prove with for whom they act (desktop_app.accounts.sessions)

    def attach(self, interrupt_reader: Callable[[], None], farewell: Callable[[], None] | None = None) -> None:
        """`interrupt_reader` stops the running query of the reader thread; `farewell` closes a thread's connection."""
        self._reader.interrupt = interrupt_reader
        self._reader.farewell = farewell
        self._writer.farewell = farewell

    @property
    def reader(self) -> QThread:
        return self._reader

    @property
    def is_busy(self) -> bool:
        return self._reader.is_busy or self._writer.is_busy

    def read(
        self,
        work: Callable[[], T],
        done: Deliver[T],
        *,
        owner: QObject | None = None,
        key: str = "",
        failed: Fail | None = None,
    ) -> Errand:
        """Ask something of the store. `key` names the question, so that a newer one replaces an older one."""
        errand = Errand(work, done, failed, owner, f"{id(owner)}:{key}" if key else "")
        self._reader.submit(errand)
        return errand

    def write(
        self,
        work: Callable[[], T],
        done: Deliver[T] | None = None,
        *,
        owner: QObject | None = None,
        failed: Fail | None = None,
    ) -> Errand:
        """Run an action. It is carried out even if the widget that asked is closed meanwhile."""
        errand = Errand(work, done, failed, owner, must_run=True)
        self._writer.submit(errand)
        return errand

    def ask_server(
        self, work: Callable[[], T], done: Deliver[T], *, owner: QObject | None = None, failed: Fail | None = None
    ) -> Errand:
        """Ask something over the network; the answer may take long, and closing the window does not wait for it."""
        errand = Errand(work, done, failed, owner)
        self._far.submit(errand, lambda: work() if errand.is_wanted else None)
        return errand

    def start_job(self, title: str, arguments: Sequence[str], *, input_text: str = "", unattended: bool = False) -> Job:
        """Run `linli <arguments> --home … --json-progress` as a child process; its signals tell the outcome.

        It acts for whoever is signed in; what the window begins by itself is `unattended` and nobody's.
        """
        home = ["--home", str(self.home)] if self.home is not None else []
        job = Job(title, [*arguments, *home], input_text, self, self.secrets(unattended=unattended))
        self.jobs.append(job)
        job.over.connect(self._forget)
        self.job_started.emit(job)
        job.start()
        return job

    def secrets(self, *, unattended: bool = False) -> dict[str, str]:
        """What a child process gets in its environment and nowhere else."""
        told = {"LINLI_PASSPHRASE": self.passphrase, "LINLI_SESSION": "" if unattended else self.session}
        return {name: value for name, value in told.items() if value}

    def _forget(self, job: Job) -> None:
        if job in self.jobs:
            self.jobs.remove(job)

    def _came_back(self, errand: Errand, result: object, error: Exception | None) -> None:
        if not self._closed:
            self._deliver(errand, result, error)

    def _deliver(self, errand: Errand, result: object, error: Exception | None) -> None:
        if not errand.is_wanted:
            return
        if error is None:
            if errand.done is not None:
                errand.done(result)
            return
        problem = problem_from(error)
        if isinstance(error, ReasonWantedError):
            self.reason_wanted.emit(errand, problem)
        else:
            self.give_up(errand, problem)

    def give_up(self, errand: Errand, problem: Problem) -> None:
        """The work has failed for good."""
        if not errand.is_wanted:
            return
        if errand.failed is not None:
            errand.failed(problem)
        else:
            self.problem.emit(problem)

    def run_again(self, errand: Errand) -> None:
        """Once more, an action that wanted a reason and has it now."""
        self._writer.submit(errand)

    def close(self) -> None:
        """End everything: reads are dropped, writes are finished, children are ended, nothing more is delivered."""
        self._closed = True
        self._far.close()
        for job in list(self.jobs):
            job.cancel()
        self._reader.close(finish=False)
        self._writer.close(finish=True)
        for job in list(self.jobs):
            job.wait(_PATIENCE_MS)
        self._garbage.stop()
