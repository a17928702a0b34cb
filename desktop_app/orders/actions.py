"""What one may do with orders: place one, give it out, take it, serve, evaluate; give back, hand on, cancel."""

from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.orders import checks, rules
from desktop_app.orders.model import OrderEvent, ServiceOrder
from desktop_app.orders.people import need_helper
from desktop_app.orders.rules import State
from desktop_app.orders.states import facts_of, renew
from desktop_app.places.model import Room
from desktop_app.profiles import choices
from desktop_app.profiles.desk import next_number
from desktop_app.residents.living import room_id_of
from desktop_app.residents.model import Person
from desktop_app.shared import deeds
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past, must_be_whole
from desktop_app.store import states
from desktop_app.store.database import Database, Transaction

_OURS: Final = ("no", "received_at", "variant")
"""Fields nobody edits: numbers are taken, the way it began is how it began."""
_LONGEST_TITLE: Final = 60
_NAMES: Final = {"text": "原因", "helper_id": "派给（接单）谁", "minutes": "服务分钟"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody says was done.  `on` is the day, today if blank; `by_name` who did it, whoever sits here if blank.

    `expects` is the last event the person saw; None: whatever is there now.
    """

    kind: str
    helper_id: str = ""
    text: str = ""
    minutes: int | None = None
    satisfaction: str = ""
    why_none: str = ""
    on: str = ""
    by_name: str = ""
    expects: str | None = None


def blank(db: Database, **fields: Any) -> ServiceOrder:
    """A new order placed now, with what is told.  Not stored yet."""
    told: dict[str, Any] = {
        "received_at": db.clock.ms(),
        "received_on": db.clock.today().isoformat(),
        "variant": rules.ASKED,
        "title": "",
        "colour": "",
    }
    return ServiceOrder(**(told | {name: value for name, value in fields.items() if value not in (None, "")}))


@needs("orders.change")
def place(db: Database, actor: Actor, order: ServiceOrder, helper_id: str = "") -> ServiceOrder:
    """Takes an order in and gives it a number.

    An order of the organisation (组织派单) goes out at once: to `helper_id`, or without one to whoever takes it.  An
    order of a resident goes out at once only where a helper is named.
    """
    _complete(db, order)
    with db.transaction(actor, f"{order.variant}：{order.title}") as tx:
        _from_person(tx, order)
        order.no = next_number(tx, "order", ("service_order", "no"))
        tx.add(order)
        last = ""
        if order.variant == rules.ASKED:
            first = _event(tx, order, Deed("点单", on=order.received_on), "")
            tx.add(first)
            last = first.id
        if helper_id or order.variant == rules.GIVEN_OUT:
            tx.add(_event(tx, order, Deed("派单", helper_id, on=order.received_on), last))
        renew(tx, [order.id])
        return order


def _complete(db: Database, order: ServiceOrder) -> None:
    """Tidies a new order; AppError, at its field, for what no order can be."""
    order.title = checks.text(order.title or order.text.partition("\n")[0], "事项", "title", _LONGEST_TITLE)
    order.colour = choices.code(db, checks.COLOURS, order.colour, "七色专长", "colour")
    if order.variant not in rules.VARIANTS:
        raise AppError(
            f"没有“{order.variant}”这种方式，没有保存。", field="variant", next_step="请选居民点单或组织派单。"
        )
    must_be_past(db.clock.today(), order.received_on, "点单日期", "received_on")
    _check_time(order.want_on, order.from_time, order.to_time, order.received_on)
    order.requester_phone = kept_phone(order.requester_phone, "requester_phone")


def _check_time(on: str | None, first: str | None, last: str | None, received: str) -> None:
    checks.span(first, last)
    if first and not on:
        raise AppError("写了服务时间，没有写服务日期，没有保存。", field="want_on", next_step="请补上日期。")
    if on:
        must_be_whole(on, "服务日期", "want_on")
        if on < received:
            raise AppError(f"服务日期早于点单的 {received}，没有保存。", field="want_on", next_step="请核对日期。")


def _from_person(tx: Transaction, order: ServiceOrder) -> None:
    """Who a registered resident is, and where; what was told stays."""
    person = tx.need(Person, order.person_id) if order.person_id else None
    if person:
        order.requester_name = order.requester_name or person.name
        order.requester_phone = order.requester_phone or next(iter(person.phones.split()), None)
        order.room_id = order.room_id or room_id_of(tx, person.id)
    if order.room_id and not order.building_id:
        room = tx.get(Room, order.room_id)
        order.building_id = room.building_id if room else None


# -------------------------------------------------------------------------------------------------------- acting on it


@needs("orders.change")
def act(db: Database, actor: Actor, order_id: str, deed: Deed, *more: Deed) -> State:
    """Adds an event to the line of an order and returns where it stands then; several in one go, all or none.

    AppError, with nothing written, where something is missing, where it cannot be done now, where the helper is gone,
    or where somebody else has acted since `expects`.
    """
    with db.transaction(actor, f"服务单{deed.kind}") as tx:
        order = tx.need(ServiceOrder, order_id)
        events: list[Any] = list(facts_of(tx, [order_id]).get(order_id, ()))
        for one in (deed, *more):
            before = rules.fold(events)
            _check_deed(db, order, one)
            written = _event(tx, order, one, before.last_id, before)
            _must_hold(before, events, written)
            events.append(tx.add(written))
        renew(tx, [order_id])
        return rules.fold(events)


def _check_deed(db: Database, order: ServiceOrder, deed: Deed) -> None:
    """AppError, at its field, for what a deed lacks or cannot be."""
    deeds.check_rating(deed, deeds.check(deed, rules.MOVES, _NAMES), rules.SATISFACTIONS)
    if deed.on:
        must_be_past(db.clock.today(), deed.on, "日期", "on")
        if deed.on < order.received_on:
            raise AppError(f"日期早于点单的 {order.received_on}，没有保存。", field="on", next_step="请核对日期。")


def _event(tx: Transaction, order: ServiceOrder, deed: Deed, last: str, state: State | None = None) -> OrderEvent:
    today = tx.db.clock.today().isoformat()
    helper_id = deed.helper_id
    if state and deed.kind in {"开始", "完成"}:
        helper_id = helper_id or state.helper_id
    asked = deed.kind in {"派单", "接单", "转单"} and helper_id
    helper = need_helper(tx, helper_id, deed.on or today) if asked else None
    return OrderEvent(
        order_id=order.id,
        kind=deed.kind,
        at=tx.db.clock.ms(),
        on=deed.on or today,
        by_name=deed.by_name.strip() or tx.actor.name,
        helper_id=helper_id or None,
        to_whom=helper.name if helper else None,
        text=deed.text.strip() or None,
        minutes=deed.minutes,
        satisfaction=deed.satisfaction or None,
        why_none=deed.why_none.strip() or None,
        expects=(deed.expects if deed.expects is not None else last) or None,
    )


def _must_hold(before: State, events: list[Any], written: OrderEvent) -> None:
    """AppError where the event would come to nothing."""
    deeds.must_count(before.refusal(written), rules.allowed(before))
    if any(one.event_id == written.id for one in rules.fold([*events, written]).stale):
        raise AppError("这张服务单刚由别人办了一步，没有保存。", next_step="请刷新，看过经过后再办。")


# ------------------------------------------------------------------------------------------------------- putting right


@needs("orders.change")
def change(db: Database, actor: Actor, order_id: str, **changes: Any) -> ServiceOrder:
    """Changes the named fields of what was taken in; a colour may be given by name, one retired since may stay."""
    if spared := [name for name in _OURS if name in changes]:
        raise AppError(
            "服务单的编号和方式不能修改，没有保存。", field=spared[0], next_step="登记错了请取消，重新登记。"
        )
    with db.transaction(actor, "修改服务单") as tx:
        order = tx.need(ServiceOrder, order_id)
        if "colour" in changes:
            changes["colour"] = choices.code(
                db, checks.COLOURS, changes["colour"], "七色专长", "colour", known=order.colour
            )
        if "title" in changes:
            changes["title"] = checks.text(changes["title"], "事项", "title", _LONGEST_TITLE)
        if "requester_phone" in changes:
            changes["requester_phone"] = kept_phone(changes["requester_phone"], "requester_phone")
        if changes.keys() & {"want_on", "from_time", "to_time"}:
            on, first, last = (changes.get(name, getattr(order, name)) for name in ("want_on", "from_time", "to_time"))
            _check_time(on, first, last, order.received_on)
        changed = tx.change(ServiceOrder, order_id, **changes)
        renew(tx, [order_id])
        return changed


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit, and when a store is opened: states of orders are worked out, clashes noted.

    Whatever it touched (a pull, an undo, an erasure): what is stale stands in the file, also if a process was killed.
    """
    if "order_stale" in tables:
        catch_up(db)


def catch_up(db: Database) -> int:
    """Works out all states that have to be; returns how many.  Any number of times, at any moment."""
    return states.catch_up(db, "order", "核对服务单经过", renew)
