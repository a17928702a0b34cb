"""Who else receives an appeal: its story and attachments go along, and those units may act on it.

A unit that has an appeal in hand (it was sent up to it, or it has claimed it) is not left with half a job: taken back
from there, the appeal comes down its ladder to the unit that had it before, with the reason, in the same act.
"""

from collections.abc import Iterable
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.appeals import rules
from desktop_app.appeals.deeds import Deed, event_of
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.states import Ladders, facts_of, renew
from desktop_app.places import sharing
from desktop_app.places.sharing import Wanted
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction


@needs("appeals.share")
def share(db: Database, actor: Actor, appeal_id: str, units: Iterable[int]) -> Appeal:
    """Lets more units receive an appeal and act on it; those that do already stay."""
    return _change(db, actor, "共享诉求", appeal_id, sharing.these_too(units))


@needs("appeals.share")
def share_with(db: Database, actor: Actor, appeal_id: str, units: Iterable[int], why: str = "") -> Appeal:
    """Lets these units receive an appeal, and no others; `why` as in `unshare`."""
    return _change(db, actor, "共享诉求", appeal_id, sharing.these_alone(units), why)


@needs("appeals.share")
def unshare(db: Database, actor: Actor, appeal_id: str, units: Iterable[int] | None = None, why: str = "") -> Appeal:
    """Takes an appeal back from some units, or from all; what they did about it stays in its story.

    From a unit that is working on it only with a reason: AppError at `why` without one, and nothing is changed.
    """
    return _change(db, actor, "收回诉求", appeal_id, sharing.not_these(units), why)


def _change(db: Database, actor: Actor, what: str, appeal_id: str, wanted: Wanted, why: str = "") -> Appeal:
    with db.transaction(actor, what, why.strip()) as tx:
        appeal, lost = sharing.name_units(tx, Appeal, appeal_id, wanted)
        if lost:
            _call_back(tx, appeal, lost, why.strip())
        return appeal


def _call_back(tx: Transaction, appeal: Appeal, lost: frozenset[int], why: str) -> None:
    """Brings the appeal down from those that have it in hand and receive it no more."""
    ladder = Ladders(tx.db).on(appeal.ladder, appeal.received_on)
    events = list[Any](facts_of(tx, [appeal.id]).get(appeal.id, ()))
    state = rules.fold(events, ladder)
    while state.with_unit in lost and state.step > 1:
        if not why:
            raise AppError(
                f"“{appeal.title}”正在“{rules.step_name(ladder, state.step)}”办理，没有收回，什么也没有改。",
                field="why",
                next_step="请写明收回的原因，诉求随之退回下一级；也可以请那里先办结或退回。",
            )
        kind = "恢复" if state.phase == rules.PAUSED else "退回"
        events.append(tx.add(event_of(tx, appeal, state, Deed(kind, text=why), ladder)))
        state = rules.fold(events, ladder)
    renew(tx, [appeal.id])
