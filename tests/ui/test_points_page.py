"""The page of points: deposited, exchanged, given away and taken back from the keyboard; faults at their field."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.orders import actions as orders
from desktop_app.orders import people
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper
from desktop_app.points import actions, opening, queries, rules
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsAccount
from desktop_app.points.queries import AccountFilter
from desktop_app.residents.model import Person, PersonEvent
from desktop_app.residents.queries import hit_of, household_of
from tests.ui.conftest import rest
from tests.ui.hands import ALT, CTRL, KEY, Hands
from tests.ui.panes import face, typed
from tests.ui.test_pages import nameless, out_of_reach
from ui.main_window import MainWindow
from ui.pages.points import PointsPage
from ui.widgets.inputs import ChoiceBox

REVIEWED = {"attest1": "李静", "attest2": "赵敏"}


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> PointsPage:
    window.open_page("points")
    shown = window.tabs.page("page:points")
    assert isinstance(shown, PointsPage)
    rest(shown, qtbot)
    return shown


@pytest.fixture
def owner(town: App) -> Person:
    """Somebody with a name nobody shares."""
    with town.db.transaction(town.actor, "准备") as tx:
        home = tx.scalar("SELECT household_id FROM household_member ORDER BY local_no LIMIT 1")
        head = tx.scalar("SELECT person_id FROM household_member WHERE household_id=? ORDER BY local_no", (home,))
        tx.execute("UPDATE person SET name='欧阳春' WHERE id=?", (head,))
    found = town.db.get(Person, head)
    assert found is not None
    return found


@pytest.fixture
def account(town: App, owner: Person) -> PointsAccount:
    """An hour of somebody."""
    made = opening.open_account(town.db, town.actor, rules.TIME, person_id=owner.id)
    actions.deposit(town.db, town.actor, made.id, Deposit("t01", 60, "陪同就医", on="2026-03-01", **REVIEWED))
    return made


@pytest.fixture
def served(town: App) -> Helper:
    """Somebody who served two orders, of 45 minutes and of 30."""
    helper = people.add_helper(town.db, town.actor, Helper(name="李四", colours="1 3"))
    for title, minutes in (("换灯泡", 45), ("通下水", 30)):
        order = orders.place(town.db, town.actor, orders.blank(town.db, title=title, colour="3"), helper.id)
        orders.act(town.db, town.actor, order.id, Deed("接单", helper.id), Deed("完成", minutes=minutes))
    return helper


def balance(town: App, account: PointsAccount) -> int:
    found = queries.account(town.db, account.id)
    assert found is not None
    return found.balance


def test_a_day_of_points_by_keyboard(window: MainWindow, qtbot: QtBot, town: App, owner: Person) -> None:
    """Opened, deposited, exchanged, taken back: no mouse, and the passbook beside it says it all."""
    hands = Hands(window, qtbot)
    window.open_page("points")
    hands.look()
    hands.press(KEY.Key_N)
    hands.choose_person("欧阳春")
    hands.save()
    hands.press(KEY.Key_C)
    hands.tab_to("分钟数")
    hands.write("90")
    hands.fill(事项="陪同就医", 审核人一="李静")
    hands.save()
    assert "2 名审核人" in hands.fault("attest2")
    hands.fill(审核人二="赵敏")
    hands.save()
    hands.press(KEY.Key_Z)
    hands.fill(**{"数量（分钟）": "30", "换了什么": "理发一次"})
    hands.save()
    hands.press(KEY.Key_R)
    hands.tab_to("原因")
    hands.write("没有理成")
    hands.save()
    page = window.tabs.page("page:points")
    assert isinstance(page, PointsPage)
    shown = [(one.kind, one.came, one.went, one.balance) for one in page.accounts.passbook.table.lines]
    assert shown == [("冲正", 30, 0, 90), ("支出", 0, 30, 60), ("存入", 90, 0, 90)]
    texts = [page.accounts.passbook.table.model().index(1, at).data() for at in range(4)]
    assert texts == ["2026-11-22", "（已冲正）理发一次", "−30", "60"]
    hands.press(KEY.Key_R)
    box = page.accounts.form.form.input("entry")
    assert isinstance(box, ChoiceBox)
    offered = [box.itemText(at) for at in range(box.count()) if box.itemText(at)]
    assert offered == ["2026-11-22 存入 90　陪同就医"], "neither a reversal nor what was taken back"


def test_an_exchange_above_the_balance_is_refused_at_its_field_and_keeps_what_was_typed(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot
) -> None:
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts.on_line(page.accounts._asks.spend)
    typed(page.accounts, amount="61", text="理发一次")
    qtbot.waitUntil(page.accounts.form.verb.isEnabled)
    assert "1 小时（60 分钟）" in page.accounts.form.form.fault("amount")
    assert page.accounts.form.form.value("text") == "理发一次"
    typed(page.accounts, amount="六十")
    qtbot.waitUntil(page.accounts.form.verb.isEnabled)
    assert "不是数量" in page.accounts.form.form.fault("amount")
    assert balance(town, account) == 60


def test_an_account_below_zero_stands_first_and_says_so(
    page: PointsPage, town: App, owner: Person, qtbot: QtBot
) -> None:
    for helper in ("安七", "周八"):
        added = people.add_helper(town.db, town.actor, Helper(name=helper, colours="1"))
        made = opening.open_account(town.db, town.actor, rules.TIME, helper_id=added.id)
        entry = actions.deposit(town.db, town.actor, made.id, Deposit("t01", 60, **REVIEWED))
        if helper == "周八":
            actions.spend(town.db, town.actor, made.id, 50, "理发")
            actions.reverse(town.db, town.actor, entry.id, "记错人了")
    face(page, "points_account", qtbot)
    first, second = page.accounts.table.lines
    assert (first.name, first.balance, second.name) == ("周八", -50, "安七")
    assert page.accounts._look(first) == "低于 0"
    page.accounts.bar.chips["look"].choose(("below",))
    page.accounts.refresh()
    rest(page, qtbot)
    assert [one.name for one in page.accounts.table.lines] == ["周八"]


def test_points_are_given_to_a_resident_and_to_a_name(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot
) -> None:
    helper = people.add_helper(town.db, town.actor, Helper(name="安七", colours="1"))
    other = opening.open_account(town.db, town.actor, rules.TIME, helper_id=helper.id)
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts.on_line(page.accounts._asks.transfer)
    typed(page.accounts, to_account="没有这个人", amount="20")
    qtbot.waitUntil(page.accounts.form.verb.isEnabled)
    assert "没有找到要转入的账户" in page.accounts.form.form.fault("to_account")
    typed(page.accounts, to_account="安七")
    qtbot.waitUntil(lambda: balance(town, other) == 20)
    rest(page, qtbot)
    page.accounts.point_at(other.id)
    page.accounts.refresh()
    rest(page, qtbot)
    page.accounts.on_line(page.accounts._asks.transfer)
    page.accounts.form.person.take(hit_of(town.db, account.person_id))
    typed(page.accounts, amount="5")
    qtbot.waitUntil(lambda: balance(town, account) == 45)


def test_points_leave_for_another_community_and_a_voucher_that_came_along_is_proposed(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot
) -> None:
    came = rules.carried(account.kind, 30, account.unit, "江北社区", "积2026-0007")
    with town.db.transaction(town.actor, "随人转来") as tx:
        tx.add(PersonEvent(person_id=account.person_id, kind=rules.CARRIED, on="2026-11-01", text=came))
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts.on_line(page.accounts._asks.take_in)
    shown = page.accounts.form.form
    assert [shown.value(name) for name in ("source", "voucher_no", "amount")] == ["江北社区", "积2026-0007", "30"]
    typed(page.accounts)
    qtbot.waitUntil(lambda: balance(town, account) == 90)
    rest(page, qtbot)
    page.accounts.refresh()
    rest(page, qtbot)
    page.accounts.on_line(page.accounts._asks.send)
    assert page.accounts.form.form.value("amount") == "90"
    typed(page.accounts, to="江山社区")
    qtbot.waitUntil(lambda: balance(town, account) == 0)
    assert queries.account(town.db, account.id).closed_on


def test_a_family_account_is_opened_for_the_home_of_whoever_was_chosen(
    page: PointsPage, town: App, owner: Person, qtbot: QtBot
) -> None:
    page.accounts.open_account()
    typed(page.accounts, kind=rules.FAMILY)
    qtbot.waitUntil(page.accounts.form.verb.isEnabled)
    assert "没有选是谁的账户" in page.accounts.form.notice.words
    page.accounts.form.person.take(hit_of(town.db, owner.id))
    page.accounts.form.save()
    qtbot.waitUntil(lambda: queries.count(town.db, AccountFilter(kind=rules.FAMILY)) == 1)
    (made,) = queries.accounts(town.db, AccountFilter(kind=rules.FAMILY))
    home = household_of(town.db, owner.id)
    assert home is not None
    assert made.household_id == home.id


def test_a_passbook_shows_what_was_left_on_a_day(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot
) -> None:
    actions.spend(town.db, town.actor, account.id, 15, "理发", on="2026-06-01")
    face(page, f"points_account:{account.id}", qtbot)
    book = page.accounts.passbook
    assert [one.balance for one in book.table.lines] == [45, 60]
    book.until.setText("20260501")
    book.ask()
    rest(page, qtbot)
    assert [one.balance for one in book.table.lines] == [60]
    assert "2026-05-01 结余 1 小时" in book.left.text()


def test_what_was_done_goes_in_at_once_with_two_reviewers(
    page: PointsPage, town: App, served: Helper, window: MainWindow, qtbot: QtBot
) -> None:
    hands = Hands(window, qtbot)
    hands.press(KEY.Key_2, ALT)
    rest(page, qtbot)  # a list that is asked again forgets what was chosen in it
    assert sorted((one.name, one.owed.minutes) for one in page.due.table.lines) == [("李四", 30), ("李四", 45)]
    hands.press(KEY.Key_A, CTRL)
    hands.press(KEY.Key_C)
    hands.fill(审核人一="李静", 审核人二="李四")
    hands.save()
    assert "不能是本人" in hands.fault("attest2")
    assert queries.count(town.db) == 0, "nothing could be deposited, and the form is still there"
    hands.fill(审核人二="赵敏")
    hands.save()
    (made,) = queries.accounts(town.db)
    assert (made.name, made.balance) == ("李四", 75)
    assert page.due.table.lines == []
    assert "做完的服务单" in page.due._empty.words
    assert hands.focus is not None


def test_what_could_not_go_in_stays_in_the_list_and_says_why(
    page: PointsPage, town: App, served: Helper, window: MainWindow, qtbot: QtBot
) -> None:
    other = people.add_helper(town.db, town.actor, Helper(name="赵敏", colours="1"))
    order = orders.place(town.db, town.actor, orders.blank(town.db, title="量血压", colour="1"), other.id)
    orders.act(town.db, town.actor, order.id, Deed("接单", other.id), Deed("完成", minutes=20))
    hands = Hands(window, qtbot)
    hands.press(KEY.Key_2, ALT)
    rest(page, qtbot)
    hands.press(KEY.Key_A, CTRL)
    hands.press(KEY.Key_C)
    hands.fill(审核人一="李静", 审核人二="赵敏")
    hands.save()
    (left,) = page.due.table.lines
    assert (left.name, queries.count(town.db)) == ("赵敏", 1)
    facts = dict(page.due.facts(left))
    assert facts["没有存入"] == "审核人不能是本人（赵敏），没有存入。请由别人审核。"


def test_the_board_is_masked_and_leads_to_the_passbook(page: PointsPage, account: PointsAccount, qtbot: QtBot) -> None:
    face(page, "points_year", qtbot)
    (line,) = page.board.table.lines
    shown = [page.board.table.model().index(0, at).data() for at in range(3)]
    assert shown == ["1", "欧阳*", "60"]
    assert "欧阳春" not in page.board.title_of(line)
    page.board.open()
    rest(page, qtbot)
    assert page.pane is page.accounts
    assert page.accounts.table.current.id == account.id


def test_a_board_of_a_year_without_deposits_says_where_to_begin(
    page: PointsPage, account: PointsAccount, qtbot: QtBot
) -> None:
    face(page, "points_year", qtbot)
    page.board.bar.chips["year"].choose(("2025",))
    page.board.bar._tell()
    rest(page, qtbot)
    assert page.board.table.lines == []


def test_empty_lists_say_what_to_do(page: PointsPage, qtbot: QtBot) -> None:
    words = []
    for at, pane in enumerate(page.panes):
        page.faces.choose(at)
        rest(page, qtbot)
        assert pane._stack.currentIndex() == 1
        words.append(pane._empty.words)
    assert "按 N 开户" in words[0]
    assert "自己列在这里" in words[1]


def test_a_form_left_half_is_offered_again_at_its_account(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot
) -> None:
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts._run("支出")
    page.accounts.form.form.take_draft(json.dumps({"text": "理发一次"}))
    page.accounts.form.close_form()
    assert "没有保存" in page.accounts.notice.words
    page.accounts._run("支出")
    assert page.accounts.form.form.value("text") == "理发一次"


def test_a_deposit_is_taken_back_by_a_reversal_not_by_ctrl_z(
    page: PointsPage, town: App, account: PointsAccount, window: MainWindow, qtbot: QtBot
) -> None:
    hands = Hands(window, qtbot)
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts.on_line(page.accounts._asks.spend)
    with qtbot.waitSignal(page.desk.said) as told:
        typed(page.accounts, amount="20", text="理发一次")
    assert "凭证" in told.args[0]
    assert told.args[1] is None, "what would be refused is not offered"
    rest(page, qtbot)
    hands.undo()
    assert balance(town, account) == 40, "a line of a passbook is never taken out"
    assert "冲正" in window.notice.words


@pytest.mark.parametrize("kind", [".xlsx", ".pdf"])
def test_every_list_goes_out_and_stands_in_the_register(
    page: PointsPage, town: App, account: PointsAccount, served: Helper, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    for at, pane in enumerate(page.panes):
        page.faces.choose(at)
        rest(page, qtbot)
        assert pane.table.lines, pane.name
        target = tmp_path / f"{pane.name}{kind}"
        pane.export_to(target)
        qtbot.waitUntil(target.exists)
    rest(page, qtbot)
    assert town.db.scalar("SELECT count(*) FROM export_record") == len(page.panes)


def test_each_paper_is_asked_for_where_it_belongs(
    page: PointsPage, town: App, account: PointsAccount, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(page.desk, "print_form", lambda name, ids: asked.append((name, tuple(ids))))
    face(page, f"points_account:{account.id}", qtbot)
    page.accounts.print_passbook()
    with qtbot.waitSignal(page.desk.said) as said:
        page.accounts.print_voucher()
    assert "没有凭证" in said.args[0]
    entry = actions.spend(town.db, town.actor, account.id, 10, "理发")
    rest(page, qtbot)
    page.accounts.print_voucher()
    face(page, "points_year", qtbot)
    page.board.print_board()
    assert asked == [
        ("points_passbook", (account.id,)),
        ("points_voucher", (entry.id,)),
        ("points_board", ("志愿时间@2026",)),
    ]
    assert QApplication.activeModalWidget() is None


def test_the_passbook_on_the_line_of_a_resident_opens_the_account(
    page: PointsPage, town: App, account: PointsAccount, owner: Person, window: MainWindow, qtbot: QtBot
) -> None:
    from desktop_app.overview.queries import timeline
    from ui.pages.timeline_pane import opener

    (entry,) = [one for one in timeline(town.db, "person", owner.id) if one.kind == "积分"]
    assert entry.title == "志愿时间存入：陪同就医"
    assert opener(page.desk, entry.opens, entry.opens_id)
    rest(page, qtbot)
    assert page.accounts.table.current.id == account.id
    qtbot.keyClick(page.accounts.table, Qt.Key.Key_O)
    assert window.tabs.current.key == f"person:{owner.id}"


def test_everything_beside_a_full_list_is_named_and_reached_by_keyboard(
    page: PointsPage, account: PointsAccount, served: Helper, window: MainWindow, qtbot: QtBot
) -> None:
    for what in page.opens:
        face(page, what, qtbot)
        assert page.pane.table.lines
        assert nameless(window) == []
        assert out_of_reach(window) == []


def test_an_account_opened_by_mistake_is_taken_back_from_the_line_that_says_so(
    page: PointsPage, town: App, owner: Person, qtbot: QtBot
) -> None:
    page.accounts.open_account()
    page.accounts.form.person.take(hit_of(town.db, owner.id))
    with qtbot.waitSignal(page.desk.said) as told:
        page.accounts.form.save()
    assert queries.count(town.db) == 1
    told.args[1]()
    qtbot.waitUntil(lambda: queries.count(town.db) == 0)
