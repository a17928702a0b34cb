"""When people were told of a meeting: the notice that is printed says so by itself."""

from collections.abc import Callable

import pytest

from desktop_app.meetings import actions, noticing, queries
from desktop_app.meetings.model import Meeting
from desktop_app.papers import actions as papers
from desktop_app.papers.rules import NOTICE
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

TODAY = "2026-11-22"
Printed = Callable[..., str]


@pytest.fixture
def meeting(db: Database, actor: Actor) -> Meeting:
    """A hearing in eight days; ten days of notice are asked for."""
    return actions.call_meeting(db, actor, Meeting(kind="听证会", title="", starts_at="2026-11-30 09:00"))


@pytest.fixture
def printed(db: Database, actor: Actor, meeting: Meeting) -> Printed:
    """Records a print of the notice and gives its number."""

    def record(*, draft: bool = False) -> str:
        told = () if draft else (meeting.id,)
        return papers.record_print(
            db, actor, NOTICE, "meeting", meeting.id, "会议通知", pdf_bytes=b"%PDF", notified=told
        ).id

    return record


def notice(db: Database, meeting: Meeting) -> tuple[str | None, str | None]:
    found = db.get(Meeting, meeting.id)
    assert found is not None
    return found.notice_on, found.notice_how


def test_printing_the_notice_is_giving_it_and_the_journal_knows_who(
    db: Database, actor, meeting, printed: Printed
) -> None:
    assert queries.remarks(db, meeting) == ["还没有通知：这种会议要提前 10 天通知，离开会还有 8 天"]
    printed()
    assert notice(db, meeting) == (TODAY, "书面通知")
    told = db.get(Meeting, meeting.id)
    assert told is not None
    assert queries.remarks(db, told) == ["这种会议要提前 10 天通知，这次提前了 8 天"]
    who = db.row("SELECT actor_name,what FROM journal_action ORDER BY no DESC")
    assert who == (actor.name, "打印：会议通知")


def test_a_draft_tells_nobody(db: Database, meeting, printed: Printed) -> None:
    printed(draft=True)
    assert notice(db, meeting) == (None, None)


def test_a_second_copy_does_not_move_the_day(db: Database, actor, meeting, printed: Printed) -> None:
    noticing.give_notice(db, actor, meeting.id, "电话", "2026-11-18")
    printed()
    assert notice(db, meeting) == ("2026-11-18", "电话")


def test_where_no_paper_came_out_nobody_was_told(db: Database, actor, meeting, printed: Printed) -> None:
    papers.mark_failed(db, actor, printed(), "没有纸")
    assert notice(db, meeting) == (None, None)


def test_a_failed_second_copy_leaves_the_notice_that_came_out(db: Database, actor, meeting, printed: Printed) -> None:
    papers.mark_printed(db, actor, printed())
    papers.mark_failed(db, actor, printed(), "没有纸")
    assert notice(db, meeting) == (TODAY, "书面通知")


def test_how_people_are_told_may_be_known_before_the_paper_is_printed(db, actor, meeting, printed: Printed) -> None:
    actions.change_meeting(db, actor, meeting.id, notice_how="张贴")
    printed()
    assert notice(db, meeting) == (TODAY, "张贴")
