"""What one may ask about residents.  Lines for lists carry masked numbers; the whole number is on the record alone."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from typing import Any

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.places import rules as places
from desktop_app.places.queries import Place, place
from desktop_app.residents import rules
from desktop_app.residents.living import room_id_of
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonEvent, PersonTag
from desktop_app.residents.search import Hit, find, hit_of, hits
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.store.search_keys import KeyKind

__all__ = [
    "Hit",
    "Member",
    "ResidentDetail",
    "ResidentFilter",
    "ResidentLine",
    "RoomMark",
    "counts",
    "detail",
    "find",
    "hit_of",
    "ids",
    "lines",
    "room_marks",
]

LIVES = " LEFT JOIN residence s ON s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL "
PLACED = (
    "LEFT JOIN room r ON r.id=s.room_id LEFT JOIN building b ON b.id=r.building_id "
    "LEFT JOIN estate e ON e.id=b.estate_id "
)
STATES = ("在册", "已迁出", "已去世", "全部")
_STATE_SQL = {
    "在册": "p.left_on IS NULL AND p.deceased_on IS NULL",
    "已迁出": "p.left_on IS NOT NULL",
    "已去世": "p.deceased_on IS NOT NULL",
    "全部": "1",
}
_BY_PLACE = "e.name,length(b.no),b.no,length(r.unit),r.unit,r.floor,length(r.no),r.no,p.local_no"
ORDERS = {
    "address": _BY_PLACE,
    "name": "",
    "birth": "p.birth,p.local_no",
    "-birth": "p.birth DESC,p.local_no",
    "sex": "p.sex,p.local_no",
    "recent": "p.local_no DESC",
}
"""How a list may be sorted; by name means by its reading."""
_NARROWING = {
    "estate": "b.estate_id=:estate",
    "building": "r.building_id=:building",
    "room": "s.room_id=:room",
    "grid": "b.id IN (SELECT building_id FROM building_grid WHERE grid_id=:grid AND to_on IS NULL AND sync_del=0)",
    "sex": "p.sex=:sex",
    "born_by": "p.birth<=:born_by",
    "born_after": "p.birth>:born_after",
}
_ALONE = (
    "s.room_id IN (SELECT room_id FROM residence WHERE sync_del=0 AND to_on IS NULL GROUP BY room_id HAVING count(*)=1)"
)


@dataclass(frozen=True, slots=True)
class ResidentFilter:
    """Which residents; what is None or empty does not narrow.  Ages in whole years, both ends included."""

    state: str = "在册"
    estate_id: str | None = None
    building_id: str | None = None
    grid_id: str | None = None
    room_id: str | None = None
    sex: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    tags: tuple[str, ...] = ()
    political: tuple[str, ...] = ()
    living_alone: bool = False
    without_room: bool = False


@dataclass(frozen=True, slots=True)
class ResidentLine:
    """One line of the list; `id_no` and `phone` are masked."""

    local_no: int
    id: str
    name: str
    sex: str
    birth: str
    age: int | None
    id_no: str
    phone: str
    address: str
    estate: str
    relation: str
    tags: tuple[str, ...]
    political: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a household."""

    person_id: str
    name: str
    sex: str | None
    birth: str | None
    relation: str | None
    is_head: bool


@dataclass(frozen=True, slots=True)
class ResidentDetail:
    """Everything about one person; numbers are not masked here, showing them is for the page to log."""

    person: Person
    place: Place | None
    household: Household | None
    members: tuple[Member, ...]
    tags: tuple[PersonTag, ...]
    events: tuple[PersonEvent, ...]
    age: int | None


@dataclass(slots=True)
class RoomMark:
    """What the room chart shows of a room; `letters` are the tags in it."""

    households: int = 0
    persons: int = 0
    head: str = ""
    party: int = 0
    living_alone: bool = False
    tags: set[str] = field(default_factory=set)


@reads("residents.read")
def ids(db: Database, wanted: ResidentFilter, order: str = "address", today: date | None = None) -> "array[int]":
    """Numbers of all residents that meet a filter, in view order: 8 bytes each, so 200,000 are cheap."""
    conditions, values = _conditions(wanted, today or db.clock.today())
    placed = order == "address" or wanted.estate_id or wanted.building_id or wanted.grid_id
    sql = f"SELECT p.local_no FROM person p{LIVES + PLACED if placed else LIVES}WHERE {' AND '.join(conditions)}"
    if order != "name":
        return array("q", [number for (number,) in db.rows(f"{sql} ORDER BY {ORDERS[order]}", values)])
    meeting = dict.fromkeys(number for (number,) in db.rows(sql, values))
    return array("q", dict.fromkeys(number for number in _by_reading(db) if number in meeting) | meeting)


