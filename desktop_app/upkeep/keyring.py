"""The keys of a store: another passphrase, another key, another place, and getting them back with the recovery sheet.

Each takes the store for itself, does its work beside what is there and switches in one step, so that whatever happens
in the middle the store opens with the old or with the new.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from desktop_app.app import DESCRIPTION, STORE, exists
from desktop_app.shared import lock
from desktop_app.shared.clock import Clock
from desktop_app.shared.durable import sync_file
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import backup, keys, recovery, switching
from desktop_app.store.connecting import connect
from desktop_app.store.describing import describe
from desktop_app.store.problems import speaking

LEAST: Final = 8
"""Characters a new passphrase has at least (等保 2.0, see docs/decisions)."""
RECOVERED: Final = "keys.recovered.json"


@contextmanager
def alone(home: Path) -> Iterator[dict[str, Any]]:
    """The store for oneself: no window, no command has it open; gives what `store.json` says."""
    if not exists(home):
        raise AppError(f"{home} 里还没有数据。", next_step="请先用“linli init”新建，或选对文件夹。")
    with speaking(), lock.sole(home / switching.LOCK) as mine:
        if not mine:
            raise switching.busy()
        yield describe(home)


def _opened(home: Path, described: dict[str, Any], ask: keys.AskPassphrase) -> tuple[keys.SecretStore, bytes]:
    """The secrets and the key, proved on the file."""
    secrets = keys.open_secrets(home, described["keys"], described["store_id"], ask)
    key = switching.key_of(home / STORE, secrets)
    if key is None:
        raise AppError(
            "钥匙串里没有这份数据的密钥，什么也没有改。", next_step="请先用恢复单找回密钥：linli key recover。"
        )
    connect(home / STORE, key).close()
    return secrets, key


def _strong(passphrase: str) -> str:
    if len(passphrase) < LEAST:
        raise AppError(
            f"口令至少要 {LEAST} 个字，什么也没有改。", field="passphrase", next_step="请换一个长一些的口令。"
        )
    return passphrase


def change_passphrase(home: Path, ask: keys.AskPassphrase, ask_new: keys.AskPassphrase) -> None:
    """Another passphrase for the same key.  Backups of before keep the key file of then, and its passphrase."""
    with alone(home) as described:
        if described["keys"] != keys.PassphraseSecrets.kind:
            raise AppError(
                "这份数据的密钥在系统钥匙串里，没有口令可改。",
                next_step="要改用口令请运行 linli key move --to passphrase。",
            )
        secrets, _ = _opened(home, described, ask)
        if isinstance(secrets, keys.PassphraseSecrets):
            secrets.change_passphrase(_strong(ask_new("新口令：")))


def move(home: Path, to: str, ask: keys.AskPassphrase, ask_new: keys.AskPassphrase) -> None:
    """Takes all secrets to the keyring or behind a passphrase; they are forgotten where they were at the very end."""
    with alone(home) as described:
        if described["keys"] == to:
            raise AppError("密钥已经在那里了，什么也没有改。")
        secrets, key = _opened(home, described, ask)
        target = _fresh(home, to, described["store_id"], ask_new)
        for name in dict.fromkeys((switching.STORE_KEY, *secrets.names(), *_known(home, key))):
            if value := secrets.get(name):
                target.put(name, value)
        if target.get(switching.STORE_KEY) != key:
            raise AppError("新的地方没有保存好密钥，没有移动，数据照旧打开。", next_step="请检查钥匙串后再试。")
        keys.write_private(home / DESCRIPTION, json.dumps(described | {"keys": to}))
        secrets.drop()


def _fresh(home: Path, kind: str, store_id: str, ask_new: keys.AskPassphrase) -> keys.SecretStore:
    if kind == keys.KeyringSecrets.kind:
        return keys.KeyringSecrets(store_id)
    (home / keys.KEY_FILE).unlink(missing_ok=True)  # left over from a move that was cut short
    return keys.PassphraseSecrets(home / keys.KEY_FILE, _strong(ask_new("新口令：")))


def _known(home: Path, key: bytes) -> list[str]:
    """Names that a keyring of an older program did not write down: the key this desk speaks to the server with."""
    from desktop_app.sync.enrol import WAITING_KEY, key_name

    connection = connect(home / STORE, key, read_only=True)
    try:
        found = connection.execute("SELECT scope,device FROM sync_state").fetchone()
    finally:
        connection.close()
    return [WAITING_KEY, *([key_name(*found)] if found else [])]


# --------------------------------------------------------------------------------------------------------- another key


def rekey(home: Path, ask: keys.AskPassphrase, code: str = "") -> bool:
    """Encrypts the whole store with a new key; returns whether a recovery sheet opens it still.

    With the code of the sheet it does; without, the sheet is void for backups from now on.  Backups of before open with
    the key of then, which stays among the secrets.
    """
    with alone(home) as described:
        secrets, key = _opened(home, described, ask)
        new = os.urandom(32)
        if code:
            _reseal(home, key, new, code)
        name = keys.fingerprint(key)
        secrets.put(switching.earlier_key(name), key)
        earlier = [one for one in described.get("earlier", ()) if one != name]
        keys.write_private(home / DESCRIPTION, json.dumps(described | {"earlier": [*earlier, name]}))
        secrets.put(switching.NEXT, new)
        _encrypt_anew(home / STORE, key, new)
        switching.take_over(home / STORE, secrets, new)
    return (home / recovery.FILE).exists()


def _reseal(home: Path, key: bytes, new: bytes, code: str) -> None:
    if recovery.open_with(home / recovery.FILE, code) != key:
        raise LockedError("恢复码与这份数据不符，没有换密钥。", field="code", next_step="请用最近一张恢复单。")
    made_on = recovery.made_on(home) or Clock().today().isoformat()
    recovery.seal(home, new, code, made_on=made_on, name=switching.NEXT_RECOVERY)


def _encrypt_anew(store: Path, key: bytes, new: bytes) -> None:
    """A copy under the new key, proved, takes the place of the store; nobody writes to the old one meanwhile."""
    part = store.with_suffix(switching.PART)
    guard = connect(store, key)
    try:
        # without a log: what is in one would be played into the new file
        guard.execute("PRAGMA journal_mode=DELETE")
        guard.execute("BEGIN IMMEDIATE")
        switching.clear(part)
        _copy(store, key, part)
        copy = connect(part, key)
        try:
            copy.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"")
        finally:
            copy.close()
        backup.verify(part, new)
        sync_file(part)
        guard.execute("COMMIT")
    except BaseException:
        switching.clear(part)
        raise
    finally:
        guard.close()
    part.replace(store)
    switching.sync_renamed(store.parent)


def _copy(store: Path, key: bytes, part: Path) -> None:
    connection = connect(store, key)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
    finally:
        connection.close()


# -------------------------------------------------------------------------------------------------------- getting back


def recover(home: Path, code: str, ask_new: keys.AskPassphrase, to: str = "") -> None:
    """Puts the key of a store back, opened by the recovery sheet: the keyring lost it, a passphrase was forgotten.

    `to` chooses another place.  What else was kept there is gone: the desk enrols anew.
    """
    with alone(home) as described:
        key = recovery.open_with(home / recovery.FILE, code)
        try:
            connect(home / STORE, key).close()
        except CorruptError as error:
            raise CorruptError(
                "恢复单上的密钥打不开现在的数据文件，什么也没有改。", next_step="文件损坏时请运行 linli repair。"
            ) from error
        kind = to or described["keys"]
        if kind == keys.KeyringSecrets.kind:
            keys.KeyringSecrets(described["store_id"]).put(switching.STORE_KEY, key)
        else:
            _seal_behind(home, key, ask_new)
        keys.write_private(home / DESCRIPTION, json.dumps(described | {"keys": kind}))


def _seal_behind(home: Path, key: bytes, ask_new: keys.AskPassphrase) -> None:
    beside = home / RECOVERED
    beside.unlink(missing_ok=True)
    keys.PassphraseSecrets(beside, _strong(ask_new("新口令："))).put(switching.STORE_KEY, key)
    beside.replace(home / keys.KEY_FILE)
