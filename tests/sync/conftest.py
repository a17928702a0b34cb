"""A server and desks that are enrolled with it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from central_server import devices, units
from desktop_app import app as desktop
from desktop_app.app import App, Beginning
from desktop_app.shared.clock import FixedClock
from desktop_app.sync import enrol
from tests import storages
from tests.conftest import NOON
from tests.storages import Disk
from tests.sync.desks import SCOPE, Desk, Server
from tests.sync.scripted import Script, ScriptedDesk

STREET, NEIGHBOUR, OTHER_STREET = 420299001, 420299001002, 420299002
NAMES = {SCOPE: "江山社区", NEIGHBOUR: "江北社区", STREET: "红旗街道"}


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


# ---------------------------------------------------------------------------------------------------- several units


@pytest.fixture
def district(server: Server) -> Server:
    """Two streets; under the first one 江山社区 and 江北社区."""
    with server.storage.writing() as session:
        now = server.clock.ms()
        units.create(session, STREET, "红旗街道", now, kind="street")
        units.create(session, OTHER_STREET, "江北街道", now, kind="street")
        units.create(session, NEIGHBOUR, "江北社区", now, kind="community", parent=STREET)
        units.move(session, SCOPE, STREET)
    return server


@pytest.fixture
def make(district, tmp_path) -> Callable[[int, str], Desk]:
    made = []

    def of(unit: int, name: str) -> Desk:
        home = tmp_path / name
        code = str(unit).ljust(12, "0")
        desktop.create(home, Beginning(NAMES[unit], code, "李四"), clock=FixedClock(NOON)).close()
        desk = Desk(home, district, FixedClock(NOON))
        made.append(desk)
        with district.storage.writing() as session:
            single_use = devices.make_code(session, unit, district.clock.ms())
        enrol.enrol(
            desk.db,
            desk.app.secrets,
            server_url="https://central.test",
            code=single_use,
            name=name,
            transport=desk.line,
        )
        return desk

    yield of
    for desk in made:
        desk.app.close()


@pytest.fixture
def ours(make) -> Desk:
    return make(SCOPE, "江山一号机")


@pytest.fixture
def theirs(make) -> Desk:
    return make(NEIGHBOUR, "江北一号机")


@pytest.fixture
def street(make) -> Desk:
    return make(STREET, "街道一号机")
