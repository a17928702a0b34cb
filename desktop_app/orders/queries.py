"""What one may ask about orders.  Lines for lists carry masked numbers; days are ISO dates, both ends included."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.orders import checks, rules
from desktop_app.orders.model import ServiceOrder
from desktop_app.orders.people import GONE
from desktop_app.orders.rules import State
from desktop_app.orders.states import OrderFact, facts_of
from desktop_app.places import rules as places
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.queries import order_rules
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.store.wording import having

OPEN_WORD: Final = "在办"
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; what is empty does not narrow.

    `phase`: one of `rules.PHASES`, or 在办 for all in which the service is still to be given; `text`: part of number,
    matter, content, place, requester or helper; `untaken`: those nobody took within the days of `order_rules`.
    """

    text: str = ""
    phase: str = ""
    colour: str = ""
    variant: str = ""
    helper_id: str = ""
    person_id: str = ""
    since: str = ""
    until: str = ""
    untaken: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the list; `phone` is masked; `colour` with its word; `waited` days without anybody to take it."""

    id: str
    no: str
    received_on: str
    variant: str
    colour: str
    title: str
    requester: str
    phone: str
    place: str
    want: str
    phase: str
    helper_id: str
    helper: str
    finished_on: str
    minutes: int
    satisfaction: str
    returned: int
    waited: int
    stale: int


_FROM: Final = (
    " FROM order_state s JOIN service_order o ON o.id=s.order_id LEFT JOIN room r ON r.id=o.room_id "
    "LEFT JOIN building b ON b.id=coalesce(r.building_id,o.building_id) LEFT JOIN estate e ON e.id=b.estate_id "
)
_LINE: Final = (
    "SELECT o.id,coalesce(o.no,''),s.received_on,o.variant,o.colour,o.title,coalesce(o.requester_name,''),"
    "coalesce(o.requester_phone,''),o.place,coalesce(e.name,''),b.no,r.unit,r.no,s.want_on,s.from_time,s.to_time,"
    "s.phase,coalesce(s.helper_id,''),coalesce(s.to_whom,''),coalesce(s.finished_on,''),s.minutes,"
    "coalesce(s.satisfaction,s.why_none,''),s.returned,s.stale,coalesce(s.sent_on,s.received_on)"
)
_WORDS: Final = {
    "phase": "s.phase=:phase",
    "colour": "o.colour=:colour",
    "variant": "o.variant=:variant",
    "helper_id": "s.helper_id=:helper_id",
    "person_id": "o.person_id=:person_id",
    "since": "s.received_on>=:since",
    "until": "s.received_on<=:until",
}
_TEXT: Final = ("o.title", "o.text", "o.no", "o.place", "o.requester_name", "s.to_whom")
_UNTAKEN: Final = f"s.phase IN ('{rules.WAITING}','{rules.SENT}') AND coalesce(s.sent_on,s.received_on)<=:latest"


def _where(db: Database, which: OrderFilter) -> tuple[str, dict[str, Any]]:
    told = {name: value for name in _WORDS if (value := getattr(which, name))}
    parts = [sql for name, sql in _WORDS.items() if name in told]
    if "colour" in told:
        told["colour"] = desk_codes(db, checks.COLOURS).code(told["colour"])
    if which.phase == OPEN_WORD:
        parts.remove(_WORDS["phase"])
        parts.append(f"s.phase IN ({','.join(repr(word) for word in rules.OPEN)})")
    if which.text:
        sql, words = having(which.text, _TEXT)
        parts.append(sql)
        told |= words
    if which.untaken:
        parts.append(_UNTAKEN)
        told["latest"] = checks.later(db.clock.today(), -order_rules(db.path.parent)["untaken_days"])
    if which.stale:
        parts.append("s.stale>0")
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), told


@reads("orders.read")
def orders(db: Database, which: OrderFilter | None = None, *, limit: int = PAGE) -> list[OrderLine]:
    """Orders, the latest first; of those nobody took, the longest waiting first."""
    which = which or OrderFilter()
    where, told = _where(db, which)
    order = "coalesce(s.sent_on,s.received_on),o.id" if which.untaken else "s.received_on DESC,o.id DESC"
    rows = db.rows(f"{_LINE}{_FROM}{where} ORDER BY {order} LIMIT :most", {**told, "most": limit})
    return list(_lines(db, rows))


@reads("orders.read")
def lines(db: Database, ids: Sequence[str]) -> list[OrderLine]:
    """Lines of these orders, in their order; those that are gone are left out."""
    sql = f"{_LINE}{_FROM} WHERE o.id IN (SELECT value FROM json_each(?))"
    found = {line.id: line for line in _lines(db, db.rows(sql, (json.dumps(list(ids)),)))}
    return [found[one] for one in ids if one in found]


@reads("orders.read")
def count(db: Database, which: OrderFilter | None = None) -> int:
    """How many orders."""
    where, told = _where(db, which or OrderFilter())
    return int(db.scalar(f"SELECT count(*) FROM order_state s JOIN service_order o ON o.id=s.order_id{where}", told))


@reads("orders.read")
def nobody_took(db: Database, *, limit: int = 50) -> list[OrderLine]:
    """Orders nobody took within the days of `order_rules`, the longest waiting first (for the home page)."""
    return orders(db, OrderFilter(untaken=True), limit=limit)


def _lines(db: Database, rows: Sequence[tuple[Any, ...]]) -> Iterator[OrderLine]:
    today = db.clock.today()
    for row in rows:
        key, no, received, variant, colour, title, name, phone, place, estate, building, unit, room = row[:13]
        want_on, first, last, phase, helper_id, helper, finished, minutes, rating, returned, stale, since = row[13:]
        home = places.address(estate, building, unit, room) if building else ""
        idle = phase in {rules.WAITING, rules.SENT}
        yield OrderLine(
            key, no, received, variant, checks.colour_word(db, colour), title, name, mask("phone", phone),
            place or home, want_words(want_on, first, last), phase, helper_id,
            helper or ("公开派单" if phase == rules.SENT else ""), finished, minutes, rating, returned,
            (today - today.fromisoformat(since)).days if idle else 0, stale,
        )  # fmt: skip


def want_words(on: str | None, first: str | None, last: str | None) -> str:
    """11-23 14:00-16:00; "" where no day is wished for."""
    return " ".join(part for part in ((on or "")[5:], "-".join(filter(None, (first, last)))) if part)


# ----------------------------------------------------------------------------------------------------------- one order


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as the time line shows it; `stale` says why it changed nothing, "" where it did."""

    id: str
    kind: str
    on: str
    at: int
    by_name: str
    to_whom: str
    text: str
    result: str
    stale: str


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order with its events and what may be done next; `notes` say if requester or helper are gone."""

    order: ServiceOrder
    state: State
    line: OrderLine
    events: tuple[EventLine, ...]
    allowed: tuple[str, ...]
    notes: tuple[str, ...]


@reads("orders.read")
def detail(db: Database, order_id: str) -> OrderDetail | None:
    """All there is about an order, always from its events; None where there is none."""
    order = db.get(ServiceOrder, order_id)
    found = lines(db, [order_id]) if order else []
    if order is None or not found:
        return None
    events = facts_of(db, [order_id]).get(order_id, [])
    state = rules.fold(events)
    return OrderDetail(
        order, state, found[0], tuple(event_lines(events, state)), rules.allowed(state), tuple(_notes(db, order, state))
    )


def event_lines(events: Sequence[OrderFact], state: State) -> Iterator[EventLine]:
    """Events in their order, those taken back left out."""
    from desktop_app.orders.folding import in_order

    stale = {one.event_id: one.why for one in state.stale}
    for event in in_order(events):
        if not event.sync_del:
            minutes = f"{event.minutes} 分钟" if event.minutes else ""
            result = "　".join(part for part in (minutes, event.satisfaction, event.why_none) if part)
            yield EventLine(
                event.id, event.kind, event.on, event.at, event.by_name, event.to_whom or "", event.text or "", result,
                stale.get(event.id, ""),
            )  # fmt: skip


def _notes(db: Database, order: ServiceOrder, state: State) -> Iterator[str]:
    sql = f"SELECT p.name,{GONE} FROM person p WHERE p.id=?"
    for name, why in db.rows(sql, (order.person_id,)) if order.person_id and state.open else ():
        if why:
            yield f"点单人{name}{why}"
    ended = (
        "CASE WHEN h.sync_del<>0 THEN '的登记已不在' WHEN h.to_on IS NOT NULL THEN '已于'||h.to_on||'退出' ELSE '' END"
    )
    sql = f"SELECT h.name,{ended},{GONE} FROM helper h LEFT JOIN person p ON p.id=h.person_id WHERE h.id=?"
    for name, out, why in db.rows(sql, (state.helper_id,)) if state.helper_id and state.open else ():
        if out or why:
            yield f"{name}{out or why}，请退单或转单"


# ------------------------------------------------------------------------------------------------------------ counting


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders that came in within a period: how many, how they ended, days to be taken, minutes, by colour."""

    total: int
    open: int
    cancelled: int
    done: int
    satisfied: int
    rated: int
    minutes: int
    untaken: int
    by_colour: tuple[tuple[str, int, int], ...]
    """colour with its word, orders, helpers with it: what is asked for against who there is"""

    @property
    def satisfaction(self) -> float | None:
        """Share of those rated that are 满意 or 基本满意, in percent; None where nobody was asked."""
        return round(self.satisfied * 100 / self.rated, 1) if self.rated else None


