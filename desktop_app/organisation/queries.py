"""What one may ask about organisation.  `on` is an ISO date; what ended on that day no longer counts.

Questions about centre households and contact chains are asked here as well; they are answered next door.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.organisation import rules
from desktop_app.organisation.centres import (
    BuildingInUse,
    CentreLine,
    CoverageDoubts,
    buildings_in_use,
    centre_for_building,
    centre_for_room,
    centre_household,
    centre_households,
    coverage_doubts,
    holds,
    in_force,
)
from desktop_app.organisation.contacts import ContactLine, contact_chain, contact_gaps, host_of, role_words
from desktop_app.organisation.model import OrgNode, Seat
from desktop_app.places import rules as places
from desktop_app.profiles.desk import all_words, desk_codes, town_of
from desktop_app.profiles.town import LINES
from desktop_app.shared.dates import natural_key
from desktop_app.store.database import Database

__all__ = [
    "BuildingInUse",
    "CentreLine",
    "ContactLine",
    "CoverageDoubts",
    "LevelCount",
    "MemberLine",
    "PostLine",
    "TreeRow",
    "Vacancy",
    "building_team",
    "building_teams",
    "buildings_in_use",
    "centre_for_building",
    "centre_for_room",
    "centre_household",
    "centre_households",
    "contact_chain",
    "contact_gaps",
    "counterpart",
    "coverage_doubts",
    "cross_posts",
    "group_coverage",
    "headline",
    "level_counts",
    "node_path",
    "party_members",
    "path_of_building",
    "seats_of",
    "tree",
    "vacancies",
]

PARTY, SELF_GOVERNMENT = LINES
_TEAM_LEVEL = 4
_LOWEST_LEVEL = 5


# ------------------------------------------------------------------------------------------------------------ the tree


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A node of a tree, in the order it is drawn: below its parent, `depth` steps in."""

    node: OrgNode
    depth: int
    seats: tuple[Seat, ...]

    @property
    def head(self) -> str:
        """Who stands first in the node, "" where nobody does."""
        return self.seats[0].name if self.seats else ""


@reads("organisation.read")
def tree(db: Database, line: str, on: str) -> list[TreeRow]:
    """One line of the paired trees 双线五级, parents before children.

    A node whose parent is gone stands at the top, and so does one of a ring, which two desks can make by moving nodes.
    """
    nodes = [node for node in _nodes(db, line) if holds(node, on)]
    nodes.sort(key=lambda node: (node.level, natural_key(node.name)))
    known = {node.id for node in nodes}
    below: dict[str | None, list[OrgNode]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id if node.parent_id in known else None].append(node)
    seats, seen = _seats_by_node(db, on), set[str]()
    return [row for top in [*below[None], *nodes] for row in _descend(below, seats, top, 0, seen)]


def _descend(
    below: dict[str | None, list[OrgNode]], seats: dict[str, list[Seat]], node: OrgNode, depth: int, seen: set[str]
) -> Iterator[TreeRow]:
    if node.id in seen:
        return
    seen.add(node.id)
    yield TreeRow(node, depth, tuple(seats.get(node.id, ())))
    for child in below.get(node.id, ()):
        yield from _descend(below, seats, child, depth + 1, seen)


def _nodes(db: Database, line: str | None = None) -> list[OrgNode]:
    wanted = select(OrgNode).where(OrgNode.sync_del == 0)
    return db.select(wanted if line is None else wanted.where(OrgNode.line == line))


def _seats_by_node(db: Database, on: str) -> dict[str, list[Seat]]:
    """The posts of every node, the head's first."""
    fold = desk_codes(db, "roles").name
    heads = {fold(level.head) for level in town_of(db).levels}
    found: dict[str, list[Seat]] = defaultdict(list)
    for seat in db.select(select(Seat).where(Seat.sync_del == 0).order_by(Seat.local_no)):
        if holds(seat, on):
            found[seat.node_id].append(seat)
    for seats in found.values():
        seats.sort(key=lambda seat: fold(seat.role) not in heads)
    return found


