"""Import of a roster: what would happen (`plan_import`), and that it happens (`import_residents`).

The plan writes nothing.  It matches every line with the register, lists what would be added and changed field by field,
and never lets a blank cell take anything away.  The commit is one transaction: all of it, or nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import attrgetter
from typing import Any

from desktop_app.accounts.rights import needs, reads
from desktop_app.places.book import PlaceBook
from desktop_app.places.rules import address as address_words
from desktop_app.profiles.desk import desk_codes, name_of
from desktop_app.residents.matching import HouseholdFinder, Match, Register, match
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonTag, Residence
from desktop_app.residents.roster import PLAIN, Address, Roster, RosterHousehold, RosterLine
from desktop_app.shared.actor import Actor
from desktop_app.shared.bulk import Cancelled, Progress, collecting_later, fresh_ids, never, no_progress
from desktop_app.shared.dates import agrees
from desktop_app.spreadsheets.plans import Change, FieldChange, ImportResult, Plan, field_change
from desktop_app.spreadsheets.problems import problem
from desktop_app.store.database import Database, Transaction
from desktop_app.store.writes import Writes, must_be_current, stamp, teller, write

_TAKEN_OVER = ("name", "birth", "note", *PLAIN)
_NOTES = {name: column.info for name, column in Person.__table__.columns.items()}


@dataclass(slots=True)
class ImportPlan(Plan):
    """What an import of residents would do; `person_ids` runs along `roster.lines`."""

    roster: Roster
    person_ids: list[str]
    new_estates: list[str]
    new_buildings: list[tuple[str, str]]
    new_rooms: int
    new_households: int
    writes: Writes
    stamp: tuple[int, ...]


@reads("residents.import")
def plan_import(db: Database, roster: Roster) -> ImportPlan:
    """What importing a roster would do now; writes nothing."""
    with collecting_later():
        return _Planner(db, roster).plan()


@needs("residents.import")
def import_residents(
    db: Database,
    plan: ImportPlan,
    actor: Actor,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
    also: Sequence[Callable[[Transaction, ImportPlan], None]] = (),
) -> ImportResult:
    """Does what a plan says, in one transaction.

    Raises CancelledError when `cancelled()` says so and AppError when the register changed since the plan was made:
    nothing is written then.  `also`: further work on the same persons by slices above, in the same transaction.
    """
    result = ImportResult(
        "人", len(plan.added), len(plan.changed), len(plan.unchanged), plan.new_rooms, plan.new_households
    )
    with collecting_later(), db.transaction(actor, f"导入居民（新增{result.added}人，更新{result.changed}人）") as tx:
        must_be_current(tx, plan.stamp)
        write(tx, plan.writes, teller(progress, cancelled, "正在写入居民资料"))
        for further in also:
            further(tx, plan)
        return replace(result, action=tx.action)


def living(db: Database, word: str | None) -> tuple[str | None, str | None, str]:
    """What 居住情况 says: basis of residence, whether the person lives there, use of the room."""
    if not word:
        return None, None, "未知"
    residing = desk_codes(db, "residing").find(word)
    basis = desk_codes(db, "residence_basis").find(word)
    use = desk_codes(db, "room_uses").find(word)
    if basis is None and residing is None:
        return word, None, use.name if use else "未知"
    return basis.name if basis else None, residing.name if residing else None, use.name if use else "未知"


class _Planner:
    """Makes one plan."""

    def __init__(self, db: Database, roster: Roster) -> None:
        self.db = db
        self.roster = roster
        self.stamp = stamp(db)
        self.register = Register(db)
        self.writes = Writes()
        self.book = PlaceBook(db, self.writes)
        self.today = db.clock.today().isoformat()
        self.problems = list(roster.problems)
        self.changes: dict[int, list[FieldChange]] = {}
        self.new_households = 0
        self.fresh = fresh_ids()
        self.gone: set[int] = set()
        """Lines of persons who died or moved away: nothing about them is changed by a roster."""

    def plan(self) -> ImportPlan:
        lines = self.roster.lines
        paper = cache(partial(name_of, self.db, "id_types"))
        for line in lines:
            line.id_type = paper(line.id_type or "") or None
        says = {word: living(self.db, word) for word in {line.residence for line in lines}}
        lived = [says[line.residence] for line in lines]
        rooms = [self.book.room(line.address, use) for line, (_, _, use) in zip(lines, lived, strict=True)]
        for address in self.roster.vacant:
            self.book.room(address, "空置")
        matches = match(self.register, lines, rooms)
        ids = [one.person or next(self.fresh) for one in matches]
        added = [at for at, one in enumerate(matches) if one.person is None]
        self._persons(lines, matches, ids)
        self._residences(ids, rooms, lived, matches)
        self._households(ids, rooms, lived)
        self._tags(ids)
        known = [at for at, one in enumerate(matches) if one.person is not None]
        changed = [Change(at, ids[at], lines[at].name, tuple(self.changes[at])) for at in known if at in self.changes]
        return ImportPlan(
            added,
            changed,
            [at for at in known if at not in self.changes],
            sorted(self.problems, key=lambda one: (one.sheet, one.row)),
            self.roster,
            ids,
            self.book.new_estates,
            self.book.new_buildings,
            self.book.new_rooms,
            self.new_households,
            self.writes,
            self.stamp,
        )

    # ------------------------------------------------------------------------------------------------------- persons

    def _persons(self, lines: list[RosterLine], matches: list[Match], ids: list[str]) -> None:
        for at, found in enumerate(matches) if self.register.persons else ():
            line = lines[at]
            if found.number_of:
                owner = self.register.persons[found.number_of]["name"]
                self._report(line, "id_no", "id_of_registered_person", line.id_no, other=owner)
            if found.person is not None and not self._is_gone(at, line, self.register.persons[found.person]):
                self._known_person(at, line, found)
        added = [at for at, found in enumerate(matches) if found.person is None]
        new = [lines[at] for at in added]
        columns = {name: list(map(attrgetter(name), new)) for name in _TAKEN_OVER}
        foreign = [matches[at].number_of is not None for at in added]
        if any(foreign):  # the number is somebody else's
            for name in ("id_type", "id_no"):
                columns[name] = [None if other else cell for cell, other in zip(columns[name], foreign, strict=True)]
        columns["id"] = [ids[at] for at in added]
        columns["phones"] = [" ".join(line.phones) for line in new]
        columns["source"] = ["导入"] * len(new)
        if new:
            self.writes.many[Person] = {**columns}

    def _report(self, line: RosterLine, key: str, kind: str, raw: str | None, **words: object) -> None:
        table = next(one for one in self.roster.tables if one.sheet.name == line.sheet)
        self.problems.append(problem(line.sheet, line.rows[0], table.header_of(key), kind, raw, words=words))

    def _is_gone(self, at: int, line: RosterLine, stored: dict[str, Any]) -> bool:
        for kind, on in (("person_deceased", stored["deceased_on"]), ("person_left", stored["left_on"])):
            if on:
                self._report(line, "name", kind, line.name, value=on)
                self.gone.add(at)
                return True
        return False

    def _known_person(self, at: int, line: RosterLine, found: Match) -> None:
        stored = self.register.persons[found.person or ""]
        fields: dict[str, Any] = {}
        for name in PLAIN:
            value = getattr(line, name)
            if value is not None and value != stored[name] and not (found.number_of and name in {"id_no", "id_type"}):
                fields[name] = value
        if "id_type" in fields and (stored["id_type"] or not line.id_no):
            del fields["id_type"]
        if line.birth and line.birth != stored["birth"] and not _says_less(line.birth, stored["birth"]):
            fields["birth"] = line.birth
        if more := [phone for phone in line.phones if phone not in stored["phones"].split()]:
            fields["phones"] = " ".join([*stored["phones"].split(), *more])
        if line.note and line.note not in (stored["note"] or ""):
            fields["note"] = f"{stored['note']}；{line.note}" if stored["note"] else line.note
        if fields:
            self.writes.changed.append((Person, found.person or "", fields))
            for name, value in fields.items():
                self.changes.setdefault(at, []).append(field_change(_NOTES[name], stored[name], value))

    def _changed(self, at: int, label: str, before: Any, after: Any) -> None:
        self.changes.setdefault(at, []).append(FieldChange(label, str(before or ""), str(after or "")))

    # --------------------------------------------------------------------------------------------------------- homes

    def _residences(
        self,
        ids: list[str],
        rooms: list[str | None],
        lived: list[tuple[str | None, str | None, str]],
        matches: list[Match],
    ) -> None:
        new: list[tuple[Any, ...]] = []
        for at, (person, room, (basis, _, _)) in enumerate(zip(ids, rooms, lived, strict=True)):
            if room is None or at in self.gone:
                continue
            if matches[at].person is None:
                new.append((next(self.fresh), person, room, basis))
                continue
            home = self.register.homes[person]
            if home.room == room:
                if basis and basis != home.basis and home.residence:
                    self.writes.changed.append((Residence, home.residence, {"basis": basis}))
                    self._changed(at, "居住方式", home.basis, basis)
                continue
            if home.residence:
                self.writes.changed.append((Residence, home.residence, {"to_on": self.today}))
            new.append((next(self.fresh), person, room, basis))
            self._changed(at, "住址", self._room_words(home.room), _words(self.roster.lines[at].address))
        self.writes.add_many(Residence, ("id", "person_id", "room_id", "basis"), new)

    def _room_words(self, room: str | None) -> str:
        found = (
            self.db.row(
                "SELECT e.name,b.no,r.unit,r.no FROM room r JOIN building b ON b.id=r.building_id "
                "LEFT JOIN estate e ON e.id=b.estate_id WHERE r.id=?",
                (room,),
            )
            if room
            else None
        )
        return address_words(*found) if found else ""

    def _households(
        self, ids: list[str], rooms: list[str | None], lived: list[tuple[str | None, str | None, str]]
    ) -> None:
        finder = HouseholdFinder(self.register)
        new: list[tuple[Any, ...]] = []
        members: list[tuple[Any, ...]] = []
        books = [line.hukou_no for line in self.roster.lines]
        for group in map(self._without_gone, self.roster.households):
            if not group.members:
                continue
            people = [ids[at] for at in group.members]
            room = next(filter(None, [rooms[at] for at in group.members]), None)
            hukou = next(filter(None, [books[at] for at in group.members]), None)
            head = ids[group.head] if group.head is not None else None
            known = finder.find(group, people, room)
            if known is None:
                known = next(self.fresh)
                new.append((known, room, group.household_no, hukou, head))
                self.new_households += 1
            else:
                self._known_household(group, known, room, hukou, head)
            for at in group.members:
                self._member(at, ids[at], known, lived[at][1], members)
        self.writes.add_many(Household, ("id", "room_id", "household_no", "hukou_no", "head_id"), new)
        self.writes.add_many(HouseholdMember, ("id", "household_id", "person_id", "relation", "residing"), members)

    def _without_gone(self, group: RosterHousehold) -> RosterHousehold:
        if self.gone.isdisjoint(group.members):
            return group
        members = [at for at in group.members if at not in self.gone]
        return replace(group, members=members, head=group.head if group.head in members else None)

    def _known_household(
        self, group: RosterHousehold, known: str, room: str | None, hukou: str | None, head: str | None
    ) -> None:
        stored = self.register.households[known]
        fields: dict[str, Any] = {}
        for place, (name, value) in enumerate(
            (("room_id", room), ("household_no", group.household_no), ("hukou_no", hukou), ("head_id", head))
        ):
            if value is not None and value != stored[place]:
                fields[name] = value
        if fields:
            self.writes.changed.append((Household, known, fields))
            at = group.head if group.head is not None else group.members[0]
            if "head_id" in fields:
                before = self.register.persons.get(stored[3] or "", {}).get("name")
                self._changed(at, "户主", before, self.roster.lines[at].name)
            if "household_no" in fields:
                self._changed(at, "户编号", stored[1], group.household_no)
            if "hukou_no" in fields:
                self._changed(at, "户口簿号", stored[2], hukou)

    def _member(self, at: int, person: str, household: str, residing: str | None, new: list[tuple[Any, ...]]) -> None:
        relation = self.roster.lines[at].relation
        home = self.register.homes.get(person)
        if home is None or home.household != household:
            if home and home.member:
                self.writes.changed.append((HouseholdMember, home.member, {"to_on": self.today}))
                self._changed(at, "所在户", "原来的户", "表中的户")
            new.append((next(self.fresh), household, person, relation, residing))
            return
        fields = {
            name: value
            for name, value, stored in (("relation", relation, home.relation), ("residing", residing, home.residing))
            if value and value != stored
        }
        if fields:
            self.writes.changed.append((HouseholdMember, home.member or "", fields))
            for name, value in fields.items():
                label = "与户主关系" if name == "relation" else "在住情况"
                self._changed(at, label, getattr(home, name), value)

    # ---------------------------------------------------------------------------------------------------------- tags

    def _tags(self, ids: list[str]) -> None:
        new: list[tuple[Any, ...]] = []
        # a local word stays
        name = cache(desk_codes(self.db, "tags").name)
        for at, line in enumerate(self.roster.lines):
            if not line.tags or at in self.gone:
                continue
            stored = self.register.tags.get(ids[at], {})
            for tag, detail in {name(word): detail for word, detail in line.tags}.items():
                if tag not in stored:
                    new.append((next(self.fresh), ids[at], tag, detail))
                    if ids[at] in self.register.persons:
                        self._changed(at, "标签", "", f"{tag}（{detail}）" if detail else tag)
                elif detail and detail != stored[tag][1]:
                    self.writes.changed.append((PersonTag, stored[tag][0], {"detail": detail}))
                    self._changed(at, f"标签“{tag}”", stored[tag][1], detail)
        self.writes.add_many(PersonTag, ("id", "person_id", "tag", "detail"), new)


def _says_less(birth: str, stored: str | None) -> bool:
    """A month does not overwrite a day."""
    return bool(stored and agrees(birth, stored) and len(birth) < len(stored))


def _words(address: Address) -> str:
    estate, building, unit, room = address
    return address_words(estate, building or "", unit, room)
