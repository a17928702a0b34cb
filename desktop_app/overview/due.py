"""What is due today: one board over all slices, each line with the record behind it, nothing that is not due.

Sources stand in one tuple, the gravest first; whoever may not read something does not see that it is due.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import may
from desktop_app.appeals import queries as appeals
from desktop_app.appeals.queries import DUE_WORDS, AppealFilter
from desktop_app.care import queries as care
from desktop_app.matters.quarter import quarterly
from desktop_app.meetings import calendar
from desktop_app.meetings import queries as meetings
from desktop_app.orders import queries as orders
from desktop_app.orders.duty_rules import OFF, VACANT
from desktop_app.orders.roster import shifts_today
from desktop_app.orders.wish_lists import wishes_open
from desktop_app.partners import queries as partners
from desktop_app.privacy import queries as privacy
from desktop_app.privacy import retaining
from desktop_app.store.database import Database
from desktop_app.visits import queries as visits

SHOWN: Final = 3
"""Lines of a group; the rest is a number that opens the page."""
_RETENTION_FACE: Final = "3"
"""The face of the privacy page that reviews what has expired."""
SOON: Final = timedelta(days=30)
"""What ends within these days is told: an agreement, a term of office."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line: what, when in words, days it is late (0 today, below 0 to come), the record that opens."""

    words: str
    when: str
    late: int
    opens: str
    opens_id: str


