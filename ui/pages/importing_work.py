"""Step 4, the work with its progress and 取消; step 5, what was done, what was not, and how to take it back."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ui.shell.jobs import Job
from ui.shell.parts import Card, button, label, row

if TYPE_CHECKING:
    from ui.pages.importing import ImportingPage

_WIDE = 460


class WorkPane(QWidget):
    """A bar and its words."""

    cancel_asked = Signal()

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        self.words = label("", "title")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(_WIDE)
        self.bar.setAccessibleName(self.tr("进度"))
        promise = label(self.tr("可以去做别的事；取消的话什么也不会改动。"), "muted")
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cancel = button(self.tr("取消"), self.cancel_asked.emit)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self.words)
        layout.addLayout(row(1, self.bar, 1))
        layout.addWidget(promise)
        layout.addLayout(row(1, self.cancel, 1))
        layout.addStretch(3)

    def show_job(self, job: Job) -> None:
        """Follow a job."""
        self.words.setText(self.tr("正在{title}…").format(title=job.title))
        self.bar.setRange(0, 0)
        job.progressed.connect(self._progress)

    def _progress(self, done: int, total: int, words: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        share = f"　{done / total:.0%}" if total else ""
        self.words.setText(f"{words}{share}")


class ResultPane(QWidget):
    """What was done."""

    again = Signal()
    errors_asked = Signal()
    undo_asked = Signal()
    look_asked = Signal()

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        card = Card("", self)
        self.words = label("", "title", wrap=True)
        self.detail = label("", wrap=True)
        self.left_out = label("", wrap=True)
        self.first = button(self.tr("去看看"), self.look_asked.emit, tone="primary")
        self._errors = button(self.tr("另存错误表…"), self.errors_asked.emit, icon=page.desk.theme.icon("export"))
        self._undo = button(self.tr("撤销这次导入"), self.undo_asked.emit, icon=page.desk.theme.icon("undo"))
        for part in (self.words, self.detail, self.left_out):
            card.body.addWidget(part)
        card.body.addSpacing(8)
        card.body.addLayout(
            row(self.first, self._errors, self._undo, 1, button(self.tr("再导一张"), self.again.emit), gap=6)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)

    def show_report(self, report: dict[str, Any]) -> None:
        """The result of an import."""
        done = report.get("result") or {}
        unit = str(done.get("unit") or self.tr("条"))
        added, changed = int(done.get("added") or 0), int(done.get("changed") or 0)
        self.words.setText(self.tr("已导入 {n} {unit}").format(n=f"{added + changed:,}", unit=unit))
        parts = [self.tr("新增 {n}").format(n=f"{added:,}"), self.tr("更新 {n}").format(n=f"{changed:,}")]
        parts.append(self.tr("{n} 没有变化").format(n=f"{int(done.get('unchanged') or 0):,}"))
        if done.get("rooms"):
            parts.append(self.tr("新建房屋 {n} 间").format(n=f"{int(done['rooms']):,}"))
        if done.get("households"):
            parts.append(self.tr("新建 {n} 户").format(n=f"{int(done['households']):,}"))
        self.detail.setText("　·　".join(parts))
        skipped, doubtful = int(report.get("skipped") or 0), int(report.get("to_look_at") or 0)
        words = self.tr("{n} 行没有导入。").format(n=skipped) if skipped else ""
        words += self.tr("{n} 行需要看一下，另存成错误表，改好后再拖进来。").format(n=doubtful) if doubtful else ""
        self.left_out.setText(words)
        self.left_out.setVisible(bool(words))
        self._errors.setVisible(bool(doubtful))
        self._undo.setVisible(bool(report.get("action")))
