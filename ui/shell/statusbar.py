"""The bottom line: sync state, what was just said with its undo, running jobs with cancel, and whose desk this is."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from ui.shell.desk import announce
from ui.shell.jobs import Job
from ui.shell.parts import button, label
from ui.widgets.status_chip import StatusChip

_SAID_MS = 20_000


class JobLine(QWidget):
    """One running job: words, a bar, 取消."""

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._words = label(job.title)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(90)
        self._bar.setAccessibleName(job.title)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._words, self._bar, button(self.tr("取消"), job.cancel, tone="link")):
            layout.addWidget(part)
        job.progressed.connect(self._progress)

    def _progress(self, done: int, total: int, words: str) -> None:
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        share = f" {done / total:.0%}" if total else ""
        self._words.setText(f"{words or self._job.title}{share}")


class StatusBar(QFrame):
    """The chips are set by the window; `say` shows a quiet line for twenty seconds."""

    sync_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        self.sync = StatusChip(self.tr("同步状态"), self)
        self.sync.clicked.connect(self.sync_clicked)
        self.asking = StatusChip(self.tr("需要确认"), self)
        self.asking.clicked.connect(self.sync_clicked)
        self.said = label()
        self._undo = button(self.tr("撤销"), self._run_undo, tone="link")
        self._undo.hide()
        self._undo_run: Callable[[], object] | None = None
        self.jobs = QHBoxLayout()
        self.who = label()
        self._quiet = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._quiet.timeout.connect(self.hush)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 12, 0)
        layout.setSpacing(10)
        for part in (self.sync, self.asking, self.said, self._undo):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addLayout(self.jobs)
        layout.addWidget(self.who)

    def set_line_height(self, pixels: int) -> None:
        self.setFixedHeight(pixels)
        for chip in (self.sync, self.asking, self._undo):
            chip.setMaximumHeight(pixels - 2)

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """已保存 · 撤销"""
        self.said.setText(words)
        self._undo_run = undo
        self._undo.setVisible(undo is not None)
        self._quiet.start()
        announce(self, words)

    def hush(self) -> None:
        self.say("")
        self._quiet.stop()

    def _run_undo(self) -> None:
        run = self._undo_run
        self.hush()
        if run is not None:
            run()

    def add_job(self, job: Job) -> None:
        """Show a job until it is over."""
        line = JobLine(job, self)
        self.jobs.addWidget(line)
        job.over.connect(lambda _job: line.deleteLater())
