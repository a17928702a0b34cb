"""Who comes to meetings, by unit: only those who should be there, only meetings of the period."""

from desktop_app.meetings import actions, charts
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine

YEAR = ("2026-01-01", "2026-11-22")


def held(db, actor, day, marks):
    people = [RosterLine(name, unit=unit, capacity=how) for name, unit, how, _ in marks]
    meeting = actions.call_meeting(db, actor, Meeting(kind="三方联席会议", title="", starts_at=f"{day} 09:00"), people)
    rows = db.rows("SELECT id FROM attendance WHERE meeting_id=? ORDER BY seq", (meeting.id,))
    for (key,), (*_, status) in zip(rows, marks, strict=True):
        actions.mark(db, actor, key, status, "有事" if status == "请假" else None, "甲" if status == "委托" else None)


def test_a_unit_is_counted_by_those_who_should_have_come(db, actor):
    held(db, actor, "2026-05-20", [("甲", "物业", "应到", "出席"), ("乙", "物业", "应到", "缺席")])
    held(db, actor, "2026-08-20", [("乙", "物业", "应到", "委托"), ("丙", None, "应到", "请假"),
                                   ("丁", "派出所", "列席", "列席")])  # fmt: skip
    held(db, actor, "2025-12-31", [("乙", "物业", "应到", "缺席")])
    bars = charts.attendance_by_unit(db, *YEAR).bars
    assert [(bar.name, bar.words) for bar in bars] == [("没有写单位", "请假 1"), ("物业", "出席 2，缺席 1")]


def test_types_of_meetings_are_called_by_their_names(db, actor):
    held(db, actor, "2026-05-20", [("甲", "物业", "应到", "出席")])
    (bar,) = charts.attendance_by_type(db, *YEAR).bars
    assert (bar.name, bar.end) == ("三方联席会议", "1／1　100%")
