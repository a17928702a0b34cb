"""What one may ask about those who report in: who, what they claimed, which posts have room, the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.orders import checks
from desktop_app.orders.model import Registration
from desktop_app.places import rules as places
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.text import mask
from desktop_app.store.database import Database


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One who reported in; `phone` masked; `claims` what they took on, in words; `minutes` they served as a helper."""

    id: str
    no: str
    on: str
    kind: str
    name: str
    phone: str
    unit: str
    unit_post: str
    branch: str
    role: str
    colours: str
    place: str
    claims: str
    claimed: int
    minutes: int
    helper_id: str
    to_on: str


_SELECT: Final = (
    "SELECT g.id,coalesce(g.no,''),g.\"on\",g.kind,g.name,g.phone,coalesce(g.unit,''),coalesce(g.unit_post,''),"
    "coalesce(g.branch,''),g.role,g.colours,coalesce(e.name,''),b.no,"
    "(SELECT group_concat(c.kind||' '||c.text,'；') FROM registration_claim c WHERE c.registration_id=g.id "
    "AND c.sync_del=0 AND c.to_on IS NULL),"
    "(SELECT count(*) FROM registration_claim c WHERE c.registration_id=g.id AND c.sync_del=0),"
    "(SELECT coalesce(sum(s.minutes),0) FROM order_state s WHERE s.helper_id=g.helper_id "
    "AND s.phase IN ('待评','已评')),coalesce(g.helper_id,''),coalesce(g.to_on,'') FROM registration g "
    "LEFT JOIN building b ON b.id=g.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE g.sync_del=0 "
)


@reads("orders.read")
def registrations(
    db: Database, *, text: str = "", kind: str = "", ended: bool = False, ids: Sequence[str] | None = None
) -> list[RegistrationLine]:
    """Those who reported in, the latest first; `ended` also those who are gone."""
    told: dict[str, Any] = {}
    parts = "" if ended or ids is not None else "AND g.to_on IS NULL "
    if text:
        fields = ("g.name", "g.unit", "g.no", "g.branch")
        parts += f"AND ({' OR '.join(f'instr(coalesce({name},{chr(39) * 2}),:text)>0' for name in fields)}) "
        told["text"] = text
    if kind:
        parts += "AND g.kind=:kind "
        told["kind"] = kind
    found = [_line(db, row) for row in db.rows(f'{_SELECT}{parts}ORDER BY g."on" DESC,g.id DESC', told)]
    if ids is None:
        return found
    known = {line.id: line for line in found}
    return [known[one] for one in ids if one in known]


