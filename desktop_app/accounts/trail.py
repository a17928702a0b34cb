"""The audit trail a page at a time: who saw, changed, printed, exported what."""

from collections.abc import Sequence
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.queries import AuditFilter, AuditLine
from desktop_app.accounts.rights import needs
from desktop_app.store.database import Database

PAGE: Final = 200
_WHERE: Final = (
    "FROM journal_action a WHERE at>=coalesce(:since,at) AND at<coalesce(:until,at+1) "
    "AND instr(coalesce(actor_name,''),:who) AND (instr(what,:what) OR instr(coalesce(why,''),:what))"
)


@needs("audit.read")
def page(db: Database, _actor: Actor, chosen: AuditFilter, before: int | None = None) -> Sequence[AuditLine]:
    """The newest lines of the trail that were written before the line `before`, newest first."""
    sql = (
        "SELECT no,at,coalesce(actor_name,''),what,coalesce(why,''),"
        "(SELECT count(*) FROM journal_change c WHERE c.action=a.no),undone_by,lower(coalesce(hex(chain),'')) "
        f"{_WHERE} AND no<coalesce(:before,no+1) ORDER BY no DESC LIMIT :most"
    )
    told = _told(chosen) | {"before": before, "most": PAGE}
    return tuple(AuditLine(*row) for row in db.rows(sql, told))


@needs("audit.read")
def count(db: Database, _actor: Actor, chosen: AuditFilter) -> int:
    """How many lines the filter leaves."""
    return int(db.scalar(f"SELECT count(*) {_WHERE}", _told(chosen)))


@needs("audit.read")
def people(db: Database, _actor: Actor) -> list[str]:
    """The names that stand in the trail."""
    sql = "SELECT DISTINCT actor_name FROM journal_action WHERE actor_name<>'' ORDER BY actor_name"
    return [str(name) for (name,) in db.rows(sql)]


def _told(chosen: AuditFilter) -> dict[str, object]:
    return {"since": chosen.since, "until": chosen.until, "who": chosen.who, "what": chosen.what}
