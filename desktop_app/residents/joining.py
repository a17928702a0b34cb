"""Two entries of one person: whether their homes differ, and how one home is left of them when they become one."""

from dataclasses import dataclass
from typing import Literal

from desktop_app.residents.actions import end_living
from desktop_app.residents.living import OPEN, Living
from desktop_app.residents.model import Household, HouseholdMember, Residence
from desktop_app.store.database import Transaction

Choice = Literal["stays", "goes"]


def differ(here: Living | None, there: Living | None) -> bool:
    """Whether both are registered as living somewhere, and what is known of it does not agree."""
    if here is None or there is None:
        return False
    rooms = here.room_id and there.room_id and here.room_id != there.room_id
    households = here.household_id and there.household_id and here.household_id != there.household_id
    return bool(rooms or households)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two entries and where they live; `home` says whose home holds where they differ."""

    stays: str
    goes: str
    here: Living | None
    there: Living | None
    home: Choice


def join_homes(tx: Transaction, told: Joined, today: str) -> None:
    """One home is left, and who heads its household is said; nobody else is moved."""
    if differ(told.here, told.there):
        loser, winner = (told.goes, told.here) if told.home == "stays" else (told.stays, told.there)
        end_living(tx, loser, today)
        head = bool(winner and winner.head)
    else:
        _drop_twin(tx, told)
        winner = told.here if told.here and told.here.household_id else told.there or told.here
        head = any(one.head for one in (told.here, told.there) if one)
    if head and winner and winner.household_id:
        tx.change(Household, winner.household_id, head_id=told.stays)
        _as_head(tx, winner.household_id, told)


def _drop_twin(tx: Transaction, told: Joined) -> None:
    """The second entry of the same home was never a second person there; what only it has is the person's own."""
    for cls in (Residence, HouseholdMember):
        mine = f"SELECT id FROM {cls.__tablename__} WHERE person_id=? AND {OPEN}"
        if tx.scalar(mine, (told.stays,)):
            for (record_id,) in tx.rows(mine, (told.goes,)):
                tx.bury(cls, record_id)


def _as_head(tx: Transaction, household_id: str, told: Joined) -> None:
    sql = f"SELECT id FROM household_member WHERE household_id=? AND person_id IN (?,?) AND {OPEN}"
    for (member_id,) in tx.rows(sql, (household_id, told.stays, told.goes)):
        tx.change(HouseholdMember, member_id, relation="户主")
