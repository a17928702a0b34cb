"""All units as a tree, with who needs attention."""

from starlette.responses import Response

from central_server.console import state
from central_server.console.web import PAGES, Visit
from central_server.units import COMMUNITY, KINDS

LEAVES = frozenset({COMMUNITY, "department"})
"""Nothing stands below these."""


def show(visit: Visit) -> Response:
    """The tree; `?only=ill` leaves those that need attention."""
    with visit.storage.reading() as session:
        everything = state.overview(session, visit.now)
    only = visit.query.get("only") == "ill"
    ill = [one for one in everything if one.mood in {"bad", "warn"}]
    return PAGES.html(
        "overview.html",
        visit,
        rows=ill if only else everything,
        only=only,
        kinds=KINDS,
        parents=[one for one in everything if one.unit.kind not in LEAVES and not one.unit.gone],
        units=len(everything),
        desks=sum(one.devices for one in everything),
        ill=len(ill),
        aside=sum(one.aside for one in everything),
    )
