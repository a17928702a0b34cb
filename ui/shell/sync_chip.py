"""Sync seen from the whole window: the state in the status bar, the banner, F5, and syncing by itself when it can.

The state is asked on the reader thread, after commits and once a minute. While the desk is enrolled an exchange
starts by itself when something waits or five minutes have passed; after a failure it waits longer each time. Nobody
is disturbed.
"""

from typing import Any

from PySide6.QtCore import QObject, QTimer

from desktop_app.shared.clock import local_text
from desktop_app.sync.status import SyncStatus, status
from ui.shell.desk import Desk
from ui.shell.jobs import Job
from ui.shell.problems import Problem
from ui.shell.statusbar import StatusBar
from ui.widgets.strip import Strip

_EVERY_MS = 60_000
_MS_A_DAY = 86_400_000
_MS_A_MINUTE = 60_000
REST_MINUTES = (5, 5, 10, 30)
"""How long to rest after a success, and after one, two, three and more failures in a row."""


class SyncChip(QObject):
    """● 已同步 · ○ 离线可用 · ⚠ 待确认 · ✖ 同步没有成功."""

    def __init__(self, desk: Desk, bar: StatusBar, banner: Strip, *, by_itself: bool = True) -> None:
        super().__init__(bar)  # it ends with the bar, so that no answer reaches a chip that is gone
        self._desk = desk
        self._bar = bar
        self._banner = banner
        self._by_itself = by_itself
        self._said = ""
        self._state: SyncStatus | None = None
        self._job: Job | None = None
        self._tried_at = 0
        self._failures = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.ask)
        self._timer.start()
        desk.signals.settled.connect(self.ask)
        self.ask()

    def ask(self) -> None:
        self._desk.background.read(lambda: status(self._desk.app.db), self.show, owner=self, key="sync")

    def show(self, now: SyncStatus) -> None:
        """Put the state into the chip, and what waits for a person into the second one."""
        self._state = now
        self._bar.sync.show_state(*self._words(now))
        waiting = now.conflicts + now.set_aside
        words = self.tr("{n} 条待确认").format(n=waiting) if waiting else ""
        self._bar.asking.show_state("ask" if waiting else "", words)
        self._show_banner(now)
        if self._by_itself and self._is_time(now):
            self._start(quietly=True)

    def _show_banner(self, now: SyncStatus) -> None:
        if now.urgency and now.urgency != self._said:
            self._said = now.urgency
            words = self.tr("已经 {n} 天没有同步。资料都在本机；请接上网络，或用U盘交换。").format(n=now.days_without)
            self._banner.show_words(words, "problem" if now.urgency == "red" else "warn")

    def _words(self, now: SyncStatus) -> tuple[str, str]:
        waiting = self.tr(" · 待上报 {n}").format(n=now.waiting) if now.waiting else ""
        if not now.enrolled:
            return "offline", self.tr("只在本机，未接入服务器")
        if now.error:
            return "failed", self.tr("同步没有成功，资料都在本机") + waiting
        if now.last_ok_at is None:
            return "offline", self.tr("离线可用，还没有同步过") + waiting
        at = local_text(now.last_ok_at, "%m-%d %H:%M")
        fresh = self._desk.app.clock.ms() - now.last_ok_at < _MS_A_DAY
        words = self.tr("已同步 {at}") if fresh and not now.waiting else self.tr("离线可用 · 上次同步 {at}")
        return ("online" if fresh else "offline"), words.format(at=at) + waiting

    # ------------------------------------------------------------------------------------------------------- syncing

    def _is_time(self, now: SyncStatus) -> bool:
        """Whether to sync by itself: at once for what waits, else every few minutes; longer after failures."""
        if not now.enrolled or self._job is not None:
            return False
        rested = self._desk.app.clock.ms() - self._tried_at
        rest = REST_MINUTES[min(self._failures, len(REST_MINUTES) - 1)] * _MS_A_MINUTE
        return rested >= (_MS_A_MINUTE if now.waiting and not self._failures else rest)

    def sync_now(self) -> None:
        """F5: one exchange in the background; a desk that is not enrolled is shown where to do so."""
        if self._state is None or not self._state.enrolled:
            self._desk.open_page("syncing")
        elif self._job is None:
            self._start(quietly=False)

    def _start(self, *, quietly: bool) -> None:
        self._tried_at = self._desk.app.clock.ms()
        job = self._desk.background.start_job(self.tr("同步"), ["sync"])
        self._job = job
        job.ended.connect(self._ended)
        job.over.connect(self._over)
        job.failed.connect(self._failed_quietly if quietly else self._failed)

    def _ended(self, report: object) -> None:
        self._failures = 0
        said: dict[str, Any] = report if isinstance(report, dict) else {}
        if said.get("pushed") or said.get("pulled"):
            words = self.tr("已同步：上报 {up} 条，收到 {down} 条")
            self._desk.say(words.format(up=said.get("pushed", 0), down=said.get("pulled", 0)))

    def _failed_quietly(self, _problem: Problem) -> None:
        """The chip says it; the next try comes by itself."""
        self._failures += 1

    def _failed(self, problem: Problem) -> None:
        self._failures += 1
        self._desk.problem(problem)

    def _over(self, _job: Job) -> None:
        self._job = None
        self._desk.signals.tell(self._desk.app.db.tables)
        self.ask()
