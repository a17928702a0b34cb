"""After two entries of one resident are merged, the accounts of one kind are one account; an undo separates them."""

import pytest

from desktop_app.points import actions, elsewhere, figures, joining, opening, queries, rules
from desktop_app.points.model import PointsAccount
from desktop_app.points.queries import AccountFilter
from desktop_app.residents import merging
from desktop_app.residents.undoing import undo
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action
from tests.points.conftest import Bank


@pytest.fixture
def two(bank: Bank) -> list[PointsAccount]:
    """Two entries of one resident, each with an account: one with 60 points, one with 2."""
    accounts = sorted((bank.account("王芳"), bank.account("王方")), key=lambda one: one.id)
    bank.deposit(accounts[0])
    bank.deposit(accounts[1], "主题党日", on="2026-10-01")
    return accounts


def merge(bank: Bank, two: list[PointsAccount]) -> str:
    return merging.merge(bank.db, bank.actor, two[0].person_id or "", two[1].person_id or "").id


def test_a_person_of_two_entries_that_were_merged_has_one_account_with_all_that_was_in_both(bank, two):
    who = merge(bank, two)
    (line,) = queries.accounts(bank.db, AccountFilter(person_id=who))
    assert (line.id, line.balance, line.entries, line.opened_on) == (two[0].id, 62, 2, "2026-10-01")
    assert [bank.line(one).id for one in two] == [two[0].id] * 2, "whichever is asked for"
    assert [(one.on, one.balance) for one in bank.book(two[1])] == [("2026-10-01", 2), ("2026-11-22", 62)]
    assert queries.count(bank.db) == 1
    assert [(one.earned, one.balance) for one in figures.year(bank.db, 2026)] == [(62, 62)]


def test_all_of_it_can_be_spent_and_what_is_new_goes_into_the_account_that_stays(bank, two):
    merge(bank, two)
    with pytest.raises(AppError, match="结余是 62 分"):
        bank.spend(two[1], 63)
    entry = bank.spend(two[1], 62)
    assert (entry.from_account_id, bank.line(two[0]).balance) == (two[0].id, 0)
    assert bank.deposit(two[1], "主题党日").to_account_id == two[0].id


def test_an_entry_of_one_that_was_closed_before_the_merge_can_still_be_taken_back(bank, two):
    entry = bank.spend(two[0], 60)
    opening.close_account(bank.db, bank.actor, two[0].id)
    merge(bank, two)
    actions.reverse(bank.db, bank.actor, entry.id, "退货")
    assert bank.line(two[0]).balance == 62


def test_what_was_sent_before_the_merge_is_carried_by_neither_entry_after_a_reversal(bank, two):
    entry = elsewhere.send(bank.db, bank.actor, two[0].id, "江北社区", 20)
    merge(bank, two)
    actions.reverse(bank.db, bank.actor, entry.id, "不搬了，凭证已收回")
    assert bank.db.rows("SELECT 1 FROM person_event WHERE kind=? AND sync_del=0", (rules.CARRIED,)) == []
    assert bank.line(two[0]).balance == 62


def test_the_caps_of_a_year_count_what_was_deposited_in_both(bank, two):
    merge(bank, two)
    assert bank.deposit(two[0], "主题党日", amount=4).amount == 6, "一年最多 8 分，并入的户上已有 2 分"


def test_an_undo_of_the_merge_gives_each_its_own_again(bank, two):
    merge(bank, two)
    undo(bank.db, bank.actor, last_action(bank.db, bank.actor)[0])
    assert [bank.line(one).balance for one in two] == [60, 2]
    assert queries.count(bank.db) == 2


def test_both_are_closed_together_and_one_that_was_closed_before_comes_along(bank, two):
    bank.spend(two[0], 60)
    opening.close_account(bank.db, bank.actor, two[0].id)
    who = merge(bank, two)
    (line,) = queries.accounts(bank.db, AccountFilter(person_id=who))
    assert (line.id, line.balance, line.closed_on) == (two[1].id, 2, ""), "the open one stands for both"
    bank.spend(two[1], 2)
    opening.close_account(bank.db, bank.actor, two[0].id)
    assert queries.count(bank.db, AccountFilter(person_id=who)) == 0
    again = opening.open_account(bank.db, bank.actor, "党员积分", person_id=who)
    assert (again.id in {one.id for one in two}, len(bank.book(again))) == (True, 4)


def test_a_reversal_takes_back_from_where_it_had_gone(bank, two):
    entry = bank.book(two[1])[0].id
    merge(bank, two)
    actions.reverse(bank.db, bank.actor, entry, "没有参加")
    assert bank.line(two[0]).balance == 60


def test_a_household_and_its_head_do_not_share_and_neither_do_two_kinds():
    rows = [("党员积分", "甲", None, "1"), ("志愿时间", "甲", None, "2"), ("党员积分", "乙", None, "3")]
    assert joining.heads(rows) == {}
    assert joining.heads([*rows, ("党员积分", "甲", None, "0"), ("志愿时间", "甲", "2026-01-01", "0x")]) == {
        "1": "0", "0x": "2",
    }  # fmt: skip
