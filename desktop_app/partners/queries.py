"""What one may ask about partners: units, part-time members, agreements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.partners import rules
from desktop_app.partners.lists import UNIT_NAME, claims
from desktop_app.partners.model import AgreementItem
from desktop_app.store.database import Database


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a list, with what is under way."""

    id: str
    name: str
    kind: str
    party_org: str
    contact: str
    phone: str
    members: int
    agreement: str
    """state of its newest agreement, "" for none"""
    expires_on: str
    open_claims: int
    to_on: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list."""

    id: str
    no: str
    unit_id: str
    unit: str
    year: int
    state: str
    signed_on: str
    expires_on: str
    items: int
    done: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A part-time member with the record of a year 履职台账."""

    id: str
    name: str
    body: str
    role: str
    unit: str
    post: str
    phone: str
    letter_no: str
    from_on: str
    to_on: str
    left_on: str
    claims: int
    done: int
    activities: int


# --------------------------------------------------------------------------------------------------------------- units


@reads("partners.read")
def units(db: Database, text: str = "", kind: str = "", *, ended: bool = False) -> list[UnitLine]:
    """Units whose name, Party organisation or contact holds `text`; those that ended only if asked for."""
    sql = (
        "SELECT u.id,u.name,u.kind,coalesce(u.party_org,''),coalesce(u.contact,''),coalesce(u.phone,''),"
        "(SELECT count(*) FROM part_time_member m WHERE m.unit_id=u.id AND m.sync_del=0 AND m.left_on IS NULL "
        "AND (m.to_on IS NULL OR m.to_on>=:today)),coalesce(u.to_on,'') FROM partner_unit u WHERE u.sync_del=0 "
        "AND (:kind='' OR u.kind=:kind) AND (:ended OR u.to_on IS NULL OR u.to_on>=:today) AND (:text='' OR "
        "instr(u.name,:text) OR instr(coalesce(u.party_org,''),:text) OR instr(coalesce(u.contact,''),:text)) "
        "ORDER BY u.name"
    )
    told = {"today": db.clock.today().isoformat(), "text": text.strip(), "kind": kind, "ended": int(ended)}
    newest: dict[str, AgreementLine] = {}
    for one in agreements(db):
        newest.setdefault(one.unit_id, one)
    busy: dict[str, int] = defaultdict(int)
    for claim in claims(db):
        busy[claim.unit_id] += claim.state.live and not claim.state.done
    return [UnitLine(*(*row[:7], *_agreed(newest.get(row[0])), busy[row[0]], row[7])) for row in db.rows(sql, told)]


def _agreed(newest: AgreementLine | None) -> tuple[str, str]:
    return (newest.state, newest.expires_on) if newest else ("", "")


@reads("partners.read")
def unit_names(db: Database) -> dict[str, str]:
    """Identifier → name of the units that are partners now, by name."""
    sql = "SELECT id,name FROM partner_unit WHERE sync_del=0 AND to_on IS NULL ORDER BY name"
    return dict(db.rows(sql))


@reads("partners.read")
def members(db: Database, year: int, *, unit_id: str = "", left: bool = False) -> list[MemberLine]:
    """Part-time members with what they did in a year; those who left only if asked for."""
    took = defaultdict(list)
    for claim in claims(db):
        if claim.member_id and claim.on.startswith(str(year)):
            took[claim.member_id].append(claim.state)
    sql = (
        "SELECT m.id,m.name,m.body,m.role,coalesce(u.name,''),coalesce(m.post,''),coalesce(m.phone,''),"
        "coalesce(m.letter_no,''),m.from_on,coalesce(m.to_on,''),coalesce(m.left_on,''),"
        "(SELECT count(DISTINCT s.activity_id) FROM sign_in s JOIN activity a ON a.id=s.activity_id "
        'AND a.sync_del=0 AND substr(a."on",1,4)=:year WHERE s.sync_del=0 AND s.name=m.name '
        "AND (s.unit_id IS m.unit_id OR s.person_id=m.person_id)) "
        "FROM part_time_member m LEFT JOIN partner_unit u ON u.id=m.unit_id WHERE m.sync_del=0 "
        "AND (:unit='' OR m.unit_id=:unit) AND (:left OR (m.left_on IS NULL AND (m.to_on IS NULL OR m.to_on>=:today))) "
        "ORDER BY m.body,m.role<>'书记（兼）',m.from_on,m.name"
    )
    told = {"year": str(year), "unit": unit_id, "left": int(left), "today": db.clock.today().isoformat()}
    return [
        MemberLine(*(*row[:11], len(took[row[0]]), sum(state.done for state in took[row[0]]), row[11]))
        for row in db.rows(sql, told)
    ]


# ----------------------------------------------------------------------------------------------------------- agreements


@reads("partners.read")
def agreements(db: Database, unit_id: str = "") -> list[AgreementLine]:
    """Agreements, the newest first."""
    today = db.clock.today()
    sql = (
        "SELECT a.id,coalesce(a.no,''),a.unit_id,"
        + UNIT_NAME.format("a.unit_id")
        + ",a.year,a.signed_on,a.expires_on,a.ended_on,count(i.id),"
        "sum(i.done_on IS NOT NULL) FROM agreement a LEFT JOIN agreement_item i ON i.agreement_id=a.id "
        "AND i.sync_del=0 "
        "WHERE a.sync_del=0 AND (:unit='' OR a.unit_id=:unit) GROUP BY a.id ORDER BY a.year DESC,a.expires_on DESC,a.id"
    )
    return [
        AgreementLine(*(*row[:5], _state(row, today), row[5] or "", row[6], row[8], row[9] or 0))
        for row in db.rows(sql, {"unit": unit_id})
    ]


def _state(row: tuple[Any, ...], today: date) -> str:
    return rules.agreement_state(row[5], row[6], row[7], today)


@reads("partners.read")
def promises(db: Database, agreement_id: str) -> list[AgreementItem]:
    """The items of an agreement, those that are done last."""
    mine = select(AgreementItem).where(AgreementItem.agreement_id == agreement_id, AgreementItem.sync_del == 0)
    return db.select(mine.order_by(AgreementItem.done_on.is_not(None), AgreementItem.seq, AgreementItem.local_no))
