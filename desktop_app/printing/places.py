"""Where something is, in the words that papers use."""

from collections.abc import Iterable

from desktop_app.places.model import Area
from desktop_app.places.rules import address
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

_BUILDING_OF = (
    "SELECT id FROM building WHERE id=:id AND sync_del=0",
    "SELECT building_id FROM room WHERE id=:id AND sync_del=0",
    "SELECT r.building_id FROM household h JOIN room r ON r.id=h.room_id WHERE h.id=:id AND h.sync_del=0",
    "SELECT r.building_id FROM residence s JOIN room r ON r.id=s.room_id "
    "WHERE s.person_id=:id AND s.to_on IS NULL AND s.sync_del=0 ORDER BY s.from_on DESC",
    "SELECT r.building_id FROM household_member m JOIN household h ON h.id=m.household_id "
    "JOIN room r ON r.id=h.room_id "
    "WHERE m.person_id=:id AND m.to_on IS NULL AND m.sync_del=0 AND h.sync_del=0 ORDER BY m.from_on DESC",
)


def building_of(db: Database, subject: str) -> str:
    """The building of a building, room, household or resident.  AppError for a resident without a room."""
    for sql in _BUILDING_OF:
        if found := db.scalar(sql, {"id": subject}):
            return str(found)
    raise AppError("没有登记住在哪一栋楼，无法确定联系人，没有打印。", next_step="请先登记住址，再打印联系卡。")


def building_names(db: Database, buildings: Iterable[str]) -> dict[str, str]:
    """“东方花园3栋” by identifier of the building."""
    wanted = list(dict.fromkeys(buildings))
    names: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ",".join("?" * len(some))
        for key, estate, no, name in db.rows(
            "SELECT b.id, e.name, b.no, b.name FROM building b LEFT JOIN estate e ON e.id=b.estate_id "
            f"WHERE b.id IN ({marks})",
            some,
        ):
            names[key] = address(estate, name or no, None, None)
    return names


def parent_name(db: Database, area: Area) -> str:
    """The name of the area above, "" where none is known."""
    above = db.get(Area, area.parent_id)
    return above.name if above else ""
