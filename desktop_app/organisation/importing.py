"""Import of party-centre households, and of what a roster of residents says about party members."""

from dataclasses import dataclass, replace
from typing import Any

from desktop_app.accounts.rights import needs, reads
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold, PartyMember
from desktop_app.organisation.rules import SpanPart, covers_json
from desktop_app.organisation.sheet import CentreHouseholdLine, CentreHouseholdList
from desktop_app.places.addresses import Span
from desktop_app.places.book import PlaceBook
from desktop_app.profiles.desk import town_of
from desktop_app.residents.importing import ImportPlan
from desktop_app.residents.roster import RosterLine
from desktop_app.shared.actor import Actor
from desktop_app.shared.bulk import Cancelled, Progress, fresh_ids, never, no_progress
from desktop_app.shared.ids import named_id, new_id
from desktop_app.spreadsheets.plans import Change, FieldChange, ImportResult, Plan, field_change
from desktop_app.spreadsheets.problems import problem
from desktop_app.store.database import Database, Transaction
from desktop_app.store.writes import Writes, must_be_current, stamp, teller, write

PARTY = "党组织"
_BRANCH_LEVEL, _COMMUNITY_LEVEL = 3, 2
_KIND = {"中共党员": "正式", "中共预备党员": "预备"}
_COLUMNS = (
    "node_id",
    "estate_id",
    "host_id",
    "host_name",
    "room_id",
    "span",
    "covers",
    "plaque_no",
    "phones",
    "services",
    "from_on",
)
_MEMBER_COLUMNS = ("id", "person_id", "kind", "node_id", "joined_on", "full_on")
_NOTES = {name: column.info for name, column in PartyCentreHousehold.__table__.columns.items()}


@dataclass(slots=True)
class CentreHouseholdsPlan(Plan):
    """What an import of party-centre households would do."""

    listing: CentreHouseholdList
    writes: Writes
    stamp: tuple[int, ...]


@reads("organisation.change")
def plan_centre_households(db: Database, listing: CentreHouseholdList) -> CentreHouseholdsPlan:
    """What importing a list of party-centre households would do now; writes nothing."""
    return _Planner(db, listing).plan()


