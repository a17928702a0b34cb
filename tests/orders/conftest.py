"""A street of three buildings with coordinates, helpers in them, and somebody who asks for help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from desktop_app.orders import actions, people
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, ServiceOrder
from desktop_app.orders.rules import State
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

TODAY = "2026-11-22"
Act = Callable[..., State]


@dataclass
class Street:
    """桂花苑 1、2 and 9栋, about 100 m and 3 km apart."""

    db: Database
    actor: Actor
    buildings: dict[str, Building]

    def person(self, name: str, building: str, no: str, **fields: str) -> Person:
        rooms = select(Room).where(Room.building_id == self.buildings[building].id, Room.no == no)
        home = Home(self.db.select(rooms)[0].id, relation="户主", from_on="2020-01-01")
        return residents.register(self.db, self.actor, Person(name=name, **fields), home)

    def helper(self, name: str, building: str | None = "1", colours: str = "1", **fields: Any) -> Helper:
        where = self.buildings[building].id if building else None
        return people.add_helper(self.db, self.actor, Helper(name=name, colours=colours, building_id=where, **fields))


@pytest.fixture
def street(db: Database, actor: Actor) -> Street:
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    points = {"1": (115.0660, 30.2210), "2": (115.0670, 30.2210), "9": (115.0960, 30.2210)}
    buildings = {
        no: places.add_building(
            db,
            actor,
            Building(estate_id=estate.id, no=no, lon=lon, lat=lat),
            BuildingPlan(units=1, floors=3, per_floor=2),
        )[0]
        for no, (lon, lat) in points.items()
    }
    return Street(db, actor, buildings)


@pytest.fixture
def place(db: Database, actor: Actor) -> Callable[..., ServiceOrder]:
    """Places an order: `place("换灯泡", colour="3")`."""

    def placed(title: str = "陪同就医", helper_id: str = "", **fields: Any) -> ServiceOrder:
        told = {"colour": "1", **fields}
        return actions.place(db, actor, actions.blank(db, title=title, **told), helper_id)

    return placed


@pytest.fixture
def act(db: Database, actor: Actor) -> Act:
    """Acts on an order: `act(order, "退单", text=…)`."""

    def acted(order: ServiceOrder, kind: str, **more: Any) -> State:
        return actions.act(db, actor, order.id, Deed(kind, **more))

    return acted
