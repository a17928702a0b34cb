"""便民服务联系卡: 90 × 54 mm, two sides, ten to an A4 sheet; who answers for a building, and where to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.organisation.chains import door_of
from desktop_app.organisation.contacts import ContactLine, contact_chain
from desktop_app.printing.codes import QUIET_MODULES, holds_personal_data, qr_code
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.imposition import Layout, cards, impose
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.places import building_names, building_of, parent_name
from desktop_app.printing.sheet import GREY, PALE, Colour, Sheet, Type
from desktop_app.profiles.desk import town_of
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

ACCENT: Colour = (0.85, 0.30, 0.45, 0.30)
_EDGE = 6.0
_NAME = 29.0  # width for the name of the building
_BODY = 35.2  # height for the people and the code
_SMALL = Type(Role.HEI, 7.5)
_LABEL = Type(Role.HEI, 7, GREY)


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the back: 网格员 · 陈某 · 电话."""

    role: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CardPaper:
    """What stands on one card.  `qr` is printed as a code where it is not empty; it holds no personal data."""

    community: str
    building: str
    hotline: str = ""
    address: str = ""
    hours: str = ""
    street: str = ""
    contacts: tuple[Contact, ...] = ()
    qr: str = ""
    qr_caption: str = ""


class ServiceCard:
    """The form."""

    name: ClassVar[str] = "service_card"
    title: ClassVar[str] = "便民服务联系卡"
    sizes: ClassVar[tuple[str, ...]] = ("A4 十张", "90×54 单张")
    subject: ClassVar[Subject] = "building"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[CardPaper]:
        """One card for each building, room, household or resident, with the contact chain of today."""
        each = any(slot.target == "household" for _, slot in town_of(desk.db).card_slots)
        doors = [(building_of(desk.db, one), _household(desk.db, one) if each else None) for one in subjects]
        made = {door: self._card(desk, *door) for door in dict.fromkeys(doors)}
        return [made[door] for door in doors]

    def _card(self, desk: Desk, building_id: str, household_id: str | None) -> CardPaper:
        community = desk.community
        on = desk.clock.today().isoformat()
        chain = contact_chain(desk.db, building_id, on, household_id=household_id)
        hotline = community.phone or ""
        url = desk.db.setting("community.url") or ""
        return CardPaper(
            community=community.name,
            building=building_names(desk.db, [building_id])[building_id],
            hotline=hotline,
            address=community.address or "",
            hours=community.service_hours or "",
            street=parent_name(desk.db, community),
            contacts=_chosen(chain),
            qr=url or dial_code(hotline),
            qr_caption="扫码联系社区" if url else "扫码拨打热线",
        )

    def draw(self, papers: Sequence[CardPaper], choice: Choice = DEFAULT) -> bytes:
        """Ten to a sheet, backs placed for the printer's way of turning; or one card per page for a card printer."""
        layout = _layout(size_of(self.sizes, choice))
        for paper in papers:
            _check(paper)
        sheet = sheet_of(self.title, papers, choice)
        if layout.count > 1:
            impose(sheet, papers, layout, draw_front, draw_back, choice)
        else:
            _one_by_one(sheet, papers, layout.page, choice)
        return sheet.finish()


def _household(db: Database, subject: str) -> str | None:
    """The household a card is for, where the town's card names somebody for a single household."""
    door = door_of(db, subject)
    return door.household_id if door else None


def _chosen(chain: Sequence[ContactLine]) -> tuple[Contact, ...]:
    """The contacts a card has room for: everybody, or else the first of every slot before the second of any."""
    held = [line for line in chain if line.name]
    most = rules("service_card")["most_contacts"]
    slots: dict[str, list[int]] = {}
    for at, line in enumerate(held):
        slots.setdefault(line.slot, []).append(at)
    turns = sorted((turn, at) for places in slots.values() for turn, at in enumerate(places))
    kept = sorted(at for _, at in turns[:most])
    return tuple(Contact(held[at].slot_title, held[at].name, held[at].phone or "") for at in kept)


