"""What one may do with appeals: take one in, act on it by the ladder, put right what was written, hand it to others."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.appeals import rules
from desktop_app.appeals.model import Appeal, AppealEvent
from desktop_app.appeals.rules import State
from desktop_app.appeals.states import Ladders, facts_of, renew
from desktop_app.places.model import Room
from desktop_app.profiles import town
from desktop_app.profiles.desk import desk_codes, take_number
from desktop_app.residents.model import Person
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.identity import Level, check_phone, normalise_phone
from desktop_app.store.database import Database, Transaction
from sync_protocol.behaviours import units_named

TABLES: Final = frozenset({"appeal", "appeal_event"})
CODES: Final = {
    "channel": ("appeal_channels", "渠道"),
    "kind": ("appeal_kinds", "类型"),
    "klass": ("appeal_classes", "事项分类"),
    "urgency": ("appeal_urgency", "紧急程度"),
}
"""Column → its code table, what it is called."""
_LONGEST_TITLE: Final = 60
_OURS: Final = ("no", "received_at", "ladder", "audience")
"""Fields nobody edits: numbers are taken, the ladder was chosen, sharing has a verb of its own."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody says was done.  `on` is the day, today if blank; `by_name` who did it, whoever sits here if blank.

    `expects` is the last event the person saw; None: whatever is there now.  `how` is for 解释.  `unit`: for 上报, the
    unit above that receives the appeal from now on.
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


# ----------------------------------------------------------------------------------------------------------- taking in


def register(db: Database, actor: Actor, appeal: Appeal, *, accept: bool = False) -> Appeal:
    """Takes an appeal in and gives it a number; with `accept` the work begins at once (受理)."""
    _complete(db, appeal)
    with db.transaction(actor, f"登记诉求：{appeal.title}") as tx:
        _from_person(tx, appeal)
        appeal.no = _number(tx)
        tx.add(appeal)
        first = _event(tx, appeal, State(), Deed("登记"))
        tx.add(first)
        if accept:
            tx.add(_event(tx, appeal, State(last_id=first.id), Deed("受理")))
        renew(tx, [appeal.id])
        return appeal


def blank(db: Database, **fields: Any) -> Appeal:
    """A new appeal that came in now, with what is told; codes may be given by name.  Not stored yet."""
    told: dict[str, Any] = {
        "received_at": db.clock.ms(),
        "received_on": db.clock.today().isoformat(),
        "channel": "来访",
        "kind": "求助",
        "klass": "其他",
        "urgency": "一般",
        "ladder": Ladders(db).offered[0].code,
    }
    return Appeal(**(told | {name: value for name, value in fields.items() if value not in (None, "")}))


def _complete(db: Database, appeal: Appeal) -> None:
    """Tidies a new appeal; AppError, at its field, for what no appeal can have."""
    appeal.title = _title(appeal.title or appeal.text.partition("\n")[0])
    _check_days(db, appeal.received_on, appeal.promised_on)
    for name in CODES:
        setattr(appeal, name, _code(db, name, getattr(appeal, name)))
    ladder = Ladders(db)[appeal.ladder]
    if ladder is None:
        raise AppError(f"没有“{appeal.ladder}”这种处置阶梯，没有登记。", field="ladder", next_step="请重新选择。")
    appeal.ladder = ladder.code
    appeal.reporter_phone = _phone(appeal.reporter_phone)
    if appeal.anonymous:
        appeal.person_id = appeal.reporter_name = appeal.reporter_phone = None


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise AppError("事由还没有填写，没有保存。", field="title", next_step="请用一句话写明反映什么。")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _code(db: Database, name: str, word: str) -> str:
    """The code of a word; one that is unknown or retired is no choice for what is written now."""
    kind, zh = CODES[name]
    table = desk_codes(db, kind)
    found = table.find(word)
    if found is None or found not in table.offered(db.clock.today()):
        what = "已停用" if found else "不在表中"
        raise AppError(
            f"{zh}“{word}”{what}，没有保存。",
            field=name,
            next_step=f"可以选：{'、'.join(table.names(db.clock.today()))}。",
        )
    return found.code


