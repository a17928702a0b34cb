"""All units as a tree, with who needs attention; of a city only the units above, or what was looked for."""

from typing import Final

from starlette.responses import Response

from central_server import standing, units
from central_server.console.web import PAGES, Visit
from central_server.standing import UnitState, places
from central_server.units import KINDS, LEAVES

MANY: Final = 200
"""From so many units on, communities and departments are looked for or reached by the unit above them."""
MOST_FOUND: Final = 100


def show(visit: Visit) -> Response:
    """The tree; `?q=` finds units and desks by name or number."""
    wanted = _words(visit.query.get("q", ""))
    with visit.storage.reading() as session:
        everything = standing.overview(session, visit.now)
        known = units.everyone(session)
        desks = standing.find_devices(session, visit.now, wanted, MOST_FOUND) if wanted else []
    place = places(known)
    higher = [one for one in everything if one.unit.kind not in LEAVES]
    many = len(everything) > MANY and bool(higher)
    rows = _found(everything, wanted) if wanted else higher if many else everything
    return PAGES.html(
        "overview.html",
        visit,
        rows=rows[:MOST_FOUND] if wanted else rows,
        found=len(rows),
        wanted=wanted,
        many=many,
        desks_found=[(one, place(one.unit)) for one in desks],
        most=MOST_FOUND,
        places={one.unit.id: place(one.unit.id) for one in rows[:MOST_FOUND]} if wanted else {},
        kinds=KINDS,
        parents=[one for one in higher if not one.unit.gone],
        units=len(everything),
        desks=sum(one.devices for one in everything),
        ill=sum(one.ill for one in everything if one.depth == 0),
        aside=sum(one.aside for one in everything),
    )


def _words(typed: str) -> str:
    """What is looked for; no name has a letter that cannot be seen, and PostgreSQL takes no NUL."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())[:60]


def _found(everything: list[UnitState], wanted: str) -> list[UnitState]:
    words = wanted.lower()
    return [one for one in everything if words in one.unit.name.lower() or str(one.unit.id).startswith(wanted)]
