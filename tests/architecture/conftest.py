"""What the architecture tests look at: the tree as git sees it, and its Python files as syntax trees."""

import ast
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sync_protocol", "central_server", "desktop_app", "ui")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file of the repository, those not yet committed too, as paths below the top."""
    listed = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def texts(tracked: list[Path]) -> dict[Path, str]:
    """Those of them that are text; rosters in GB 18030 are not."""
    found = {}
    for path in tracked:
        with suppress(UnicodeDecodeError):
            text = (ROOT / path).read_bytes().decode("utf-8")
            if "\0" not in text:
                found[path] = text
    return found


@pytest.fixture(scope="session")
def modules() -> dict[Path, ast.Module]:
    """The Python files of the four packages, parsed; paths below the top."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in files}
