"""What the search box knows, in the order in which results are shown. Each finder runs on the reader thread."""

from desktop_app.appeals.lists import lines_of, numbers
from desktop_app.appeals.queries import AppealFilter
from desktop_app.meetings.queries import meetings
from desktop_app.places.queries import buildings as all_buildings
from desktop_app.places.queries import find_rooms
from desktop_app.residents.queries import find
from desktop_app.store.database import Database
from desktop_app.store.search_keys import route
from ui.shell.finding import Finder, Hit, found_with

_ROOMS, _MEETINGS, _APPEALS, _SHORTEST_TITLE = 8, 5, 5, 2


@found_with("residents.read")
def people(db: Database, text: str) -> list[Hit]:
    """Residents by name, pinyin, initials, ID tail, phone, room."""
    found = []
    for hit in find(db, text):
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
    if len(text) < _SHORTEST_TITLE:
        return []
    return [
        Hit("meeting", line.id, line.title, f"{line.kind}　{line.starts_at}")
        for line in meetings(db, text=text)[:_MEETINGS]
    ]


@found_with("appeals.read")
def appeals(db: Database, text: str) -> list[Hit]:
    """Appeals by number (`#0412`), or by a part of the matter or the name."""
    if len(text.removeprefix("#")) < _SHORTEST_TITLE:
        return []
    found = numbers(db, AppealFilter(text=text.removeprefix("#")))[:_APPEALS]
    return [
        Hit("appeal", line.id, f"{line.no} {line.title}".strip(), f"{line.phase}　{line.received_on}　{line.reporter}")
        for line in lines_of(db, found)
        if line is not None
    ]


FINDERS: tuple[Finder, ...] = (rooms, buildings, people, appeals, gatherings)
