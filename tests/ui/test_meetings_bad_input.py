"""What can be wrong about a meeting, in the window: said in Chinese at its field, and nothing typed is lost."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings import actions, queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.papers import actions as papers
from desktop_app.practice import actions as practice
from desktop_app.practice.queries import shipped
from desktop_app.profiles.queries import forget
from tests.ui.conftest import rest, settle
from tests.ui.test_meetings_page import PEOPLE, locked, noted, status
from ui.main_window import MainWindow
from ui.pages.meetings_record import MeetingPage

LONG = "漏" * 10_000


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> MeetingPage:
    """A council of today with four people who should come and one item."""
    new = Meeting(
        kind="residents_council", title="邻里议事会", starts_at="2026-11-22 15:00", place="党群驿站", chair="张敏"
    )
    called = actions.call_meeting(town.db, town.actor, new, [RosterLine(name) for name in PEOPLE])
    actions.add_agenda_item(town.db, town.actor, called.id, "电梯加装")
    window.open_record("meeting", called.id)
    settle(qtbot, window.background)
    found = window.tabs.page(f"meeting:{called.id}")
    assert isinstance(found, MeetingPage)
    rest(found, qtbot)
    return found


def kept(page: MeetingPage, column: str) -> str | None:
    return page.desk.app.db.scalar(f"SELECT {column} FROM meeting")


def test_an_end_before_the_beginning_is_told_at_its_field_and_the_form_stays(page: MeetingPage, qtbot: QtBot) -> None:
    page.edit()
    page.agenda.form.form.take_draft('{"ends": "1400", "place": "二楼"}')
    page.agenda.form.save()
    rest(page, qtbot)
    assert page.agenda.form.is_open
    assert "没有保存" in page.agenda.form.form.fault("ends") + page.agenda.form.notice.words
    assert page.agenda.form.form.value("place") == "二楼"
    assert (kept(page, "ends_at"), kept(page, "place")) == (None, "党群驿站")


def test_a_second_proxy_for_the_same_person_is_told_at_its_field(page: MeetingPage, qtbot: QtBot) -> None:
    for at, holds in ((1, True), (2, False)):
        page.sign_in.table.point_at(at)
        page.sign_in.excuse()
        page.sign_in.form.form.take_draft('{"status": "委托", "proxy": "张敏"}')
        page.sign_in.form.save()
        rest(page, qtbot)
        assert page.sign_in.form.is_open is not holds
    assert "张敏已经受王强委托" in page.sign_in.form.form.fault("proxy")
    assert page.sign_in.form.form.value("proxy") == "张敏"
    assert (status(page)["王强"], status(page)["刘洋"]) == ("委托", "缺席")


def test_somebody_taken_off_the_list_after_the_vote_is_said_beside_the_item(page: MeetingPage, qtbot: QtBot) -> None:
    page.sign_in.all_there()
    rest(page, qtbot)
    card = next(iter(page.agenda.cards.values()))
    card.counts["votes_for"].setText("4")
    card.votes.flush()
    rest(page, qtbot)
    assert "多于" not in card._why.text()
    page.sign_in.table.point_at(0)
    page.sign_in.take_off()
    rest(page, qtbot)
    assert len(status(page)) == 3
    card = next(iter(page.agenda.cards.values()))
    assert "多于有表决权的 3 人" in card._why.text()
    assert page.desk.app.db.scalar("SELECT votes_for FROM agenda_item") == 4


def test_what_stands_on_the_list_can_be_put_right_without_touching_who_is_there(
    page: MeetingPage, qtbot: QtBot
) -> None:
    page.sign_in.all_there()
    rest(page, qtbot)
    page.sign_in.table.point_at(0)
    page.sign_in.change()
    page.sign_in.form.form.take_draft('{"unit": "业委会", "capacity": "列席"}')
    page.sign_in.form.save()
    rest(page, qtbot)
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    row = file.attendance[0]
    assert (row.unit, row.capacity, row.voting, row.status) == ("业委会", "列席", False, "出席")


def test_a_type_retired_between_notice_and_meeting_is_said_above_the_work(page: MeetingPage, qtbot: QtBot) -> None:
    app = page.desk.app
    text = shipped("codes/meeting_types")
    mark = 'code = "residents_council"\n'
    practice.adopt(
        app.db, app.actor, "codes/meeting_types", text.replace(mark, f"{mark}valid_to = 2026-11-21\n"),
        from_on="2026-11-22", why="街道通知",
    )  # fmt: skip
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "已于 2026-11-21 停用，记录照常保存" in page._remark.words
    forget()


def test_a_record_changed_after_its_signature_is_said_and_takes_no_more(page: MeetingPage, qtbot: QtBot) -> None:
    locked(page)
    page.refresh(frozenset())
    rest(page, qtbot)
    page.sign_in.take_off()
    page.give_notice()
    rest(page, qtbot)
    assert len(status(page)) == 4
    with page.desk.app.db.applying("同步") as tx:
        tx.execute("UPDATE meeting SET place='别处'")
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "与签字时的指纹对不上" in page.notice.words


def test_control_characters_are_left_out_of_every_field(page: MeetingPage, qtbot: QtBot) -> None:
    page.edit()
    page.agenda.form.form.take_draft('{"place": "二楼\\u0007议事\\u0000厅", "lead": "第一行\\n第二行\\u001b"}')
    page.agenda.form.save()
    rest(page, qtbot)
    assert (kept(page, "place"), kept(page, "lead")) == ("二楼议事厅", "第一行\n第二行")


def test_ten_thousand_characters_without_a_break_are_kept_as_typed(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.talk.setPlainText(LONG)
    card.notes.flush()
    rest(page, qtbot)
    assert noted(page) == LONG
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    actions.add_resolution(page.desk.app.db, page.desk.app.actor, page.meeting_id, LONG, agenda_id=file.agenda[0].id)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.width() <= page.window().width()


def test_one_press_says_that_people_were_told_and_printing_the_notice_says_so_by_itself(
    page: MeetingPage, qtbot: QtBot
) -> None:
    assert "还没有通知" in page._remark.words
    page.give_notice()
    rest(page, qtbot)
    assert (kept(page, "notice_on"), kept(page, "notice_how")) == ("2026-11-22", "书面通知")
    assert "11-22 通知" in page._where.text()
    app = page.desk.app
    other = actions.call_meeting(app.db, app.actor, Meeting(kind="听证会", title="", starts_at="2026-12-20 09:00"))
    papers.record_print(
        app.db, app.actor, "meeting_notice", "meeting", other.id, "会议通知", pdf_bytes=b"x", notified=(other.id,)
    )
    assert app.db.scalar("SELECT notice_on FROM meeting WHERE id=?", (other.id,)) == "2026-11-22"


@pytest.mark.parametrize("typed", ["明天", "2026-02-30"])
def test_a_day_that_is_none_is_told_and_nothing_is_written(page: MeetingPage, qtbot: QtBot, typed: str) -> None:
    page.edit()
    page.agenda.form.form.take_draft(f'{{"day": "{typed}", "begins": "1500"}}')
    page.agenda.form.save()
    rest(page, qtbot)
    assert page.agenda.form.is_open
    assert kept(page, "starts_at") == "2026-11-22 15:00"
