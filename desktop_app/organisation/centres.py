"""Party-centre households 党员中心户: who they are, what they look after, where two or none do (A1-4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.accounts.rights import reads
from desktop_app.organisation import rules
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyCentreHousehold, Seat
from desktop_app.places import rules as places
from desktop_app.shared.dates import natural_key
from desktop_app.store.database import Database


def in_force(alias: str = "") -> str:
    """The SQL for what holds on the day `:on`; what ended on that day no longer counts."""
    dot = f"{alias}." if alias else ""
    return f"{dot}sync_del=0 AND ({dot}from_on IS NULL OR {dot}from_on<=:on) AND ({dot}to_on IS NULL OR {dot}to_on>:on)"


def holds(record: OrgNode | Seat | ContactAssignment | PartyCentreHousehold, on: str) -> bool:
    """Whether a dated record is in force on a day."""
    return (not record.from_on or record.from_on <= on) and (not record.to_on or record.to_on > on)


@dataclass(frozen=True, slots=True)
class BuildingInUse:
    """A building with its label 桂花苑3栋 and the names of its units, [None] where there is but one."""

    id: str
    label: str
    units: tuple[str | None, ...]


@reads("organisation.read")
def buildings_in_use(db: Database) -> list[BuildingInUse]:
    """The buildings that stand, in natural order."""
    rows = db.rows(
        "SELECT b.id,coalesce(e.name,''),b.no,b.units FROM building b LEFT JOIN estate e ON e.id=b.estate_id "
        "WHERE b.sync_del=0 AND b.to_on IS NULL"
    )
    rows.sort(key=lambda row: (row[1], natural_key(row[2])))
    return [
        BuildingInUse(key, places.address(estate, no, None, None), tuple(rules.units_of(units)))
        for key, estate, no, units in rows
    ]


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A party-centre household as lists show it.

    `branch` is the name of its party branch, `room` where the host lives, `span` the buildings in words, `phones`
    parted by blanks, `households` how many live in what it looks after.
    """

    id: str
    host_id: str | None
    host_name: str
    branch: str
    estate: str
    room: str
    span: str
    plaque_no: str
    phones: str
    services: str
    from_on: str | None
    to_on: str | None
    households: int
    parts: tuple[rules.SpanPart, ...]


_CENTRES = (
    "SELECT c.id,c.host_id,c.host_name,coalesce(n.name,''),coalesce(e.name,''),b.no,r.unit,r.no,c.span,c.covers,"
    "coalesce(c.plaque_no,''),c.phones,coalesce(c.services,''),c.from_on,c.to_on FROM party_centre_household c "
    "LEFT JOIN org_node n ON n.id=c.node_id LEFT JOIN estate e ON e.id=c.estate_id "
    "LEFT JOIN room r ON r.id=c.room_id LEFT JOIN building b ON b.id=r.building_id "
)
_COVERS = 9
"""Where `covers` stands in a row of `_CENTRES`."""
_FEW = 50


@reads("organisation.read")
def centre_households(
    db: Database,
    on: str,
    *,
    text: str = "",
    node_id: str | None = None,
    estate_id: str | None = None,
    ended: bool = False,
) -> list[CentreLine]:
    """The centre households of a day, by plaque number; `text` is part of a name, span or number.

    `ended` adds those that are no more.
    """
    found = db.rows(
        f"{_CENTRES}WHERE {'c.sync_del=0' if ended else in_force('c')} AND (:node IS NULL OR c.node_id=:node) "
        "AND (:estate IS NULL OR c.estate_id=:estate)",
        {"on": on, "node": node_id, "estate": estate_id},
    )
    lines = _lines(db, found)
    wanted = [line for line in lines if text in f"{line.host_name} {line.span} {line.plaque_no} {line.branch}"]
    return sorted(wanted, key=lambda line: (not line.plaque_no, natural_key(line.plaque_no), line.host_name))


@reads("organisation.read")
def centre_household(db: Database, centre_id: str) -> CentreLine | None:
    """One centre household, ended or not."""
    lines = _lines(db, db.rows(f"{_CENTRES}WHERE c.sync_del=0 AND c.id=:id", {"id": centre_id}))
    return lines[0] if lines else None


def _lines(db: Database, rows: Sequence[Sequence[str | None]]) -> list[CentreLine]:
    homes = _homes(db, {part.building_id for row in rows for part in rules.parts_of(row[_COVERS] or "")})
    return [_line(row, homes) for row in rows]


