"""A meeting is shared with other units from its page; one that another unit called says so."""

import orjson
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings import actions
from desktop_app.meetings.model import Meeting
from desktop_app.places.sharing import shared_with
from desktop_app.sync import units
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.meetings import MeetingsPage
from ui.pages.meetings_record import MeetingPage
from ui.pages.sharing import ShareDialog

STREET, OFFICE = 420299001, 420299001900
TOLD = {
    "unit": [420299001001, "和平社区", "community"],
    "units": [[STREET, "红旗街道", "street"], [OFFICE, "红旗派出所", "department"]],
    "at": 1,
}


@pytest.fixture
def meeting(town: App) -> Meeting:
    with town.db.applying("准备") as tx:
        tx.set_setting(units.TOLD, orjson.dumps(TOLD).decode())
    return actions.call_meeting(town.db, town.actor, Meeting(kind="议事会", title="电梯联席会"))


@pytest.fixture
def page(meeting: Meeting, window: MainWindow, qtbot: QtBot) -> MeetingPage:
    window.open_record("meeting", meeting.id)
    found = window.tabs.page(f"meeting:{meeting.id}")
    assert isinstance(found, MeetingPage)
    rest(found, qtbot)
    return found


def begin(page: MeetingPage, qtbot: QtBot) -> ShareDialog:
    """By keyboard: Tab gets to the button, Space presses it."""
    page.share_button.setFocus()
    qtbot.keyClick(page.share_button, Qt.Key.Key_Space)
    asking = page.findChild(ShareDialog)
    qtbot.waitUntil(asking.isVisible)
    return asking


def save(asking: ShareDialog, page: MeetingPage, qtbot: QtBot) -> None:
    asking.save()
    qtbot.waitUntil(lambda: page.findChild(ShareDialog) is None or not asking.isVisible(), timeout=5000)
    rest(page, qtbot)


def test_units_are_ticked_with_space_and_the_page_names_who_has_it(page, town, meeting, qtbot):
    asking = begin(page, qtbot)
    assert [asking.list.item(at).text() for at in range(2)] == ["红旗街道　街道", "红旗派出所　部门"]
    asking.list.setFocus()
    qtbot.keyClick(asking.list, Qt.Key.Key_Space)
    assert asking.chosen == [STREET]
    save(asking, page, qtbot)
    assert shared_with(town.db.get(Meeting, meeting.id)) == (STREET,)
    assert page.shared_words.text() == "共享给：红旗街道"
    asking = begin(page, qtbot)
    assert asking.chosen == [STREET]
    asking.list.setFocus()
    qtbot.keyClick(asking.list, Qt.Key.Key_Space)
    qtbot.keyClick(asking.list, Qt.Key.Key_Down)
    qtbot.keyClick(asking.list, Qt.Key.Key_Space)
    asking.save()
    assert "从红旗街道收回" in asking.strip.words
    assert shared_with(town.db.get(Meeting, meeting.id)) == (STREET,), "not before it is said once more"
    save(asking, page, qtbot)
    assert shared_with(town.db.get(Meeting, meeting.id)) == (OFFICE,)
    page.desk.undo_last()
    rest(page, qtbot)
    assert page.shared_words.text() == "共享给：红旗街道"


def test_a_meeting_another_unit_called_says_so_and_is_not_shared_on_or_cancelled_here(page, town, meeting, qtbot):
    with town.db.applying("准备") as tx:
        tx.execute("UPDATE meeting SET scope=?,audience='420299001001' WHERE id=?", (STREET, meeting.id))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.home.text() == "红旗街道召集"
    assert not page.share_button.isEnabled()
    assert "由那里决定" in page.share_button.toolTip()
    page.share()
    page.cancel()
    assert page.findChild(ShareDialog) is None
    assert not page.agenda.form.is_open


def test_the_list_says_whose_meeting_it_is(page, town, window, meeting, qtbot):
    with town.db.applying("准备") as tx:
        tx.execute("UPDATE meeting SET scope=? WHERE id=?", (STREET, meeting.id))
    window.open_page("meetings")
    found = window.tabs.page("page:meetings")
    assert isinstance(found, MeetingsPage)
    rest(found, qtbot)
    line = found.table.current
    assert found._title_of(line) == "电梯联席会（红旗街道召集）"


def test_before_the_first_sync_no_unit_is_known_and_it_says_why(page, town, qtbot):
    with town.db.applying("准备") as tx:
        tx.set_setting(units.TOLD, None)
    asking = begin(page, qtbot)
    assert "接入服务器" in asking.strip.words
    assert not asking.verb.isEnabled()
    asking.reject()
