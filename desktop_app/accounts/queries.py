"""What one may ask about staff."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from desktop_app.accounts.model import Staff
from desktop_app.store.database import Database


def staff(db: Database) -> list[Staff]:
    """Staff in office, in the order they were entered."""
    return db.select(select(Staff).where(Staff.sync_del == 0, Staff.to_on.is_(None)).order_by(Staff.local_no))


def name_of(db: Database, staff_id: str | None) -> str:
    """The name behind an identifier, also of somebody who left; empty when it is unknown here."""
    return str(db.scalar("SELECT name FROM staff WHERE id=?", (staff_id,)) or "")


# ------------------------------------------------------------------------------------------------------- audit trail


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines of the audit trail: `since` and `until` in UTC ms (until excluded), words of who and what."""

    since: int | None = None
    until: int | None = None
    who: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: who did what and why, at (UTC ms), how many records it changed, the chain value as hex."""

    no: int
    at: int
    who: str
    what: str
    why: str
    changes: int
    undone_by: int | None
    chain: str


def audit_lines(db: Database, chosen: AuditFilter = AuditFilter(), most: int = -1) -> Iterator[AuditLine]:
    """The lines of the audit trail, newest first; `most` -1 for all."""
    sql = (
        "SELECT no,at,coalesce(actor_name,''),what,coalesce(why,''),"
        "(SELECT count(*) FROM journal_change c WHERE c.action=a.no),undone_by,lower(coalesce(hex(chain),'')) "
        "FROM journal_action a WHERE at>=coalesce(:since,at) AND at<coalesce(:until,at+1) "
        "AND instr(coalesce(actor_name,''),:who) AND (instr(what,:what) OR instr(coalesce(why,''),:what)) "
        "ORDER BY no DESC LIMIT :most"
    )
    told = {"since": chosen.since, "until": chosen.until, "who": chosen.who, "what": chosen.what, "most": most}
    for portion in db.portions(sql, told):
        yield from (AuditLine(*row) for row in portion)
