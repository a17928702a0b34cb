"""Whole ways by keyboard alone, from the key of the place to the printed paper, with the slips people make on them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.care import actions as care
from desktop_app.care.model import DoorBell
from desktop_app.orders import people, reporting, wish_lists, wishes
from desktop_app.orders.model import Helper, Post, Wish
from desktop_app.orders.wishes import WishDeed
from desktop_app.places.queries import buildings
from desktop_app.residents.model import Person
from desktop_app.visits import campaigns as campaigns_of
from desktop_app.visits import knocking
from desktop_app.visits.campaigns import campaigns
from desktop_app.visits.model import Campaign
from tests.ui.hands import ALT, CTRL, KEY, Hands
from ui.main_window import MainWindow
from ui.pages.campaign import CampaignPage
from ui.pages.campaign_new import CampaignDialog
from ui.pages.printing import PrintingPage


@pytest.fixture
def hands(window: MainWindow, qtbot: QtBot) -> Hands:
    return Hands(window, qtbot)


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a paper is saved: the dialog of the system is not ours."""
    path = tmp_path / "单据.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_told, **_more: (str(path), "")))
    return path


def printed(hands: Hands, qtbot: QtBot, paper: Path) -> bool:
    """Ctrl+P goes to the print centre with the paper of what is shown, Ctrl+S keeps it."""
    hands.press(KEY.Key_P, CTRL)
    page = hands.page
    assert isinstance(page, PrintingPage)
    qtbot.waitUntil(lambda: page._drawn is not None)
    hands.press(KEY.Key_S, CTRL)
    qtbot.waitUntil(paper.exists)
    hands.look()
    hands.press(KEY.Key_Left, ALT)
    hands.look()
    return paper.read_bytes().startswith(b"%PDF")


def campaign_dialog() -> CampaignDialog:
    """The one in front."""
    found = QApplication.activeWindow()
    assert isinstance(found, CampaignDialog)
    return found


def choose_building(hands: Hands) -> None:
    hands.tab_to("楼栋")
    for key in (KEY.Key_Space, KEY.Key_Down, KEY.Key_Return):
        hands.press(key)


def test_a_campaign_is_begun_and_its_slips_are_told_at_their_fields(hands: Hands, town: App) -> None:
    hands.press(KEY.Key_4, CTRL)
    hands.press(KEY.Key_N)
    hands.save()
    assert "要填写" in campaign_dialog().form.fault("name")
    hands.write("冬季送温暖" * 100)
    hands.fill(小组="第一组、第二组", 结束="2020-01-01")
    choose_building(hands)
    assert campaign_dialog().count.text() == "共 17 户"
    hands.press(KEY.Key_Escape)
    hands.press(KEY.Key_N)
    hands.look()
    assert "接着上次" in campaign_dialog().strip.words, "Esc loses nothing"
    assert campaign_dialog().count.text() == "共 17 户", "nor what was chosen"
    hands.save()
    assert "超过 40 个字" in campaign_dialog().form.fault("name")
    hands.fill(名称="冬季送温暖")
    hands.save()
    assert "开始日期之前" in campaign_dialog().form.fault("to_on")
    hands.fill(结束="")
    hands.save()
    assert isinstance(hands.page, CampaignPage)
    assert {door.team for door in hands.page.table.lines} == {"第一组", "第二组"}
    hands.press(KEY.Key_4, CTRL)
    hands.press(KEY.Key_N)
    assert not campaign_dialog().strip.isVisible(), "what was saved is no draft"
    hands.write("冬季送温暖")
    choose_building(hands)
    hands.save()  # from the chip
    assert "正在进行" in campaign_dialog().form.fault("name"), "two of one name could not be told apart"
    hands.press(KEY.Key_Escape)
    assert len(campaigns(town.db)) == 1


@pytest.fixture
def doors(hands: Hands, town: App) -> CampaignPage:
    """A campaign over the building, opened from the list of campaigns."""
    campaign = Campaign(name="冬季送温暖", from_on="2026-11-20")
    homes = campaigns_of.homes_in(town.db, [buildings(town.db)[0].id], empty_rooms=False)
    knocking.make(town.db, town.actor, campaign, homes)
    hands.press(KEY.Key_4, CTRL)
    hands.press(KEY.Key_3, ALT)
    hands.press(KEY.Key_Return)
    page = hands.page
    assert isinstance(page, CampaignPage)
    return page


