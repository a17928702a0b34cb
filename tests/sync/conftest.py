"""A server and desks that are enrolled with it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.shared.clock import FixedClock
from tests.conftest import NOON
from tests.sync.desks import Desk, Server


@pytest.fixture
def server(tmp_path: Path, clock: FixedClock) -> Iterator[Server]:
    made = Server(tmp_path / "server", clock)
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
