"""A backup on another machine, opened by the recovery sheet."""

import json
from pathlib import Path
from typing import Final

from desktop_app.accounts import lasting
from desktop_app.app import DESCRIPTION, STORE, STORE_KEY
from desktop_app.shared.clock import local_text
from desktop_app.shared.ids import new_id
from desktop_app.store import backup, content, describing, keys, recovery
from desktop_app.store.database import Database
from desktop_app.sync import state


def restore_elsewhere(
    copy: Path, code: str, into: Path, *, ask: keys.AskPassphrase = keys.ask_environment
) -> dict[str, int]:
    """Puts a backup into a new home folder of this machine, opened by the recovery code; returns its counts.

    The store gets secrets of its own here.  It has no key of the server's any more: whoever carries on with it enrols
    it anew, and what was not pushed goes up then.
    """
    sealed = copy.with_name(f"{copy.stem}.{recovery.FILE}")
    key = recovery.open_with(sealed, code)
    with describing.fresh_home(into):
        counts = backup.restore(copy, key, into / STORE)
        try:
            store_id = new_id()
            secrets = keys.create_secrets(into, store_id, ask)
            secrets.put(STORE_KEY, key)
        except BaseException:
            (into / STORE).unlink(missing_ok=True)
            (into / keys.KEY_FILE).unlink(missing_ok=True)
            raise
    content.copy_missing(copy.parent / content.FOLDER, into / content.FOLDER)
    keys.write_private(into / recovery.FILE, sealed.read_text("utf-8"))  # the sheet goes on opening what is made here
    described = {"store_id": store_id, "keys": secrets.kind, "restored": copy.name}
    keys.write_private(into / DESCRIPTION, json.dumps(described))
    return counts


ASKED_FOR_DAYS: Final = 30
"""So long a desk that has no server to ask is told that its accounts are those of a backup."""


def accounts_of_then(db: Database) -> str:
    """What whoever signs in should know while the accounts are those of a backup that came from another computer.

    Empty once it has synced, or where this desk knew the accounts itself (`accounts.lasting`).
    """
    told = (db.setting(lasting.STRANGE) or "").split()
    if not told:
        return ""
    now, restored = state.read(db), int(told[0])
    if (now.last_ok_at or 0) >= restored:
        return ""
    said = (
        f"这份数据是从备份恢复的，账号和密码是 {local_text(int(told[-1]))[:10]} 的：在那以后停用的账号在这里还能登录，"
        "改过的密码还是旧的。资料没有丢失。"
    )
    if now.device:
        return f"{said}请管理员登录，接入服务器并同步一次，同步后照最新的。"
    over = db.clock.ms() - restored > ASKED_FOR_DAYS * 86_400_000
    return "" if over else f"{said}这份数据没有接入服务器：请管理员登录，在“账号”里逐个核对。"
