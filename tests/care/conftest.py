"""Three buildings on a street, 100 and 400 m from the first; one without coordinates; people who could come."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import PartyCentreHousehold
from desktop_app.places import actions as places
from desktop_app.places.distances import METRES_PER_DEGREE
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Household, Person
from desktop_app.residents.queries import household_of
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

DAY = "2026-11-22"
LAT, LON = 30.0, 114.0
NORTH = {"1": 0, "2": 100, "3": 400, "4": None, "5": 900}
"""Building → metres north of the first; None: nobody registered where it stands."""


@dataclass
class Street:
    """桂花苑1栋 to 5栋, each of three floors with two flats."""

    db: Database
    actor: Actor
    estate: Estate
    buildings: dict[str, Building]

    def room(self, building: str, no: str) -> Room:
        wanted = select(Room).where(Room.building_id == self.buildings[building].id, Room.no == no)
        return self.db.select(wanted)[0]

    def person(self, name: str, building: str, no: str, *tags: str, **fields: str) -> Person:
        fields.setdefault("phones", "13900001111")
        home = Home(self.room(building, no).id, relation="户主", from_on="2020-01-01")
        made = residents.register(self.db, self.actor, Person(name=name, **fields), home)
        for tag in tags:
            residents.tag(self.db, self.actor, [made.id], tag)
        return made

    def household(self, person: Person) -> Household:
        found = household_of(self.db, person.id)
        assert found
        return found

    def centre(self, person: Person, **fields: str) -> PartyCentreHousehold:
        made = PartyCentreHousehold(host_id=person.id, host_name=person.name, estate_id=self.estate.id, **fields)
        return organisation.add_centre_household(self.db, self.actor, made, reason="测试")


@pytest.fixture
def street(db: Database, actor: Actor) -> Street:
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    made = {}
    for no, metres in NORTH.items():
        where = {} if metres is None else {"lon": LON, "lat": LAT + metres / METRES_PER_DEGREE}
        building = Building(estate_id=estate.id, no=no, **where)
        made[no], _ = places.add_building(db, actor, building, BuildingPlan(units=1, floors=3, per_floor=2))
    return Street(db, actor, estate, made)


@pytest.fixture
def grandmother(street: Street) -> Person:
    """王桂英 lives alone in 1栋101, next to nobody who could come yet."""
    return street.person("王桂英", "1", "101", "独居老人", birth="1940-05-01", phones="")
