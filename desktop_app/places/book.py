"""Finds the estates, buildings and rooms that addresses name, and prepares those that are not there yet.

Nothing is written here: a `PlaceBook` collects what a plan would add, and the commit of the plan stores it.
"""

from dataclasses import dataclass, field
from typing import Any

from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import floor_of
from desktop_app.shared.ids import named_id, new_id
from desktop_app.store.database import Database
from desktop_app.store.writes import Writes

Address = tuple[str | None, str | None, str | None, str | None]
"""Estate, building, unit, room."""


@dataclass(slots=True)
class KnownBuilding:
    """A building that stands or is about to be made."""

    id: str
    units: int
    new: dict[str, Any] | None = None
    floors: int = 0
    seen_units: set[str | None] = field(default_factory=set)


class PlaceBook:
    """The places of this desk's register by what they are called."""

    def __init__(self, db: Database, writes: Writes) -> None:
        self.db = db
        self.writes = writes
        self.community = db.setting("community")
        self.new_estates: list[str] = []
        self.new_buildings: list[tuple[str, str]] = []
        self.new_rooms = 0
        self.estates: dict[str, str] = {}
        self.buildings: dict[tuple[str, str], KnownBuilding] = {}
        self.rooms: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._used: set[str] = set()
        self._by_address: dict[Address, str | None] = {}
        self._load()

    def _load(self) -> None:
        rows = self.db.rows
        for id_, name, alias in rows(
            "SELECT id,name,alias FROM estate WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no"
        ):
            self.estates.setdefault(name, id_)
            if alias:
                self.estates.setdefault(alias, id_)
        standing = {}
        for id_, estate, no, units in rows(
            "SELECT id,estate_id,no,units FROM building WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no"
        ):
            self.buildings.setdefault((estate, no), KnownBuilding(id_, units))
            standing[id_] = self.buildings[estate, no]
        for id_, building, unit, no, use in rows(
            'SELECT id,building_id,unit,no,"use" FROM room WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no'
        ):
            self.rooms.setdefault((building, unit or "", no), (id_, use))
            if building in standing:
                standing[building].seen_units.add(unit)
        for table in ("estate", "building", "room"):
            self._used.update(id_ for (id_,) in rows(f"SELECT id FROM {table}"))

    def _named(self, *parts: str) -> str:
        """The identifier every desk gives to the same place, unless a retired record has it already."""
        identifier = named_id(*parts)
        if identifier in self._used:
            return new_id()
        self._used.add(identifier)
        return identifier

    def estate(self, name: str | None) -> str:
        """The estate of that name; without a name the only one there is, or one named after the community."""
        if not name:
            only = set(self.estates.values())
            if len(only) == 1:
                return next(iter(only))
            name = str(self.db.scalar("SELECT name FROM area WHERE id=?", (self.community,)) or "本社区")
        if (known := self.estates.get(name)) is not None:
            return known
        identifier = self._named("estate", self.community or "", name)
        self.writes.add(Estate, id=identifier, area_id=self.community, name=name)
        self.new_estates.append(name)
        self.estates[name] = identifier
        return identifier

    def building(self, estate_name: str | None, no: str) -> KnownBuilding:
        """The building of that number in an estate, made if need be."""
        estate = self.estate(estate_name)
        if (known := self.buildings.get((estate, no))) is not None:
            return known
        identifier = self._named("building", estate, no)
        self.writes.add(Building, id=identifier, estate_id=estate, no=no, units=1, floors_up=None, per_floor=None)
        made = self.writes.new[Building][-1]
        known = self.buildings[estate, no] = KnownBuilding(identifier, 1, made)
        self.new_buildings.append((estate_name or "", no))
        return known

    def find_building(self, estate_name: str | None, no: str) -> KnownBuilding | None:
        """The building if it stands; nothing is made."""
        estate = self.estates.get(estate_name or "")
        if estate is None and not estate_name and len(set(self.estates.values())) == 1:
            estate = next(iter(self.estates.values()))
        return self.buildings.get((estate, no)) if estate else None

    def find_room(self, estate_name: str | None, no: str, unit: str | None, room: str) -> str | None:
        """The room if it stands; nothing is made."""
        building = self.find_building(estate_name, no)
        found = self.standing(building, unit, room) if building else None
        return found[0] if found else None

    def standing(self, building: KnownBuilding, unit: str | None, no: str) -> tuple[str, str] | None:
        """(identifier, use) of a room if it stands; in a building with one unit, unit 1 and no unit are the same."""
        found = self.rooms.get((building.id, unit or "", no))
        if found is None and building.units <= 1 and unit in {None, "1"}:
            found = self.rooms.get((building.id, "" if unit else "1", no))
        return found

    def room(self, address: Address, use: str = "未知") -> str | None:
        """The room at an address, made if need be; None if the address names none.

        `use` is what the sheet says of it; it replaces only 未知.
        """
        if address in self._by_address:
            return self._by_address[address]
        identifier = self._room(address, use)
        self._by_address[address] = identifier
        return identifier

    def _room(self, address: Address, use: str) -> str | None:
        estate, no, unit, room = address
        if no is None or room is None:
            return None
        building = self.building(estate, no)
        found = self.standing(building, unit, room)
        if found is not None:
            if found[1] == "未知" != use:
                self.writes.changed.append((Room, found[0], {"use": use}))
            return found[0]
        if building.new is None and building.units <= 1 and None in building.seen_units and unit == "1":
            unit = None
        return self.add_room(building, unit, room, use=use)

    def add_room(
        self,
        building: KnownBuilding,
        unit: str | None,
        no: str,
        *,
        use: str = "未知",
        kind: str = "住宅",
        floor: int | None = None,
        seq: int | None = None,
    ) -> str:
        """Prepares a new room; a new building grows with its rooms."""
        floor = floor_of(no) if floor is None else floor
        digits = "".join(sign for sign in no[-2:] if sign.isdigit())
        identifier = self.writes.add(
            Room,
            id=self._named("room", building.id, unit or "", no),
            building_id=building.id,
            unit=unit,
            floor=floor,
            no=no,
            seq=int(digits or 0) if seq is None else seq,
            kind=kind,
            use=use,
        )
        self.rooms[building.id, unit or "", no] = identifier, use
        building.seen_units.add(unit)
        self.new_rooms += 1
        if building.new is not None:
            building.floors = max(building.floors, floor or 0)
            building.new["floors_up"] = building.floors or None
            units = len(building.seen_units) - (None in building.seen_units)
            building.units = building.new["units"] = max(1, units)
        return identifier
