"""Contact chains 包联: who answers for a building, and how they are reached (A1-8, A1-9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.organisation import rules
from desktop_app.organisation.centres import CentreLine, buildings_in_use, centre_for_building, holds, in_force
from desktop_app.organisation.model import ContactAssignment
from desktop_app.profiles.desk import all_words, town_of
from desktop_app.profiles.town import ContactScheme, ContactSlot, TownProfile
from desktop_app.store.database import Database


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Who holds a slot of a contact scheme; `name` is "" where nobody does.  `target` is what they answer for."""

    slot: str
    slot_title: str
    name: str
    title: str
    phone: str
    target: str
    scheme: str = ""
    assignment: str = field(default="", compare=False)
    """the record that says so, "" where a post of the organisation does"""


@dataclass(frozen=True, slots=True)
class _Places:
    """The places a building lies in, as (kind, identifier, name), the nearest first."""

    rows: tuple[tuple[str, str, str], ...]

    def name(self, target: str) -> str:
        return next((name for kind, _, name in self.rows if kind == target), "")

    def key(self, target: str) -> str | None:
        return next((key for kind, key, _ in self.rows if kind == target), None)


@reads("organisation.read")
def contact_chain(
    db: Database, building_id: str, on: str, scheme: str | None = None, *, household_id: str | None = None
) -> list[ContactLine]:
    """Everybody who answers for a building, in the order of the scheme's slots, gaps included (A1-8).

    Without a scheme, the slots the service card shows.  A slot without an assignment is filled from the posts of the
    organisation and the party-centre households, else from whoever holds the same role in another scheme.  [] for an
    unknown building or scheme.
    """
    town = town_of(db)
    if scheme is None:
        wanted = town.card_slots
    else:
        found = town.scheme(scheme)
        wanted = tuple((found, slot) for slot in found.slots) if found else ()
    return chain_slots(db, building_id, on, wanted, household_id=household_id)


@reads("organisation.read")
def chain_slots(
    db: Database,
    building_id: str,
    on: str,
    wanted: Sequence[tuple[ContactScheme, ContactSlot]],
    *,
    household_id: str | None = None,
) -> list[ContactLine]:
    """Who holds these slots for a building, in their order, gaps included; [] for an unknown building."""
    where = _places_of(db, building_id, on, household_id)
    if not where.rows:
        return []
    town, assigned, posts = town_of(db), _assignments(db, where, on), _posts(db, where, on)
    chain: list[ContactLine] = []
    for one, slot in wanted:
        mine = [row for row in assigned if row.scheme in {one.code, one.name} and row.slot in {slot.code, slot.name}]
        held = _from_assignments(slot, mine, where) or _from_posts(db, slot, posts, where)
        if not held and slot.role:
            alike = [row for row in assigned if role_of(town, row.scheme, row.slot) == slot.role]
            held = _from_assignments(slot, alike, where)
        chain += [replace(line, scheme=one.code) for line in held or [_gap(slot, where)]]
    return chain


def role_of(town: TownProfile, scheme: str, slot: str) -> str:
    """The role behind a stored slot, "" where the profile does not know it any more."""
    found = town.scheme(scheme)
    known = found.slot(slot) if found else None
    return known.role if known else ""


def _places_of(db: Database, building_id: str, on: str, household_id: str | None) -> _Places:
    row = db.row(
        "SELECT b.id,b.no,b.name,e.id,e.name,e.area_id FROM building b LEFT JOIN estate e ON e.id=b.estate_id "
        "WHERE b.id=? AND b.sync_del=0",
        (building_id,),
    )
    if row is None:
        return _Places(())
    key, no, name, estate_id, estate, area_id = row
    found = [("household", household_id, "本户")] if household_id else []
    found.append(("building", key, name or rules.numbered(no)))
    grids = db.rows(
        "SELECT a.id,a.name FROM building_grid g JOIN area a ON a.id=g.grid_id AND a.sync_del=0 "
        f"WHERE g.building_id=:building AND {in_force('g')} ORDER BY g.from_on DESC",
        {"building": building_id, "on": on},
    )
    found += [("grid", grid, grid_name) for grid, grid_name in grids[:1]]
    if estate_id:
        found.append(("estate", estate_id, estate))
    found += [("community", area, area_name) for area, area_name in _community(db, area_id)]
    return _Places(tuple(found))


