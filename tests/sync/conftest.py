"""A server and desks that are enrolled with it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.app import App
from desktop_app.shared.clock import FixedClock
from tests import storages
from tests.conftest import NOON
from tests.storages import Disk
from tests.sync.desks import Desk, Server
from tests.sync.scripted import Script, ScriptedDesk


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """Where the server keeps its data: SQLite, unless a test asks for another engine (`storages.on_both`)."""
    made = storages.disk(getattr(request, "param", "sqlite"), tmp_path / "server", request)
    yield made
    made.leave()


@pytest.fixture
def server(disk: Disk, clock: FixedClock) -> Iterator[Server]:
    made = Server(disk, clock)
    yield made
    made.storage.close()


@pytest.fixture
def make_desk(tmp_path: Path, _blank_home: Path, server: Server) -> Iterator[Callable[..., Desk]]:
    """Makes a desk; with `enrolled=False` one the server has never heard of."""
    made: list[Desk] = []

    def make(name: str, *, enrolled: bool = True) -> Desk:
        home = Path(shutil.copytree(_blank_home, tmp_path / name))
        desk = Desk(home, server, FixedClock(NOON))
        made.append(desk)
        if enrolled:
            desk.enrol(name)
        return desk

    yield make
    for desk in made:
        desk.app.close()


@pytest.fixture
def first(make_desk) -> Desk:
    return make_desk("一号机")


@pytest.fixture
def second(make_desk) -> Desk:
    return make_desk("二号机")


@pytest.fixture
def script(clock: FixedClock) -> Script:
    return Script(clock)


@pytest.fixture
def told(app: App, script: Script) -> ScriptedDesk:
    """A desk that believes whatever the script says."""
    return ScriptedDesk(app, script)
