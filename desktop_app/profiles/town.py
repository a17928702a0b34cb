"""A town profile: what a town calls its levels, ladders, lists, meeting steps, contact schemes and numbers.

Nothing here knows a town by name; the files under `resources/profiles` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop_app.profiles.rules import Origin, origin_of

LINES = ("党组织", "自治")
LEVELS = range(1, 6)
TARGETS = ("community", "grid", "estate", "building", "household")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of one line of 双线五级: what a node there is called and who stands at its head."""

    line: str
    level: int
    kind: str
    head: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder or of a meeting template: its name, the body or paper of it, working days (None: open).

    `above`: the step belongs to a unit above the community; `claim`: somebody has to claim what comes up to it;
    `stage`: what a step of deliberation is for (`matters.rules.STAGES`); `ticks`: which records tick it off
    (`matters.quarter`).
    """

    seq: int
    name: str
    detail: str
    days: int | None
    above: bool = False
    claim: bool = False
    stage: str = ""
    ticks: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Working days a resident waits at most: until first contact, a reply, an end; from `near` before, it is close."""

    contact: int
    reply: int
    finish: int
    near: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Sequence:
    """A named row of steps that are taken one after the other, none skipped: a ladder or a meeting template."""

    code: str
    name: str
    steps: tuple[Step, ...]
    origin: Origin
    clocks: Clocks | None = None
    """only of a ladder that appeals climb"""


@dataclass(frozen=True, slots=True)
class ListType:
    """A kind of list a community keeps with its partners, such as 资源清单."""

    code: str
    name: str
    group: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ContactSlot:
    """One post of a contact scheme, held for a community, grid, estate, building or household.

    `role` is a code of `resources/codes/roles.toml`; `on_card` says whether the service card shows it; `many` whether
    several may hold it at once.
    """

    code: str
    name: str
    role: str
    target: str
    on_card: bool
    many: bool

    @property
    def target_kind(self) -> str:
        """The kind of record the slot points at: a community and a grid are both areas."""
        return "area" if self.target in {"community", "grid"} else self.target


