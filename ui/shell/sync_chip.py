"""Sync seen from the whole window: the state in the status bar, the banner, F5, and syncing by itself when it can.

The state is asked on the reader thread, after commits and three times a minute.  Whether the server can be reached is
what came of asking it the last time, never what the network card says.  Nobody is disturbed.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from PySide6.QtCore import QObject, QTimer

from desktop_app.shared.errors import NetworkError
from desktop_app.sync.schedule import Plan, Standing, standing
from desktop_app.sync.status import SyncStatus, status
from ui.shell.change_hints import ChangeHints
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.jobs import Job
from ui.shell.problems import Problem
from ui.shell.statusbar import StatusBar
from ui.shell.sync_words import is_calm, standing_words, unreachable
from ui.widgets.strip import Strip

_EVERY_MS = 20_000


class SyncChip(QObject):
    """● 已同步 · ○ 离线可用 · ↻ 正在同步 · ‖ 暂停 · ⚠ 待确认 · ✖ 同步没有成功."""

    def __init__(
        self,
        desk: Desk,
        bar: StatusBar,
        banner: Strip,
        *,
        by_itself: bool = True,
        is_told: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(bar)  # it ends with the bar, so that no answer reaches a chip that is gone
        self._desk = desk
        self._bar = bar
        self._banner = banner
        self._by_itself = by_itself
        self._is_told = is_told  # whether the page shows the same words right now
        self._said = self._told = ""
        self._told_offline = False
        self._offline = self.tr("现在连不上服务器。您可以照常登记和打印，连上后自动上报。")
        self._state: SyncStatus | None = None
        self._stands = Standing(desk.app.clock.ms())
        self.plan = Plan(Random())  # noqa: S311 spreads desks over time, hides nothing
        self.hints = ChangeHints(desk.app, self)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.ask)
        self._timer.start()
        self._listen()
        self.ask()

    def _listen(self) -> None:
        exchanger = self._desk.exchanger
        self._desk.signals.settled.connect(self.ask)
        exchanger.began.connect(self._began)
        exchanger.ended.connect(self._ended)
        exchanger.failed.connect(self._failed)
        exchanger.asked.connect(self._asked)
        exchanger.over.connect(self.ask)
        self.hints.hinted.connect(self._hinted)
        self.hints.rested.connect(self._listen_on)

    def commands(self, group: str) -> tuple[Command, ...]:
        """What can be done about sync anywhere."""
        return (
            Command(self.tr("现在同步"), self.sync_now, "F5", "sync", group, "sync.run"),
            Command(self.tr("暂停自动同步 1 小时"), self.pause_an_hour, group=group),
            Command(self.tr("暂停自动同步到明天"), self.pause_until_tomorrow, group=group),
            Command(self.tr("恢复自动同步"), self.resume, group=group),
        )

    def ask(self) -> None:
        db = self._desk.app.db
        self._desk.background.read(lambda: (status(db), standing(db)), self._answered, owner=self, key="sync")

    def _answered(self, found: tuple[SyncStatus, Standing]) -> None:
        now, self._stands = found
        self.show(now)

    def show(self, now: SyncStatus) -> None:
        """Put the state into the chip, and what waits for a person into the second one."""
        self._state = now
        if self._desk.exchanger.job is None:
            self._bar.sync.show_state(*self._words(now))
        waiting = now.conflicts + now.set_aside if self._desk.may("sync.settle") else 0
        words = self.tr("{n} 条待确认").format(n=waiting) if waiting else ""
        self._bar.asking.show_state("ask" if waiting else "", words)
        self._show_banner(now)
        if self._by_itself and self.may_start(now):
            self._desk.exchanger.sync(quietly=True)
        self._listen_on()

    def _show_banner(self, now: SyncStatus) -> None:
        if now.urgency and now.urgency != self._said:
            self._said = now.urgency
            words = self.tr("已经 {n} 天没有同步。资料都在本机；请接上网络，或用U盘交换。").format(n=now.days_without)
            self._banner.show_words(words, "problem" if now.urgency == "red" else "warn")
        elif unreachable(now) and not self._told_offline and self._banner.isHidden():
            self._told_offline = True
            self._banner.show_words(self._offline)
        elif now.online and self._banner.words == self._offline:
            self._banner.hide()

    def _words(self, now: SyncStatus) -> tuple[str, str]:
        tone, words = standing_words(now, self._desk.app.clock, self._desk.hold.words)
        waiting = self.tr(" · 待上报 {n}").format(n=now.waiting) if now.waiting and now.enrolled else ""
        return tone, words + waiting

    # ------------------------------------------------------------------------------------------------------- syncing

    def may_start(self, now: SyncStatus) -> bool:
        """Whether to sync by itself: its time has come, nobody paused it, and no question of its own is open."""
        idle = now.enrolled and self._desk.exchanger.job is None and not now.asks
        stands = replace(self._stands, now=self._desk.app.clock.ms())
        return idle and self.plan.is_time(stands, now.waiting) and not self._desk.hold.words

    def may_listen(self, now: SyncStatus) -> bool:
        """Whether to wait for the server's hints: an exchange may start by itself, and the last one went well."""
        idle = now.enrolled and self._desk.exchanger.job is None and not now.asks and not now.error
        told_to_wait = now.pause_until > self._desk.app.clock.ms()
        return idle and now.last_ok_at is not None and not told_to_wait and not self._desk.hold.words

    def _listen_on(self) -> None:
        wanted = self._by_itself and not self.plan.is_hinted
        if wanted and self._state is not None and self.may_listen(self._state):
            self.hints.listen()
        else:
            self.hints.stop()

    def _hinted(self) -> None:
        """There is news: look at it within a few seconds."""
        now = self._desk.app.clock.ms()
        self.plan.hinted(now)
        due = self.plan.next_at(replace(self._stands, now=now), 0) - now
        QTimer.singleShot(min(max(due, 0), _EVERY_MS) + 1, self, self.ask)

    def sync_now(self) -> None:
        """F5: one exchange in the background; a desk that is not enrolled is shown where to do so."""
        if self._state is None or not self._state.enrolled:
            self._desk.open_page("syncing")
        else:
            self._desk.exchanger.sync()

    def pause_an_hour(self) -> None:
        """Nothing starts by itself for an hour."""
        self._desk.hold.for_an_hour()
        self._held()

    def pause_until_tomorrow(self) -> None:
        """Nothing starts by itself today."""
        self._desk.hold.until_tomorrow()
        self._held()

    def resume(self) -> None:
        """Exchanges start by themselves again."""
        self._desk.hold.end()
        self._held()

    def _held(self) -> None:
        self._desk.say(self._desk.hold.words or self.tr("自动同步已恢复"))
        self.ask()

    def _began(self, job: Job) -> None:
        self.plan.began(self._desk.app.clock.ms())
        self._bar.sync.show_state("busy", self.tr("正在同步（可以继续工作）"))
        job.progressed.connect(self._progress)
        job.cancelled.connect(self._stopped)

    def _progress(self, done: int, total: int, words: str) -> None:
        counts = f" {done:,}/{total:,}" if total else ""
        self._bar.sync.show_state("busy", self.tr("{words}{counts}（可以继续工作）").format(words=words, counts=counts))

    def _stopped(self) -> None:
        self.plan.stopped(self._desk.app.clock.ms())

    def _ended(self, report: object) -> None:
        if self._told and self._banner.words == self._told:
            self._banner.hide()  # what stood in the way is over
        said: dict[str, Any] = report if isinstance(report, dict) else {}
        if said.get("pushed") or said.get("pulled"):
            words = self.tr("已同步：上报 {up} 条，收到 {down} 条")
            self._desk.say(words.format(up=said.get("pushed", 0), down=said.get("pulled", 0)))

    def _failed(self, problem: Problem, quietly: bool) -> None:
        """The chip says it, and the next try comes by itself; who asked for it is told why, in red if it is a fault."""
        if quietly or self._is_told():
            return
        enrolled = self._state is not None and self._state.enrolled
        if enrolled and problem.code == NetworkError.code and is_calm(problem.words):
            self._banner.show_words(str(problem))
        else:
            self._desk.problem(problem)
        self._told = self._banner.words

    def _asked(self, problem: Problem) -> None:
        """So many deletions that somebody must look first."""
        if self._is_told():
            return
        self._banner.show_words(
            problem.words, "warn", self.tr("去看看"), lambda: self._desk.open_page("syncing", "asked")
        )
