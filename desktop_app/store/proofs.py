"""When a backup was last proved to open; the note lies beside the copy and goes where the copy goes."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from desktop_app.store.keys import write_private

SUFFIX: Final = ".proved.json"


def note(copy: Path, at: int) -> None:
    """Keeps that a copy opened at `at` (UTC ms); where the medium cannot be written, nothing is kept."""
    with suppress(OSError):
        write_private(copy.with_name(copy.stem + SUFFIX), json.dumps({"at": at}))


def proved_at(copy: Path) -> int:
    """When it last opened, in UTC ms: a copy counts only once it has, so at the latest when it was made."""
    made = round(copy.stat().st_mtime * 1000)
    try:
        return max(made, int(json.loads(copy.with_name(copy.stem + SUFFIX).read_text("utf-8"))["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return made
