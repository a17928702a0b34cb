"""The backups of a store as a person sees them: where they are kept, which there are, when each was last proved."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop_app.store.database import Database
from desktop_app.store.keeping import Copy, copies
from desktop_app.store.keys import write_private

FOLDER: Final = "backup_folder"
"""Setting: where a person wants the copies instead of the folder beside the store."""
PROVED: Final = ".proved.json"
WHY: Final = {"manual": "手工", "daily": "每天", "exit": "退出时", "upgrade": "升级前", "import": "导入前"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy with the instant it was last proved to open, in UTC ms."""

    copy: Copy
    proved_at: int

    @property
    def id(self) -> str:
        """What tells copies apart."""
        return str(self.copy.path)

    @property
    def why(self) -> str:
        """Why it was made, in a word."""
        return WHY.get(self.copy.why, self.copy.why)


def chosen(db: Database) -> Path | None:
    """The folder somebody chose, whether or not it is there now."""
    told = db.setting(FOLDER)
    return Path(told) if told else None


def target(db: Database, usual: Path) -> Path:
    """Where the next copy goes: the chosen folder if it is there (a stick may be out), else the usual one."""
    wanted = chosen(db)
    return wanted if wanted and wanted.is_dir() else usual


def listed(db: Database, usual: Path, mark: str) -> list[Kept]:
    """All copies of a store that can be reached, newest first."""
    found: list[Copy] = []
    for folder in dict.fromkeys((usual, target(db, usual))):
        if folder.is_dir():
            found += copies(folder, mark)
    return [Kept(copy, proved_at(copy.path)) for copy in sorted(found, key=lambda one: one.at, reverse=True)]


def note_proof(copy: Path, at: int) -> None:
    """Keeps beside a copy that it opened at `at` (UTC ms); where the medium cannot be written, nothing is kept."""
    with suppress(OSError):
        write_private(copy.with_name(copy.stem + PROVED), json.dumps({"at": at}))


def proved_at(copy: Path) -> int:
    """When a copy last opened, in UTC ms: it counts only once it has, so at the latest when it was made."""
    made = round(copy.stat().st_mtime * 1000)
    try:
        return max(made, int(json.loads(copy.with_name(copy.stem + PROVED).read_text("utf-8"))["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return made
