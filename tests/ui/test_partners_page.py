"""The page of partners: entered, agreed with, offered and taken on from the keyboard; faults at their field."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.partners import actions, doings, lists, queries, together
from desktop_app.partners.model import (
    Agreement,
    AgreementItem,
    Claim,
    ListItem,
    PartnerUnit,
    PartTimeMember,
    Venue,
)
from tests.ui.conftest import rest
from tests.ui.panes import fill, typed
from ui.main_window import MainWindow
from ui.pages.partners import PartnersPage


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> PartnersPage:
    window.open_page("partners")
    shown = window.tabs.page("page:partners")
    assert isinstance(shown, PartnersPage)
    rest(shown, qtbot)
    return shown


def test_a_unit_is_entered_and_the_cursor_stands_on_it(page: PartnersPage, town: App, qtbot: QtBot) -> None:
    page.units.add()
    fill(page.units, name="第四医院", kind="医院", phone="13800000001")
    qtbot.waitUntil(lambda: page.units.table.current is not None)
    assert (page.units.table.current.name, page.units.table.current.kind) == ("第四医院", "医院")


def test_a_wrong_number_is_told_at_its_field_and_nothing_typed_is_lost(page: PartnersPage, qtbot: QtBot) -> None:
    page.units.add()
    fill(page.units, name="第四医院", phone="138")
    qtbot.waitUntil(page.units.form.verb.isEnabled)
    assert page.units.form.is_open
    assert page.units.form.form.value("name") == "第四医院"
    assert "电话" in page.units.form.form.fault("phone")


def test_an_agreement_drawn_line_by_line_is_signed_and_kept(page: PartnersPage, town: App, qtbot: QtBot) -> None:
    actions.add_unit(town.db, town.actor, PartnerUnit(name="第四医院"))
    rest(page, qtbot)
    page.units.draw()
    fill(page.units, from_on="2026-01-05", items="每季度义诊一次\n社区：提供场地\n")
    qtbot.waitUntil(lambda: bool(queries.agreements(town.db)))
    rest(page, qtbot)
    page.units.sign()
    fill(page.units, on="2026-01-06")
    qtbot.waitUntil(lambda: queries.agreements(town.db)[0].state == "履行")
    (line,) = queries.agreements(town.db)
    first, second = queries.promises(town.db, line.id)
    assert [(one.side, one.text) for one in (first, second)] == [("单位", "每季度义诊一次"), ("社区", "提供场地")]


def test_an_item_taken_on_elsewhere_meanwhile_is_refused_in_words(page: PartnersPage, town: App, qtbot: QtBot) -> None:
    unit = actions.add_unit(town.db, town.actor, PartnerUnit(name="第四医院"))
    kind = town.profile.list_types[0].code
    item = actions.publish(town.db, town.actor, ListItem(list_type=kind, title="义诊", from_on="2026-11-01"))
    page.show_this(f"item:{item.id}")
    rest(page, qtbot)
    page.items.claim()
    actions.claim(town.db, town.actor, Claim(item_id=item.id, unit_id=unit.id, taker="第四医院", on="2026-11-02"))
    fill(page.items, unit_id=unit.id)
    qtbot.waitUntil(page.items.form.verb.isEnabled)
    assert page.items.form.is_open
    assert len(lists.claims(town.db)) == 1


def test_a_claim_may_name_the_part_time_member_who_answers_for_it(page: PartnersPage, town: App, qtbot: QtBot) -> None:
    unit = actions.add_unit(town.db, town.actor, PartnerUnit(name="第四医院"))
    told = PartTimeMember(name="汪晓岚", unit_id=unit.id, post="院长", from_on="2026-01-01")
    member = actions.appoint_member(town.db, town.actor, told)
    kind = town.profile.list_types[0].code
    item = actions.publish(town.db, town.actor, ListItem(list_type=kind, title="义诊", from_on="2026-11-01"))
    page.show_this(f"item:{item.id}")
    rest(page, qtbot)
    page.items.claim()
    fill(page.items, member_id=member.id)
    qtbot.waitUntil(lambda: bool(lists.claims(town.db)))
    (claim,) = lists.claims(town.db)
    assert (claim.taker, claim.unit_id, claim.member_id) == ("汪晓岚", unit.id, member.id)
    (line,) = queries.members(town.db, 2026)
    assert line.claims == 1


def test_a_signed_agreement_takes_one_more_item_and_ends_early_with_its_reason(
    page: PartnersPage, town: App, qtbot: QtBot
) -> None:
    unit = actions.add_unit(town.db, town.actor, PartnerUnit(name="第四医院"))
    rest(page, qtbot)
    page.units.add_promise()
    assert not page.units.form.is_open  # no agreement yet: said in the status bar
    drawn = Agreement(unit_id=unit.id, year=2026, from_on="2026-01-01", expires_on="2026-12-31")
    actions.draw_agreement(town.db, town.actor, drawn, [AgreementItem(agreement_id="", seq=0, text="义诊")])
    actions.sign_agreement(town.db, town.actor, drawn.id, "2026-01-05")
    rest(page, qtbot)
    page.units.add_promise()
    fill(page.units, text="健康讲座", times="2")
    qtbot.waitUntil(lambda: queries.agreements(town.db)[0].items == 2)
    rest(page, qtbot)
    page.units.end_agreement()
    fill(page.units, ended_why="单位迁址")
    qtbot.waitUntil(lambda: queries.agreements(town.db)[0].state == "终止")
    assert town.db.scalar("SELECT ended_why FROM agreement") == "单位迁址"


def test_the_only_venue_is_put_right_and_closed_from_the_list_of_bookings(
    page: PartnersPage, town: App, qtbot: QtBot
) -> None:
    venue = together.add_venue(town.db, town.actor, Venue(name="议事厅", seats=20))
    page.faces.choose(3)
    rest(page, qtbot)
    page.bookings.change_venue()
    assert page.bookings.form.form.value("seats") == "20"
    typed(page.bookings, seats="三十")
    qtbot.waitUntil(page.bookings.form.verb.isEnabled)
    assert "容纳人数" in page.bookings.form.form.fault("seats")
    typed(page.bookings, seats="30", to_on="20261201")
    qtbot.waitUntil(lambda: not doings.venues(town.db))
    kept = town.db.get(Venue, venue.id)
    assert kept is not None
    assert (kept.seats, kept.to_on) == (30, "2026-12-01")


def test_an_empty_list_says_what_to_do(page: PartnersPage, qtbot: QtBot) -> None:
    for at, pane in enumerate(page.panes):
        page.faces.choose(at)
        rest(page, qtbot)
        assert "还没有" in pane._empty.words


@pytest.mark.parametrize("kind", [".xlsx", ".pdf"])
def test_a_list_that_goes_out_stands_in_the_register(
    page: PartnersPage, town: App, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    actions.add_unit(town.db, town.actor, PartnerUnit(name="第四医院"))
    rest(page, qtbot)
    page.units.export_to(tmp_path / f"单位{kind}")
    qtbot.waitUntil((tmp_path / f"单位{kind}").exists)
    assert town.db.rows("SELECT what,count FROM export_record") == [("共建单位", 1)]
