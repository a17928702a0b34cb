"""同步: how this desk stands with the server in words, exchanging now, and the inbox of values two people wrote."""

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app.shared.clock import local_text
from ui.pages.page import Page
from ui.pages.syncing_inbox import InboxPane
from ui.pages.syncing_reading import SyncFacts, sync_facts
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.jobs import Job
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.record_table import CENTRE, Column
from ui.widgets.strip import Strip


class SyncingPage(Page):
    """State and exchanges at the left, the inbox at the right."""

    tables: ClassVar[frozenset[str]] = frozenset({"conflict", "person", "household", "meeting", "building"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._job: Job | None = None
        self.facts: SyncFacts | None = None
        self._state = label("", "title", wrap=True)
        self._detail = label("", "muted", wrap=True)
        self.notice = Strip(desk.theme, self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("同步进度"))
        self.bar.hide()
        self.sync_button = button(
            self.tr("现在同步"), self.sync_now, tone="primary", icon=desk.theme.icon("sync", "on_accent")
        )
        self._cancel = button(self.tr("停下"), self.cancel)
        self._cancel.hide()
        self._change = button(self.tr("换服务器…"), self._show_enrol, tone="link")
        self.form = RecordForm(self._fields(), self, columns=1)
        self.form.save_asked.connect(lambda _next: self.enrol())
        self._enrol_box = QWidget(self)
        self.log = self._make_log()
        self.inbox = InboxPane(self)
        self._arrange()

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("server", self.tr("服务器地址"), required=True, hint="https://…"),
            Field("code", self.tr("接入码"), "number", required=True, hint=self.tr("10 位字母和数字，向管理员要")),
            Field("name", self.tr("这台电脑叫"), hint=self.tr("如：前台1")),
        )

    def _make_log(self) -> LineTable:
        return LineTable(
            (
                Column("at", self.tr("时间"), 92, lambda one: local_text(one.at, "%m-%d %H:%M")),
                Column("words", self.tr("结果"), 150, lambda one: one.text or self.tr("成功")),
                Column("pushed", self.tr("上报"), 48, lambda one: str(one.pushed), align=CENTRE),
                Column("pulled", self.tr("收到"), 48, lambda one: str(one.pulled), align=CENTRE),
            ),
            self.tr("同步记录"),
            self,
            key=lambda one: str(one.no),
            stretch="words",
        )

    def _arrange(self) -> None:
        enrol = QVBoxLayout(self._enrol_box)
        enrol.setContentsMargins(0, 0, 0, 0)
        enrol.addWidget(label(self.tr("接入以后，登记会自动上报；没有网络时照常登记和打印。"), "muted", wrap=True))
        enrol.addWidget(self.form)
        self._enrol_button = button(self.tr("接入服务器"), self.enrol, tone="primary")
        enrol.addLayout(row(self._enrol_button, 1))
        card = Card("", self)
        for part in (self._state, self._detail, self.notice, self.bar):
            card.body.addWidget(part)
        card.body.addLayout(row(self.sync_button, self._cancel, 1, self._change))
        card.body.addWidget(self._enrol_box)
        log = Card(self.tr("同步记录"), self)
        log.body.addWidget(self.log)
        self._log_card = log
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(card)
        left.addWidget(log, 1)
        self._spacer = QWidget(self)
        left.addWidget(self._spacer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(left, 2)
        layout.addWidget(self.inbox, 3)

    def title(self) -> str:
        return self.tr("同步")

    def icon(self) -> str:
        return "sync"

    def first_focus(self) -> QWidget | None:
        if self.facts is not None and self.facts.clashes:
            return self.inbox.table
        if self.facts is not None and not self.facts.status.enrolled:
            return self.form.input("server")
        return self.sync_button

    def commands(self) -> tuple[Command, ...]:
        group = self.title()
        return (
            Command(self.tr("现在同步"), self.sync_now, "", "sync", group),
            Command(self.tr("采用第一个值"), lambda: self.inbox.take(1), "1", "check", group),
            Command(self.tr("采用第二个值"), lambda: self.inbox.take(2), "2", "check", group),
            Command(self.tr("全部采用较新的"), self.inbox.take_newer, "", "check", group),
        )

    # ------------------------------------------------------------------------------------------ show

    def refresh(self, _changed: frozenset[str], /) -> None:
        self.read(lambda: sync_facts(self.desk.app.db), self._show, key="sync")

    def _show(self, facts: SyncFacts) -> None:
        first, self.facts = self.facts is None, facts
        now = facts.status
        self._state.setText(now.words)
        self._detail.setText(self._words(facts))
        for part, shown in (
            (self.sync_button, now.enrolled),
            (self._change, now.enrolled),
            (self._enrol_box, not now.enrolled or (self._enrol_box.isVisibleTo(self) and not first)),
            (self._log_card, bool(facts.exchanges)),
            (self._spacer, not facts.exchanges),
        ):
            part.setVisible(shown)
        if first and not now.enrolled:
            self.form.show_values({"server": now.server, "name": ""})
        self.log.set_row_height(self.desk.theme.row_height)
        self.log.show_lines(facts.exchanges)
        self.inbox.show_clashes(facts.clashes)
        if first and self.isVisible():
            focus = self.first_focus()
            if focus is not None:
                focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if now.error and self._job is None:
            self.notice.show_words(
                self.tr("上次没有同步成功：{why}").format(why=now.error), "problem", self.tr("再试"), self.sync_now
            )

    def _words(self, facts: SyncFacts) -> str:
        now = facts.status
        if not now.enrolled:
            return self.tr("资料只保存在这台电脑里，记得定期备份。")
        lines = [self.tr("服务器：{url}").format(url=now.server)]
        lines.append(
            self.tr("有 {n} 条登记还没有上报，都在本机，不会丢。").format(n=f"{now.waiting:,}")
            if now.waiting
            else self.tr("本机的登记都已上报。")
        )
        if now.set_aside:
            lines.append(self.tr("有 {n} 条服务器没有接受，改一改会再次上报。").format(n=now.set_aside))
        if now.days_without:
            lines.append(self.tr("已经 {n} 天没有同步。").format(n=now.days_without))
        return "\n".join(lines)

    def _show_enrol(self) -> None:
        if self.facts is not None:
            self.form.show_values({"server": self.facts.status.server, "name": ""})
            self._enrol_box.show()
            self.form.input("code").setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------------ verbs

    def enrol(self) -> None:
        """Make this desk known to a server."""
        if self._job is not None or self.form.missing():
            return
        values = self.form.values()
        arguments = ["enrol", values["server"], values["code"]]
        if values["name"]:
            arguments += ["--name", values["name"]]
        job = self._start(self.tr("接入服务器"), arguments)
        job.ended.connect(self._enrolled)

    def _enrolled(self, report: object) -> None:
        unit = str(report.get("unit") or "") if isinstance(report, dict) else ""
        self._enrol_box.hide()
        self.notice.show_words(self.tr("已接入{unit}。").format(unit=unit), "good")
        self.refresh(frozenset())

    def sync_now(self) -> None:
        """One exchange, in a child process; work goes on meanwhile."""
        if self._job is None and self.facts is not None and self.facts.status.enrolled:
            job = self._start(self.tr("同步"), ["sync"])
            job.ended.connect(self._synced)

    def _start(self, title: str, arguments: list[str]) -> Job:
        self.notice.hide()
        job = self.desk.background.start_job(title, arguments)
        self._job = job
        self.bar.setRange(0, 0)
        self._busy(busy=True)
        job.progressed.connect(self._progress)
        job.failed.connect(self._failed)
        job.over.connect(self._over)
        return job

    def _busy(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        self._cancel.setVisible(busy)
        for part in (self.sync_button, self._enrol_button):
            part.setEnabled(not busy)

    def _progress(self, done: int, total: int, words: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        counts = f" {done:,}/{total:,}" if total else ""
        self._state.setText(self.tr("{words}{counts}（可以继续工作）").format(words=words, counts=counts))

    def _over(self, _job: Job) -> None:
        self._job = None
        self._busy(busy=False)
        self.desk.signals.tell(self.desk.app.db.tables)
        self.refresh(frozenset())

    def _synced(self, report: object) -> None:
        said: dict[str, Any] = report if isinstance(report, dict) else {}
        words = self.tr("同步完成：上报 {up} 条，收到 {down} 条").format(
            up=said.get("pushed", 0), down=said.get("pulled", 0)
        )
        problems = [str(one) for one in said.get("problems") or ()]
        self.notice.show_words("\n".join([words, *problems]), "warn" if problems else "good")

    def _failed(self, problem: Problem) -> None:
        if not self._enrol_box.isVisibleTo(self) or not self.form.show_problem(problem):
            self.notice.show_problem(problem)

    def cancel(self) -> None:
        """Stop the exchange; it may be taken up again at any time."""
        if self._job is not None:
            self._job.cancel()
