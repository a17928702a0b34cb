"""How this desk stands with the server, in the same words and tone wherever it is said.

A server that cannot be reached is no failure: everything works here, and what waits goes up by itself later.
"""

from PySide6.QtCore import QCoreApplication

from desktop_app.shared.clock import Clock, local_text
from desktop_app.sync.status import SyncStatus

_MS_A_DAY = 86_400_000


def standing_words(now: SyncStatus, clock: Clock, held: str) -> tuple[str, str]:
    """(tone, words) without counts; tones: online, offline, paused or failed.  `held`: why nothing starts by itself."""
    translate = QCoreApplication.translate
    if not now.enrolled:
        return "offline", translate("SyncWords", "只在本机，未接入服务器")
    if held:
        return "paused", held
    if now.asks:
        return "failed", translate("SyncWords", "同步停下了，等您确认删除")
    if failed(now):
        return "failed", translate("SyncWords", "同步没有成功，资料都在本机")
    return _since(now, clock)


def _since(now: SyncStatus, clock: Clock) -> tuple[str, str]:
    translate = QCoreApplication.translate
    if now.last_ok_at is None:
        return "offline", translate("SyncWords", "离线可用，还没有同步过")
    at = local_text(now.last_ok_at, "%m-%d %H:%M")
    if now.online is not False and clock.ms() - now.last_ok_at < _MS_A_DAY:
        return "online", translate("SyncWords", "已同步 {at}").format(at=at)
    return "offline", translate("SyncWords", "离线可用 · 上次同步 {at}").format(at=at)


def failed(now: SyncStatus) -> bool:
    """Whether it did not come to a good end and somebody has to do something: not where nobody answered."""
    return bool(now.error) and (now.online is not False or not is_calm(now.error or ""))


def is_calm(words: str) -> bool:
    """Whether an answer that did not come is nobody's business; a certificate that is not the right one is."""
    return "证书" not in words


def needs_code(words: str) -> bool:
    """Whether somebody has to ask for another code; the words are those of the core, whatever the window speaks."""
    return "接入码" in words


def unreachable(now: SyncStatus) -> bool:
    """Whether the server did not answer the last time, and it is nobody's business."""
    return now.enrolled and now.online is False and not failed(now)
