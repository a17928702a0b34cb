"""What one may ask about what is done together: the facts of a review, bookings, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.partners import rules
from desktop_app.partners.lists import UNIT_NAME, claims
from desktop_app.partners.model import Venue
from desktop_app.partners.queries import AgreementLine, agreements
from desktop_app.partners.rules import Facts, Mark
from desktop_app.profiles.desk import desk_codes
from desktop_app.store.database import Database


@reads("partners.read")
def facts(db: Database, unit_id: str, year: int, meetings: tuple[int, int] = (0, 0)) -> Facts:
    """What a unit did in a year; `meetings` (attended, invited) comes from the slice that knows meetings."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    due = db.row(
        "SELECT count(*),coalesce(sum(i.done_on IS NOT NULL),0) FROM agreement_item i JOIN agreement a "
        "ON a.id=i.agreement_id AND a.sync_del=0 AND a.signed_on IS NOT NULL WHERE i.sync_del=0 AND a.unit_id=:unit "
        "AND i.side<>'社区' AND coalesce(substr(i.due_on,1,4),CAST(a.year AS TEXT))=:year",
        {"unit": unit_id, "year": str(year)},
    ) or (0, 0)
    took = [one.state for one in claims(db, unit_id=unit_id) if first <= one.on <= last and one.state.live]
    came = db.row(
        "SELECT count(DISTINCT s.activity_id),coalesce(sum(s.minutes),0) FROM sign_in s JOIN activity a "
        "ON a.id=s.activity_id AND a.sync_del=0 WHERE s.sync_del=0 AND s.unit_id=:unit "
        'AND a."on" BETWEEN :first AND :last',
        {"unit": unit_id, "first": first, "last": last},
    ) or (0, 0)
    return Facts((due[1], due[0]), (sum(state.done for state in took), len(took)), came[0], came[1], meetings)


@reads("partners.read")
def marked(db: Database, told: Facts) -> tuple[tuple[Mark, ...], int, str]:
    """The lines of a review, the score and the grade, by this community's tables."""
    table = [
        (one.code, one.name, one.number("points") or 0, one.number("most")) for one in desk_codes(db, "review_rules")
    ]
    lines = rules.marks(told, table)
    points = rules.score(lines)
    return (
        lines,
        points,
        rules.grade(points, [(one.name, one.number("least") or 0) for one in desk_codes(db, "review_grades")]),
    )


# ----------------------------------------------------------------------------------------------- venues, what is due


@reads("partners.read")
def bookings(db: Database, since: str, until: str, venue_id: str = "") -> list[dict[str, Any]]:
    """Bookings that touch the days from `since` to `until`, in order; `clash`: an earlier one has the time."""
    names = ("id", "venue_id", "venue", "starts_at", "ends_at", "made_at", "by_name", "unit", "purpose", "persons")
    sql = (
        "SELECT b.id,b.venue_id,v.name,b.starts_at,b.ends_at,b.made_at,b.by_name,"
        + UNIT_NAME.format("b.unit_id")
        + ",b.purpose,b.persons FROM booking b JOIN venue v ON v.id=b.venue_id WHERE b.sync_del=0 "
        "AND b.cancelled_on IS NULL AND b.ends_at>:since AND b.starts_at<:until||' 99' "
        "AND (:venue='' OR b.venue_id=:venue) ORDER BY b.starts_at,b.made_at,b.id"
    )
    found = [
        dict(zip(names, row, strict=True)) for row in db.rows(sql, {"since": since, "until": until, "venue": venue_id})
    ]
    for one in found:
        mine = (one["starts_at"], one["ends_at"])
        one["clash"] = any(
            other["venue_id"] == one["venue_id"]
            and (other["made_at"], other["id"]) < (one["made_at"], one["id"])
            and rules.overlap(mine, (other["starts_at"], other["ends_at"]))
            for other in found
        )
    return found


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in a list."""

    id: str
    unit: str
    year: int
    score: int
    grade: str


@reads("partners.read")
def reviews(db: Database) -> list[ReviewLine]:
    """Reviews, the newest first."""
    sql = (
        "SELECT r.id,u.name,r.year,r.score,r.grade FROM unit_review r JOIN partner_unit u ON u.id=r.unit_id "
        "WHERE r.sync_del=0 ORDER BY r.year DESC,u.name"
    )
    return [ReviewLine(*row) for row in db.rows(sql)]


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity in a list: who came, for how many minutes in all."""

    id: str
    kind: str
    title: str
    on: str
    hours: str
    place: str
    lead: str
    result: str
    served: int | None
    came: int
    units: int
    minutes: int
    cancelled_on: str


