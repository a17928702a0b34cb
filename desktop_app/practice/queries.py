"""What one may ask about a community's own rules: which files there are, what holds on a day, what it was before."""

import tomllib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.practice.model import RuleBook
from desktop_app.practice.rules import BOOKS
from desktop_app.profiles.desk import followed, towns_chosen
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

TOWN: Final = "profiles/"
"""How the names of towns' files begin."""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A file of rules in a list; `from_on` and `by_name` are of what holds today, empty for what was shipped."""

    name: str
    title: str
    kind: str
    source: str
    from_on: str
    by_name: str
    why: str
    versions: int
    coming: str
    """the day from which a later version holds"""
    followed: bool = False
    """whether it is the town this community follows today"""
    follows_from: str = ""
    """the day from which the community will follow this town"""
    latest: str = ""
    """the community's latest version, "" where it has none"""

    @property
    def id(self) -> str:
        """What the line is told apart by."""
        return self.name

    @property
    def own(self) -> bool:
        """Whether the community's own version holds."""
        return bool(self.from_on)


def shipped(name: str) -> str:
    """The text of a file as it came with the program."""
    return resource(*_place(name)).read_text("utf-8")


def _place(name: str) -> tuple[str, str]:
    folder, _, stem = name.partition("/")
    return folder, f"{stem}.toml"


@reads("practice.read")
def versions(db: Database, name: str) -> list[RuleBook]:
    """The community's versions of a file, the latest first."""
    mine = select(RuleBook).where(RuleBook.name == name, RuleBook.sync_del == 0)
    return db.select(mine.order_by(RuleBook.from_on.desc(), RuleBook.at.desc(), RuleBook.id.desc()))


def in_force(db: Database, name: str, on: str) -> RuleBook | None:
    """The version that holds on a day; None where the shipped one does."""
    found = next((one for one in versions(db, name) if one.from_on <= on), None)
    return found if found is not None and found.content else None


def text_of(db: Database, name: str, on: str) -> str:
    """The text of a file as it holds on a day."""
    found = in_force(db, name, on)
    return found.content if found else shipped(name)


@reads("practice.read")
def books(db: Database, on: str, text: str = "") -> list[BookLine]:
    """All files of rules: the town that is followed first, then those the community wrote."""
    lines = [line for line in (_line(db, name, on) for name in BOOKS) if text in f"{line.title}{line.name}"]
    return sorted(
        lines, key=lambda one: (not one.followed, not (one.own or one.coming), one.kind != "城市做法", one.name)
    )


def _line(db: Database, name: str, on: str) -> BookLine:
    every = versions(db, name)
    now = in_force(db, name, on)
    head = tomllib.loads(text_of(db, name, on))
    title = str(head.get("title") or head.get("name") or BOOKS[name].title)
    coming = min((one.from_on for one in every if one.from_on > on), default="")
    told = (now.from_on, now.by_name, now.why) if now else ("", "", "")
    town = name.removeprefix(TOWN) if name.startswith(TOWN) else ""
    later = next((one for one in towns_chosen(db) if one.from_on > on), None) if town else None
    return BookLine(
        name, title, BOOKS[name].title, str(head.get("source_note", "")), *told, versions=len(every), coming=coming,
        followed=bool(town) and followed(db, on) == town,
        follows_from=later.from_on if later and later.town == town else "",
        latest=every[0].id if every else "",
    )  # fmt: skip
