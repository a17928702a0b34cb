"""议事: proposing, going on step by step by letters, the board, the quarter's four."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.matters import actions, queries
from desktop_app.matters.actions import Deed
from desktop_app.matters.model import Matter
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.matter import MatterPage
from ui.pages.matters import MattersPage


@pytest.fixture
def matter(town: App) -> Matter:
    return actions.propose(town.db, town.actor, actions.blank(town.db, title="单车棚漏雨要修", proposer="王小明"))


@pytest.fixture
def page(matter: Matter, window: MainWindow, qtbot: QtBot) -> MatterPage:
    window.open_record("matter", matter.id)
    settle(qtbot, window.background)
    found = window.tabs.page(f"matter:{matter.id}")
    assert isinstance(found, MatterPage)
    rest(found, qtbot)
    return found


@pytest.fixture
def board(window: MainWindow, qtbot: QtBot) -> MattersPage:
    window.open_page("matters")
    settle(qtbot, window.background)
    found = window.tabs.page("page:matters")
    assert isinstance(found, MattersPage)
    rest(found, qtbot)
    return found


def test_the_steps_and_what_is_missing_are_said_in_words(page: MatterPage, qtbot: QtBot) -> None:
    assert page.steps.words == "第 1 步，共 5 步：民事民提"
    assert "可以往下走" in page.words.text()
    page.act("推进")
    rest(page, qtbot)
    assert page.steps.words == "第 2 步，共 5 步：民事民议"
    assert "往下走之前：还没有商议记录" in page.words.text()
    assert "推进" not in page.buttons


def test_a_step_is_written_in_the_form_beside_and_told_in_the_story(page: MatterPage, qtbot: QtBot) -> None:
    page.act("推进")
    rest(page, qtbot)
    page.act("商议")
    rest(page, qtbot)
    page.form.form.take_draft('{"text": "议了两次，同意先修"}')
    page.form.save()
    rest(page, qtbot)
    assert page.story.model().steps[-1].text == "议了两次，同意先修"
    assert "推进" in page.buttons


def test_the_keyboard_stays_among_the_verbs_when_they_change(page: MatterPage, qtbot: QtBot) -> None:
    before = page.first_focus()
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_N)
    rest(page, qtbot)
    assert page.first_focus() is not before
    assert page.first_focus().hasFocus()


def test_a_decision_begins_with_what_the_meeting_said(page: MatterPage, qtbot: QtBot) -> None:
    app = page.desk.app
    new = Meeting(kind="党员大会", title="", starts_at="2026-11-20 09:00")
    meeting = meetings.call_meeting(app.db, app.actor, new, [RosterLine("王东"), RosterLine("李梅")])
    meetings.mark_all(app.db, app.actor, meeting.id)
    item = actions.put_on_agenda(app.db, app.actor, page.matter_id, meeting.id)
    meetings.record_vote(app.db, app.actor, item.id, 2, 0, 0)
    for deed in (Deed("推进"), Deed("商议", text="议过"), Deed("推进")):
        actions.act(app.db, app.actor, page.matter_id, deed)
    rest(page, qtbot)
    page.act("决定")
    rest(page, qtbot)
    form = page.form.form
    assert form.value("outcome") == "通过"
    assert form.value("text") == "2026-11-20支部党员大会，同意 2 票，反对 0 票，弃权 0 票，表决通过"
    assert form.value("meeting_id") == meeting.id


def test_what_another_desk_did_meanwhile_is_said_and_the_words_stay(page: MatterPage, qtbot: QtBot) -> None:
    page.act("补充")
    page.form.form.take_draft('{"text": "半句话"}')
    app = page.desk.app
    actions.act(app.db, app.actor, page.matter_id, Deed("推进"))
    rest(page, qtbot)
    assert "刚刚别处又办了" in page.notice.words
    assert page.form.form.value("text") == "半句话"


def test_the_board_shows_each_matter_under_its_stage(matter: Matter, board: MattersPage, qtbot: QtBot) -> None:
    assert [one.count() for one in board.board.lists] == [1, 0, 0, 0, 0]
    actions.act(board.desk.app.db, board.desk.app.actor, matter.id, Deed("推进"))
    rest(board, qtbot)
    assert [one.count() for one in board.board.lists] == [0, 1, 0, 0, 0]
    assert "单车棚漏雨要修" in board.board.lists[1].item(0).text()


def test_an_empty_board_says_what_to_do(board: MattersPage) -> None:
    assert not board.board.lists
    assert board.board._empty.isVisibleTo(board.board)


def test_a_matter_is_proposed_from_the_list(board: MattersPage, qtbot: QtBot) -> None:
    board.new()
    board.list.form.form.take_draft('{"title": "加装路灯", "name": "张敏"}')
    board.list.form.save()
    rest(board, qtbot)
    (line,) = queries.matters(board.desk.app.db)
    assert (line.title, line.proposer, line.step_name) == ("加装路灯", "张敏", "民事民提")


def test_the_list_filters_sorts_and_exports(matter: Matter, board: MattersPage, tmp_path: Path, qtbot: QtBot) -> None:
    app = board.desk.app
    actions.propose(app.db, app.actor, actions.blank(app.db, title="安路灯", proposer="张敏"))
    board.faces.choose(1)
    rest(board, qtbot)
    board.list._sort("title", True)
    assert [line.title for line in board.list.table.lines] == ["安路灯", "单车棚漏雨要修"]
    for name in ("议事.xlsx", "议事.pdf"):
        board.list.export_to(tmp_path / name)
        settle(qtbot, board.desk.background)
        assert (tmp_path / name).stat().st_size > 1000


def test_the_four_of_a_quarter_are_ticked_by_hand_where_no_record_shows_them(board: MattersPage, qtbot: QtBot) -> None:
    board.faces.choose(2)
    rest(board, qtbot)
    pane = board.quarter
    assert pane.words.text() == "完成 0 项，共 4 项"
    pane.tick()
    pane.form.form.take_draft('{"item": "4", "text": "联合消防演练"}')
    pane.form.save()
    rest(board, qtbot)
    assert pane.words.text() == "完成 1 项，共 4 项"
    pane.go(-1)
    rest(board, qtbot)
    assert pane._title.text() == "2026年第3季度"


def test_a_tick_made_by_hand_is_taken_back_and_nothing_else_can_be(board: MattersPage, qtbot: QtBot) -> None:
    board.faces.choose(2)
    rest(board, qtbot)
    pane = board.quarter
    pane.untick()
    assert not pane.form.is_open
    pane.tick()
    pane.form.form.take_draft('{"item": "4", "text": "联合消防演练"}')
    pane.form.save()
    rest(board, qtbot)
    pane.untick()
    pane.form.save()
    rest(board, qtbot)
    assert pane.words.text() == "完成 0 项，共 4 项"
