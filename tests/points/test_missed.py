"""A balance that could not be worked out behind its entry is not wrong for long."""

from desktop_app import app as desk
from desktop_app.points import figures, queries, writing
from desktop_app.points.model import PointsEntry
from desktop_app.points.queries import AccountFilter
from desktop_app.points.rules import DEPOSIT, GIVING


def _received(app, account, amount: int) -> None:
    """An entry arrives whose balances nobody works out."""
    with app.db.transaction(app.actor, "收到流水") as tx:
        side = writing.community_account(tx, GIVING, "分")
        tx.add(
            PointsEntry(
                kind=DEPOSIT, from_account_id=side, to_account_id=account.id, amount=amount, at=1, on="2026-11-22",
                by_name="李四",
            )
        )  # fmt: skip


def test_what_a_killed_process_had_received_is_in_the_balance_when_the_store_is_opened(app, bank):
    account = bank.account()
    app.db.changed.clear()  # it is killed behind the commit
    _received(app, account, 7)
    assert queries.account(app.db, account.id).balance == 0
    app.close()
    with desk.open_app(app.home, clock=app.clock) as opened:
        assert queries.account(opened.db, account.id).balance == 7
        assert figures.check(opened.db).sound


def test_what_was_missed_of_the_communitys_own_account_is_in_it_when_something_is_added_to_it(app, bank):
    account = bank.account()
    bank.deposit(account)
    app.db.changed.clear()
    _received(app, account, 7)
    bank.deposit(bank.account("赵敏"))
    [side] = queries.accounts(app.db, AccountFilter(kind="社区"))
    assert side.balance == -(60 + 7 + 60)
