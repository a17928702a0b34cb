"""What was written or renamed is on the disk for good, before anything relies on it."""

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Makes the content of a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes a new name in a folder durable; Windows has no way to ask for it and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
