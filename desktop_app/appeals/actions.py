"""What one may do with appeals: act on one by the ladder, put right what was written."""

from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, needs
from desktop_app.appeals import rules
from desktop_app.appeals.deeds import Deed, check_deed, event_of
from desktop_app.appeals.intake import CODES, check_days, code_of, tidy_title
from desktop_app.appeals.model import Appeal, AppealEvent
from desktop_app.appeals.rules import State
from desktop_app.appeals.states import Ladders, facts_of, renew
from desktop_app.places import sharing
from desktop_app.profiles import town
from desktop_app.shared import deeds
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone
from desktop_app.store import states
from desktop_app.store.database import Database, Transaction

_OURS: Final = ("no", "received_at", "ladder", "audience")
"""Fields nobody edits: numbers are taken, the ladder was chosen, sharing has a verb of its own."""

# -------------------------------------------------------------------------------------------------------- acting on it


@needs("appeals.change")
def act(db: Database, actor: Actor, appeal_id: str, *deeds: Deed) -> State:
    """Adds events to the line of an appeal, all or none, and returns where it stands then.

    AppError where something is missing, where the ladder forbids it, or where somebody else has acted since `expects`;
    nothing is written then.  A first 不满意 opens the appeal again at once.
    """
    if any(deed.unit for deed in deeds):
        demand(db, actor, "appeals.share")
    with db.transaction(actor, f"诉求{deeds[-1].kind}") as tx:
        appeal = tx.need(Appeal, appeal_id)
        ladder = Ladders(db).on(appeal.ladder, appeal.received_on)
        events = list[Any](facts_of(tx, [appeal_id]).get(appeal_id, ()))
        for deed in deeds:
            state = _do(tx, appeal, ladder, events, deed)
        renew(tx, [appeal_id])
        return state


def _do(tx: Transaction, appeal: Appeal, ladder: town.Sequence | None, events: list[Any], deed: Deed) -> State:
    """One deed; what it wrote is added to `events`."""
    check_deed(tx.db, appeal, deed)
    before = rules.fold(events, ladder)
    written = event_of(tx, appeal, before, deed, ladder)
    _must_hold(before, [*events, written], written, ladder)
    events.append(tx.add(written))
    after = rules.fold(events, ladder)
    if after.phase == rules.REOPENING:
        again = Deed("重开", text="居民评价不满意", by_name=deed.by_name, on=deed.on)
        events.append(tx.add(event_of(tx, appeal, after, again)))
        after = rules.fold(events, ladder)
    if deed.unit:
        sharing.name_units(tx, Appeal, appeal.id, sharing.these_too([deed.unit]))
    return after


def _must_hold(before: State, events: list[Any], written: AppealEvent, ladder: town.Sequence | None) -> None:
    """AppError where the event would come to nothing."""
    deeds.must_count(rules.refusal(before, written, ladder), rules.allowed(before, ladder))
    if before.phase not in rules.MOVES[written.kind].phases:
        raise AppError(f"诉求{before.phase}，不能{written.kind}，没有保存。", field="kind", next_step="请刷新后再试。")
    if any(one.event_id == written.id for one in rules.fold(events, ladder).stale):
        raise AppError("这件诉求刚由别人办了一步，没有保存。", next_step="请刷新，看过经过后再办。")


# ------------------------------------------------------------------------------------------------------- putting right


@needs("appeals.change")
def change(db: Database, actor: Actor, /, appeal_id: str, **changes: Any) -> Appeal:
    """Changes the named fields of what was taken in; codes may be given by name."""
    if spared := [name for name in _OURS if name in changes]:
        raise AppError(
            "诉求的编号、处置阶梯和共享单位不能这样修改，没有保存。", field=spared[0], next_step="请用相应的操作。"
        )
    with db.transaction(actor, "修改诉求") as tx:
        appeal = tx.need(Appeal, appeal_id)
        for name in CODES.keys() & changes.keys():
            if changes[name] != getattr(appeal, name):
                changes[name] = code_of(db, name, changes[name])
        if "title" in changes:
            changes["title"] = tidy_title(changes["title"])
        if "reporter_phone" in changes:
            changes["reporter_phone"] = kept_phone(changes["reporter_phone"], "reporter_phone", "反映人电话")
        if changes.keys() & {"received_on", "promised_on"}:
            told = {name: changes.get(name, getattr(appeal, name)) for name in ("received_on", "promised_on")}
            check_days(db, told["received_on"], told["promised_on"])
        changed = tx.change(Appeal, appeal_id, **changes)
        renew(tx, [appeal_id])
        return changed


@needs("appeals.change")
def cancel(db: Database, actor: Actor, appeal_id: str, why: str) -> None:
    """Takes back an appeal that was entered by mistake, as long as nothing was done about it; the reason is kept."""
    if not why.strip():
        raise AppError("撤销理由还没有填写，没有撤销。", field="why", next_step="请写明为什么撤销。")
    with db.transaction(actor, "撤销诉求", why.strip()) as tx:
        appeal = tx.need(Appeal, appeal_id)
        events = [event for event in facts_of(tx, [appeal_id]).get(appeal_id, ()) if not event.sync_del]
        if any(event.kind not in ("登记", "受理") for event in events):
            raise AppError(
                f"“{appeal.title}”已经在办，不能撤销，什么也没有改。",
                next_step="请按办理结果办结；重复的可在内容里注明。",
            )
        for event in events:
            tx.bury(AppealEvent, event.id)
        tx.bury(Appeal, appeal_id)
        renew(tx, [appeal_id])


# --------------------------------------------------------------------------------------------------------- other desks


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit, and when a store is opened: states of appeals are worked out, clashes noted.

    Whatever it touched (a pull, an undo, an erasure): what is stale stands in the file, also if a process was killed.
    """
    if "appeal_stale" in tables:
        catch_up(db)


def catch_up(db: Database) -> int:
    """Works out all states that have to be; returns how many.  Any number of times, at any moment."""
    return states.catch_up(db, "appeal", "核对诉求办理经过", renew)
