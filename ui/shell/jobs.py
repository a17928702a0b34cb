"""A long piece of work in a child process: the command line of the same program, with progress as JSON lines.

Each line the child writes to stderr is `{"done": 340, "total": 1000, "words": "…"}`; what it writes to stdout at the
end is one JSON value, the result. A person's error comes as `{"error": "…", "next_step": "…"}` with exit code 1 or
above.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from desktop_app.shared.errors import AppError
from ui.shell.problems import Problem, problem_from

CANCELLED = 130
_GRACE_MS = 0 if sys.platform == "win32" else 3000  # there a program without a window cannot be asked to stop


class Job(QObject):
    """One child process: `progressed`, then exactly one of `ended`, `failed`, `cancelled`, then `over`."""

    progressed = Signal(int, int, str)  # done, total (0 = unknown), words
    ended = Signal(object)  # the result
    failed = Signal(object)  # Problem
    cancelled = Signal()
    over = Signal(object)  # this job

    def __init__(
        self, title: str, arguments: list[str], input_text: str, parent: QObject, secrets: Mapping[str, str]
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.done, self.total, self.words = 0, 0, ""
        self.was_cancelled = False
        self._input = input_text
        self._errors: list[str] = []
        self._said: dict[str, Any] = {}
        self._output = bytearray()
        self._process = QProcess(self)
        self._process.setProgram(sys.executable)
        self._process.setArguments(child_command(arguments))
        self._process.setProcessEnvironment(_environment(secrets))
        self._process.readyReadStandardError.connect(self._read_progress)
        self._process.readyReadStandardOutput.connect(self._read_output)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._failed_to_start)

    def start(self) -> None:
        self._process.start()
        if self._input:
            self._process.write(self._input.encode())
        self._process.closeWriteChannel()

    def cancel(self) -> None:
        """Ask the child to stop, end it if it does not."""
        self.was_cancelled = True
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.terminate()
            grace = QTimer(self, singleShot=True)  # goes with this job
            grace.timeout.connect(self._process.kill)
            grace.start(_GRACE_MS)

    def wait(self, most_ms: int) -> None:
        """Give a child that was asked to stop the time to do so."""
        if self._process.state() is not QProcess.ProcessState.NotRunning and not self._process.waitForFinished(most_ms):
            self._process.kill()
            self._process.waitForFinished(most_ms)

    def _read_output(self) -> None:
        self._output += self._process.readAllStandardOutput().data()

    def _read_progress(self) -> None:
        self._process.setReadChannel(QProcess.ProcessChannel.StandardError)
        while self._process.canReadLine():
            self._take(bytes(self._process.readLine().data()).decode("utf-8", "replace").strip())

    def _take(self, line: str) -> None:
        said = _json(line)
        if not isinstance(said, dict):
            self._errors.append(line)
        elif "error" in said:
            self._said = said
        elif "done" in said:
            self.done, self.total = int(said.get("done") or 0), int(said.get("total") or 0)
            self.words = str(said.get("words") or "")
            self.progressed.emit(self.done, self.total, self.words)

    def _finish(self, code: int, _status: QProcess.ExitStatus) -> None:
        self._read_output()
        self._read_progress()
        if self.was_cancelled or code == CANCELLED:
            self.cancelled.emit()
        elif code == 0 or (not self._said and self._result() is not None):
            self.ended.emit(self._result())  # a check that found something ends with 1 and has a result all the same
        else:
            self.failed.emit(self._problem())
        self.over.emit(self)

    def _result(self) -> object:
        return _json(self._output.decode("utf-8", "replace"))

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.failed.emit(problem_from(RuntimeError(self._process.errorString())))
            self.over.emit(self)

    def _problem(self) -> Problem:
        if self._said.get("error"):
            told = problem_from(
                AppError(str(self._said["error"]), next_step=self._said.get("next_step"), field=self._said.get("field"))
            )
            return replace(told, code=self._process.exitCode())
        return problem_from(RuntimeError("\n".join(self._errors) or f"exit code {self._process.exitCode()}"))


def child_command(arguments: list[str]) -> list[str]:
    """What stands after the interpreter; a frozen program is its own interpreter and knows `--cli`."""
    if getattr(sys, "frozen", False):
        return ["--cli", *arguments, "--json-progress"]
    return ["-m", "desktop_app.cli", *arguments, "--json-progress"]


def _environment(secrets: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in secrets.items():
        environment.insert(name, value)
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
