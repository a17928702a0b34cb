"""One file takes the place of the store, so that a kill at any step leaves a store that opens.

A new key: it is kept beside the old one (`store-next`) before the file made with it takes the name of the store; which
of the two opens the file tells how far it came.  A rebuilt store: `switch.json` is written when the new file is whole,
and only then is the log of the old one removed, whose pages must never be played into the new one.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from desktop_app.shared import lock
from desktop_app.shared.durable import sync_file, sync_folder
from desktop_app.shared.errors import CorruptError, LockedError
from desktop_app.store import keys, recovery
from desktop_app.store.connecting import connect

STORE_KEY: Final = "store"
NEXT: Final = "store-next"
PART: Final = ".next"
NEXT_RECOVERY: Final = "recovery.next.json"
SWITCH: Final = "switch.json"
LOCK: Final = "open.lock"
PATIENCE: Final = 50
LOGS: Final = ("-wal", "-shm", "-journal")


class Opened:
    """Says to other processes that a store is in use, until it is closed."""

    def __init__(self, home: Path) -> None:
        self._file: BinaryIO | None = None
        self.alone = False
        """Whether nobody else had it open a moment ago."""
        with suppress(OSError):  # a folder that cannot be written: nobody can change its keys either
            with lock.sole(home / LOCK) as mine:
                self.alone = mine
            self._file = self._share(home / LOCK)

    @staticmethod
    def _share(path: Path) -> BinaryIO:
        for _ in range(PATIENCE):  # another one may be looking whether it is alone
            if found := lock.shared(path):
                return found
            time.sleep(0.01)
        raise busy()

    def close(self) -> None:
        """The store is not used any more."""
        if self._file:
            self._file.close()
        self._file = None


def busy() -> LockedError:
    """Somebody works on the file as a whole."""
    return LockedError(
        "这份数据正在更换密钥或修复（或另一个窗口正开着它），这一次没有打开，数据没有变化。",
        next_step="请等它做完，或关闭其他窗口和命令后再试。",
    )


def earlier_key(fingerprint: str) -> str:
    """The name under which a key that was replaced is kept, for the backups made with it."""
    return f"{STORE_KEY}-{fingerprint}"


def key_of(store: Path, secrets: keys.SecretStore) -> bytes | None:
    """The key of the store; a change of keys that was cut short is finished or undone first."""
    finish_switch(store)
    key, following = secrets.get(STORE_KEY), secrets.get(NEXT)
    if not following:
        return key
    if _opens(store, following):
        take_over(store, secrets, following)
        return following
    if key is not None and _opens(store, key):
        clear(store.with_suffix(PART))
        secrets.put(NEXT, b"")
    return key


def take_over(store: Path, secrets: keys.SecretStore, key: bytes) -> None:
    """The file has the new key: everything else follows.  May be repeated."""
    secrets.put(STORE_KEY, key)
    sealed, made = store.parent / recovery.FILE, store.parent / NEXT_RECOVERY
    if recovery.is_for(made, key):
        made.replace(sealed)
    if sealed.exists() and not recovery.is_for(sealed, key):
        sealed.unlink()  # a sheet that would open nothing from now on; backups of before have their own copy
    made.unlink(missing_ok=True)
    secrets.put(NEXT, b"")


def _opens(store: Path, key: bytes) -> bool:
    try:
        connect(store, key).close()
    except CorruptError:
        return False
    return True


def begin_switch(store: Path, part: Path) -> None:
    """A whole new file takes the place of the store and of its log."""
    sync_file(part)
    keys.write_private(store.parent / SWITCH, json.dumps({"part": part.name}))
    finish_switch(store)


def finish_switch(store: Path) -> None:
    """Goes on with a switch that was cut short, if there is one."""
    marker = store.parent / SWITCH
    if not marker.exists():
        return
    with lock.held(store.parent / "switch.lock") as mine:
        if not mine:
            raise busy()
        if marker.exists():
            _switch(store, marker)


def _switch(store: Path, marker: Path) -> None:
    part = store.parent / str(json.loads(marker.read_text("utf-8"))["part"])
    if part.exists():
        clear_logs(store)
        part.replace(store)
        sync_renamed(store.parent)
    marker.unlink()


def clear_logs(path: Path) -> None:
    """Removes what SQLite keeps beside a file, which must never be played into another one of that name."""
    for ending in LOGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def clear(path: Path) -> None:
    """Removes a file that was being made, with what lies beside it."""
    path.unlink(missing_ok=True)
    clear_logs(path)


def log_left(store: Path) -> bool:
    """Whether whoever had the store open last did not close it: its log is still there."""
    log = store.with_name(f"{store.name}-wal")
    return log.exists() and log.stat().st_size > 0


def sync_renamed(folder: Path) -> None:
    """What was renamed in a folder is on the disk, where its file system can be asked for that."""
    with suppress(OSError):
        sync_folder(folder)
