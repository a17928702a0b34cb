"""The page of orders: placed, given out, served and evaluated from the keyboard; faults at their field."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.orders import actions, duty, people, queries, reporting, reporting_lists, roster, wish_lists, wishes
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, Post, Registration, ServiceOrder
from tests.ui.conftest import rest
from tests.ui.panes import face, fill, typed
from ui.main_window import MainWindow
from ui.pages.orders import OrdersPage
from ui.pages.orders_record import OrderPage


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> OrdersPage:
    window.open_page("orders")
    shown = window.tabs.page("page:orders")
    assert isinstance(shown, OrdersPage)
    rest(shown, qtbot)
    return shown


@pytest.fixture
def helper(town: App) -> Helper:
    return people.add_helper(town.db, town.actor, Helper(name="李四", colours="1 3"))


@pytest.fixture
def order(town: App) -> ServiceOrder:
    return actions.place(town.db, town.actor, actions.blank(town.db, title="换灯泡", colour="3"))


def test_an_order_is_placed_and_the_cursor_stands_on_it(page: OrdersPage, qtbot: QtBot) -> None:
    page.orders.place()
    fill(page.orders, title="陪同就医", requester_name="王桂英")
    qtbot.waitUntil(lambda: page.orders.table.current is not None)
    line = page.orders.table.current
    assert (line.title, line.phase, line.colour) == ("陪同就医", "待派", "红·关爱老人")


def test_the_letters_take_an_order_its_whole_way(
    page: OrdersPage, town: App, helper: Helper, order: ServiceOrder, qtbot: QtBot
) -> None:
    face(page, f"order:{order.id}", qtbot)

    def press(key: str, **values: str) -> None:
        page.orders.table.setFocus()
        qtbot.keyClick(page.orders.table, getattr(Qt.Key, f"Key_{key}"))
        qtbot.waitUntil(lambda: page.orders.form.is_open)
        before = len(queries.detail(town.db, order.id).events)
        fill(page.orders, **values)
        qtbot.waitUntil(lambda: len(queries.detail(town.db, order.id).events) > before)
        rest(page, qtbot)

    press("D")
    assert queries.detail(town.db, order.id).state.helper_id == helper.id, "whoever is proposed first"
    press("J")
    press("F", minutes="45")
    press("P", satisfaction="满意")
    assert queries.orders(town.db)[0].phase == "已评"
    assert "45 分钟" in "".join(str(value) for _, value in page.orders.facts(page.orders.table.current))


def test_a_step_that_cannot_be_done_now_opens_no_form_and_says_what_can(
    page: OrdersPage, order: ServiceOrder, qtbot: QtBot
) -> None:
    face(page, f"order:{order.id}", qtbot)
    with qtbot.waitSignal(page.desk.said) as said:
        page.orders.step("评单")
    assert not page.orders.form.is_open
    assert "现在可以：派单" in said.args[0]


def test_a_step_somebody_else_took_meanwhile_is_refused_in_words_and_nothing_typed_is_lost(
    page: OrdersPage, town: App, helper: Helper, order: ServiceOrder, qtbot: QtBot
) -> None:
    face(page, f"order:{order.id}", qtbot)
    page.orders.step("取消")
    actions.act(town.db, town.actor, order.id, Deed("派单", helper.id))
    fill(page.orders, text="不用了")
    qtbot.waitUntil(page.orders.form.verb.isEnabled)
    assert page.orders.form.is_open
    assert page.orders.form.form.value("text") == "不用了"
    assert queries.orders(town.db)[0].phase == "已派"


def test_minutes_that_are_no_number_are_told_at_their_field(
    page: OrdersPage, town: App, helper: Helper, order: ServiceOrder, qtbot: QtBot
) -> None:
    actions.act(town.db, town.actor, order.id, Deed("派单", helper.id), Deed("接单", helper.id))
    face(page, f"order:{order.id}", qtbot)
    page.orders.step("完成")
    fill(page.orders, minutes="很久")
    qtbot.waitUntil(page.orders.form.verb.isEnabled)
    assert page.orders.form.is_open
    assert queries.orders(town.db)[0].phase == "已接"


def test_the_record_of_an_order_shows_its_line_and_offers_only_what_can_be_done(
    page: OrdersPage, town: App, window: MainWindow, helper: Helper, order: ServiceOrder, qtbot: QtBot
) -> None:
    page.desk.open_record("order", order.id)
    shown = window.tabs.page(f"order:{order.id}")
    assert isinstance(shown, OrderPage)
    rest(shown, qtbot)
    assert [one.title for one in shown.timeline.moments.moments] == ["点单"]
    assert [kind for kind, made in shown._verbs.items() if made.isEnabled()] == ["派单", "取消", "备注"]
    assert "李四" in shown._proposed.text()
    actions.act(town.db, town.actor, order.id, Deed("派单", helper.id))
    rest(shown, qtbot)
    assert [one.title for one in shown.timeline.moments.moments] == ["派单　李四", "点单"]


def test_a_wish_is_collected_claimed_and_shows_what_is_missing(page: OrdersPage, town: App, qtbot: QtBot) -> None:
    face(page, "wish", qtbot)
    page.wishes.collect()
    fill(page.wishes, text="一床棉被", alias="独居的王奶奶", cost_cap_fen="-5")
    qtbot.waitUntil(page.wishes.form.verb.isEnabled)
    assert page.wishes.form.is_open, "a cap below zero is refused and what was typed stays"
    fill(page.wishes, cost_cap_fen="100")
    qtbot.waitUntil(lambda: len(wish_lists.wishes(town.db)) == 1)
    rest(page, qtbot)
    page.wishes.step("认领")
    fill(page.wishes, taker="李四")
    qtbot.waitUntil(lambda: wish_lists.wishes(town.db)[0].phase == "已认领")


def test_somebody_reports_in_and_claims_a_post(page: OrdersPage, town: App, qtbot: QtBot) -> None:
    post = reporting.add_post(town.db, town.actor, Post(name="楼道巡查员"))
    face(page, "registration", qtbot)
    page.registrations.report_in()
    fill(page.registrations, name="赵明", unit="市审计局", colours="红", helps="1")
    qtbot.waitUntil(lambda: len(reporting_lists.registrations(town.db)) == 1)
    rest(page, qtbot)
    page.registrations.claim()
    fill(page.registrations, post_id=post.id)
    qtbot.waitUntil(lambda: reporting_lists.posts(town.db)[0].holders == "赵明")


def test_a_week_is_planned_and_somebody_signs_in(page: OrdersPage, town: App, helper: Helper, qtbot: QtBot) -> None:
    reporting.add_post(town.db, town.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-23:00"))
    face(page, "shift", qtbot)
    page.duty.plan()
    fill(page.duty, since="2026-11-22", days="1")
    qtbot.waitUntil(lambda: len(roster.shifts_today(town.db)) == 1)
    rest(page, qtbot)
    page.duty.sign_in()
    fill(page.duty, time="08:05")
    qtbot.waitUntil(lambda: roster.shifts_today(town.db)[0].in_time == "08:05")


def test_a_post_is_put_right_and_what_it_cannot_be_is_told_at_its_field(
    page: OrdersPage, town: App, qtbot: QtBot
) -> None:
    reporting.add_post(town.db, town.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00"))
    face(page, "post", qtbot)
    page.posts.change()
    typed(page.posts, slots="上午")
    qtbot.waitUntil(page.posts.form.verb.isEnabled)
    assert "看不懂" in page.posts.form.form.fault("slots")
    typed(page.posts, slots="14:00-17:00", capacity="2")
    qtbot.waitUntil(lambda: reporting_lists.posts(town.db)[0].slots == "14:00-17:00")
    assert reporting_lists.posts(town.db)[0].capacity == 2


def test_who_is_back_early_is_taken_off_the_list_of_the_absent(
    page: OrdersPage, town: App, helper: Helper, qtbot: QtBot
) -> None:
    face(page, "shift", qtbot)
    page.duty.end_leave()
    assert not page.duty.form.is_open  # nobody is away: said in the status bar
    page.duty.leave()
    fill(page.duty, helper=helper.id, since="2026-11-23", until="2026-11-30")
    qtbot.waitUntil(lambda: len(roster.leave_lines(town.db)) == 1)
    rest(page, qtbot)
    page.duty.end_leave()
    page.duty.form.save()
    qtbot.waitUntil(lambda: not roster.leave_lines(town.db))


def test_sorting_is_by_what_stands_there_and_names_by_their_sound(page: OrdersPage, town: App, qtbot: QtBot) -> None:
    for name in ("张三", "安七", "李四"):
        people.add_helper(town.db, town.actor, Helper(name=name, colours="1"))
    face(page, "helper", qtbot)
    page.helpers._sort("name", up=True)
    assert [line.name for line in page.helpers.table.lines] == ["安七", "李四", "张三"]
    page.helpers._sort("name", up=False)
    assert [line.name for line in page.helpers.table.lines] == ["张三", "李四", "安七"]


def test_an_empty_list_says_what_to_do(page: OrdersPage, qtbot: QtBot) -> None:
    for at, pane in enumerate(page.panes):
        page.faces.choose(at)
        rest(page, qtbot)
        assert pane._stack.currentIndex() == 1
        assert "按 N" in pane._empty.words


@pytest.mark.parametrize("kind", [".xlsx", ".pdf"])
def test_every_list_goes_out_and_stands_in_the_register(
    page: OrdersPage, town: App, helper: Helper, order: ServiceOrder, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    wishes.collect(town.db, town.actor, wishes.blank(town.db, alias="王奶奶", text="棉被"))
    reporting.report_in(town.db, town.actor, Registration(on="2026-11-20", kind="在职党员", name="赵明"))
    post = reporting.add_post(town.db, town.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00"))
    duty.plan(town.db, town.actor, post.id, [helper.id], "2026-11-16")
    for at, pane in enumerate(page.panes):
        page.faces.choose(at)
        rest(page, qtbot)
        target = tmp_path / f"{pane.name}{kind}"
        pane.export_to(target)
        qtbot.waitUntil(target.exists)
    assert town.db.scalar("SELECT count(*) FROM export_record") == len(page.panes)


def test_every_verb_of_a_list_stands_on_a_button_or_behind_more(
    page: OrdersPage, order: ServiceOrder, qtbot: QtBot
) -> None:
    face(page, "shift", qtbot)
    buttons = [one for one in page.duty.findChildren(QPushButton) if one.menu() is not None]
    menu = next(one.menu() for one in buttons if one.text() == "更多")
    menu.aboutToShow.emit()
    behind = {one.text().partition("\t")[0] for one in menu.actions()}
    told = {one.text().rpartition(" ")[0] for one in page.duty.findChildren(QPushButton) if not one.menu()}
    assert {one.text for one in page.duty.verbs()} <= behind | told
    assert "打印登记簿" in behind
    menu.aboutToShow.emit()
    assert len(menu.actions()) == len(behind), "opened twice it says everything once"


@pytest.mark.parametrize(
    ("what", "run", "form"),
    [
        ("helper", "print_booklet", "service_booklet"),
        ("shift", "print_log", "duty_log"),
        ("registration", "print_card", "registration_card"),
    ],
)
def test_each_paper_is_asked_for_where_it_belongs(
    page: OrdersPage, town: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, what: str, run: str, form: str
) -> None:
    post = reporting.add_post(town.db, town.actor, Post(kind="值守岗亭", name="东门岗亭", slots="22:00-06:00"))
    reporting.report_in(town.db, town.actor, Registration(on="2026-11-20", kind="骑手", name="骆飞"))
    asked: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(page.desk, "print_form", lambda name, ids: asked.append((name, tuple(ids))))
    face(page, what, qtbot)
    getattr(page.pane, run)()
    ((name, ids),) = asked
    assert name == form
    expected = {"shift": post.id, "helper": town.community.id}.get(what, "")
    assert ids[0].startswith(expected or page.pane.table.current.id)
