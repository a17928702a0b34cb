"""What a record speaks of: itself, a person it names, the buildings it covers.  `facts` are the kept fields."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson

Body = Mapping[str, Any]
Facts = Mapping[str, Mapping[str, Body]]
"""Table → record id → kept fields."""
Refs = Callable[[Facts, str, Body], Iterable[str]]
CODES: Final = Path(__file__).resolve().parents[2] / "resources" / "codes"
OTHER: Final = "other"

KEPT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "person": ("deceased_on", "left_on", "political"),
        "household": ("room_id", "from_on", "to_on"),
        "room": ("building_id", "unit"),
        "building": ("to_on",),
        "org_node": ("building_id", "to_on"),
        "seat": ("node_id", "role", "from_on", "to_on"),
        "party_member": ("person_id", "joined_on", "to_on"),
        "party_centre_household": ("covers", "from_on", "to_on"),
        "person_tag": ("person_id", "tag", "from_on", "to_on"),
        "meeting": ("kind", "starts_at"),
        "visit": ("on", "opinions_n"),
        "appeal": ("received_on", "received_at"),
        "appeal_event": ("appeal_id", "kind", "at", "from_step", "to_step", "outcome", "satisfaction", "expects"),
    }
)
"""All that the reader takes over from a record: dates, codes and references; never a name, a number or a text.

Of an event of an appeal also its number, and that it has some words (`appeals.kept`).
"""


def own(_: Facts, record_id: str, __: Body) -> Iterable[str]:
    """The record itself."""
    return (record_id,)


def person(_: Facts, __: str, body: Body) -> Iterable[str]:
    """The person it names."""
    return (str(body["person_id"]),) if body.get("person_id") else ()


def spots(_: Facts, __: str, body: Body) -> Iterable[str]:
    """What a centre household covers: `building`, or `building/unit` where only some units are named."""
    found = []
    for one in _listed(body.get("covers")):
        building, units = one.get("building_id"), one.get("units")
        named = units if isinstance(units, list) else []
        found += [f"{building}/{unit}" for unit in named] or [str(building)]
    return found


def covered(facts: Facts, record_id: str, body: Body) -> Iterable[str]:
    """The buildings a centre household covers, wholly or in part."""
    return {spot.partition("/")[0] for spot in spots(facts, record_id, body)}


def _listed(text: object) -> list[Mapping[str, Any]]:
    """A JSON list of objects, whatever was written into the field."""
    try:
        found = orjson.loads(text) if isinstance(text, str) else None
    except ValueError:
        return []
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def home_spots(facts: Facts, household: str) -> Iterable[str]:
    """Where a household lives, as `spots` names it."""
    room = facts["room"].get(str(facts["household"][household].get("room_id")))
    if room is None:
        return ()
    building = str(room.get("building_id"))
    return building, f"{building}/{room.get('unit')}"


def team_seat(seats: tuple[str, ...]) -> Refs:
    """`building/seat` for a post that counts in a building team."""
    names = codes("roles")

    def refs(facts: Facts, _: str, body: Body) -> Iterable[str]:
        node = facts["org_node"].get(str(body.get("node_id")))
        role = names.get(str(body.get("role")), "")
        if node is None or not node.get("building_id") or role not in seats:
            return ()
        return (f"{node['building_id']}/{role}",)

    return refs


def covering_seat(seat: str) -> Refs:
    """`building/seat` for each building a centre household covers."""
    return lambda facts, record_id, body: [f"{one}/{seat}" for one in covered(facts, record_id, body)]


def building_of(_: Facts, ref: str) -> Iterable[str]:
    """The building of a seat."""
    return (ref.partition("/")[0],)


def itself(_: Facts, ref: str) -> Iterable[str]:
    """The same thing."""
    return (ref,)


def tag(body: Body) -> str:
    """The code of a tag; words of a community's own are not told apart, they might say more than a count may."""
    return codes("tags").get(str(body.get("tag")), OTHER)


def meeting_kind(body: Body) -> str:
    """The code of a type of meeting."""
    return codes("meeting_types").get(str(body.get("kind")), OTHER)


@cache
def entries(table: str) -> tuple[Mapping[str, Any], ...]:
    """The entries of a code table that desks use."""
    import tomllib

    return tuple(tomllib.loads((CODES / f"{table}.toml").read_text("utf-8"))["entries"])


@cache
def codes(table: str) -> Mapping[str, str]:
    """Code, name and every other word of a code table → code."""
    found: dict[str, str] = {}
    for one in entries(table):
        for word in (*one.get("aliases", ()), one["name"], one["code"]):
            found[word] = one["code"]
    return MappingProxyType(found)


@cache
def names(table: str) -> Mapping[str, str]:
    """Code → name."""
    return MappingProxyType({one["code"]: one["name"] for one in entries(table)} | {OTHER: "其他"})


@cache
def words_of_family(family: str) -> frozenset[str]:
    """Codes and names of the tags of a family (关怀, 志愿者 …)."""
    return frozenset(
        word for one in entries("tags") if one.get("family") == family for word in (one["code"], one["name"])
    )