def _by_reading(db: Database) -> Iterator[int]:
    """All persons by the first reading of their names, as the index has it; names nobody can read are left out."""
    several = db.rows("SELECT key,local_no FROM search_key WHERE kind=? ORDER BY key", (KeyKind.ORDER,))
    of_several = {number for _, number in several}
    every = db.rows("SELECT key,local_no FROM search_key WHERE kind=? ORDER BY key", (KeyKind.PINYIN,))
    for _, number in merge(several, (row for row in every if row[1] not in of_several)):
        yield number


def _conditions(wanted: ResidentFilter, today: date) -> tuple[list[str], dict[str, Any]]:
    conditions = ["p.sync_del=0", _STATE_SQL[wanted.state]]
    values: dict[str, Any] = {
        "estate": wanted.estate_id,
        "building": wanted.building_id,
        "room": wanted.room_id,
        "grid": wanted.grid_id,
        "sex": wanted.sex,
        "born_by": None if wanted.min_age is None else rules.born_by(wanted.min_age, today),
        "born_after": None if wanted.max_age is None else rules.born_by(wanted.max_age + 1, today),
    }
    conditions += [sql for name, sql in _NARROWING.items() if values[name] is not None]
    for n, tag in enumerate(wanted.tags):
        values[f"tag{n}"] = tag
        conditions.append(
            f"p.id IN (SELECT person_id FROM person_tag WHERE tag=:tag{n} AND sync_del=0 AND to_on IS NULL)"
        )
    if wanted.political:
        words = {f"political{n}": word for n, word in enumerate(wanted.political)}
        conditions.append(f"p.political IN ({','.join(':' + name for name in words)})")
        values |= words
    if wanted.living_alone:
        conditions.append(_ALONE)
    if wanted.without_room:
        conditions.append("s.id IS NULL")
    used = " ".join(conditions)
    return conditions, {name: value for name, value in values.items() if f":{name}" in used}


@reads("residents.read")
def lines(db: Database, numbers: "array[int] | list[int]") -> list[ResidentLine]:
    """The lines of some residents, in that order."""
    marks = ",".join("?" * len(numbers))
    found = db.rows(
        "SELECT p.local_no,p.id,p.name,p.sex,p.birth,p.id_no,p.phones,b.no,r.unit,r.no,e.name,p.political,"
        "(SELECT m.relation FROM household_member m WHERE m.person_id=p.id AND m.sync_del=0 AND m.to_on IS NULL),"
        "(SELECT group_concat(t.tag,' ') FROM person_tag t WHERE t.person_id=p.id AND t.sync_del=0"
        " AND t.to_on IS NULL) "
        f"FROM person p{LIVES}{PLACED}"
        f"WHERE p.local_no IN ({marks})",
        list(numbers),
    )
    today = db.clock.today()
    made = {row[0]: _line(row, today) for row in found}
    return [made[number] for number in numbers if number in made]


def _line(row: tuple[Any, ...], today: date) -> ResidentLine:
    number, id_, name, sex, birth, id_no, phones, building, unit, room, estate, political, relation, tags = row
    first = phones.split(" ", 1)[0]
    return ResidentLine(
        number,
        id_,
        name,
        sex or "",
        birth or "",
        rules.age_on(birth, today),
        mask("id_no", id_no) if id_no else "",
        mask("phone", first) if first else "",
        places.short_address(building, unit, room) if building else "",
        estate or "",
        relation or "",
        tuple(tags.split(" ")) if tags else (),
        political or "",
    )


@reads("residents.read")
def detail(db: Database, person_id: str) -> ResidentDetail | None:
    """Everything about one person, or None when there is no such record."""
    person = db.get(Person, person_id)
    if person is None:
        return None
    household = household_of(db, person_id)
    tags = select(PersonTag).where(PersonTag.person_id == person_id, PersonTag.sync_del == 0)
    events = select(PersonEvent).where(PersonEvent.person_id == person_id, PersonEvent.sync_del == 0)
    return ResidentDetail(
        person,
        place(db, room_id_of(db, person_id)),
        household,
        members(db, household) if household else (),
        tuple(db.select(tags.order_by(PersonTag.to_on.is_not(None), PersonTag.tag))),
        tuple(db.select(events.order_by(PersonEvent.on.desc()))),
        rules.age_on(person.birth, db.clock.today()),
    )


@reads("residents.read")
def household_of(db: Database, person_id: str) -> Household | None:
    """The household a person belongs to now."""
    found = db.select(
        select(Household)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .where(HouseholdMember.person_id == person_id, HouseholdMember.sync_del == 0, HouseholdMember.to_on.is_(None))
    )
    return found[0] if found else None


@reads("residents.read")
def members(db: Database, household: Household) -> tuple[Member, ...]:
    """Who belongs to a household now, the head first."""
    found = db.rows(
        "SELECT p.id,p.name,p.sex,p.birth,m.relation,p.id=? FROM household_member m JOIN person p ON p.id=m.person_id "
        "WHERE m.household_id=? AND m.sync_del=0 AND m.to_on IS NULL AND p.sync_del=0 ORDER BY p.id=? DESC,p.birth",
        (household.head_id, household.id, household.head_id),
    )
    return tuple(Member(*row) for row in found)


