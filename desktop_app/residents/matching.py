"""Whom of the register a line of a roster means."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from desktop_app.residents.roster import PLAIN, RosterHousehold, RosterLine
from desktop_app.shared.dates import agrees
from desktop_app.store.database import Database

PERSON_FIELDS = ("name", "birth", "phones", "note", "left_on", "deceased_on", *PLAIN)


@dataclass(slots=True)
class Home:
    """Where a person of the register lives now; None where nothing is registered."""

    residence: str | None = None
    room: str | None = None
    basis: str | None = None
    member: str | None = None
    household: str | None = None
    relation: str | None = None
    residing: str | None = None


class Register:
    """The persons of the register with their homes, read once for a plan."""

    def __init__(self, db: Database) -> None:
        columns = ",".join(f'"{name}"' for name in PERSON_FIELDS)
        self.persons: dict[str, dict[str, Any]] = {
            id_: dict(zip(PERSON_FIELDS, values, strict=True))
            for id_, *values in db.rows(f"SELECT id,{columns} FROM person WHERE sync_del=0")
        }
        self.homes: dict[str, Home] = {}
        self.households: dict[str, list[Any]] = {}
        self.tags: dict[str, dict[str, tuple[str, str | None]]] = {}
        self.by_id_no: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = {}
        if self.persons:
            self._load(db)

    def _load(self, db: Database) -> None:
        for id_, person in self.persons.items():
            if person["id_no"]:
                self.by_id_no.setdefault(person["id_no"], id_)
            self.by_name.setdefault(person["name"], []).append(id_)
        self.homes = {id_: Home() for id_ in self.persons}
        open_rows = "sync_del=0 AND to_on IS NULL"
        for person, id_, room, basis in db.rows(f"SELECT person_id,id,room_id,basis FROM residence WHERE {open_rows}"):
            if home := self.homes.get(person):
                home.residence, home.room, home.basis = id_, room, basis
        for person, id_, household, relation, residing in db.rows(
            f"SELECT person_id,id,household_id,relation,residing FROM household_member WHERE {open_rows}"
        ):
            if home := self.homes.get(person):
                home.member, home.household, home.relation, home.residing = id_, household, relation, residing
        for id_, *values in db.rows(
            f"SELECT id,room_id,household_no,hukou_no,head_id FROM household WHERE {open_rows}"
        ):
            self.households[id_] = values
        for person, id_, tag, detail in db.rows(f"SELECT person_id,id,tag,detail FROM person_tag WHERE {open_rows}"):
            self.tags.setdefault(person, {})[tag] = (id_, detail)


@dataclass(slots=True)
class Match:
    """The person a line means (None: nobody yet), and whose its number is if it is somebody else's."""

    person: str | None = None
    number_of: str | None = None


def match(register: Register, lines: list[RosterLine], rooms: list[str | None]) -> list[Match]:
    """One match for each line; nobody is meant by two lines.  `rooms` are the rooms of the lines."""
    if not register.persons:
        return [Match() for _ in lines]
    found = [_by_number(register, line) for line in lines]
    claimed: set[str] = {one.person for one in found if one.person}
    for at, line in enumerate(lines):
        if found[at].person is None:
            person = _by_name(register, line, rooms[at], found[at].number_of is not None, claimed)
            if person:
                found[at].person = person
                claimed.add(person)
    return found


def _by_number(register: Register, line: RosterLine) -> Match:
    owner = register.by_id_no.get(line.id_no) if line.id_no else None
    if owner is None:
        return Match()
    person = register.persons[owner]
    if person["name"] == line.name or line.name in (person["used_name"] or "").split("、"):
        return Match(owner)
    return Match(None, owner)


def _by_name(
    register: Register, line: RosterLine, room: str | None, foreign_number: bool, claimed: set[str]
) -> str | None:
    best, rank = None, 0
    number = None if foreign_number else line.id_no
    for id_ in register.by_name.get(line.name, ()):
        if id_ in claimed:
            continue
        person = register.persons[id_]
        if number and person["id_no"] and person["id_no"] != number:
            continue
        if line.birth and person["birth"] and not agrees(line.birth, person["birth"]):
            continue
        score = _score(register, id_, person, line, room)
        if score > rank:
            best, rank = id_, score
    return best


def _score(register: Register, id_: str, person: dict[str, Any], line: RosterLine, room: str | None) -> int:
    """How sure it is that somebody of the same name and no other birth date is meant; 0: not at all."""
    home = register.homes[id_]
    same_birth = bool(line.birth and person["birth"])
    if room and home.room == room:
        return 5 if same_birth else 4
    if (
        line.household_no
        and home.household
        and line.household_no == register.households.get(home.household, [None] * 4)[1]
    ):
        return 4
    if same_birth and len(line.birth or "") == 10 and set(line.phones) & set(person["phones"].split()):  # noqa: PLR2004 a whole date
        return 3
    nowhere = home.room is None or not room
    return 2 if nowhere and same_birth and len(line.birth or "") == 10 else 0  # noqa: PLR2004 a whole date


class HouseholdFinder:
    """Finds the household of the register that a household of a roster is; each is found once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._claimed: set[str] = set()
        self._by_no: dict[str, str] = {}
        self._by_room: dict[str, list[str]] = {}
        for id_, (room, number, _, _) in register.households.items():
            if number:
                self._by_no.setdefault(number, id_)
            if room:
                self._by_room.setdefault(room, []).append(id_)

    def find(self, group: RosterHousehold, people: list[str], room: str | None) -> str | None:
        """By its number, by most of its members, else the only household of the room."""
        if not self._register.households:
            return None
        found = self._free(self._by_no.get(group.household_no or "")) or self._by_members(group, people)
        if found is None and room and len(there := self._by_room.get(room, [])) == 1 and self._fits(there[0], group):
            found = self._free(there[0])
        if found:
            self._claimed.add(found)
        return found

    def _free(self, household: str | None) -> str | None:
        return household if household not in self._claimed else None

    def _fits(self, household: str, group: RosterHousehold) -> bool:
        """A household that has another number is another household."""
        number = self._register.households[household][1]
        return not number or not group.household_no or number == group.household_no

    def _by_members(self, group: RosterHousehold, people: list[str]) -> str | None:
        counts = Counter(
            home.household for person in people if (home := self._register.homes.get(person)) and home.household
        )
        for household, _ in counts.most_common():
            if (
                household in self._register.households
                and household not in self._claimed
                and self._fits(household, group)
            ):
                return household
        return None
