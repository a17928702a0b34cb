"""Files too big for the database, encrypted beside it: written once, never changed, named by what they hold.

`attachments/<2>/<64 hex digits>`: the name is an HMAC of the SHA-256 of the content, so that a name tells nothing to
who does not have the key of the store.  A file is a magic word, a salt and cells of 64 KiB, sealed with AES-256-GCM
under a key of the file's own, made from the key of the store (HKDF, RFC 5869), the salt and the name.  The nonce counts
the cells and marks the last one, so that a file that was cut off, continued or reordered does not open (STREAM: Hoang,
Reyhanitabar, Rogaway, Vizár, 2015).  A file that is still being fetched has the same form and ends after any cell.
"""

import hashlib
import hmac
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.durable import sync_folder
from desktop_app.store.database import Database
from desktop_app.store.problems import speaking

FOLDER: Final = "attachments"
CELL: Final = 64 << 10
_MAGIC: Final = b"linli content 1\n"
_SALT: Final = 16
_TAG: Final = 16
_HEAD: Final = len(_MAGIC) + _SALT
_SEALED: Final = CELL + _TAG
_PARTIAL: Final = ".part"
_UNFINISHED: Final = ".new"


class DamagedError(Exception):
    """A file that is not what was written: cut off, changed, or of another store."""


