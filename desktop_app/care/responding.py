"""Who can be at a door quickly (A6-1): worked out on this desk from where buildings stand, without any network.

Party-centre households come first, then party members and volunteers; within each the nearest first.  Who has died,
left the register, is too young or too old, or has no phone is not called.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from desktop_app.accounts.rights import reads
from desktop_app.care.rules import CareRules, care_rules_of
from desktop_app.places.distances import Point, box_around, on_earth, within
from desktop_app.places.rules import address
from desktop_app.profiles.desk import all_words
from desktop_app.profiles.queries import care_rules
from desktop_app.residents.rules import age_on
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

CENTRE, PARTY, VOLUNTEER = "党员中心户", "党员", "志愿者"
_PORTION: Final = 8
"""Buildings asked at a time, the nearest first: usually enough people are found in the first few."""
_PARTY_CODES: Final = ("01", "02")


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody to call: `metres` in a straight line between the buildings, 0 in the same one; `phone` is whole."""

    person_id: str | None
    name: str
    capacity: str
    phone: str
    metres: int
    address: str
    building_id: str

    @property
    def far(self) -> str:
        """The distance in words."""
        return f"{self.metres} 米" if self.metres else "同一栋"


@dataclass(frozen=True, slots=True)
class Responders:
    """Who was found within `radius_m` of a door, and what has to be known of the search.

    `located`: whether the building has coordinates; without, only those of the same building are found.
    `without_place`: buildings of the estate that have none and were left out.  `silent`: people left out because no
    phone is registered.
    """

    lines: tuple[Responder, ...]
    radius_m: int
    address: str
    located: bool
    without_place: int
    silent: int

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the list has to know, in sentences."""
        told = []
        if not self.located:
            told.append("这栋楼没有登记坐标，只列了同一栋楼的人。请在“楼栋”里补上经纬度。")
        elif self.without_place:
            told.append(f"同小区另有 {self.without_place} 栋楼没有坐标，住在那里的人没有算进来。")
        if self.silent:
            told.append(f"另有 {self.silent} 人没有登记电话，没有列出。")
        if not self.lines:
            told.append(f"{self.radius_m} 米以内没有找到可以上门的人。")
        return tuple(told)


@dataclass(frozen=True, slots=True)
class _Door:
    """The door that is called from."""

    room_id: str
    building_id: str
    estate_id: str
    address: str
    point: Point | None


@dataclass(frozen=True, slots=True)
class _Search:
    """What every question of a search needs."""

    db: Database
    rules: CareRules
    here: _Door
    radius: int
    near: Mapping[str, int]
    """Building → metres, the nearest first."""
    estates: Mapping[str, str]
    """Estate → its name."""

    @property
    def on(self) -> str:
        return self.db.clock.today().isoformat()

    def fit(self, birth: str | None) -> bool:
        """Whether somebody is of an age to come; an unknown age does not keep anybody away."""
        age = age_on(birth, self.db.clock.today())
        return age is None or self.rules.youngest <= age <= self.rules.oldest


def rules_of(db: Database) -> CareRules:
    """The rules of this desk: the shipped ones, or the community's own copy."""
    return care_rules_of(care_rules(db.path.parent))


@reads("care.read")
def responders(db: Database, room_id: str, radius_m: int | None = None, *, most: int | None = None) -> Responders:
    """Who can come to a room, at most `most` (else as many as the rules list); party-centre households all come first.

    `radius_m` None is the community's.  AppError for a room that is gone.
    """
    told = rules_of(db)
    here = _door(db, room_id)
    radius = told.radius(radius_m)
    search = _Search(db, told, here, radius, _near(db, here, radius), dict(db.rows("SELECT id,name FROM estate")))
    wanted = most or told.listed
    centres, silent = _split(_centres(search), set())
    seen = {line.person_id for line in centres if line.person_id}
    others: list[Responder] = []
    for portion in _portions(tuple(search.near)):
        if len(centres) + len(others) >= wanted:
            break
        found, quiet = _split(_people(search, portion), seen)
        others += found
        silent += quiet
    lines = (*centres, *sorted(others, key=_order))[:wanted]
    return Responders(lines, radius, here.address, here.point is not None, _without_place(db, here), silent)


def _order(line: Responder) -> tuple[int, bool, str, str]:
    """By distance; of the same one party members first, then by where they live."""
    return line.metres, line.capacity != PARTY, line.address, line.name


def _split(found: Iterator[Responder], seen: set[str]) -> tuple[list[Responder], int]:
    """Those with a phone that were not seen yet, in order; and how many have none."""
    lines, silent = [], 0
    for line in sorted(found, key=_order):
        if line.person_id in seen:
            continue
        if line.person_id:
            seen.add(line.person_id)
        if line.phone:
            lines.append(line)
        else:
            silent += 1
    return lines, silent


def _door(db: Database, room_id: str) -> _Door:
    row = db.row(
        "SELECT r.id,b.id,b.estate_id,e.name,b.no,r.unit,r.no,b.lon,b.lat FROM room r "
        "JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE r.id=? AND r.sync_del=0",
        (room_id,),
    )
    if row is None:
        raise AppError("这间房的登记已经不在了，没有查到响应人。", next_step="请刷新后再试。")
    room, building, estate_id, estate, no, unit, door, lon, lat = row
    return _Door(room, building, estate_id, address(estate, no, unit, door), on_earth(lon, lat))


