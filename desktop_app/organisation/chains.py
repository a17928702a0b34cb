"""The whole chain of responsibility for one door in one answer, and everything that has nobody (A1-8, A1-9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from desktop_app.accounts.rights import reads
from desktop_app.organisation import rules
from desktop_app.organisation.centres import buildings_in_use, centre_households, in_force
from desktop_app.organisation.contacts import ContactLine, chain_slots, role_of, role_words
from desktop_app.places.rules import address
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.town import ContactScheme, ContactSlot, TownProfile
from desktop_app.store.database import Database

TARGET_WORDS: Final = {
    "community": "社区",
    "grid": "网格",
    "estate": "小区",
    "building": "楼栋",
    "household": "户",
}

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Chain:
    """One scheme for one door: who holds each slot, gaps included."""

    scheme: str
    title: str
    lines: tuple[ContactLine, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The slots nobody holds."""
        return tuple(line.slot_title for line in self.lines if not line.name)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a subject lives or stands; `household_id` None where several, or none, live there."""

    building_id: str
    household_id: str | None
    label: str


_DOOR: Final = (
    "SELECT b.id,NULL,e.name,b.no,NULL,NULL FROM building b LEFT JOIN estate e ON e.id=b.estate_id "
    "WHERE b.id=:id AND b.sync_del=0",
    "SELECT b.id,h.id,e.name,b.no,r.unit,r.no FROM household h JOIN room r ON r.id=h.room_id JOIN building b "
    "ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE h.id=:id AND h.sync_del=0",
    "SELECT b.id,CASE WHEN count(h.id)=1 THEN max(h.id) END,e.name,b.no,r.unit,r.no FROM room r JOIN building b "
    "ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id LEFT JOIN household h ON h.room_id=r.id "
    "AND h.sync_del=0 AND h.to_on IS NULL WHERE r.id=:id AND r.sync_del=0 GROUP BY r.id",
    "SELECT b.id,h.id,e.name,b.no,r.unit,r.no FROM household_member m JOIN household h ON h.id=m.household_id "
    "JOIN room r ON r.id=h.room_id JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id "
    "WHERE m.person_id=:id AND m.to_on IS NULL AND m.sync_del=0 AND h.sync_del=0",
    "SELECT b.id,NULL,e.name,b.no,r.unit,r.no FROM residence s JOIN room r ON r.id=s.room_id JOIN building b "
    "ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE s.person_id=:id AND s.to_on IS NULL "
    "AND s.sync_del=0",
)


@reads("organisation.read")
def door_of(db: Database, subject_id: str) -> Door | None:
    """The door of a building, room, household or resident; None for one without a place."""
    for sql in _DOOR:
        if row := db.row(sql, {"id": subject_id}):
            building, home, estate, no, unit, room = row
            return Door(building, home, address(estate, no, unit, room))
    return None


@reads("organisation.read")
def chains_for(db: Database, subject_id: str, on: str, scheme: str = "") -> list[Chain]:
    """Everybody who answers for a building, room, household or resident, scheme by scheme; [] without a place.

    `scheme`, by code or name, asks for that one alone.
    """
    door = door_of(db, subject_id)
    if door is None:
        return []
    schemes = [one for one in town_of(db).contact_schemes if not scheme or scheme in {one.code, one.name}]
    wanted = [(one, slot) for one in schemes for slot in one.slots]
    found = chain_slots(db, door.building_id, on, wanted, household_id=door.household_id)
    return [Chain(one.code, one.name, tuple(line for line in found if line.scheme == one.code)) for one in schemes]


# ---------------------------------------------------------------------------------------------------------------- gaps


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot nobody holds: for which place of which kind (`target` a word of TARGET_WORDS), homes it concerns."""

    scheme: str
    slot: str
    target: str
    place_id: str
    place: str
    homes: int

    @property
    def id(self) -> str:
        return f"{self.scheme}/{self.slot}/{self.place_id}"


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place with those it lies in, the nearest first, itself included; `homes` that live in it."""

    id: str
    label: str
    within: tuple[str, ...]
    homes: int


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds what: places by (scheme, slot), by role, and places by post."""

    by_slot: Mapping[tuple[str, str], frozenset[str]]
    by_role: Mapping[str, frozenset[str]]
    by_post: Mapping[str, frozenset[str]]


@reads("organisation.read")
def gaps(db: Database, on: str, scheme: str = "") -> list[Gap]:
    """Every slot nobody holds, once for each place it is held for: 第2网格 once, not for each of its buildings.

    A slot counts as held where it is held for a larger place around, by a post of the organisation, or by the same role
    in another scheme.  A scheme in which nobody holds anything is not in use, and told only when asked for.
    """
    town = town_of(db)
    held, spots = _held(db, town, on), _spots(db, on)
    used = {code for code, _ in held.by_slot} or {one.code for one in town.contact_schemes[:1]}
    return [
        Gap(one.name, slot.name, TARGET_WORDS[slot.target], spot.id, spot.label, spot.homes)
        for one in town.contact_schemes
        if (scheme in {one.code, one.name} if scheme else one.code in used)
        for slot in one.slots
        for spot in spots[slot.target]
        if not _is_held(one, slot, spot, held)
    ]