class Content:
    """The files of one store.  `folder` lies beside the database; what is in it may be missing at any time."""

    def __init__(self, db: Database) -> None:
        self.folder = db.path.parent / FOLDER
        self._key = db.derived_key("content")
        self._names = db.derived_key("content-names")

    def path(self, sha256: str) -> Path:
        """Where the content with this hash lies, or would lie."""
        name = hmac.digest(self._names, sha256.encode(), "sha256").hex()
        return self.folder / name[:2] / name

    def has(self, sha256: str) -> bool:
        """Whether the content is here, whole."""
        return self.path(sha256).is_file()

    # ------------------------------------------------------------------------------------------------------------ whole

    def put(self, sha256: str, data: bytes) -> None:
        """Keeps a content: on the disk for good when this returns.  AppError when the disk is full."""
        path = self.path(sha256)
        if path.is_file():
            return
        beside = path.with_name(f"{path.name}.{os.getpid()}{_UNFINISHED}")
        salt = os.urandom(_SALT)
        seal = self._sealer(salt, path.name)
        with speaking():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with _private(beside, os.O_TRUNC) as file:
                    file.write(_MAGIC + salt)
                    for at, cell, last in _cells(data):
                        file.write(seal.encrypt(_nonce(at, last=last), cell, None))
                    _settle(file)
                beside.replace(path)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
            sync_folder(path.parent)

    def read(self, sha256: str) -> bytes | None:
        """A content, None where it is not here; DamagedError where the file is not what was written."""
        path = self.path(sha256)
        try:
            with speaking():
                raw = path.read_bytes()
        except FileNotFoundError:
            return None
        data = b"".join(self._opened(raw, path.name, whole=True))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedError(path.name)
        return data

    def remove(self, sha256: str, *copies: Path) -> None:
        """Deletes a content, also in `copies`: folders of the same form, such as the one beside the backups."""
        path = self.path(sha256)
        with speaking():
            for folder in (self.folder, *copies):
                (folder / path.name[:2] / path.name).unlink(missing_ok=True)
            self._partial(path).unlink(missing_ok=True)

    def remove_strangers(self, known: Iterable[str], before: float) -> int:
        """Deletes files that hold none of the known contents and are older than `before` (POSIX time); how many.

        They are left when the program ends between writing a file and committing the record that names it.
        """
        names = {self.path(sha256).name for sha256 in known}
        gone = 0
        with speaking():
            for file in self.folder.glob("??/*"):
                stranger = file.name.partition(".")[0] not in names or file.suffix == _UNFINISHED
                if stranger and file.stat().st_mtime < before:
                    file.unlink(missing_ok=True)
                    gone += 1
        return gone

    # ------------------------------------------------------------------------------------------------------- bit by bit

    def fetched(self, sha256: str) -> int:
        """How many bytes of a content that is being fetched are here."""
        return max(0, _size(self._partial(self.path(sha256))) - _HEAD) // _SEALED * CELL

    def append(self, sha256: str, offset: int, data: bytes) -> None:
        """Keeps whole cells of a content that is being fetched; `offset` is what `fetched` said.

        Bytes beyond the last whole cell are left out: they come again with the next part.
        """
        path = self.path(sha256)
        partial = self._partial(path)
        with speaking():
            partial.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _private(partial, 0) as file:
                salt = self._salt_of(file) if offset else b""
                if not salt:
                    salt = os.urandom(_SALT)
                    file.truncate(0)
                    file.seek(0)
                    file.write(_MAGIC + salt)
                seal = self._sealer(salt, path.name)
                file.seek(_HEAD + offset // CELL * _SEALED)
                for at in range(len(data) // CELL):
                    cell = data[at * CELL : (at + 1) * CELL]
                    file.write(seal.encrypt(_nonce(offset // CELL + at, last=False), cell, None))
                file.truncate()

    def complete(self, sha256: str, offset: int, rest: bytes) -> bool:
        """Makes a fetched content whole with its last bytes; False, and all of it thrown away, for a wrong hash."""
        path = self.path(sha256)
        partial = self._partial(path)
        with speaking():
            raw = partial.read_bytes() if partial.is_file() else b""
        try:
            cells = raw[: _HEAD + offset // CELL * _SEALED]
            data = b"".join(self._opened(cells, path.name, whole=False)) + rest if offset else rest
        except DamagedError:
            data = b""
        right = hashlib.sha256(data).hexdigest() == sha256
        if right:
            self.put(sha256, data)
        with speaking():
            partial.unlink(missing_ok=True)
        return right

    # ---------------------------------------------------------------------------------------------------------- inside

    @staticmethod
    def _partial(path: Path) -> Path:
        return path.with_name(path.name + _PARTIAL)

    def _salt_of(self, file: Any) -> bytes:
        file.seek(0)
        head: bytes = file.read(_HEAD)
        return head[len(_MAGIC) :] if len(head) == _HEAD and head.startswith(_MAGIC) else b""

    def _sealer(self, salt: bytes, name: str) -> Any:
        """The cipher of one file; the name is in its key, so that no file can stand in for another."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(hmac.digest(self._key, salt + name.encode(), "sha256"))

    def _opened(self, raw: bytes, name: str, *, whole: bool) -> Iterator[bytes]:
        from cryptography.exceptions import InvalidTag

        if len(raw) < _HEAD or not raw.startswith(_MAGIC):
            raise DamagedError(name)
        seal = self._sealer(raw[len(_MAGIC) : _HEAD], name)
        count = -(-(len(raw) - _HEAD) // _SEALED)
        if whole and not count:
            raise DamagedError(name)
        try:
            for at in range(count):
                sealed = raw[_HEAD + at * _SEALED : _HEAD + (at + 1) * _SEALED]
                yield seal.decrypt(_nonce(at, last=whole and at == count - 1), sealed, None)
        except InvalidTag as error:
            raise DamagedError(name) from error


def copy_missing(source: Path, target: Path) -> int:
    """Brings the files of one folder of contents that another lacks over there; returns how many.

    They never change, so on the same disk a second name is enough.  Files that are still being fetched stay behind.
    """
    copied = 0
    with speaking():
        for file in source.glob("??/*"):
            beside = target / file.parent.name / file.name
            if file.suffix or beside.exists():
                continue
            beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _link_or_copy(file, beside)
            copied += 1
    return copied


def _link_or_copy(file: Path, target: Path) -> None:
    with suppress(OSError):  # another disk, or a file system without links
        os.link(file, target)
        return
    unproved = target.with_name(target.name + _PARTIAL)
    try:
        shutil.copyfile(file, unproved)
        unproved.replace(target)
    except OSError:
        unproved.unlink(missing_ok=True)
        raise


def _cells(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """(number, bytes, whether it is the last); an empty content is one empty cell."""
    count = max(1, -(-len(data) // CELL))
    for at in range(count):
        yield at, data[at * CELL : (at + 1) * CELL], at == count - 1


def _nonce(at: int, *, last: bool) -> bytes:
    return at.to_bytes(11, "big") + bytes([last])


def _private(path: Path, flags: int) -> Any:
    """A file that only its owner may read, opened for reading and writing, made if need be."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | flags | getattr(os, "O_BINARY", 0), 0o600)
    return os.fdopen(descriptor, "r+b")


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
