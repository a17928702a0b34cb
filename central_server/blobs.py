"""The content of attachments, as files: `<unit>/<first two of the hash>/<hash>`, one folder per unit.

Whoever asks names a record.  What decides is whether the asking desk's own unit has that record, alive and with this
hash; the hash alone opens nothing.  Bytes are looked for in the unit's own folder and, for a record that was shared or
moved here, in that of the unit whose desk wrote the hash.  A desk that claims a foreign hash in a record of its own is
thereby sent to its own folder, where there is nothing.
"""

import errno
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from central_server import private, records
from central_server.merge import CREATED, Record
from central_server.storage import Session, Storage
from sync_protocol import blobs
from sync_protocol.blobs import ATTACHMENT_TABLE, Held, Named, Part
from sync_protocol.refusals import Refused

BLOBS: Final = "blobs"
"""Name of the folder in the folder of data."""
QUOTA: Final = 50_000_000_000
"""Most bytes of one unit, unless told otherwise."""
UPLOADS: Final = "uploads"
DAMAGED: Final = ".damaged"
"""How the name of a file ends that was put aside because it no longer is what its name says."""
COUNTED_S: Final = 600.0
"""For so long the space a unit uses is taken as counted; what is added meanwhile is added."""
DAY_S: Final = 86_400.0
UNNAMED_DAYS: Final = 30
"""A content no record names is kept for so long: a deletion may be taken back."""
ABANDONED_DAYS: Final = 7
"""An upload nobody goes on with is thrown away after so long."""
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a unit may do with a content: it sends it to `unit`; it reads it from the first of `units` that has it."""

    unit: int
    units: tuple[int, ...]
    sha256: str


def grant(session: Session, scope: int, named: Named) -> Grant | None:
    """The grant a record gives to a unit that has it; None if there is no such record, or it names another content."""
    record = records.load(session, scope, [(ATTACHMENT_TABLE, named.record)]).get((ATTACHMENT_TABLE, named.record))
    if record is None or record.gone or record.values.get("sha256") != named.sha256:
        return None
    return Grant(scope, _folders(session, scope, record), named.sha256)


def _folders(session: Session, scope: int, record: Record) -> tuple[int, ...]:
    """The unit itself and, if a desk of another unit wrote the hash, that one."""
    versions = record.versions or {}
    written = versions.get("sha256") or versions.get(CREATED)
    writer = written.device if written else record.device
    for unit in (scope, record.home, *record.holders):
        if session.row("select 1 from device where scope_id=? and id=?", unit, writer):
            return (scope,) if unit == scope else (scope, unit)
    found = session.rows("select scope_id from device where id=?", writer)  # it moved here: its desk is elsewhere
    return (scope, int(found[0][0])) if len(found) == 1 else (scope,)  # a number given out twice proves nothing


class Blobs:
    """The folder of contents.  Safe to use from several threads and processes at once."""

    def __init__(self, folder: Path, quota: int = QUOTA) -> None:
        self.folder = folder
        self.quota = quota
        self._used: dict[int, tuple[float, int]] = {}

    # ------------------------------------------------------------------------------------------------------------ read

    def held(self, given: Grant | None, device: int) -> Held:
        """How much of a content is here already."""
        if given is None:
            return Held(blobs.UNKNOWN, 0)
        if path := self._whole(given):
            return Held(blobs.WHOLE, path.stat().st_size)
        return Held(blobs.MISSING, _size(self._upload(given, device)))

    def read(self, given: Grant | None, part: Part) -> tuple[int, bytes]:
        """Size of the whole and some of its bytes.  What is not there and what one may not see are the same answer."""
        path = self._whole(given) if given else None
        if path is None:
            raise Refused("NO_CONTENT")
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if part.offset > size:
                raise Refused("BAD_REQUEST")
            file.seek(part.offset)
            some = file.read(min(part.count, blobs.PART))
        if given and part.offset + len(some) == size and not self._is_right(path, given.sha256):
            raise Refused("NO_CONTENT")
        return size, some

    @staticmethod
    def _is_right(path: Path, sha256: str) -> bool:
        """Whether a file still is what its name says.

        One that a disk has spoilt is put aside: whichever desk has the content brings it again when it next asks.
        """
        with path.open("rb") as file:
            right = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        if not right:
            path.replace(path.with_name(f"{path.name}{DAMAGED}"))
        return right

    def _whole(self, given: Grant) -> Path | None:
        paths = (self._path(unit, given.sha256) for unit in given.units)
        return next((path for path in paths if path.is_file()), None)

    def _path(self, unit: int, sha256: str) -> Path:
        return self.folder / str(unit) / sha256[:2] / sha256

    def _upload(self, given: Grant, device: int) -> Path:
        """One file per desk and content: two desks that send the same never write into each other's."""
        return self.folder / str(given.unit) / UPLOADS / f"{given.sha256}.{device}"

    # ----------------------------------------------------------------------------------------------------------- write

    def take(self, given: Grant | None, device: int, part: Part, body: bytes) -> Held:
        """Takes the next bytes of a content; the last ones make it whole, if its hash is right."""
        if given is None:
            raise Refused("NO_CONTENT")
        if self._whole(given):
            return Held(blobs.WHOLE, part.count)
        if part.count > blobs.MAX_SIZE:
            raise Refused("TOO_LARGE")
        after = part.offset + len(body)
        if not body or len(body) > blobs.PART or after > part.count:
            raise Refused("BAD_REQUEST")
        upload = self._upload(given, device)
        if part.offset > (have := _size(upload)):
            raise Refused("WRONG_OFFSET", {"offset": have})
        if part.offset == 0 and self.used(given.unit) + part.count > self.quota:
            raise Refused("NO_SPACE")
        try:
            _write(upload, part.offset, body)
            return self._finish(given, upload) if after == part.count else Held(blobs.MISSING, after)
        except OSError as error:
            if error.errno in FULL:
                raise Refused("NO_SPACE") from error
            raise

    def _finish(self, given: Grant, upload: Path) -> Held:
        """Only what was read back and has the right hash gets its name; it is on the disk before the desk hears so."""
        try:
            size, sha256 = _read_back(upload)
            if sha256 != given.sha256:
                upload.unlink(missing_ok=True)
                raise Refused("WRONG_CONTENT", {"offset": 0})
            path = self._path(given.unit, given.sha256)
            private.make_inner_folder(path.parent)
            upload.replace(path)
        except FileNotFoundError as error:  # the same request, come twice, was quicker
            if self._whole(given):
                return Held(blobs.WHOLE, 0)
            raise Refused("WRONG_OFFSET", {"offset": 0}) from error
        _sync_folder(path.parent)
        at, used = self._used.get(given.unit, (0.0, 0))
        self._used[given.unit] = (at, used + size)
        return Held(blobs.WHOLE, size)

    # ----------------------------------------------------------------------------------------------------------- space

    def used(self, unit: int) -> int:
        """Bytes of a unit, uploads under way included; counted anew every ten minutes."""
        now = time.monotonic()
        at, known = self._used.get(unit, (-COUNTED_S, 0))
        if now - at < COUNTED_S:
            return known
        counted = sum(_size(path) for path in (self.folder / str(unit)).glob("*/*"))
        self._used[unit] = (now, counted)
        return counted

    def forget(self, storage: Storage, contents: Iterable[str], units: Iterable[int] = ()) -> int:
        """Deletes contents at once, after an erasure, in the folders of all units; returns how many files.

        The record may have moved, or been shared: then its content stands where it was written first.  If it was
        deleted before, nobody knows its hash any more: so all goes that no living record names in the folders of
        `units`, where records were erased.  A folder keeps what a living record reads from it.
        """
        asked, touched = set(contents), set(units)
        found = [one for one in self._files() if one[2] in asked or one[1] in touched]
        needed = _folders_needed(storage, {sha256 for _, _, sha256 in found})
        gone = [(path, unit) for path, unit, sha256 in found if (unit, sha256) not in needed]
        for path, unit in gone:
            path.unlink(missing_ok=True)
            self._used.pop(unit, None)
        return len(gone)

    def _files(self) -> Iterator[tuple[Path, int, str]]:
        """Every file, uploads under way included, with its unit and the hash it is named by."""
        for path in self.folder.glob("*/*/*"):
            unit = path.parent.parent.name
            if unit.isdecimal():
                yield path, int(unit), path.name.partition(".")[0]

    def sweep(self, storage: Storage, now_s: float) -> int:
        """Deletes contents that no living record of any unit has named for 30 days; returns how many.

        The date of the file keeps account: it is set anew whenever a record names the content.  `now_s` is POSIX time.
        """
        living = named_anywhere(storage)
        return sum(_sweep_file(path, living, now_s) for path in self.folder.glob("*/*/*"))


