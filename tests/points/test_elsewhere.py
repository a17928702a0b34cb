"""Points that leave for another community with a voucher, and those that are taken in: once for each voucher."""

import pytest

from desktop_app.points import actions, elsewhere, figures, opening, queries, rules, writing
from desktop_app.points.queries import AccountFilter
from desktop_app.printing.points import voucher_paper
from desktop_app.residents import actions as residents
from desktop_app.shared.errors import AppError
from tests.points.conftest import Bank

TAKEN = ("江北社区", "积2026-0007")


def owed(bank: Bank) -> dict[str, int]:
    """What the community owes others (above 0), or they it."""
    lines = queries.accounts(bank.db, AccountFilter(kind="社区"))
    return {line.unit: line.balance for line in lines if line.name.startswith("往来")}


def test_all_that_a_resident_has_goes_out_with_a_voucher_and_the_account_ends(bank, app):
    account = bank.account()
    bank.deposit(account)
    entry = elsewhere.send(bank.db, bank.actor, account.id, "江北社区", close=True)
    line = bank.line(account)
    assert (entry.kind, entry.amount, line.balance, line.closed_on) == ("转出", 60, 0, "2026-11-22")
    assert owed(bank) == {"分": 60}
    paper = voucher_paper(app, entry.id)
    assert (paper.title, paper.taker, paper.amount, paper.no) == (
        "积 分 转 移 凭 证",
        "江北社区",
        "60 分",
        entry.voucher_no,
    )
    sql = "SELECT kind,text FROM person_event WHERE person_id=? AND kind=?"
    (event,) = bank.db.rows(sql, (account.person_id, rules.CARRIED))
    assert event == ("积分转出", f"党员积分 60 分从江山社区转出，凭证 {entry.voucher_no}")
    assert elsewhere.brought(bank.db, account.person_id) == [], "that is for the other community"


def test_a_part_may_go_out_and_more_than_there_is_may_not(bank):
    account = bank.account()
    bank.deposit(account)
    elsewhere.send(bank.db, bank.actor, account.id, "江北社区", 20, close=True)
    assert (bank.line(account).balance, bank.line(account).closed_on) == (40, "")
    assert [one.given for one in figures.year(bank.db, 2026)] == [20]
    for amount in (41, -5):
        with pytest.raises(AppError, match="没有保存"):
            elsewhere.send(bank.db, bank.actor, account.id, "江北社区", amount)
    with pytest.raises(AppError) as refused:
        elsewhere.send(bank.db, bank.actor, account.id, " ")
    assert refused.value.field == "to"
    assert bank.line(account).entries == 2


def test_who_does_not_move_after_all_gets_it_back_by_a_reversal(bank):
    account = bank.account()
    bank.deposit(account)
    entry = elsewhere.send(bank.db, bank.actor, account.id, "江北社区", close=True)
    opening.open_account(bank.db, bank.actor, "党员积分", person_id=account.person_id)
    actions.reverse(bank.db, bank.actor, entry.id, "不搬了，凭证已收回")
    assert (bank.line(account).balance, owed(bank)) == (60, {"分": 0})


def test_a_voucher_that_was_taken_back_is_not_carried_along(bank):
    account = bank.account()
    bank.deposit(account)
    wrong = elsewhere.send(bank.db, bank.actor, account.id, "江北社区", 20)
    right = elsewhere.send(bank.db, bank.actor, account.id, "江北社区", 20)
    actions.reverse(bank.db, bank.actor, wrong.id, "写了两次")
    sql = "SELECT text FROM person_event WHERE person_id=? AND kind=? AND sync_del=0"
    ((said,),) = bank.db.rows(sql, (account.person_id, rules.CARRIED))
    assert said.endswith(str(right.voucher_no))


def test_what_was_sent_to_the_wrong_place_comes_back_also_when_its_owner_has_left(bank):
    account = bank.account()
    bank.deposit(account)
    entry = elsewhere.send(bank.db, bank.actor, account.id, "江南社区", close=True)
    residents.leave(bank.db, bank.actor, account.person_id or "", "迁出", "2026-11-20")
    with pytest.raises(AppError, match="已不在本社区"):
        opening.open_account(bank.db, bank.actor, "党员积分", person_id=account.person_id)
    actions.reverse(bank.db, bank.actor, entry.id, "写错了社区，凭证已收回")
    assert bank.line(account).balance == 60
    elsewhere.send(bank.db, bank.actor, account.id, "江北社区")
    assert (bank.line(account).balance, owed(bank)) == (0, {"分": 60})


def test_nothing_leaves_where_the_town_has_no_numbers_for_vouchers(bank, monkeypatch):
    monkeypatch.setattr(writing, "next_number", lambda *_: None)
    account = bank.account()
    bank.deposit(account)
    with pytest.raises(AppError, match="没有转出"):
        elsewhere.send(bank.db, bank.actor, account.id, "江北社区")
    assert bank.line(account).balance == 60


def test_a_voucher_of_another_community_is_taken_in_once_and_again_after_a_reversal(bank):
    account = bank.account()
    entry = elsewhere.take_in(bank.db, bank.actor, account.id, 60, *TAKEN)
    assert (entry.kind, bank.line(account).balance, owed(bank)) == ("转入", 60, {"分": -60})
    assert [one.earned for one in figures.year(bank.db, 2026)] == [0], "it was earned elsewhere"
    with pytest.raises(AppError, match="这张外社区凭证已于 2026-11-22 由张三存入"):
        elsewhere.take_in(bank.db, bank.actor, bank.account("李强").id, 60, "江北 社区", "积２０２６-０007 ")
    actions.reverse(bank.db, bank.actor, entry.id, "记错了人")
    elsewhere.take_in(bank.db, bank.actor, account.id, 60, *TAKEN)
    assert bank.line(account).balance == 60


def test_a_voucher_of_the_own_community_is_not_taken_in(bank):
    with pytest.raises(AppError) as refused:
        elsewhere.take_in(bank.db, bank.actor, bank.account().id, 60, "江山社区", "积2026-0007")
    assert refused.value.field == "source"


def test_a_name_too_long_for_the_passbook_is_told_at_the_field_it_was_typed_in(bank):
    account = bank.account()
    bank.deposit(account)
    for field, move in (
        ("to", lambda: elsewhere.send(bank.db, bank.actor, account.id, "很" * 60)),
        ("source", lambda: elsewhere.take_in(bank.db, bank.actor, account.id, 5, "很" * 60, "积2026-0007")),
    ):
        with pytest.raises(AppError, match=r"社区名称.*超过 60 个字") as told:
            move()
        assert told.value.field == field
