"""What an examination finds in the ledger of points."""

import pytest

from desktop_app import health
from desktop_app.app import App
from desktop_app.points import actions, opening
from desktop_app.points.actions import Deposit
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person


@pytest.fixture
def saver(app: App) -> Person:
    """王芳 with 60 points."""
    person = residents.register(app.db, app.actor, Person(name="王芳"), None)
    account = opening.open_account(app.db, app.actor, "党员积分", person_id=person.id)
    actions.deposit(app.db, app.actor, account.id, Deposit("基本分"))
    return person


def found(app: App, code: str) -> list[str]:
    told = health.again(app, code)
    return [case.words for case in told.cases] if told else []


def test_a_ledger_in_order_says_nothing(app, saver):
    twin = residents.register(app.db, app.actor, Person(name="王方"), None)
    account = opening.open_account(app.db, app.actor, "党员积分", person_id=twin.id)
    actions.deposit(app.db, app.actor, account.id, Deposit("基本分"))
    merging.merge(app.db, app.actor, saver.id, twin.id)
    assert not any(found(app, one.code) for one in health.checks() if "points" in one.code)


def test_accounts_below_zero_and_of_people_who_are_gone_are_told(app, saver):
    (account, entry) = app.db.row("SELECT to_account_id,id FROM points_entry")
    actions.spend(app.db, app.actor, account, 50, "洗衣液")
    actions.reverse(app.db, app.actor, entry, "重复记了")
    assert found(app, "points_below") == ["党员积分　王芳　结余 -50 分"]
    residents.leave(app.db, app.actor, saver.id, "迁出", "2026-11-20")
    assert found(app, "points_gone") == ["党员积分　王芳　结余 -50 分　2026-11-20"]


def test_a_balance_that_is_not_that_of_its_entries_is_a_problem(app, saver):
    with app.db.transaction(app.actor, "试") as tx:
        tx.execute("UPDATE points_account_state SET balance=balance+1 WHERE balance>0")
        tx.keep()
    assert health.again(app, "points_uneven").level == "问题"
    assert found(app, "points_uneven") == ["党员积分　王芳　结余 61 分"]
