"""Points over the exchange: when an overdraft is known and by whom, what is settled, and what comes twice.

What two desks make of each other's entries stands in `test_points_apart`.
"""

import pytest

from desktop_app.points import actions, figures, opening
from desktop_app.points.actions import Deposit
from desktop_app.points.queries import passbook
from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts
from desktop_app.sync.status import status
from tests.sync.desks import Desk, lost


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


@pytest.fixture
def account(first, second) -> str:
    """Sixty minutes of somebody, known at both desks."""
    person = first.add("王小明")
    made = opening.open_account(first.db, first.app.actor, "志愿时间", person_id=person).id
    told = Deposit("t01", 60, attest1="李四", attest2="王五")
    actions.deposit(first.db, first.app.actor, made, told)
    settle(first, second)
    return made


def spend(desk: Desk, account: str, minutes: int) -> str:
    return actions.spend(desk.db, desk.app.actor, account, minutes, "理发").id


def balance(desk: Desk, account: str) -> int:
    assert figures.check(desk.db).sound
    return passbook(desk.db, account).closing


def told(desk: Desk) -> list[tuple[str, str]]:
    """The open conflicts: kind, and the entry."""
    return [(one.kind, one.record_id) for one in conflicts.open_conflicts(desk.db)]


def overspent(first: Desk, second: Desk, account: str) -> str:
    """Both spend the last of it; the entry that took more than there was."""
    spend(first, account, 60)
    second.clock.move(minutes=1)
    return spend(second, account, 60)


def test_an_overdraft_that_was_settled_at_one_desk_is_settled_at_all(first, second, account):
    overspent(first, second, account)
    settle(first, second)
    (one,) = conflicts.open_conflicts(second.db)
    conflicts.keep(second.db, second.app.actor, one.id)
    settle(second, first)
    assert told(first) == told(second) == []
    assert balance(first, account) == balance(second, account) == -60, "what was settled is the talk, not the balance"


def test_an_account_taken_back_and_opened_again_is_whole(first, second):
    """Of one that was blanked nothing is left but its identifier: what stands up again brings all of it."""
    person = first.add("王小明")
    made = opening.open_account(first.db, first.app.actor, "志愿时间", person_id=person)
    with first.db.applying() as tx:
        tx.execute("UPDATE points_account SET kind='',unit='',person_id=NULL,sync_del=3 WHERE id=?", (made.id,))
    opening.open_account(first.db, first.app.actor, "志愿时间", person_id=person)
    settle(first, second)
    row = second.db.row("SELECT kind,name,unit,person_id FROM points_account WHERE id=?", (made.id,))
    assert row == ("志愿时间", "王小明", "分钟", person)


def test_a_desk_whose_own_entry_came_last_knows_of_the_overdraft_without_another_sync(first, second, account):
    """The number of its own entry is the news: nothing comes from the others with it."""
    spend(first, account, 60)
    first.sync()
    later = spend_without_hearing(second, account)
    second.sync()
    assert told(second) == [("overdraft", later)]


def spend_without_hearing(desk: Desk, account: str) -> str:
    """It is written while the exchange is under way: the page that comes knows nothing of its number."""
    made: list[str] = []

    def at_once(_path: str, _body: bytes) -> None:
        if not made:
            made.append(spend(desk, account, 60))

    desk.line.before = at_once
    desk.sync()
    desk.line.heal()
    return made[0]


def test_what_counts_no_more_is_out_of_its_account_although_the_other_entry_stands_in_another(first, second, account):
    """Two people were given the same service: whoever was written down first has it, though that came last."""
    person = first.add("李小红")
    other = opening.open_account(first.db, first.app.actor, "志愿时间", person_id=person).id
    settle(first, second)
    first.clock.move(minutes=5)
    for desk, whose in ((second, other), (first, account)):
        told = Deposit("t01", 30, attest1="赵六", attest2="王五", ref_type="service_order", ref_id="a" * 32)
        actions.deposit(desk.db, desk.app.actor, whose, told)
    settle(first)
    settle(second, first)
    for desk in (first, second):
        assert (balance(desk, account), balance(desk, other)) == (60, 30)


def test_what_is_not_there_is_refused_at_the_desk_that_knows(first, second, account):
    spend(first, account, 60)
    settle(first, second)
    with pytest.raises(AppError, match="不够"):
        spend(second, account, 1)
    assert status(second.db).waiting == 0


def test_entries_whose_answer_was_lost_count_once(first, second, account):
    spend(first, account, 10)
    first.line.after = lost
    with pytest.raises(AppError):
        first.sync()
    first.line.heal()
    settle(first, second)
    assert balance(first, account) == balance(second, account) == 50
