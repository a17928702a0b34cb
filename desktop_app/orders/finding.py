"""Who there is to help: the list of helpers, and who could take an order.

The store leaves those near enough with the skill, by what each of them has in hand; `matching.rank` does the rest.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.orders import checks, matching, people
from desktop_app.orders.duty_rules import leaves
from desktop_app.orders.matching import METRES_PER_DEGREE, Applicant, Candidate, Limits, Point, Want
from desktop_app.orders.model import Helper, ServiceOrder
from desktop_app.orders.people import GONE
from desktop_app.orders.shift_facts import leaves_of, on_duty
from desktop_app.places import rules as places
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.queries import order_rules
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.store.database import Database

PROPOSED: Final = 12
_LOOKED_AT: Final = 100
"""Helpers who are looked at closely: the nearest of those with the skill."""


def limits(db: Database) -> Limits:
    """What is too far and too much, as this desk's `order_rules` say."""
    told = order_rules(db.path.parent)
    return Limits(told["radius_m"], told["most_open"], told["most_minutes"])


# on a plane with the order in its middle: the buildings within reach, then who sets out from there
_NEAR: Final = (
    "WITH near AS MATERIALIZED (SELECT id,lon,lat,"
    "((lon-:lon)*:kx)*((lon-:lon)*:kx)+((lat-:lat)*:ky)*((lat-:lat)*:ky) d2 "
    "FROM building WHERE sync_del=0 AND lon IS NOT NULL AND lat IS NOT NULL),"
    "chosen AS MATERIALIZED (SELECT h.id,n.lon,n.lat,n.d2 FROM near n CROSS JOIN helper h ON h.building_id=n.id "
    "WHERE n.d2<=:reach AND {fits} ORDER BY n.d2 LIMIT :looked)"
)
_ANYWHERE: Final = (
    "WITH chosen AS MATERIALIZED (SELECT h.id,b.lon,b.lat,NULL d2 FROM helper h "
    "LEFT JOIN building b ON b.id=h.building_id WHERE {fits} ORDER BY b.lon IS NOT NULL,h.id LIMIT :looked)"
)
_FITS: Final = (
    "instr(' '||h.colours||' ',:colour)>0 AND (h.to_on IS NULL OR h.to_on>:on) "
    "AND (h.from_on IS NULL OR h.from_on<=:on) AND h.sync_del=0 AND h.scope=0"
)
_HELD: Final = "s.phase IN ('已派','已接','进行')"
_CLOSELY: Final = (
    " SELECT h.id,h.name,c.lon,c.lat,h.hours,h.person_id,"
    f"(SELECT count(*) FROM order_state s WHERE s.helper_id=h.id AND {_HELD}),"
    "(SELECT coalesce(sum(s.minutes),0) FROM order_state s WHERE s.helper_id=h.id AND s.phase IN ('待评','已评') "
    "AND s.finished_on BETWEEN :month AND :month_end),"
    "(SELECT group_concat(coalesce(s.from_time,'')||'-'||coalesce(s.to_time,'')) FROM order_state s "
    f"WHERE s.helper_id=h.id AND {_HELD} AND s.want_on=:on),"
    "(SELECT avg(CASE s.satisfaction WHEN '满意' THEN 3.0 WHEN '基本满意' THEN 2.0 WHEN '不满意' THEN 1.0 END) "
    f"FROM order_state s WHERE s.helper_id=h.id),{GONE} "
    "FROM chosen c JOIN helper h ON h.id=c.id LEFT JOIN person p ON p.id=h.person_id"
)


@reads("orders.read")
def candidates(db: Database, order: ServiceOrder, *, most: int = PROPOSED) -> list[Candidate]:
    """Who could take an order, the best first, those against whom something speaks last; at most `most`.

    Helpers whose building has no coordinates stand behind those whose distance is known.
    """
    on = order.want_on or db.clock.today().isoformat()
    found = limits(db)
    point = _point(db, order)
    values: dict[str, Any] = {
        "colour": f" {order.colour} ", "on": on, "month": f"{on[:7]}-01", "month_end": f"{on[:7]}-31",
        "looked": _LOOKED_AT,
    }  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    if point:
        kx = METRES_PER_DEGREE * cos(radians(point.lat))
        values |= {"lon": point.lon, "lat": point.lat, "kx": kx, "ky": METRES_PER_DEGREE, "reach": found.radius_m**2}
        rows = db.rows(_NEAR.format(fits=_FITS) + _CLOSELY, values)
    if len(rows) < most:
        known = [row[0] for row in rows]
        besides = f"{_FITS} AND h.id NOT IN (SELECT value FROM json_each(:known))"
        rows += db.rows(_ANYWHERE.format(fits=besides) + _CLOSELY, {**values, "known": json.dumps(known)})
    want = Want(checks.colour_word(db, order.colour), point, on if order.want_on else "", order.from_time or "",
                order.to_time or "")  # fmt: skip
    return matching.rank(want, _applicants(db, rows, on), found)[:most]


def _point(db: Database, order: ServiceOrder) -> Point | None:
    row = db.row(
        "SELECT b.lon,b.lat FROM building b WHERE b.id=coalesce((SELECT building_id FROM room WHERE id=?),?) "
        "AND b.lon IS NOT NULL AND b.lat IS NOT NULL",
        (order.room_id, order.building_id),
    )
    return Point(*row) if row else None


