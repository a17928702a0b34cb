"""Run an action and say so in the status bar, with 撤销: one operation is one step that can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject

from desktop_app.residents.undoing import undo
from desktop_app.store.history import UndoReport, last_action
from ui.shell.background import Fail
from ui.shell.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What an action returned, and the number of its journal entry (0 where it changed nothing)."""

    result: T
    action: int


def do(
    desk: Desk,
    owner: QObject,
    work: Callable[[], T],
    said: Callable[[T], str],
    done: Callable[[T], object] | None = None,
    failed: Fail | None = None,
    *,
    for_good: bool = False,
) -> None:
    """Run `work` on the writer thread; `said(result)` goes to the status bar, nothing where it is empty.

    `for_good`: 撤销 is not offered, since the store would refuse it.
    """

    def run() -> Done[T]:
        before = last_action(desk.app.db, desk.app.actor)
        result = work()
        after = last_action(desk.app.db, desk.app.actor)
        return Done(result, after[0] if after and after != before else 0)

    def back(made: Done[T]) -> None:
        if words := said(made.result):
            desk.say(words, (lambda: take_back(desk, made.action)) if made.action and not for_good else None)
        if done is not None:
            done(made.result)

    desk.background.write(run, back, owner=owner, failed=failed)


def take_back(desk: Desk, action: int) -> None:
    """Undo one action and say what was kept because somebody worked on since."""

    def back(report: UndoReport) -> None:
        kept = QCoreApplication.translate("Doing", "；有 {n} 处后来又改过，没有动").format(n=report.kept)
        words = QCoreApplication.translate("Doing", "已撤销")
        desk.say(words + kept if report.kept else words)

    desk.background.write(lambda: undo(desk.app.db, desk.app.actor, action), back)