def _phone(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    verdict = check_phone(text)
    if verdict.level is not Level.OK:
        raise AppError(f"反映人电话：{verdict.reason}，没有保存。", field="reporter_phone", next_step="请核对号码。")
    return normalise_phone(text)


def _check_days(db: Database, received: str, promised: str | None) -> None:
    must_be_date(received, "接到日期", "received_on")
    if received > db.clock.today().isoformat():
        raise AppError("接到日期在今天之后，没有保存。", field="received_on", next_step="请核对日期。")
    if promised:
        must_be_date(promised, "承诺办结日期", "promised_on")
        if promised < received:
            raise AppError("承诺办结日期早于接到日期，没有保存。", field="promised_on", next_step="请核对日期。")


def _from_person(tx: Transaction, appeal: Appeal) -> None:
    """Who a registered resident is, and where; what was told stays."""
    person = tx.need(Person, appeal.person_id) if appeal.person_id else None
    if person:
        appeal.reporter_name = appeal.reporter_name or person.name
        appeal.reporter_phone = appeal.reporter_phone or next(iter(person.phones.split()), None)
        if not appeal.room_id:
            living = "SELECT room_id FROM residence WHERE person_id=? AND sync_del=0 AND to_on IS NULL"
            appeal.room_id = tx.scalar(living, (person.id,))
    if appeal.room_id and not appeal.building_id:
        room = tx.get(Room, appeal.room_id)
        appeal.building_id = room.building_id if room else None


def _number(tx: Transaction) -> str | None:
    try:
        return take_number(tx, "appeal", ("appeal", "no"))
    except KeyError:  # a community's copy of a profile from before appeals had numbers
        return None


# -------------------------------------------------------------------------------------------------------- acting on it


def act(db: Database, actor: Actor, appeal_id: str, deed: Deed) -> State:
    """Adds an event to the line of an appeal and returns where it stands then.

    AppError where something is missing, where the ladder forbids it, or where somebody else has acted since `expects`;
    nothing is written then.  A first 不满意 opens the appeal again at once.
    """
    with db.transaction(actor, f"诉求{deed.kind}") as tx:
        appeal = tx.need(Appeal, appeal_id)
        ladder, events = Ladders(db)[appeal.ladder], list(facts_of(tx, [appeal_id]).get(appeal_id, ()))
        _check_deed(db, appeal, deed)
        before = rules.fold(events, ladder)
        written = _event(tx, appeal, before, deed, ladder)
        _must_hold(before, [*events, written], written, ladder)
        tx.add(written)
        after = rules.fold([*events, written], ladder)
        if after.phase == rules.REOPENING:
            again = _event(tx, appeal, after, Deed("重开", text="居民评价不满意", by_name=deed.by_name, on=deed.on))
            tx.add(again)
            after = rules.fold([*events, written, again], ladder)
        if deed.unit:
            _hand_to(tx, appeal, [deed.unit])
        renew(tx, [appeal_id])
        return after


def _check_deed(db: Database, appeal: Appeal, deed: Deed) -> None:
    """AppError, at its field, for what a deed lacks or cannot be."""
    move = rules.MOVES.get(deed.kind)
    if move is None or deed.kind == "登记":
        known = "、".join(kind for kind in rules.MOVES if kind != "登记")
        raise AppError(f"没有“{deed.kind}”这一步，没有保存。", field="kind", next_step=f"可以是：{known}。")
    names = {"to_whom": "交给（告知）谁", "text": "内容", "how": "解释的方式", "outcome": "办理结果"}
    for name in move.needs:
        if name != "rating" and not str(getattr(deed, name)).strip():
            raise AppError(f"“{deed.kind}”要写明{names[name]}，没有保存。", field=name, next_step="请填写后再保存。")
    if "rating" in move.needs and bool(deed.satisfaction) == bool(deed.why_none.strip()):
        raise AppError(
            "评价和没有评价的原因要写其中一项，没有保存。",
            field="satisfaction",
            next_step="请选满意、基本满意或不满意；没有评价的写明原因。",
        )
    if deed.satisfaction and deed.satisfaction not in rules.SATISFACTIONS:
        raise AppError(f"没有“{deed.satisfaction}”这种评价，没有保存。", field="satisfaction", next_step="请重新选择。")
    _check_day(db, appeal, deed.on)


def _check_day(db: Database, appeal: Appeal, on: str) -> None:
    if not on:
        return
    must_be_date(on, "日期", "on")
    if on > db.clock.today().isoformat():
        raise AppError("日期在今天之后，没有保存。", field="on", next_step="请核对日期。")
    if on < appeal.received_on:
        raise AppError(f"日期早于接到诉求的 {appeal.received_on}，没有保存。", field="on", next_step="请核对日期。")


def _event(
    tx: Transaction, appeal: Appeal, state: State, deed: Deed, ladder: town.Sequence | None = None
) -> AppealEvent:
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
        extra=json.dumps({"how": deed.how.strip()}, ensure_ascii=False) if deed.how.strip() else None,
    )


