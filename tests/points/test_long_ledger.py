"""What is recorded costs as much whatever was recorded before: in steps of SQLite, which no load changes."""

from collections.abc import Callable

from desktop_app.points import actions, balances, figures, writing
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.points.rules import DEPOSIT, GIVING
from desktop_app.shared.ids import new_id

SHORT, LONG = 10, 2_000
STEPS = 50


def _fill(bank, accounts: list[PointsAccount], count: int) -> None:
    with bank.db.transaction(bank.actor, "以前的流水") as tx:
        side = writing.community_account(tx, GIVING, "分")
        told = {"kind": DEPOSIT, "from_account_id": side, "amount": 1, "on": "2025-11-22", "by_name": "李四"}
        tx.insert(PointsEntry, [{"id": new_id(), **told, "to_account_id": accounts[at % len(accounts)].id, "at": at}
                                for at in range(count)])  # fmt: skip


def _steps(bank, deed: Callable[[], object]) -> int:
    """How many steps the writing connection takes for something, as far as they are counted."""
    counted = []
    with bank.db.applying() as tx:
        raw = tx.session.connection().connection.dbapi_connection
    raw.set_progress_handler(lambda: counted.append(STEPS), STEPS)
    try:
        deed()
    finally:
        raw.set_progress_handler(None, STEPS)
    return sum(counted)


def test_a_deposit_and_what_follows_cost_the_same_however_long_the_ledger_of_the_community_is(bank):
    mine, others = bank.account("王芳"), [bank.account(f"居民{at}") for at in range(5)]
    paid: list[PointsEntry] = []
    deeds: dict[str, Callable[[], object]] = {
        "deposit": lambda: paid.append(bank.deposit(mine, "主题党日")),
        "spend": lambda: bank.spend(mine, 1),
        "reverse": lambda: actions.reverse(bank.db, bank.actor, paid.pop().id, "记错了"),
        "number": lambda: _number(bank, mine),
    }
    cost = []
    for count in (SHORT, LONG):
        _fill(bank, others, count)
        cost.append({name: _steps(bank, deed) for name, deed in deeds.items()})
    assert all(cost[1][name] < 1.5 * cost[0][name] for name in deeds), cost
    assert figures.check(bank.db).sound


def _number(bank, account: PointsAccount) -> None:
    """The server gives an entry its number."""
    with bank.db.applying() as tx:
        tx.execute("UPDATE points_entry SET sync_seq=sync_seq+1 WHERE to_account_id=?", (account.id,))
    balances.catch_up(bank.db)
