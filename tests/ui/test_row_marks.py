"""Rows that are not simply synced carry a mark: an icon, a tool tip, words to be read out; and so does a record."""

import importlib
import pkgutil
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.matters import actions as matters
from desktop_app.meetings.actions import call_meeting
from desktop_app.meetings.model import Meeting
from desktop_app.orders import actions
from desktop_app.orders import people as people_of_orders
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper
from desktop_app.organisation.actions import found_node
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold
from desktop_app.practice.model import RuleBook
from desktop_app.store.base import record_classes
from desktop_app.store.conflict import Conflict
from desktop_app.sync import refused
from desktop_app.sync.status import RowState
from tests.ui.conftest import rest, settle
from ui import pages
from ui.main_window import MainWindow
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell import row_marks
from ui.shell.row_marks import LOOKS

TOOL_TIP, SPOKEN, SHOWN = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole


@pytest.fixture
def people(town: App) -> list[str]:
    """The first four of the list, on a desk that is enrolled and synced: waiting, refused, disputed, in order."""
    found = [row[0] for row in town.db.rows("SELECT id FROM person ORDER BY id LIMIT 4")]
    _synced(town)
    with town.db.transaction(town.actor, "准备") as tx:
        tx.execute("UPDATE person SET note='改过' WHERE id=?", (found[0],))
        tx.add(Conflict(tbl="person", row_id=found[2], field="note", win_value='"甲"', lose_value='"乙"'))
    with town.db.applying("准备") as tx:
        refused.note(tx, "person", found[1], "BAD_VALUE")
    return found


def _synced(app: App) -> None:
    with app.db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET device=1,scope=7,server_url='https://sync.example',last_ok_at=1")
        tx.execute("DELETE FROM sync_dirty")
        for name in app.db.tables:
            tx.execute(f'UPDATE "{name}" SET sync_seq=1')


def open_page(window: MainWindow, qtbot: QtBot, key: str) -> Page:
    window.sync._by_itself = False
    window.open_page(key)
    page = window.tabs.page(f"page:{key}")
    assert page is not None
    rest(page, qtbot)
    return page


def told(table, record_id: str, role=TOOL_TIP) -> str:
    """What the mark of a record says."""
    records = table.records
    at = next(at for at, column in enumerate(records.columns) if column.marks is not None)
    row = next(row for row in range(records.rowCount()) if records.row(row).id == record_id)
    return str(records.data(records.index(row, at), int(role)) or "")


def ready(table, qtbot: QtBot, window: MainWindow):
    """The table once the marks of its first page are there."""
    table.records.mark(0)
    settle(qtbot, window.background)
    return table


def test_residents_that_wait_were_refused_or_have_two_values_are_marked_and_others_are_not(people, window, qtbot):
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    for role in (TOOL_TIP, SPOKEN, SHOWN):
        assert told(table, people[0], role) == "待上报"
        assert told(table, people[1], role) == "服务器未接受，修改后会再次上报：内容不合规"
        assert told(table, people[2], role) == "有两个值，待确认"
        assert told(table, people[3], role) == ""


def test_every_state_has_an_icon_of_its_own_so_that_colour_is_not_needed():
    assert len({icon for icon, _ in LOOKS.values()}) == len(LOOKS) == len(RowState) - 1


def test_the_mark_is_drawn_and_changes_when_the_record_is_synced(people, window, qtbot):
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    app = window.desk.app
    row = next(row for row in range(table.records.rowCount()) if table.records.row(row).id == people[0])
    table.clearSelection()
    table.scrollTo(table.records.index(row, 0))
    area = table.visualRect(table.records.index(row, 0))
    before = table.viewport().grab(area).toImage()
    with app.db.applying("准备") as tx:
        tx.execute("DELETE FROM sync_dirty")
    window.signals.tell(app.db.tables)
    qtbot.waitUntil(lambda: told(table, people[0]) == "")
    assert table.viewport().grab(area).toImage() != before


def test_a_desk_on_its_own_marks_nothing(town, window, qtbot):
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    assert {told(table, table.records.row(row).id) for row in range(5)} == {""}


