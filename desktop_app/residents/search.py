"""The one search box: from what was typed to at most fifty people, best first.

Each alternative of a word is one SELECT of person numbers that stops by itself; nothing is counted or sorted first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desktop_app.places import rules as places
from desktop_app.store.database import Database
from desktop_app.store.search_keys import KeyKind, Part, RoomPattern, route

LIMIT = 50
_LAST = "\U0010ffff"
_OPEN = "s.sync_del=0 AND s.to_on IS NULL"
Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found; enough to tell people of one name apart, and no more: `id_tail` is the last four characters."""

    local_no: int
    id: str
    name: str
    sex: str | None
    birth: str | None
    address: str
    estate: str | None
    id_tail: str


def find(db: Database, text: str, limit: int = LIMIT) -> list[Hit]:
    """People by name, pinyin, initials, ID tail, phone fragment, room or address; several words must all be met."""
    parts = route(text).parts
    if not parts:
        return []
    return hits(db, _first_of(db, parts[0], limit) if len(parts) == 1 else _meeting_all(db, parts, limit))


def _first_of(db: Database, part: Part, limit: int) -> list[int]:
    """The alternatives one after another: a whole name before its beginning, initials before phone numbers."""
    found: dict[int, None] = {}
    for sql, params in _statements(part):
        for (number,) in db.rows(f"{sql} LIMIT {limit}", params):
            found.setdefault(number)
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _meeting_all(db: Database, parts: tuple[Part, ...], limit: int) -> list[int]:
    conditions: list[str] = []
    values: list[Any] = []
    for part in parts:
        statements = list(_statements(part))
        if not statements:
            return []
        conditions.append("p.local_no IN (" + " UNION ".join(sql for sql, _ in statements) + ")")
        values += [value for _, params in statements for value in params]
    sql = f"SELECT p.local_no FROM person p WHERE {' AND '.join(conditions)} LIMIT {limit}"
    return [number for (number,) in db.rows(sql, values)]


def _statements(part: Part) -> Iterator[Statement]:
    for kind, prefix in part.keys:
        if kind == KeyKind.NAME:
            yield "SELECT local_no FROM search_key WHERE kind=? AND key=?", (kind, prefix)
        yield "SELECT local_no FROM search_key WHERE kind=? AND key>=? AND key<?", (kind, prefix, prefix + _LAST)
    if part.room:
        yield from _by_room(part.room)
    if part.phone:
        trigrams = (part.phone[start : start + 3] for start in range(len(part.phone) - 2))
        yield (
            "SELECT p.local_no FROM search_phone f JOIN person p ON p.local_no=f.rowid "
            "WHERE search_phone MATCH ? AND instr(p.phones,?)>0",
            (" AND ".join(f'"{trigram}"' for trigram in trigrams), part.phone),
        )
    if part.address:
        yield from _by_address(part.address)


def _by_room(pattern: RoomPattern) -> Iterator[Statement]:
    conditions, values = [_OPEN], list[Any]()
    for column, value in (("r.no", pattern.room), ("b.no", pattern.building), ("r.unit", pattern.unit)):
        if value is not None:
            conditions.append(f"{column}=?")
            values.append(value)
    if pattern.estate:
        conditions.append("instr(e.name,?)>0")
        values.append(pattern.estate)
    # from the room inwards: the index on door numbers leaves a few hundred rooms of a city
    yield (
        "SELECT p.local_no FROM building b CROSS JOIN room r ON r.building_id=b.id CROSS JOIN estate e "
        "ON e.id=b.estate_id CROSS JOIN residence s ON s.room_id=r.id CROSS JOIN person p ON p.id=s.person_id WHERE "
        + " AND ".join(conditions),
        tuple(values),
    )


def _by_address(words: str) -> Iterator[Statement]:
    # from the buildings outwards, so that it stops after fifty people; where no building fits, nothing is walked
    yield (
        "SELECT p.local_no FROM building b CROSS JOIN room r ON r.building_id=b.id CROSS JOIN residence s "
        f"ON s.room_id=r.id CROSS JOIN person p ON p.id=s.person_id WHERE {_OPEN} AND b.id IN (SELECT b.id "
        "FROM building b JOIN estate e ON e.id=b.estate_id WHERE instr(e.name,?)>0 OR instr(coalesce(e.alias,''),?)>0 "
        "OR instr(coalesce(b.address,''),?)>0)",
        (words, words, words),
    )


def hits(db: Database, numbers: list[int]) -> list[Hit]:
    """The people behind some numbers, in that order; tombstones are left out."""
    if not numbers:
        return []
    marks = ",".join("?" * len(numbers))
    found = db.rows(
        "SELECT p.local_no,p.id,p.name,p.sex,p.birth,b.no,r.unit,r.no,e.name,p.id_no FROM person p "
        f"LEFT JOIN residence s ON s.person_id=p.id AND {_OPEN} LEFT JOIN room r ON r.id=s.room_id "
        "LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id "
        f"WHERE p.local_no IN ({marks}) AND p.sync_del=0",
        numbers,
    )
    lines = {
        number: Hit(
            number, id_, name, sex, birth, places.short_address(b, u, r) if b else "", estate, (id_no or "")[-4:]
        )
        for number, id_, name, sex, birth, b, u, r, estate, id_no in found
    }
    return [lines[number] for number in numbers if number in lines]