def _applicants(db: Database, rows: Sequence[tuple[Any, ...]], on: str) -> Iterator[Applicant]:
    away = leaves(leaves_of(db, [row[0] for row in rows]))
    standing = on_duty(db, on)
    seen = set[str]()
    for key, name, lon, lat, hours, person, hands, minutes, busy, rating, gone in rows:
        twice = person in seen
        if person:
            seen.add(person)
        spans = [tuple(span.split("-", 1)) for span in (busy or "").split(",") if span]
        yield Applicant(
            key, name, Point(lon, lat) if lon is not None and lat is not None else None, hours, hands, minutes,
            tuple((first, last) for first, last in [*spans, *standing.get(key, ())]),
            any(first <= on <= last for first, last in away.get(key, ())),
            gone or ("同一位居民登记了两次" if twice else ""), rating or 0.0,
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- helpers


@dataclass(frozen=True, slots=True)
class HelperLine:
    """One helper of the list; `phone` masked; `gone` why they cannot help any more, "" where they can."""

    id: str
    name: str
    phone: str
    kind: str
    unit: str
    colours: str
    trade: str
    price: str
    hours: str
    place: str
    served: int
    minutes: int
    rating: float
    open_orders: int
    gone: str
    public: bool
    """whether the whole number may be printed"""
    printed: str
    """the same in words, and why; "" where there is no number"""


_HELPERS: Final = (
    "SELECT h.id,h.name,h.phone,h.kind,coalesce(h.unit,''),h.colours,coalesce(h.trade,''),h.price_fen,h.price_unit,"
    "h.person_id,h.phone_agreed_on,h.phone_withdrawn_on,h.hours,coalesce(e.name,''),b.no,coalesce(d.served,0),coalesce(d.minutes,0),coalesce(d.rating,0),coalesce(d.hands,0),"
    f"CASE WHEN h.to_on<=:today THEN '已于'||h.to_on||'退出' ELSE {GONE} END "
    "FROM helper h LEFT JOIN person p ON p.id=h.person_id LEFT JOIN building b ON b.id=h.building_id "
    "LEFT JOIN estate e ON e.id=b.estate_id LEFT JOIN (SELECT helper_id,sum(phase IN ('待评','已评')) served,"
    "sum(CASE WHEN phase IN ('待评','已评') THEN minutes ELSE 0 END) minutes,"
    "avg(CASE satisfaction WHEN '满意' THEN 3.0 WHEN '基本满意' THEN 2.0 WHEN '不满意' THEN 1.0 END) rating,"
    "sum(phase IN ('已派','已接','进行')) hands FROM order_state WHERE helper_id IS NOT NULL GROUP BY helper_id) d "
    "ON d.helper_id=h.id WHERE h.sync_del=0 "
)


@reads("orders.read")
def helpers(
    db: Database, *, text: str = "", colour: str = "", trade: bool = False, ended: bool = False, most: int = 5_000
) -> list[HelperLine]:
    """Helpers by name; `colour` a code or name, `trade` those with a micro-service, `ended` also those who left."""
    told: dict[str, Any] = {"today": db.clock.today().isoformat(), "most": most}
    parts = "" if ended else "AND (h.to_on IS NULL OR h.to_on>:today) "
    if text:
        parts += (
            "AND (instr(h.name,:text)>0 OR instr(coalesce(h.unit,''),:text)>0 OR instr(coalesce(h.trade,''),:text)>0) "
        )
        told["text"] = text
    if colour:
        parts += "AND instr(' '||h.colours||' ',:colour)>0 "
        told["colour"] = f" {desk_codes(db, checks.COLOURS).code(colour)} "
    if trade:
        parts += "AND h.trade IS NOT NULL "
    found = [_helper(db, row) for row in db.rows(f"{_HELPERS}{parts}ORDER BY h.id LIMIT :most", told)]
    return sorted(found, key=lambda line: (sort_key(line.trade) if trade else (), sort_key(line.name), line.id))


def _helper(db: Database, row: tuple[Any, ...]) -> HelperLine:
    key, name, phone, kind, unit, colours, trade, fen, per, *told, gone = row
    person, agreed, withdrawn, hours, estate, building, served, minutes, rating, hands = told
    one = Helper(
        name=name, phone=phone, kind=kind, person_id=person, phone_agreed_on=agreed, phone_withdrawn_on=withdrawn
    )
    public, printed = people.printed(desk_codes(db, "helper_kinds"), one)
    place = places.address(estate, building, None, None) if building else ""
    return HelperLine(
        key, name, mask("phone", phone or ""), kind, unit, checks.colour_words(db, colours), trade,
        price_words(fen, per) if trade else "", hours, place, served, minutes, round(rating, 1), hands, gone,
        public, printed,
    )  # fmt: skip


def price_words(fen: int | None, per: str | None) -> str:
    """30 元/次, 免费."""
    if not fen:
        return "免费"
    yuan = f"{fen / 100:.2f}".rstrip("0").rstrip(".")
    return f"{yuan} 元/{per}" if per else f"{yuan} 元"
