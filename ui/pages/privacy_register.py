"""The face 导出登记: every list of people that was given out."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.privacy import queries, sheet
from desktop_app.privacy.policy import policy_of
from desktop_app.privacy.queries import ExportFilter, ExportLine
from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column

_MOST = 5_000


class RegisterPane(ListPane):
    """Nothing is added here by hand: an export writes its own line before the file exists."""

    name: ClassVar[str] = "导出登记"
    record: ClassVar[str] = "export_record"
    search: ClassVar[str] = "内容、接收方、用途、经手人"
    stretch: ClassVar[str] = "what"
    tables: ClassVar[frozenset[str]] = frozenset({"export_record"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("at", self.tr("时间"), 128, lambda line: local_text(line.at), "at"),
            Column("what", self.tr("内容"), 150, lambda line: line.what, "what"),
            Column("count", self.tr("条数"), 52, lambda line: str(line.count), "count", RIGHT),
            Column("masked", self.tr("号码"), 60, lambda line: line.numbers, "masked"),
            Column("to", self.tr("接收方"), 96, lambda line: line.recipient, "to"),
            Column("who", self.tr("经手人"), 68, lambda line: line.by_name, "who"),
        )

    def filters(self) -> tuple[Filter, ...]:
        return (Filter("full", self.tr("号码"), (("1", self.tr("只看完整号码的")),), several=False),)

    def orders(self) -> Mapping[str, Callable[[ExportLine], Any]]:
        return {
            "at": lambda line: line.at,
            "what": lambda line: line.what,
            "count": lambda line: line.count,
            "masked": lambda line: line.masked,
            "to": lambda line: line.recipient,
            "who": lambda line: line.by_name,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[ExportLine]:
        return queries.exports(db, ExportFilter(words=chosen.text, full_only=bool(chosen.one("full"))), _MOST)

    def title_of(self, line: ExportLine) -> str:
        return line.what

    def facts(self, line: ExportLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("时间"), local_text(line.at)),
            (self.tr("接收方"), line.recipient),
            (self.tr("用途"), line.purpose),
            (self.tr("字段"), line.fields),
            (self.tr("条数"), str(line.count)),
            (self.tr("号码"), line.numbers),
            (self.tr("经手人"), line.by_name),
            (self.tr("审批人"), line.approved_by),
            (self.tr("文件"), line.target),
            (self.tr("文件指纹"), " ".join(line.sha256[at : at + 8] for at in range(0, len(line.sha256), 8))),
        )

    def nothing(self) -> str:
        years = policy_of(self.page.desk.app.db).keep_years
        return self.tr("还没有导出过名单。每一次导出都会先在这里登记，保存 {n} 年。").format(n=years)

    def write_file(self, db: Database, path: Path, lines: Sequence[ExportLine]) -> None:
        del db
        sheet.write_register(path, lines)
