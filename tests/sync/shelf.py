"""Stores that stand ready, opened once for many seeds: to open one costs as much as most of what a seed does with it.

A seed is played in a copy of this process (`apart`), which inherits the open stores.  When it is over, their files are
put back, byte by byte, to what this process believes they are; so the next seed finds them blank, and open.
"""

import gc
import os
import pickle
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.sync.mortal import Opened
from tests.sync.simulated_desk import KEY, blank_store, copy_database, memory_folder

T = TypeVar("T")
SUFFIXES = ("", "-wal", "-shm")
MOST = 5
"""As many desks as a world has at its start."""


class Place(NamedTuple):
    """A blank store that is open; `kept` are second names of its files, for a desk may throw the first ones away."""

    opened: Opened
    kept: dict[Path, tuple[Path, bytes]]


_FILLED: list[Place] = []
_READY: list[Opened] = []
"""Those nobody has taken; none unless this is a copy of the process that opened them."""
_ORIGINAL = os.getpid()


def is_copy() -> bool:
    """Whether this is a copy of a process, which just ends: what is open in it needs no closing."""
    return os.getpid() != _ORIGINAL


def fill() -> None:
    """Opens the stores."""
    for at in range(MOST):
        path = memory_folder() / f"ready{at}" / "desk.db"
        path.parent.mkdir()
        copy_database(blank_store(), path)
        opened = Opened(path, KEY)
        files = [Path(f"{path}{suffix}") for suffix in SUFFIXES]
        kept = {file: (file.parent.with_name(f"kept{at}-{file.name}"), file.read_bytes()) for file in files}
        for file, (name, _) in kept.items():
            os.link(file, name)
        _FILLED.append(Place(opened, kept))


def take() -> Opened | None:
    """A blank store that is open, if one is left."""
    return _READY.pop() if _READY else None


def _put_back(place: Place) -> None:
    folder = place.opened.path.parent
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    for file, (name, content) in place.kept.items():
        with name.open("r+b") as stream:
            stream.write(content)
            stream.truncate()
        os.link(name, file)


def apart(work: Callable[[], T]) -> T:
    """What `work` returns in a copy of this process; whatever else it does is forgotten."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _READY.extend(place.opened for place in _FILLED)
        gc.disable()  # it would touch, and so copy, every page
        os.close(reading)
        _answer(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    for place in _FILLED:
        _put_back(place)
    if status:
        raise ChildProcessError(f"the copy of the process ended with {status}")
    found: T = pickle.loads(answer)  # noqa: S301 - from our own copy
    return found


def _answer(work: Callable[[], object], writing: int) -> None:
    """The life of the copy: it never returns."""
    try:
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(work(), stream)
        code = 0
    except BaseException:  # noqa: BLE001 - it ends here, whatever it was
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
