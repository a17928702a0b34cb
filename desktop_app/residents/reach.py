"""Whether somebody acts within the own grids, or says why he acts elsewhere.

首问负责: the counter serves everyone, so nobody is sent away because he lives in a colleague's grid; but a change there
has a reason, which stands in the audit trail.  Who has no grids named, and where no grid is drawn, there is no border.
"""

from collections.abc import Iterable

import orjson

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import reach_of
from desktop_app.shared.errors import ReasonWantedError
from desktop_app.store.database import Database

_GRID_OF_ROOM = (
    "JOIN room m ON m.id=w.room_id JOIN building_grid g ON g.building_id=m.building_id AND g.to_on IS NULL "
    "AND g.sync_del=0 LEFT JOIN area a ON a.id=g.grid_id"
)
_PEOPLE = (
    "SELECT r.person_id id,p.name name,r.room_id room_id FROM residence r JOIN person p ON p.id=r.person_id "
    "WHERE r.sync_del=0 AND r.to_on IS NULL AND r.person_id IN (SELECT value FROM json_each(:people))"
)
_HOMES = "SELECT h.id,'这一户',h.room_id FROM household h WHERE h.id IN (SELECT value FROM json_each(:homes))"
_ROOMS = "SELECT m.id,'这间房',m.id FROM room m WHERE m.id IN (SELECT value FROM json_each(:rooms))"
_WHERE = (
    f"WITH w AS ({_PEOPLE} UNION ALL {_HOMES} UNION ALL {_ROOMS}) "
    f"SELECT w.id,w.name,g.grid_id,coalesce(a.name,'') FROM w {_GRID_OF_ROOM}"
)


def must_reach(
    db: Database,
    actor: Actor,
    right: str,
    *,
    people: Iterable[str | None] = (),
    homes: Iterable[str | None] = (),
    rooms: Iterable[str | None] = (),
    why: str = "",
) -> None:
    """ReasonWantedError for a change outside the actor's grids without a reason; identifiers may be None."""
    own = reach_of(db, actor, right)
    if not own or why.strip() or db.reason:
        return
    told = {"people": _listed(people), "homes": _listed(homes), "rooms": _listed(rooms)}
    inside: set[str] = set()
    outside: dict[str, tuple[str, str]] = {}
    for id_, name, grid, grid_name in db.rows(_WHERE, told):
        if grid in own:
            inside.add(id_)  # who lives at two places is reached at either
        else:
            outside[id_] = (name, grid_name)
    left = [words for id_, words in outside.items() if id_ not in inside]
    if left:
        name, grid_name = left[0]
        more = f"等 {len(left)} 处" if len(left) > 1 else ""
        raise ReasonWantedError(
            f"{name}{more}在{grid_name or '别的网格'}，不是您负责的网格，没有保存，填写的内容还在。",
            field="why",
            next_step="来了就可以办：请写明原因（如 窗口代办），会记入审计记录。",
        )


def _listed(ids: Iterable[str | None]) -> str:
    return orjson.dumps([one for one in ids if one]).decode()
