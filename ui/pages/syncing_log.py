"""同步记录: the last 500 exchanges, as support reads them; to copy, and to save without anything about residents."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.shared.clock import local_text
from desktop_app.sync import logbook
from desktop_app.sync.logbook import Exchange
from ui.pages.syncing_saving import ask_file, save_log
from ui.shell.parts import button, label, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage


class LogPane(QFrame):
    """A table; Ctrl+C copies the selected lines with their heads."""

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self.table = LineTable(
            (
                Column("at", self.tr("时间"), 124, lambda one: local_text(one.at, "%m-%d %H:%M:%S")),
                Column("result", self.tr("结果"), 84, lambda one: one.result),
                Column("words", self.tr("说明"), 200, lambda one: one.cells[-1]),
                Column("pushed", self.tr("上报"), 58, lambda one: f"{one.pushed:,}", align=RIGHT),
                Column("pulled", self.tr("收到"), 72, lambda one: f"{one.pulled:,}", align=RIGHT),
                Column("ms", self.tr("毫秒"), 62, lambda one: f"{one.ms:,}", align=RIGHT),
            ),
            self.tr("同步记录"),
            self,
            key=lambda one: str(one.no),
            several=True,
            stretch="words",
        )
        self.words = label("", wrap=True)
        self.table.chosen.connect(self._show_words)
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        icon = page.desk.theme.icon
        self.copy_button = button(self.tr("复制全部"), self.copy_all, icon=icon("copy", "accent_text"))
        self.save_button = button(self.tr("另存…"), self.export, icon=icon("export", "accent_text"))
        hint = label(self.tr("给维护人员看的，里面没有居民的资料。"), "muted")
        inner.addLayout(row(hint, 1, self.copy_button, self.save_button))
        inner.addWidget(self.table, 1)
        inner.addWidget(self.words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)

    def show_exchanges(self, lines: Sequence[Exchange]) -> None:
        """The last exchanges, newest first."""
        self._work.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.empty.show_words(self.tr("还没有同步过。每次同步的时间、条数和结果会记在这里，留最近 500 次。"))
        self.table.set_row_height(self.page.desk.theme.row_height)
        self.table.show_lines(lines)

    def _show_words(self, one: Exchange | None) -> None:
        self.words.setText(str(one.cells[-1]) if one is not None else "")
        self.words.setVisible(bool(self.words.text()))

    def copy_all(self) -> None:
        """Everything as text, with where this desk stands, for a message to support."""
        db, lines = self.page.desk.app.db, list(self.table.lines)
        self.page.read(lambda: logbook.as_text(db, lines), self._copied, key="copy")

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.page.desk.say(self.tr("已复制 {n} 次同步的记录").format(n=len(self.table.lines)))

    def export(self) -> None:
        """As text or a workbook."""
        kinds = self.tr("文本 (*.txt);;Excel (*.xlsx)")
        if path := ask_file(self, self.tr("同步记录另存为"), self.tr("同步记录.txt"), kinds):
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write it."""
        save_log(self.page, path)
