"""Import of a list of buildings: estates, grids, buildings, which grid each belongs to, and the rooms of each."""

from dataclasses import dataclass, replace
from typing import Any

from desktop_app.accounts.rights import needs, reads
from desktop_app.places.book import KnownBuilding, PlaceBook
from desktop_app.places.model import Area, Building, BuildingGrid, Room
from desktop_app.places.rules import BuildingPlan, address, plan_rooms
from desktop_app.places.sheet import BuildingLine, BuildingList
from desktop_app.shared.actor import Actor
from desktop_app.shared.bulk import Cancelled, Progress, never, no_progress
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id, new_id
from desktop_app.spreadsheets.plans import Change, FieldChange, ImportResult, Plan
from desktop_app.spreadsheets.problems import problem
from desktop_app.store.database import Database
from desktop_app.store.writes import Writes, must_be_current, stamp, teller, write

_STORED = {
    "units": "units",
    "floors": "floors_up",
    "floors_down": "floors_down",
    "per_floor": "per_floor",
    "built": "built_year",
    "structure": "structure",
    "elevators": "elevators",
    "address": "address",
    "longitude": "lon",
    "latitude": "lat",
}
"""Field of a line → column of a building."""
_LABELS = {name: str(column.info.get("zh", name)) for name, column in Building.__table__.columns.items()}


@dataclass(slots=True)
class BuildingsPlan(Plan):
    """What an import of buildings would do."""

    listing: BuildingList
    new_estates: list[str]
    new_grids: list[str]
    new_rooms: int
    writes: Writes
    stamp: tuple[int, ...]


@reads("places.change")
def plan_buildings(db: Database, listing: BuildingList) -> BuildingsPlan:
    """What importing a list of buildings would do now; writes nothing."""
    return _Planner(db, listing).plan()


@needs("places.change")
def import_buildings(
    db: Database, plan: BuildingsPlan, actor: Actor, *, progress: Progress = no_progress, cancelled: Cancelled = never
) -> ImportResult:
    """Does what a plan says, in one transaction; CancelledError or AppError leave everything as it was."""
    result = ImportResult("栋", len(plan.added), len(plan.changed), len(plan.unchanged), rooms=plan.new_rooms)
    with db.transaction(actor, f"导入楼栋（新增{result.added}栋，更新{result.changed}栋）") as tx:
        must_be_current(tx, plan.stamp)
        write(tx, plan.writes, teller(progress, cancelled, "正在写入楼栋"))
        return replace(result, action=tx.action)