def _near(db: Database, here: _Door, radius: int) -> dict[str, int]:
    """The buildings within the radius, the own one first; it alone where it has no coordinates."""
    if here.point is None:
        return {here.building_id: 0}
    box = box_around(here.point, radius)
    rows = db.rows(
        "SELECT id,lon,lat FROM building WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND sync_del=0 "
        "AND to_on IS NULL",
        (box.south, box.north, box.west, box.east),
    )
    found = within(here.point, radius, ((key, Point(lon, lat)) for key, lon, lat in rows))
    return {here.building_id: 0} | {key: metres for key, metres in found if key != here.building_id}


def _without_place(db: Database, here: _Door) -> int:
    return int(
        db.scalar(
            "SELECT count(*) FROM building WHERE estate_id=? AND id<>? AND sync_del=0 AND to_on IS NULL "
            "AND (lon IS NULL OR lat IS NULL)",
            (here.estate_id, here.building_id),
        )
    )


def _portions(buildings: Sequence[str]) -> Iterator[Sequence[str]]:
    return (buildings[at : at + _PORTION] for at in range(0, len(buildings), _PORTION))


# A centre household is the home where its plaque hangs, which rooms nearby lead to; one without a room is looked for
# where its host lives.  A host who lives elsewhere by now is counted from there.
_HOSTS: Final = (
    "SELECT c.host_id,c.host_name,c.phones,p.name,p.phones,p.birth,l.estate_id,l.id,l.no,r.unit,r.no FROM {source} "
    "LEFT JOIN person p ON p.id=c.host_id LEFT JOIN residence s ON s.person_id=c.host_id AND s.sync_del=0 "
    "AND s.to_on IS NULL CROSS JOIN room r ON r.id=coalesce(s.room_id,c.room_id) "
    "CROSS JOIN building l ON l.id=r.building_id WHERE {which} AND c.sync_del=0 AND (c.to_on IS NULL OR c.to_on>:on) "
    "AND (c.from_on IS NULL OR c.from_on<=:on) AND r.id<>:room AND (c.host_id IS NULL OR (p.sync_del=0 "
    "AND p.deceased_on IS NULL AND p.left_on IS NULL))"
)
_CENTRES: Final = " UNION ALL ".join(
    (
        _HOSTS.format(
            source="json_each(:near) j CROSS JOIN room d ON d.building_id=j.value "
            "CROSS JOIN party_centre_household c ON c.room_id=d.id",
            which="d.sync_del=0",
        ),
        _HOSTS.format(source="party_centre_household c", which="c.room_id IS NULL"),
    )
)


def _centres(search: _Search) -> Iterator[Responder]:
    values = {"on": search.on, "room": search.here.room_id, "near": _json(tuple(search.near))}
    for host, written, plaque, name, phones, birth, *place in search.db.rows(_CENTRES, values):
        if place[1] in search.near and search.fit(birth):
            yield _line(search, host, name or written, CENTRE, plaque or phones or "", place)


_PEOPLE: Final = (
    "SELECT p.id,p.name,p.phones,p.birth,p.political IN (SELECT value FROM json_each(:party)),b.estate_id,b.id,"
    "b.no,r.unit,r.no FROM json_each(:near) j CROSS JOIN building b ON b.id=j.value "
    "CROSS JOIN room r ON r.building_id=b.id CROSS JOIN residence s ON s.room_id=r.id "
    "CROSS JOIN person p ON p.id=s.person_id WHERE r.sync_del=0 AND r.id<>:room AND s.sync_del=0 AND s.to_on IS NULL "
    "AND p.sync_del=0 AND p.deceased_on IS NULL AND p.left_on IS NULL "
    "AND (p.political IN (SELECT value FROM json_each(:party)) OR EXISTS(SELECT 1 FROM person_tag t "
    "WHERE t.person_id=p.id AND t.sync_del=0 AND (t.to_on IS NULL OR t.to_on>:on) "
    "AND t.tag IN (SELECT value FROM json_each(:tags))))"
)


def _people(search: _Search, buildings: Sequence[str]) -> Iterator[Responder]:
    party = tuple(word for code in _PARTY_CODES for word in all_words(search.db, "political", code))
    tags = tuple(word for tag in search.rules.volunteer_tags for word in all_words(search.db, "tags", tag))
    values = {
        "on": search.on,
        "room": search.here.room_id,
        "near": _json(buildings),
        "party": _json(party),
        "tags": _json(tags),
    }
    for person, name, phones, birth, member, *place in search.db.rows(_PEOPLE, values):
        if search.fit(birth):
            yield _line(search, person, name, PARTY if member else VOLUNTEER, phones, place)


def _line(
    search: _Search, person: str | None, name: str, capacity: str, phones: str, place: Sequence[Any]
) -> Responder:
    estate_id, building_id, building, unit, room = place
    where = address(search.estates.get(estate_id), building, unit, room)
    first = phones.split(" ", 1)[0]
    return Responder(person, name, capacity, first, search.near[building_id], where, building_id)


def _json(words: Sequence[str]) -> str:
    return orjson.dumps(words).decode()
