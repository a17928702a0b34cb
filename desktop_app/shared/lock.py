"""A lock that other processes see, and that the system lets go when its holder dies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def shared(path: Path) -> BinaryIO | None:
    """Holds the lock of a file together with others until what is returned is closed; None where `sole` has it."""
    file = path.open("a+b")
    if _share(file):
        return file
    file.close()
    return None


@contextmanager
def sole(path: Path) -> Iterator[bool]:
    """Holds the lock of a file alone for the block; False where somebody else holds it, also shared."""
    with path.open("a+b") as file:
        yield _take(file, _ROOM)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Holds the lock of a file, made if need be, for the block; False where somebody else has it."""
    with path.open("a+b") as file:
        yield _take(file)


_ROOM = 1_000
"""Windows has no shared locks here: each holder takes a byte of its own of so many, a sole one takes them all."""

if sys.platform == "win32":
    import msvcrt
    import os

    def _take(file: BinaryIO, room: int = 1, at: int = 0) -> bool:
        try:
            file.seek(at)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, room)
        except OSError:
            return False
        return True

    def _share(file: BinaryIO) -> bool:
        return any(_take(file, 1, (os.getpid() + step) % _ROOM) for step in range(20))

else:
    import fcntl

    def _take(file: BinaryIO, _room: int = 1) -> bool:
        return _locked(file, fcntl.LOCK_EX)

    def _share(file: BinaryIO) -> bool:
        return _locked(file, fcntl.LOCK_SH)

    def _locked(file: BinaryIO, kind: int) -> bool:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