@reads("organisation.read")
def seats_of(db: Database, node_id: str, on: str) -> list[Seat]:
    """Who holds the posts of a node on a day, in the order they were entered."""
    wanted = select(Seat).where(Seat.node_id == node_id, Seat.sync_del == 0).order_by(Seat.local_no)
    return [seat for seat in db.select(wanted) if holds(seat, on)]


@reads("organisation.read")
def node_path(db: Database, node_id: str) -> list[OrgNode]:
    """The node and those above it, the top one first."""
    path: list[OrgNode] = []
    node = db.get(OrgNode, node_id)
    while node is not None and node.id not in {one.id for one in path}:
        path.insert(0, node)
        node = db.get(OrgNode, node.parent_id)
    return path


@reads("organisation.read")
def path_of_building(db: Database, building_id: str, line: str, on: str) -> list[OrgNode]:
    """The one path of a building in a line: through its own node, else through that of its estate; [] for none."""
    row = db.row(
        f"SELECT n.id FROM org_node n JOIN building b ON b.id=:building WHERE n.line=:line AND {in_force('n')} "
        "AND (n.building_id=b.id OR (n.building_id IS NULL AND n.estate_id=b.estate_id)) "
        "ORDER BY n.building_id IS NULL,n.level DESC,n.local_no",
        {"building": building_id, "line": line, "on": on},
    )
    return node_path(db, row[0]) if row else []


@reads("organisation.read")
def counterpart(db: Database, node: OrgNode, on: str) -> OrgNode | None:
    """The node of the other line at the same level and place: 支部 ↔ 小区共建委员会 (A1-1)."""
    other = SELF_GOVERNMENT if node.line == PARTY else PARTY
    same = [
        one
        for one in _nodes(db, other)
        if one.level == node.level
        and (one.building_id, one.estate_id) == (node.building_id, node.estate_id)
        and holds(one, on)
    ]
    return same[0] if len(same) == 1 or (same and (node.building_id or node.estate_id)) else None


# -------------------------------------------------------------------------------------------------------- what is full


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many nodes a level has; `measure` is the word that goes with the number."""

    line: str
    level: int
    kind: str
    count: int
    measure: str

    @property
    def words(self) -> str:
        """“楼栋党小组702个”"""
        return f"{self.kind}{self.count}{self.measure}"


@reads("organisation.read")
def level_counts(db: Database, line: str, on: str) -> list[LevelCount]:
    """Counts per level, in the town's words (A1-2); level 5 counts centre households, in the other line residents."""
    town = town_of(db)
    nodes = Counter(node.level for node in _nodes(db, line) if holds(node, on))
    found = [LevelCount(line, level, town.level(line, level).kind, nodes[level], "个") for level in range(1, 5)]
    kind = town.level(line, _LOWEST_LEVEL).kind
    if line == PARTY:
        homes = db.scalar(f"SELECT count(*) FROM party_centre_household WHERE {in_force()}", {"on": on})
        return [*found, LevelCount(line, _LOWEST_LEVEL, kind, homes, "户")]
    people = db.scalar(
        "SELECT count(*) FROM person WHERE sync_del=0 AND (deceased_on IS NULL OR deceased_on>:on) "
        "AND (left_on IS NULL OR left_on>:on)",
        {"on": on},
    )
    return [*found, LevelCount(line, _LOWEST_LEVEL, kind, people, "人")]


@reads("organisation.read")
def headline(db: Database, on: str, line: str = PARTY) -> str:
    """“社区党组织1个—网格（小区）党支部12个—楼栋党小组31个—党员中心户30户” (A1-2); empty levels are left out."""
    return "—".join(count.words for count in level_counts(db, line, on) if count.count)


