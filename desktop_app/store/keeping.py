"""Which backups are kept: seven days, four weeks, twelve months, within a size; never fewer than the newest few."""

import hashlib
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"linli-(?P<mark>[0-9a-f]+)-(?P<stamp>[0-9]{8}-[0-9]{6})-(?P<why>[a-z]+)\.db")
_STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is kept.  `bytes` limits all copies together; the newest `least` are kept whatever they weigh.

    等保 2.0 asks for local backups and a restore test; the numbers are a choice (see docs/decisions/0002-store.md).
    """

    days: int = 7
    weeks: int = 4
    months: int = 12
    least: int = 3
    bytes: int = 20_000_000_000


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup as its name tells: which store it is of (`mark`), when it was made, by local time, and why."""

    path: Path
    mark: str
    at: datetime
    why: str
    size: int


def mark_of(store_id: str) -> str:
    """What names a store in the file names of its backups: six digits that tell nothing else."""
    return hashlib.blake2b(store_id.encode(), digest_size=3, person=b"backup").hexdigest()


def name(mark: str, at: datetime, why: str) -> str:
    """The file name of a backup."""
    return f"linli-{mark}-{at.strftime(_STAMP)}-{why}.db"


def copies(folder: Path, mark: str | None = None) -> list[Copy]:
    """The backups in a folder, of one store or of all, newest first."""
    found = []
    for path in folder.glob("linli-*.db"):
        if (parts := _NAME.fullmatch(path.name)) and mark in (None, parts["mark"]):
            at = datetime.strptime(parts["stamp"], _STAMP)  # noqa: DTZ007 local time, as the name says
            found.append(Copy(path, parts["mark"], at, parts["why"], path.stat().st_size))
    return sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True)


def kept(found: Iterable[Copy], policy: Policy) -> list[Copy]:
    """Those to keep, newest first: the last of each of the last days, weeks and months that have any."""
    newest_first = sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True)
    wanted = set(newest_first[: policy.least])
    wanted |= _last_of_each(newest_first, lambda copy: copy.at.date(), policy.days)
    wanted |= _last_of_each(newest_first, lambda copy: copy.at.isocalendar()[:2], policy.weeks)
    wanted |= _last_of_each(newest_first, lambda copy: (copy.at.year, copy.at.month), policy.months)
    return _within([copy for copy in newest_first if copy in wanted], policy)


def _last_of_each(newest_first: list[Copy], period: Callable[[Copy], Hashable], most: int) -> set[Copy]:
    last: dict[Hashable, Copy] = {}
    for copy in newest_first:
        last.setdefault(period(copy), copy)
    return set(list(last.values())[:most])


def _within(newest_first: list[Copy], policy: Policy) -> list[Copy]:
    total, fitting = 0, []
    for no, copy in enumerate(newest_first):
        total += copy.size
        if no < policy.least or total <= policy.bytes:
            fitting.append(copy)
    return fitting


def thin(folder: Path, mark: str, policy: Policy, spare: Path) -> list[Path]:
    """Removes what is not kept, with the keys that went along; never `spare`, the copy just made."""
    found = copies(folder, mark)
    staying = {copy.path for copy in kept(found, policy)} | {spare}
    gone = [copy.path for copy in found if copy.path not in staying]
    for path in gone:
        for file in folder.glob(f"{path.stem}.*"):
            file.unlink()
    return gone
