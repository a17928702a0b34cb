"""Who brought an appeal up, as the register has them now: merged, moved, gone.  An open appeal goes on all the same."""

from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.appeals.model import Appeal
from desktop_app.places.queries import place
from desktop_app.residents.living import room_id_of
from desktop_app.residents.merging import MERGED
from desktop_app.store.database import Database

_AWAY: Final = 4
"""`sync_del` of a record that another unit keeps now."""
_DEEPEST: Final = 8


@reads("appeals.read")
def living_record(db: Database, person_id: str | None) -> str:
    """The record that stands for a person now: of one that was merged into another, the other; "" for nobody.

    A merge moves appeals along; one that came in meanwhile at another desk still names the entry that is gone.
    """
    for _ in range(_DEEPEST):
        if not person_id or not db.scalar("SELECT sync_del FROM person WHERE id=?", (person_id,)):
            break
        sql = "SELECT a_id FROM duplicate_verdict WHERE b_id=? AND verdict=? AND sync_del=0"
        stays = db.scalar(sql, (person_id, MERGED))
        if not stays:
            break
        person_id = str(stays)
    return person_id or ""


@reads("appeals.read")
def person_note(db: Database, appeal: Appeal) -> str:
    """What became of the resident since, "" where nothing did."""
    person_id = living_record(db, appeal.person_id)
    row = db.row("SELECT name,deceased_on,left_on,sync_del FROM person WHERE id=?", (person_id,)) if person_id else None
    if row is None:
        return ""
    name, died, left, gone = row
    if gone:
        return "这位居民已转到别的社区" if gone == _AWAY else "这位居民的登记已不在了"
    told = [f"登记已合并到“{name}”"] if person_id != appeal.person_id else []
    if died or left:
        told.append(f"这位居民已于{died}去世" if died else f"这位居民已于{left}迁出")
    elif moved := _moved_to(db, appeal, person_id):
        told.append(f"这位居民已搬到{moved}")
    return "，".join(told)


def _moved_to(db: Database, appeal: Appeal, person_id: str) -> str:
    """Where somebody lives now who lived in the room of the appeal before; "" where they still do, or never did."""
    if not appeal.room_id:
        return ""
    was = "SELECT 1 FROM residence WHERE person_id=? AND room_id=? AND sync_del=0 AND to_on IS NOT NULL"
    now = room_id_of(db, person_id)
    if not now or now == appeal.room_id or not db.scalar(was, (person_id, appeal.room_id)):
        return ""
    found = place(db, now)
    return found.full if found else ""
