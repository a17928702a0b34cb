"""审计: who saw, changed, printed and exported what, newest first; whether anybody has been at it; the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.accounts import trail
from desktop_app.accounts.queries import AuditFilter, AuditLine
from desktop_app.shared.clock import local_text
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, readable, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.inputs import ChoiceBox, DateEdit, LineEdit, tidy_date
from ui.widgets.job_bar import JobBar
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.strip import Strip

_DATE_WIDTH, _WHO_WIDTH, _WHAT_WIDTH = 112, 120, 150


@dataclass(frozen=True, slots=True)
class AuditPortion:
    """Some lines, how many there are in all, and the names the filter offers."""

    lines: Sequence[AuditLine]
    total: int
    people: list[str]


class AuditPage(Page):
    """For the auditor alone; nothing of it is read on the window's thread."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._chosen = AuditFilter()
        self._total = 0
        self.since, self.until = DateEdit(self), DateEdit(self)
        self.who = ChoiceBox([("", self.tr("所有人"))], self)
        self.what = LineEdit(self)
        self.count = label("", "muted")
        self.table = LineTable(
            (
                Column("no", self.tr("行号"), 64, lambda line: str(line.no), align=RIGHT),
                Column("at", self.tr("时间"), 150, lambda line: local_text(line.at, "%Y-%m-%d %H:%M:%S")),
                Column("who", self.tr("人员"), 84, lambda line: line.who),
                Column("what", self.tr("做了什么"), 300, lambda line: line.what),
                Column("why", self.tr("原因"), 130, lambda line: line.why),
                Column("changes", self.tr("改动"), 56, lambda line: str(line.changes or ""), align=RIGHT),
                Column("undone", self.tr("撤销"), 84, self._undone),
            ),
            self.tr("审计记录"),
            self,
            key=lambda line: str(line.no),
            several=True,
            stretch="what",
        )
        self.detail = readable("", "muted")
        self.more = button(self.tr("再看更早的"), self.show_more, tone="link")
        self.verdict = Strip(desk.theme, self)
        self.findings = readable()
        self.job = JobBar(desk, self.tr("核对审计记录"), self, lambda words: words)
        icon = desk.theme.icon
        self.verify_button = button(self.tr("核对完整性"), self.verify, icon=icon("check", "accent_text"))
        self.export_button = button(self.tr("导出 Excel"), self.export, icon=icon("export", "accent_text"))
        self._empty = EmptyState(self)
        self._arrange()

    def _arrange(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.findings.hide()
        self.more.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(self._filters())
        for part in (self.job, self.verdict, self.findings):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)
        foot = row(self.detail, self.count, self.more)
        foot.setStretch(0, 1)
        layout.addLayout(foot)
        self.table.chosen.connect(self._tell)
        self.job.ended.connect(self._verified)
        self.job.over.connect(lambda: self.verify_button.setEnabled(True))
        self.desk.theme.changed.connect(self._size)
        self._size()

    def _filters(self) -> Any:
        self.since.setPlaceholderText(self.tr("开始日期"))
        self.until.setPlaceholderText(self.tr("结束日期"))
        self.what.setPlaceholderText(self.tr("做了什么、原因"))
        for field, name in (
            (self.since, self.tr("从哪一天")),
            (self.until, self.tr("到哪一天")),
            (self.who, self.tr("谁")),
            (self.what, self.tr("做了什么、原因")),
        ):
            field.setAccessibleName(name)
        for field in (self.since, self.until, self.what):
            field.entered.connect(self.search)
        self.who.activated.connect(lambda _at: self.search())
        verbs = (button(self.tr("查看"), self.search), button(self.tr("清除"), self.clear, tone="link"))
        until = QLabel(self.tr("至"))
        return row(
            self.since, until, self.until, self.who, self.what, *verbs, 1, self.verify_button, self.export_button
        )  # fmt: skip

    def _size(self) -> None:
        factor = self.desk.theme.font_px / 14
        for field, width in (
            (self.since, _DATE_WIDTH),
            (self.until, _DATE_WIDTH),
            (self.who, _WHO_WIDTH),
            (self.what, _WHAT_WIDTH),
        ):
            field.setFixedWidth(round(width * factor))

    def title(self) -> str:
        return self.tr("审计")

    def icon(self) -> str:
        return "eye"

    def first_focus(self) -> QWidget:
        return self.table if self.table.lines else self.what

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (
            Command(self.tr("查找审计记录"), self.what.setFocus, "Ctrl+F", "search", here),
            Command(self.tr("再看更早的"), self.show_more, "Ctrl+PgDown", "down", here),
            Command(self.tr("核对完整性"), self.verify, "Y", "check", here),
            Command(self.tr("导出 Excel"), self.export, "Ctrl+E", "export", here),
        )

    # ------------------------------------------------------------------------------------------------------------ lines

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, actor, chosen = self.desk.app.db, self.desk.app.actor, self._chosen

        def work() -> AuditPortion:
            return AuditPortion(trail.page(db, actor, chosen), trail.count(db, actor, chosen), trail.people(db, actor))

        self.read(work, self._show, key="lines")

    def _show(self, found: AuditPortion) -> None:
        here = self.who.code
        self.who.clear()
        self.who.addItem(self.tr("所有人"), "")
        for name in found.people:
            self.who.addItem(name, name)
        self.who.choose(here)
        self._total = found.total
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.show_lines(found.lines)
        self._say_count()
        self._empty.show_words(
            self.tr("没有符合条件的审计记录。可以放宽日期，或清除条件看全部。"), self.tr("看全部"), "", self.clear
        )
        self._stack.setCurrentIndex(0 if found.lines else 1)

    def _say_count(self) -> None:
        here = len(self.table.lines)
        words = self.tr("共 {n} 行") if here >= self._total else self.tr("共 {n} 行，已列出 {here} 行")
        self.count.setText(words.format(n=f"{self._total:,}", here=f"{here:,}"))
        self.more.setVisible(here < self._total)

    def show_more(self) -> None:
        """The lines before the last one listed."""
        lines, db, actor, chosen = self.table.lines, self.desk.app.db, self.desk.app.actor, self._chosen
        if lines and len(lines) < self._total:
            self.read(lambda: trail.page(db, actor, chosen, lines[-1].no), self._append, key="more")

    def _append(self, older: Sequence[AuditLine]) -> None:
        at = self.table.verticalScrollBar().value()
        self.table.show_lines([*self.table.lines, *older])
        self.table.verticalScrollBar().setValue(at)
        self._say_count()

    def search(self) -> None:
        """List what the fields say."""
        if not all(self._is_day(field) for field in (self.since, self.until)):
            return
        self._chosen = AuditFilter(
            _ms(self.since.text(), timedelta()),
            _ms(self.until.text(), timedelta(days=1)),
            self.who.code,
            self.what.text().strip(),
        )
        self.refresh(frozenset())

    def _is_day(self, field: DateEdit) -> bool:
        """Whether a day stands in a field, or nothing; what is neither is said in the strip."""
        field.setText(tidy_date(field.text()))  # Return does not leave the field
        try:
            _ms(field.text(), timedelta())
        except ValueError:
            told = self.tr("“{text}”不是日期。请写成 20260105 这样。")
            self.verdict.show_words(told.format(text=field.text()), "problem")
            field.setFocus()
            return False
        return True

    def clear(self) -> None:
        """Everything."""
        for field in (self.since, self.until, self.what):
            field.clear()
        self.who.choose("")
        self.search()

    def _undone(self, line: AuditLine) -> str:
        return self.tr("第 {no} 行").format(no=line.undone_by) if line.undone_by else ""

    def _tell(self, line: AuditLine | None) -> None:
        if line is None:
            self.detail.clear()
            return
        parts = [line.what, self.tr("原因：{why}").format(why=line.why) if line.why else ""]
        if line.changes:
            parts.append(self.tr("改动 {n} 条记录").format(n=f"{line.changes:,}"))
        self.detail.setText("　".join(part for part in parts if part))

    # ----------------------------------------------------------------------------------------------------------- verify

    def verify(self) -> None:
        """Every line against its seal, the chain and the proofs others hold: a child process."""
        if not self.job.busy:
            self.verdict.hide()
            self.findings.hide()
            self.verify_button.setEnabled(False)
            self.job.start(self.tr("核对审计记录"), ["audit", "verify"], self.tr("正在核对审计记录"))

    def _verified(self, told: dict[str, Any]) -> None:
        first, *rest = (str(line).strip(" ✓✗") for line in told["words"])
        self.verdict.show_words(first, "good" if told["sound"] else "problem")
        self.findings.setText("\n".join(rest))
        self.findings.setVisible(bool(rest))

    def export(self) -> None:
        """What is listed and what comes after it, as a workbook; a line of the trail itself."""
        name = self.tr("审计记录-{on}.xlsx").format(on=self.desk.app.clock.today().isoformat())
        path, _ = QFileDialog.getSaveFileName(self, self.tr("导出审计记录"), name, self.tr("Excel 表格 (*.xlsx)"))
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """A child process writes the file."""
        told = [part for name, value in self._told() if value for part in (name, value)]
        job = self.desk.background.start_job(self.tr("导出审计记录"), ["audit", "export", path, *told])
        job.ended.connect(self._exported)
        job.failed.connect(self.desk.problem)

    def _told(self) -> tuple[tuple[str, str], ...]:
        return (
            ("--since", self.since.text().strip()),
            ("--until", self.until.text().strip()),
            ("--who", self._chosen.who),
            ("--what", self._chosen.what),
        )

    def _exported(self, told: dict[str, Any]) -> None:
        self.desk.say(self.tr("已导出 {n} 行审计记录到 {path}").format(n=told["rows"], path=told["file"]))
        self.refresh(frozenset())


def _ms(text: str, more: timedelta) -> int | None:
    """The beginning of a day at this desk (ISO), or of one so many days later, in UTC ms; None where nothing stands."""
    if not text:
        return None
    day = date.fromisoformat(text) + more
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)
