"""会议: calling one, signing in by initials, writing that saves itself, signature and corrections."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings import actions, queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.meetings import MeetingsPage
from ui.pages.meetings_new import moment, tidy_time
from ui.pages.meetings_record import MeetingPage
from ui.pages.meetings_signin import matching, names_of

PEOPLE = ("张敏", "王强", "刘洋", "单玉梅")


@pytest.fixture
def meeting(town: App) -> Meeting:
    """邻里议事会 with four people who should come and one item on its agenda."""
    called = actions.call_meeting(
        town.db,
        town.actor,
        Meeting(
            kind="residents_council", title="邻里议事会", starts_at="2026-11-22 15:00", place="党群驿站", chair="张敏"
        ),
        [RosterLine(name) for name in PEOPLE],
    )
    actions.add_agenda_item(town.db, town.actor, called.id, "电梯加装")
    return called


@pytest.fixture
def page(meeting: Meeting, window: MainWindow, qtbot: QtBot) -> MeetingPage:
    window.open_record("meeting", meeting.id)
    settle(qtbot, window.background)
    found = window.tabs.page(f"meeting:{meeting.id}")
    assert isinstance(found, MeetingPage)
    rest(found, qtbot)
    return found


def status(page: MeetingPage) -> dict[str, str]:
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    return {row.name: row.status for row in file.attendance}


@pytest.mark.parametrize(
    ("typed", "clock"), [("1500", "15:00"), ("9:05", "09:05"), ("９点", "09:00"), ("15时30分", "15:30"), ("", "")]
)
def test_a_time_is_read_as_people_type_it(typed: str, clock: str) -> None:
    assert tidy_time(typed) == clock


def test_a_day_without_a_time_begins_at_midnight_and_no_day_is_no_moment() -> None:
    assert moment("20261122", "") == "2026-11-22 00:00"
    assert moment("", "1500") is None


def test_initials_find_people_and_special_surnames(page: MeetingPage) -> None:
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    names = names_of(file.attendance)
    assert [name.row.name for name in matching(names, "zm")] == ["张敏"]
    assert [name.row.name for name in matching(names, "sym")] == ["单玉梅"]
    assert [name.row.name for name in matching(names, "wangq")] == ["王强"]
    assert [name.row.name for name in matching(names, "洋")] == ["刘洋"]
    assert matching(names, "xyz") == []


def test_initials_and_return_sign_in_one_after_the_other(page: MeetingPage, qtbot: QtBot) -> None:
    for letters in ("zm", "wq", "sym"):
        qtbot.keyClicks(page.sign_in.field, letters)
        qtbot.keyClick(page.sign_in.field, Qt.Key.Key_Return)
        rest(page, qtbot)
    assert status(page) == {"张敏": "出席", "王强": "出席", "刘洋": "缺席", "单玉梅": "出席"}
    assert page.sign_in.field.text() == ""
    assert page.sign_in.counts.text() == "应到 4　实到 3"


def test_a_name_that_is_not_on_the_list_is_said_and_nobody_is_signed_in(page: MeetingPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.sign_in.field, "qq")
    qtbot.keyClick(page.sign_in.field, Qt.Key.Key_Return)
    rest(page, qtbot)
    assert "名单里没有“qq”" in page.sign_in._hint.text()
    assert set(status(page).values()) == {"缺席"}


def test_an_excuse_keeps_its_reason(page: MeetingPage, qtbot: QtBot) -> None:
    page.sign_in.table.point_at(2)
    page.sign_in.excuse()
    page.sign_in.form.form.take_draft('{"reason": "出差"}')
    page.sign_in.form.save()
    rest(page, qtbot)
    assert status(page)["刘洋"] == "请假"


def test_what_was_said_saves_itself_on_leaving_the_field(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.talk.setFocus()
    qtbot.keyClicks(card.talk, "zhangmin: ok")
    assert page.unsaved()
    page.sign_in.field.setFocus()
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT discussion FROM agenda_item") == "zhangmin: ok"
    assert not page.unsaved()


def test_what_was_said_saves_itself_after_two_idle_seconds(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    qtbot.keyClicks(card.talk, "hello")
    card.fields._idle.timeout.emit()
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT discussion FROM agenda_item") == "hello"


def test_a_refresh_never_takes_away_what_somebody_is_typing(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    qtbot.keyClicks(card.talk, "half a sen")
    page.refresh(frozenset())
    rest(page, qtbot)
    assert card.talk.toPlainText() == "half a sen"


def test_closing_the_tab_keeps_what_was_not_saved_yet(page: MeetingPage, window: MainWindow, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    qtbot.keyClicks(card.talk, "last words")
    window.tabs.close_current()
    settle(qtbot, window.background)
    assert page.desk.app.db.scalar("SELECT discussion FROM agenda_item") == "last words"


def test_more_votes_than_people_are_refused_beside_the_item(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.counts["votes_for"].setText("9")
    card.votes.flush()
    rest(page, qtbot)
    assert "多于到会的有表决权人数" in card.saver.fault.text()


def test_words_that_were_refused_still_count_as_unsaved(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.title.setText("")
    card.fields.flush()
    rest(page, qtbot)
    assert "议题没有填" in card.saver.fault.text()
    assert card.fields.changes() == {"title": ""}


def test_words_on_their_way_are_not_replaced_by_an_older_answer(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.talk.setPlainText("newer words")
    card.fields.flush()
    card.fields.show_values({"title": "电梯加装", "proposer": None, "discussion": "older words"})
    assert card.talk.toPlainText() == "newer words"
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT discussion FROM agenda_item") == "newer words"


def test_a_vote_is_counted_and_said_in_words(page: MeetingPage, qtbot: QtBot) -> None:
    page.sign_in.all_there()
    rest(page, qtbot)
    card = next(iter(page.agenda.cards.values()))
    for name, number in (("votes_for", "3"), ("votes_against", "1"), ("votes_abstain", "0")):
        card.counts[name].setText(number)
    card.votes.flush()
    rest(page, qtbot)
    assert card._outcome.text().startswith("同意 3 票，反对 1 票，弃权 0 票")
    assert card.how.code == "举手"


def test_a_resolution_is_added_with_owner_and_deadline(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.new.setText("公示图纸")
    qtbot.keyClick(card.new, Qt.Key.Key_Return)
    rest(page, qtbot)
    row = next(iter(card.rows.values()))
    row.owner.setText("李静")
    row.due.setText("20261201")
    row.due.left.emit()
    rest(page, qtbot)
    stored = page.desk.app.db.row("SELECT text,owner,due_on,agenda_id FROM resolution")
    assert stored == ("公示图纸", "李静", "2026-12-01", card.id)


def test_missing_elements_are_listed_in_words_and_forbid_the_signature(page: MeetingPage, qtbot: QtBot) -> None:
    assert page.notice.words.startswith("签字前还要补：")
    page.sign()
    page.agenda.form.save()
    rest(page, qtbot)
    assert "没有签字" in page.agenda.form.notice.words


def test_signed_means_locked_and_a_correction_is_added_below(page: MeetingPage, qtbot: QtBot) -> None:
    db = page.desk.app.db
    with db.transaction(page.desk.app.actor, "签字") as tx:
        tx.change(Meeting, page.meeting_id, signed_at=db.clock.ms(), signed_by="张敏", signed_hash="0")
    rest(page, qtbot)
    card = next(iter(page.agenda.cards.values()))
    assert card.talk.isReadOnly()
    assert not page.sign_in.field.isEnabled()
    assert "已经锁定" in page.notice.words
    page.correct()
    page.agenda.form.form.take_draft('{"text": "票数应为 3 票"}')
    page.agenda.form.save()
    rest(page, qtbot)
    assert db.scalar("SELECT text FROM meeting_correction") == "票数应为 3 票"


def test_the_paper_beside_the_meeting_is_the_one_that_is_printed(page: MeetingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.paper.preview.paper.has_picture, timeout=10_000)
    page.paper.faces.choose(2)
    rest(page, qtbot)
    assert page.paper.preview.paper.has_picture


def test_the_list_opens_meetings_and_shows_what_is_due(meeting: Meeting, window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app if window.desk else None
    assert app is not None
    actions.add_resolution(app.db, app.actor, meeting.id, "清理楼道", owner="王强", due_on="2026-11-01")
    window.open_page("meetings")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    assert isinstance(page, MeetingsPage)
    rest(page, qtbot)
    assert [line.title for line in page.table.lines] == ["邻里议事会"]
    assert page.due.lines[0].late == 21
    page.finish()
    rest(page, qtbot)
    assert page.due.lines == []


def test_a_new_meeting_takes_the_people_of_the_last_one_of_its_type(
    meeting: Meeting, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("meetings", "new")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    assert isinstance(page, MeetingsPage)
    page.form.form.take_draft('{"kind": "residents_council", "day": "2026-12-20", "clock": "1900"}')
    page.form.save()
    rest(page, qtbot)
    opened = window.tabs.current.page if window.tabs.current else None
    assert isinstance(opened, MeetingPage)
    rest(opened, qtbot)
    assert opened.facts is not None
    assert opened.facts.file.meeting.starts_at == "2026-12-20 19:00"
    assert tuple(row.name for row in opened.facts.file.attendance) == PEOPLE
