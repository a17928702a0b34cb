"""已处理: what was settled, by whom, when and how; the values stay to be looked at, and each can be put back."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.sync import conflicts
from ui.pages.syncing_detail import ClashDetail
from ui.pages.syncing_inbox import filter_choices, found, when
from ui.pages.syncing_reading import Clash
from ui.pages.syncing_saving import ask_file, save_conflicts
from ui.shell.doing import do
from ui.shell.parts import button, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Filter, FilterBar
from ui.widgets.in_parts import InParts
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import scrolled
from ui.widgets.record_model import Column

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage


class SettledPane(InParts, QFrame):
    """The list, the last first, and the one under the cursor."""

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self._all: tuple[Clash, ...] = ()
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        page = self.page
        filters = (Filter("table", self.tr("类别")), Filter("kind", self.tr("情况")))
        self.bar = FilterBar(filters, self.tr("姓名、哪一项、谁录入"), page.desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self._show_found())
        self.table = LineTable(
            (
                Column("record", self.tr("哪条记录"), 170, lambda one: one.record),
                Column("field", self.tr("哪一项"), 100, lambda one: one.field_zh or one.meaning.title),
                Column("chosen", self.tr("怎样处理"), 110, lambda one: one.chosen),
                Column("by", self.tr("谁处理"), 72, lambda one: one.settled_by),
                Column("at", self.tr("什么时候"), 96, lambda one: when(one.settled_at)),
            ),
            self.tr("已处理的冲突"),
            self,
            stretch="record",
        )
        yield
        self.detail = ClashDetail(page.desk, self)
        yield
        self.table.chosen.connect(self.detail.show_clash)
        self.table.asked.connect(lambda _one: self.detail.open_record())
        self.again = button(self.tr("重新确认"), self.reopen)
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        self._arrange()

    def _arrange(self) -> None:
        export = button(self.tr("导出"), self.export, icon=self.page.desk.theme.icon("export", "accent_text"))
        self.bar.actions_row.addWidget(export)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.bar)
        inner.addWidget(self.table, 3)
        inner.addWidget(scrolled(self.detail), 3)
        inner.addLayout(row(self.again, 1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)

    def show_clashes(self, clashes: Sequence[Clash]) -> None:
        """Everything that was settled, at whatever desk."""
        self._all = tuple(clashes)
        self._work.setVisible(bool(clashes))
        self.empty.setVisible(not clashes)
        self.empty.show_words(self.tr("还没有处理过冲突。处理过的会列在这里：谁、什么时候、选了哪个。"))
        for key, listed in filter_choices(clashes).items():
            self.bar.chips[key].set_choices(listed)
        self.table.set_row_height(self.page.desk.theme.row_height)
        self._show_found()

    def _show_found(self) -> None:
        lines = found(self._all, self.bar.chosen)
        self.bar.show_count(self.tr("{n} 条").format(n=len(lines)))
        self.table.show_lines(lines)

    def reopen(self) -> None:
        """Put the one under the cursor back among those that wait."""
        clash, app = self.table.current, self.page.desk.app
        if clash is not None:
            words = self.tr("已放回“待确认”，记录先不动")
            do(self.page.desk, self, lambda: conflicts.reopen(app.db, app.actor, clash.id), lambda _none: words)

    def export(self) -> None:
        """What is listed, as a workbook with masked numbers."""
        if path := ask_file(self, self.tr("导出已处理的冲突（号码已遮盖）"), self.tr("已处理.xlsx"), "Excel (*.xlsx)"):
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the workbook."""
        save_conflicts(self.page, path, [one.id for one in self.table.lines])
