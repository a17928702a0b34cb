"""What one may do with places: each function is one transaction."""

from collections.abc import Sequence
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.places import rules
from desktop_app.places.model import Area, Building, BuildingGrid, Estate, Room
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.database import Database, Transaction


@needs("places.change")
def add_area(db: Database, actor: Actor, area: Area) -> Area:
    """Adds an area, such as a grid under the community."""
    if area.level not in rules.LEVELS:
        raise AppError(f"没有“{area.level}”这一级。", field="level", next_step=f"请从{'、'.join(rules.LEVELS)}中选择。")
    with db.transaction(actor, f"新增{area.level}：{area.name}") as tx:
        return tx.add(area)


@needs("places.change")
def change_area(db: Database, actor: Actor, area_id: str, **changes: Any) -> Area:
    """Changes the named fields of an area."""
    with db.transaction(actor, "修改区划信息") as tx:
        return tx.change(Area, area_id, **changes)


@needs("places.change")
def add_estate(db: Database, actor: Actor, estate: Estate) -> Estate:
    """Adds an estate; two of one name in a community are refused."""
    filled(estate.name, "name", "小区名称")
    with db.transaction(actor, f"新增小区：{estate.name}") as tx:
        _free_name(tx, estate.name)
        return tx.add(estate)


def _free_name(tx: Transaction, name: str) -> None:
    if tx.scalar("SELECT 1 FROM estate WHERE name=? AND sync_del=0 AND to_on IS NULL", (name,)):
        raise AppError(f"已经有“{name}”了。", field="name", next_step="请直接使用，或换一个名称。")


@needs("places.change")
def change_estate(db: Database, actor: Actor, estate_id: str, **changes: Any) -> Estate:
    """Changes the named fields of an estate."""
    with db.transaction(actor, "修改小区信息") as tx:
        if "name" in changes:
            filled(changes["name"], "name", "小区名称")
            if changes["name"] != tx.need(Estate, estate_id).name:
                _free_name(tx, changes["name"])
        return tx.change(Estate, estate_id, **changes)


@needs("places.change")
def add_building(
    db: Database, actor: Actor, building: Building, plan: rules.BuildingPlan | None = None
) -> tuple[Building, int]:
    """Adds a building and, with a plan, all its rooms; returns the building and the number of rooms made."""
    filled(building.no, "no", "楼栋号")
    rooms = rules.plan_rooms(plan) if plan else []
    with db.transaction(actor, f"新增楼栋：{building.no}栋") as tx:
        _free_number(tx, building)
        if plan:
            building.units, building.floors_up, building.per_floor = plan.units, plan.floors, plan.per_floor
        tx.add(building)
        return building, _make_rooms(tx, building.id, rooms)


@needs("places.change")
def generate_rooms(db: Database, actor: Actor, building_id: str, plan: rules.BuildingPlan) -> int:
    """Makes the rooms of a building that are not there yet; returns how many.  Those that exist are left alone."""
    rooms = rules.plan_rooms(plan)
    with db.transaction(actor, "按楼层生成房屋") as tx:
        tx.change(Building, building_id, units=plan.units, floors_up=plan.floors, per_floor=plan.per_floor)
        return _make_rooms(tx, building_id, rooms)


def _make_rooms(tx: Transaction, building_id: str, rooms: Sequence[rules.PlannedRoom]) -> int:
    found = tx.rows("SELECT unit,no FROM room WHERE building_id=? AND sync_del=0 AND to_on IS NULL", (building_id,))
    standing = {(unit, no) for unit, no in found}
    new = [
        Room(building_id=building_id, unit=room.unit, floor=room.floor, no=room.no, seq=room.seq, kind=room.kind)
        for room in rooms
        if (room.unit, room.no) not in standing
    ]
    tx.add_all(new)
    return len(new)


@needs("places.change")
def change_building(db: Database, actor: Actor, building_id: str, **changes: Any) -> Building:
    """Changes the named fields of a building."""
    with db.transaction(actor, "修改楼栋信息") as tx:
        if on := changes.get("to_on"):
            _retire_rooms(tx, building_id, on)
        if "no" in changes:
            filled(changes["no"], "no", "楼栋号")
            standing = tx.need(Building, building_id)
            if changes["no"] != standing.no:
                _free_number(tx, Building(estate_id=standing.estate_id, no=changes["no"]))
        return tx.change(Building, building_id, **changes)


