"""What the search box knows, in the order in which results are shown. Each finder runs on the reader thread."""

import re

from desktop_app.appeals.lists import lines_of, numbers
from desktop_app.appeals.queries import AppealFilter
from desktop_app.matters.queries import MatterFilter
from desktop_app.matters.queries import matters as all_matters
from desktop_app.meetings.queries import meetings
from desktop_app.orders.queries import OrderFilter
from desktop_app.orders.queries import orders as all_orders
from desktop_app.orders.wish_lists import find_wishes
from desktop_app.places.queries import buildings as all_buildings
from desktop_app.places.queries import find_rooms
from desktop_app.points.vouchers import vouchers
from desktop_app.residents.queries import find
from desktop_app.store.database import Database
from desktop_app.store.search_keys import route
from ui.shell.finding import Finder, Hit, found_with

_VOUCHER = re.compile(r".*\d{4}-\d{3,}")
"""Numbers of vouchers stand in no index: what may be one is long enough to be meant."""
_ROOMS, _PEOPLE, _MEETINGS, _MOST, _SHORTEST_TITLE = 8, 20, 5, 5, 2


@found_with("residents.read")
def people(db: Database, text: str) -> list[Hit]:
    """Residents by name, pinyin, initials, ID tail, phone, room."""
    found = []
    for hit in find(db, text, _PEOPLE):
        facts = (hit.sex or "", hit.birth or "", f"{hit.estate or ''} {hit.address}".strip(), f"尾号{hit.id_tail}")
        found.append(Hit("person", hit.id, hit.name, "　".join(fact for fact in facts if fact and fact != "尾号")))
    return found


@found_with("residents.read")
def rooms(db: Database, text: str) -> list[Hit]:
    """A room by its numbers: `3-2-501`."""
    parts = route(text).parts
    pattern = parts[0].room if len(parts) == 1 else None
    if pattern is None or not pattern.room:
        return []
    found = find_rooms(db, pattern.building, pattern.unit, pattern.room, estate=pattern.estate, limit=_ROOMS)
    return [Hit("room", place.room_id, place.short, place.full) for place in found]


@found_with("residents.read")
def buildings(db: Database, text: str) -> list[Hit]:
    """A building by its number: `3栋`, `桂花苑3栋`, `3-2` for its second stairwell."""
    parts = route(text).parts
    pattern = parts[0].room if len(parts) == 1 else None
    if pattern is None or not pattern.building or pattern.room:
        return []
    return [
        Hit("building", line.id, line.label, f"{line.households}户　{line.persons}人")
        for line in all_buildings(db)
        if line.no == pattern.building and (pattern.estate or "") in line.estate
    ]


@found_with("meetings.read")
def gatherings(db: Database, text: str) -> list[Hit]:
    """Meetings by a part of the title or by number."""
    if _is_short(text):
        return []
    return [
        Hit("meeting", line.id, line.title, f"{line.kind}　{line.starts_at}")
        for line in meetings(db, text=text)[:_MEETINGS]
    ]


@found_with("appeals.read")
def appeals(db: Database, text: str) -> list[Hit]:
    """Appeals by number (`#0412`), or by words of the matter, the place or the name."""
    if _is_short(text):
        return []
    found = numbers(db, AppealFilter(text=text))[:_MOST]
    return [
        Hit("appeal", line.id, f"{line.no} {line.title}".strip(), f"{line.phase}　{line.received_on}　{line.reporter}")
        for line in lines_of(db, found)
        if line is not None
    ]


@found_with("orders.read")
def orders(db: Database, text: str) -> list[Hit]:
    """Orders by number, or by words of what was asked for, the place, who asked or who helps."""
    if _is_short(text):
        return []
    return [
        Hit("order", line.id, f"{line.no} {line.title}".strip(), f"{line.phase}　{line.received_on}　{line.requester}")
        for line in all_orders(db, OrderFilter(text=text), limit=_MOST)
    ]


@found_with("orders.read")
def wishes(db: Database, text: str) -> list[Hit]:
    """Small wishes by number, or by words of the wish or the name."""
    if _is_short(text):
        return []
    return [
        Hit("page:orders", f"wish:{line.id}", f"{line.no} {line.text}".strip(), f"{line.phase}　{line.alias}", "微心愿")
        for line in find_wishes(db, text, _MOST)
    ]


@found_with("points.read")
def points(db: Database, text: str) -> list[Hit]:
    """Accounts of points by the number of a voucher: 积2026-0001."""
    if not _VOUCHER.fullmatch(text.strip()):
        return []
    return [
        Hit(
            "page:points",
            f"points_account:{line.account_id}",
            f"{line.no} {line.name}",
            f"{line.on}　{line.kind} {line.amount} {line.unit}　{line.text}",
            "积分",
        )
        for line in vouchers(db, number=text.strip(), limit=_MOST)
    ]


@found_with("matters.read")
def matters(db: Database, text: str) -> list[Hit]:
    """Matters by number, or by words of the matter or who proposed it."""
    if _is_short(text):
        return []
    return [
        Hit("matter", line.id, f"{line.no} {line.title}".strip(), f"{line.step_name}　{line.proposed_on}")
        for line in all_matters(db, MatterFilter(text=text))[:_MOST]
    ]


def _is_short(text: str) -> bool:
    return len(text.lstrip("#＃").strip()) < _SHORTEST_TITLE


FINDERS: tuple[Finder, ...] = (rooms, buildings, people, appeals, orders, wishes, points, matters, gatherings)
"""People first; of everything else a handful, so that nothing is pushed off the list."""
