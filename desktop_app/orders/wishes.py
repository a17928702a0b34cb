"""What one may do with small wishes: collect one, claim, fulfil with proof, thank, put off, withdraw."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.orders import checks, wish_rules
from desktop_app.orders.model import Wish, WishEvent
from desktop_app.orders.wish_facts import facts_of
from desktop_app.orders.wish_rules import State
from desktop_app.profiles import choices
from desktop_app.profiles.desk import next_number
from desktop_app.profiles.queries import order_rules
from desktop_app.residents.model import Person
from desktop_app.shared import deeds
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past, must_be_whole
from desktop_app.store.database import Database, Transaction

_LONGEST: Final = 60
_ALIAS: Final = 12
_NAMES: Final = {"text": "内容", "taker": "认领人", "until": "延至哪一天"}
_OURS: Final = ("no", "received_at")


@dataclass(frozen=True, slots=True)
class WishDeed:
    """What somebody says was done; `taker`, `taker_kind` (个人 or 单位) and `taker_phone` are for 认领.

    `on`, `by_name` and `expects` as in `orders.actions.Deed`.
    """

    kind: str
    text: str = ""
    taker: str = ""
    taker_kind: str = wish_rules.PERSON
    taker_phone: str = ""
    cost_fen: int | None = None
    until: str = ""
    on: str = ""
    by_name: str = ""
    expects: str | None = None


def blank(db: Database, **fields: Any) -> Wish:
    """A new wish of today, with what is told.  Not stored yet."""
    told: dict[str, Any] = {
        "received_at": db.clock.ms(),
        "received_on": db.clock.today().isoformat(),
        "alias": "",
        "kind": "其他",
        "text": "",
        "cost_cap_fen": 0,
    }
    return Wish(**(told | {name: value for name, value in fields.items() if value not in (None, "")}))


@needs("orders.change")
def collect(db: Database, actor: Actor, wish: Wish) -> Wish:
    """Takes a wish in and gives it a number; without a day it ends after the days of `order_rules`.

    AppError for a cap below zero or above what the community allows, and for words that would name the wisher on the
    wall.
    """
    with db.transaction(actor, "登记微心愿") as tx:
        person = tx.need(Person, wish.person_id) if wish.person_id else None
        if person:
            if person.deceased_on or person.left_on:
                raise AppError("这位居民已不在本社区，没有登记。", field="person_id", next_step="请核对居民资料。")
            wish.name = wish.name or person.name
        _complete(db, wish)
        wish.no = next_number(tx, "wish", ("wish", "no"))
        tx.add(wish)
        tx.add(_event(tx, wish, WishDeed("登记", on=wish.received_on), ""))
        return wish


def _complete(db: Database, wish: Wish) -> None:
    told = order_rules(db.path.parent)
    wish.text = checks.text(wish.text, "心愿", "text", _LONGEST)
    wish.alias = checks.text(wish.alias, "公开称呼", "alias", _ALIAS)
    wish.kind = choices.code(db, "wish_kinds", wish.kind, "类别", "kind")
    _check_cap(wish.cost_cap_fen, told["wish_cap_fen"])
    must_be_past(db.clock.today(), wish.received_on, "征集日期", "received_on")
    if not wish.expires_on:
        wish.expires_on = checks.later(date.fromisoformat(wish.received_on), told["wish_days"])
    _check_end(wish.expires_on, wish.received_on)
    _check_names(wish.text, wish.alias, wish.name)


def _check_end(expires_on: str, received_on: str) -> None:
    must_be_whole(expires_on, "期限", "expires_on")
    if expires_on < received_on:
        raise AppError("期限早于征集日期，没有保存。", field="expires_on", next_step="请核对日期。")


def _check_cap(fen: int, most: int) -> None:
    checks.fen(fen, "费用上限", "cost_cap_fen")
    if most and fen > most:
        raise AppError(
            f"费用上限超过本社区规定的 {most // 100} 元，没有保存。",
            field="cost_cap_fen",
            next_step="请改小一些；规定在“地方做法”的“点单的数字”里，社区书记可以改。",
        )


def _check_names(text: str, alias: str, name: str | None) -> None:
    for words, zh, field in ((text, "心愿", "text"), (alias, "公开称呼", "alias")):
        if wish_rules.names_itself(words, name):
            raise AppError(
                f"{zh}里写了心愿人的姓名，心愿墙是公开的，没有保存。",
                field=field,
                next_step="请写成“独居老人王奶奶”的样子，不写全名。",
            )


@needs("orders.change")
def change_wish(db: Database, actor: Actor, wish_id: str, **changes: Any) -> Wish:
    """Changes the named fields of a wish that is still to be fulfilled."""
    if spared := [name for name in _OURS if name in changes]:
        raise AppError("心愿编号不能修改，没有保存。", field=spared[0], next_step="登记错了请撤回，重新登记。")
    with db.transaction(actor, "修改微心愿") as tx:
        wish = tx.need(Wish, wish_id)
        phase = wish_rules.fold(facts_of(tx, [wish_id]).get(wish_id, ())).phase
        if phase not in {wish_rules.OPEN, wish_rules.CLAIMED}:
            raise AppError(f"心愿{phase}，不能再改，没有保存。", field="text", next_step="要补充请用“备注”。")
        for name, zh, longest in (("text", "心愿", _LONGEST), ("alias", "公开称呼", _ALIAS)):
            if name in changes:
                changes[name] = checks.text(changes[name], zh, name, longest)
        if changes.get("expires_on", wish.expires_on) != wish.expires_on:
            _check_end(changes["expires_on"], wish.received_on)
        if "kind" in changes and changes["kind"] != wish.kind:
            changes["kind"] = choices.code(db, "wish_kinds", changes["kind"], "类别", "kind")
        if "cost_cap_fen" in changes:
            _check_cap(changes["cost_cap_fen"], order_rules(db.path.parent)["wish_cap_fen"])
        told = [changes.get(name, getattr(wish, name)) for name in ("text", "alias", "name")]
        _check_names(told[0], told[1], told[2])
        return tx.change(Wish, wish_id, **changes)


@needs("orders.change")
def act_on_wish(db: Database, actor: Actor, wish_id: str, deed: WishDeed) -> State:
    """Adds an event to the line of a wish and returns where it stands then; AppError as in `orders.actions.act`."""
    with db.transaction(actor, f"微心愿{deed.kind}") as tx:
        wish = tx.need(Wish, wish_id)
        events: list[Any] = list(facts_of(tx, [wish_id]).get(wish_id, ()))
        before = wish_rules.fold(events)
        _check_deed(db, wish, before, deed)
        written = _event(tx, wish, deed, before.last_id)
        deeds.must_count(before.refusal(written), wish_rules.allowed(before))
        after = wish_rules.fold([*events, written])
        if any(one.event_id == written.id for one in after.stale):
            raise AppError("这个心愿刚由别人办了一步，没有保存。", next_step="请刷新，看过经过后再办。")
        tx.add(written)
        return after


def _check_deed(db: Database, wish: Wish, state: State, deed: WishDeed) -> None:
    deeds.check(deed, wish_rules.MOVES, _NAMES)
    if deed.taker_kind not in wish_rules.TAKERS:
        raise AppError("认领人只能是个人或单位，没有保存。", field="taker_kind", next_step="请选其中一个。")
    kept_phone(deed.taker_phone, "taker_phone")
    checks.fen(deed.cost_fen, "实际费用", "cost_fen")
    today = db.clock.today().isoformat()
    last = wish_rules.expiry(state, wish.expires_on)
    if deed.kind == "认领" and last and last < (deed.on or today):
        raise AppError(f"心愿已于 {last} 到期，没有认领。", next_step="还需要的话，请先延期。")
    if deed.until:
        must_be_whole(deed.until, "延至", "until")
        if deed.until <= today:
            raise AppError("延至的日期要在今天之后，没有保存。", field="until", next_step="请改日期。")
    if deed.on:
        must_be_past(db.clock.today(), deed.on, "日期", "on")
        if deed.on < wish.received_on:
            raise AppError(f"日期早于征集的 {wish.received_on}，没有保存。", field="on", next_step="请核对日期。")


def _event(tx: Transaction, wish: Wish, deed: WishDeed, last: str) -> WishEvent:
    claims = deed.kind == "认领"
    return WishEvent(
        wish_id=wish.id,
        kind=deed.kind,
        at=tx.db.clock.ms(),
        on=deed.on or tx.db.clock.today().isoformat(),
        by_name=deed.by_name.strip() or tx.actor.name,
        taker=deed.taker.strip() or None,
        taker_kind=deed.taker_kind if claims else None,
        taker_phone=kept_phone(deed.taker_phone) if claims else None,
        text=deed.text.strip() or None,
        cost_fen=deed.cost_fen,
        until=deed.until or None,
        expects=(deed.expects if deed.expects is not None else last) or None,
    )
