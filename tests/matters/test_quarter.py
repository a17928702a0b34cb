"""The four of each quarter tick themselves from the records, and say in time what is open."""

from collections.abc import Callable
from datetime import date

import pytest

from desktop_app.matters import quarter
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.partners.model import Activity
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.visits.model import Campaign


def done(db: Database, on: str = "2026-11-22", name: str = "") -> list[bool]:
    return [box.done for box in quarter.quarterly(db, on, name).boxes]


def test_nothing_is_ticked_in_an_empty_store(db: Database) -> None:
    found = quarter.quarterly(db, "2026-11-22")
    assert (found.name, found.words, found.first, found.last) == ("2026Q4", "2026年第4季度", "2026-10-01", "2026-12-31")
    assert done(db) == [False] * 4


def test_each_box_is_ticked_by_its_own_kind_of_record(
    db: Database, actor: Actor, propose: Callable, act: Callable
) -> None:
    with db.transaction(actor, "准备") as tx:
        tx.add(Campaign(name="入户收集意见", from_on="2026-10-08"))
    assert done(db) == [True, False, False, False]
    meetings.call_meeting(db, actor, Meeting(kind="三方联席会议", title="", starts_at="2026-11-20 15:00"))
    assert done(db) == [True, True, False, False]
    matter = propose()
    act(matter, "进展", text="已经量了尺寸", progress=30)
    assert done(db) == [True, True, True, False]
    with db.transaction(actor, "准备") as tx:
        tx.add(Activity(title="义剪", on="2026-11-15"))
    assert done(db) == [True] * 4
    assert quarter.quarterly(db, "2026-12-25").warning == ""
    assert done(db, name="2026Q3") == [False] * 4


def test_a_meeting_still_to_come_and_one_of_another_type_tick_nothing(db: Database, actor: Actor) -> None:
    meetings.call_meeting(db, actor, Meeting(kind="三方联席会议", title="", starts_at="2026-12-20 15:00"))
    meetings.call_meeting(db, actor, Meeting(kind="党课", title="", starts_at="2026-11-01 15:00"))
    assert done(db)[1] is False


@pytest.mark.parametrize(
    ("on", "urgency"), [("2026-11-30", 0), ("2026-12-01", 1), ("2026-12-16", 2), ("2026-12-24", 3), ("2026-12-31", 3)]
)
def test_what_is_open_is_said_30_15_and_7_days_before_the_end(db: Database, on: str, urgency: int) -> None:
    found = quarter.quarterly(db, on)
    assert found.urgency == urgency
    assert bool(found.warning) == (urgency > 0)
    if urgency:
        assert f"还有 {found.left} 天，“四个一”还差 4 项：一次问题收集行动、" in found.warning


def test_a_box_is_ticked_by_hand_within_its_quarter(db: Database, actor: Actor) -> None:
    made = quarter.tick(db, actor, "2026Q4", 4, "2026-11-20", "与消防站联合演练")
    assert done(db) == [False, False, False, True]
    for item, on, text, field in (
        (4, "2026-09-30", "x", "on"),
        (4, "2026-11-20", " ", "text"),
        (9, "2026-11-20", "x", "item"),
    ):
        with pytest.raises(AppError, match="没有保存") as refused:
            quarter.tick(db, actor, "2026Q4", item, on, text)
        assert refused.value.field == field
    quarter.untick(db, actor, made.id)
    assert done(db) == [False] * 4


@pytest.mark.parametrize("words", ["2026Q4", "2026q4", "2026-4", "2026年第四季度", "2026年第4季度", "2026 Q4"])
def test_a_quarter_is_read_as_people_write_it(words: str) -> None:
    assert quarter.parse(words) == "2026Q4"


@pytest.mark.parametrize("words", ["2026Q5", "四季度", "", "26Q4"])
def test_what_is_no_quarter_is_said(words: str) -> None:
    with pytest.raises(AppError, match="不是季度"):
        quarter.parse(words)


def test_a_quarter_is_three_months() -> None:
    assert [quarter.quarter_name(date(2026, month, 1)) for month in (1, 3, 4, 9, 10, 12)] == [
        "2026Q1", "2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026Q4",
    ]  # fmt: skip
    assert (quarter.span("2026Q1").first, quarter.span("2026Q1").last) == (date(2026, 1, 1), date(2026, 3, 31))
