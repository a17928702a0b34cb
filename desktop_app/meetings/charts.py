"""Who comes to meetings, at a glance: by unit, by type, over a period."""

from collections import defaultdict

from desktop_app.accounts.rights import reads
from desktop_app.meetings.rules import PRESENT
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.chart import BAD, GOOD, WARN, Bar, Chart, Part
from desktop_app.store.database import Database

_OWN = "没有写单位"


def _counted(db: Database, what: str, since: str, until: str) -> dict[str, dict[str, int]]:
    """How often those of each `what` (a column) were there, excused or absent, 应到 alone, in meetings that began."""
    rows = db.rows(
        f"SELECT coalesce({what},''),a.status,count(*) FROM attendance a JOIN meeting m ON m.id=a.meeting_id "
        "WHERE a.sync_del=0 AND m.sync_del=0 AND a.capacity='应到' AND substr(m.starts_at,1,10) BETWEEN ? AND ? "
        "GROUP BY 1,2",
        (since, until),
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name, status, count in rows:
        found[str(name)]["出席" if status in PRESENT else str(status)] += int(count)
    return found


def _chart(title: str, counted: dict[str, dict[str, int]], note: str, head: str) -> Chart:
    bars = []
    for name, told in counted.items():
        there, excused = told.get("出席", 0), told.get("请假", 0)
        absent = sum(told.values()) - there - excused
        parts = (Part("出席", there, GOOD), Part("请假", excused, WARN), Part("缺席", absent, BAD))
        bars.append(Bar(name or _OWN, parts))
    bars.sort(key=lambda bar: (bar.parts[0].number / max(bar.total, 1), -bar.total, bar.name))
    return Chart(title, tuple(bars), note, head)


@reads("meetings.read")
def attendance_by_unit(db: Database, since: str, until: str) -> Chart:
    """Units whose people should be there, those who come least first; both days included."""
    note = f"{since} 至 {until} 的会议，按应到人次"
    return _chart("各单位到会情况", _counted(db, "a.unit", since, until), note, "单位")


@reads("meetings.read")
def attendance_by_type(db: Database, since: str, until: str) -> Chart:
    """The same by type of meeting."""
    types = desk_codes(db, "meeting_types")
    named = {types.name(code): told for code, told in _counted(db, "m.kind", since, until).items()}
    return _chart("各类会议到会情况", named, f"{since} 至 {until} 的会议，按应到人次", "会议类型")
