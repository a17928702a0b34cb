"""A small community to organise: an estate with three buildings, people who live there."""

from dataclasses import dataclass

import pytest

from desktop_app.accounts.model import Actor
from desktop_app.organisation.model import PartyMember
from desktop_app.places.model import Area, Building, BuildingGrid, Estate, Room
from desktop_app.residents.model import Household, HouseholdMember, Person, Residence
from desktop_app.store.database import Database, Transaction
from tests.care.conftest import street  # noqa: F401 a fixture: five buildings on a street


@dataclass(frozen=True, slots=True)
class Town:
    """Identifiers of what stands in the store.  3栋 has three units, 7栋 and 8栋 one each."""

    estate: str
    grid: str
    b3: str
    b7: str
    b8: str
    rooms: dict[str, str]
    member: str
    neighbour: str


@pytest.fixture
def town(db: Database, actor: Actor) -> Town:
    """王东 (party member, 3-1-101) and 李梅 (no member, 7-101), one household in every room."""
    with db.transaction(actor, "建小区") as tx:
        estate = tx.add(Estate(area_id=db.setting("community"), name="桂花苑"))
        grid = tx.add(Area(name="第1网格", level="网格", parent_id=db.setting("community")))
        b3, b7, b8 = (
            tx.add(Building(estate_id=estate.id, no=no, units=units)) for no, units in (("3", 3), ("7", 1), ("8", 1))
        )
        tx.add(BuildingGrid(building_id=b3.id, grid_id=grid.id))
        rooms = {f"3-{unit}-101": _room(tx, b3.id, str(unit)) for unit in (1, 2, 3)}
        rooms |= {"7-101": _room(tx, b7.id, None), "8-101": _room(tx, b8.id, None)}
        member = resident(tx, "王东", rooms["3-1-101"], political="中共党员", phones="13800000001 13800000002")
        tx.add(PartyMember(person_id=member.id, joined_on="1990-07-01"))
        neighbour = resident(tx, "李梅", rooms["7-101"], phones="13800000003")
        for room in rooms.values():
            household = tx.add(Household(room_id=room))
            if room == rooms["8-101"]:
                tx.add(HouseholdMember(household_id=household.id, person_id=member.id))
    return Town(estate.id, grid.id, b3.id, b7.id, b8.id, rooms, member.id, neighbour.id)


def _room(tx: Transaction, building_id: str, unit: str | None) -> str:
    return tx.add(Room(building_id=building_id, unit=unit, floor=1, no="101")).id


def resident(tx: Transaction, name: str, room: str, *, political: str | None = None, phones: str = "") -> Person:
    """Somebody who lives in a room."""
    person = tx.add(Person(name=name, political=political, phones=phones))
    tx.add(Residence(person_id=person.id, room_id=room))
    return person