@reads("orders.read")
def tally(db: Database, since: str = "", until: str = "") -> Tally:
    """The figures of a period; "" for open ends."""
    where, told = _where(db, OrderFilter(since=since, until=until))
    source = f"FROM order_state s JOIN service_order o ON o.id=s.order_id{where}"
    row = db.row(
        "SELECT count(*),coalesce(sum(s.phase IN ('待派','已派','已接','进行')),0),coalesce(sum(s.phase='取消'),0),"
        "coalesce(sum(s.phase IN ('待评','已评')),0),coalesce(sum(s.satisfaction IN ('满意','基本满意')),0),"
        f"coalesce(sum(s.satisfaction IS NOT NULL),0),coalesce(sum(s.minutes),0) {source}",
        told,
    )
    asked = dict(db.rows(f"SELECT o.colour,count(*) {source} GROUP BY 1", told))
    table = desk_codes(db, checks.COLOURS)
    there = {one.code: 0 for one in table.offered()}
    for (colours,) in db.rows("SELECT colours FROM helper WHERE sync_del=0 AND to_on IS NULL AND scope=0"):
        for one in colours.split():
            there[one] = there.get(one, 0) + 1
    by_colour = tuple((checks.colour_word(db, one), asked.get(one, 0), many) for one, many in there.items())
    total, opened, cancelled, done, satisfied, rated, minutes = row or (0,) * 7
    untaken = count(db, OrderFilter(untaken=True))
    return Tally(total, opened, cancelled, done, satisfied, rated, minutes, untaken, by_colour)