def _must_hold(before: State, events: list[Any], written: AppealEvent, ladder: town.Sequence | None) -> None:
    """AppError where the event would come to nothing."""
    if why := rules.refusal(before, written, ladder) if rules.MOVES[written.kind].turns else "":
        could = "、".join(rules.allowed(before, ladder))
        raise AppError(f"{why}，没有保存。", field="kind", next_step=f"现在可以：{could}。")
    if before.phase not in rules.MOVES[written.kind].phases:
        raise AppError(f"诉求{before.phase}，不能{written.kind}，没有保存。", field="kind", next_step="请刷新后再试。")
    if any(one.event_id == written.id for one in rules.fold(events, ladder).stale):
        raise AppError("这件诉求刚由别人办了一步，没有保存。", next_step="请刷新，看过经过后再办。")


# ------------------------------------------------------------------------------------------------------- putting right


def change(db: Database, actor: Actor, appeal_id: str, **changes: Any) -> Appeal:
    """Changes the named fields of what was taken in; codes may be given by name."""
    if spared := [name for name in _OURS if name in changes]:
        raise AppError(
            "诉求的编号、处置阶梯和共享单位不能这样修改，没有保存。", field=spared[0], next_step="请用相应的操作。"
        )
    with db.transaction(actor, "修改诉求") as tx:
        appeal = tx.need(Appeal, appeal_id)
        for name in CODES.keys() & changes.keys():
            if changes[name] != getattr(appeal, name):
                changes[name] = _code(db, name, changes[name])
        if "title" in changes:
            changes["title"] = _title(changes["title"])
        if "reporter_phone" in changes:
            changes["reporter_phone"] = _phone(changes["reporter_phone"])
        if changes.keys() & {"received_on", "promised_on"}:
            told = {name: changes.get(name, getattr(appeal, name)) for name in ("received_on", "promised_on")}
            _check_days(db, told["received_on"], told["promised_on"])
        changed = tx.change(Appeal, appeal_id, **changes)
        renew(tx, [appeal_id])
        return changed


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


# -------------------------------------------------------------------------------------------------- other units, desks


def share(db: Database, actor: Actor, appeal_id: str, units: Iterable[int]) -> Appeal:
    """Lets more units receive an appeal and act on it; who may be named is checked by the server."""
    with db.transaction(actor, "共享诉求") as tx:
        return _hand_to(tx, tx.need(Appeal, appeal_id), units)


def _hand_to(tx: Transaction, appeal: Appeal, units: Iterable[int]) -> Appeal:
    named = sorted({*units_named(appeal.audience), *units})
    return tx.change(Appeal, appeal.id, audience=",".join(map(str, named)) or None)


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit that touched appeals (a pull, an undo, an erasure): states are worked out, clashes noted."""
    if tables & TABLES:
        catch_up(db)


def catch_up(db: Database) -> int:
    """Works out all states that have to be; returns how many.  Any number of times, at any moment."""
    count = 0
    while db.scalar("SELECT 1 FROM appeal_stale LIMIT 1"):
        with db.transaction(SYSTEM, "核对诉求办理经过") as tx:
            count += renew(tx)
    return count


def last_working_day(received: date, days: int, db: Database) -> str:
    """The day `days` working days after one, for a promise to the resident."""
    from desktop_app.shared.workdays import workdays

    return workdays(db.path.parent).add(received, days).isoformat()
