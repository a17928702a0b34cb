"""A full disk in the window: `on_a_full_disk.py` in a process of its own, where a small disk is mounted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui import on_a_full_disk

MEGABYTES = 24


def test_on_a_full_disk_the_window_says_so_keeps_what_was_typed_and_saves_once_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "小盘"
    disk.mkdir()
    # a mount namespace of its own: the small disk is seen by this process alone and goes away with it
    own = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
    mount = f"mount -t tmpfs -o size={MEGABYTES}m linli '{disk}'"
    if subprocess.run([*own, "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [*own, "sh", "-c", f'{mount} && exec "$@"', "sh", sys.executable, "-m", "pytest", "-p", "no:cacheprovider",
         "--basetemp", str(tmp_path / "rest"), str(on_a_full_disk.__file__)],
        env=environment | {on_a_full_disk.SMALL_DISK: str(disk)}, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