def test_the_marks_of_a_page_are_asked_for_once_and_only_when_a_row_is_drawn(people, window, qtbot, monkeypatch):
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    asked: list[int] = []
    real = row_marks.row_states

    def counted(db, name, ids):
        asked.append(len(ids))
        return real(db, name, ids)

    monkeypatch.setattr(row_marks, "row_states", counted)
    table.records.refetch()
    for _ in range(2):
        for person in people:
            told(table, person)
        settle(qtbot, window.background)
    assert asked == [table.records.rowCount()]


def test_copied_rows_carry_no_marks(people, window, qtbot):
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    table.setFocus()
    table.point_at(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t")[0] == "姓名"


def test_meetings_buildings_and_centre_households_are_marked_too(town, window, qtbot):
    building = str(town.db.scalar("SELECT id FROM building"))
    with town.db.transaction(town.actor, "准备") as tx:
        centre = tx.add(PartyCentreHousehold(host_name="王小明", span="3栋", covers="[]")).id
    meeting = call_meeting(town.db, town.actor, Meeting(kind="议事会", title="议事会")).id
    _synced(town)
    with town.db.transaction(town.actor, "准备") as tx:
        tx.execute("UPDATE building SET address='甲'")
        tx.execute("UPDATE meeting SET place='甲'")
        tx.execute("UPDATE party_centre_household SET services='甲'")
    assert told(ready(open_page(window, qtbot, "meetings").table, qtbot, window), meeting) == "待上报"
    assert told(ready(open_page(window, qtbot, "buildings").list, qtbot, window), building) == "待上报"
    organisation = open_page(window, qtbot, "organisation")
    organisation.show_this("centres")
    rest(organisation, qtbot)
    assert told(ready(organisation.centres.table, qtbot, window), centre) == "待上报"


COUNTED = {
    "meetings_due.DuePane": "types of meetings, counted",
    "points_board.BoardPane": "accounts by year, counted",
    "points_due.DuePane": "what could be entered, found in orders and shifts",
    "privacy_retention.RetentionPane": "records of many tables that have expired",
}
"""Lists whose lines are no records, and what they are."""


def _panes(cls: type[ListPane] = ListPane) -> list[type[ListPane]]:
    return [one for below in cls.__subclasses__() for one in (below, *_panes(below))]


def test_every_list_names_the_records_it_shows_so_that_each_line_is_marked():
    """A list that is added later names its table, or stands among those that count."""
    for found in pkgutil.iter_modules(pages.__path__, "ui.pages."):
        importlib.import_module(found.name)
    known = record_classes()
    without = {f"{pane.__module__.removeprefix('ui.pages.')}.{pane.__name__}" for pane in _panes() if not pane.record}
    assert without == COUNTED.keys()
    assert [pane for pane in _panes() if pane.record and pane.record not in known] == []


def test_an_order_whose_last_event_waits_is_marked_and_says_so_beside_the_list(town, window, qtbot):
    place = actions.place(town.db, town.actor, actions.blank(town.db, title="换灯泡", colour="3"))
    other = actions.place(town.db, town.actor, actions.blank(town.db, title="陪同就医", colour="1"))
    _synced(town)
    helper = people_of_orders.add_helper(town.db, town.actor, Helper(name="李四", colours="3"))
    actions.act(town.db, town.actor, place.id, Deed("派单", helper.id))
    pane = open_page(window, qtbot, "orders").orders
    table = ready(pane.table, qtbot, window)
    assert [told(table, one.id) for one in (place, other)] == ["待上报", ""]
    table.show_lines(table.lines, point=place.id)
    qtbot.waitUntil(pane._state_line.isVisible)
    assert pane._state_line.words.text() == "有修改还没有上报，下次同步时上报。"
    table.show_lines(table.lines, point=other.id)
    qtbot.waitUntil(lambda: not pane._state_line.isVisible())
    with town.db.applying("准备") as tx:
        event = tx.rows("SELECT id FROM order_event WHERE order_id=?", (other.id,))[0][0]
        refused.note(tx, "order_event", event, "TOO_LARGE")
    window.signals.tell(town.db.tables)
    qtbot.waitUntil(lambda: told(table, other.id) == "服务器未接受，修改后会再次上报：内容太长")
    qtbot.waitUntil(pane._state_line.isVisible)
    assert pane._state_line.words.text() == "服务器没有接受上次的修改：内容太长。"


def test_a_matter_whose_last_event_waits_is_marked_on_the_board_too(town, window, qtbot):
    raised, other = (
        matters.propose(town.db, town.actor, matters.blank(town.db, title=title, proposer="王小明"))
        for title in ("加装电梯", "晾衣区")
    )
    _synced(town)
    with town.db.applying("准备") as tx:  # the event alone: so it is after an exchange that took the matter
        sql = "INSERT INTO sync_dirty(tbl,local_no,mask,op,ts,txn) SELECT ?,local_no,0,'i',1,1 FROM matter_event"
        tx.execute(f"{sql} WHERE matter_id=?", (town.db.tables["matter_event"].no, raised.id))
    page = open_page(window, qtbot, "matters")
    (column,) = [one for one in page.board.lists if one.count()]
    qtbot.waitUntil(lambda: any(column.item(at).toolTip() for at in range(column.count())))
    said = {line.id: (column.item(at).text()[-3:], column.item(at).toolTip()) for at, line in enumerate(column.lines)}
    assert said == {raised.id: ("待上报", "待上报"), other.id: ("王小明", "")}
    with town.db.applying("准备") as tx:
        tx.execute("DELETE FROM sync_dirty")
    window.signals.tell({"matter_event"})
    qtbot.waitUntil(lambda: all(not one.item(at).toolTip() for one in page.board.lists for at in range(one.count())))


def test_a_rule_that_waits_is_marked_by_its_latest_version(town, window, qtbot):
    _synced(town)
    with town.db.transaction(town.actor, "准备") as tx:
        tx.add(RuleBook(name="codes/visit_rules", from_on="2026-01-01", content="", at=1, by_name="李四", why="试"))
    table = ready(open_page(window, qtbot, "practice").books.table, qtbot, window)
    assert told(table, "codes/visit_rules") == "待上报"


def test_an_organisation_that_waits_is_marked_in_the_tree(town, window, qtbot):
    node = found_node(town.db, town.actor, OrgNode(line="党组织", level=2, kind="社区党组织", name="社区党委"))
    _synced(town)
    with town.db.transaction(town.actor, "准备") as tx:
        tx.execute("UPDATE org_node SET name='社区党委（新）'")
    organisation = open_page(window, qtbot, "organisation")
    item = organisation.tree.trees["党组织"]._names[node.id]
    assert not item.icon().isNull()
    assert item.toolTip().endswith("待上报")
    assert item.accessibleText() == "社区党委（新），待上报"
    with town.db.applying("准备") as tx:
        tx.execute("DELETE FROM sync_dirty")
    window.signals.tell({"org_node"})
    qtbot.waitUntil(lambda: organisation.tree.trees["党组织"]._names[node.id].icon().isNull())


def test_the_page_of_a_record_says_in_words_where_it_stands_and_leads_to_the_choice(people, window, qtbot):
    window.sync._by_itself = False
    said = {}
    for person in people:
        window.open_record("person", person)
        page = window.tabs.page(f"person:{person}")
        rest(page, qtbot)
        said[person] = page.standing.words.text() if page.standing.isVisible() else ""
    assert said == {
        people[0]: "有修改还没有上报，下次同步时上报。",
        people[1]: "服务器没有接受上次的修改：内容不合规。",
        people[2]: "有一项两个人写了不同的值，等您选一个。",
        people[3]: "",
    }
    window.open_record("person", people[2])
    standing = window.tabs.page(f"person:{people[2]}").standing
    standing.verb.setFocus()
    qtbot.keyClick(standing.verb, Qt.Key.Key_Space)
    syncing = window.tabs.page("page:syncing")
    rest(syncing, qtbot)
    assert syncing.inbox.table.current.record_id == people[2]


def test_painting_never_waits_for_the_marks(people, window, qtbot, monkeypatch):
    """The window's thread only asks; a row stands without its mark until the reader thread has it."""
    table = ready(open_page(window, qtbot, "residents").table, qtbot, window)
    gate, asked = Event(), Event()
    real = row_marks.row_states

    def slow(db, name, ids):
        asked.set()
        gate.wait(10)
        return real(db, name, ids)

    monkeypatch.setattr(row_marks, "row_states", slow)
    table.records.refetch()
    assert told(table, people[0]) == ""
    assert asked.wait(10)
    assert not table.viewport().grab().isNull()
    gate.set()
    qtbot.waitUntil(lambda: told(table, people[0]) == "待上报")