@reads("partners.read")
def activities(db: Database, text: str = "", kind: str = "") -> list[ActivityLine]:
    """Activities, the newest first."""
    sql = (
        "SELECT a.id,a.kind,a.title,a.\"on\",coalesce(a.hours,''),coalesce(v.name,a.place,''),coalesce(a.lead,''),"
        "coalesce(a.result,''),a.served,count(s.id),count(DISTINCT s.unit_id),coalesce(sum(s.minutes),0),"
        "coalesce(a.cancelled_on,'') FROM activity a LEFT JOIN venue v ON v.id=a.venue_id "
        "LEFT JOIN sign_in s ON s.activity_id=a.id AND s.sync_del=0 WHERE a.sync_del=0 "
        "AND (:kind='' OR a.kind=:kind) AND (:text='' OR instr(a.title,:text) OR instr(coalesce(a.lead,''),:text)) "
        'GROUP BY a.id ORDER BY a."on" DESC,a.id'
    )
    return [ActivityLine(*row) for row in db.rows(sql, {"text": text.strip(), "kind": kind})]


@reads("partners.read")
def venues(db: Database) -> list[Venue]:
    """Venues in use, by name."""
    return db.select(select(Venue).where(Venue.sync_del == 0, Venue.to_on.is_(None)).order_by(Venue.name))


@reads("partners.read")
def who_came(db: Database, activity_id: str) -> list[tuple[str, str, int]]:
    """(name, unit, minutes) of everybody who signed in."""
    sql = (
        "SELECT s.name,coalesce(u.name,''),s.minutes FROM sign_in s LEFT JOIN partner_unit u ON u.id=s.unit_id "
        "WHERE s.activity_id=? AND s.sync_del=0 ORDER BY s.local_no"
    )
    return [(name, unit, minutes) for name, unit, minutes in db.rows(sql, (activity_id,))]


@dataclass(frozen=True, slots=True)
class Due:
    """Something of the partners that has to be done; `record` and `id` say what to open."""

    what: str
    title: str
    on: str
    record: str
    id: str


@reads("partners.read")
def due(db: Database, today: date) -> list[Due]:
    """What is due: agreements that end soon, promised things and claims past their day, a community day not held."""
    day = today.isoformat()
    soon = (today + timedelta(days=rules.NEAR_DAYS)).isoformat()
    found = [
        Due("协议将到期" if one.state == "将到期" else "协议已到期", one.unit, one.expires_on, "agreement", one.id)
        for one in _newest(agreements(db))
        if one.state in {"将到期", "到期"} and one.expires_on <= soon
    ]
    sql = (
        "SELECT i.text,i.due_on,a.id FROM agreement_item i JOIN agreement a ON a.id=i.agreement_id AND a.sync_del=0 "
        "AND a.signed_on IS NOT NULL AND a.ended_on IS NULL WHERE i.sync_del=0 AND i.done_on IS NULL AND i.due_on<=?"
    )
    found += [Due("协议事项到期", text, on, "agreement", id_) for text, on, id_ in db.rows(sql, (day,))]
    found += [Due("认领事项到期", one.title, one.due_on, "claim", one.id) for one in claims(db) if one.late(day)]
    monthly = [one.name for one in desk_codes(db, "activity_kinds") if one.more.get("monthly")]
    for kind in monthly:
        sql = 'SELECT 1 FROM activity WHERE kind=? AND sync_del=0 AND cancelled_on IS NULL AND substr("on",1,7)=?'
        if db.scalar("SELECT 1 FROM activity WHERE kind=? AND sync_del=0", (kind,)) and not db.scalar(
            sql, (kind, day[:7])
        ):
            found.append(Due(f"{kind}还没有安排", f"{today.month}月", day, "activity", ""))
    return sorted(found, key=lambda one: (one.on, one.what, one.id))


def _newest(lines: Sequence[AgreementLine]) -> list[AgreementLine]:
    seen: dict[str, AgreementLine] = {}
    for line in lines:
        seen.setdefault(line.unit_id, line)
    return list(seen.values())
