"""The one search box: from what was typed to at most fifty people, best first.

Each alternative of a word is one SELECT of person numbers that stops by itself; nothing is counted or sorted first.
Of several words the rarest names the candidates, portion by portion, and the others are asked about those alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.accounts.rights import reads
from desktop_app.places import rules as places
from desktop_app.store.database import Database
from desktop_app.store.search_keys import KeyKind, Part, RoomPattern, person_keys, route

LIMIT = 50
_LAST = "\U0010ffff"
_OPEN = "s.sync_del=0 AND s.to_on IS NULL"
_PORTION = 4_000
"""Candidates asked about at once; each further portion is eight times as large."""
_FEW = 200
"""Candidates up to which making their keys anew is quicker than looking through the index for them."""
_HOMES = (
    "CROSS JOIN residence s ON s.person_id=p.id CROSS JOIN room r ON r.id=s.room_id "
    "CROSS JOIN building b ON b.id=r.building_id CROSS JOIN estate e ON e.id=b.estate_id"
)
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


@reads("residents.read")
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
    rarest, *others = sorted(parts, key=lambda part: _size(db, part))
    found: dict[int, None] = {}
    for candidates in _portions(db, rarest):
        for part in others[:-1]:
            candidates = _who_meet(db, part, candidates, len(candidates))  # noqa: PLW2901 fewer with every word
        found.update(dict.fromkeys(_who_meet(db, others[-1], candidates, limit - len(found))))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _size(db: Database, part: Part) -> int:
    """How many people a word alone finds, counted as far as a portion; words about homes are slower to list."""
    counted = sum(db.scalar(f"SELECT count(*) FROM ({sql} LIMIT {_PORTION // 4})", v) for sql, v in _statements(part))
    return int(counted) if counted < _PORTION // 4 or not (part.address or part.phone) else _PORTION


def _portions(db: Database, part: Part) -> Iterator[list[int]]:
    """Everybody a word alone finds, each once."""
    seen: set[int] = set()
    fresh: list[int] = []
    size = _PORTION
    for sql, params in _statements(part):
        for numbers in db.portions(sql, params):
            fresh += [number for (number,) in numbers if number not in seen]
            seen.update(fresh)
            if len(fresh) >= size:
                yield fresh
                fresh, size = [], size * 8
    yield fresh


def _who_meet(db: Database, part: Part, candidates: list[int], limit: int) -> list[int]:
    """Those of the candidates who meet a word, up to a limit."""
    found: dict[int, None] = {}
    among = orjson.dumps(candidates).decode()
    for sql, params in _questions(part, few=len(candidates) <= _FEW):
        if len(found) < limit and candidates:
            found.update((number, None) for (number,) in db.rows(f"{sql} LIMIT {limit}", (among, *params)))
    if part.keys and len(candidates) <= _FEW and len(found) < limit:
        found.update(dict.fromkeys(_by_own_keys(db, part, among)))
    return list(found)[:limit]


def _by_own_keys(db: Database, part: Part, among: str) -> Iterator[int]:
    named = (
        "SELECT p.local_no,p.name,p.used_name,p.pinyin,p.id_no FROM json_each(?) c "
        "CROSS JOIN person p ON p.local_no=c.value"
    )
    for number, *words in db.rows(named, (among,)):
        own = person_keys(*words)
        if any(kind == k and key.startswith(prefix) for kind, prefix in part.keys for k, key in own):
            yield number


def _questions(part: Part, *, few: bool) -> Iterator[Statement]:
    """The alternatives of a word, asked about candidates given as JSON in the first parameter."""
    for kind, prefix in part.keys if not few else ():
        yield (
            "SELECT local_no FROM search_key WHERE local_no IN (SELECT value FROM json_each(?)) "
            "AND kind=? AND key>=? AND key<?",
            (kind, prefix, prefix + _LAST),
        )
    person = "SELECT p.local_no FROM json_each(?) c CROSS JOIN person p ON p.local_no=c.value"
    if part.phone:
        yield f"{person} WHERE instr(p.phones,?)>0", (part.phone,)
    for conditions, values in _homes(part):
        yield f"{person} {_HOMES} WHERE {_OPEN} AND {conditions}", values


def _statements(part: Part) -> Iterator[Statement]:
    """The alternatives of a word, each finding people by itself."""
    for kind, prefix in part.keys:
        if kind == KeyKind.NAME:
            yield "SELECT local_no FROM search_key WHERE kind=? AND key=?", (kind, prefix)
        yield "SELECT local_no FROM search_key WHERE kind=? AND key>=? AND key<?", (kind, prefix, prefix + _LAST)
    if part.room:
        # whichever number is said leads: an index on it leaves a few hundred buildings or rooms of a city
        by_door = part.room.building is None and part.room.room is not None
        places = ("room r", "building b") if by_door else ("building b", "room r")
        conditions, values = _at_room(part.room)
        yield (
            f"SELECT p.local_no FROM {' CROSS JOIN '.join(places)} ON r.building_id=b.id CROSS JOIN estate e "
            "ON e.id=b.estate_id CROSS JOIN residence s ON s.room_id=r.id CROSS JOIN person p ON p.id=s.person_id "
            f"WHERE {_OPEN} AND {conditions}",
            values,
        )
    if part.phone:
        trigrams = (part.phone[start : start + 3] for start in range(len(part.phone) - 2))
        yield (
            "SELECT p.local_no FROM search_phone f JOIN person p ON p.local_no=f.rowid "
            "WHERE search_phone MATCH ? AND instr(p.phones,?)>0",
            (" AND ".join(f'"{trigram}"' for trigram in trigrams), part.phone),
        )
    if part.address:
        # from the buildings outwards, so that it stops after fifty people; where no building fits, nothing is walked
        conditions, values = _at_address(part.address)
        yield (
            "SELECT p.local_no FROM building b CROSS JOIN room r ON r.building_id=b.id CROSS JOIN residence s "
            f"ON s.room_id=r.id CROSS JOIN person p ON p.id=s.person_id WHERE {_OPEN} AND b.id IN (SELECT b.id "
            f"FROM building b JOIN estate e ON e.id=b.estate_id WHERE {conditions})",
            values,
        )


def _homes(part: Part) -> Iterator[Statement]:
    if part.room:
        yield _at_room(part.room)
    if part.address:
        yield _at_address(part.address)


def _at_room(pattern: RoomPattern) -> Statement:
    """Conditions on estate, building and room: a pattern says at least one of them."""
    conditions, values = list[str](), list[Any]()
    for column, value in (("r.no", pattern.room), ("b.no", pattern.building), ("r.unit", pattern.unit)):
        if value is not None:
            conditions.append(f"{column}=?")
            values.append(value)
    if pattern.estate:
        conditions.append("instr(e.name,?)>0")
        values.append(pattern.estate)
    return " AND ".join(conditions), tuple(values)


def _at_address(words: str) -> Statement:
    return (
        "(instr(e.name,?)>0 OR instr(coalesce(e.alias,''),?)>0 OR instr(coalesce(b.address,''),?)>0)",
        (words, words, words),
    )


@reads("residents.read")
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


@reads("residents.read")
def hit_of(db: Database, person_id: str) -> Hit | None:
    """One person as a search finds them; None for one who is gone."""
    number = db.scalar("SELECT local_no FROM person WHERE id=? AND sync_del=0", (person_id,))
    return next(iter(hits(db, [int(number)])), None) if number else None
