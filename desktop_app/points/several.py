"""Deposits for several things that were done: each that can be is made, and what was wrong with the others is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.points import rules, writing
from desktop_app.points.actions import Deposit, deposited, must_be_reviewed
from desktop_app.points.book import rule_on
from desktop_app.points.model import PointsEntry
from desktop_app.points.opening import living_account, opened
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Owed:
    """Something done that nothing was deposited for yet, and for whom: as `due.due` lists it."""

    ref_type: str
    ref_id: str
    on: str
    minutes: int
    text: str
    person_id: str = ""
    helper_id: str = ""


@dataclass(frozen=True, slots=True)
class NotDeposited:
    """Something done that nothing was deposited for, and why."""

    owed: Owed
    why: str
    next_step: str
    field: str

    @property
    def words(self) -> str:
        """2026-11-20 陪诊：李强：每次 …，已到上限，没有存入."""
        return f"{self.owed.on} {self.owed.text}：{self.why.rstrip('。')}"


@needs("points.change")
def deposit_due(
    db: Database, actor: Actor, due: Sequence[Owed], rule: str, *, attest1: str = "", attest2: str = ""
) -> tuple[list[PointsEntry], list[NotDeposited]]:
    """Deposits for several things that were done; whoever has no account of the rule's kind gets one.

    What cannot be deposited keeps nobody else from it: it is told in the second list, and nothing of it is written.
    AppError only for what is wrong with all of them: no such rule, a reviewer missing.
    """
    told = {"rule": rule, "attest1": attest1, "attest2": attest2}
    _must_hold_for_some(db, due, **told)
    made, problems = list[PointsEntry](), list[NotDeposited]()
    with db.transaction(actor, f"积分存入（{len(due)}笔）") as tx:
        for one in due:
            tx.execute("SAVEPOINT one_of_several")
            try:
                made.append(_deposited(tx, one, **told))
            except AppError as error:
                tx.execute("ROLLBACK TO one_of_several")
                problems.append(NotDeposited(one, error.message, error.next_step or "", error.field or ""))
            tx.execute("RELEASE one_of_several")
    return made, problems


def _must_hold_for_some(db: Database, due: Sequence[Owed], rule: str, attest1: str, attest2: str) -> None:
    """AppError where the rule holds on none of the days, and for reviewers who would do for none of them."""
    failed: list[AppError] = []
    for on in sorted({one.on for one in due}):
        try:
            must_be_reviewed(rule_on(db, rule, on), attest1, attest2)
        except AppError as error:
            failed.append(error)
        else:
            return
    if failed:
        raise failed[-1]


def _deposited(tx: Transaction, one: Owed, rule: str, attest1: str, attest2: str) -> PointsEntry:
    found = rule_on(tx.db, rule, one.on)
    owner = {"person_id": one.person_id, "helper_id": "" if one.person_id else one.helper_id}
    account = living_account(tx, found.of, **owner) or opened(tx, found.of, owner)
    amount = None if found.per == rules.EACH else one.minutes
    told = Deposit(rule, amount, one.text[: writing.LONGEST], one.on, attest1, attest2, one.ref_type, one.ref_id)
    return deposited(tx, account, told)
