"""A backup on another machine, opened by the recovery sheet."""

import json
from pathlib import Path

from desktop_app.app import DESCRIPTION, STORE, STORE_KEY
from desktop_app.shared.ids import new_id
from desktop_app.store import backup, content, describing, keys, recovery


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
