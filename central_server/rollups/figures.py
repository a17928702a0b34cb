"""What is counted: the figures that the cities publish, as data.  A new one is a line here (and `tables.VERSION` + 1).

A stock counts things that are there at the end of a month, each once however many records speak of it; a flow counts
events within a month.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from central_server.rollups import appeals, refs
from central_server.rollups.refs import Body, Facts, Refs

Part = Callable[[Body], str]


@dataclass(frozen=True, slots=True)
class Source:
    """Records of a table that speak of something, from `starts` until `ends`, where a field has one of some values."""

    table: str
    refs: Refs = refs.own
    starts: tuple[str, ...] = ("from_on",)
    ends: tuple[str, ...] = ("to_on",)
    where: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Distinct things; counted only while `within` speaks of one of `via`; `part` says into which class they fall.

    `also` are further tables that are looked at.
    """

    key: str
    name: str
    unit: str
    sources: tuple[Source, ...]
    within: Source | None = None
    via: Callable[[Facts, str], Iterable[str]] = refs.itself
    part: Part | None = None
    also: tuple[str, ...] = ()

    @property
    def tables(self) -> frozenset[str]:
        """The tables whose change may change this figure."""
        inside = (self.within.table,) if self.within else ()
        return frozenset((*(source.table for source in self.sources), *inside, *self.also))


@dataclass(frozen=True, slots=True)
class Flow:
    """Events by the month of the field `when`; `weight` is a field to add up instead of counting 1."""

    key: str
    name: str
    unit: str
    table: str
    when: str
    part: Part | None = None
    weight: str | None = None

    @property
    def tables(self) -> frozenset[str]:
        """The tables whose change may change this figure."""
        return frozenset({self.table})


@dataclass(frozen=True, slots=True)
class Told:
    """Events by the month of the first known field of `when`; into which class each falls, other records tell.

    `classes` gives record → class; one it does not name falls into `other`.  `also` are the tables it looks at.
    """

    key: str
    name: str
    unit: str
    table: str
    when: tuple[str, ...]
    classes: Callable[[Facts], Mapping[str, str]]
    other: str
    also: tuple[str, ...]

    @property
    def tables(self) -> frozenset[str]:
        """The tables whose change may change this figure."""
        return frozenset({self.table, *self.also})


@dataclass(frozen=True, slots=True)
class Share:
    """One figure (or a class of it) by another; `times` is what one of the whole stands for."""

    key: str
    name: str
    of: str
    whole: str
    times: int = 1
    part: str | None = None


TEAM: Final = (
    "building_group_leader",
    "building_head",
    "health_member",
    "security_member",
    "culture_member",
    "property_keeper",
    "grid_manager",
    "party_centre_household",
)
"""两长五员一户: the eight seats of a building team."""
PERSONS: Final = Source("person", starts=(), ends=("deceased_on", "left_on"))
BUILDINGS: Final = Source("building", starts=())
HOUSEHOLDS: Final = Source("household")
CENTRES: Final = "party_centre_household"
PARTY_WORDS: Final = ("political", frozenset({"01", "02", "中共党员", "中共预备党员"}))
_MEMBERS: Final = (
    Source("party_member", refs.person, starts=("joined_on",)),
    Source("person", starts=(), ends=(), where=PARTY_WORDS),
)
_SEATS: Final = (Source("seat", refs.team_seat(TEAM)), Source(CENTRES, refs.covering_seat(TEAM[-1])))
_VOLUNTEERS: Final = Source("person_tag", refs.person, where=("tag", refs.words_of_family("志愿者")))
_SPOTS: Final = Source(CENTRES, refs.spots)

_RECEIVED: Final = ("received_on", "received_at")
FIGURES: Final[tuple[Stock | Flow | Told, ...]] = (
    Stock("persons", "居民", "人", (PERSONS,)),
    Stock("households", "住户", "户", (HOUSEHOLDS,)),
    Stock("buildings", "楼栋", "栋", (BUILDINGS,)),
    Stock("centres", "党员中心户", "户", (Source(CENTRES),)),
    Stock("covered_buildings", "有党员中心户的楼栋", "栋", (Source(CENTRES, refs.covered),), BUILDINGS),
    Stock("covered_households", "党员中心户联系的住户", "户", (HOUSEHOLDS,), _SPOTS, refs.home_spots, also=("room",)),
    Stock("team_seats", "楼栋服务小组已到位", "岗", _SEATS, BUILDINGS, refs.building_of, also=("org_node",)),
    Stock("party_members", "党员", "人", _MEMBERS, PERSONS),
    Stock("volunteers", "志愿者", "人", (_VOLUNTEERS,), PERSONS),
    Stock("tagged", "各类居民", "人", (Source("person_tag", refs.person),), PERSONS, part=refs.tag),
    Flow("meetings", "会议", "次", "meeting", "starts_at", part=refs.meeting_kind),
    Flow("visits", "走访", "次", "visit", "on"),
    Flow("opinions", "走访收集意见", "条", "visit", "on", weight="opinions_n"),
    Told("appeals", "群众诉求", "件", "appeal", _RECEIVED, appeals.outcomes, appeals.PROGRESS, also=("appeal_event",)),
)
SHARES: Final = (
    Share("building_coverage", "党员中心户楼栋覆盖率", "covered_buildings", "buildings"),
    Share("household_coverage", "党员中心户住户覆盖率", "covered_households", "households"),
    Share("team_completeness", "楼栋服务小组到位率", "team_seats", "buildings", times=len(TEAM)),
    Share("volunteer_share", "志愿者占居民比例", "volunteers", "persons"),
    Share("resolved_share", "诉求回应解决率", "appeals", "appeals", part="resolved"),
)
BY_KEY: Final = MappingProxyType({figure.key: figure for figure in FIGURES})
TABLES: Final = frozenset(table for figure in FIGURES for table in figure.tables)


def part_name(figure: str, part: str) -> str:
    """The words for a class of a figure."""
    known = {"tagged": refs.names("tags"), "meetings": refs.names("meeting_types"), "appeals": appeals.NAMES}
    return known.get(figure, MappingProxyType({})).get(part, part)
