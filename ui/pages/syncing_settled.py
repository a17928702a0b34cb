"""已处理: what was settled, by whom, when and how; the values stay to be looked at, and each can be put back."""

from collections.abc import Iterator

from desktop_app.sync import conflicts
from ui.pages.syncing_clashes import ClashPane, when
from ui.pages.syncing_detail import ClashDetail
from ui.pages.syncing_saving import ask_file
from ui.shell.doing import do
from ui.shell.parts import button, row
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column


class SettledPane(ClashPane):
    """The list, the last first, and the one under the cursor."""

    def _parts(self) -> Iterator[None]:
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
        self.detail = ClashDetail(self.page.desk, self)
        yield
        self.table.chosen.connect(self.detail.show_clash)
        self.table.asked.connect(lambda _one: self.detail.open_record())
        self.again = button(self.tr("重新确认"), self.reopen)
        self._arrange((), (3, 3), row(self.again, 1))

    def _nothing(self) -> str:
        return self.tr("还没有处理过冲突。处理过的会列在这里：谁、什么时候、选了哪个。")

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