class _Planner:
    """Makes one plan."""

    def __init__(self, db: Database, listing: BuildingList) -> None:
        self.db = db
        self.listing = listing
        self.stamp = stamp(db)
        self.writes = Writes()
        self.book = PlaceBook(db, self.writes)
        self.today = db.clock.today().isoformat()
        self.problems = list(listing.problems)
        self.new_grids: list[str] = []
        self.grids = {
            name: id_
            for id_, name in db.rows(
                "SELECT id,name FROM area WHERE level='网格' AND sync_del=0 AND to_on IS NULL AND parent_id IS ?",
                (self.book.community,),
            )
        }
        self.grid_of = {
            building: (id_, grid)
            for id_, building, grid in db.rows(
                "SELECT id,building_id,grid_id FROM building_grid WHERE sync_del=0 AND to_on IS NULL"
            )
        }
        columns = ",".join(_STORED.values())
        self.stored = {
            id_: dict(zip(_STORED.values(), values, strict=True))
            for id_, *values in db.rows(f"SELECT id,{columns} FROM building WHERE sync_del=0")
        }
        self.changes: list[FieldChange] = []

    def plan(self) -> BuildingsPlan:
        added: list[int] = []
        changed: list[Change] = []
        unchanged: list[int] = []
        for at, line in enumerate(self.listing.lines):
            self.changes = []
            building = self.book.building(line.estate, line.building)
            if building.new is not None:
                self._fill_new(building, line)
                added.append(at)
            else:
                self._compare(building, line)
            self._grid(building, line)
            self._rooms(building, line)
            if at not in added[-1:] and self.changes:
                words = address(line.estate, line.building, None, None)
                changed.append(Change(at, building.id, words, tuple(self.changes)))
            elif at not in added[-1:]:
                unchanged.append(at)
        problems = sorted(self.problems, key=lambda one: (one.sheet, one.row))
        return BuildingsPlan(
            added,
            changed,
            unchanged,
            problems,
            self.listing,
            self.book.new_estates,
            self.new_grids,
            self.book.new_rooms,
            self.writes,
            self.stamp,
        )

    def _fill_new(self, building: KnownBuilding, line: BuildingLine) -> None:
        values = building.new or {}
        building.new = None
        for column in _STORED.values():
            values.setdefault(column, None)
        for key, column in _STORED.items():
            if (value := getattr(line, key)) is not None:
                values[column] = value
        building.units = values["units"]

    def _compare(self, building: KnownBuilding, line: BuildingLine) -> None:
        stored = self.stored[building.id]
        fields: dict[str, Any] = {}
        for key, column in _STORED.items():
            value = getattr(line, key)
            if value is not None and value != stored[column]:
                fields[column] = value
                self.changes.append(FieldChange(_LABELS[column], _shown(stored[column]), _shown(value)))
        if fields:
            self.writes.changed.append((Building, building.id, fields))
        building.units = fields.get("units", building.units)

    def _grid(self, building: KnownBuilding, line: BuildingLine) -> None:
        if line.grid is None:
            return
        grid = self.grids.get(line.grid)
        if grid is None:
            grid = named_id("grid", self.book.community or "", line.grid)
            if self.db.scalar("SELECT 1 FROM area WHERE id=?", (grid,)):
                grid = new_id()
            self.writes.add(Area, id=grid, name=line.grid, level="网格", parent_id=self.book.community)
            self.grids[line.grid] = grid
            self.new_grids.append(line.grid)
        belongs, before = self.grid_of.get(building.id, (None, None))
        if before == grid:
            return
        if belongs:
            self.writes.changed.append((BuildingGrid, belongs, {"to_on": self.today}))
        moved_on = self.today if belongs else None
        self.writes.add(BuildingGrid, building_id=building.id, grid_id=grid, from_on=moved_on)
        name = next((name for name, id_ in self.grids.items() if id_ == before), "")
        self.changes.append(FieldChange("所属网格", name, line.grid))

    def _rooms(self, building: KnownBuilding, line: BuildingLine) -> None:
        """Makes the homes that units × floors × homes per floor give and that are not there yet."""
        stored = self.stored.get(building.id, {})
        units = building.units
        floors, per_floor = line.floors or stored.get("floors_up"), line.per_floor or stored.get("per_floor")
        if not (floors and per_floor):
            return
        try:
            planned = plan_rooms(BuildingPlan(units, floors, per_floor))
        except AppError as error:
            header = next(table.header_of("floors") for table in self.listing.tables if table.sheet.name == line.sheet)
            self.problems.append(
                problem(line.sheet, line.rows[0], header, "rooms_not_made", floors, words={"reason": error.message})
            )
            return
        if units == 1:
            self._drop_only_unit(building)
        made = 0
        for room in planned:
            if self.book.standing(building, room.unit, room.no) is None:
                self.book.add_room(building, room.unit, room.no, kind=room.kind, floor=room.floor, seq=room.seq)
                made += 1
        if made:
            self.changes.append(FieldChange("房屋", "", f"新建 {made} 间"))

    def _drop_only_unit(self, building: KnownBuilding) -> None:
        """A building that turns out to have one unit has no unit in any address."""
        for (place, unit, no), (room, use) in list(self.book.rooms.items()):
            if place == building.id and unit == "1" and (place, "", no) not in self.book.rooms:
                self.writes.changed.append((Room, room, {"unit": None}))
                self.book.rooms[place, "", no] = self.book.rooms.pop((place, unit, no))
                del use


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
