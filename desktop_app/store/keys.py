"""Secrets of this desk: the store key and the device key.  They never lie on the disk in the clear.

In the system keyring (Secret Service, Windows Credential Manager) where there is one; else in a key file wrapped with a
passphrase.  Which of the two it is stands in the home folder and never changes by itself.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from desktop_app.shared import lock
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store.problems import speaking

SERVICE = "linli-workstation"
KEY_FILE = "keys.json"
PASSPHRASE_VARIABLE = "LINLI_PASSPHRASE"  # noqa: S105 the name of a variable, not a passphrase
ARGON2 = {"iterations": 3, "lanes": 2, "memory_cost": 64 * 1024}
"""Argon2id, RFC 9106: 64 MiB, three passes."""

_INDEX = "names"
_PATIENCE = 200

AskPassphrase = Callable[[str], str]


class SecretStore(Protocol):
    """Where this desk keeps its secrets."""

    kind: str

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""

    def put(self, name: str, value: bytes) -> None:
        """Keeps a secret."""

    def names(self) -> list[str]:
        """What is kept here."""

    def drop(self) -> None:
        """Forgets them all: they are somewhere else now."""


class KeyringSecrets:
    """Secrets in the system keyring, under the identifier of this store."""

    kind = "keyring"

    def __init__(self, store_id: str) -> None:
        self._store_id = store_id

    def get(self, name: str) -> bytes | None:
        found = _keyring_call("get_password", SERVICE, f"{self._store_id}:{name}")
        try:
            return None if found is None else base64.b64decode(found, validate=True)
        except ValueError as error:
            raise CorruptError(
                "系统钥匙串里这份数据的密钥被改过，数据没有打开，也没有改动。",
                next_step="请用恢复单找回密钥：linli key recover。",
            ) from error

    def put(self, name: str, value: bytes) -> None:
        _keyring_call("set_password", SERVICE, f"{self._store_id}:{name}", base64.b64encode(value).decode())
        if name != _INDEX and name not in (known := self.names()):
            self.put(_INDEX, json.dumps([*known, name]).encode())

    def names(self) -> list[str]:
        """A keyring lists nothing by itself, so a list is kept in it."""
        return list(json.loads(self.get(_INDEX) or b"[]"))

    def drop(self) -> None:
        for name in (*self.names(), _INDEX):
            if self.get(name) is not None:
                _keyring_call("delete_password", SERVICE, f"{self._store_id}:{name}")


def _keyring_call(verb: str, *args: str) -> Any:
    """Calls the keyring library; its errors become words for the person."""
    try:
        import keyring
        from keyring.errors import InitError, KeyringError, KeyringLocked
    except ValueError as error:  # a bad PYTHON_KEYRING_BACKEND
        raise AppError(
            f"系统钥匙串设置有误（{error}）。", next_step="请改正 PYTHON_KEYRING_BACKEND 后重试。"
        ) from error
    try:
        return getattr(keyring, verb)(*args)
    except KeyringLocked as error:
        raise LockedError(
            "系统钥匙串还锁着，数据没有打开。", next_step="请先解锁钥匙串（登录桌面或输入钥匙串口令）。"
        ) from error
    except (KeyringError, InitError, ValueError) as error:
        raise AppError(
            "这台电脑上没有可用的系统钥匙串，数据没有打开。",
            next_step=f"请启动钥匙串服务；没有时可在新建时改用口令（设置 {PASSPHRASE_VARIABLE}）。",
        ) from error


def keyring_available() -> bool:
    """Whether a real keyring answers: one that can keep a secret, locked or not."""
    try:
        import keyring
        from keyring.backends.fail import Keyring as NoKeyring
        from keyring.errors import KeyringError

        backend = keyring.get_keyring()
        if isinstance(backend, NoKeyring):
            return False
        backend.get_password(SERVICE, "probe")
    except KeyringError as error:
        return type(error).__name__ == "KeyringLocked"
    except (ValueError, ImportError, RuntimeError):
        return False
    return True


class PassphraseSecrets:
    """Secrets in `keys.json`, each sealed with AES-256-GCM under a key made from the passphrase by Argon2id."""

    kind = "passphrase"

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._content: dict[str, Any] = {"kdf": "argon2id", **ARGON2, "salt": _b64(os.urandom(16)), "secrets": {}}
        with _whole(path):
            if path.exists():
                self._content = json.loads(path.read_text("utf-8"))
            self._kek = derive(passphrase, self._content)

    def get(self, name: str) -> bytes | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            with _whole(self._path):
                self._look_again()
                sealed = self._content["secrets"].get(name)
                if sealed is None:
                    return None
                blob = base64.b64decode(sealed)
                return AESGCM(self._kek).decrypt(blob[:12], blob[12:], name.encode())
        except InvalidTag as error:
            raise LockedError(
                "口令不对，数据没有打开，也没有改动。", field="passphrase", next_step="请重新输入口令。"
            ) from error

    def put(self, name: str, value: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(12)
        sealed = AESGCM(self._kek).encrypt(nonce, value, name.encode())
        with speaking(), _alone(self._path):
            with _whole(self._path):
                self._look_again()
            self._content["secrets"][name] = _b64(nonce + sealed)
            write_private(self._path, json.dumps(self._content, indent=1))

    def _look_again(self) -> None:
        """Another process may have put something in meanwhile: an enrolment runs beside the window."""
        if self._path.exists():
            now = json.loads(self._path.read_text("utf-8"))
            if now["salt"] == self._content["salt"]:
                self._content = now

    def names(self) -> list[str]:
        return list(self._content["secrets"])

    def drop(self) -> None:
        self._path.unlink(missing_ok=True)

    def change_passphrase(self, new: str) -> None:
        """Seals every secret under another passphrase, in one step: the file is the old one or the new one."""
        secrets = {name: self.get(name) or b"" for name in self.names()}
        beside = self._path.with_name(f"{self._path.name}.changing")
        beside.unlink(missing_ok=True)
        fresh = PassphraseSecrets(beside, new)
        for name, value in secrets.items():
            fresh.put(name, value)
        beside.replace(self._path)
        self._content, self._kek = fresh._content, fresh._kek


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two processes that put something in at once must not lose what the other put; waits a moment for the other."""
    beside = path.with_name(f"{path.name}.lock")
    for _ in range(_PATIENCE):
        with lock.held(beside) as mine:
            if mine:
                yield
                return
        time.sleep(0.01)
    raise LockedError(f"钥匙文件 {path.name} 正被别的程序改写，没有保存。", next_step="请稍后再试。")


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Whatever is found to be wrong with the content of a key file is damage, said in words."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CorruptError(
            f"钥匙文件 {path.name} 已损坏，数据没有打开。", next_step="请用备份里的钥匙文件替换它。"
        ) from error


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def derive(passphrase: str, parameters: dict[str, Any]) -> bytes:
    """A key of 32 bytes from words a person knows, by Argon2id (RFC 9106) with the parameters stored beside it."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=base64.b64decode(parameters["salt"]),
        length=32,
        iterations=int(parameters["iterations"]),
        lanes=int(parameters["lanes"]),
        memory_cost=int(parameters["memory_cost"]),
    ).derive(passphrase.encode())


def fingerprint(key: bytes) -> str:
    """What tells one random key from another and tells nothing about it."""
    return blake2b(key, digest_size=4, person=b"fingerprint").hexdigest()


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read: whole or not at all."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def ask_environment(words: str) -> str:
    """The passphrase from the environment; an AppError where there is none."""
    found = os.environ.get(PASSPHRASE_VARIABLE)
    if not found:
        raise LockedError(f"{words}数据没有打开。", next_step=f"请输入口令（命令行可设置 {PASSPHRASE_VARIABLE}）。")
    return found


def create_secrets(home: Path, store_id: str, ask: AskPassphrase) -> SecretStore:
    """Decides where the secrets of a new store will lie: the keyring, else behind a passphrase; never in the clear."""
    if not os.environ.get(PASSPHRASE_VARIABLE) and keyring_available():
        return KeyringSecrets(store_id)
    return PassphraseSecrets(home / KEY_FILE, ask("这台电脑没有系统钥匙串，需要一个口令来保护数据。"))


def open_secrets(home: Path, kind: str, store_id: str, ask: AskPassphrase) -> SecretStore:
    """The secrets of a store that exists."""
    if kind == KeyringSecrets.kind:
        return KeyringSecrets(store_id)
    path = home / KEY_FILE
    if not path.exists():
        raise CorruptError("钥匙文件 keys.json 不见了，数据打不开，也没有改动。", next_step="请从备份里找回这个文件。")
    return PassphraseSecrets(path, ask("数据由口令保护，"))
