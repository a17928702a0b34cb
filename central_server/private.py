"""Files that nobody but the server may read, whatever the folder was made like."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
OTHERS: Final = 0o077
OURS: Final = frozenset(
    (
        "central.db",
        "central.db-wal",
        "central.db-shm",
        "config.toml",
        "leases.json",
        "erased.jsonl",
        "erasure.key",
        "server-keys.json",
    )
)
"""What the server keeps in its folder of data, besides folders of its own."""


def _opener(name: str, flags: int) -> int:
    return opened(Path(name), flags)


def opened(path: Path, flags: int) -> int:
    """A descriptor of a file, which is made if `flags` say so.

    In a folder of somebody else root follows no link: it may lead to anything that root alone may write.
    """
    plain = getattr(os, "O_NOFOLLOW", 0) if _is_anothers(path.parent) else 0
    descriptor = os.open(path, flags | plain | getattr(os, "O_BINARY", 0), FILE_MODE)
    _give(descriptor, path.parent)
    return descriptor


def _is_anothers(folder: Path) -> bool:
    return os.name == "posix" and os.geteuid() == 0 != folder.stat().st_uid


def _give(descriptor: int, folder: Path) -> None:
    """What root makes belongs to whose folder it is in: a service of another user could not open it otherwise."""
    if not _is_anothers(folder):
        return
    made, owner = os.fstat(descriptor), folder.stat()
    if stat.S_ISREG(made.st_mode) and made.st_nlink > 1:  # its other name may stand in somebody else's folder
        return
    if made.st_uid == 0 != owner.st_uid:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def appended(path: Path) -> TextIO:
    """A text file to add to."""
    return open(path, "a", encoding="utf-8", opener=_opener)


def write(path: Path, text: str) -> None:
    """Writes a text file."""
    with open(path, "w", encoding="utf-8", opener=_opener) as file:
        file.write(text)


def touch(path: Path) -> None:
    """Makes an empty file, if there is none: what is opened later keeps its mode."""
    os.close(opened(path, os.O_WRONLY | os.O_CREAT))


def make_inner_folder(folder: Path) -> None:
    """Makes a folder within the folder of data, and those above it that are missing."""
    if folder.is_dir():
        return
    make_inner_folder(folder.parent)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _give(descriptor, folder.parent)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Makes a folder.  One that was made by hand for us is shut to others, with our files in it, if they are ours.

    A folder that others share (`/tmp`, a home) is left as it is: only an empty one, or one in which our files are, is
    taken for ours.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if os.name != "posix":
        return
    names = {path.name for path in folder.iterdir()}
    if folder.stat().st_mode & stat.S_ISVTX or (names and not names & OURS):
        return
    shut(folder, FOLDER_MODE)
    for name in names & OURS:
        if not (folder / name).is_symlink():
            shut(folder / name, FILE_MODE)


def shut(path: Path, mode: int) -> None:
    """Takes from others what they may do with a file; one of another owner stays as that left it."""
    with suppress(OSError):
        if path.stat().st_mode & OTHERS:
            path.chmod(mode)