def dial_code(phone: str) -> str:
    """What a telephone dials when it reads the code; "" for a mobile number, which is somebody's own."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    return f"tel:{digits}" if digits and not holds_personal_data(digits) else ""


def _layout(size: str) -> Layout:
    return cards(rules("service_card"), single=size.startswith("90"))


def _check(paper: CardPaper) -> None:
    most = rules("service_card")["most_contacts"]
    if len(paper.contacts) > most:
        raise AppError(
            f"{paper.building}的联系人有 {len(paper.contacts)} 位，一张卡最多排 {most} 位，没有打印。",
            next_step="请在联系链中停用不印在卡上的岗位，或分两张卡打印。",
        )


def _one_by_one(sheet: Sheet, papers: Sequence[CardPaper], page: tuple[float, float], choice: Choice) -> None:
    for paper in papers:
        sheet.page(page)
        draw_front(sheet, 0, 0, paper)
        if choice.flip != "none":
            sheet.page(page)
            draw_back(sheet, 0, 0, paper)


def draw_front(sheet: Sheet, x: float, y: float, paper: CardPaper) -> None:
    """Whose card it is, the hotline, the address."""
    data = rules("service_card")
    left, right = x + _EDGE, x + data["width"] - _EDGE
    sheet.box(left, y + 7, 1.1, 11.2, fill=ACCENT)
    sheet.text(left + 3.4, y + 9.9, paper.street, _LABEL, fit=40)
    sheet.text(left + 3.4, y + 17.2, paper.community, Type(Role.BOLD, 15), fit=44)
    sheet.text(right, y + 17.2, data["title"], Type(Role.TITLE, 10, ACCENT), "right")
    sheet.line(left, y + 22, right, y + 22, 0.15, PALE)
    sheet.text(left, y + 28.6, "服务热线", _LABEL)
    sheet.text(left, y + 36.4, paper.hotline, Type(Role.BOLD, 19, ACCENT), fit=48)
    sheet.text(right, y + 28.6, "服务楼栋", _LABEL, "right")
    _draw_building(sheet, right, y + 36.4, paper.building)
    at = y + 43.6
    for label, words in (("地址", paper.address), ("时间", paper.hours)):
        if words:
            sheet.text(left, at, label, _LABEL)
            at = _draw_two_lines(sheet, left + 7, at, words, right - left - 7) + 4.2


def _draw_building(sheet: Sheet, right: float, base: float, name: str) -> None:
    """On one line, or on two that end where the one would."""
    large, small = Type(Role.BOLD, 10.5), Type(Role.BOLD, 8)
    if large.width(name) <= _NAME:
        sheet.text(right, base, name, large, "right")
        return
    lines = [visible(line) for line in break_lines(name, _NAME, _NAME, small.width)]
    if len(lines) > 2:  # noqa: PLR2004 - there is room for two
        lines = [name[: len(name) // 2], name[len(name) // 2 :]]
    for i, line in enumerate(reversed(lines)):
        sheet.text(right, base - 3.5 * i, line, small, "right", fit=_NAME)


def _draw_two_lines(sheet: Sheet, x: float, base: float, words: str, width: float) -> float:
    """Sets words on one line, or smaller on two; returns the last baseline."""
    small = Type(Role.HEI, 6.8)
    if _SMALL.width(words) <= width:
        sheet.text(x, base, words, _SMALL)
        return base
    first, *rest = break_lines(words, width, width, small.width)
    sheet.text(x, base, first, small)
    sheet.text(x, base + 3.1, "".join(rest), small, fit=width)
    return base + 3.1 if rest else base


def draw_back(sheet: Sheet, x: float, y: float, paper: CardPaper) -> None:
    """The people, and the code."""
    data = rules("service_card")
    left, right = x + _EDGE, x + data["width"] - _EDGE
    sheet.text(left, y + 9, data["back_title"], Type(Role.BOLD, 9, ACCENT))
    sheet.text(right, y + 9, paper.building, _SMALL, "right", fit=36)
    sheet.line(left, y + 11.4, right, y + 11.4, 0.3, ACCENT)
    edge = right
    if paper.qr:
        size = _qr_size(paper.qr)
        edge = right - size
        centre, top = right + 2 - size / 2, y + 12 + (_BODY - size - 3) / 2
        sheet.qr(centre - size / 2, top, size, paper.qr)
        sheet.text(centre, top + size + 1.6, paper.qr_caption, Type(Role.HEI, 6.5, GREY), "centre")
    _draw_contacts(sheet, left, edge, y + 12.4, paper.contacts)
    sheet.text(left, y + 50.4, data["note"], Type(Role.HEI, 5.5, GREY))


def _draw_contacts(sheet: Sheet, left: float, right: float, top: float, contacts: Sequence[Contact]) -> None:
    if not contacts:
        return
    pitch = min(6.2, _BODY / len(contacts))
    size = min(9.0, 9.0 * pitch / 5.0)
    role, name, phone = (Type(Role.HEI, size * 0.8, GREY), Type(Role.BOLD, size), Type(Role.HEI, size))
    for i, contact in enumerate(contacts):
        base = top + i * pitch + pitch / 2 + 0.36 * name.em
        sheet.text(left, base, contact.role, role, fit=17.5)
        sheet.text(left + 18.5, base, contact.name, name, fit=14)
        sheet.text(right, base, contact.phone, phone, "right", fit=right - left - 33)
        if i < len(contacts) - 1:
            sheet.line(left, top + (i + 1) * pitch, right, top + (i + 1) * pitch, 0.1, PALE)


def _qr_size(text: str) -> float:
    """Large enough for a module of half a millimetre, within what the card has room for."""
    data = rules("service_card")["qr"]
    needed = data["module"] * (qr_code(text).modules + 2 * QUIET_MODULES)
    if needed > data["largest"]:
        raise AppError("二维码内容太长，印在卡上会扫不出来，没有打印。", next_step="请把社区网址换成较短的。")
    return float(max(needed, data["smallest"]))
