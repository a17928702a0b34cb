"""A building with four homes, two of them in need of care."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Household, Person
from desktop_app.residents.queries import household_of
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

DAY = "2026-11-22"


@dataclass
class Court:
    """桂花苑10栋 without units: four floors, two flats a floor."""

    db: Database
    actor: Actor
    building: Building

    def room(self, no: str) -> Room:
        found = self.db.select(select(Room).where(Room.building_id == self.building.id, Room.no == no))
        return found[0]

    def person(self, name: str, no: str, *tags: str, relation: str = "户主", **fields: str) -> Person:
        home = Home(self.room(no).id, relation=relation, from_on="2020-01-01")
        made = residents.register(self.db, self.actor, Person(name=name, **fields), home)
        for tag in tags:
            residents.tag(self.db, self.actor, [made.id], tag)
        return made

    def household(self, person: Person) -> Household:
        found = household_of(self.db, person.id)
        assert found
        return found


@pytest.fixture
def court(db: Database, actor: Actor) -> Court:
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    building, _ = places.add_building(
        db, actor, Building(estate_id=estate.id, no="10"), BuildingPlan(units=1, floors=4, per_floor=2)
    )
    return Court(db, actor, building)


@pytest.fixture
def people(court: Court) -> dict[str, Person]:
    """王桂英 lives alone, 李大山 receives aid, 张立 and 孙芳 need no care."""
    return {
        "王桂英": court.person("王桂英", "101", "独居老人", birth="1940-05-01"),
        "李大山": court.person("李大山", "202", "退役军人"),
        "张立": court.person("张立", "201"),
        "孙芳": court.person("孙芳", "401"),
    }
