"""Two desks that gave or took the same points while apart: both agree afterwards, and a person is told once."""

import pytest

from desktop_app.points import actions, figures, opening, queries
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsAccount
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from desktop_app.residents.undoing import undo
from desktop_app.store.history import last_action
from desktop_app.sync import conflicts
from desktop_app.sync.conflicts import KEEP, Choice
from tests.sync.desks import Desk

MEMBER = "党员积分"


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def opened(desk: Desk, name: str, *, base: bool = True) -> PointsAccount:
    person = residents.register(desk.db, desk.app.actor, Person(name=name), None)
    account = opening.open_account(desk.db, desk.app.actor, MEMBER, person_id=person.id)
    if base:
        actions.deposit(desk.db, desk.app.actor, account.id, Deposit("基本分"))
    return account


def given(desk: Desk, account: str, ref_id: str) -> str:
    told = Deposit("参加志愿服务", ref_type="service_order", ref_id=ref_id)
    return actions.deposit(desk.db, desk.app.actor, account, told).id


def spent(desk: Desk, account: str, amount: int) -> str:
    return actions.spend(desk.db, desk.app.actor, account, amount, "洗衣液").id


def balance(desk: Desk, account: str) -> int:
    found = queries.account(desk.db, account)
    assert found is not None
    assert figures.check(desk.db).sound
    return found.balance


@pytest.fixture
def account(first: Desk, second: Desk) -> str:
    made = opened(first, "王芳").id
    settle(first, second)
    return made


def test_one_service_deposited_at_two_desks_counts_once_whoever_reaches_the_server_first(first, second, account):
    """The one written down first counts, though it arrives last; the other stands struck out, and a person is told."""
    first.clock.move(minutes=2)
    second.clock.move(minutes=1)
    late, early = given(first, account, "a" * 32), given(second, account, "a" * 32)
    assert balance(first, account) == balance(second, account) == 62
    settle(first, second)
    for desk in (first, second):
        assert balance(desk, account) == 62
        book = queries.passbook(desk.db, account)
        assert {line.id: bool(line.void) for line in book.lines if line.ref_id} == {late: True, early: False}
        assert book.closing == 62
        (clash,) = conflicts.open_conflicts(desk.db)
        assert (clash.kind, clash.record_id, clash.record_name) == ("state", late, "王芳 存入")


def test_one_entry_taken_back_at_two_desks_is_taken_back_once(first, second, account):
    entry = queries.passbook(first.db, account).lines[0].id
    for minutes, desk in enumerate((first, second), 1):
        desk.clock.move(minutes=minutes)
        actions.reverse(desk.db, desk.app.actor, entry, "记错了")
    settle(first, second)
    assert [balance(desk, account) for desk in (first, second)] == [0, 0]
    assert [[one.kind for one in conflicts.open_conflicts(desk.db)] for desk in (first, second)] == [["state"]] * 2


def test_points_spent_at_two_desks_that_were_not_there_together_both_stand_and_one_person_is_told(
    first, second, account
):
    first.clock.move(minutes=1)
    spent(first, account, 40)
    second.clock.move(minutes=2)
    late = spent(second, account, 50)
    settle(first, second)
    told = [conflicts.open_conflicts(desk.db) for desk in (first, second)]
    assert [balance(desk, account) for desk in (first, second)] == [-30, -30]
    assert {(one.id, one.kind, one.record_id) for ones in told for one in ones} == {(told[0][0].id, "overdraft", late)}
    assert (told[0][0].shown.value["amount"], told[0][0].other.value["amount"]) == (40, 50)
    assert "王芳 支出" in told[0][0].words
    conflicts.settle(first.db, first.app.actor, [Choice(told[0][0].id, KEEP)])
    settle(first, second)
    assert not any(conflicts.open_conflicts(desk.db) for desk in (first, second))


def test_an_account_that_is_made_good_needs_no_talk_any_more(first, second, account):
    spent(first, account, 40)
    spent(second, account, 22)
    settle(first, second)
    assert [len(conflicts.open_conflicts(desk.db)) for desk in (first, second)] == [1, 1]
    given(second, account, "b" * 32)
    assert len(conflicts.open_conflicts(second.db)) == 1, "only what every desk can know settles it"
    settle(first, second)
    assert [balance(desk, account) for desk in (first, second)] == [0, 0]
    assert not any(conflicts.open_conflicts(desk.db) for desk in (first, second))
    (closed,) = conflicts.settled_conflicts(first.db)
    assert (closed.status, closed.resolved_by) == ("kept", "")


