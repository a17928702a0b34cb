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
from desktop_app.points.figures import AT
from desktop_app.points.queries import accounts
from desktop_app.points.rules import OWNED
from desktop_app.points.vouchers import vouchers
from desktop_app.privacy.queries import requests
from desktop_app.profiles.desk import town_of
from desktop_app.store.database import Database
from desktop_app.visits.campaigns import campaigns

Named = tuple[str, str, str]
"""Identifier, name, detail."""
_MOST_APPEALS = 500
_MOST_ACCOUNTS = 5_000


def _quarters(on: str) -> list[Named]:
    """This quarter and the three before it, as `2026Q4`."""
    this = int(on[:4]) * 4 + (int(on[5:7]) - 1) // 3
    return [(f"{at // 4}Q{at % 4 + 1}", f"{at // 4} 年第 {at % 4 + 1} 季度", "") for at in range(this, this - 4, -1)]


def _boards(on: str) -> list[Named]:
    """The boards of this year and the two before it, as `党员积分@2026`."""
    years = range(int(on[:4]), int(on[:4]) - 3, -1)
    return [(f"{kind}{AT}{year}", f"{year} 年{kind}", "") for year in years for kind in OWNED]


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
    "points_account": lambda db, _on: (
        (one.id, one.name, f"{one.kind}　{one.balance_words}") for one in accounts(db, limit=_MOST_ACCOUNTS)
    ),
    "points_entry": lambda db, _on: (
        (one.id, f"{one.no} {one.name}", f"{one.on}　{one.kind} {one.amount} {one.unit}") for one in vouchers(db)
    ),
    "points_year": lambda _db, on: _boards(on),
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

SUBJECT_WORDS: Final[Mapping[str, str]] = {
    "appeal": "诉求",
    "building": "楼栋",
    "centre": "党员中心户",
    "meeting": "会议",
    "campaign": "敲门行动",
    "bell": "爱心门铃",
    "pair": "结对包保",
    "agreement": "共建协议",
    "unit": "共建单位",
    "member": "兼职委员",
    "unit_review": "单位评议",
    "list_group": "清单",
    "community": "社区",
    "request": "个人信息申请",
    "quarter": "季度",
    "matter": "议事事项",
    "roster": "岗亭",
    "registration": "报到",
    "wish": "微心愿",
    "order": "点单",
    "points_account": "积分账户",
    "points_entry": "积分凭证",
    "points_year": "积分年度",
}
"""What those lines are called, by kind; a form of any other kind is printed from its own page."""
