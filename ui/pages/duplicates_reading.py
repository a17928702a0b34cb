"""What the page of suspected duplicates reads: pairs that still stand, and all about the pair under the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.residents import merging
from desktop_app.residents.duplicates import Pair
from desktop_app.residents.merging import MergePlan
from desktop_app.residents.queries import detail
from desktop_app.residents.search import Hit
from desktop_app.store.database import Database


def pair_of(told: dict[str, Any]) -> Pair:
    """A pair as the child process told it."""
    return Pair(Hit(**told["a"]), Hit(**told["b"]), tuple(told["reasons"]))


def pair_id(pair: Pair) -> str:
    """What tells pairs apart."""
    return f"{pair.a.id}:{pair.b.id}"


def still_open(db: Database, pairs: Sequence[Pair]) -> list[Pair]:
    """Those of which both are still there and nobody has said that they are two; runs on the reader thread."""
    alive = {row[0] for row in db.rows("SELECT id FROM person WHERE sync_del=0")} if pairs else set()
    settled = {(a, b) for a, b in db.rows("SELECT a_id,b_id FROM duplicate_verdict WHERE sync_del=0")}
    return [
        pair
        for pair in pairs
        if pair.a.id in alive and pair.b.id in alive and tuple(sorted((pair.a.id, pair.b.id))) not in settled
    ]


@dataclass(frozen=True, slots=True)
class PairFacts:
    """The plan of a merge, and where both live, with whom, in words; empty where no home is registered."""

    plan: MergePlan
    homes: tuple[str, str]


def pair_facts(db: Database, pair: Pair) -> PairFacts:
    """One visit to the store; runs on the reader thread.  AppError where one of the two is gone."""
    told = merging.plan(db, pair.a.id, pair.b.id)
    return PairFacts(told, (_home(db, told.stays.id), _home(db, told.goes.id)))


def _home(db: Database, person_id: str) -> str:
    found = detail(db, person_id)
    if found is None or found.place is None:
        return ""
    others = [member.name for member in found.members if member.person_id != person_id]
    head = "户主" if found.household and found.household.head_id == person_id else ""
    company = f"与{'、'.join(others)}同户" if others else "一个人一户"
    return "，".join(part for part in (found.place.full, head, company) if part)