@reads("organisation.read")
def building_team(db: Database, building_id: str, on: str) -> rules.TeamBoard:
    """The building team of a building, such as 两长五员一户, seat by seat (A1-5)."""
    holders = _holders_by_building(db, on).get(building_id, [])
    hosts = [_coded(db, host_of(line)) for line in centre_for_building(db, building_id, on)]
    return rules.team_board(town_of(db).building_team, holders + hosts)


@reads("organisation.read")
def building_teams(db: Database, on: str) -> list[tuple[BuildingInUse, rules.TeamBoard]]:
    """The teams of all buildings, in natural order."""
    team = town_of(db).building_team
    holders = _holders_by_building(db, on)
    hosts: dict[str, list[rules.Holder]] = defaultdict(list)
    for line in centre_households(db, on):
        for key in dict.fromkeys(part.building_id for part in line.parts):
            hosts[key].append(_coded(db, host_of(line)))
    return [
        (building, rules.team_board(team, holders.get(building.id, []) + hosts[building.id]))
        for building in buildings_in_use(db)
    ]


def _holders_by_building(db: Database, on: str) -> dict[str, list[rules.Holder]]:
    rows = db.rows(
        "SELECT n.building_id,s.role,s.name,s.phone,s.person_id FROM seat s JOIN org_node n ON n.id=s.node_id "
        f"WHERE {in_force('s')} AND {in_force('n')} AND n.building_id IS NOT NULL ORDER BY s.local_no",
        {"on": on},
    )
    found: dict[str, list[rules.Holder]] = defaultdict(list)
    for building, role, name, phone, person in rows:
        found[building].append(_coded(db, rules.Holder(role, name, phone or "", person)))
    return found


def _coded(db: Database, holder: rules.Holder) -> rules.Holder:
    """With the role as a code, which is how the seats of a team name it."""
    return replace(holder, role=desk_codes(db, "roles").code(holder.role))


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Something the organisation lacks: `place` and what is missing there; the node or building it belongs to."""

    place: str
    missing: str
    node_id: str | None = None
    building_id: str | None = None


@reads("organisation.read")
def vacancies(db: Database, on: str) -> list[Vacancy]:
    """Nodes without a head, buildings without a party group, and empty seats of building teams (A1-1, A1-5)."""
    return [*_headless(db, on), *_without_group(db, on), *_empty_seats(db, on)]


def _headless(db: Database, on: str) -> Iterator[Vacancy]:
    seats = _seats_by_node(db, on)
    levels = {(level.line, level.level): level for level in town_of(db).levels}
    for node in sorted(_nodes(db), key=lambda node: (node.line, node.level, natural_key(node.name))):
        level = levels.get((node.line, node.level))
        if level is None or not level.head or not holds(node, on):
            continue
        if not any(seat.role in role_words(db, level.head) for seat in seats.get(node.id, ())):
            yield Vacancy(node.name, level.head, node_id=node.id)


def _without_group(db: Database, on: str) -> list[Vacancy]:
    kind = town_of(db).level(PARTY, _TEAM_LEVEL).kind
    have = _with_group(db, on)
    return [Vacancy(one.label, kind, building_id=one.id) for one in buildings_in_use(db) if one.id not in have]


def _with_group(db: Database, on: str) -> set[str]:
    return {
        node.building_id
        for node in _nodes(db, PARTY)
        if node.level == _TEAM_LEVEL and node.building_id and holds(node, on)
    }


def _empty_seats(db: Database, on: str) -> list[Vacancy]:
    return [
        Vacancy(building.label, f"{board.name} {board.count}：缺{'、'.join(board.vacant)}", building_id=building.id)
        for building, board in building_teams(db, on)
        if board.vacant
    ]


@reads("organisation.read")
def group_coverage(db: Database, on: str) -> tuple[int, int]:
    """(buildings with a party group, all buildings)."""
    standing = {one.id for one in buildings_in_use(db)}
    return len(_with_group(db, on) & standing), len(standing)


# -------------------------------------------------------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A party member; `registered` is false for one who is known as such by the register of residents alone."""

    person_id: str
    name: str
    sex: str
    birth: str
    phones: str
    branch: str
    kind: str
    category: str
    joined_on: str
    room: str
    registered: bool
    centre: bool