def _is_held(scheme: ContactScheme, slot: ContactSlot, spot: _Spot, held: _Held) -> bool:
    places = held.by_slot.get((scheme.code, slot.code), frozenset())
    if slot.role:
        places |= held.by_role.get(slot.role, frozenset())
        if spot.id in held.by_post.get(slot.role, frozenset()):
            return True
    return not places.isdisjoint(spot.within)


def _held(db: Database, town: TownProfile, on: str) -> _Held:
    by_slot: dict[tuple[str, str], set[str]] = {}
    by_role: dict[str, set[str]] = {}
    assigned = db.rows(f"SELECT scheme,slot,target_id FROM contact_assignment WHERE {in_force()}", {"on": on})
    for scheme, slot, target in assigned:
        found = town.scheme(scheme)
        known = found.slot(slot) if found else None
        if found and known:
            by_slot.setdefault((found.code, known.code), set()).add(target)
        if role := role_of(town, scheme, slot):
            by_role.setdefault(role, set()).add(target)
    return _Held(_frozen(by_slot), _frozen(by_role), _posts(db, town, on))


def _frozen(found: Mapping[K, set[str]]) -> dict[K, frozenset[str]]:
    return {key: frozenset(places) for key, places in found.items()}


def _posts(db: Database, town: TownProfile, on: str) -> dict[str, frozenset[str]]:
    """Role of a slot → places where a post of the organisation, or a centre household, fills it."""
    rows = db.rows(
        "SELECT s.role,coalesce(n.building_id,n.estate_id,CASE WHEN n.level<=2 THEN :community END) FROM seat s "
        f"JOIN org_node n ON n.id=s.node_id WHERE {in_force('s')} AND {in_force('n')}",
        {"on": on, "community": db.setting("community")},
    )
    covered = {part.building_id for line in centre_households(db, on) for part in line.parts}
    found: dict[str, frozenset[str]] = {}
    for role in {slot.role for scheme in town.contact_schemes for slot in scheme.slots if slot.role}:
        words = role_words(db, role)
        places = {place for post, place in rows if place and post in words}
        found[role] = frozenset(places | (covered if rules.CENTRE_ROLE in words else set()))
    return found


def _spots(db: Database, on: str) -> dict[str, Sequence[_Spot]]:
    own = str(db.setting("community") or "")
    community = str(db.scalar("SELECT name FROM area WHERE id=?", (own,)) or "本社区")
    homes: dict[str, int] = dict(
        db.rows(
            "SELECT r.building_id,count(*) FROM household h JOIN room r ON r.id=h.room_id WHERE h.sync_del=0 "
            "AND h.to_on IS NULL GROUP BY 1"
        )
    )
    grid_of = dict(db.rows(f"SELECT building_id,grid_id FROM building_grid g WHERE {in_force('g')}", {"on": on}))
    estate_of = dict(db.rows("SELECT id,estate_id FROM building WHERE sync_del=0 AND to_on IS NULL"))
    standing = buildings_in_use(db)
    around = {
        one.id: tuple(filter(None, (one.id, grid_of.get(one.id), estate_of.get(one.id), own))) for one in standing
    }
    labels = {one.id: one.label for one in standing}
    return {
        "community": (_Spot(own, community, (own,), sum(homes.values())),) if own else (),
        "grid": tuple(_larger(db, _GRIDS, grid_of, homes, own)),
        "estate": tuple(_larger(db, _ESTATES, estate_of, homes, own)),
        "building": tuple(_Spot(key, labels[key], around[key], homes.get(key, 0)) for key in around),
        "household": tuple(_doors(db, around)),
    }


_GRIDS: Final = (
    "SELECT id,name FROM area WHERE level='网格' AND sync_del=0 AND to_on IS NULL ORDER BY length(name),name"
)
_ESTATES: Final = "SELECT id,name FROM estate WHERE sync_del=0 AND to_on IS NULL ORDER BY name"


def _larger(db: Database, sql: str, holds: Mapping[str, str], homes: Mapping[str, int], own: str) -> Iterator[_Spot]:
    for key, name in db.rows(sql):
        inside = sum(homes.get(building, 0) for building, place in holds.items() if place == key)
        yield _Spot(key, name, (key, own), inside)


def _doors(db: Database, around: Mapping[str, tuple[str, ...]]) -> Iterator[_Spot]:
    rows = db.rows(
        "SELECT h.id,b.id,e.name,b.no,r.unit,r.no FROM household h JOIN room r ON r.id=h.room_id JOIN building b "
        "ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE h.sync_del=0 AND h.to_on IS NULL "
        "ORDER BY e.name,length(b.no),b.no,length(r.unit),r.unit,length(r.no),r.no"
    )
    for home, building, estate, no, unit, room in rows:
        yield _Spot(home, address(estate, no, unit, room), (home, *around.get(building, ())), 1)
