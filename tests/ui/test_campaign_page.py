"""A campaign in the window: a page of results by keyboard alone, the next round, the list out and back."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.places.queries import buildings
from desktop_app.visits import campaigns, knocking, sheet
from desktop_app.visits.model import Campaign
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.campaign import CampaignPage
from ui.pages.campaign_new import CampaignDialog, homes_for
from ui.pages.residents import ResidentsPage
from ui.pages.visits import VisitsPage


@pytest.fixture
def campaign(town: App) -> Campaign:
    """Every home of the building, two teams."""
    made = Campaign(name="冬季送温暖", goods="爱心包", from_on="2026-11-20")
    homes = campaigns.homes_in(town.db, [buildings(town.db)[0].id], empty_rooms=True)
    knocking.make(town.db, town.actor, made, homes, ["第一组", "第二组"])
    return made


@pytest.fixture
def page(campaign: Campaign, window: MainWindow, qtbot: QtBot) -> CampaignPage:
    """Its page, the keyboard in the list."""
    window.desk.open_record("campaign", campaign.id)
    shown = window.tabs.page(f"campaign:{campaign.id}")
    assert isinstance(shown, CampaignPage)
    rest(shown, qtbot)
    shown.table.setFocus()
    return shown


def results(page: CampaignPage) -> list[tuple[str, int, bool]]:
    return [(door.result, door.goods, door.signed) for door in page.table.lines]


def stored(page: CampaignPage) -> list[str]:
    return [line.result for line in campaigns.items(page.desk.app.db, page.campaign_id)]


def test_a_page_of_doors_is_entered_by_one_letter_each_and_saved_at_once(page: CampaignPage, qtbot: QtBot) -> None:
    count = len(page.table.lines)
    assert count == 24
    page.goods.setText("1")
    page.signed.setChecked(True)
    begun = time.perf_counter()
    for at in range(count):
        qtbot.keyClick(page.table, "jwjfjd"[at % 6])
    qtbot.keyClick(page.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    took = time.perf_counter() - begun
    rest(page, qtbot)
    assert took < 20  # typing is left to the worker: what the program adds must be far below a minute
    assert stored(page) == [
        {"j": "见面", "w": "无人", "f": "拒访", "d": "电话"}["jwjfjd"[at % 6]] for at in range(count)
    ]
    assert results(page)[0] == ("见面", 1, True)
    assert results(page)[1] == ("无人", 0, False)
    assert results(page)[5] == ("电话", 0, False)
    assert not page.table.pending
    assert "见到 16" in page._count.accessibleName()


def test_digits_goods_signature_note_and_taking_back_have_keys_of_their_own(page: CampaignPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, "1")
    qtbot.keyClick(page.table, Qt.Key.Key_Up)
    for key in ("+", "+", "-", "s"):
        qtbot.keyClick(page.table, key)
    assert results(page)[0] == ("见面", 1, True)
    qtbot.keyClick(page.table, "n")
    assert page.note.isVisible()
    page.note.setText("下午再来")
    page._take_note()
    assert page.table.lines[0].note == "下午再来"
    qtbot.keyClick(page.table, Qt.Key.Key_Backspace)
    assert results(page)[0] == ("", 0, False)
    assert page.table.lines[0].note == ""


def test_goods_without_a_result_are_told_and_the_rest_is_kept(page: CampaignPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, "j")
    qtbot.keyClick(page.table, "+")
    page.save()
    rest(page, qtbot)
    assert "还没有结果" in page.strip.words or stored(page)[0] == "见面"
    assert stored(page)[:2] == ["见面", ""]
    assert page.table.lines[1].goods == 1


def test_what_is_not_saved_is_there_again_after_the_tab_was_closed(
    page: CampaignPage, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.table, "j")
    page.keep_typed()
    window.tabs.close_current()
    settle(qtbot, window.background)
    window.desk.open_record("campaign", page.campaign_id)
    again = window.tabs.page(f"campaign:{page.campaign_id}")
    assert isinstance(again, CampaignPage)
    rest(again, qtbot)
    assert again.table.lines[0].result == "见面"
    assert len(again.table.pending) == 1


def test_a_colleagues_results_arrive_and_what_is_being_entered_stays(page: CampaignPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, "w")
    app, other = page.desk.app, page.table.lines[5].id
    knocking.enter(app.db, app.actor, page.campaign_id, [knocking.Knocked(other, "见面")])
    rest(page, qtbot)
    assert page.table.lines[5].result == "见面"
    assert [door.result for door in page.table.pending] == ["无人"]


def test_those_not_met_make_the_next_round_once_the_page_is_saved(page: CampaignPage, qtbot: QtBot) -> None:
    for key in "jwww":
        qtbot.keyClick(page.table, key)
    page.next_round()
    assert "还没有保存" in page.strip.words
    page.save()
    rest(page, qtbot)
    waiting = len(campaigns.not_met(page.desk.app.db, page.campaign_id))
    page.next_round()
    rest(page, qtbot)
    assert page._facts is not None
    assert page._facts.campaign.round == 2
    assert len(page.table.lines) == waiting == 23
    page.round.choose("1")
    page._look_elsewhere()
    rest(page, qtbot)
    assert [door.result for door in page.table.lines[:2]] == ["见面", "无人"]


def test_a_list_filled_in_elsewhere_is_read_back_looked_at_and_only_then_kept(
    page: CampaignPage, tmp_path: Path, qtbot: QtBot
) -> None:
    db = page.desk.app.db
    told = campaigns.items(db, page.campaign_id)
    knocking.enter(
        db, page.desk.app.actor, page.campaign_id, [knocking.Knocked(told[0].id, "见面", None, 2, signed=True)]
    )
    path = sheet.write_items(tmp_path / "名单.xlsx", "名单", campaigns.items(db, page.campaign_id))
    knocking.clear(db, page.desk.app.actor, [told[0].id])
    rest(page, qtbot)
    page.lists.read_from(path)
    rest(page, qtbot)
    assert "读入 1 户" in page.strip.words
    assert results(page)[0] == ("见面", 2, True)
    assert stored(page)[0] == ""
    page.save()
    rest(page, qtbot)
    assert stored(page)[0] == "见面"


def test_a_campaign_that_is_over_takes_no_letters_until_it_is_opened_again(page: CampaignPage, qtbot: QtBot) -> None:
    page.end()
    rest(page, qtbot)
    qtbot.keyClick(page.table, "j")
    assert not page.table.pending
    page.end()
    rest(page, qtbot)
    page.table.point_at(0)
    qtbot.keyClick(page.table, "j")
    assert len(page.table.pending) == 1


def test_a_campaign_is_made_from_the_list_of_residents_and_opens(town: App, window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("residents")
    people = window.tabs.page("page:residents")
    assert isinstance(people, ResidentsPage)
    rest(people, qtbot)
    people.campaign()
    (dialog,) = window.findChildren(CampaignDialog)
    settle(qtbot, window.background)
    homes = town.db.scalar("SELECT count(*) FROM household")
    assert dialog.count.text() == f"共 {homes} 户"
    dialog.save()
    assert dialog.form.fault("name")
    dialog.form._write("name", "全部走一遍")
    dialog.save()
    settle(qtbot, window.background)
    tab = window.tabs.current
    assert tab is not None
    assert tab.key.startswith("campaign:")
    window.open_page("visits", "campaigns")
    visits = window.tabs.page("page:visits")
    assert isinstance(visits, VisitsPage)
    rest(visits, qtbot)
    assert [line.name for line in visits.campaigns.lines] == ["全部走一遍"]


def test_buildings_and_tags_together_mean_those_with_the_tags_in_these_buildings(town: App) -> None:
    building = buildings(town.db)[0].id
    alone = homes_for(town.db, [], ["独居老人"], [], empty=False)
    assert alone == homes_for(town.db, [building], ["独居老人"], [], empty=False)
    every = homes_for(town.db, [building], [], [], empty=True)
    assert len(every) == 24
    assert set(alone) < set(every)
    assert homes_for(town.db, [], [], [], empty=True) == []


def test_no_key_of_the_page_is_one_that_enters_a_result(page: CampaignPage, window: MainWindow) -> None:
    used = [command.keys for command in window.all_commands() if command.keys]
    assert len(used) == len(set(used))
    assert not set(used) & {*page._keys, "S", "N", "+", "-"}
