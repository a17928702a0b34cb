"""The sync state in the status bar and the banner: asked on the reader thread, after commits and once a minute."""

from PySide6.QtCore import QObject, QTimer

from desktop_app.shared.clock import local_text
from desktop_app.sync.status import SyncStatus, status
from ui.shell.desk import Desk
from ui.shell.statusbar import StatusBar
from ui.widgets.strip import Strip

_EVERY_MS = 60_000
_MS_A_DAY = 86_400_000


class SyncChip(QObject):
    """● 已同步 · ○ 离线可用 · ⚠ 待确认 · ✖ 同步失败;

    The banner is said once a sign-in, or amber and red when it is long.
    """

    def __init__(self, desk: Desk, bar: StatusBar, banner: Strip) -> None:
        super().__init__(desk)
        self._desk = desk
        self._bar = bar
        self._banner = banner
        self._said = ""
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.ask)
        self._timer.start()
        desk.signals.settled.connect(self.ask)
        self.ask()

    def ask(self) -> None:
        self._desk.background.read(lambda: status(self._desk.app.db), self.show, owner=self, key="sync")

    def show(self, now: SyncStatus) -> None:
        """Put the state into the chip, what waits for a person into the second one."""
        self._bar.sync.show_state(*self._words(now))
        waiting = now.conflicts + now.set_aside
        self._bar.asking.show_state(
            "ask" if waiting else "", self.tr("{n} 条待确认").format(n=waiting) if waiting else ""
        )
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
