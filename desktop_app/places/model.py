"""Areas, estates, buildings and rooms.  Dates are ISO text, coordinates decimal degrees as the office gave them."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Area(Record):
    """区划: a unit of administration, from the province down to the grid 网格.

    `code` is the 12-digit statistical area code, with three more digits for a grid.  Codes change every year, so
    nothing refers to an area by its code.
    """

    __tablename__ = "area"
    __table_no__ = 2
    __zh__ = "区划"

    code: Mapped[str | None] = mapped_column(default=None, info=n("区划代码"))
    name: Mapped[str] = mapped_column(info=n("名称"))
    level: Mapped[str] = mapped_column(info=n("级别"))
    parent_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上级", ref="area"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("服务电话"))
    address: Mapped[str | None] = mapped_column(default=None, info=n("地址"))
    service_hours: Mapped[str | None] = mapped_column(default=None, info=n("服务时间"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("启用日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("停用日期"))


class Estate(Record):
    """小区"""

    __tablename__ = "estate"
    __table_no__ = 3
    __zh__ = "小区"

    area_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("所属社区", ref="area"))
    name: Mapped[str] = mapped_column(info=n("小区名称"))
    alias: Mapped[str | None] = mapped_column(default=None, info=n("别名"))
    kind: Mapped[str | None] = mapped_column(default=None, info=n("类型"))
    mgmt_mode: Mapped[str | None] = mapped_column(default=None, info=n("物业管理方式"))
    property_firm: Mapped[str | None] = mapped_column(default=None, info=n("物业公司"))
    address: Mapped[str | None] = mapped_column(default=None, info=n("地址"))
    built_year: Mapped[int | None] = mapped_column(default=None, info=n("建成年份"))
    lon: Mapped[float | None] = mapped_column(default=None, info=n("经度"))
    lat: Mapped[float | None] = mapped_column(default=None, info=n("纬度"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("停用日期"))


class Building(Record):
    """楼栋: `no` is the plain number or name ("3", "南3"), unique within its estate while it stands."""

    __tablename__ = "building"
    __table_no__ = 4
    __zh__ = "楼栋"
    __table_args__ = (
        Index("ix_building_estate", "estate_id", "no"),
        Index("ix_building_no", "no"),
        Index("ix_building_place", "lat", "lon"),
    )

    estate_id: Mapped[str] = mapped_column(String(32), info=n("小区", ref="estate"))
    no: Mapped[str] = mapped_column(info=n("楼栋号"))
    name: Mapped[str | None] = mapped_column(default=None, info=n("楼栋名称"))
    address: Mapped[str | None] = mapped_column(default=None, info=n("标准地址"))
    units: Mapped[int] = mapped_column(default=1, info=n("单元数"))
    floors_up: Mapped[int | None] = mapped_column(default=None, info=n("地上层数"))
    floors_down: Mapped[int | None] = mapped_column(default=None, info=n("地下层数"))
    per_floor: Mapped[int | None] = mapped_column(default=None, info=n("每单元每层户数"))
    built_year: Mapped[int | None] = mapped_column(default=None, info=n("建成年份"))
    structure: Mapped[str | None] = mapped_column(default=None, info=n("结构"))
    elevators: Mapped[int | None] = mapped_column(default=None, info=n("电梯数"))
    lon: Mapped[float | None] = mapped_column(default=None, info=n("经度"))
    lat: Mapped[float | None] = mapped_column(default=None, info=n("纬度"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("拆除日期"))


class BuildingGrid(Record):
    """楼栋归属网格, with dates: old counts stay right after a boundary moved."""

    __tablename__ = "building_grid"
    __table_no__ = 5
    __zh__ = "楼栋所属网格"
    __table_args__ = (Index("ix_building_grid_building", "building_id"), Index("ix_building_grid_grid", "grid_id"))

    building_id: Mapped[str] = mapped_column(String(32), info=n("楼栋", ref="building"))
    grid_id: Mapped[str] = mapped_column(String(32), info=n("网格", ref="area"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))


class Room(Record):
    """房屋: `unit` is None in a building with one unit; `floor` is negative below ground; `seq` orders a floor."""

    __tablename__ = "room"
    __table_no__ = 6
    __zh__ = "房屋"
    __table_args__ = (Index("ix_room_building", "building_id", "unit", "no"), Index("ix_room_no", "no"))

    building_id: Mapped[str] = mapped_column(String(32), info=n("楼栋", ref="building"))
    unit: Mapped[str | None] = mapped_column(default=None, info=n("单元"))
    floor: Mapped[int | None] = mapped_column(default=None, info=n("楼层"))
    no: Mapped[str] = mapped_column(info=n("房号"))
    seq: Mapped[int] = mapped_column(default=0, info=n("顺序"))
    kind: Mapped[str] = mapped_column(default="住宅", info=n("房屋类别"))
    use: Mapped[str] = mapped_column(default="未知", info=n("使用状况"))
    area_m2: Mapped[float | None] = mapped_column(default=None, info=n("面积（㎡）"))
    owner_person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("产权人", ref="person"))
    hazard: Mapped[str | None] = mapped_column(default=None, info=n("隐患类型"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("停用日期"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))