def test_the_doors_of_a_campaign_are_entered_taken_back_done_again_and_printed(
    hands: Hands, doors: CampaignPage, qtbot: QtBot, paper: Path
) -> None:
    hands.keys("jwf")
    hands.press(KEY.Key_Up)
    hands.keys("n")
    hands.write("下午再来")
    hands.press(KEY.Key_W, CTRL)  # the page is closed in the middle of a note
    hands.press(KEY.Key_4, CTRL)
    hands.press(KEY.Key_3, ALT)
    hands.press(KEY.Key_Return)
    page = hands.page
    assert isinstance(page, CampaignPage)
    assert [door.result for door in page.table.lines[:4]] == ["见面", "无人", "拒访", ""]
    assert page.table.lines[2].note == "下午再来"
    hands.fill(见面时发放几份="9" * 30)
    hands.tab_to("敲门名单")
    hands.keys("j")
    hands.press(KEY.Key_S, CTRL)
    hands.look()
    assert "超过 9999" in page.strip.words
    assert len(page.table.pending) == 4, "and nothing of the page is lost"
    hands.press(KEY.Key_Up)
    hands.press(KEY.Key_Backspace)
    hands.press(KEY.Key_S, CTRL)
    hands.look()
    assert "见到 1　没见到 2" in page._count.accessibleName()
    for take_back, said in ((1, ["", ""]), (2, [])):
        hands.undo()
        assert [door.result for door in page.table.lines[:2]] == said, take_back
    assert "已经撤销" in page.strip.words
    hands.redo()
    assert not page.strip.isVisible()
    hands.redo()
    assert [door.result for door in page.table.lines[:3]] == ["见面", "无人", "拒访"]
    assert printed(hands, qtbot, paper)


def test_a_wish_is_taken_down_from_the_empty_list_and_its_slips_are_told(hands: Hands) -> None:
    hands.press(KEY.Key_7, CTRL)
    hands.press(KEY.Key_2, ALT)
    hands.press(KEY.Key_N)
    hands.save()
    assert "要填写" in hands.fault("text"), "Ctrl+Return saves from the box of residents too"
    hands.fill(**{"心愿": "想要一床新被子" * 71, "公开称呼": "独居的王奶奶", "费用上限（元）": "80"})
    hands.save()
    assert "超过 60 个字" in hands.fault("text")
    hands.press(KEY.Key_Escape)
    for key, held in ((KEY.Key_1, ALT), (KEY.Key_2, CTRL), (KEY.Key_7, CTRL), (KEY.Key_2, ALT)):
        hands.press(key, held)
    hands.press(KEY.Key_N)  # and not into a field that was put away
    assert "接着上次" in hands.pane.form.notice.words
    hands.fill(**{"心愿": "想要一床新被子", "费用上限（元）": "1e400"})
    hands.save()
    assert "不是金额" in hands.fault("cost_cap_fen")
    hands.fill(**{"费用上限（元）": "90000"})
    hands.save()
    assert "超过本社区规定" in hands.fault("cost_cap_fen")
    hands.fill(**{"费用上限（元）": "80", "期限": "2020-01-01"})
    hands.save()
    assert "早于征集日期" in hands.fault("expires_on")
    assert not hands.fault("cost_cap_fen")
    hands.fill(期限="20261231")
    hands.save()
    wish = hands.pane.table.current
    assert (wish.text, wish.phase, wish.expires_on) == ("想要一床新被子", "待认领", "2026-12-31")


@pytest.fixture
def quilt(hands: Hands, town: App) -> Wish:
    """A wish nobody claimed yet, the cursor on it."""
    new = wishes.blank(town.db, alias="独居的王奶奶", kind="生活物品", text="想要一床新被子", cost_cap_fen=8_000)
    wish = wishes.collect(town.db, town.actor, new)
    hands.press(KEY.Key_7, CTRL)
    hands.press(KEY.Key_2, ALT)
    hands.look()
    return wish


