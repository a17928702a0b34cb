"""Files with personal data that leave the program: only their owner may read them, and they are whole or not there."""

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


def begin(path: Path) -> None:
    """Makes an empty file that only its owner may read, in place of whatever was there.  OSError where it cannot."""
    path.unlink(missing_ok=True)  # an older one would keep its mode
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def write(path: Path, data: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all.  OSError where it cannot be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        begin(part)
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