@dataclass(frozen=True, slots=True)
class DueGroup:
    """What is due of one kind: `total` of them, the first few as lines, the page with the rest.

    `grave`: somebody waits who should not have to.
    """

    key: str
    title: str
    total: int
    items: tuple[DueItem, ...]
    page: str
    show: str
    grave: bool

    @property
    def more(self) -> int:
        """How many are not among the lines."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True)
class Asking:
    """What every source is given."""

    db: Database
    today: date

    @property
    def on(self) -> str:
        return self.today.isoformat()

    def late(self, due_on: str) -> int:
        """Whole days since a day, below 0 before it; 0 for a month or a year, which has no day to be late after."""
        try:
            return (self.today - date.fromisoformat(due_on)).days
        except ValueError:
            return 0


Found = tuple[int, Sequence[DueItem]]


@dataclass(frozen=True, slots=True)
class DueSource:
    """Where one kind comes from; `right` is what one needs to see it, `page` and `show` what opens behind it."""

    key: str
    title: str
    right: str
    ask: Callable[[Asking], Found]
    page: str
    show: str = ""
    grave: bool = False


def board(db: Database, actor: Actor, today: date) -> list[DueGroup]:
    """Everything that is due today and that the actor may see, the gravest kind first; kinds without any are absent."""
    asking = Asking(db, today)
    groups = []
    for source in SOURCES:
        if not may(db, actor, source.right):
            continue
        total, items = source.ask(asking)
        if total:
            shown = tuple(items[:SHOWN])
            groups.append(DueGroup(source.key, source.title, total, shown, source.page, source.show, source.grave))
    return groups


def lateness(days: int) -> str:
    """How late, in words."""
    return f"过期 {days} 天" if days > 0 else "今天" if days == 0 else f"还有 {-days} 天"


# ------------------------------------------------------------------------------------------------------------- sources


def _bells(asking: Asking) -> Found:
    found = care.bells_due(asking.db)
    return len(found), [
        DueItem(
            f"{one.address}　{one.name}　{one.word}",
            one.last_alarm[5:] if one.state.waiting else "" if one.state.faulty else lateness(one.state.days_over),
            one.state.days_over if one.test_due else 1,
            "door_bell",
            one.id,
        )
        for one in found
    ]


def _appeals(word: str) -> Callable[[Asking], Found]:
    def ask(asking: Asking) -> Found:
        which = AppealFilter(due=word)
        lines = appeals.appeals(asking.db, which, limit=SHOWN)
        items = [
            DueItem(
                f"{one.title}　{one.place}　{one.due_what}",
                lateness(asking.late(one.due_on)),
                asking.late(one.due_on),
                "appeal",
                one.id,
            )
            for one in lines
        ]
        return (appeals.count(asking.db, which) if len(lines) == SHOWN else len(lines)), items

    return ask


def _orders(asking: Asking) -> Found:
    found = orders.nobody_took(asking.db)
    return len(found), [
        DueItem(f"{one.title}　{one.place}", f"等了 {one.waited} 天", one.waited, "order", one.id) for one in found
    ]


def _shifts(asking: Asking) -> Found:
    found = [one for one in shifts_today(asking.db) if one.word != OFF]
    return len(found), [
        DueItem(
            f"{one.post}　{one.slot}　{one.helper or '缺人'}　{one.word}",
            one.slot,
            1 if one.word == VACANT else 0,
            "shift",
            one.id,
        )
        for one in found
    ]


def _meetings(asking: Asking) -> Found:
    found = list(reversed(meetings.meetings(asking.db, from_on=asking.on, to_on=asking.on)))
    return len(found), [
        DueItem(f"{one.title}　签到 {one.present}/{one.due}", one.starts_at[11:], 0, "meeting", one.id) for one in found
    ]


def _visits(asking: Asking) -> Found:
    lines = visits.due(asking.db, asking.on, most=SHOWN)
    items = [
        DueItem(
            f"{one.name}　{one.address}　{'、'.join(one.tags)}",
            lateness(one.days_over) if one.last_on else "从未走访",
            one.days_over,
            one.subject,
            one.id,
        )
        for one in lines
    ]
    return (visits.due_counts(asking.db, asking.on).homes if len(lines) == SHOWN else len(lines)), items


def _pairs(asking: Asking) -> Found:
    found = [one for one in care.pairs(asking.db) if one.doubt]
    return len(found), [DueItem(f"{one.name}　{one.doubt}", "", 0, "care_pair", one.id) for one in found]


def _resolutions(asking: Asking) -> Found:
    found = [one for one in meetings.open_resolutions(asking.db, asking.on) if one.late is not None and one.late >= 0]
    return len(found), [
        DueItem(f"{one.text}　{one.owner}", lateness(one.late or 0), one.late or 0, "meeting", one.meeting_id)
        for one in found
    ]


def _meeting_types(asking: Asking) -> Found:
    found = [one for one in calendar.due_types(asking.db, asking.on) if one.state in {calendar.OVERDUE, calendar.NEAR}]
    return len(found), [
        DueItem(
            f"{one.name}　{one.holder or one.period}",
            "缺开" if one.state == calendar.OVERDUE else lateness(-one.left),
            1 if one.state == calendar.OVERDUE else -one.left,
            "page:meetings",
            one.id,
        )
        for one in found
    ]


def _quarter(asking: Asking) -> Found:
    now = quarterly(asking.db, asking.on)
    if not now.warning:
        return 0, ()
    return 1, [DueItem(now.warning, lateness(-now.left), -now.left, "page:matters", now.name)]


def _wishes(asking: Asking) -> Found:
    found = wishes_open(asking.db)
    return len(found), [
        DueItem(f"{one.alias}：{one.text}", f"{one.expires_on[5:]} 前", asking.late(one.expires_on), "wish", one.id)
        for one in found
    ]


def _agreements(asking: Asking) -> Found:
    until = (asking.today + SOON).isoformat()
    found = sorted(
        (one for one in partners.agreements(asking.db) if one.signed_on and asking.on <= one.expires_on <= until),
        key=lambda one: one.expires_on,
    )
    return len(found), [
        DueItem(f"与{one.unit}的协议到期", lateness(asking.late(one.expires_on)), asking.late(one.expires_on),
                "agreement", one.id) for one in found
    ]  # fmt: skip


def _terms(asking: Asking) -> Found:
    rows = asking.db.rows(
        "SELECT s.name,s.role,n.name,s.to_on,n.id FROM seat s JOIN org_node n ON n.id=s.node_id AND n.sync_del=0 "
        "WHERE s.sync_del=0 AND s.to_on BETWEEN ? AND ? ORDER BY s.to_on",
        (asking.on, (asking.today + SOON).isoformat()),
    )
    return len(rows), [
        DueItem(f"{name}　{role}（{node}）任期届满", lateness(asking.late(to_on)), asking.late(to_on), "org_node", key)
        for name, role, node, to_on, key in rows
    ]


def _requests(asking: Asking) -> Found:
    near = (asking.today + timedelta(days=3)).isoformat()
    found = [one for one in privacy.requests(asking.db, open_only=True) if one.due_on and one.due_on <= near]
    return len(found), [
        DueItem(
            f"{one.kind}　{one.applicant}",
            lateness(asking.late(one.due_on)),
            asking.late(one.due_on),
            "subject_request",
            one.id,
        )
        for one in found
    ]


def _retention(asking: Asking) -> Found:
    found = [one for one in retaining.review(asking.db) if one.lines]
    return sum(len(one.lines) for one in found), [
        DueItem(f"{one.keeping.name}　{len(one.lines)} 条", "", 0, "page:privacy", _RETENTION_FACE) for one in found
    ]


SOURCES: Final[tuple[DueSource, ...]] = (
    DueSource("bells", "爱心门铃", "care.read", _bells, "care", "bells", grave=True),
    DueSource("overdue", "逾期诉求", "appeals.read", _appeals(DUE_WORDS[0]), "appeals", DUE_WORDS[0], grave=True),
    DueSource("near", "快到期的诉求", "appeals.read", _appeals(DUE_WORDS[1]), "appeals", DUE_WORDS[1]),
    DueSource("orders", "没人接的服务单", "orders.read", _orders, "orders", grave=True),
    DueSource("meetings", "今天的会议", "meetings.read", _meetings, "meetings"),
    DueSource("shifts", "今天值守", "orders.read", _shifts, "orders", "shift"),
    DueSource("visits", "该走访", "visits.read", _visits, "visits"),
    DueSource("resolutions", "议定事项到期", "meetings.read", _resolutions, "meetings"),
    DueSource("requests", "个人信息申请", "privacy.read", _requests, "privacy", grave=True),
    DueSource("pairs", "结对要核对", "care.read", _pairs, "care", "pairs"),
    DueSource("types", "该开的会", "meetings.read", _meeting_types, "meetings", "due"),
    DueSource("quarter", "四个一", "matters.read", _quarter, "matters", "quarter"),
    DueSource("wishes", "待认领的心愿", "orders.read", _wishes, "orders", "wish"),
    DueSource("retention", "保存期满待清理", "privacy.read", _retention, "privacy", _RETENTION_FACE),
    DueSource("agreements", "协议快到期", "partners.read", _agreements, "partners"),
    DueSource("terms", "任期快届满", "organisation.read", _terms, "organisation"),
)
"""Every kind, the gravest first."""
