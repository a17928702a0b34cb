"""The command line in this process, on a copy of the demonstration community; and workbooks of every bad kind."""

import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.app import App
from desktop_app.cli import main
from desktop_app.shared.clock import Clock, FixedClock
from desktop_app.shared.resources import resource
from tests.conftest import NOON
from tests.journeys.world import Done, Server

Run = Callable[..., Done]
ROSTER = resource("demo", "红旗桥-居民.xlsx")


@pytest.fixture
def filled(tmp_path: Path, _demo_home: Path) -> Path:
    """The home folder of a desk of the demonstration community."""
    return Path(shutil.copytree(_demo_home, tmp_path / "演示 数据"))


@pytest.fixture
def run(filled: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `linli …` on the filled store, or on `home=`."""

    def linli(*words: object, home: Path | None = None) -> Done:
        capsys.readouterr()
        code = main([*map(str, words), "--home", str(home or filled)])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return linli


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """With the time of this machine, as the commands have it."""
    clock = FixedClock(NOON)
    clock.ms = Clock().ms  # type: ignore[method-assign]
    made = Server(tmp_path / "server", clock).start()
    yield made
    made.stop()


@pytest.fixture
def other(run: Run, tmp_path: Path) -> Path:
    """The home of a second desk."""
    home = tmp_path / "二号机"
    told = run("init", "--community", "红旗桥社区", "--code", "420299001001", "--staff", "任海燕", home=home)
    assert told.code == 0
    return home


@pytest.fixture
def look(filled: Path) -> Callable[[str], object]:
    """One value out of the filled store."""

    def scalar(sql: str) -> object:
        with desktop.open_app(filled) as app:
            return app.db.scalar(sql)

    return scalar


@pytest.fixture
def empty(home: Path) -> Path:
    """A store without residents; its community is another one."""
    return home


def first(app: App, table: str) -> str:
    return str(app.db.scalar(f"SELECT id FROM {table} WHERE sync_del=0 ORDER BY local_no LIMIT 1"))


@pytest.fixture
def some(filled: Path) -> Callable[[str], str]:
    """The identifier of the first record of a table."""

    def identifier(table: str) -> str:
        with desktop.open_app(filled) as app:
            return first(app, table)

    return identifier


def protected_workbook() -> bytes:
    """As much of a workbook with a password to open as a reader sees of it: an OLE file with an encrypted package."""
    return (
        bytes.fromhex("d0cf11e0a1b11ae1") + struct.pack("<504x") + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )
