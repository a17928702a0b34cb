"""What is reported of a month: homes reached, opinions per worker-day, solved of what was raised."""

from datetime import date, timedelta

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop_app.appeals.queries import tally
from desktop_app.store.database import Database
from desktop_app.visits.queries import month_figures
from desktop_app.visits.rules import MonthFigures
from ui.shell.desk import Desk
from ui.shell.parts import icon_button, label
from ui.widgets.elided import ElidedLabel


def figures(db: Database, month: str) -> MonthFigures:
    """The figures of a month `2026-11`; runs on the reader thread."""
    raised = tally(db, f"{month}-01", f"{month}-31")
    return month_figures(db, month, (raised.answered, raised.total))


class MonthBar(QFrame):
    """One line; the arrows go to the month before and after."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._desk = desk
        self.month = desk.app.clock.today().replace(day=1)
        icon = desk.theme.icon
        self._before = icon_button(icon("back", "accent_text"), self.tr("上个月"), lambda: self.turn(-1))
        self._after = icon_button(icon("forward", "accent_text"), self.tr("下个月"), lambda: self.turn(1))
        self._name = label("", "section")
        self.words = ElidedLabel("muted", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 2)
        layout.setSpacing(6)
        for part in (self._before, self._name, self._after, self.words):
            layout.addWidget(part)
        layout.setStretch(3, 1)

    def turn(self, by: int) -> None:
        """The month before or after; no further than this one."""
        near = self.month - timedelta(days=1) if by < 0 else self.month + timedelta(days=31)
        self.month = min(near.replace(day=1), self._desk.app.clock.today().replace(day=1))
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        db, month = self._desk.app.db, self.month.isoformat()[:7]
        self._desk.background.read(lambda: figures(db, month), self._show, owner=self, key="month")

    def _show(self, found: MonthFigures) -> None:
        month = date.fromisoformat(f"{found.month}-01")
        self._name.setText(self.tr("{y}年{m}月").format(y=month.year, m=month.month))
        self._after.setEnabled(month < self._desk.app.clock.today().replace(day=1))
        rate, share = found.opinions_per_worker_day, found.solved_percent
        parts = [
            self.tr("走访 {n} 次").format(n=found.visits),
            self.tr("走到 {n} 户").format(n=found.households),
            self.tr("意见 {n} 条").format(n=found.opinions),
            self.tr("出勤 {n} 人日").format(n=found.worker_days),
        ]
        if rate is not None:
            parts.append(self.tr("每人日收集意见 {n} 条").format(n=rate))
        if share is not None:
            words = self.tr("接到诉求 {raised} 件，解决 {solved} 件（{share}%）")
            parts.append(words.format(raised=found.raised, solved=found.solved, share=share))
        self.words.show_words("　".join(parts))
