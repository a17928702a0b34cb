"""A store with accounts: the first administrator, and people hired for a test."""

from collections.abc import Callable

import pytest

from desktop_app.accounts import managing, signing
from desktop_app.accounts.model import Actor
from desktop_app.places import actions as places
from desktop_app.places.model import Area, Building, Estate, Room
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.store.database import Database

FIRST, FIRST_PASSWORD = "zhangsan", "Jiangshan-2026"
TEMPORARY, OWN = "Linshi-2468", "Gongzuo-1357"
Hire = Callable[..., Actor]


@pytest.fixture
def admin(db: Database) -> Actor:
    """张三, who set the store up and is signed in."""
    return signing.first_administrator(db, "张三", FIRST, FIRST_PASSWORD)


@pytest.fixture
def hire(db: Database, admin: Actor) -> Hire:
    """Somebody with roles who has chosen an own password; the administrator sits at the desk afterwards."""

    def make(name: str, *roles: str, login: str = "", grids: tuple[str, ...] = ()) -> Actor:
        login = login or managing.proposed_login(db, name)
        managing.add_account(db, admin, name, login, TEMPORARY, roles=roles, grids=grids)
        person = signing.sign_in(db, login, TEMPORARY)
        signing.change_password(db, person, TEMPORARY, OWN)
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
        return person

    return make


@pytest.fixture
def account(db: Database) -> Callable[[Actor], str]:
    """The identifier of somebody's account."""

    def of(actor: Actor) -> str:
        return str(db.scalar("SELECT id FROM account WHERE staff_id=? ORDER BY id DESC", (actor.id,)))

    return of


@pytest.fixture
def said(db: Database) -> Callable[[], list[str]]:
    """What the audit trail says, oldest first."""
    return lambda: [str(what) for (what,) in db.rows("SELECT what FROM journal_action ORDER BY no")]


@pytest.fixture
def town(db, admin):
    """Two grids with a building each; the rooms by name, and the grids."""
    estate = places.add_estate(db, admin, Estate(name="江山花园"))
    grids, rooms = [], []
    for number in ("1", "2"):
        code = f"42029900100100{number}"
        grids.append(places.add_area(db, admin, Area(code=code, name=f"第{number}网格", level="网格")))
        building, _ = places.add_building(db, admin, Building(estate_id=estate.id, no=number, units=1, floors_up=2))
        places.assign_grid(db, admin, building.id, grids[-1].id, "2020-01-01")
        rooms.append(places.add_room(db, admin, Room(building_id=building.id, floor=1, no="101", seq=1)))
    return grids, rooms


@pytest.fixture
def wang(hire, town):
    return hire("王芳", "worker", grids=(town[0][0].id,))


@pytest.fixture
def living(db, admin, town):
    """Somebody in the own grid, somebody in the other."""
    return [
        residents.register(db, admin, Person(name=name), Home(room.id))
        for name, room in zip(("内邻", "外邻"), town[1], strict=True)
    ]