def _free_number(tx: Transaction, building: Building) -> None:
    taken = "SELECT 1 FROM building WHERE estate_id=? AND no=? AND sync_del=0 AND to_on IS NULL"
    if tx.scalar(taken, (building.estate_id, building.no)):
        raise AppError(f"这个小区已经有{building.no}栋了。", field="no", next_step="请核对楼栋号。")


@needs("places.change")
def add_room(db: Database, actor: Actor, room: Room) -> Room:
    """Adds one room."""
    filled(room.no, "no", "房号")
    with db.transaction(actor, f"新增房屋：{room.no}") as tx:
        _free_door(tx, room.building_id, room.unit, room.no)
        if room.floor is None:
            room.floor = rules.floor_of(room.no)
        return tx.add(room)


def _free_door(tx: Transaction, building_id: str, unit: str | None, no: str) -> None:
    taken = "SELECT 1 FROM room WHERE building_id=? AND unit IS ? AND no=? AND sync_del=0 AND to_on IS NULL"
    if tx.scalar(taken, (building_id, unit, no)):
        raise AppError(f"已经有{no}室了。", field="no", next_step="请核对单元和房号。")


@needs("places.change")
def change_room(db: Database, actor: Actor, room_id: str, **changes: Any) -> Room:
    """Changes the named fields of a room."""
    with db.transaction(actor, "修改房屋信息") as tx:
        standing = tx.need(Room, room_id)
        unit, no = changes.get("unit", standing.unit), changes.get("no", standing.no)
        filled(no, "no", "房号")
        if (unit, no) != (standing.unit, standing.no):
            _free_door(tx, standing.building_id, unit, no)
        if on := changes.get("to_on"):
            _nobody_home(tx, room_id, on)
        return tx.change(Room, room_id, **changes)


@needs("places.change")
def retire_room(db: Database, actor: Actor, room_id: str, on: str, why: str = "") -> Room:
    """Takes a room out of use; refused while somebody lives there, so that nobody is lost from sight."""
    with db.transaction(actor, "停用房屋", why) as tx:
        _nobody_home(tx, room_id, on)
        return tx.change(Room, room_id, to_on=on)


def _nobody_home(tx: Transaction, room_id: str, on: str) -> None:
    must_be_date(on, "停用日期", "to_on")
    if tx.scalar("SELECT 1 FROM residence WHERE room_id=? AND sync_del=0 AND to_on IS NULL", (room_id,)):
        raise AppError("这间房还有人住，没有停用。", next_step="请先把住户迁到别处。")


@needs("places.change")
def retire_building(db: Database, actor: Actor, building_id: str, on: str, why: str = "") -> Building:
    """Takes a building and its rooms out of use; refused while somebody lives there."""
    with db.transaction(actor, "停用楼栋", why) as tx:
        _retire_rooms(tx, building_id, on)
        return tx.change(Building, building_id, to_on=on)


def _retire_rooms(tx: Transaction, building_id: str, on: str) -> None:
    must_be_date(on, "停用日期", "to_on")
    living = (
        "SELECT count(*) FROM residence s JOIN room r ON r.id=s.room_id "
        "WHERE r.building_id=? AND s.sync_del=0 AND s.to_on IS NULL"
    )
    if count := tx.scalar(living, (building_id,)):
        raise AppError(f"这栋楼还登记着 {count} 人居住，没有停用。", field="to_on", next_step="请先把住户迁到别处。")
    tx.execute("UPDATE room SET to_on=? WHERE building_id=? AND to_on IS NULL AND sync_del=0", (on, building_id))


@needs("places.change")
def assign_grid(db: Database, actor: Actor, building_id: str, grid_id: str, on: str | None) -> BuildingGrid:
    """Puts a building into a grid from a day on; the grid before ends that day and stays in the history."""
    with db.transaction(actor, "调整楼栋所属网格") as tx:
        tx.need(Area, grid_id)
        tx.execute(
            "UPDATE building_grid SET to_on=coalesce(?,'0001') WHERE building_id=? AND to_on IS NULL AND sync_del=0",
            (on, building_id),
        )
        return tx.add(BuildingGrid(building_id=building_id, grid_id=grid_id, from_on=on))
