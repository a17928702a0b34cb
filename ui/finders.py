"""What the search box knows, in the order in which results are shown. Each finder runs on the reader thread."""

from desktop_app.places.queries import find_rooms
from desktop_app.residents.queries import find
from desktop_app.store.database import Database
from desktop_app.store.search_keys import route
from ui.shell.finding import Finder, Hit

_ROOMS = 8


def people(db: Database, text: str) -> list[Hit]:
    """Residents by name, pinyin, initials, ID tail, phone, room."""
    found = []
    for hit in find(db, text):
        facts = (hit.sex or "", hit.birth or "", f"{hit.estate or ''} {hit.address}".strip(), f"尾号{hit.id_tail}")
        found.append(Hit("person", hit.id, hit.name, "　".join(fact for fact in facts if fact and fact != "尾号")))
    return found


def rooms(db: Database, text: str) -> list[Hit]:
    """A room by its numbers: `3-2-501`."""
    parts = route(text).parts
    pattern = parts[0].room if len(parts) == 1 else None
    if pattern is None or not pattern.building:
        return []
    found = find_rooms(db, pattern.building, pattern.unit, pattern.room, estate=pattern.estate, limit=_ROOMS)
    return [Hit("room", place.room_id, place.short, place.full) for place in found]


FINDERS: tuple[Finder, ...] = (rooms, people)
