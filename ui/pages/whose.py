"""Whose visit or appeal a form is about, told by a key: `new`, `person:…`, `household:…`, `room:…` or `visit:…`."""

from dataclasses import dataclass

from desktop_app.places.queries import place
from desktop_app.residents.model import Household, Person
from desktop_app.residents.queries import Hit, household_of, households_in
from desktop_app.residents.search import hits
from desktop_app.store.database import Database
from desktop_app.visits.model import Visit

NEW = "new"


@dataclass(frozen=True, slots=True)
class Whose:
    """A resident, a household, a room, or nobody yet; `hit` is the resident as the search box shows one.

    `visit` is one that was made there and is to be put right.
    """

    key: str = NEW
    person_id: str | None = None
    household_id: str | None = None
    room_id: str | None = None
    name: str = ""
    address: str = ""
    hit: Hit | None = None
    visit: Visit | None = None

    @property
    def corrects(self) -> bool:
        """Whether a visit that was made is to be put right; it may be gone by now."""
        return self.key.startswith("visit:")

    @property
    def is_known(self) -> bool:
        return bool(self.person_id or self.household_id or self.room_id)


def whose(db: Database, key: str) -> Whose:
    """Who is meant; whoever is gone from the register is nobody.  Records by id: may be asked in place."""
    kind, _, record_id = key.partition(":")
    if kind == "person":
        return _person(db, key, record_id)
    if kind == "household":
        home = db.get(Household, record_id)
        return _household(db, key, home) if home else Whose(key)
    if kind == "visit":
        visit = db.get(Visit, record_id)
        return _visited(db, key, visit) if visit else Whose(key)
    if kind == "room" and (found := place(db, record_id)):
        homes = households_in(db, record_id)
        if len(homes) == 1:
            return _household(db, key, homes[0][0])
        return Whose(key, room_id=record_id, address=found.full)
    return Whose(key)


def _visited(db: Database, key: str, visit: Visit) -> Whose:
    """Whom a visit was made to, where it was made."""
    person, home = db.get(Person, visit.person_id), db.get(Household, visit.household_id)
    who = person or db.get(Person, home.head_id if home else None)
    where = place(db, visit.room_id) if visit.room_id else None
    return Whose(
        key,
        person_id=visit.person_id,
        household_id=visit.household_id,
        room_id=visit.room_id,
        name=who.name if who else "",
        address=where.full if where else "",
        visit=visit,
    )


def _person(db: Database, key: str, person_id: str) -> Whose:
    person = db.get(Person, person_id)
    if person is None:
        return Whose(key)
    found, home = hits(db, [person.local_no]), household_of(db, person_id)
    where = place(db, home.room_id) if home and home.room_id else None
    return Whose(
        key,
        person_id=person_id,
        household_id=home.id if home else None,
        room_id=home.room_id if home else None,
        name=person.name,
        address=where.full if where else "",
        hit=found[0] if found else None,
    )


def _household(db: Database, key: str, home: Household) -> Whose:
    head = db.get(Person, home.head_id)
    where = place(db, home.room_id) if home.room_id else None
    return Whose(
        key,
        household_id=home.id,
        room_id=home.room_id,
        name=head.name if head else "",
        address=where.full if where else "",
    )