def test_a_wish_is_put_right_claimed_withdrawn_fulfilled_and_printed(
    hands: Hands, quilt: Wish, qtbot: QtBot, paper: Path
) -> None:
    hands.press(KEY.Key_S)
    assert "不能实现" in hands.said
    hands.press(KEY.Key_E)
    hands.fill(公开称呼="三栋王奶奶")
    hands.save()
    assert hands.pane.table.current.alias == "三栋王奶奶"
    hands.press(KEY.Key_R)
    hands.fill(**{"认领人（单位）": "市人民医院党支部", "电话": "12", "日期": "2026-11-22"})
    hands.save()
    assert "2 位" in hands.fault("taker_phone")
    hands.fill(电话="13900000001")
    hands.save()
    assert hands.pane.table.current.phase == "已认领"
    hands.press(KEY.Key_X)
    hands.write("不需要了")
    hands.save()
    hands.press(KEY.Key_S)
    assert "心愿已撤回，不能实现" in hands.said
    hands.press(KEY.Key_E)
    hands.fill(公开称呼="别的称呼")
    hands.save()
    assert "不能再改" in hands.fault("text")
    hands.press(KEY.Key_Escape)
    hands.undo()
    hands.press(KEY.Key_S)
    hands.write("送到家里了")
    hands.save()
    assert hands.pane.table.current.phase == "已实现"
    hands.undo()
    assert hands.pane.table.current.phase == "已认领"
    hands.redo()
    assert hands.pane.table.current.phase == "已实现"
    assert printed(hands, qtbot, paper)


def test_a_wish_that_was_withdrawn_elsewhere_is_not_fulfilled_here(hands: Hands, town: App, quilt: Wish) -> None:
    wishes.act_on_wish(town.db, town.actor, quilt.id, WishDeed("认领", taker="医院"))
    hands.look()
    hands.press(KEY.Key_S)
    hands.write("送到了")
    wishes.act_on_wish(town.db, town.actor, quilt.id, WishDeed("撤回", text="不要了"))
    hands.save()
    assert "没有保存" in hands.pane.form.notice.words
    assert hands.pane.form.form.value("text") == "送到了", "what was typed stays"
    assert [one.phase for one in wish_lists.wishes(town.db)] == ["已撤回"]


@pytest.fixture
def roster(hands: Hands, town: App) -> Hands:
    """A place of duty, three helpers of whom two have one name; the cursor in the empty roster."""
    for name, unit in (("李强", "一支部"), ("李强", "二支部"), ("王芳", None)):
        people.add_helper(town.db, town.actor, Helper(name=name, unit=unit, colours="1"))
    post = Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00、18:00-20:00", capacity=1)
    reporting.add_post(town.db, town.actor, post)
    hands.press(KEY.Key_7, CTRL)
    hands.press(KEY.Key_4, ALT)
    return hands


def test_a_week_is_planned_and_names_that_are_not_clear_are_told(roster: Hands) -> None:
    roster.press(KEY.Key_N)
    roster.fill(排几天="99999", 从哪一天起="2026-11-22", 值守的人="李强、王芳")
    roster.save()
    assert "有 2 位叫“李强”" in roster.fault("names")
    assert "李强（一支部）、李强（二支部）" in roster.fault("names")
    roster.fill(值守的人="没有这人")
    roster.save()
    assert "没有叫“没有这人”" in roster.fault("names")
    roster.fill(值守的人="")
    roster.save()
    assert "1 到 62 天" in roster.fault("days")
    roster.fill(排几天="1")
    roster.save()
    morning, evening = roster.pane.table.lines
    assert morning.helper_id != evening.helper_id
    roster.press(KEY.Key_H)
    assert "已经开始的不能换" in roster.said, "it is five in the afternoon"


