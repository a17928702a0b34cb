"""The one exchange with the server that may be under way in this window, whoever asked for it.

It runs in a child process (`ui.shell.jobs`): the window stays usable however long it takes, and ending the child takes
back no more than what was not committed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from desktop_app.shared.errors import FuseError
from ui.shell.jobs import Job
from ui.shell.problems import Problem

if TYPE_CHECKING:
    from ui.shell.desk import Desk

_REFRESH_MS = 5000


class Exchanger(QObject):
    """`began(job)`, then one of `ended(report)`, `failed(problem, quietly)`, `asked(problem)` or none, then `over`."""

    began = Signal(object)
    ended = Signal(object)
    failed = Signal(object, bool)
    asked = Signal(object)  # a person must say whether so many records may be deleted
    over = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._quietly = False
        self._last: tuple[str, list[str]] | None = None
        self._asking: tuple[str, list[str]] | None = None
        self.job: Job | None = None
        self._shown = QElapsedTimer()

    def sync(self, *, quietly: bool = False) -> Job | None:
        """One exchange; where the line is paid for by volume, without the contents of attachments."""
        arguments = ["sync", "--attachments", "0"] if self._desk.hold.is_sparing else ["sync"]
        return self.run(self.tr("同步"), arguments, quietly=quietly)

    def accept(self) -> Job | None:
        """Once more what stopped to ask, by line or by stick, with the many deletions confirmed."""
        title, arguments = self._asking or (self.tr("同步"), ["sync"])
        return self.run(title, [*arguments, "--accept-deletions"])

    def run(self, title: str, arguments: Sequence[str], *, quietly: bool = False) -> Job | None:
        """Something that must not run beside an exchange: None if there is one already."""
        if self.job is not None:
            return None
        # what begins by itself goes on whoever is signed in, and behind the lock
        job = self._desk.background.start_job(title, arguments, unattended=quietly)
        self.job, self._quietly = job, quietly
        self._last, self._asking = (title, [*arguments]), None
        self._shown.start()
        job.progressed.connect(self._progressed)
        job.ended.connect(self.ended)
        job.failed.connect(self._failed)
        job.over.connect(self._over)
        self.began.emit(job)
        return job

    def cancel(self) -> None:
        """Stop it; it may be taken up again at any time."""
        if self.job is not None:
            self.job.cancel()

    def _progressed(self, _done: int, _total: int, _words: str) -> None:
        """A long first exchange: what has come so far is shown now and then."""
        if self._shown.elapsed() > _REFRESH_MS:
            self._shown.restart()
            self._desk.signals.tell(self._desk.app.db.tables)

    def _failed(self, problem: Problem) -> None:
        if problem.code == FuseError.code:
            self._asking = self._last
            self.asked.emit(problem)
        else:
            self.failed.emit(problem, self._quietly)

    def _over(self, _job: Job) -> None:
        self.job = None
        self._desk.signals.tell(self._desk.app.db.tables)
        self.over.emit()