def test_what_another_desk_deposits_and_spends_while_two_entries_of_a_resident_are_merged_is_in_the_one_account(
    first, second, account
):
    twin = opened(first, "王方")
    settle(first, second)
    owners = [first.db.scalar("SELECT person_id FROM points_account WHERE id=?", (one,)) for one in (account, twin.id)]
    merging.merge(first.db, first.app.actor, *owners)
    first.clock.move(minutes=1)
    spent(first, account, 100)
    second.clock.move(minutes=2)
    given(second, twin.id, "a" * 32)
    late = spent(second, account, 60)
    settle(first, second)
    for desk in (first, second):
        (line,) = queries.accounts(desk.db)
        assert (line.id, line.balance) == (min(account, twin.id), -38), "60 + 60 + 2 - 100 - 60"
        assert [balance(desk, one) for one in (account, twin.id)] == [-38, -38]
        (told,) = conflicts.open_conflicts(desk.db)
        assert (told.kind, told.record_id) == ("overdraft", late)
    given(second, account, "b" * 32)
    settle(first, second)
    assert [balance(desk, account) for desk in (first, second)] == [-36, -36]


def test_an_undo_of_a_merge_separates_the_accounts_at_every_desk_with_what_came_meanwhile(first, second, account):
    twin = opened(first, "王方", base=False)
    owners = [first.db.scalar("SELECT person_id FROM points_account WHERE id=?", (one,)) for one in (account, twin.id)]
    merging.merge(first.db, first.app.actor, *owners)
    action = last_action(first.db, first.app.actor)[0]
    settle(first, second)
    assert [balance(second, one) for one in (account, twin.id)] == [60, 60]
    spent(second, twin.id, 5)
    undo(first.db, first.app.actor, action)
    settle(first, second)
    went = min(account, twin.id)  # the account that stood for both
    for desk in (first, second):
        assert {line.id: line.balance for line in queries.accounts(desk.db)} == {
            one: (60 if one == account else 0) - (5 if one == went else 0) for one in (account, twin.id)
        }
        assert figures.check(desk.db).sound


def test_an_account_opened_at_two_desks_is_one_account(first, second):
    person = residents.register(first.db, first.app.actor, Person(name="李强"), None)
    settle(first, second)
    for desk, service in ((first, "c" * 32), (second, "d" * 32)):
        made = opening.open_account(desk.db, desk.app.actor, MEMBER, person_id=person.id)
        given(desk, made.id, service)
    settle(first, second)
    for desk in (first, second):
        (line,) = queries.accounts(desk.db)
        assert (line.name, line.balance) == ("李强", 4)
        assert not conflicts.open_conflicts(desk.db)
        assert figures.check(desk.db).sound


def test_an_account_that_one_desk_took_back_while_another_deposited_is_there(first, second, make_desk):
    person = residents.register(first.db, first.app.actor, Person(name="李强"), None)
    made = opening.open_account(first.db, first.app.actor, MEMBER, person_id=person.id)
    settle(first, second)
    undo(first.db, first.app.actor, last_action(first.db, first.app.actor)[0])
    assert queries.account(first.db, made.id) is None
    given(second, made.id, "e" * 32)
    settle(first, second)
    third = make_desk("三号机")
    settle(third)
    for desk in (first, second, third):
        assert balance(desk, made.id) == 2
        (line,) = queries.accounts(desk.db)
        assert (line.name, line.kind, line.unit, line.person_id) == ("李强", MEMBER, "分", person.id)


def test_an_account_that_one_desk_closed_while_another_deposited_is_in_the_list(first, second, account):
    spent(first, account, 60)
    settle(first, second)
    opening.close_account(first.db, first.app.actor, account)
    given(second, account, "f" * 32)
    settle(first, second)
    for desk in (first, second):
        (line,) = queries.accounts(desk.db)
        assert (line.balance, line.closed_on) == (2, "2026-11-22")
