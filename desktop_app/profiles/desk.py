"""The profile this desk follows, and numbers taken in its formats."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Self

from desktop_app.profiles.queries import TOWNS, codes, profile
from desktop_app.profiles.rules import CodeTable
from desktop_app.profiles.town import Sequence, TownProfile
from desktop_app.store.database import Database, Transaction

FOLLOWED: Final = "town"
"""The name under which a community's choices of a town lie among its files of rules."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A choice: the town followed from a day on, and the one before it."""

    town: str
    before: str
    from_on: str


def towns_chosen(db: Database) -> list[Followed]:
    """The choices of the community, the latest first; one for a town this version does not know is passed over."""
    rows = db.rows(
        "SELECT content,from_on FROM rule_book WHERE name=? AND sync_del=0 ORDER BY from_on DESC,at DESC,id DESC",
        (FOLLOWED,),
    )
    read = ((tomllib.loads(content), from_on) for content, from_on in rows)
    found = [Followed(str(told.get("town")), str(told.get("before")), on) for told, on in read]
    return [one for one in found if one.town in TOWNS]


def followed(db: Database, on: str = "") -> str:
    """The town this community follows on a day (today if blank), by its name in TOWNS."""
    return _holds(db, towns_chosen(db), on)


def _holds(db: Database, chosen: list[Followed], on: str) -> str:
    day = on[:10] or db.clock.today().isoformat()
    if holds := next((one for one in chosen if one.from_on <= day), None):
        return holds.town
    # all desks agree on what was before the first choice, whatever each was set up with
    first = chosen[-1].before if chosen else ""
    return first if first in TOWNS else db.setting("profile") or "general"


def town_of(db: Database) -> TownProfile:
    """The town profile of this desk; a copy the community edited, beside the store, goes before the shipped one."""
    return profile(followed(db), db.path.parent)


def list_names(db: Database) -> dict[str, str]:
    """What kinds of lists are called, those of towns followed earlier too."""
    towns = (town_of(db), *(profile(name) for name in TOWNS))
    return {one.code: one.name for town in reversed(towns) for one in town.list_types}


class TownSequences:
    """Rows of steps by their code: of this desk's town first, then of every town the program knows."""

    def __init__(self, db: Database, of: Callable[[TownProfile], tuple[Sequence, ...]]) -> None:
        """`of`: which rows of a town."""
        self._home, self._of = db.path.parent, of
        self._town = partial(_holds, db, towns_chosen(db))
        self._own = profile(self._town(""), self._home)
        self._found: dict[tuple[str, str], Sequence | None] = {}

    def __getitem__(self, code: str) -> Sequence | None:
        return self.on(code, "")

    def on(self, code: str, day: str) -> Sequence | None:
        """The row as it stood on the day something was begun: a later change is for what begins later."""
        key = code, day[:10]
        if key not in self._found:
            own = profile(self._town(day), self._home, day[:10]) if day else self._own
            others = (profile(name, self._home, day[:10]) for name in TOWNS)
            every = (one for each in (own, *others) for one in self._of(each))
            self._found[key] = next((one for one in every if code in {one.code, one.name}), None)
        return self._found[key]


def desk_codes(db: Database, kind: str) -> CodeTable:
    """A code table of this desk; the community's own copy goes before the shipped one."""
    return codes(kind, db.path.parent)


def code_of(db: Database, kind: str, word: str) -> str:
    """The code of a word in this desk's table, else in the shipped one: a community may have renamed the code since.

    "" for nothing; the word itself where neither knows it.
    """
    found = desk_codes(db, kind).find(word)
    return found.code if found else codes(kind).code(word)


def name_of(db: Database, kind: str, word: str) -> str:
    """What this desk calls what a word means, the shipped words included; the word itself where nobody knows it."""
    return (desk_codes(db, kind).find(code_of(db, kind, word)) or desk_codes(db, kind).get(word)).name if word else ""


def ever_called(db: Database, kind: str, code: str) -> tuple[str, ...]:
    """As `all_words`, and what the code was called as shipped: records from before a renaming keep that name."""
    found = codes(kind).get(code)
    return (*all_words(db, kind, code), found.name, *found.aliases)


def all_words(db: Database, kind: str, word: str) -> tuple[str, ...]:
    """Everything a code of a table is written as: its code, its name and its other names."""
    found = desk_codes(db, kind).get(word)
    return (found.code, found.name, *found.aliases)


class DeskNumber(int):
    """A running number with the desk's part before it: 3-0012.  An ordinary number where the desk is not enrolled.

    Desks number without asking each other; the part issued at enrolment keeps their numbers apart.
    """

    desk: int

    def __new__(cls, seq: int, desk: int) -> Self:
        number = super().__new__(cls, seq)
        number.desk = desk
        return number

    def __format__(self, spec: str) -> str:
        written = int.__format__(self, spec)
        return f"{self.desk}-{written}" if self.desk else written


def take_number(tx: Transaction, series: str, taken_in: tuple[str, str] | None = None) -> str:
    """The next number of a series, as the town writes it; it is this transaction's, so never given twice.

    `taken_in` names the table and column where numbers of the series stand: those that came by import are passed over.
    KeyError for a series the profile does not know.
    """
    written = town_of(tx.db).number(series)
    year = tx.db.clock.today().year
    desk = int(tx.scalar("SELECT ordinal FROM sync_state") or 0)
    community = str(tx.scalar("SELECT name FROM area WHERE id=?", (tx.db.setting("community"),)) or "")
    while True:
        seq = DeskNumber(tx.take_number(written.series_of(year)), desk)
        text = written.text(seq, community=community, year=year)
        if taken_in is None or not _stands(tx, taken_in, text):
            return text


def next_number(tx: Transaction, series: str, taken_in: tuple[str, str]) -> str | None:
    """As `take_number`; None where a community's copy of a profile is older than the series."""
    try:
        return take_number(tx, series, taken_in)
    except KeyError:
        return None


def _stands(tx: Transaction, taken_in: tuple[str, str], text: str) -> bool:
    table, column = taken_in
    return tx.scalar(f"SELECT 1 FROM {table} WHERE {column}=? AND sync_del=0", (text,)) is not None
