"""Whose papers, form by form: everything one can be printed for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from desktop_app.appeals.queries import appeals
from desktop_app.care.queries import bells, pairs
from desktop_app.matters.queries import matters
from desktop_app.meetings.queries import meetings
from desktop_app.orders import reporting_lists, reporting_rules, wish_lists
from desktop_app.orders.queries import orders
from desktop_app.organisation.queries import centre_households
from desktop_app.partners.doings import reviews
from desktop_app.partners.queries import agreements, members, unit_names
from desktop_app.places.queries import buildings
from desktop_app.privacy.queries import requests
from desktop_app.profiles.desk import town_of
from desktop_app.store.database import Database
from desktop_app.visits.campaigns import campaigns

Named = tuple[str, str, str]
"""Identifier, name, detail."""
_MOST_APPEALS = 500


def _quarters(on: str) -> list[Named]:
    """This quarter and the three before it, as `2026Q4`."""
    this = int(on[:4]) * 4 + (int(on[5:7]) - 1) // 3
    return [(f"{at // 4}Q{at % 4 + 1}", f"{at // 4} 年第 {at % 4 + 1} 季度", "") for at in range(this, this - 4, -1)]


LISTS: Final[Mapping[str, Callable[[Database, str], Iterable[Named]]]] = {
    "agreement": lambda db, _on: ((one.id, one.unit, f"{one.year} 年　{one.state}") for one in agreements(db)),
    "appeal": lambda db, _on: (
        (one.id, f"{one.no} {one.title}".strip(), f"{one.received_on}　{one.phase}")
        for one in appeals(db, limit=_MOST_APPEALS)
    ),
    "bell": lambda db, _on: ((one.id, one.name or one.address, one.address) for one in bells(db)),
    "building": lambda db, _on: ((one.id, one.label, f"{one.households} 户") for one in buildings(db)),
    "campaign": lambda db, _on: (
        (one.id, one.name, f"{one.coverage.homes} 户　第 {one.round} 轮") for one in campaigns(db)
    ),
    "centre": lambda db, on: (
        (one.id, one.host_name, f"{one.plaque_no}　{one.estate}{one.span}".strip()) for one in centre_households(db, on)
    ),
    "community": lambda db, _on: (
        (id_, name, "") for id_, name in db.rows("SELECT id,name FROM area WHERE id=?", (db.setting("community"),))
    ),
    "list_group": lambda db, _on: (
        (group, group, "") for group in dict.fromkeys(one.group for one in town_of(db).list_types)
    ),
    "matter": lambda db, _on: (
        (one.id, f"{one.no} {one.title}".strip(), f"{one.step_name}　{one.standing}") for one in matters(db)
    ),
    "meeting": lambda db, _on: ((one.id, one.title, one.starts_at[:10]) for one in meetings(db)),
    "member": lambda db, on: ((one.id, one.name, one.unit) for one in members(db, int(on[:4]))),
    "order": lambda db, _on: (
        (one.id, f"{one.no} {one.title}".strip(), f"{one.phase}　{one.helper}".strip()) for one in orders(db)
    ),
    "pair": lambda db, _on: ((one.id, one.name, f"{one.helper}　{one.care_class}") for one in pairs(db)),
    "quarter": lambda _db, on: _quarters(on),
    "registration": lambda db, _on: (
        ("空白", "空白登记表", "手填"),
        *((one.id, one.name, f"{one.no}　{one.unit}".strip()) for one in reporting_lists.registrations(db)),
    ),
    "request": lambda db, _on: (
        (one.id, f"{one.no} {one.kind}".strip(), f"{one.received_on}　{one.state}") for one in requests(db)
    ),
    "roster": lambda db, _on: (
        (one.id, one.name, f"本周　{one.slots}") for one in reporting_lists.posts(db, reporting_rules.DUTY)
    ),
    "unit": lambda db, _on: ((id_, name, "") for id_, name in unit_names(db).items()),
    "unit_review": lambda db, _on: (
        (one.id, one.unit, f"{one.year} 年　{one.score} 分　{one.grade}") for one in reviews(db)
    ),
    "wish": lambda db, _on: ((one.id, f"{one.no} {one.text}".strip(), one.phase) for one in wish_lists.wishes(db)),
}
"""Kind of subject → its lines on a day."""