def _line(db: Database, row: tuple[Any, ...]) -> RegistrationLine:
    key, no, on, kind, name, phone, unit, post, branch, role, colours, estate, building, *rest = row
    claims, claimed, minutes, helper_id, to_on = rest
    place = places.address(estate, building, None, None) if building else ""
    return RegistrationLine(
        key, no, on, kind, name, mask("phone", phone or ""), unit, post, branch,
        desk_codes(db, "roles").name(role) if role else "", checks.colour_words(db, colours), place, claims or "",
        claimed, minutes, helper_id, to_on,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One thing somebody took on; `state` 在履行, 已完成 or 已退出."""

    id: str
    kind: str
    text: str
    on: str
    home: str
    done_on: str
    state: str
    note: str


@reads("orders.read")
def claims(db: Database, registration_id: str) -> list[ClaimLine]:
    """What somebody took on, the latest first."""
    rows = db.rows(
        "SELECT c.id,c.kind,c.text,c.\"on\",e.name,b.no,r.unit,r.no,coalesce(c.done_on,''),c.to_on,coalesce(c.note,'') "
        "FROM registration_claim c LEFT JOIN household h ON h.id=c.household_id LEFT JOIN room r ON r.id=h.room_id "
        "LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id "
        'WHERE c.registration_id=? AND c.sync_del=0 ORDER BY c."on" DESC,c.id DESC',
        (registration_id,),
    )
    return [
        ClaimLine(
            key, kind, text, on, places.address(estate or "", building, unit, room) if building else "", done,
            "已完成" if done else "已退出" if to_on else "在履行", note,
        )
        for key, kind, text, on, estate, building, unit, room, done, to_on, note in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post; `holders` by name; `free` places left (a place of duty has no end of room)."""

    id: str
    kind: str
    name: str
    duty: str
    colour: str
    capacity: int
    slots: str
    place: str
    holders: str
    free: int
    to_on: str


@reads("orders.read")
def posts(db: Database, kind: str = "", *, ended: bool = False) -> list[PostLine]:
    """The posts by kind and name; `ended` also those that were closed."""
    told = {"kind": kind, "today": db.clock.today().isoformat()}
    rows = db.rows(
        "SELECT p.id,p.kind,p.name,coalesce(p.duty,''),p.colour,p.capacity,p.slots,coalesce(p.place,''),"
        "coalesce(e.name,''),b.no,(SELECT group_concat(g.name,'、') FROM registration_claim c "
        "JOIN registration g ON g.id=c.registration_id WHERE c.post_id=p.id AND c.sync_del=0 AND c.to_on IS NULL),"
        "(SELECT count(*) FROM registration_claim c WHERE c.post_id=p.id AND c.sync_del=0 AND c.to_on IS NULL),"
        "coalesce(p.to_on,'') FROM post p LEFT JOIN building b ON b.id=p.building_id "
        "LEFT JOIN estate e ON e.id=b.estate_id WHERE p.sync_del=0 AND (:kind='' OR p.kind=:kind) "
        f"{'' if ended else 'AND (p.to_on IS NULL OR p.to_on>:today) '}ORDER BY p.kind DESC,p.name,p.id",
        told,
    )
    return [
        PostLine(
            key, what, name, duty, checks.colour_word(db, colour), capacity, slots,
            place or (places.address(estate, building, None, None) if building else ""), holders or "",
            max(0, capacity - many), to_on,
        )
        for key, what, name, duty, colour, capacity, slots, place, estate, building, holders, many, to_on in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegistrationDetail:
    """All there is about somebody who reported in."""

    registration: Registration
    line: RegistrationLine
    claims: tuple[ClaimLine, ...]


@reads("orders.read")
def registration_detail(db: Database, registration_id: str) -> RegistrationDetail | None:
    """None where there is none."""
    one = db.get(Registration, registration_id)
    found = registrations(db, ids=[registration_id]) if one else []
    if one is None or not found:
        return None
    return RegistrationDetail(one, found[0], tuple(claims(db, registration_id)))


@dataclass(frozen=True, slots=True)
class RegistrationCounts:
    """Who reported in within a period and what was claimed: 认岗、认事、认亲等服务 人次, counted as 武汉 2025 does."""

    persons: int
    units: int
    by_kind: tuple[tuple[str, int], ...]
    claims: tuple[tuple[str, int, int], ...]
    """kind, claimed, done"""
    roles: tuple[tuple[str, int], ...]

    @property
    def claimed(self) -> int:
        """All claims."""
        return sum(many for _, many, _ in self.claims)


@reads("orders.read")
def registration_counts(db: Database, since: str = "", until: str = "") -> RegistrationCounts:
    """The figures of a period; "" for open ends."""
    told = {"since": since, "until": until or "9999"}
    own = 'FROM registration g WHERE g.sync_del=0 AND g."on" BETWEEN :since AND :until'
    persons, units = db.rows(f"SELECT count(*),count(DISTINCT nullif(g.unit,'')) {own}", told)[0]
    by_kind = db.rows(f"SELECT g.kind,count(*) {own} GROUP BY 1 ORDER BY 2 DESC,1", told)
    roles = db.rows(f"SELECT g.role,count(*) {own} AND g.role IS NOT NULL GROUP BY 1 ORDER BY 2 DESC,1", told)
    claimed = {
        kind: (many, done)
        for kind, many, done in db.rows(
            "SELECT c.kind,count(*),count(c.done_on) FROM registration_claim c WHERE c.sync_del=0 "
            'AND c."on" BETWEEN :since AND :until GROUP BY 1',
            told,
        )
    }
    kinds = [one.name for one in desk_codes(db, "claim_kinds").offered()]
    table = desk_codes(db, "roles")
    return RegistrationCounts(
        int(persons), int(units), tuple((kind, int(many)) for kind, many in by_kind),
        tuple((kind, *claimed.get(kind, (0, 0))) for kind in dict.fromkeys([*kinds, *claimed])),
        tuple((table.name(role), int(many)) for role, many in roles),
    )  # fmt: skip


def counts_sentence(counts: RegistrationCounts) -> str:
    """The sentence of the 武汉 2025 article: so many reported in, so many times posts, matters and kin were claimed."""
    parts = "、".join(f"{kind}{many}人次" for kind, many, _ in counts.claims if many)
    told = f"，{parts}" if parts else ""
    return f"{counts.units}个单位（网点）{counts.persons}名人员到社区报到，认领服务{counts.claimed}人次{told}。"
