"""What was done and not deposited yet: orders served and shifts stood, by day, until an entry names them."""

import pytest

from desktop_app.orders import actions as orders
from desktop_app.orders import duty, people, reporting
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, Post
from desktop_app.points import actions, queries, several
from desktop_app.points.due import due
from desktop_app.shared.errors import AppError

REVIEWED = {"attest1": "张三", "attest2": "赵六"}


@pytest.fixture
def helper(bank) -> Helper:
    person = bank.person("李强")
    return people.add_helper(bank.db, bank.actor, Helper(name="", person_id=person.id, colours="1"))


@pytest.fixture
def served(bank, helper) -> str:
    order = orders.place(bank.db, bank.actor, orders.blank(bank.db, title="陪诊", colour="1"), helper.id)
    for deed in (Deed("接单", helper.id), Deed("完成", helper.id, minutes=90)):
        orders.act(bank.db, bank.actor, order.id, deed)
    return order.id


def test_a_served_order_is_due_until_it_is_deposited_and_again_after_it_was_taken_back(bank, helper, served):
    (line,) = due(bank.db)
    assert (line.name, line.owed.ref_id, line.owed.minutes, line.account_id) == ("李强", served, 90, "")
    ((entry,), _) = several.deposit_due(bank.db, bank.actor, [line.owed], "服务时间", **REVIEWED)
    assert not due(bank.db)
    assert entry.text == "红·关爱老人", "不写事项：里面可能有被帮助的人"
    assert bank.db.scalar("SELECT person_id FROM points_account WHERE kind='志愿时间'") == helper.person_id
    actions.reverse(bank.db, bank.actor, entry.id, "时间记错了")
    assert [one.account_id for one in due(bank.db)] == [entry.to_account_id]


def test_a_shift_that_was_stood_is_due_and_one_that_was_not_is_not(bank, helper):
    told = Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00", capacity=1)
    post = reporting.add_post(bank.db, bank.actor, told)
    duty.plan(bank.db, bank.actor, post.id, [helper.id], "2026-11-22", 2)
    shift = bank.db.scalar("SELECT id FROM shift WHERE \"on\"='2026-11-22'")
    duty.sign_in(bank.db, bank.actor, shift, "08:00")
    assert not due(bank.db)
    duty.sign_out(bank.db, bank.actor, shift, "11:00")
    assert [(one.owed.minutes, one.owed.text) for one in due(bank.db)] == [(180, "东门岗亭值守 08:00-11:00")]
    assert not due(bank.db, "2026-01-01", "2026-11-21")


def test_a_helper_who_is_no_resident_has_an_account_of_their_own(bank):
    courier = people.add_helper(bank.db, bank.actor, Helper(name="骑手小周", colours="1"))
    order = orders.place(bank.db, bank.actor, orders.blank(bank.db, title="代买药", colour="1"), courier.id)
    for deed in (Deed("接单", courier.id), Deed("完成", courier.id, minutes=30)):
        orders.act(bank.db, bank.actor, order.id, deed)
    several.deposit_due(bank.db, bank.actor, [one.owed for one in due(bank.db)], "服务时间", **REVIEWED)
    (line,) = queries.accounts(bank.db)
    assert (line.name, line.helper_id, line.balance) == ("骑手小周", courier.id, 30)


@pytest.mark.parametrize(("since", "until"), [("abc", ""), ("2026-13-01", ""), ("", "2026-02-30")])
def test_a_day_that_is_none_is_said_in_words(bank, since, until):
    with pytest.raises(AppError):
        due(bank.db, since, until)
