"""A building with two homes, and people to put in it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.identity import id_check_digit
from desktop_app.store.database import Database


def id_number(born: str, order: int) -> str:
    """A well-formed number of nobody; an odd order means a man."""
    first = f"420299{born.replace('-', '')}{order:03d}"
    return first + id_check_digit(first)


@dataclass
class Street:
    """桂花苑3栋: two units, three floors, two homes a floor."""

    db: Database
    actor: Actor
    estate: Estate
    building: Building

    def room(self, unit: str, no: str) -> Room:
        found = self.db.select(
            select(Room).where(Room.building_id == self.building.id, Room.unit == unit, Room.no == no)
        )
        return found[0]

    def person(self, name: str, room: Room | None = None, relation: str = "户主", **fields: str) -> Person:
        home = Home(room.id, relation=relation) if room else None
        return actions.register(self.db, self.actor, Person(name=name, **fields), home)


@pytest.fixture
def street(db: Database, actor: Actor) -> Street:
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    building, made = places.add_building(
        db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=2, floors=3, per_floor=2)
    )
    assert made == 12
    return Street(db, actor, estate, building)