@dataclass(frozen=True, slots=True)
class ContactScheme:
    """A named set of slots, such as 四级包联 or 五个一."""

    code: str
    name: str
    slots: tuple[ContactSlot, ...]
    origin: Origin

    def slot(self, code: str) -> ContactSlot | None:
        """The slot of that code or name."""
        return next((slot for slot in self.slots if code in {slot.code, slot.name}), None)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number series is written: `pattern` takes {community}, {year} and {seq}; `restarts` is never or year."""

    series: str
    name: str
    pattern: str
    restarts: str
    origin: Origin

    def text(self, seq: int, *, community: str, year: int) -> str:
        """The printed number; `community` may be the full name, the word 社区 falls away."""
        return self.pattern.format(seq=seq, community=short_name(community), year=year)

    def series_of(self, year: int) -> str:
        """The name of the counter to take the number from."""
        return f"{self.series}:{year}" if self.restarts == "year" else self.series


@dataclass(frozen=True, slots=True)
class TeamSeat:
    """A seat of the building team; `role` is a code of `resources/codes/roles.toml`."""

    role: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Team:
    """The building team, such as 两长五员一户 with its eight seats."""

    name: str
    seats: tuple[TeamSeat, ...]
    origin: Origin

    @property
    def size(self) -> int:
        """How many seats the full team has."""
        return sum(seat.count for seat in self.seats)


@dataclass(frozen=True, slots=True)
class TownProfile:
    """Everything in which towns differ, with its source."""

    code: str
    name: str
    version: int
    checked_on: date
    origin: Origin
    levels: tuple[Level, ...]
    ladders: tuple[Sequence, ...]
    list_types: tuple[ListType, ...]
    meeting_templates: tuple[Sequence, ...]
    contact_schemes: tuple[ContactScheme, ...]
    numbers: tuple[NumberFormat, ...]
    building_team: Team

    def level(self, line: str, level: int) -> Level:
        """The level of a line; KeyError for one that does not exist."""
        return {(one.line, one.level): one for one in self.levels}[line, level]

    def scheme(self, code: str) -> ContactScheme | None:
        """The contact scheme of that code or name."""
        return next((one for one in self.contact_schemes if code in {one.code, one.name}), None)

    @property
    def appeal_ladders(self) -> tuple[Sequence, ...]:
        """The ladders that appeals climb; the first one unless somebody chooses."""
        return tuple(one for one in self.ladders if one.clocks)

    @property
    def matter_templates(self) -> tuple[Sequence, ...]:
        """The rows of steps by which matters are deliberated; the first one unless somebody chooses."""
        return tuple(one for one in self.meeting_templates if all(step.stage for step in one.steps))

    def number(self, series: str) -> NumberFormat:
        """How a series is written; KeyError for an unknown one."""
        return {one.series: one for one in self.numbers}[series]

    @property
    def card_slots(self) -> tuple[tuple[ContactScheme, ContactSlot], ...]:
        """The slots the service card shows, in order."""
        return tuple((scheme, slot) for scheme in self.contact_schemes for slot in scheme.slots if slot.on_card)


def short_name(community: str) -> str:
    """红旗桥社区 as 红旗桥, the way plaques are numbered."""
    for ending in ("社区居民委员会", "社区居委会", "社区"):
        if community.endswith(ending) and community != ending:
            return community.removesuffix(ending)
    return community


def town_profile(code: str, content: Mapping[str, Any]) -> TownProfile:
    """A profile from the content of its file.  KeyError, TypeError or ValueError where the file is wrong."""
    above = origin_of(content, None, source=str(content["source_note"]))
    profile = TownProfile(
        code=code,
        name=str(content["name"]),
        version=int(content["version"]),
        checked_on=content["checked_on"],
        origin=above,
        levels=tuple(_level(row, above) for row in content["levels"]),
        ladders=tuple(_sequence(row, above) for row in content["ladders"]),
        list_types=tuple(
            ListType(row["code"], row["name"], row["group"], origin_of(row, above)) for row in content["list_types"]
        ),
        meeting_templates=tuple(_sequence(row, above) for row in content["meeting_templates"]),
        contact_schemes=tuple(_scheme(row, above) for row in content["contact_schemes"]),
        numbers=tuple(_number(row, above) for row in content["numbers"]),
        building_team=_team(content["building_team"], above),
    )
    if {(one.line, one.level) for one in profile.levels} != {(line, level) for line in LINES for level in LEVELS}:
        raise ValueError("levels: both lines need the levels 1 to 5")
    return profile


def _level(row: Mapping[str, Any], above: Origin) -> Level:
    return Level(str(row["line"]), int(row["level"]), str(row["kind"]), str(row["head"]), origin_of(row, above))


def _sequence(row: Mapping[str, Any], above: Origin) -> Sequence:
    steps = tuple(_step(seq, step) for seq, step in enumerate(row["steps"], 1))
    origin = origin_of(row, above)
    clocks = row.get("clocks")
    return Sequence(str(row["code"]), str(row["name"]), steps, origin, _clocks(clocks, origin) if clocks else None)


def _step(seq: int, row: Mapping[str, Any]) -> Step:
    return Step(
        seq,
        str(row["name"]),
        str(row.get("detail", "")),
        row.get("days"),
        above=bool(row.get("above", False)),
        claim=bool(row.get("claim", False)),
        stage=str(row.get("stage", "")),
        ticks=str(row.get("ticks", "")),
    )


def _clocks(row: Mapping[str, Any], above: Origin) -> Clocks:
    days = {name: int(row[name]) for name in ("contact", "reply", "finish", "near")}
    return Clocks(**days, origin=origin_of(row, above))


def _scheme(row: Mapping[str, Any], above: Origin) -> ContactScheme:
    slots = tuple(_slot(slot) for slot in row["slots"])
    return ContactScheme(str(row["code"]), str(row["name"]), slots, origin_of(row, above))


def _slot(row: Mapping[str, Any]) -> ContactSlot:
    if row["target"] not in TARGETS:
        raise ValueError(f"target = {row['target']!r}")
    return ContactSlot(
        code=str(row["code"]),
        name=str(row["name"]),
        role=str(row.get("role", "")),
        target=str(row["target"]),
        on_card=bool(row.get("on_card", False)),
        many=bool(row.get("many", False)),
    )


def _number(row: Mapping[str, Any], above: Origin) -> NumberFormat:
    written = NumberFormat(
        str(row["series"]), str(row["name"]), str(row["pattern"]), str(row["restarts"]), origin_of(row, above)
    )
    written.text(1, community="试", year=2000)  # a pattern with a field nobody fills fails here, not at the printer
    return written


def _team(row: Mapping[str, Any], above: Origin) -> Team:
    seats = tuple(TeamSeat(str(seat["role"]), str(seat["name"]), int(seat.get("count", 1))) for seat in row["seats"])
    return Team(str(row["name"]), seats, origin_of(row, above))
