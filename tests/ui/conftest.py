"""A window without a screen and a small invented community."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.app import App, Beginning, create, open_app
from desktop_app.places.actions import add_building, add_estate
from desktop_app.places.model import Building, Estate
from desktop_app.places.queries import room_chart
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonTag, Residence
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.identity import id_check_digit
from desktop_app.store import keys
from tests.conftest import CHEAP_ARGON2
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.shell.background import Background
from ui.shell.desk import Desk
from ui.shell.settings import Settings
from ui.shell.signals import Signals
from ui.shell.theme import Theme
from ui.shell.turns import turns

TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙"
GIVEN = ("伟", "芳", "娜", "秀英", "敏", "静", "建国", "桂兰", "小明", "德福", "玉梅", "志强")


def synthetic_id(birth: str, serial: int) -> str:
    """A well-formed number of the unallocated area 420299."""
    head = f"420299{birth.replace('-', '')}{serial % 1000:03d}"
    return head + id_check_digit(head)


def populate(app: App, people: int = 40) -> str:
    """桂花苑3栋 with families in its first rooms; returns the identifier of the building."""
    rnd = Random(7)  # noqa: S311 invented people, not secrets
    estate = add_estate(app.db, app.actor, Estate(name="桂花苑"))
    plan = BuildingPlan(units=2, floors=6, per_floor=2)
    building, _ = add_building(app.db, app.actor, Building(estate_id=estate.id, no="3"), plan)
    chart = room_chart(app.db, building.id)
    assert chart is not None
    rooms = [room for _, floor in reversed(chart.floors) for room in floor]
    with app.db.transaction(app.actor, "准备") as tx:
        serial = 0
        for room in rooms:
            size = rnd.choice((0, 1, 2, 3, 3))
            family = []
            for at in range(min(size, people - serial)):
                serial += 1
                birth = f"{rnd.randint(1938, 2018)}-{rnd.randint(1, 12):02d}-{rnd.randint(1, 28):02d}"
                family.append(
                    Person(
                        name=rnd.choice(SURNAMES) + rnd.choice(GIVEN),
                        sex="男" if serial % 2 else "女",
                        birth=birth,
                        id_type="居民身份证",
                        id_no=synthetic_id(birth, serial),
                        phones=f"1380000{serial:04d}" if at == 0 else "",
                        political="中共党员" if serial % 9 == 0 else "群众",
                    )
                )
            tx.add_all(family)
            if family:
                home = tx.add(Household(room_id=room.id, head_id=family[0].id))
                for at, person in enumerate(family):
                    tx.add(Residence(person_id=person.id, room_id=room.id))
                    relation = ("户主", "配偶", "子")[at]
                    tx.add(HouseholdMember(household_id=home.id, person_id=person.id, relation=relation))
                if len(family) == 1:
                    tx.add(PersonTag(person_id=family[0].id, tag="独居老人"))
    return building.id


def told(words: str) -> str:
    """The passphrase of every store behind a window."""
    return "correct horse"


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("window") / "empty"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "ARGON2", CHEAP_ARGON2)
        create(home, Beginning("和平社区", "420299001001", "李静"), clock=FixedClock(TODAY), ask=told).close()
    with open_app(home, clock=FixedClock(TODAY), ask=told):  # what the first start does is done
        return home


@pytest.fixture(scope="session")
def _town_home(_empty_home: Path) -> Path:
    home = Path(shutil.copytree(_empty_home, _empty_home.with_name("town")))
    with open_app(home, clock=FixedClock(TODAY), ask=told) as app:
        populate(app)
    return home


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    """An open store without residents, unless the test asks for the town as well."""
    made = "_town_home" if "town" in request.fixturenames else "_empty_home"
    home = Path(shutil.copytree(request.getfixturevalue(made), tmp_path / "home"))
    with open_app(home, clock=FixedClock(TODAY), ask=told) as opened:
        yield opened


@pytest.fixture
def town(app: App) -> App:
    """An open store with a building and some forty residents."""
    return app


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    """The light theme with the bundled font."""
    made = Theme()
    made.bundled_font_only = True
    made.apply("light", 14)
    return made


@pytest.fixture(scope="module")
def light_garbage() -> None:
    """What other tests left stands aside: each window that closes collects, and need not walk through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def background(qtbot: QtBot, light_garbage: None) -> Iterator[Background]:
    """Ends as Qt ends things: in Python's collector a desk would go with its parent, and then once more by itself."""
    made = Background()
    yield made
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # None: of everybody
    made.close()
    delete(made)


@pytest.fixture
def make_desk(tmp_path: Path, theme: Theme, background: Background) -> Callable[[App], Desk]:
    """A desk without a window."""

    def make(app: App) -> Desk:
        desk = Desk(app, background, Signals(background), Settings(tmp_path / "window.ini"), theme, background)
        app.db.changed.append(desk.signals.tell)
        return desk

    return make


@pytest.fixture
def window(town: App, tmp_path: Path, theme: Theme, background: Background, qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window over the small community, shown, at rest."""
    from ui.finders import FINDERS

    made = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(made)
    made.show()
    made.attach(town, FINDERS)
    settle(qtbot, background)
    yield made
    settle(qtbot, background)


def rest(page: Page, qtbot: QtBot) -> None:
    """Wait until a page has asked, been answered, asked again because of it, and shows what came."""
    for _ in range(3):
        settle(qtbot, page.desk.background)
        qtbot.wait(40)


def settle(qtbot: QtBot, background: Background) -> None:
    """Wait until nothing is under way, and what came back has not asked for more."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not (background.is_busy or turns().is_busy), timeout=10_000)
        qtbot.wait(2)
