"""Work that needs the store for itself: the window lets go of it, the work is done, the store is opened again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AloneTask:
    """`work(home)` returns what came of it, in words; `passphrase` opens the store afterwards, None: as before."""

    title: str
    words: str
    work: Callable[[Path], str]
    passphrase: str | None = None