def _community(db: Database, area_id: str | None) -> list[tuple[str, str]]:
    own = db.setting("community")
    for area in (area_id, own):
        if found := db.row("SELECT id,name FROM area WHERE id=? AND sync_del=0", (area,)):
            return [(found[0], found[1])]
    return []


def _assignments(db: Database, where: _Places, on: str) -> list[ContactAssignment]:
    """Assignments for these places, the nearest place first."""
    keys = [key for _, key, _ in where.rows]
    found = db.select(
        select(ContactAssignment).where(ContactAssignment.target_id.in_(keys), ContactAssignment.sync_del == 0)
    )
    return sorted((row for row in found if holds(row, on)), key=lambda row: (keys.index(row.target_id), row.id))


def _from_assignments(slot: ContactSlot, found: Sequence[ContactAssignment], where: _Places) -> list[ContactLine]:
    """Those of the slot's own place, else of the nearest place that has any."""
    if not found:
        return []
    own = where.key(slot.target)
    at = own if any(row.target_id == own for row in found) else found[0].target_id
    names = {key: name for _, key, name in where.rows}
    lines = [
        ContactLine(slot.code, slot.name, row.name, row.title or "", row.phone or "", names[at], assignment=row.id)
        for row in found
        if row.target_id == at
    ]
    return lines if slot.many else lines[-1:]


def _posts(db: Database, where: _Places, on: str) -> list[tuple[str, rules.Holder]]:
    """(kind of place, holder) of the posts at a building, its estate and community, and of the centre households."""
    building, estate = where.key("building") or "", where.key("estate")
    rows = db.rows(
        "SELECT CASE WHEN n.building_id IS NOT NULL THEN 'building' WHEN n.estate_id IS NOT NULL THEN 'estate' "
        "ELSE 'community' END,s.role,s.name,s.phone,s.person_id FROM seat s JOIN org_node n ON n.id=s.node_id "
        f"WHERE {in_force('s')} AND {in_force('n')} AND (n.building_id=:building OR (n.estate_id=:estate AND "
        "n.building_id IS NULL) OR (n.level<=2 AND n.building_id IS NULL AND n.estate_id IS NULL)) ORDER BY s.local_no",
        {"building": building, "estate": estate, "on": on},
    )
    found = [(kind, rules.Holder(role, name, phone or "", person)) for kind, role, name, phone, person in rows]
    return found + [("building", host_of(line)) for line in centre_for_building(db, building, on)]


def host_of(line: CentreLine) -> rules.Holder:
    """The host of a centre household as the holder of a post."""
    return rules.Holder(rules.CENTRE_ROLE, line.host_name, line.phones.split(" ")[0], line.host_id)


def _from_posts(
    db: Database, slot: ContactSlot, posts: Iterable[tuple[str, rules.Holder]], where: _Places
) -> list[ContactLine]:
    if not slot.role:
        return []
    words = role_words(db, slot.role)
    lines = [
        ContactLine(slot.code, slot.name, one.name, "", one.phone, where.name(slot.target))
        for kind, one in posts
        if kind == slot.target and one.role in words
    ]
    # a host of a centre household is often noted among the posts of the building as well
    return list(dict.fromkeys(lines)) if slot.many else lines[:1]


def _gap(slot: ContactSlot, where: _Places) -> ContactLine:
    return ContactLine(slot.code, slot.name, "", "", "", where.name(slot.target))


def role_words(db: Database, role: str) -> frozenset[str]:
    """A role as a code, as a name and in other words: seats keep what was written."""
    return frozenset({role, *all_words(db, "roles", role)})


@reads("organisation.read")
def contact_gaps(db: Database, on: str, scheme: str | None = None) -> list[tuple[str, ContactLine]]:
    """(building, empty slot) for every building: 没有楼栋长 and the like."""
    return [
        (building.label, line)
        for building in buildings_in_use(db)
        for line in contact_chain(db, building.id, on, scheme)
        if not line.name
    ]


@reads("organisation.read")
def assignment_of(db: Database, scheme: str, slot: str, target_id: str, name: str) -> ContactAssignment | None:
    """The open assignment behind a line of a chain; None for one that comes from a post or a centre household."""
    found = db.select(
        select(ContactAssignment).where(
            ContactAssignment.scheme == scheme,
            ContactAssignment.slot == slot,
            ContactAssignment.target_id == target_id,
            ContactAssignment.name == name,
            ContactAssignment.to_on.is_(None),
            ContactAssignment.sync_del == 0,
        )
    )
    return found[0] if found else None
