"""楼栋图: a box for every room of a building, floor over floor, with room to write; A4 or A3."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from desktop_app.places.model import Building
from desktop_app.places.queries import room_chart
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import page_size
from desktop_app.printing.page import rules
from desktop_app.printing.places import building_names
from desktop_app.printing.sheet import BLACK, GREY, PALE, Colour, Sheet, Type
from desktop_app.shared.errors import AppError

_PEOPLE = (
    "SELECT r.id, (SELECT p.name FROM household h JOIN person p ON p.id=h.head_id AND p.sync_del=0 "
    "WHERE h.room_id=r.id AND h.to_on IS NULL AND h.sync_del=0 LIMIT 1), "
    "(SELECT count(*) FROM residence s WHERE s.room_id=r.id AND s.to_on IS NULL AND s.sync_del=0) "
    "FROM room r WHERE r.building_id=:building AND r.to_on IS NULL AND r.sync_del=0"
)
_SHADE: Colour = (0, 0, 0, 0.07)


@dataclass(frozen=True, slots=True)
class RoomBox:
    """One room; `lines` are printed under its number, `shaded` marks one to attend to."""

    no: str
    floor: int | None
    unit: str = ""
    seq: int = 0
    lines: tuple[str, ...] = ()
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class RoomChartPaper:
    """A building's rooms; `note` stands at the right of the title."""

    title: str
    rooms: tuple[RoomBox, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """What goes on one page: floors downwards, and units with the number of boxes in their widest floor."""

    floors: tuple[int | None, ...]
    units: tuple[tuple[str, int], ...]


class RoomChart:
    """The form."""

    name: ClassVar[str] = "room_chart"
    title: ClassVar[str] = "楼栋图"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向", "A4 纵向")
    subject: ClassVar[Subject] = "building"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[RoomChartPaper]:
        """The charts of these buildings; where no rooms are registered, empty boxes by floors and rooms per floor."""
        names = building_names(desk.db, subjects)
        return [self._chart(desk, subject, names.get(subject, "")) for subject in subjects]

    def _chart(self, desk: Desk, subject: str, name: str) -> RoomChartPaper:
        building = desk.db.get(Building, subject)
        if building is None:
            raise AppError("这栋楼已被删除，没有打印。", next_step="请刷新列表后再选。")
        boxes = _registered(desk, subject) or _expected(building)
        return RoomChartPaper(f"{name} 楼栋图", tuple(boxes), f"{desk.community.name}　共{len(boxes)}户")

    def draw(self, papers: Sequence[RoomChartPaper], choice: Choice = DEFAULT) -> bytes:
        """Each chart on as many sheets as it needs to keep its boxes large enough to write in."""
        sheet = Sheet(papers[0].title if papers else self.title, allow_missing=choice.allow_missing)
        size = page_size(size_of(self.sizes, choice))
        for paper in papers:
            parts = _parts(paper, size)
            for number, part in enumerate(parts, start=1):
                sheet.page(size)
                _draw_part(sheet, paper, part, size)
                _draw_foot(sheet, size, choice.footer, number, len(parts))
        return sheet.finish()


def _registered(desk: Desk, building: str) -> list[RoomBox]:
    """Rooms in use, with the head of the household and how many live there."""
    chart = room_chart(desk.db, building)
    people = {key: (head, count) for key, head, count in desk.db.rows(_PEOPLE, {"building": building})}
    boxes = []
    for seq, room in enumerate(chart.rooms if chart else ()):
        head, count = people.get(room.id, (None, 0))
        lines = tuple(filter(None, (head, f"{count}人" if count else "")))
        boxes.append(RoomBox(room.no, room.floor, room.unit or "", seq, lines))
    return boxes


def _expected(building: Building) -> list[RoomBox]:
    """Empty boxes numbered floor by floor (101, 102 …), where only the size of a building is known."""
    units = [str(i + 1) if building.units > 1 else "" for i in range(building.units)]
    return [
        RoomBox(f"{floor}{seq:02d}", floor, unit, seq)
        for unit in units
        for floor in range(1, (building.floors_up or 0) + 1)
        for seq in range(1, (building.per_floor or 0) + 1)
    ]


def _parts(paper: RoomChartPaper, size: tuple[float, float]) -> list[_Part]:
    data = rules("room_chart")
    floors = sorted({room.floor for room in paper.rooms}, key=lambda floor: -1000 if floor is None else floor)[::-1]
    units = _units(paper.rooms)
    room = size[1] - 2 * data["margin"] - data["head"] - data["unit_head"] - data["foot"]
    per_sheet = max(1, int(room / data["least_height"]))
    wide = size[0] - 2 * data["margin"] - data["floor_width"]
    return [
        _Part(tuple(some), tuple(side))
        for side in _by_width(units, wide, data["least_width"], data["unit_gap"])
        for some in _evenly(floors, per_sheet)
    ] or [_Part((), ())]


def _units(rooms: Iterable[RoomBox]) -> list[tuple[str, int]]:
    """Units in order, each with the number of rooms on its fullest floor."""
    order = sorted(rooms, key=lambda room: (len(room.unit), room.unit, str(room.floor)))
    fullest: dict[str, int] = {}
    for (unit, _), some in groupby(order, key=lambda room: (room.unit, room.floor)):
        fullest[unit] = max(fullest.get(unit, 0), len(list(some)))
    return list(fullest.items())


def _by_width(units: Sequence[tuple[str, int]], wide: float, least: float, gap: float) -> list[list[tuple[str, int]]]:
    """Units sheet by sheet, as many as leave every box its least width; a unit too wide for a sheet stays alone."""
    sheets: list[list[tuple[str, int]]] = []
    for unit in units:
        tried = [*sheets[-1], unit] if sheets else [unit]
        if sheets and sum(count for _, count in tried) * least + gap * len(tried) <= wide:
            sheets[-1] = tried
        else:
            sheets.append([unit])
    return sheets


def _evenly(floors: Sequence[int | None], most: int) -> list[Sequence[int | None]]:
    """Floors sheet by sheet, about as many on each."""
    sheets = -(-len(floors) // most)
    each = -(-len(floors) // sheets) if sheets else 1
    return [floors[i : i + each] for i in range(0, len(floors), each)]


def _draw_part(sheet: Sheet, paper: RoomChartPaper, part: _Part, size: tuple[float, float]) -> None:
    data = rules("room_chart")
    left, top = data["margin"], data["margin"]
    sheet.text(left, top + 7, paper.title, Type(Role.TITLE, 17), fit=size[0] * 0.6)
    sheet.text(size[0] - data["margin"], top + 7, paper.note, Type(Role.SONG, 10), "right")
    sheet.line(left, top + 11, size[0] - data["margin"], top + 11, 0.3, BLACK)
    boxes = sum(count for _, count in part.units)
    if not boxes:
        sheet.text(size[0] / 2, size[1] / 2, "还没有登记房屋", Type(Role.SONG, 12, GREY), "centre")
        return
    room = size[1] - 2 * data["margin"] - data["head"] - data["unit_head"] - data["foot"]
    height = min(room / len(part.floors), data["largest_height"])
    wide = size[0] - 2 * data["margin"] - data["floor_width"] - data["unit_gap"] * len(part.units)
    _draw_floors(sheet, part, height)
    x = left + data["floor_width"]
    for unit, count in part.units:
        x += data["unit_gap"]
        _draw_unit(sheet, [box for box in paper.rooms if box.unit == unit], part, (x, count * wide / boxes), height)
        x += count * wide / boxes


def _draw_floors(sheet: Sheet, part: _Part, height: float) -> None:
    data = rules("room_chart")
    top = data["margin"] + data["head"] + data["unit_head"]
    for row, floor in enumerate(part.floors):
        words = "未定" if floor is None else f"{floor}层"
        base = top + row * height + height / 2 + 1.3
        sheet.text(data["margin"] + data["floor_width"], base, words, Type(Role.HEI, 9.5), "right")


def _draw_unit(sheet: Sheet, boxes: Sequence[RoomBox], part: _Part, place: tuple[float, float], height: float) -> None:
    data = rules("room_chart")
    x, width = place
    top = data["margin"] + data["head"]
    each = width / dict(part.units)[boxes[0].unit]
    if boxes[0].unit:
        words = boxes[0].unit if boxes[0].unit.endswith("单元") else f"{boxes[0].unit}单元"
        sheet.text(x + width / 2, top + data["unit_head"] - 1.8, words, Type(Role.HEI, 10), "centre")
    for row, floor in enumerate(part.floors):
        on_floor = sorted((box for box in boxes if box.floor == floor), key=lambda box: (box.seq, box.no))
        for column, box in enumerate(on_floor):
            corner = (x + column * each, top + data["unit_head"] + row * height)
            _draw_box(sheet, box, corner, each, height)


def _draw_box(sheet: Sheet, box: RoomBox, corner: tuple[float, float], width: float, height: float) -> None:
    """Number, square to tick, printed lines, and dotted lines to write on as far as there is room."""
    data = rules("room_chart")
    x, y = corner
    sheet.box(x, y, width, height, stroke=BLACK, fill=_SHADE if box.shaded else None, thick=0.2)
    sheet.text(x + 1.2, y + 4, box.no, Type(Role.BOLD, data["number"]), fit=width - 5.5)
    sheet.box(x + width - 3.6, y + 1.3, 2.4, 2.4, stroke=GREY, thick=0.15)
    kind = Type(Role.HEI, data["name"])
    at = y + 4
    for line in box.lines:
        if at + 3.7 > y + height - 0.6:
            return
        at += 3.7
        sheet.text(x + 1.2, at, line, kind, fit=width - 2.4)
    while at + 5.2 < y + height - 0.8:
        at += 5.2
        sheet.line(x + 1.2, at, x + width - 1.2, at, 0.12, PALE, (0.5, 0.7))


def _draw_foot(sheet: Sheet, size: tuple[float, float], footer: str, number: int, count: int) -> None:
    data = rules("room_chart")
    kind, y = Type(Role.HEI, 7.5, GREY), size[1] - data["margin"] - 1
    sheet.text(data["margin"], y, "□ 走访后打勾　　走访人：　　　　　　日期：", Type(Role.HEI, 9))
    sheet.text(
        size[0] - data["margin"], y, "  ".join(filter(None, (footer, f"第 {number} 页，共 {count} 页"))), kind, "right"
    )
