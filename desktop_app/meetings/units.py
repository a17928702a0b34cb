"""How often a unit came to the meetings it was invited to: what its yearly review asks."""

from desktop_app.accounts.rights import reads
from desktop_app.store.database import Database

_CAME = ("出席", "列席", "委托")


@reads("meetings.read")
def attendance_of_unit(db: Database, unit: str, year: int) -> tuple[int, int]:
    """(attended, invited) of a unit, by its name, in the meetings of a year that have taken place."""
    sql = (
        "SELECT count(DISTINCT CASE WHEN a.status IN (?,?,?) THEN m.id END),count(DISTINCT m.id) "
        "FROM attendance a JOIN meeting m ON m.id=a.meeting_id AND m.sync_del=0 "
        "WHERE a.sync_del=0 AND a.unit=? AND substr(m.starts_at,1,4)=? AND substr(m.starts_at,1,10)<=?"
    )
    came, invited = db.row(sql, (*_CAME, unit, str(year), db.clock.today().isoformat())) or (0, 0)
    return came, invited
