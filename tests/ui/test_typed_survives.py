"""Forms beside lists: what was typed survives another page, a lock, Esc and a crash, at the record it was typed for."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.orders.wishes import blank, collect
from desktop_app.store.drafts import kept
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.matters import MattersPage
from ui.pages.orders import OrdersPage
from ui.shell.desk import Desk
from ui.shell.drafts import Drafts
from ui.widgets.inputs import LineEdit


@pytest.fixture
def orders(window: MainWindow, qtbot: QtBot) -> OrdersPage:
    """The page of orders in the window."""
    window.open_page("orders")
    page = window.tabs.page("page:orders")
    assert isinstance(page, OrdersPage)
    rest(page, qtbot)
    return page


def type_into(qtbot: QtBot, page: OrdersPage, field: str, words: str) -> None:
    """As a person does, key by key."""
    box = page.pane.form.form.input(field)
    assert isinstance(box, LineEdit)
    box.setFocus()
    qtbot.keyClicks(box, words)


def run(page: OrdersPage, words: str) -> None:
    """The command of the face that is shown."""
    next(one for one in page.pane.commands() if one.text == words).run()


def order_begun(qtbot: QtBot, page: OrdersPage) -> None:
    """Half an order."""
    run(page, "点单")
    type_into(qtbot, page, "title", "shuilongtou")


def test_esc_puts_a_form_away_and_keeps_what_was_typed(qtbot: QtBot, orders: OrdersPage):
    order_begun(qtbot, orders)
    qtbot.keyClick(orders.orders.form, Qt.Key.Key_Escape)
    assert not orders.orders.form.is_open
    assert "没有保存" in orders.orders.notice.words, "and the page says so"
    run(orders, "点单")
    assert orders.orders.form.form.value("title") == "shuilongtou"
    assert "接着上次" in orders.orders.form.notice.words


def test_starting_anew_forgets_the_draft(qtbot: QtBot, orders: OrdersPage):
    order_begun(qtbot, orders)
    orders.orders.form.close_form()
    run(orders, "点单")
    orders.orders.form.notice._act()
    assert orders.orders.form.form.value("title") == ""
    assert not orders.desk.drafts


def test_a_crash_takes_nothing(qtbot: QtBot, window: MainWindow, orders: OrdersPage):
    order_begun(qtbot, orders)
    qtbot.waitUntil(lambda: bool(orders.desk.drafts), timeout=5000)
    settle(qtbot, window.background)
    (stored,) = kept(window.app.db, window.app.actor).values()
    assert "shuilongtou" in stored, "on the disk two seconds after the last key, though nothing was closed"


def test_the_next_start_leads_back_to_the_face_the_form_and_the_words(
    qtbot: QtBot, window: MainWindow, orders: OrdersPage
):
    orders.faces.choose(1)
    rest(orders, qtbot)
    run(orders, "登记心愿")
    type_into(qtbot, orders, "alias", "xinyuan")
    window.tabs.close_key("page:orders")
    settle(qtbot, window.background)
    assert window.desk is not None
    window.desk.drafts = Drafts(window.app, window.background)
    window.offer_drafts()
    window.notice._act()
    settle(qtbot, window.background)
    page = window.tabs.page("page:orders")
    assert isinstance(page, OrdersPage)
    rest(page, qtbot)
    assert page.pane is page.wishes
    assert page.wishes.form.form.value("alias") == "xinyuan"


def test_a_draft_belongs_to_its_record(qtbot: QtBot, town: App, orders: OrdersPage):
    for text in ("一袋米", "一床被子"):
        collect(town.db, town.actor, blank(town.db, alias="三栋居民", kind="生活物品", text=text, cost_cap_fen=10_000))
    orders.faces.choose(1)
    rest(orders, qtbot)
    first, second = orders.wishes.table.lines[:2]
    orders.wishes.table.point_at(0)
    run(orders, "认领")
    type_into(qtbot, orders, "taker", "zhangsan")
    orders.wishes.form.close_form()
    orders.wishes.table.point_at(1)
    run(orders, "认领")
    assert orders.wishes.form.form.value("taker") == "", f"{second.id} is not {first.id}"
    orders.wishes.form.close_form()
    orders.wishes.table.point_at(0)
    run(orders, "认领")
    assert orders.wishes.form.form.value("taker") == "zhangsan"


def test_what_was_saved_is_no_draft(qtbot: QtBot, window: MainWindow, orders: OrdersPage):
    order_begun(qtbot, orders)
    form = orders.orders.form
    form.keep_typed()
    form.form.take_draft('{"name": "王芳", "place": "3栋门口"}')
    form.save()
    settle(qtbot, window.background)
    if form.is_open:
        pytest.fail(f"not saved: {form.notice.words} {form.form.values()}")
    assert not window.desk.drafts  # type: ignore[union-attr]
    assert kept(window.app.db, window.app.actor) == {}


def test_a_lock_keeps_it(qtbot: QtBot, window: MainWindow, orders: OrdersPage):
    order_begun(qtbot, orders)
    window.session._put_away()
    assert any("shuilongtou" in body for body in window.desk.drafts.values())  # type: ignore[union-attr]


def test_the_form_of_a_new_proposal_does_the_same(qtbot: QtBot, town: App, make_desk: Callable[[App], Desk]):
    page = MattersPage(make_desk(town))
    qtbot.addWidget(page)
    page.placed("matters")
    page.new()
    page.list.form.form.take_draft('{"title": "加装路灯"}')
    page.keep_typed()
    page.list.form.close_form()
    page.new()
    assert page.list.form.form.value("title") == "加装路灯"
