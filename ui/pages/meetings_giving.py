"""The list of meetings given out: a workbook or a paper of what is shown, noted in the register of exports."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from desktop_app.meetings.queries import MeetingLine
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.spooler import save
from desktop_app.printing.tables import Column as PaperColumn
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.spreadsheets.workbook import SheetOut, write
from ui.pages.page import Page

NAME: Final = "会议"
HEADERS: Final = ("编号", "时间", "会议", "类型", "地点", "应到", "实到", "议定事项", "没办完", "签字")
ORDERS: Final[Mapping[str, Callable[[MeetingLine], Any]]] = {
    "starts": lambda line: line.starts_at,
    "title": lambda line: line.title,
    "kind": lambda line: line.kind,
    "there": lambda line: line.present * 1000 // max(line.due, 1),
    "open": lambda line: line.open,
    "no": lambda line: line.no,
}
"""Sort key by the name of a column."""


def cells(line: MeetingLine) -> tuple[object, ...]:
    """A line of the list."""
    signed = "已签字" if line.signed else ""
    return (
        line.no, line.starts_at, line.title, line.kind, line.place, line.due, line.present, line.resolutions, line.open,
        signed,
    )  # fmt: skip


def ask_where(page: Page) -> Path | None:
    """Where the file goes; None for nowhere."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    kinds = page.tr("Excel 表格 (*.xlsx);;可打印的 PDF (*.pdf)")
    path, _ = QFileDialog.getSaveFileName(page, page.tr("导出"), f"{folder}/{NAME}.xlsx", kinds)
    return Path(path) if path else None


def export_to(page: Page, path: Path, lines: Sequence[MeetingLine]) -> None:
    """Write the list as it is shown."""
    app, desk = page.desk.app, page.desk
    rows = [cells(line) for line in lines]

    def make(draft: Path) -> None:
        if path.suffix.lower() == ".pdf":
            note = f"{app.community.name}　{app.clock.today()}　共 {len(rows)} 次"
            paper = TablePaper(
                NAME, tuple(PaperColumn(word) for word in HEADERS), tuple(tuple(map(str, row)) for row in rows), note
            )
            save(TableForm().draw([paper], Choice(size="A4 横向")), draft)
        else:
            write(draft, [SheetOut(NAME, HEADERS, rows)])

    told = page.tr("已导出：{name}").format(name=path.name)
    export = Export(NAME, list(HEADERS), len(rows))
    page.write(lambda: give_out(app.db, app.actor, export, path, make), lambda _done: desk.say(told))
