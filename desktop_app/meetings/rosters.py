"""Who should be on the list of a meeting: from a branch, from posts, from centre households, from last time."""

from dataclasses import replace
from typing import Final

from desktop_app.meetings.queries import last_meeting_of_kind, meeting_file
from desktop_app.meetings.rules import RosterLine
from desktop_app.organisation.model import OrgNode
from desktop_app.organisation.queries import centre_households, party_members, seats_of, tree
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.queries import codes
from desktop_app.store.database import Database


def roster_of_node(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """Everybody who holds a post in a node of the organisation, once, with all posts there."""
    posts: dict[tuple[str | None, str], list[str]] = {}
    for seat in seats_of(db, node_id, on):
        posts.setdefault((seat.person_id, seat.name), []).append(seat.role)
    return [RosterLine(name, person, post="、".join(roles)) for (person, name), roles in posts.items()]


def roster_of_branch(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """The members of a party branch; only full members have a vote (支部条例 art. 11)."""
    kinds = codes("party_kinds")
    full = kinds.code("正式")
    return [
        RosterLine(line.name, line.person_id, unit=line.branch, voting=kinds.code(line.kind) == full)
        for line in party_members(db, on, node_id=node_id)
        if kinds.code(line.kind) in {full, kinds.code("预备")}
    ]


def roster_of_centres(db: Database, on: str, estate_id: str | None = None) -> list[RosterLine]:
    """The hosts of the party-centre households, of one estate if told."""
    return [
        RosterLine(line.host_name, line.host_id, unit=line.estate or None, post="党员中心户")
        for line in centre_households(db, on, estate_id=estate_id)
    ]


def roster_of_meeting(db: Database, meeting_id: str) -> list[RosterLine]:
    """Those who were on the list of an earlier meeting, in its order."""
    file = meeting_file(db, meeting_id)
    return [
        RosterLine(row.name, row.person_id, row.unit, row.post, row.capacity, row.voting)
        for row in (file.attendance if file else ())
    ]


BRANCH, NODE, CENTRES, LAST = "branch", "node", "centres", "last"
"""The sources a type of meeting may name in its `roster`, tried in its order until one has somebody."""
_LINES: Final = ("组织体", "党组织", "自治")
"""Bodies first: where there is a 议事会, its members are asked, not those of the node it belongs to."""
_BRANCH_LEVELS: Final = {"branch": 3, "group": 4}


def holders(db: Database, kind: str, on: str) -> list[OrgNode]:
    """The nodes that hold meetings of a type of their own, by the type's `held_by`; [] where the community does."""
    found = desk_codes(db, "meeting_types").get(kind)
    level = _BRANCH_LEVELS.get(found.text("held_by"))
    if level is None:
        return []
    return [row.node for row in tree(db, "党组织", on) if row.node.level == level]


def suggested(db: Database, kind: str, on: str, node_id: str | None = None) -> list[RosterLine]:
    """Who is to be asked to a meeting of a type: from the sources the type names, the first that has somebody.

    Whoever has died, moved away or left a post since the last meeting is not asked again.
    """
    for source in (*desk_codes(db, "meeting_types").get(kind).words("roster"), LAST):
        if found := _from(db, source, kind, on, node_id):
            return found
    return []


def _from(db: Database, source: str, kind: str, on: str, node_id: str | None) -> list[RosterLine]:
    what, _, word = source.partition(":")
    if what == BRANCH:
        return roster_of_branch(db, node_id, on) if node_id else []
    if what == CENTRES:
        return roster_of_centres(db, on)
    if what == NODE:
        return _of_nodes(db, word, on, node_id)
    before = last_meeting_of_kind(db, kind)
    return _still_here(db, roster_of_meeting(db, before.meeting.id)) if before else []


def _of_nodes(db: Database, word: str, on: str, node_id: str | None) -> list[RosterLine]:
    """The people in posts of the node that meets, or of all nodes whose kind or name has a word in it."""
    if not word:
        return roster_of_node(db, node_id, on) if node_id else []
    nodes = [row.node for line in _LINES for row in tree(db, line, on)]
    wanted = [node for node in nodes if any(part in node.kind + node.name for part in word.split("|"))]
    return [replace(line, unit=node.name) for node in wanted for line in roster_of_node(db, node.id, on)]


def _still_here(db: Database, lines: list[RosterLine]) -> list[RosterLine]:
    known = [line.person_id for line in lines if line.person_id]
    marks = ",".join("?" * len(known))
    rows = db.rows(
        f"SELECT id FROM person WHERE id IN ({marks}) AND sync_del=0 AND deceased_on IS NULL AND left_on IS NULL", known
    )
    here = {row[0] for row in rows}
    return [line for line in lines if line.person_id is None or line.person_id in here]
