"""What one may ask about places.  `on` is an ISO date: what held on that day."""

from dataclasses import dataclass

from desktop_app.accounts.rights import reads
from desktop_app.places import rules
from desktop_app.shared.dates import natural_key
from desktop_app.store.database import Database


@dataclass(frozen=True, slots=True)
class EstateLine:
    """A 小区 with its counts."""

    id: str
    name: str
    mgmt_mode: str | None
    property_firm: str | None
    buildings: int
    rooms: int


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """A 楼栋 with its counts; `grid` is the name of the grid it belongs to."""

    id: str
    estate_id: str
    estate: str
    no: str
    units: int
    floors: int | None
    rooms: int
    households: int
    persons: int
    grid: str | None
    lon: float | None
    lat: float | None

    @property
    def label(self) -> str:
        """桂花苑3栋"""
        return rules.address(self.estate, self.no, None, None)


@dataclass(frozen=True, slots=True)
class ChartRoom:
    """One cell of the room chart."""

    id: str
    unit: str | None
    floor: int
    no: str
    kind: str
    use: str


@dataclass(frozen=True, slots=True)
class RoomChart:
    """楼栋图: floors from the top, and in each floor the rooms of all units in order."""

    building_id: str
    title: str
    no: str
    units: tuple[str | None, ...]
    floors: tuple[tuple[int, tuple[ChartRoom, ...]], ...]

    @property
    def rooms(self) -> tuple[ChartRoom, ...]:
        """All rooms, floor by floor from the top."""
        return tuple(room for _, rooms in self.floors for room in rooms)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room is, level by level; `short` is 3-2-501, `full` 桂花苑3栋2单元501室."""

    room_id: str
    estate_id: str
    estate: str
    building_id: str
    building: str
    unit: str | None
    room: str

    @property
    def short(self) -> str:
        return rules.short_address(self.building, self.unit, self.room)

    @property
    def full(self) -> str:
        return rules.address(self.estate, self.building, self.unit, self.room)


@reads("places.read")
def estates(db: Database) -> list[EstateLine]:
    """All estates in use, by name."""
    found = db.rows(
        "SELECT e.id,e.name,e.mgmt_mode,e.property_firm,"
        "(SELECT count(*) FROM building b WHERE b.estate_id=e.id AND b.sync_del=0 AND b.to_on IS NULL),"
        "(SELECT count(*) FROM building b JOIN room r ON r.building_id=b.id AND r.sync_del=0 AND r.to_on IS NULL"
        " WHERE b.estate_id=e.id AND b.sync_del=0 AND b.to_on IS NULL) "
        "FROM estate e WHERE e.sync_del=0 AND e.to_on IS NULL ORDER BY e.name"
    )
    return [EstateLine(*row) for row in found]


_HOMES = (
    "(SELECT count(*) FROM room r JOIN household h ON h.room_id=r.id AND h.sync_del=0 AND h.to_on IS NULL"
    " WHERE r.building_id=b.id AND r.sync_del=0)"
)
_PEOPLE = (
    "(SELECT count(*) FROM room r JOIN residence s ON s.room_id=r.id AND s.sync_del=0 AND s.to_on IS NULL"
    " WHERE r.building_id=b.id AND r.sync_del=0)"
)


@reads("places.read")
def buildings(db: Database, *, estate_id: str | None = None, building_id: str | None = None) -> list[BuildingLine]:
    """Buildings in use, by estate and natural number (2栋 before 10栋)."""
    found = db.rows(
        "SELECT b.id,b.estate_id,e.name,b.no,b.units,b.floors_up,"
        "(SELECT count(*) FROM room r WHERE r.building_id=b.id AND r.sync_del=0 AND r.to_on IS NULL),"
        f"{_HOMES},{_PEOPLE},"
        "(SELECT a.name FROM building_grid g JOIN area a ON a.id=g.grid_id WHERE g.building_id=b.id AND g.sync_del=0"
        " AND g.to_on IS NULL LIMIT 1),b.lon,b.lat "
        "FROM building b JOIN estate e ON e.id=b.estate_id WHERE b.sync_del=0 AND b.to_on IS NULL "
        "AND (:estate IS NULL OR b.estate_id=:estate) AND (:building IS NULL OR b.id=:building)",
        {"estate": estate_id, "building": building_id},
    )
    lines = [BuildingLine(*row) for row in found]
    return sorted(lines, key=lambda line: (line.estate, natural_key(line.no)))


@reads("places.read", "accounts.roles")
def grids(db: Database) -> list[tuple[str, str]]:
    """(id, name) of the grids in use."""
    found = db.rows("SELECT id,name FROM area WHERE level='网格' AND sync_del=0 AND to_on IS NULL")
    return sorted(((str(id_), str(name)) for id_, name in found), key=lambda row: natural_key(row[1]))


@reads("places.read")
def grid_of(db: Database, building_id: str, on: str) -> str | None:
    """Identifier of the grid a building belonged to on a day."""
    found: str | None = db.scalar(
        "SELECT grid_id FROM building_grid WHERE building_id=? AND sync_del=0 AND coalesce(from_on,'')<=? "
        "AND (to_on IS NULL OR to_on>?) ORDER BY from_on DESC",
        (building_id, on, on),
    )
    return found


@reads("places.read")
def room_chart(db: Database, building_id: str) -> RoomChart | None:
    """The 楼栋图 of a building, or None when there is no such building."""
    lines = buildings(db, building_id=building_id)
    if not lines:
        return None
    found = db.rows(
        "SELECT id,unit,floor,no,kind,use FROM room WHERE building_id=? AND sync_del=0 AND to_on IS NULL",
        (building_id,),
    )
    rooms = [
        ChartRoom(id_, unit, floor if floor is not None else rules.floor_of(no) or 0, no, kind, use)
        for id_, unit, floor, no, kind, use in found
    ]
    rooms.sort(key=lambda room: (natural_key(room.unit or ""), natural_key(room.no)))
    levels = sorted({room.floor for room in rooms}, reverse=True)
    floors = tuple((level, tuple(room for room in rooms if room.floor == level)) for level in levels)
    units = tuple(dict.fromkeys(room.unit for room in rooms))
    return RoomChart(building_id, lines[0].label, lines[0].no, units, floors)


PLACE = (
    "SELECT r.id,e.id,e.name,b.id,b.no,r.unit,r.no FROM room r JOIN building b ON b.id=r.building_id "
    "JOIN estate e ON e.id=b.estate_id "
)


@reads("places.read")
def place(db: Database, room_id: str | None) -> Place | None:
    """Where a room is."""
    found = db.row(PLACE + "WHERE r.id=?", (room_id,))
    return None if found is None else Place(*found)


@reads("places.read")
def find_rooms(
    db: Database,
    building: str | None,
    unit: str | None,
    room: str | None,
    *,
    estate: str | None = None,
    limit: int = 50,
) -> list[Place]:
    """Rooms by their numbers, any of which may be left out; `estate` is part of a name."""
    found = db.rows(
        PLACE + "WHERE r.sync_del=0 AND r.to_on IS NULL AND (:b IS NULL OR b.no=:b) AND (:u IS NULL OR r.unit=:u) "
        "AND (:r IS NULL OR r.no=:r) AND (:e IS NULL OR instr(e.name,:e)>0) LIMIT :n",
        {"b": building, "u": unit, "r": room, "e": estate, "n": limit},
    )
    return [Place(*row) for row in found]