@needs("organisation.change")
def import_centre_households(
    db: Database,
    plan: CentreHouseholdsPlan,
    actor: Actor,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> ImportResult:
    """Does what a plan says, in one transaction; CancelledError or AppError leave everything as it was."""
    result = ImportResult("户", len(plan.added), len(plan.changed), len(plan.unchanged))
    with db.transaction(actor, f"导入党员中心户（新增{result.added}户，更新{result.changed}户）") as tx:
        must_be_current(tx, plan.stamp)
        write(tx, plan.writes, teller(progress, cancelled, "正在写入党员中心户"))
        return replace(result, action=tx.action)


class Branches:
    """The party branches of the community by name; those that are missing are prepared."""

    def __init__(self, db: Database, source: Database | Transaction, writes: Writes) -> None:
        self._db = db
        self._source = source
        self._writes = writes
        self._found: dict[str, str] = {
            name: id_
            for id_, name in source.rows(
                "SELECT id,name FROM org_node WHERE line=? AND sync_del=0 AND to_on IS NULL "
                "ORDER BY level=?,local_no DESC",
                (PARTY, _BRANCH_LEVEL),
            )
        }

    def get(self, name: str | None, estate: str | None = None) -> str | None:
        """The node of that name, made below the party organisation of the community if need be."""
        if not name:
            return None
        if (known := self._found.get(name)) is not None:
            return known
        kind = town_of(self._db).level(PARTY, _BRANCH_LEVEL).kind
        self._found[name] = self._add(name, _BRANCH_LEVEL, kind, self._community(), estate)
        return self._found[name]

    def _add(self, name: str, level: int, kind: str, parent: str | None, estate: str | None) -> str:
        identifier = named_id("org_node", self._db.setting("community") or "", PARTY, name)
        if self._source.rows("SELECT 1 FROM org_node WHERE id=?", (identifier,)):
            identifier = new_id()
        return self._writes.add(
            OrgNode, id=identifier, line=PARTY, level=level, kind=kind, name=name, parent_id=parent, estate_id=estate
        )

    def _community(self) -> str:
        """The party organisation of the community."""
        found = self._source.rows(
            "SELECT id FROM org_node WHERE line=? AND level=? AND sync_del=0 AND to_on IS NULL "
            "ORDER BY local_no LIMIT 1",
            (PARTY, _COMMUNITY_LEVEL),
        )
        made = self._writes.new.get(OrgNode, [])
        if found or (made and made[0]["level"] == _COMMUNITY_LEVEL):
            return str(found[0][0] if found else made[0]["id"])
        area = self._source.rows("SELECT name FROM area WHERE id=?", (self._db.setting("community"),))
        kind = town_of(self._db).level(PARTY, _COMMUNITY_LEVEL).kind
        name = f"{area[0][0] if area else '社区'}党组织"
        return self._add(name, _COMMUNITY_LEVEL, kind, None, None)


class _Planner:
    """Makes one plan."""

    def __init__(self, db: Database, listing: CentreHouseholdList) -> None:
        self.db = db
        self.listing = listing
        self.stamp = stamp(db)
        self.writes = Writes()
        self.book = PlaceBook(db, Writes())
        self.branches = Branches(db, db, self.writes)
        self.problems = list(listing.problems)
        columns = ",".join(_COLUMNS)
        self.stored = {
            id_: dict(zip(_COLUMNS, values, strict=True))
            for id_, *values in db.rows(
                f"SELECT id,{columns} FROM party_centre_household WHERE sync_del=0 AND to_on IS NULL ORDER BY local_no"
            )
        }
        self.hosts = self._residents()
        self.headers = {table.sheet.name: table for table in listing.tables}

    def _residents(self) -> dict[str, list[tuple[str, str | None, str | None, str | None, str | None]]]:
        """Name → (person, ID number, room, estate, political status) of those who bear it."""
        names = sorted({line.name for line in self.listing.lines})
        found: dict[str, list[tuple[str, str | None, str | None, str | None, str | None]]] = {}
        for name, *rest in self.db.rows(
            "SELECT p.name,p.id,p.id_no,r.id,b.estate_id,p.political FROM person p "
            "LEFT JOIN residence s ON s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL "
            "LEFT JOIN room r ON r.id=s.room_id LEFT JOIN building b ON b.id=r.building_id "
            f"WHERE p.sync_del=0 AND p.deceased_on IS NULL AND p.name IN ({','.join('?' * len(names))})",
            names,
        ):
            found.setdefault(name, []).append((rest[0], rest[1], rest[2], rest[3], rest[4]))
        return found

    def plan(self) -> CentreHouseholdsPlan:
        added: list[int] = []
        changed: list[Change] = []
        unchanged: list[int] = []
        claimed: set[str] = set()
        for at, line in enumerate(self.listing.lines):
            values = self._values(line)
            known = self._known(line, values, claimed)
            if known is None:
                self.writes.add(PartyCentreHousehold, **values)
                added.append(at)
                continue
            claimed.add(known)
            if changes := self._compare(known, values):
                changed.append(Change(at, known, line.name, changes))
            else:
                unchanged.append(at)
        problems = sorted(self.problems, key=lambda one: (one.sheet, one.row))
        return CentreHouseholdsPlan(added, changed, unchanged, problems, self.listing, self.writes, self.stamp)

    def _report(self, line: CentreHouseholdLine, key: str, kind: str, raw: Any, **words: object) -> None:
        header = self.headers[line.sheet].header_of(key)
        self.problems.append(problem(line.sheet, line.row, header, kind, raw, words=words))

    def _values(self, line: CentreHouseholdLine) -> dict[str, Any]:
        door = line.dwelling
        estate = self.book.estates.get(line.estate or door.estate or "")
        if estate is None and len(set(self.book.estates.values())) == 1:
            estate = next(iter(self.book.estates.values()))
        name = next((name for name, id_ in self.book.estates.items() if id_ == estate), None)
        room = self.book.find_room(name, door.building, door.unit, door.room) if door.building and door.room else None
        host = self._host(line, room, estate)
        return {
            "node_id": self.branches.get(line.branch, estate),
            "estate_id": estate,
            "host_id": host,
            "host_name": line.name,
            "room_id": room,
            "span": line.span,
            "covers": self._covers(line, estate),
            "plaque_no": line.plaque_no,
            "phones": " ".join(line.phones),
            "services": line.services,
            "from_on": line.hung_on,
        }

    def _host(self, line: CentreHouseholdLine, room: str | None, estate: str | None) -> str | None:
        """By number, by name in the room, else the only one of that name in the estate."""
        named = self.hosts.get(line.name, [])
        tries = (
            [one[0] for one in named if line.id_no and one[1] == line.id_no],
            [one[0] for one in named if room and one[2] == room],
            [] if room else [one[0] for one in named if estate and one[3] == estate and one[4] in _KIND],
            [] if room else [one[0] for one in named if estate is None or one[3] == estate],
        )
        found = next((people for people in tries if people), [])
        if len(found) == 1:
            return found[0]
        if found:
            self._report(line, "name", "host_ambiguous", line.name, count=len(found))
        else:
            self._report(line, "name", "host_not_in_roster", line.name, estate=line.estate or "")
        return None

    def _covers(self, line: CentreHouseholdLine, estate: str | None) -> str:
        known = {no: building.id for (place, no), building in self.book.buildings.items() if place == estate}
        spans = tuple(Span(no) for no in known) if line.whole_estate else line.covers
        if strange := [span.building for span in spans if span.building not in known]:
            words = "、".join(f"{no}栋" for no in strange)
            self._report(line, "covers", "span_unknown_building", line.span, value=words)
        return covers_json(
            SpanPart(span.building, span.units, known[span.building]) for span in spans if span.building in known
        )

    def _known(self, line: CentreHouseholdLine, values: dict[str, Any], claimed: set[str]) -> str | None:
        for id_, stored in self.stored.items():
            if id_ in claimed or stored["host_name"] != line.name:
                continue
            keys = ("plaque_no",) if line.plaque_no and stored["plaque_no"] else ("estate_id", "room_id")
            if all(values[key] == stored[key] for key in keys):
                return str(id_)
        return None

    def _compare(self, known: str, values: dict[str, Any]) -> tuple[FieldChange, ...]:
        stored = self.stored[known]
        more = [phone for phone in values["phones"].split() if phone not in stored["phones"].split()]
        values = {**values, "phones": " ".join([*stored["phones"].split(), *more])}
        fields = {
            name: value for name, value in values.items() if value not in {None, "", "[]"} and value != stored[name]
        }
        if fields:
            self.writes.changed.append((PartyCentreHousehold, known, fields))
        return tuple(field_change(_NOTES[name], stored[name], value) for name, value in fields.items())


def enrol_party_members(tx: Transaction, plan: ImportPlan) -> None:
    """Keeps what a roster says about party members: pass it as `also=(enrol_party_members,)` to `import_residents`."""
    lines = [pair for pair in zip(plan.person_ids, plan.roster.lines, strict=True) if _is_member(pair[1])]
    if not lines:
        return
    writes = Writes()
    branches = Branches(tx.db, tx, writes)
    standing = {
        person: (id_, node, joined, full)
        for person, id_, node, joined, full in tx.rows(
            "SELECT person_id,id,node_id,joined_on,full_on FROM party_member WHERE sync_del=0 AND to_on IS NULL"
        )
    }
    estates: dict[str, str] = dict(tx.rows("SELECT name,id FROM estate WHERE sync_del=0 AND to_on IS NULL"))
    fresh = fresh_ids()
    new: list[tuple[Any, ...]] = []
    for person, line in lines:
        node = branches.get(line.party_branch, estates.get(line.estate or ""))
        said = (node, line.party_joined, line.party_full)
        if person not in standing:
            new.append((next(fresh), person, _KIND.get(line.political or "", "正式"), *said))
            continue
        id_, *before = standing[person]
        named = zip(_MEMBER_COLUMNS[3:], said, before, strict=True)
        if fields := {name: value for name, value, old in named if value is not None and value != old}:
            writes.changed.append((PartyMember, id_, fields))
    writes.add_many(PartyMember, _MEMBER_COLUMNS, new)
    write(tx, writes, lambda _done, _total: None)


def _is_member(line: RosterLine) -> bool:
    return line.political in _KIND or line.party_joined is not None
