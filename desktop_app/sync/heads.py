"""Two heads of one household: who is its head and how the members are related to him is one question, asked once."""

from typing import Final

import orjson

from desktop_app.residents.actions import set_head
from desktop_app.residents.model import Household, HouseholdMember
from desktop_app.residents.rules import is_head_word
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.store.conflict import Conflict, waits
from desktop_app.store.database import Database, Transaction

HEAD: Final = (Household.__tablename__, "head_id")
RELATION: Final = (HouseholdMember.__tablename__, "relation")
_IS_HEAD: Final = (
    "SELECT h.head_id IS m.person_id FROM household_member m JOIN household h ON h.id=m.household_id "
    "WHERE m.id=:id AND m.to_on IS NULL AND m.sync_del=0"
)
_MEMBER: Final = "household_id=:home AND person_id=:person AND to_on IS NULL AND sync_del=0"
_RELATIONS: Final = (
    "SELECT c.id,m.id,c.win_value,c.lose_value,m.relation FROM conflict c JOIN household_member m ON m.id=c.row_id "
    f"WHERE c.tbl='household_member' AND c.field='relation' AND m.household_id=:home AND {waits('c')}"
)


def fits(db: Database | Transaction, table: str, field: str, record_id: str, value: object) -> bool:
    """Whether a relation agrees with who is head now; true of everything that is no relation of somebody there."""
    if (table, field) != RELATION:
        return True
    is_head = db.scalar(_IS_HEAD, {"id": record_id})
    return is_head is None or bool(is_head) is is_head_word(str(value or ""))


def must_fit(tx: Transaction, table: str, field: str, record_id: str, value: object) -> None:
    """AppError for a relation by which a household would have two heads, or none."""
    if not fits(tx, table, field, record_id, value):
        raise AppError(
            "一户只有一位户主，没有改动。",
            field=field,
            next_step="请在“户主”那一条里选，与户主关系会跟着改；要换户主，也可以打开这一户“变更户主”。",
        )


def choose(tx: Transaction, actor: Actor, household_id: str, person_id: str | None) -> None:
    """Makes this member the head, and calls nobody else so."""
    asked = {"home": household_id, "person": person_id}
    called = tx.scalar(f"SELECT coalesce(relation,'') FROM household_member WHERE {_MEMBER}", asked)
    if person_id is None or called is None:
        tx.change(Household, household_id, head_id=person_id)
    elif tx.need(Household, household_id).head_id != person_id or not is_head_word(called):
        set_head(tx, household_id, person_id)
    settle_relations(tx, actor, household_id)


def settle_relations(tx: Transaction, actor: Actor, household_id: str) -> None:
    """Who the head is has been said: the clashes about who is called 户主 are settled by that, where it stands so."""
    for conflict_id, member, won, lost, now in tx.rows(_RELATIONS, {"home": household_id}):
        sides = [None if one is None else orjson.loads(one) for one in (won, lost)]
        if any(is_head_word(str(one or "")) for one in sides) and fits(tx, *RELATION, member, now):
            status = "kept" if now == sides[0] else "swapped" if now == sides[1] else "merged"
            at = tx.db.clock.ms()
            tx.change(Conflict, conflict_id, status=status, resolved_by=actor.id or None, resolved_at=at)
