"""An appeal and a matter are shared with other units and taken back from their pages; what was taken back says so."""

import orjson
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import actions, intake, queries, rules
from desktop_app.appeals import sharing as appeals
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.matters import actions as matters
from desktop_app.matters import sharing as shared_matters
from desktop_app.matters.model import Matter
from desktop_app.places.sharing import shared_with
from desktop_app.sync import units
from sync_protocol.messages import Gone
from tests.ui.conftest import rest
from tests.ui.test_meetings_share import OFFICE, STREET, TOLD, save
from ui.main_window import MainWindow
from ui.pages.appeal import AppealPage
from ui.pages.matter import MatterPage
from ui.pages.sharing import ShareDialog


@pytest.fixture
def known(town: App) -> App:
    """The desk knows a street and a department."""
    with town.db.applying("准备") as tx:
        tx.set_setting(units.TOLD, orjson.dumps(TOLD).decode())
    return town


@pytest.fixture
def appeal(known: App) -> Appeal:
    """An appeal the street has in hand, and the department receives too."""
    new = intake.blank(known.db, title="楼道灯不亮", reporter_name="王小明")
    made = intake.register(known.db, known.actor, new, accept=True)
    actions.act(known.db, known.actor, made.id, Deed("上报", text="请社区协调"))
    actions.act(known.db, known.actor, made.id, Deed("上报", text="请街道统筹", unit=STREET))
    return appeals.share(known.db, known.actor, made.id, [OFFICE])


@pytest.fixture
def matter(known: App) -> Matter:
    """A matter the street receives."""
    made = matters.propose(known.db, known.actor, matters.blank(known.db, title="加装电梯", proposer="王小明"))
    return shared_matters.share(known.db, known.actor, made.id, [STREET])


def opened(window: MainWindow, qtbot: QtBot, kind: str, key: str) -> AppealPage | MatterPage:
    window.desk.open_record(kind, key)
    page = window.tabs.page(f"{kind}:{key}")
    assert isinstance(page, AppealPage | MatterPage)
    rest(page, qtbot)
    return page


def begin(page: AppealPage | MatterPage, qtbot: QtBot) -> ShareDialog:
    """By its letter."""
    qtbot.keyClick(page.story, Qt.Key.Key_S)
    asking = page.findChild(ShareDialog)
    qtbot.waitUntil(asking.isVisible)
    return asking


def untick(asking: ShareDialog, qtbot: QtBot, row: int) -> None:
    asking.list.setFocus()
    asking.list.setCurrentRow(row)
    qtbot.keyClick(asking.list, Qt.Key.Key_Space)


def audience(app: App, appeal: Appeal) -> tuple[int, ...]:
    return shared_with(app.db.get(Appeal, appeal.id))


def test_a_department_that_works_on_nothing_is_taken_off_after_one_question(known, window, appeal, qtbot):
    page = opened(window, qtbot, "appeal", appeal.id)
    asking = begin(page, qtbot)
    assert not asking.form.isVisible(), "nothing is taken back yet"
    untick(asking, qtbot, 1)
    assert asking.form.isVisible()
    asking.save()
    assert "从红旗派出所收回" in asking.strip.words
    assert audience(known, appeal) == (STREET, OFFICE), "not before it is said once more"
    save(asking, page, qtbot)
    assert audience(known, appeal) == (STREET,)
    assert queries.detail(known.db, appeal.id).state.step == 3
    page.desk.undo_last()
    rest(page, qtbot)
    assert audience(known, appeal) == (STREET, OFFICE)


def test_a_unit_that_has_it_in_hand_is_taken_off_with_a_reason_and_it_comes_down_the_ladder(
    known, window, appeal, qtbot
):
    page = opened(window, qtbot, "appeal", appeal.id)
    asking = begin(page, qtbot)
    untick(asking, qtbot, 0)
    asking.save()
    asking.save()
    qtbot.waitUntil(lambda: bool(asking.form.fault("why")), timeout=5000)
    assert "正在“街道”办理，没有收回" in asking.form.fault("why")
    assert asking.form.input("why").hasFocus()
    assert audience(known, appeal) == (STREET, OFFICE)
    asking.form._write("why", "应由物业处理")
    save(asking, page, qtbot)
    found = queries.detail(known.db, appeal.id)
    assert (found.step_name, found.state.phase, audience(known, appeal)) == ("社区", rules.WORKING, (OFFICE,))
    assert [found.events[-1].kind, found.events[-1].text] == ["退回", "应由物业处理"]


def test_a_department_receives_what_it_claimed_by_telephone(known, window, appeal, qtbot):
    appeals.share_with(known.db, known.actor, appeal.id, [STREET])
    actions.act(known.db, known.actor, appeal.id, Deed("上报", text="请部门认领"))
    page = opened(window, qtbot, "appeal", appeal.id)
    page.act("部门认领")
    page.form.form._write("to_whom", "红旗派出所")
    page.form.form._write("unit", str(OFFICE))
    page.form.save()
    rest(page, qtbot)
    assert audience(known, appeal) == (STREET, OFFICE)
    assert queries.detail(known.db, appeal.id).state.with_unit == OFFICE


def test_a_question_about_some_units_does_not_hold_for_others(known, window, appeal, qtbot):
    page = opened(window, qtbot, "appeal", appeal.id)
    asking = begin(page, qtbot)
    untick(asking, qtbot, 1)
    asking.save()
    assert asking.verb.text() == "收回"
    untick(asking, qtbot, 0)
    assert asking.verb.text() == "保存"
    assert asking.strip.isHidden()
    asking.save()
    assert "从红旗街道、红旗派出所收回" in asking.strip.words
    assert audience(known, appeal) == (STREET, OFFICE)
    asking.reject()


def test_a_matter_is_shared_and_taken_back_by_its_letter(known, window, matter, qtbot):
    page = opened(window, qtbot, "matter", matter.id)
    asking = begin(page, qtbot)
    assert asking.chosen == [STREET]
    untick(asking, qtbot, 0)
    untick(asking, qtbot, 1)
    asking.save()
    save(asking, page, qtbot)
    assert shared_with(known.db.get(Matter, matter.id)) == (OFFICE,)


@pytest.mark.parametrize("kind", ["appeal", "matter"])
def test_a_record_that_was_taken_back_says_so_and_leaves_what_is_being_written_to_copy(
    known, window, request, qtbot, kind
):
    record = request.getfixturevalue(kind)
    page = opened(window, qtbot, kind, record.id)
    page.act("补充")
    page.form.form._write("text", "刚打到一半")
    with known.db.applying("准备") as tx:
        tx.execute(f"UPDATE {kind} SET sync_del=? WHERE id=?", (int(Gone.WITHDRAWN), record.id))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert "已经收回" in page.notice.words
    assert "可以复制" in page.notice.words
    assert page.form.isVisible()
    assert page.form.form.value("text") == "刚打到一半"
    assert not page.form.verb.isEnabled()
    assert not page.facts.isVisible()
    assert not page.story.isVisible()
