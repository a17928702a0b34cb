"""The one long job of a page: how far it is, what it is at, and a way to stop it; gone from sight when it is over."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QWidget

from ui.shell.desk import Desk
from ui.shell.parts import button, label
from ui.shell.problems import Problem

if TYPE_CHECKING:
    from ui.shell.jobs import Job


class JobBar(QWidget):
    """`ended` with the result, or `stopped` for a job that failed (its problem is shown) or was cancelled; then `over`.

    `at` makes of the job's words what is said beside the bar; without it nothing is.
    """

    ended = Signal(object)
    stopped = Signal()
    over = Signal()

    def __init__(self, desk: Desk, name: str, parent: QWidget, at: Callable[[str], str] = lambda _words: "") -> None:
        super().__init__(parent)
        self._desk, self._at = desk, at
        self._job: Job | None = None
        self._step = label("", "muted")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._step)
        layout.addWidget(self._bar, 1)
        layout.addWidget(button(self.tr("取消"), self.cancel, tone="link"))
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether the job is under way."""
        return self._job is not None

    def start(self, title: str, arguments: Sequence[str], words: str = "") -> None:
        """Begin, with `words` beside the bar until the job says where it is."""
        self._job = job = self._desk.background.start_job(title, arguments)
        self._bar.setRange(0, 0)
        self._say(words)
        self.show()
        job.progressed.connect(self._progressed)
        job.ended.connect(self.ended)
        job.failed.connect(self._failed)
        job.cancelled.connect(self.stopped)
        job.over.connect(self._over)

    def cancel(self) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.cancel()

    def _progressed(self, done: int, total: int, words: str) -> None:
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        self._say(self._at(words))

    def _say(self, words: str) -> None:
        self._step.setText(words)
        self._step.setVisible(bool(words))

    def _failed(self, problem: Problem) -> None:
        self._desk.problem(problem)
        self.stopped.emit()

    def _over(self, _job: object) -> None:
        self._job = None
        page, now = self.parentWidget(), QApplication.focusWidget()
        if page is not None and now is not None and self.isAncestorOf(now):
            page.setFocus()  # Qt would hand the keys to whatever comes next, the search box of the window as well
        self.hide()
        self.over.emit()
