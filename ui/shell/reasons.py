"""Why somebody acts outside the own grids: asked for once the core wants it, and then the same action runs again.

Nothing that was typed is lost, and no form needs a field for what is rarely asked.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import Field, RecordForm

if TYPE_CHECKING:
    from ui.shell.background import Errand
    from ui.shell.desk import Desk
    from ui.shell.problems import Problem


class ReasonDialog(FormDialog):
    """`given(reason)`, or rejected."""

    given = Signal(str)

    def __init__(self, desk: "Desk", problem: "Problem", parent: QWidget | None) -> None:
        super().__init__(desk.tr("写明原因"), desk.tr("继续保存"), desk.theme, parent)
        self.body.addWidget(label(problem.words, wrap=True))
        why = Field("why", self.tr("原因"), required=True, wide=True, hint=self.tr("如 窗口代办、替班"))
        self.form = RecordForm((why,), self, columns=1)
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.body.addWidget(label(self.tr("来了就可以办，不让居民跑第二趟；原因会记入审计记录。"), "muted", wrap=True))
        self.body.addStretch(1)

    def save(self) -> None:
        """Goes on with the reason."""
        if self.form.missing():
            return
        self.given.emit(self.form.values()["why"].strip())
        self.finish()


def ask(desk: "Desk", errand: "Errand", problem: "Problem", refused: Callable[["Problem"], None]) -> ReasonDialog:
    """Asks, and runs the errand again with the reason; `refused(problem)` where somebody thinks better of it."""
    owner = errand.owner.window() if isinstance(errand.owner, QWidget) else None
    dialog = ReasonDialog(desk, problem, owner)
    db, work = desk.app.db, errand.work

    def again(reason: str) -> None:
        def with_reason() -> object:
            with db.because(reason):
                return work()

        desk.background.run_again(replace(errand, work=with_reason))

    dialog.given.connect(again)
    dialog.rejected.connect(lambda: refused(problem))
    dialog.open()
    return dialog