def _line(row: Sequence[str | None], homes: "_Homes") -> CentreLine:
    key, host_id, host, branch, estate, building, unit, room, span, covers, plaque, phones, services, begun, ended = row
    parts = rules.parts_of(covers or "")
    return CentreLine(
        id=key or "",
        host_id=host_id,
        host_name=host or "",
        branch=branch or "",
        estate=estate or "",
        room=places.short_address(building, unit, room) if building else "",
        span=span or rules.format_span(parts),
        plaque_no=plaque or "",
        phones=phones or "",
        services=services or "",
        from_on=begun,
        to_on=ended,
        households=sum(homes.in_part(part) for part in parts),
        parts=parts,
    )


@dataclass(frozen=True, slots=True)
class _Homes:
    """How many households live where."""

    by_building: Counter[str]
    by_unit: Counter[rules.Spot]

    def in_part(self, part: rules.SpanPart) -> int:
        whole = self.by_building[part.building_id]
        # a building with one unit has no unit in any address
        if not part.units or (part.building_id, None) in self.by_unit:
            return whole
        return sum(self.by_unit[part.building_id, unit] for unit in part.units)


def _homes(db: Database, buildings: set[str]) -> _Homes:
    """Counts in these buildings; in all of them where there are many, which is quicker than asking for each."""
    few = len(buildings) <= _FEW
    marks = f" AND r.building_id IN ({','.join('?' * len(buildings))})" if few else ""
    rows = db.rows(
        "SELECT r.building_id,r.unit,count(*) FROM room r JOIN household h ON h.room_id=r.id AND h.sync_del=0 "
        f"AND h.to_on IS NULL WHERE r.sync_del=0{marks} GROUP BY 1,2",
        tuple(buildings) if few else (),
    )
    homes = _Homes(Counter(), Counter())
    for building, unit, count in rows:
        homes.by_building[building] += count
        homes.by_unit[building, unit] += count
    return homes


@reads("organisation.read")
def centre_for_building(db: Database, building_id: str, on: str) -> list[CentreLine]:
    """The centre households that look after a building or a part of it."""
    found = db.rows(
        f"{_CENTRES}WHERE {in_force('c')} AND instr(c.covers,:building)>0 ORDER BY c.local_no",
        {"on": on, "building": building_id},
    )
    lines = _lines(db, found) if building_id and found else []
    return [line for line in lines if any(part.building_id == building_id for part in line.parts)]


@reads("organisation.read")
def centre_for_room(db: Database, room_id: str, on: str) -> CentreLine | None:
    """The centre household that looks after a room: one that names its unit before one of the whole building."""
    row = db.row("SELECT building_id,unit FROM room WHERE id=? AND sync_del=0", (room_id,))
    if row is None:
        return None
    building, unit = row
    whole, exact = None, None
    for line in centre_for_building(db, building, on):
        for part in line.parts:
            if part.building_id != building:
                continue
            if unit is not None and unit in part.units:
                exact = exact or line
            elif not part.units or unit is None:
                whole = whole or line
    return exact or whole


@dataclass(frozen=True, slots=True)
class CoverageDoubts:
    """What is to be looked at in the coverage by centre households, each a sentence."""

    overlaps: tuple[str, ...]
    gaps: tuple[str, ...]
    plaques: tuple[str, ...]


@reads("organisation.read")
def coverage_doubts(db: Database, on: str) -> CoverageDoubts:
    """Units that two centre households look after, units nobody does, and plaque numbers that hang twice (A1-4)."""
    standing = buildings_in_use(db)
    units = {one.id: one.units for one in standing}
    labels = {one.id: one.label for one in standing}
    lines = {line.id: line for line in centre_households(db, on)}
    spans = {key: rules.spots(line.parts, units) for key, line in lines.items()}
    twice = [
        f"{_spot(spot, labels)}：{'、'.join(_called(lines[key]) for key in keys)}"
        for spot, keys in rules.overlaps(spans)
    ]
    bare = [f"{labels[part.building_id]}{_units(part.units)}" for part in rules.gaps(spans.values(), units)]
    return CoverageDoubts(tuple(twice), tuple(bare), tuple(_same_plaques(lines.values())))


def _spot(spot: rules.Spot, labels: Mapping[str, str]) -> str:
    building, unit = spot
    return f"{labels.get(building, '')}{f'{unit}单元' if unit else ''}"


def _units(units: Sequence[str]) -> str:
    return f"{'、'.join(units)}单元" if units else ""


def _called(line: CentreLine) -> str:
    return f"{line.host_name}（{line.plaque_no}）" if line.plaque_no else line.host_name


def _same_plaques(lines: Iterable[CentreLine]) -> list[str]:
    hosts: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.plaque_no:
            hosts[line.plaque_no].append(line.host_name)
    return [f"{plaque}：{'、'.join(names)}" for plaque, names in hosts.items() if len(names) > 1]
