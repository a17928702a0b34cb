"""Fixtures for every test: a store made once and copied, a clock that stands, a passphrase instead of a keyring.

The folder name has a blank and Chinese characters, as the folders of a Chinese desktop do.
"""

import fcntl
import gc
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from desktop_app import app as desk
from desktop_app.app import App, Beginning
from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import FixedClock
from desktop_app.store import keys
from desktop_app.store.database import Database

if TYPE_CHECKING:
    from tests.postgres import Cluster

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
PASSPHRASE = "测试 口令"
CHEAP_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}

os.environ["TZ"] = "Asia/Shanghai"
time.tzset()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile("linli", deadline=None)
settings.load_profile("linli")


def pytest_collection_finish() -> None:
    """The tests themselves and what they import stand aside: Python need not look through them for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the keyring or the data of whoever runs it."""
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "nobody's home"))
    monkeypatch.setattr(keys, "ARGON2", CHEAP_ARGON2)


@pytest.fixture
def passphrase() -> str:
    """What opens every store of the tests; it stands in the environment as well."""
    return PASSPHRASE


@pytest.fixture
def clock() -> FixedClock:
    """Sunday 2026-11-22, noon in China; `clock.move(days=1)` moves it."""
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def _blank_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("blank")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
        patch.setattr(keys, "ARGON2", CHEAP_ARGON2)
        beginning = Beginning(community="江山社区", code="420299001001", staff="张三")
        desk.create(home, beginning, clock=FixedClock(NOON)).close()
        desk.open_app(home, clock=FixedClock(NOON)).close()  # what the first start does is done
    return home


@pytest.fixture(scope="session")
def _demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the demonstration community; to be copied. Made once for all processes of a run."""
    from tests.journeys.world import make_demo_home

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            make_demo_home(shared / "demo.part").rename(shared / "demo")
    return shared / "demo"


@pytest.fixture(scope="session")
def cluster() -> Iterator["Cluster"]:
    """A running PostgreSQL; started where the first test asks for it."""
    from tests.postgres import Cluster

    with Cluster() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, _blank_home: Path) -> Path:
    """The home folder of a desk of 江山社区 that holds nothing but its community and one member of staff, 张三."""
    return Path(shutil.copytree(_blank_home, tmp_path / "社区 数据"))


@pytest.fixture
def app(home: Path, clock: FixedClock) -> Iterator[App]:
    """The opened desk."""
    with desk.open_app(home, clock=clock) as opened:
        yield opened


@pytest.fixture
def db(app: App) -> Database:
    """The store of the opened desk."""
    return app.db


@pytest.fixture
def actor(app: App) -> Actor:
    """张三, in whose name the tests record."""
    return app.actor