@reads("residents.read")
def households_in(db: Database, room_id: str) -> list[tuple[Household, tuple[Member, ...]]]:
    """The households of a room with their members."""
    found = db.select(
        select(Household).where(Household.room_id == room_id, Household.sync_del == 0, Household.to_on.is_(None))
    )
    return [(household, members(db, household)) for household in found]


@reads("residents.read")
def room_marks(db: Database, building_id: str) -> dict[str, RoomMark]:
    """What there is to show in each room of a building, by room."""
    marks: dict[str, RoomMark] = {}
    in_building = "JOIN room r ON r.id=%s AND r.building_id=? AND r.sync_del=0 "
    for room_id, count, heads in db.rows(
        "SELECT r.id,count(*),group_concat(p.name,' ') FROM household h "
        + in_building % "h.room_id"
        + "LEFT JOIN person p ON p.id=h.head_id WHERE h.sync_del=0 AND h.to_on IS NULL GROUP BY r.id",
        (building_id,),
    ):
        marks[room_id] = RoomMark(households=count, head=(heads or "").split(" ")[0])
    party = ",".join(f"'{word}'" for word in rules.PARTY)
    for room_id, persons, members_ in db.rows(
        f"SELECT r.id,count(*),sum(p.political IN ({party})) FROM residence s "
        + in_building % "s.room_id"
        + "JOIN person p ON p.id=s.person_id WHERE s.sync_del=0 AND s.to_on IS NULL GROUP BY r.id",
        (building_id,),
    ):
        mark = marks.setdefault(room_id, RoomMark())
        mark.persons, mark.party, mark.living_alone = persons, members_ or 0, persons == 1
    for room_id, tag in db.rows(
        "SELECT DISTINCT r.id,t.tag FROM residence s "
        + in_building % "s.room_id"
        + "JOIN person_tag t ON t.person_id=s.person_id AND t.sync_del=0 AND t.to_on IS NULL "
        "WHERE s.sync_del=0 AND s.to_on IS NULL",
        (building_id,),
    ):
        marks.setdefault(room_id, RoomMark()).tags.add(tag)
    return marks


@reads("residents.read", "overview.read")
def counts(db: Database) -> dict[str, int]:
    """The numbers of the home page: households, persons, elderly, party members, rooms and rooms without people."""
    old = rules.born_by(80, db.clock.today())
    party = ",".join(f"'{word}'" for word in rules.PARTY)
    here = "p.sync_del=0 AND p.left_on IS NULL AND p.deceased_on IS NULL"
    persons, elders, members_ = db.rows(
        f"SELECT count(*),sum(p.birth<=?),sum(p.political IN ({party})) FROM person p WHERE {here}", (old,)
    )[0]
    rooms = "SELECT count(*) FROM room r WHERE r.sync_del=0 AND r.to_on IS NULL AND r.kind='住宅'"
    lived = "EXISTS(SELECT 1 FROM residence s WHERE s.room_id=r.id AND s.sync_del=0 AND s.to_on IS NULL)"
    return {
        "households": db.scalar("SELECT count(*) FROM household WHERE sync_del=0 AND to_on IS NULL"),
        "persons": persons,
        "elders": elders or 0,
        "party": members_ or 0,
        "rooms": db.scalar(rooms),
        "vacant": db.scalar(f"{rooms} AND NOT {lived}"),
    }


@reads("residents.read")
def tags_in_use(db: Database) -> list[tuple[str, int]]:
    """(tag, number of people), the most frequent first."""
    return [
        (str(tag), int(count))
        for tag, count in db.rows(
            "SELECT tag,count(*) FROM person_tag WHERE sync_del=0 AND to_on IS NULL GROUP BY tag ORDER BY 2 DESC,1"
        )
    ]


@reads("residents.read")
def same_number(db: Database, id_no: str, besides: str | None = None) -> list[Hit]:
    """Other people on the register with this ID number."""
    found = db.rows("SELECT local_no FROM person WHERE id_no=? AND sync_del=0 AND id IS NOT ?", (id_no, besides))
    return hits(db, [number for (number,) in found])


@reads("residents.read")
def homes_in(db: Database, building_ids: Sequence[str]) -> list[str]:
    """The households of buildings, building by building in the order of the doors."""
    return [
        str(home)
        for building in building_ids
        for (home,) in db.rows(
            "SELECT h.id FROM household h JOIN room r ON r.id=h.room_id WHERE r.building_id=? AND h.sync_del=0 "
            "AND h.to_on IS NULL ORDER BY length(r.unit),r.unit,r.floor,r.seq,length(r.no),r.no",
            (building,),
        )
    ]
