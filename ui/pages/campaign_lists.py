"""The list of a campaign out as a workbook, and back with its results: pending, to be looked at and saved."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from desktop_app.visits import sheet
from desktop_app.visits.model import Campaign
from desktop_app.visits.sheet import ResultsRead
from ui.pages.campaign_doors import with_results
from ui.shell.desk import Desk
from ui.widgets.knock_table import KnockTable
from ui.widgets.strip import Strip

_MOST_TOLD = 3


class CampaignLists(QObject):
    """What goes out and what comes back for one campaign."""

    def __init__(self, desk: Desk, campaign_id: str, table: KnockTable, strip: Strip) -> None:
        super().__init__(table)
        self._desk, self._id, self._table, self._strip = desk, campaign_id, table, strip

    def export(self) -> None:
        """The list as a workbook, to be filled in and read back."""
        campaign = self._desk.app.db.get(Campaign, self._id)
        suggested = f"{_documents()}/{campaign.name if campaign else ''}.xlsx"
        path, _ = QFileDialog.getSaveFileName(self._table, self.tr("导出名单"), suggested, "Excel (*.xlsx)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the list of the round under way; a child process does the work."""
        words = ["campaign", "report", self._id, "-o", str(path)]
        job = self._desk.background.start_job(self.tr("导出名单"), words)
        desk, told = self._desk, self.tr("已导出：{name}。填好后按 Ctrl+O 读回来。").format(name=path.name)
        job.ended.connect(lambda _done: desk.say(told))
        job.failed.connect(self._desk.problem)

    def read_back(self) -> None:
        """A list that was filled in elsewhere."""
        words, kinds = self.tr("读入填好的名单"), "Excel (*.xlsx *.xls *.csv)"
        path, _ = QFileDialog.getOpenFileName(self._table, words, _documents(), kinds)
        if path:
            self.read_from(Path(path))

    def read_from(self, path: Path) -> None:
        """Its results stand in the list as if they had been typed; nothing is saved yet."""
        db, key = self._desk.app.db, self._id
        self._desk.background.read(
            lambda: sheet.read_results(db, key, path),
            self._show_read,
            owner=self,
            key="read",
            failed=self._strip.show_problem,
        )

    def _show_read(self, found: ResultsRead) -> None:
        self._table.show_lines(with_results(self._table.lines, found.results))
        self._table.entered.emit()
        words = self.tr("读入 {n} 户，看过以后按 Ctrl+S 保存。").format(n=len(found.results))
        told = [self.tr("第 {row} 行{why}").format(row=one.row, why=one.message) for one in found.problems]
        if told:
            rest = self.tr(" 等 {n} 处").format(n=len(told)) if len(told) > _MOST_TOLD else ""
            words += self.tr("没有读入的：{told}{rest}").format(told="；".join(told[:_MOST_TOLD]), rest=rest)
        self._strip.show_words(words, "warn" if told else "good")


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
