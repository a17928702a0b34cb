"""A resident who moves: the account stays and adds up, what was in it goes along by voucher and is taken in once."""

import pytest

from desktop_app.health import again
from desktop_app.points import actions, elsewhere, figures, opening, queries
from desktop_app.points.actions import Deposit
from desktop_app.points.queries import AccountFilter
from desktop_app.residents import moving
from desktop_app.sync import conflicts, erasing, units
from tests.sync.conftest import NEIGHBOUR
from tests.sync.desks import Desk
from tests.sync.test_erasing import everything_written
from tests.sync.test_points_apart import opened, settle

MEMBER = "党员积分"


def moved(ours: Desk, person_id: str) -> None:
    unit = units.community(ours.db, str(NEIGHBOUR).ljust(12, "0"), "江北社区")
    moving.move_out(ours.db, ours.app.actor, person_id, unit, "2026-11-22")


def lines(desk: Desk) -> list[tuple[str, int, str]]:
    assert figures.check(desk.db).sound
    every = queries.accounts(desk.db, AccountFilter(closed=True))
    return [(line.name, line.balance, line.gone) for line in every]


def owed(desk: Desk) -> int:
    found = queries.accounts(desk.db, AccountFilter(kind="社区"))
    return sum(line.balance for line in found if line.name.startswith("往来"))


@pytest.fixture
def brought(ours, theirs) -> tuple[str, elsewhere.Brought]:
    """Who moved from 江山 to 江北, with 60 points on a voucher."""
    account = opened(ours, "王芳")
    settle(ours, theirs)
    moved(ours, account.person_id or "")
    elsewhere.send(ours.db, ours.app.actor, account.id, "江北社区", close=True)
    settle(ours, theirs)
    (one,) = elsewhere.brought(theirs.db, account.person_id or "")
    return account.person_id or "", one


def take_in(desk: Desk, person_id: str, one: elsewhere.Brought) -> None:
    account = opening.open_account(desk.db, desk.app.actor, MEMBER, person_id=person_id)
    elsewhere.take_in(desk.db, desk.app.actor, account.id, one.amount, one.source, one.voucher_no)


def test_what_a_resident_had_is_in_the_new_account_and_both_ledgers_add_up(ours, theirs, brought):
    who, one = brought
    assert (one.kind, one.amount, one.unit, one.source) == (MEMBER, 60, "分", "江山社区")
    take_in(theirs, who, one)
    settle(ours, theirs)
    assert lines(ours) == [("王芳", 0, "已转到江北社区")]
    assert lines(theirs) == [("王芳", 60, "")]
    assert owed(ours) + owed(theirs) == 0
    assert elsewhere.brought(theirs.db, who) == []


def test_a_voucher_that_two_desks_take_in_while_apart_counts_once(make, ours, theirs, brought):
    who, one = brought
    other = make(NEIGHBOUR, "江北二号机")
    settle(other)
    for minutes, desk in enumerate((theirs, other), 1):
        desk.clock.move(minutes=minutes)
        take_in(desk, who, one)
    settle(theirs, other)
    for desk in (theirs, other):
        assert lines(desk) == [("王芳", 60, "")]
        assert [found.kind for found in conflicts.open_conflicts(desk.db)] == ["state"]


def test_what_another_desk_deposits_while_the_owner_moves_is_in_the_list_and_can_be_sent_after(make, ours, theirs):
    other = make(ours.state().scope, "江山二号机")
    account = opened(ours, "王芳")
    settle(ours, other)
    moved(ours, account.person_id or "")
    elsewhere.send(ours.db, ours.app.actor, account.id, "江北社区", close=True)
    told = Deposit("参加志愿服务", ref_type="service_order", ref_id="a" * 32)
    actions.deposit(other.db, other.app.actor, account.id, told)
    settle(ours, other, theirs)
    for desk in (ours, other):
        assert lines(desk) == [("王芳", 2, "已转到江北社区")]
        assert [case.words for case in again(desk.app, "points_moved").cases] == ["党员积分　王芳　结余 2 分"]
    entry = elsewhere.send(ours.db, ours.app.actor, account.id, "江北社区", close=True)
    settle(ours, other)
    assert (entry.amount, lines(other)) == (2, [("王芳", 0, "已转到江北社区")])


def test_whoever_moved_and_is_erased_there_leaves_what_was_taken_in_without_a_word(ours, theirs, brought):
    who, one = brought
    take_in(theirs, who, one)
    settle(ours, theirs)
    erasing.erase(theirs.db, theirs.app.actor, who, "本人书面申请")
    settle(ours, theirs)
    assert lines(theirs) == [("（已清除）", 60, "居民登记已不在")]
    assert owed(ours) + owed(theirs) == 0
    assert "王芳" not in everything_written(theirs.db)
    assert one.voucher_no not in everything_written(theirs.db)
