"""What somebody says was done about an appeal: what it must tell, and the event it becomes."""

import json
from dataclasses import dataclass
from typing import Final

from desktop_app.appeals import rules
from desktop_app.appeals.model import Appeal, AppealEvent
from desktop_app.appeals.rules import State
from desktop_app.profiles import town
from desktop_app.shared import deeds
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past
from desktop_app.store.database import Database, Transaction

WORDS: Final = {"to_whom": "交给（告知）谁", "text": "内容", "how": "解释的方式", "outcome": "办理结果"}
"""What the fields are called that a deed may need."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody says was done.  `on` is the day, today if blank; `by_name` who did it, whoever sits here if blank.

    `expects` is the last event the person saw; None: whatever is there now.  `how` is for 解释.  `unit`: for 上报 and
    部门认领, the unit that has the appeal in hand from now on, and receives it.
    """

    kind: str
    text: str = ""
    to_whom: str = ""
    on: str = ""
    by_name: str = ""
    outcome: str = ""
    satisfaction: str = ""
    why_none: str = ""
    how: str = ""
    expects: str | None = None
    unit: int | None = None


def check_deed(db: Database, appeal: Appeal, deed: Deed) -> None:
    """AppError, at its field, for what a deed lacks or cannot be."""
    deeds.check_rating(deed, deeds.check(deed, rules.MOVES, WORDS), rules.SATISFACTIONS)
    _check_day(db, appeal, deed.on)


def _check_day(db: Database, appeal: Appeal, on: str) -> None:
    if not on:
        return
    must_be_past(db.clock.today(), on, "日期", "on")
    if on < appeal.received_on:
        raise AppError(f"日期早于接到诉求的 {appeal.received_on}，没有保存。", field="on", next_step="请核对日期。")


def event_of(
    tx: Transaction, appeal: Appeal, state: State, deed: Deed, ladder: town.Sequence | None = None
) -> AppealEvent:
    """The event a deed becomes in this state; not stored yet."""
    to_step = state.step + {"上报": 1, "退回": -1}.get(deed.kind, 0)
    to_whom = deed.to_whom.strip()
    if deed.kind in ("上报", "退回") and not to_whom:
        to_whom = rules.step_name(ladder, to_step)
    return AppealEvent(
        appeal_id=appeal.id,
        kind=deed.kind,
        at=tx.db.clock.ms(),
        on=deed.on or (appeal.received_on if deed.kind == "登记" else tx.db.clock.today().isoformat()),
        by_name=deed.by_name.strip() or tx.actor.name,
        from_step=state.step,
        to_step=to_step,
        to_whom=to_whom or None,
        text=deed.text.strip() or None,
        outcome=deed.outcome or None,
        satisfaction=deed.satisfaction or None,
        why_none=deed.why_none.strip() or None,
        expects=(deed.expects if deed.expects is not None else state.last_id) or None,
        extra=_extra(tx, appeal, deed),
    )


def _extra(tx: Transaction, appeal: Appeal, deed: Deed) -> str | None:
    """What only some kinds have: how something was explained, the unit that has the appeal in hand from now on."""
    told = {"how": deed.how.strip(), "unit": _unit(tx, appeal, deed)}
    told = {name: value for name, value in told.items() if value}
    return json.dumps(told, ensure_ascii=False) if told else None


def _unit(tx: Transaction, appeal: Appeal, deed: Deed) -> int:
    """The unit that is named; of a claim at a desk that received the appeal, its own."""
    if deed.kind not in ("上报", "部门认领"):
        return 0
    own = deed.kind == "部门认领" and appeal.scope
    return deed.unit or int((own and tx.scalar("SELECT scope FROM sync_state")) or 0)
