"""What one may ask about campaigns 敲门行动: whom to choose, the route, the results, how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from desktop_app.accounts.rights import reads
from desktop_app.places.rules import address
from desktop_app.residents.queries import ResidentFilter, ids
from desktop_app.shared.dates import natural_key
from desktop_app.store.database import Database
from desktop_app.visits import rules
from desktop_app.visits.queries import counting
from desktop_app.visits.rules import Coverage

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Home:
    """A home on a list: a household, or a room in which nobody is registered."""

    household_id: str | None
    room_id: str | None


@dataclass(frozen=True, slots=True)
class RouteStop:
    """A home on the way, with what the one who knocks should know; in the order of the doors."""

    household_id: str | None
    room_id: str | None
    estate: str
    building: str
    unit: str
    room: str
    name: str
    persons: int
    tags: tuple[str, ...]

    @property
    def address(self) -> str:
        return address(self.estate, self.building, self.unit or None, self.room) if self.building else ""

    @property
    def key(self) -> tuple[Any, ...]:
        """Sorts by estate, building, unit and room, 2栋 before 10栋."""
        return (self.estate, *(natural_key(part) for part in (self.building, self.unit, self.room)), self.name)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One home of a campaign in one round, with what came of it."""

    id: str
    stop: RouteStop
    team: str
    round: int
    result: str
    visited_on: str
    goods_qty: int
    signed: bool
    note: str
    moved_out: bool
    """Whether the household has left since; its line stays."""


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign and how far it is."""

    id: str
    name: str
    from_on: str
    to_on: str
    state: str
    round: int
    coverage: Coverage


@reads("visits.read")
def homes_of_residents(db: Database, wanted: ResidentFilter) -> list[Home]:
    """The homes in which somebody meets a filter, in the order of the doors; whoever has no home is left out."""
    return homes_of_numbers(db, ids(db, wanted))


@reads("visits.read")
def homes_of_numbers(db: Database, numbers: Sequence[int]) -> list[Home]:
    """The homes of residents, named by `local_no` as a list has them, in the order of the doors."""
    found: dict[Home, None] = {}
    for start in range(0, len(numbers), _PORTION):
        some = list(numbers[start : start + _PORTION])
        for row in db.rows(
            "SELECT h.id,h.room_id FROM person p JOIN household_member m ON m.person_id=p.id AND m.sync_del=0 "
            "AND m.to_on IS NULL JOIN household h ON h.id=m.household_id AND h.sync_del=0 AND h.to_on IS NULL "
            f"WHERE p.local_no IN ({','.join('?' * len(some))})",
            some,
        ):
            found.setdefault(Home(*row))
    return in_order(db, list(found))


@reads("visits.read")
def homes_in(db: Database, building_ids: Sequence[str], *, empty_rooms: bool = False) -> list[Home]:
    """The homes of buildings in the order of the doors; with `empty_rooms` flats too in which nobody is registered."""
    found: list[Home] = []
    for building in building_ids:
        found += [
            Home(*row)
            for row in db.rows(
                "SELECT h.id,r.id FROM room r JOIN household h ON h.room_id=r.id AND h.sync_del=0 AND h.to_on IS NULL "
                "WHERE r.building_id=? AND r.sync_del=0 AND r.to_on IS NULL",
                (building,),
            )
        ]
        if empty_rooms:
            lived = {home.room_id for home in found}
            rooms = "SELECT id FROM room WHERE building_id=? AND kind='住宅' AND sync_del=0 AND to_on IS NULL"
            found += [Home(None, room) for (room,) in db.rows(rooms, (building,)) if room not in lived]
    return in_order(db, found)


@reads("visits.read")
def in_order(db: Database, homes: Sequence[Home]) -> list[Home]:
    """Homes as one walks from door to door."""
    return [Home(stop.household_id, stop.room_id) for stop in route(db, homes)]


@reads("visits.read")
def route(db: Database, homes: Sequence[Home]) -> list[RouteStop]:
    """The stops of a walk, by estate, building, unit and room; also homes that have moved out since."""
    stops = _stops_of(db, homes)
    return sorted((stops[home] for home in dict.fromkeys(homes) if home in stops), key=lambda stop: stop.key)


_STOP = (
    "SELECT {home},r.id,coalesce(e.name,''),coalesce(b.no,''),coalesce(r.unit,''),coalesce(r.no,''),"
    "coalesce({name},''),{count},{tags} "
)
_PLACED = " LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id "
_MEMBERS = "FROM household_member m WHERE m.household_id=h.id AND m.sync_del=0 AND m.to_on IS NULL"
_OF_HOUSEHOLDS = (
    _STOP.format(
        home="h.id",
        name="p.name",
        count=f"(SELECT count(*) {_MEMBERS})",
        tags="(SELECT group_concat(DISTINCT t.tag) FROM household_member m JOIN person_tag t "
        "ON t.person_id=m.person_id AND t.sync_del=0 AND t.to_on IS NULL "
        "WHERE m.household_id=h.id AND m.sync_del=0 AND m.to_on IS NULL)",
    )
    + "FROM household h LEFT JOIN person p ON p.id=h.head_id LEFT JOIN room r ON r.id=h.room_id"
    + _PLACED
    + "WHERE h.id IN ({marks})"
)
_OF_ROOMS = (
    _STOP.format(home="NULL", name="NULL", count="0", tags="NULL") + "FROM room r" + _PLACED + "WHERE r.id IN ({marks})"
)


def _stops_of(db: Database, homes: Sequence[Home]) -> dict[Home, RouteStop]:
    found: dict[Home, RouteStop] = {}
    at_home = {home.household_id: home for home in homes if home.household_id}
    empty = {home.room_id: home for home in homes if not home.household_id and home.room_id}
    for sql, wanted in ((_OF_HOUSEHOLDS, at_home), (_OF_ROOMS, empty)):
        keys = list(wanted)
        for start in range(0, len(keys), _PORTION):
            some = keys[start : start + _PORTION]
            for row in db.rows(sql.format(marks=",".join("?" * len(some))), some):
                found[wanted[row[0] or row[1]]] = _stop(row)
    return found


def _stop(row: tuple[Any, ...]) -> RouteStop:
    household, room, estate, building, unit, door, name, persons, tags = row
    return RouteStop(
        household, room, estate, building, unit, door, name, persons, tuple(tags.split(",")) if tags else ()
    )


@reads("visits.read")
def items(db: Database, campaign_id: str, *, round_no: int | None = None, team: str | None = None) -> list[ItemLine]:
    """The list of a campaign, door by door; of the round under way unless another is named."""
    told = db.scalar("SELECT round FROM campaign WHERE id=?", (campaign_id,)) if round_no is None else round_no
    found = db.rows(
        "SELECT i.id,i.household_id,i.room_id,coalesce(i.team,''),i.round,coalesce(i.result,''),"
        "coalesce(i.visited_on,''),i.goods_qty,i.signed,coalesce(i.note,''),h.to_on IS NOT NULL FROM campaign_item i "
        "LEFT JOIN household h ON h.id=i.household_id WHERE i.campaign_id=:id AND i.round=:round AND i.sync_del=0 "
        "AND (:team IS NULL OR i.team=:team)",
        {"id": campaign_id, "round": told, "team": team},
    )
    stops = _stops_of(db, [Home(row[1], row[2]) for row in found])
    lines = [_item(row, stops[Home(row[1], row[2])]) for row in found if Home(row[1], row[2]) in stops]
    return sorted(lines, key=lambda line: (natural_key(line.team), line.stop.key))


def _item(row: tuple[Any, ...], stop: RouteStop) -> ItemLine:
    id_, _, _, team, round_no, result, visited_on, goods, signed, note, left = row
    return ItemLine(id_, stop, team, round_no, result, visited_on, goods, bool(signed), note, bool(left))


@reads("visits.read")
def coverage(db: Database, campaign_id: str) -> Coverage:
    """How far a campaign is, over all its rounds."""
    found = db.rows(
        "SELECT coalesce(household_id,room_id),result,goods_qty,signed FROM campaign_item "
        "WHERE campaign_id=? AND sync_del=0 ORDER BY 1,round",
        (campaign_id,),
    )
    rounds = [[row[1] for row in some] for _, some in groupby(found, key=lambda row: row[0])]
    goods, signed = sum(row[2] for row in found), sum(row[3] for row in found)
    return rules.coverage(rounds, counting(db), goods, signed)


@reads("visits.read")
def not_met(db: Database, campaign_id: str) -> list[Home]:
    """The homes of the next round: nobody was met, and there is somebody to meet.  Who moved out meanwhile is not."""
    found = db.rows(
        "SELECT i.household_id,i.room_id,i.result,h.to_on FROM campaign_item i "
        "LEFT JOIN household h ON h.id=i.household_id WHERE i.campaign_id=? AND i.sync_del=0 ORDER BY i.round",
        (campaign_id,),
    )
    rounds: dict[Home, list[str | None]] = {}
    left: set[Home] = set()
    for household, room, result, to_on in found:
        home = Home(household, room)
        rounds.setdefault(home, []).append(result)
        if to_on:
            left.add(home)
    counts: Mapping[str, str] = counting(db)
    again = [home for home, told in rounds.items() if home not in left and rules.to_try_again(told, counts)]
    return in_order(db, again)


@reads("visits.read")
def campaigns(db: Database) -> list[CampaignLine]:
    """All campaigns, the newest first."""
    found = db.rows(
        "SELECT id,name,coalesce(from_on,''),coalesce(to_on,''),state,round FROM campaign WHERE sync_del=0 "
        "ORDER BY state='结束',from_on DESC,local_no DESC"
    )
    return [
        CampaignLine(id_, name, from_on, to_on, state, round_no, coverage(db, id_))
        for id_, name, from_on, to_on, state, round_no in found
    ]
