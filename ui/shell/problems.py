"""Errors on the screen: words and the next step, in a strip beside the work and never in a modal box.

An `AppError` is a person's matter and is shown as it is. Anything else is a bug: it goes to the log with its trace, and
the strip offers the report, in which numbers that could name a person are masked.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.shared.errors import AppError

_log = logging.getLogger("linli.window")
_DIGITS = re.compile(r"\d(?=\d{4})")


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in words; `report` is empty unless it is a bug; `code` as in `desktop_app.shared.errors`."""

    words: str
    next_step: str = ""
    field: str | None = None
    report: str = ""
    code: int = 1

    @property
    def is_bug(self) -> bool:
        return bool(self.report)

    def __str__(self) -> str:
        return f"{self.words} {self.next_step}".strip()


def problem_from(error: BaseException) -> Problem:
    """The problem behind an exception; a bug is logged here, once.  A full disk is nobody's bug."""
    if isinstance(error, OSError):
        from desktop_app.store.problems import known_as  # the window is there before the store's libraries are

        error = known_as(error) or error
    if isinstance(error, AppError):
        return Problem(error.message, error.next_step or "", error.field, code=error.code)
    report = masked("".join(traceback.format_exception(error)))
    _log.error("%s", report)
    return Problem(
        QCoreApplication.translate("Problems", "程序出了一个错，这一步没有完成；已经保存的资料都在。"),
        QCoreApplication.translate("Problems", "可以再试一次；如果还是这样，请把错误报告交给管理员。"),
        report=report,
    )


def masked(text: str) -> str:
    """Every run of five or more digits keeps its last four only."""
    return _DIGITS.sub("*", text)


class BugCatcher(QObject):
    """Exceptions that reach the event loop (paint, data, slots) become one problem each, not a flood."""

    caught = Signal(object)  # Problem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[tuple[str, int]] = set()

    def install(self) -> None:
        sys.excepthook = self._catch

    def _catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        place = _place(trace)
        if place in self._seen:
            return
        self._seen.add(place)
        self.caught.emit(problem_from(error))


def _place(trace: TracebackType | None) -> tuple[str, int]:
    last = ("", 0)
    while trace is not None:
        last = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return last


class ReportDialog(QDialog):
    """The masked report of a bug, to copy or to save. It opens only when asked for."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("错误报告"))
        self.resize(720, 460)
        words = QLabel(self.tr("里面没有居民的姓名和完整号码。请复制后交给管理员。"), self)
        words.setWordWrap(True)
        self.text = QPlainTextEdit(problem.report, self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("错误报告全文"))
        buttons = QDialogButtonBox(self)
        copy = QPushButton(self.tr("复制报告"), self)
        copy.clicked.connect(self._copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(self.tr("关上"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (words, self.text, buttons):
            layout.addWidget(part)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def show_report(problem: Problem, parent: QWidget) -> Callable[[], None]:
    """A callable that opens the report without blocking the window."""

    def show() -> None:
        dialog = ReportDialog(problem, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    return show
