"""响应人名单卡: hangs inside the door of somebody with a bell; whom to call, in figures an old person can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.care.model import DoorBell
from desktop_app.care.responding import CENTRE, Responder, responders, rules_of
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.service_card import ACCENT
from desktop_app.printing.imposition import Layout, cards, impose
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import GREY, PALE, Colour, Sheet, Type
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError

_MARK: Colour = (0, 0.75, 0.75, 0.1)
_HEAD = 40.0
"""Height of the title and of what to do."""
_FOOT = 12.0


@dataclass(frozen=True, slots=True)
class DoorPaper:
    """What stands on one card; `remark` says what a worker has to know who hangs it, and is printed small."""

    community: str
    hotline: str
    address: str
    name: str
    radius_m: int
    responders: tuple[Responder, ...]
    made_on: str
    located: bool = True
    remark: str = ""


class DoorCard:
    """The form."""

    name: ClassVar[str] = "door_card"
    title: ClassVar[str] = "响应人名单卡"
    sizes: ClassVar[tuple[str, ...]] = ("A4 两张", "A5 单张")
    subject: ClassVar[Subject] = "bell"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[DoorPaper]:
        """One card for each bell, with who could come as of today; a room, household or resident names its bell."""
        return [_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[DoorPaper], choice: Choice = DEFAULT) -> bytes:
        """Two to an A4 sheet with crop marks, or one on an A5 page; one side only."""
        sheet = sheet_of(self.title, papers, choice)
        impose(sheet, papers, _layout(size_of(self.sizes, choice)), _draw)
        return sheet.finish()


_BELL_OF = (
    "SELECT id FROM door_bell WHERE id=:id AND sync_del=0",
    "SELECT id FROM door_bell WHERE :id IN (person_id,household_id,room_id) AND sync_del=0 AND to_on IS NULL",
    "SELECT d.id FROM door_bell d JOIN household_member m ON m.household_id=d.household_id WHERE m.person_id=:id "
    "AND m.sync_del=0 AND m.to_on IS NULL AND d.sync_del=0 AND d.to_on IS NULL",
)


def _paper(desk: Desk, subject: str) -> DoorPaper:
    key = next((found for sql in _BELL_OF if (found := desk.db.scalar(sql, {"id": subject}))), None)
    bell = desk.db.get(DoorBell, key)
    if bell is None or bell.room_id is None:
        raise AppError("这里没有登记爱心门铃，没有打印。", next_step="请先在“关爱”里登记门铃。")
    found = responders(desk.db, bell.room_id, bell.radius_m, most=rules_of(desk.db).on_card)
    who = desk.db.get(Person, bell.person_id) or desk.db.get(
        Person, desk.db.scalar("SELECT head_id FROM household WHERE id=?", (bell.household_id,))
    )
    return DoorPaper(
        community=desk.community.name,
        hotline=desk.community.phone or "",
        address=found.address,
        name=who.name if who else "",
        radius_m=found.radius_m,
        responders=found.lines,
        made_on=desk.clock.today().isoformat(),
        located=found.located,
        remark=found.remarks[0] if found.remarks and not found.lines else "",
    )


def _layout(size: str) -> Layout:
    return cards(rules("care")["door"], single=size.startswith("A5"))


def _draw(sheet: Sheet, x: float, y: float, paper: DoorPaper) -> None:
    data = rules("care")["door"]
    left, right = x + data["edge"], x + data["width"] - data["edge"]
    _draw_head(sheet, left, right, y, paper)
    top, bottom = y + _HEAD, y + data["height"] - _FOOT
    if paper.responders:
        _draw_people(sheet, left, right, top, bottom, paper.responders)
    else:
        sheet.text((left + right) / 2, (top + bottom) / 2, paper.remark, Type(Role.HEI, 12), "centre", fit=right - left)
    base = y + data["height"] - 6.4
    sheet.line(left, bottom + 1, right, bottom + 1, 0.2, PALE)
    small = Type(Role.HEI, data["type"]["small"] - 2, GREY)
    sheet.text(left, base, data["foot"], small)
    within = f"{paper.radius_m} 米以内" if paper.located else "同一栋楼"
    sheet.text(right, base, f"{within}　制卡 {paper.made_on}", small, "right")


def _draw_head(sheet: Sheet, left: float, right: float, y: float, paper: DoorPaper) -> None:
    data = rules("care")["door"]
    kind = data["type"]
    sheet.box(left, y + 8.6, 1.6, 10.4, fill=ACCENT)
    sheet.text(left + 4.4, y + 17.2, data["title"], Type(Role.BOLD, kind["title"], ACCENT), fit=105)
    sheet.text(right, y + 12.6, f"{paper.community}热线", Type(Role.HEI, kind["small"], GREY), "right")
    sheet.text(right, y + 21.2, paper.hotline, Type(Role.BOLD, kind["hotline"]), "right", fit=78)
    told = "　".join(part for part in (paper.address, paper.name) if part)
    sheet.text(left, y + 26.2, told, Type(Role.HEI, kind["small"]), fit=right - left)
    steps = "　".join(data["steps"])
    sheet.text(left, y + 34.2, steps, Type(Role.BOLD, kind["steps"]), fit=right - left)
    sheet.line(left, y + 37.4, right, y + 37.4, 0.5, ACCENT)


def _draw_people(
    sheet: Sheet, left: float, right: float, top: float, bottom: float, people: Sequence[Responder]
) -> None:
    kind = rules("care")["door"]["type"]
    pitch = min(16.0, (bottom - top) / len(people))
    shrink = min(1.0, pitch / 10.5)
    name, phone = Type(Role.BOLD, kind["name"] * shrink), Type(Role.BOLD, kind["phone"] * shrink)
    small = Type(Role.HEI, kind["small"] * shrink, GREY)
    for at, one in enumerate(people):
        base = top + at * pitch + pitch / 2 + 0.36 * name.em
        sheet.text(left, base, str(at + 1), Type(Role.BOLD, kind["name"] * shrink, ACCENT))
        sheet.text(left + 9, base, one.name, name, fit=34)
        mark = Type(Role.HEI, small.size, _MARK) if one.capacity == CENTRE else small
        sheet.text(left + 46, base, one.capacity, mark, fit=24)
        sheet.text(left + 72, base, f"{one.address}　{one.far}", small, fit=right - left - 72 - 60)
        sheet.text(right, base, one.phone, phone, "right", fit=58)
        if at < len(people) - 1:
            sheet.line(left, top + (at + 1) * pitch, right, top + (at + 1) * pitch, 0.15, PALE)