def test_two_shifts_are_swapped_the_roster_is_printed(roster: Hands, qtbot: QtBot, paper: Path) -> None:
    roster.press(KEY.Key_N)
    roster.save()  # next week, all of them, as proposed
    roster.tab_to("哪几天")
    for key in (KEY.Key_Space, KEY.Key_Down, KEY.Key_Down, KEY.Key_Return):
        roster.press(key)
    roster.look()
    roster.tab_to("值守")
    table = roster.pane.table
    mine = table.current.helper_id
    roster.press(KEY.Key_H)
    roster.save()
    assert "要填写" in roster.fault("other_id")
    roster.press(KEY.Key_Down)
    theirs = next(one for one in table.lines if one.id == roster.pane.form.form.value("other_id"))
    assert theirs.helper_id != mine, "nobody is offered a swap with himself"
    roster.save()
    assert table.current.asked == theirs.helper
    roster.press(KEY.Key_H)
    roster.press(KEY.Key_Down)
    roster.save()
    assert "还没有答复" in roster.fault("other_id")
    roster.press(KEY.Key_Escape)
    roster.press(KEY.Key_Y)
    roster.press(KEY.Key_Down)
    roster.press(KEY.Key_Down)
    roster.save()
    assert not table.current.ask, "taken back by who asked"
    roster.undo()
    assert table.current.ask
    roster.press(KEY.Key_Y)
    roster.save()
    assert table.current.helper_id == theirs.helper_id
    roster.undo()
    assert table.current.helper_id == mine
    roster.redo()
    assert table.current.helper_id == theirs.helper_id
    assert printed(roster, qtbot, paper)


def test_a_bell_from_hanging_it_to_the_card_for_the_door(hands: Hands, town: App, qtbot: QtBot, paper: Path) -> None:
    name = str(town.db.scalar("SELECT p.name FROM person_tag t JOIN person p ON p.id=t.person_id LIMIT 1"))
    hands.press(KEY.Key_5, CTRL)
    hands.press(KEY.Key_N, CTRL)
    hands.save()
    assert "没有选给谁装" in hands.pane.form.notice.words
    assert hands.focus.accessibleName() == "从居民里找", "the keyboard is where it is to be put right"
    hands.choose_person(name)
    hands.fill(**{"半径（米）": "9" * 30})
    hands.save()
    assert "太大" in hands.fault("radius_m")
    assert not hands.pane.form.notice.isVisible(), "what was put right is not told any more"
    hands.fill(**{"半径（米）": "", "备注": "床头" * 250})
    hands.save()
    table = hands.pane.table
    assert [line.name for line in table.lines] == [name]
    hands.press(KEY.Key_B)
    hands.fill(报警时间="2030-01-01 03:20")
    hands.save()
    assert "还没有到" in hands.fault("at")
    hands.press(KEY.Key_Escape)
    hands.press(KEY.Key_B)
    assert "接着上次" in hands.pane.form.notice.words
    hands.fill(报警时间="２０２６－１１－２２　3：20")
    hands.save()
    assert table.current.word == "报警未记到场"
    for times in (1, 2):
        hands.press(KEY.Key_J)
        hands.fill(谁到场="楼栋长王芳")
        hands.save()
        assert hands.pane.form.is_open == (times == 2)
    assert "已经登记过" in hands.fault("at"), "answered twice is answered once"
    hands.press(KEY.Key_Escape)
    assert table.current.word == "正常"
    hands.undo()
    assert table.current.word == "报警未记到场"
    hands.redo()
    assert table.current.word == "正常"
    assert printed(hands, qtbot, paper)


def test_a_bell_is_taken_down_and_none_is_hung_for_who_moved_away(hands: Hands, town: App) -> None:
    key, name = town.db.rows("SELECT p.id,p.name FROM person_tag t JOIN person p ON p.id=t.person_id LIMIT 1")[0]
    care.hang(town.db, town.actor, DoorBell(person_id=key, kind="门口按键"))
    hands.press(KEY.Key_5, CTRL)
    hands.look()
    hands.press(KEY.Key_Delete)
    hands.save()
    assert not hands.pane.table.lines
    with town.db.transaction(town.actor, "迁出") as tx:
        tx.change(Person, key, left_on="2026-11-01")
    hands.press(KEY.Key_N, CTRL)
    hands.choose_person(name)
    hands.save()
    assert "迁出，没有登记门铃" in hands.pane.form.notice.words
