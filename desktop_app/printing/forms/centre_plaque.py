"""党员中心户标牌, for the door of a party member's home: A5 landscape or 200 × 120 mm, without a 党徽."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.organisation.model import OrgNode, PartyCentreHousehold
from desktop_app.places.model import Estate
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import GREY, Colour, Sheet, Type
from desktop_app.shared.errors import AppError

DEEP_RED: Colour = (0.15, 1.0, 0.95, 0.22)
_FACTS = 48.0  # height for the facts on a plaque 148 mm high
GOLD: Colour = (0.12, 0.32, 0.72, 0.08)


@dataclass(frozen=True, slots=True)
class PlaquePaper:
    """What stands on one plaque; what is empty is left out."""

    host: str
    span: str = ""
    branch: str = ""
    phone: str = ""
    number: str = ""
    community: str = ""
    pledge: str = ""


class CentrePlaque:
    """The form."""

    name: ClassVar[str] = "centre_plaque"
    title: ClassVar[str] = "党员中心户标牌"
    sizes: ClassVar[tuple[str, ...]] = ("A5 横向", "200×120")
    subject: ClassVar[Subject] = "centre"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[PlaquePaper]:
        """One plaque for each party-centre household."""
        return [self._plaque(desk, subject) for subject in subjects]

    def _plaque(self, desk: Desk, subject: str) -> PlaquePaper:
        centre = desk.db.get(PartyCentreHousehold, subject)
        if centre is None:
            raise AppError("这个党员中心户已被删除，没有打印。", next_step="请刷新列表后再选。")
        branch, estate = desk.db.get(OrgNode, centre.node_id), desk.db.get(Estate, centre.estate_id)
        span = centre.span or ""
        return PlaquePaper(
            host=centre.host_name,
            span=f"{estate.name} {span}".strip() if estate and estate.name not in span else span,
            branch=branch.name if branch else "",
            phone=centre.phones.split(" ")[0],
            number=centre.plaque_no or "",
            community=desk.community.name,
            pledge=centre.services or "",
        )

    def draw(self, papers: Sequence[PlaquePaper], choice: Choice = DEFAULT) -> bytes:
        """One plaque per page."""
        width, height = rules("centre_plaque")["sizes"][size_of(self.sizes, choice)]
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            sheet.page((float(width), float(height)))
            _draw_plaque(sheet, float(width), float(height), paper)
        return sheet.finish()


def _draw_plaque(sheet: Sheet, width: float, height: float, paper: PlaquePaper) -> None:
    data = rules("centre_plaque")
    middle, unit = width / 2, height / 148
    sheet.box(6, 6, width - 12, height - 12, stroke=DEEP_RED, thick=1.4)
    sheet.box(8.2, 8.2, width - 16.4, height - 16.4, stroke=GOLD, thick=0.35)
    sheet.text(15, 8.2 + 11 * unit, paper.community, Type(Role.HEI, 12 * unit, DEEP_RED))
    if paper.number:
        sheet.text(width - 15, 8.2 + 11 * unit, f"编号 {paper.number}", Type(Role.HEI, 11 * unit, GREY), "right")
    sheet.text(
        middle,
        57 * unit,
        data["title"],
        Type(Role.TITLE, 74 * unit, DEEP_RED),
        "centre",
        spacing=5 * unit,
        fit=width - 40,
    )
    _draw_ornament(sheet, middle, 67.5 * unit, 76 * unit)
    _draw_facts(sheet, width, unit, paper)
    sheet.text(
        middle,
        height - 8.2 - 7 * unit,
        paper.pledge or data["pledge"],
        Type(Role.KAI, 14.5 * unit, DEEP_RED),
        "centre",
        fit=width - 40,
    )


def _draw_ornament(sheet: Sheet, middle: float, y: float, half: float) -> None:
    """A rule with a lozenge in the middle."""
    for side in (-1, 1):
        sheet.line(middle + side * 4, y, middle + side * half, y, 0.4, GOLD)
    with sheet.turned(middle, y, 45):
        sheet.box(middle - 1.1, y - 1.1, 2.2, 2.2, fill=GOLD)


def _draw_facts(sheet: Sheet, width: float, unit: float, paper: PlaquePaper) -> None:
    """Label and value in two columns, spread over the room between ornament and pledge."""
    facts = [
        (label, value)
        for label, value in (
            ("户　　主", paper.host),
            ("联系楼栋", paper.span),
            ("所属支部", paper.branch),
            ("联系电话", paper.phone),
        )
        if value
    ]
    label_kind = Type(Role.HEI, 16 * unit, GREY)
    pitch = min(13.0, _FACTS / max(len(facts), 1)) * unit
    top = 72 * unit + (_FACTS * unit - pitch * len(facts)) / 2
    left = width / 2 - 60 * unit
    for i, (label, value) in enumerate(facts):
        base = top + i * pitch + pitch * 0.7
        sheet.text(left, base, label, label_kind)
        kind = Type(Role.BOLD if i == 0 else Role.HEI, (23 if i == 0 else 20) * unit)
        sheet.text(left + label_kind.width(label) + 7 * unit, base, value, kind, fit=width - 2 * left)