def named_anywhere(storage: Storage) -> set[str]:
    """The hashes of all contents that a living attachment of any unit names; asked in portions, so nobody waits."""
    with storage.reading() as session:
        units = [int(unit) for (unit,) in session.rows("select scope_id from scope_head")]
    return {sha256 for unit in units for sha256 in _named_in(storage, unit)}


def _folders_needed(storage: Storage, asked: set[str]) -> set[tuple[int, str]]:
    """Where the contents of some hashes are read from by living records: (unit of the folder, hash)."""
    needed = set[tuple[int, str]]()
    with storage.reading() as session:
        units = [int(unit) for (unit,) in session.rows("select scope_id from scope_head")] if asked else []
    for unit in units:
        for record in _attachments(storage, unit):
            sha256 = str(record.values.get("sha256"))
            if sha256 in asked:
                with storage.reading() as session:
                    needed.update((folder, sha256) for folder in _folders(session, unit, record))
    return needed


def _named_in(storage: Storage, unit: int) -> Iterator[str]:
    yield from (str(record.values.get("sha256")) for record in _attachments(storage, unit))


def _attachments(storage: Storage, unit: int) -> Iterator[Record]:
    """The living attachments of a unit."""
    after, sql = "", "select id from record where scope_id=? and tbl=? and sync_del=0 and id>? order by id limit 500"
    while True:
        with storage.reading() as session:
            ids = [str(one) for (one,) in session.rows(sql, unit, ATTACHMENT_TABLE, after)]
            found = records.load(session, unit, [(ATTACHMENT_TABLE, one) for one in ids])
        if not ids:
            return
        after = ids[-1]
        yield from found.values()


def _sweep_file(path: Path, living: set[str], now_s: float) -> int:
    is_upload = path.parent.name == UPLOADS
    age = now_s - path.stat().st_mtime
    if not is_upload and path.name in living:
        os.utime(path, (now_s, now_s))
    elif age > (ABANDONED_DAYS if is_upload else UNNAMED_DAYS) * DAY_S:
        path.unlink(missing_ok=True)
        return 0 if is_upload else 1
    return 0


def _read_back(upload: Path) -> tuple[int, str]:
    """Size and hash of an upload that is on the disk for good."""
    digest = hashlib.sha256()
    with upload.open("r+b") as file:
        while some := file.read(blobs.PART):
            digest.update(some)
        os.fsync(file.fileno())
        return file.tell(), digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _write(path: Path, offset: int, body: bytes) -> None:
    """Writes at an offset; a request that comes twice writes the same bytes to the same place."""
    private.make_inner_folder(path.parent)
    descriptor = private.opened(path, os.O_WRONLY | os.O_CREAT)
    with os.fdopen(descriptor, "wb") as file:
        file.seek(offset)
        file.write(body)
        file.truncate()


def _sync_folder(folder: Path) -> None:
    """Makes a new name in a folder durable; Windows has no way to ask for it and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
