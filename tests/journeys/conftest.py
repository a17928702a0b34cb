"""A filled store that is made once and copied, and a server to sync with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.app import App, Beginning
from desktop_app.shared.clock import FixedClock
from desktop_app.sync.enrol import enrol
from tests.conftest import NOON
from tests.journeys.world import COMMUNITY, SCOPE, Server


@pytest.fixture
def demo_app(tmp_path: Path, _demo_home: Path, clock: FixedClock) -> Iterator[App]:
    """The opened desk of the demonstration community."""
    with desktop.open_app(Path(shutil.copytree(_demo_home, tmp_path / "演示 数据")), clock=clock) as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path, clock: FixedClock) -> Iterator[Server]:
    """The central server, running."""
    made = Server(tmp_path / "server", clock).start()
    yield made
    made.stop()


@pytest.fixture
def make_desk(tmp_path: Path, server: Server) -> Iterator[Callable[..., App]]:
    """Makes an enrolled desk of 红旗桥社区; each has a clock of its own (`app.clock.move`), `moved` from noon."""
    made: list[App] = []

    def make(staff: str, *, enrolled: bool = True, **moved: float) -> App:
        clock = FixedClock(NOON)
        clock.move(**moved)
        app = desktop.create(tmp_path / staff, Beginning(COMMUNITY, str(SCOPE), staff), clock=clock)
        made.append(app)
        if enrolled:
            enrol(app.db, app.secrets, server_url=server.url, code=server.code(), name=f"{staff}的电脑")
        return app

    yield make
    for app in made:
        app.close()


@pytest.fixture
def one(make_desk: Callable[..., App]) -> App:
    return make_desk("李静")


@pytest.fixture
def two(make_desk: Callable[..., App]) -> App:
    return make_desk("任海燕")
