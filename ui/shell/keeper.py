"""Backups nobody has to think of: one a day while the window is open, and one when it closes; never in its way."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.store import copies
from ui.shell.desk import Desk
from ui.shell.jobs import child_command

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_FIRST_MS = 120_000
_EVERY_MS = 3_600_000
_PATIENCE_S = 2.5
_STEP_S = 0.05
_YOUNG = timedelta(hours=1)


class Keeper(QObject):
    """Watches over one open store; the copies themselves are made by child processes."""

    def __init__(self, desk: Desk, window: "MainWindow") -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._told = False
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.daily)
        self._timer.start()
        QTimer.singleShot(_FIRST_MS, self, self.daily)

    def daily(self) -> None:
        """A copy if the last one is from yesterday and something has changed; a failure is said once."""
        job = self._desk.background.start_job(self.tr("每天的备份"), ["backup", "--if-due", "daily"], unattended=True)
        job.failed.connect(self._failed)

    def _failed(self, problem: object) -> None:
        if not self._told:
            self._told = True
            self._desk.problem_met.emit(problem)

    def farewell(self) -> None:
        """The window closes: a process of its own makes the copy, and goes on where it takes long."""
        if not self.is_due():
            return
        process = subprocess.Popen(  # noqa: S603 our own words, and the interpreter that runs this
            self.command(),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._window.status.say(self.tr("正在备份今天的改动，马上就好……"))
        until = time.monotonic() + _PATIENCE_S
        while process.poll() is None and time.monotonic() < until:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            time.sleep(_STEP_S)
        if process.poll() is None:
            process.returncode = 0  # it goes on by itself: nobody waits for it, and Python need not warn of that

    def is_due(self) -> bool:
        """Whether it is worth starting a process: no copy of the last hour."""
        app = self._desk.app
        kept = copies.listed(app.db, app.home / "backups", app.mark)
        return not kept or not timedelta() <= app.clock.now().replace(tzinfo=None) - kept[0].copy.at < _YOUNG

    def command(self) -> list[str]:
        """What the process runs."""
        return [
            sys.executable, *child_command(["backup", "--if-due", "exit", "--home", str(self._desk.app.home)])
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self._desk.background.secrets(unattended=True)}
