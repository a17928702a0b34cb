"""The search box finds what is worked on, by number and by words; people stand first."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import intake
from desktop_app.matters import actions as matters
from desktop_app.orders import actions as orders
from desktop_app.orders import wishes
from desktop_app.points import actions as points
from desktop_app.points import opening
from desktop_app.store.database import Database
from tests.ui.conftest import rest, settle
from ui.finders import FINDERS
from ui.main_window import MainWindow
from ui.pages.orders import OrdersPage
from ui.shell.finding import Hit


@pytest.fixture
def busy(town: App) -> App:
    """One of each, all about the same thing."""
    db, actor = town.db, town.actor
    intake.register(db, actor, intake.blank(db, title="电梯异响", place="桂花苑"))
    orders.place(db, actor, orders.blank(db, title="陪同看电梯展", colour="1", requester_name="王芳", place="桂花苑"))
    wishes.collect(db, actor, wishes.blank(db, alias="三栋的老人", text="电梯里放一把椅子", cost_cap_fen=10_000))
    matters.propose(db, actor, matters.blank(db, title="加装电梯", proposer="李敏"))
    return town


def found(app: App, text: str) -> list[Hit]:
    return [hit for finder in FINDERS for hit in finder(app.db, text)]


def test_a_word_finds_whatever_it_stands_in(busy: App):
    kinds = [hit.kind for hit in found(busy, "电梯")]
    assert kinds == ["appeal", "order", "page:orders", "matter"]


def test_each_further_word_narrows(busy: App):
    assert [hit.kind for hit in found(busy, "电梯 异响")] == ["appeal"]
    assert [hit.kind for hit in found(busy, "桂花苑 电梯")] == ["appeal", "order"], "the place counts too"
    assert found(busy, "电梯 空调") == []


def test_a_number_finds_its_record_with_and_without_the_sign(busy: App):
    for hit in found(busy, "电梯"):
        number = hit.title.split()[0]
        for typed in (number, f"#{number}", number[-4:]):
            assert (hit.kind, hit.id) in {(one.kind, one.id) for one in found(busy, typed)}, (typed, hit.title)


def test_the_number_of_a_voucher_leads_to_the_account_it_went_out_of(town: App):
    db, actor = town.db, town.actor
    owner = db.scalar("SELECT id FROM person ORDER BY local_no LIMIT 1")
    account = opening.open_account(db, actor, "党员积分", person_id=owner)
    points.deposit(db, actor, account.id, points.Deposit("m01"))
    number = points.spend(db, actor, account.id, 5, "洗衣液").voucher_no
    assert number is not None
    for typed in (number, number[1:]):
        (hit,) = [one for one in found(town, typed) if one.kind == "page:points"]
        assert hit.id == f"points_account:{account.id}"
    assert not [one for one in found(town, "2026-9999") if one.kind == "page:points"]


def test_people_stand_first(busy: App):
    name = busy.db.scalar("SELECT name FROM person ORDER BY local_no LIMIT 1")
    new = orders.blank(busy.db, title=f"{name}家修水管", colour="1", requester_name=name, place="桂花苑")
    orders.place(busy.db, busy.actor, new)
    kinds = [hit.kind for hit in found(busy, name)]
    assert kinds[0] == "person"
    assert kinds[-1] == "order"


def test_one_letter_asks_nothing_of_what_has_to_be_read_through(busy: App, monkeypatch: pytest.MonkeyPatch):
    def rows(*_told: object) -> None:
        pytest.fail("asked the store")

    monkeypatch.setattr(Database, "rows", rows)
    for finder in FINDERS[3:]:
        assert finder(busy.db, "梯") == finder(busy.db, "#1") == []


def test_a_wish_that_was_found_opens_in_its_list(window: MainWindow, busy: App, qtbot: QtBot):
    window.header.search.setFocus()
    window.header.search.setText("椅子")
    window.finding.ask("椅子")
    settle(qtbot, window.background)
    items = window.header.search.found.items
    wish = next(item for item in items if item.kind == "微心愿")
    wish.run()
    page = window.tabs.page("page:orders")
    assert isinstance(page, OrdersPage)
    rest(page, qtbot)
    assert page.pane is page.wishes
    assert page.wishes.table.current.text == "电梯里放一把椅子"
