"""What is true of buildings and rooms; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.shared.errors import AppError

LEVELS = ("省", "市", "区县", "街道", "社区", "网格")
"""Levels of areas, from the top."""
MOST_ROOMS = 5_000
"""More rooms than this in one building is a slip of the keyboard."""
_EACH = 99


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """What the generator of a whole building is told.

    `units` stairwells, floors `first_floor`…`floors`, `per_floor` rooms on each floor of a unit.  `skip_floors` and
    `skip_numbers` leave out floors and door numbers that do not exist (often 4 and 14).  `shops` makes that many 商铺
    on the first floor instead of homes.  `numbers_run_on` counts doors on through the units (unit 2 begins at 103).
    """

    units: int
    floors: int
    per_floor: int
    first_floor: int = 1
    skip_floors: frozenset[int] = field(default_factory=frozenset)
    skip_numbers: frozenset[int] = field(default_factory=frozenset)
    shops: int = 0
    numbers_run_on: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRoom:
    """A room to be made; `unit` is None where the building has one unit."""

    unit: str | None
    floor: int
    no: str
    seq: int
    kind: str


def plan_rooms(plan: BuildingPlan) -> list[PlannedRoom]:
    """The rooms of a building, unit by unit from the bottom; an AppError names the field that cannot be."""
    _check(plan)
    rooms = [room for unit in range(1, plan.units + 1) for room in _unit(plan, unit)]
    if len(rooms) > MOST_ROOMS:
        raise AppError(
            f"这样会生成 {len(rooms)} 间房，多半是数字写错了。", field="floors", next_step="请核对层数和户数。"
        )
    return rooms


def _check(plan: BuildingPlan) -> None:
    for name, zh, value in (
        ("units", "单元数", plan.units),
        ("floors", "层数", plan.floors),
        ("per_floor", "每层户数", plan.per_floor),
    ):
        if not 1 <= value <= _EACH:
            raise AppError(f"{zh}应在 1 到 {_EACH} 之间。", field=name, next_step="请改正后再生成。")
    if plan.first_floor > plan.floors:
        raise AppError("起始楼层高于最高楼层。", field="first_floor", next_step="请改正后再生成。")


def _unit(plan: BuildingPlan, unit: int) -> Iterator[PlannedRoom]:
    named = str(unit) if plan.units > 1 else None
    for floor in range(plan.first_floor, plan.floors + 1):
        if floor == 0 or floor in plan.skip_floors:
            continue
        kind = "商铺" if plan.shops and floor == 1 else "住宅"
        count = plan.shops if kind == "商铺" else plan.per_floor
        for seq, number in enumerate(_numbers(plan, unit, count), 1):
            yield PlannedRoom(named, floor, room_number(floor, number), seq, kind)


def _numbers(plan: BuildingPlan, unit: int, count: int) -> list[int]:
    """Door numbers of one floor, without those that are skipped."""
    before = (unit - 1) * count if plan.numbers_run_on else 0
    found: list[int] = []
    number = 0
    while len(found) < before + count:
        number += 1
        if number not in plan.skip_numbers:
            found.append(number)
    return found[before:]


def room_number(floor: int, number: int) -> str:
    """A door number as it stands on the door: 501, 1203, and -101 below ground."""
    return f"{'-' if floor < 0 else ''}{abs(floor)}{number:02d}"


def floor_of(room_no: str) -> int | None:
    """The floor a door number tells: 501 → 5, 1203 → 12, -101 → -1; None where it tells none."""
    digits = room_no.lstrip("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (3, 4):
        return None
    floor = int(digits[:-2])
    return None if floor == 0 else -floor if room_no.startswith("-") else floor


def address(estate: str | None, building: str, unit: str | None, room: str | None) -> str:
    """A place in words: 桂花苑3栋2单元501室."""
    words = f"{estate or ''}{building}{'栋' if building[-1:].isdigit() else ''}"
    if unit:
        words += f"{unit}单元"
    if room:
        words += f"{room}室" if room[-1:].isdigit() else room
    return words


def short_address(building: str, unit: str | None, room: str | None) -> str:
    """A place as staff say it: 3-2-501."""
    return "-".join(part for part in (building, unit, room) if part)