@reads("organisation.read")
def party_members(db: Database, on: str, *, node_id: str | None = None, text: str = "") -> list[MemberLine]:
    """Party members by branch and name: those with a party record, and residents whose 政治面貌 says so."""
    marks, words = _party_words(db)
    found = db.rows(
        "SELECT p.id,p.name,coalesce(p.sex,''),coalesce(p.birth,''),p.phones,coalesce(n.name,''),"
        "coalesce(m.kind,p.political),coalesce(m.category,''),coalesce(m.joined_on,''),b.no,r.unit,r.no,"
        "m.id IS NOT NULL,EXISTS(SELECT 1 FROM party_centre_household c WHERE c.host_id=p.id AND "
        f"{in_force('c')}) FROM person p LEFT JOIN party_member m ON m.person_id=p.id AND m.sync_del=0 "
        "AND (m.to_on IS NULL OR m.to_on>:on) LEFT JOIN org_node n ON n.id=m.node_id "
        "LEFT JOIN residence s ON s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL "
        "LEFT JOIN room r ON r.id=s.room_id LEFT JOIN building b ON b.id=r.building_id "
        f"WHERE p.sync_del=0 AND (m.id IS NOT NULL OR p.political IN ({marks})) "
        "AND (p.deceased_on IS NULL OR p.deceased_on>:on) AND (p.left_on IS NULL OR p.left_on>:on) "
        "AND (:node IS NULL OR m.node_id=:node) AND (:text='' OR instr(p.name,:text)>0) "
        "GROUP BY p.id ORDER BY n.name IS NULL,n.name,p.name",
        {"on": on, "node": node_id, "text": text, **words},
    )
    return [_member(row) for row in found]


def _party_words(db: Database) -> tuple[str, dict[str, str]]:
    """Marks and values of every word by which 政治面貌 says a person is in the party."""
    words = sorted(word for code in rules.PARTY_CODES for word in all_words(db, "political", code))
    values = {f"w{number}": word for number, word in enumerate(words)}
    return ",".join(f":{key}" for key in values), values


def _member(row: tuple[Any, ...]) -> MemberLine:
    key, name, sex, birth, phones, branch, kind, category, joined_on, building, unit, room, registered, centre = row
    where = places.short_address(building, unit, room) if building else ""
    known, hosts = bool(registered), bool(centre)
    return MemberLine(key, name, sex, birth, phones, branch, kind, category, joined_on, where, known, hosts)


@dataclass(frozen=True, slots=True)
class PostLine:
    """Somebody who holds more than one post, with each of them as “职务（组织）”."""

    name: str
    person_id: str | None
    posts: tuple[str, ...]


@reads("organisation.read")
def cross_posts(db: Database, on: str) -> list[PostLine]:
    """Who holds several posts, the most first; people without a record are told apart by name and phone."""
    rows = db.rows(
        "SELECT coalesce(s.person_id,s.name||' '||coalesce(s.phone,'')),s.name,s.person_id,s.role,n.name FROM seat s "
        f"JOIN org_node n ON n.id=s.node_id WHERE {in_force('s')} AND {in_force('n')} ORDER BY s.local_no",
        {"on": on},
    )
    called = desk_codes(db, "roles").name
    held: dict[str, PostLine] = {}
    for key, name, person, role, node in rows:
        before = held.get(key, PostLine(name, person, ()))
        held[key] = replace(before, posts=(*before.posts, f"{called(role)}（{node}）"))
    several = [line for line in held.values() if len(line.posts) > 1]
    return sorted(several, key=lambda line: (-len(line.posts), line.name))
