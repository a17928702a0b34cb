"""A visit and the appeals raised at the door: kept together, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import demand, needs
from desktop_app.appeals.intake import complete, take
from desktop_app.appeals.model import Appeal
from desktop_app.residents.reach import must_reach
from desktop_app.store.database import Database
from desktop_app.visits import actions as visits
from desktop_app.visits.actions import Recorded
from desktop_app.visits.model import Visit


@dataclass(frozen=True, slots=True)
class VisitKept:
    """A visit that was kept with the appeals raised at it."""

    recorded: Recorded
    appeals: tuple[Appeal, ...] = ()


@needs("visits.change")
def record_visit(
    db: Database, actor: Actor, visit: Visit, raised: Sequence[Appeal] = (), *, accept: bool = True
) -> VisitKept:
    """Keeps a visit and takes in what was raised, in one transaction; whose appeal it is, is told by the visit.

    AppError, with nothing written, where the visit or one of the appeals cannot be; ReasonWantedError outside the own
    grids, unless it is said what the visit is for.
    """
    visits.prepare(db, actor, visit)
    whom = {"people": [visit.person_id], "homes": [visit.household_id], "rooms": [visit.room_id]}
    must_reach(db, actor, visits.RIGHT, **whom, why=visit.purpose or "")
    if raised:
        demand(db, actor, "appeals.change")
    for appeal in raised:
        appeal.received_on = visit.on
        complete(db, appeal)
    what = f"登记走访和{len(raised)}件诉求" if raised else "登记走访"
    with db.transaction(actor, what) as tx:
        kept = visits.keep(tx, visit)
        for appeal in raised:
            if not appeal.anonymous:
                appeal.person_id = appeal.person_id or visit.person_id
            appeal.household_id = appeal.household_id or visit.household_id
            appeal.room_id = appeal.room_id or visit.room_id
            take(tx, appeal, accept=accept)
        return VisitKept(kept, tuple(raised))
