"""One appeal in the window: letters are what the ladder allows, nothing typed is lost, others are seen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import actions, intake, queries, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.attachments import actions as attachments
from desktop_app.shared.actor import Actor
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.appeal import AppealPage
from ui.pages.appeal_asks import KEYS
from ui.widgets.pictures import encoded

Open = Callable[[], AppealPage]
ELSEWHERE = Actor(id="0" * 32, name="王强")


@pytest.fixture
def appeal(town: App) -> Appeal:
    """楼道灯不亮, taken in and not accepted yet."""
    return intake.register(town.db, town.actor, intake.blank(town.db, title="楼道灯不亮", reporter_name="王小明"))


@pytest.fixture
def page(appeal: Appeal, window: MainWindow, qtbot: QtBot) -> AppealPage:
    """The record in its tab."""
    window.desk.open_record("appeal", appeal.id)
    shown = window.tabs.page(f"appeal:{appeal.id}")
    assert isinstance(shown, AppealPage)
    rest(shown, qtbot)
    return shown


def elsewhere(page: AppealPage, *deeds: Deed) -> None:
    """What another desk did meanwhile."""
    app = page.desk.app
    actions.act(app.db, app.actor, page.appeal_id, *(Deed(**{**_told(one), "by_name": "王强"}) for one in deeds))


def _told(deed: Deed) -> dict[str, object]:
    return {name: getattr(deed, name) for name in Deed.__slots__}


def fill(page: AppealPage, **values: str) -> None:
    for name, value in values.items():
        page.form.form._write(name, value)


def save(page: AppealPage, qtbot: QtBot) -> None:
    page.form.save()
    rest(page, qtbot)


def test_two_steps_that_share_a_letter_are_never_allowed_together():
    for letter in set(KEYS.values()):
        sharing = [kind for kind, key in KEYS.items() if key == letter]
        for phase in rules.PHASES:
            assert sum(phase in rules.MOVES[kind].phases for kind in sharing) <= 1, (letter, phase)


def test_only_what_the_ladder_allows_has_a_button_and_a_letter(page: AppealPage, qtbot: QtBot) -> None:
    assert list(page.buttons) == ["受理", "联系", "回复", "解释", "补充"]
    qtbot.keyClick(page.story, Qt.Key.Key_A)
    rest(page, qtbot)
    assert "受理" not in page.buttons
    assert {"派办", "上报", "办结"} <= set(page.buttons)
    assert "退回" not in page.buttons
    assert [step.head for step in page.story.told.steps] == ["登记", "受理"]


def test_a_step_up_is_written_in_a_form_and_offers_its_paper(page: AppealPage, qtbot: QtBot) -> None:
    page.act("受理")
    rest(page, qtbot)
    qtbot.keyClick(page.story, Qt.Key.Key_U)
    assert page.form.is_open
    assert page.form.form.value("to_whom") == "社区"
    save(page, qtbot)
    assert page.form.form.fault("text") == "这一项要填写"
    fill(page, text="小区修不了")
    save(page, qtbot)
    assert page.shown is not None
    assert page.shown.step_name == "社区"
    assert "要不要把单子打出来" in page.notice.words


def test_ending_without_a_solution_asks_for_the_explanation_and_keeps_both(page: AppealPage, qtbot: QtBot) -> None:
    page.act("受理")
    rest(page, qtbot)
    page.act("办结")
    assert not page.form.form.input("explained").isEnabled()
    fill(page, outcome=rules.EXPLAINED, text="没有达到同意比例")
    assert page.form.form.input("explained").isEnabled()
    save(page, qtbot)
    assert page.form.is_open
    assert page.form.form.value("text") == "没有达到同意比例"
    fill(page, how="上门", explained="讲了法定比例")
    save(page, qtbot)
    assert page.shown is not None
    assert page.shown.state.phase == rules.RATING
    assert [event.kind for event in page.shown.events][-2:] == ["解释", "办结"]
    assert page.shown.events[-2].to_whom == "王小明"


def test_an_unhappy_resident_opens_it_again_once(page: AppealPage, qtbot: QtBot) -> None:
    elsewhere(page, Deed("受理"), Deed("办结", outcome=rules.ANSWERED, text="好了"))
    rest(page, qtbot)
    page.act("评价")
    save(page, qtbot)
    assert page.form.is_open
    fill(page, satisfaction="不满意")
    save(page, qtbot)
    assert page.shown is not None
    assert (page.shown.state.phase, page.shown.state.reopened) == (rules.WORKING, 1)
    assert "自动重开" in page.notice.words


def test_what_another_desk_did_is_shown_and_what_is_being_written_stays(page: AppealPage, qtbot: QtBot) -> None:
    page.act("受理")
    rest(page, qtbot)
    page.act("上报")
    fill(page, text="写了很多很多")
    elsewhere(page, Deed("派办", to_whom="物业"))
    rest(page, qtbot)
    assert "王强派办" in page.notice.words
    assert page.story.told.steps[-1].head.startswith("★ 派办")
    assert page.form.form.value("text") == "写了很多很多"
    save(page, qtbot)
    assert page.shown is not None
    assert page.shown.step_name == "社区"


def test_a_step_the_other_desk_made_impossible_says_so_and_loses_nothing(page: AppealPage, qtbot: QtBot) -> None:
    page.act("受理")
    rest(page, qtbot)
    page.act("上报")
    fill(page, text="写了很多很多")
    elsewhere(page, Deed("办结", outcome=rules.ANSWERED, text="好了"))
    rest(page, qtbot)
    assert "不能再上报" in page.notice.words
    save(page, qtbot)
    assert page.form.is_open
    assert "不能上报，没有保存" in page.form.notice.words
    assert page.form.form.value("text") == "写了很多很多"


def test_an_act_on_what_was_not_seen_is_refused_then_shown_then_taken(page: AppealPage, qtbot: QtBot) -> None:
    page.act("受理")
    rest(page, qtbot)
    page.act("补充")
    page.form.close_form()
    page.act("派办")
    fill(page, to_whom="物业")
    page._seen = page.shown.events[0].id if page.shown else ""  # the window has not caught up yet
    page.form.save()
    rest(page, qtbot)
    assert page.form.is_open
    assert "刚由别人办了一步" in page.form.notice.words
    page.refresh(frozenset())
    rest(page, qtbot)
    save(page, qtbot)
    assert page.shown is not None
    assert page.shown.state.assignee == "物业"


def test_what_was_being_written_is_there_again_after_the_tab_was_closed(
    page: AppealPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.act("联系")
    fill(page, text="写到一半")
    window.tabs.close_current()
    window.desk.open_record("appeal", page.appeal_id)
    again = window.tabs.page(f"appeal:{page.appeal_id}")
    assert isinstance(again, AppealPage)
    rest(again, qtbot)
    assert "“联系”写到一半" in again.notice.words
    again.act("联系")
    assert again.form.form.value("text") == "写到一半"
    save(again, qtbot)
    assert not [key for key in window.desk.drafts if key.startswith("appeal/")]


def test_what_was_taken_in_is_put_right_without_touching_the_rest(page: AppealPage, qtbot: QtBot) -> None:
    page.edit()
    fill(page, klass="公共设施", promised_on="2026-11-30")
    save(page, qtbot)
    found = queries.detail(page.desk.app.db, page.appeal_id)
    assert found is not None
    assert (found.klass, found.appeal.promised_on, found.kind) == ("公共设施", "2026-11-30", "求助")


def test_an_appeal_that_was_taken_back_elsewhere_shows_nothing_any_more(page: AppealPage, qtbot: QtBot) -> None:
    app = page.desk.app
    actions.cancel(app.db, app.actor, page.appeal_id, "登记重复")
    rest(page, qtbot)
    assert "已经撤销" in page.notice.words
    assert not page._split.isVisible()


@pytest.mark.parametrize(("deeds", "form"), [((), "appeal_receipt"), (("派办",), "appeal_referral")])
def test_the_paper_of_the_moment_is_one_key_away(
    page: AppealPage, window: MainWindow, qtbot: QtBot, deeds: tuple[str, ...], form: str
) -> None:
    elsewhere(page, Deed("受理"), *(Deed(kind, to_whom="物业") for kind in deeds))
    rest(page, qtbot)
    page.print_fitting()
    rest(page, qtbot)
    paper = window.tabs.page("page:printing")
    assert paper is not None
    rest(paper, qtbot)
    assert paper.forms.current.id == form  # type: ignore[attr-defined]  # the print centre


def test_the_letters_of_a_record_are_used_once_whatever_may_be_done(
    page: AppealPage, window: MainWindow, qtbot: QtBot
) -> None:
    deeds = (Deed("受理"), Deed("上报", text="请协调"), Deed("暂停", text="等材料"), Deed("恢复"))
    ending = (Deed("办结", outcome=rules.ANSWERED, text="好了"), Deed("评价", satisfaction="满意"))
    for deed in (None, *deeds, *ending):
        if deed is not None:
            elsewhere(page, deed)
            rest(page, qtbot)
        used = [command.keys for command in window.all_commands() if command.keys]
        assert len(used) == len(set(used)), deed
        assert page.shown is not None
        assert set(page.buttons) == set(page.shown.allowed)


def test_photographs_of_the_matter_stand_beside_the_story(page: AppealPage, qtbot: QtBot) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(0xFF8800)
    app = page.desk.app
    attachments.attach(app.db, app.actor, "appeal", page.appeal_id, encoded(picture), "现场")
    rest(page, qtbot)
    assert page.left.tabText(1) == "附件 1"
    qtbot.keyClick(page.story, Qt.Key.Key_F)
    assert page.left.currentWidget() is page.attached


def test_tab_goes_through_a_record_as_it_is_read(page: AppealPage, qtbot: QtBot) -> None:
    """What can be done, then what was done, then the cards beside it; also after the verbs have changed."""
    for _ in range(2):
        stops = tab_stops(page)
        last = stops.index(list(page.buttons.values())[-1])
        assert stops[last + 1 : last + 3] == [page.left.tabBar(), page.story]
        page.act("受理")
        rest(page, qtbot)


def tab_stops(page: AppealPage) -> list[QWidget]:
    """Everything that Tab stops at, from the first verb on."""
    found, now = [], page.first_focus()
    while now not in found:
        found.append(now)
        now = now.nextInFocusChain()
        while not (now.isVisible() and now.focusPolicy() & Qt.FocusPolicy.TabFocus and page.isAncestorOf(now)):
            now = now.nextInFocusChain()
    return found
