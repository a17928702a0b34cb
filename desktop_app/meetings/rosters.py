"""Who should be on the list of a meeting: from a branch, from posts, from partner units, from last time."""

from dataclasses import replace
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.meetings.queries import last_meeting_of_kind, meeting_file
from desktop_app.meetings.rules import RosterLine
from desktop_app.organisation.model import OrgNode
from desktop_app.organisation.queries import centre_households, party_members, seats_of, tree
from desktop_app.profiles.desk import desk_codes
from desktop_app.store.database import Database


@reads("meetings.read")
def roster_of_node(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """Everybody who holds a post in a node of the organisation, once, with all posts there."""
    posts: dict[tuple[str | None, str], list[str]] = {}
    for seat in seats_of(db, node_id, on):
        posts.setdefault((seat.person_id, seat.name), []).append(seat.role)
    return [RosterLine(name, person, post="、".join(roles)) for (person, name), roles in posts.items()]


@reads("meetings.read")
def roster_of_branch(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """The members of a party branch; only full members have a vote (支部条例 art. 11)."""
    kinds = desk_codes(db, "party_kinds")
    full = kinds.code("正式")
    return [
        RosterLine(line.name, line.person_id, unit=line.branch, voting=kinds.code(line.kind) == full)
        for line in party_members(db, on, node_id=node_id)
        if kinds.code(line.kind) in {full, kinds.code("预备")}
    ]


@reads("meetings.read")
def roster_of_centres(db: Database, on: str, estate_id: str | None = None) -> list[RosterLine]:
    """The hosts of the party-centre households, of one estate if told."""
    return [
        RosterLine(line.host_name, line.host_id, unit=line.estate or None, post="党员中心户")
        for line in centre_households(db, on, estate_id=estate_id)
    ]


@reads("meetings.read")
def roster_of_meeting(db: Database, meeting_id: str) -> list[RosterLine]:
    """Those who were on the list of an earlier meeting, in its order."""
    file = meeting_file(db, meeting_id)
    return [
        RosterLine(row.name, row.person_id, row.unit, row.post, row.capacity, row.voting)
        for row in (file.attendance if file else ())
    ]


@reads("meetings.read")
def roster_of_members(db: Database, on: str) -> list[RosterLine]:
    """Whoever sits in the enlarged Party committee on a day: 书记（兼）, 指导员, 兼职委员 …"""
    sql = (
        "SELECT m.name,m.person_id,u.name,m.role,coalesce(m.post,'') FROM part_time_member m "
        "LEFT JOIN partner_unit u ON u.id=m.unit_id WHERE m.sync_del=0 AND m.from_on<=:on AND m.left_on IS NULL "
        "AND (m.to_on IS NULL OR m.to_on>=:on) ORDER BY m.role<>'书记（兼）',m.from_on,m.name"
    )
    rows = db.rows(sql, {"on": on})
    return [RosterLine(name, person, unit, f"{post}、{role}".lstrip("、")) for name, person, unit, role, post in rows]


@reads("meetings.read")
def roster_of_units(db: Database) -> list[RosterLine]:
    """Who speaks for each partner unit: its head, else its contact; units without either are left out."""
    return [
        RosterLine(head or contact, None, name, "负责人" if head else "联络员")
        for name, head, contact in db.rows(
            "SELECT name,coalesce(head,''),coalesce(contact,'') FROM partner_unit "
            "WHERE sync_del=0 AND to_on IS NULL ORDER BY from_on,name"
        )
        if head or contact
    ]


BRANCH, NODE, CENTRES, MEMBERS, UNITS, LAST = "branch", "node", "centres", "members", "units", "last"
"""The sources a type of meeting may name in its `roster`, tried in its order until one has somebody; a+b asks both."""
_LINES: Final = ("组织体", "党组织", "自治")
"""Bodies first: where there is a 议事会, its members are asked, not those of the node it belongs to."""
_BRANCH_LEVELS: Final = {"branch": 3, "group": 4}


@reads("meetings.read")
def holders(db: Database, kind: str, on: str) -> list[OrgNode]:
    """The nodes that hold meetings of a type of their own, by the type's `held_by`; [] where the community does."""
    found = desk_codes(db, "meeting_types").get(kind)
    level = _BRANCH_LEVELS.get(found.text("held_by"))
    if level is None:
        return []
    return [row.node for row in tree(db, "党组织", on) if row.node.level == level]


@reads("meetings.read")
def suggested(db: Database, kind: str, on: str, node_id: str | None = None) -> list[RosterLine]:
    """Who is to be asked to a meeting of a type: from the sources the type names, the first that has somebody.

    Whoever has died, moved away or left a post since the last meeting is not asked again.
    """
    for sources in (*desk_codes(db, "meeting_types").get(kind).words("roster"), LAST):
        found = [line for source in sources.split("+") for line in _from(db, source, kind, on, node_id)]
        if found:
            return _once(found)
    return []


def _once(lines: list[RosterLine]) -> list[RosterLine]:
    """Everybody once, as the first source has them: the same resident, or the same name where one names no resident."""
    kept: list[RosterLine] = []
    for line in lines:
        same = (one for one in kept if one.name == line.name)
        if not any(not one.person_id or not line.person_id or one.person_id == line.person_id for one in same):
            kept.append(line)
    return kept


def _from(db: Database, source: str, kind: str, on: str, node_id: str | None) -> list[RosterLine]:
    what, _, word = source.partition(":")
    sources = {
        BRANCH: lambda: roster_of_branch(db, node_id, on) if node_id else [],
        CENTRES: lambda: roster_of_centres(db, on),
        MEMBERS: lambda: roster_of_members(db, on),
        UNITS: lambda: roster_of_units(db),
        NODE: lambda: _of_nodes(db, word, on, node_id),
    }
    return sources.get(what, lambda: _of_last_time(db, kind, on))()


def _of_last_time(db: Database, kind: str, on: str) -> list[RosterLine]:
    before = last_meeting_of_kind(db, kind)
    if before is None:
        return []
    return _in_office(db, _still_here(db, roster_of_meeting(db, before.meeting.id)), before.meeting.starts_at or "", on)


def _of_nodes(db: Database, word: str, on: str, node_id: str | None) -> list[RosterLine]:
    """The people in posts of the node that meets, or of all nodes whose kind or name has a word in it.

    Where a branch of an estate calls the meeting, bodies of other estates are not asked.
    """
    if not word:
        return roster_of_node(db, node_id, on) if node_id else []
    estate = db.scalar("SELECT estate_id FROM org_node WHERE id=?", (node_id,)) if node_id else None
    nodes = [row.node for line in _LINES for row in tree(db, line, on)]
    wanted = [node for node in nodes if any(part in node.kind + node.name for part in word.split("|"))]
    near = [node for node in wanted if estate is None or node.estate_id in (None, estate)]
    return [replace(line, unit=node.name) for node in near for line in roster_of_node(db, node.id, on)]


def _in_office(db: Database, lines: list[RosterLine], since: str, on: str) -> list[RosterLine]:
    """Without those who left a post after the last meeting and hold none now."""
    rows = db.rows("SELECT name,to_on FROM seat WHERE sync_del=0 AND (to_on IS NULL OR to_on>=?)", (since[:10],))
    now = {name for name, to_on in rows if to_on is None or to_on >= on}
    gone = {name for name, _ in rows} - now
    return [line for line in lines if line.name not in gone]


def _still_here(db: Database, lines: list[RosterLine]) -> list[RosterLine]:
    known = [line.person_id for line in lines if line.person_id]
    marks = ",".join("?" * len(known))
    rows = db.rows(
        f"SELECT id FROM person WHERE id IN ({marks}) AND sync_del=0 AND deceased_on IS NULL AND left_on IS NULL", known
    )
    here = {row[0] for row in rows}
    return [line for line in lines if line.person_id is None or line.person_id in here]
