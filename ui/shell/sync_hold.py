"""Pausing the exchange that starts by itself: for a while, or while the network is paid for by volume."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QCoreApplication

from desktop_app.shared.clock import Clock, local_text
from ui.shell.settings import Settings

HOUR = 3_600_000
_LONGEST = 25 * HOUR
_UNTIL, _SPARE, _AUTOMATIC = "sync/hold_until", "sync/spare_metered", "sync/automatic"


class SyncHold:
    """What the person said about pausing, kept with the settings of the window; asking for a sync is always allowed."""

    def __init__(self, settings: Settings, clock: Clock, metered: Callable[[], bool] | None = None) -> None:
        self._settings, self._clock = settings, clock
        self._metered = metered or is_metered

    def for_an_hour(self) -> None:
        """暂停一小时."""
        self._settings.put(_UNTIL, self._clock.ms() + HOUR)

    def until_tomorrow(self) -> None:
        """暂停到明天: midnight by the clock on the wall."""
        midnight = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self._settings.put(_UNTIL, int(midnight.timestamp() * 1000))

    def end(self) -> None:
        """恢复自动同步."""
        self._settings.put(_UNTIL, 0)

    @property
    def until(self) -> int:
        """UTC ms; 0 when it is not paused for a while."""
        until = self._settings.number(_UNTIL, 0)
        # longer than to tomorrow nobody can ask for: the clock was put back meanwhile
        return until if 0 < until - self._clock.ms() <= _LONGEST else 0

    @property
    def spares_metered(self) -> bool:
        """Whether to rest on a connection that is paid for by volume."""
        return self._settings.flag(_SPARE, default=True)

    def spare_metered(self, *, spare: bool) -> None:
        """按流量计费的网络上不自动同步."""
        self._settings.put(_SPARE, spare)

    @property
    def is_sparing(self) -> bool:
        """Whether this connection is paid for by volume, and is to be spared."""
        return self.spares_metered and self._metered()

    @property
    def is_automatic(self) -> bool:
        """Whether exchanges start by themselves at all."""
        return self._settings.flag(_AUTOMATIC, default=True)

    def be_automatic(self, *, automatic: bool) -> None:
        """自动同步开或关."""
        self._settings.put(_AUTOMATIC, automatic)

    @property
    def words(self) -> str:
        """Why no exchange starts by itself; empty when it may."""
        translate = QCoreApplication.translate
        if not self.is_automatic:
            return translate("SyncHold", "自动同步已关")
        if until := self.until:
            far = until - self._clock.ms() > 12 * HOUR or local_text(until, "%H:%M") == "00:00"
            at = translate("SyncHold", "明天") if far else local_text(until, "%H:%M")
            return translate("SyncHold", "自动同步暂停到{at}").format(at=at)
        if self.is_sparing:
            return translate("SyncHold", "流量网络，暂停自动同步")
        return ""


def is_metered() -> bool:
    """Whether the system says that this connection is paid for by volume; False where it cannot say."""
    from PySide6.QtNetwork import QNetworkInformation

    feature = QNetworkInformation.Feature.Metered
    if not QNetworkInformation.loadBackendByFeatures(feature):
        return False
    found = QNetworkInformation.instance()
    return found.supports(feature) and found.isMetered()
