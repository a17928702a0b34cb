"""The three lists of the page 走访: who is due, what was recorded, campaigns."""

from PySide6.QtWidgets import QWidget

from desktop_app.visits.campaigns import CampaignLine
from desktop_app.visits.queries import DueLine
from ui.shell.desk import Desk
from ui.shell.row_marks import RowMarks
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column


class DueTable(LineTable):
    """该走访, the longest waiting first."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            (
                Column("name", self.tr("户主"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 180, lambda line: line.address),
                Column("tags", self.tr("关怀"), 150, lambda line: "、".join(line.tags)),
                Column("last", self.tr("上次走访"), 100, lambda line: line.last_on or self.tr("从未走访")),
                Column("over", self.tr("逾期"), 80, self._over, tone=lambda line: "bad" if line.days_over > 0 else ""),
            ),
            self.tr("该走访的户"),
            parent,
            stretch="address",
        )
        self.show_tones(desk.theme)

    def _over(self, line: DueLine) -> str:
        if line.last_on is None:
            return ""
        return self.tr("{n} 天").format(n=line.days_over) if line.days_over else self.tr("今天")


class DoneTable(LineTable):
    """走访记录, newest first, each with how it stands with the server."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            (
                RowMarks(desk, "visit", parent).column(),
                Column("on", self.tr("日期"), 100, lambda line: line.on),
                Column("name", self.tr("对象"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 160, lambda line: line.address),
                Column("result", self.tr("结果"), 64, lambda line: line.result),
                Column("workers", self.tr("走访人"), 100, lambda line: line.workers),
                Column("findings", self.tr("情况"), 220, lambda line: line.findings),
            ),
            self.tr("走访记录"),
            parent,
            stretch="findings",
        )


class CampaignsTable(LineTable):
    """敲门行动, each with how far it has come and how it stands with the server."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            (
                RowMarks(desk, "campaign", parent).column(),
                Column("name", self.tr("名称"), 220, lambda line: line.name),
                Column("state", self.tr("状态"), 60, lambda line: line.state),
                Column("round", self.tr("轮次"), 70, lambda line: self.tr("第 {n} 轮").format(n=line.round)),
                Column("from_on", self.tr("开始"), 100, lambda line: line.from_on),
                Column("homes", self.tr("户数"), 60, lambda line: str(line.coverage.homes), align=RIGHT),
                Column("reached", self.tr("见到"), 60, lambda line: str(line.coverage.reached), align=RIGHT),
                Column("waiting", self.tr("没上门"), 70, lambda line: str(line.coverage.waiting), align=RIGHT),
                Column("percent", self.tr("覆盖率"), 70, _percent, align=RIGHT),
            ),
            self.tr("敲门行动"),
            parent,
            stretch="name",
        )


def _percent(line: CampaignLine) -> str:
    return "—" if line.coverage.percent is None else f"{line.coverage.percent}%"
