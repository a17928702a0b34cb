"""What of the entries counts is the same whatever arrives when; balances are those of the entries, and 0 together."""

import random
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.points import balances, figures, folding, writing
from desktop_app.points.facts import PointsFact
from desktop_app.points.model import PointsEntry
from desktop_app.points.rules import DEPOSIT, GIVING, REVERSAL, SPENT, left_of_caps, spoken
from desktop_app.store import states
from tests.points.test_rules import rule


@dataclass
class Told:
    """An entry in few words."""

    at: int
    account: str = "甲"
    amount: int = 10
    service: str = ""
    back: str = ""
    out: bool = False

    def fact(self, key: str) -> PointsFact:
        kind = REVERSAL if self.back else SPENT if self.out else DEPOSIT
        sides = (self.account, "社区") if self.out or self.back else ("社区", self.account)
        table = "service_order" if self.service else None
        return PointsFact(
            key, kind, *sides, self.amount, self.at, "2026-11-22", "张三", table, self.service or None,
            self.back or None, 1, 0,
        )  # fmt: skip


def facts(*told: Told) -> list[PointsFact]:
    return [one.fact(f"{at:032}") for at, one in enumerate(told, 1)]


def void(*told: Told) -> dict[int, str]:
    return {int(one.event_id): one.why for one in folding.void(facts(*told))}


def key(at: int) -> str:
    return f"{at:032}"


def test_of_two_deposits_for_one_service_the_first_written_counts_whoever_has_the_account():
    assert void(Told(20, "甲", service="单"), Told(10, "乙", service="单")) == {1: folding.TWICE}
    assert void(Told(10, service="单"), Told(10, service="单")) == {2: folding.TWICE}, "同一毫秒按编号"
    assert not void(Told(10, service="单"), Told(10, service="另一单"), Told(11))


def test_what_was_taken_back_sets_its_service_free_and_what_came_too_early_stays_void():
    one, back, early, late = (
        Told(10, service="单"), Told(30, service="单", back=key(1)), Told(20, service="单"), Told(40, service="单"),
    )  # fmt: skip
    assert void(one, back, early, late) == {3: folding.TWICE}


def test_an_entry_is_taken_back_once_and_what_counts_for_nothing_not_at_all():
    assert void(Told(10), Told(20, back=key(1)), Told(15, back=key(1))) == {2: folding.BACK_TWICE}
    wrong = (Told(10, service="单"), Told(20, service="单"), Told(30, service="单", back=key(2)))
    assert void(*wrong) == {2: folding.TWICE, 3: folding.OF_NOTHING}


def test_a_reversal_never_stands_before_what_it_takes_back_though_its_clock_was_slow():
    assert not void(Told(100, service="单"), Told(5, service="单", back=key(1)), Told(101, service="单"))


def test_the_entry_that_takes_an_account_below_zero_is_named_and_what_went_before_it():
    told = facts(Told(1, amount=50), Told(2, amount=40, out=True), Told(3, amount=30, out=True), Told(4, out=True))
    below, before = folding.first_below({"甲"}, told)
    assert (below.id, before.id) == (key(3), key(2))
    good = [*told, Told(5, amount=30).fact(key(9))]
    assert folding.first_below({"甲"}, good) == (None, None)
    again = [*good, Told(6, amount=5, out=True).fact(key(10))]
    assert folding.first_below({"甲"}, again)[0].id == key(10), "补齐以后再透支是新的一次"


_ENTRY = st.builds(
    Told,
    at=st.integers(1, 6),
    account=st.sampled_from("甲乙丙"),
    amount=st.integers(1, 9),
    service=st.sampled_from(("", "", "单一", "单二")),
    back=st.sampled_from(("", "", key(1), key(2), key(3))),
    out=st.booleans(),
)


@given(st.lists(_ENTRY, max_size=12), st.randoms(use_true_random=False))
def test_what_counts_does_not_depend_on_when_it_arrives_nor_how_often(told: list[Told], order: random.Random):
    entries = facts(*told)
    shuffled = [*entries, *entries[:3]]
    order.shuffle(shuffled)
    first = {one.event_id: one for one in folding.void(entries)}
    assert {one.event_id: one for one in folding.void(shuffled)} == first
    for account in "甲乙丙":
        mine = [one for one in entries if account in (one.from_account_id, one.to_account_id)]
        order.shuffle(mine)
        balance = sum(one.amount if one.to_account_id == account else -one.amount for one in mine)
        assert (folding.first_below(account, mine)[0] is not None) == (balance < 0)


@given(st.lists(_ENTRY, max_size=12))
def test_a_service_never_counts_twice_at_a_time(told: list[Told]):
    nothing = {one.event_id for one in folding.void(facts(*told))}
    for service in ("单一", "单二"):
        counting = [one for one in facts(*told) if one.ref_id == service and one.id not in nothing]
        given_for = [one for one in counting if one.kind != REVERSAL]
        back = {one.reverses for one in counting if one.kind == REVERSAL}
        assert len([one for one in given_for if one.id not in back]) <= 1


def test_balances_worked_out_in_portions_are_those_worked_out_at_once(bank, monkeypatch):
    """The community's own account may be folded before an entry in another portion turns out to count for nothing."""
    accounts = [bank.account(name) for name in ("王芳", "李强", "赵六", "孙八")]
    monkeypatch.setattr(states, "PORTION", 2)
    with bank.db.transaction(bank.actor, "同一张服务单在四台电脑上存入") as tx:
        side = writing.community_account(tx, GIVING, "分")
        for at, account in enumerate(accounts):
            tx.add(
                PointsEntry(
                    kind=DEPOSIT, from_account_id=side, to_account_id=account.id, amount=2, at=at, on="2026-11-22",
                    by_name="张三", ref_type="service_order", ref_id="a" * 32,
                )
            )  # fmt: skip
        balances.renew(tx, [side])
    balances.catch_up(bank.db)
    found = figures.check(bank.db)
    assert (found.sound, found.void) == (True, 3)
    total = bank.db.scalar("SELECT min(balance) FROM points_account_state")
    assert total == -2, "发放只付出了一次"


def test_caps_and_amounts_in_words():
    assert [left_of_caps(rule(cap_year=12), *had) for had in ((0, 0), (0, 9), (0, 12), (0, 15))] == [12, 3, 0, 0]
    assert left_of_caps(rule(cap_month=5, cap_year=12), 4, 4) == 1
    assert left_of_caps(rule(), 100, 1000) > 1000
    assert [spoken(*one) for one in ((30, "分"), (-3, "分"), (45, "分钟"), (120, "分钟"), (125, "分钟"))] == [
        "30 分", "−3 分", "45 分钟", "2 小时（120 分钟）", "2 小时 5 分钟（125 分钟）",
    ]  # fmt: skip


def test_what_was_in_the_way_is_taken_out_and_the_other_counts(bank):
    """As when the account of somebody else, who was given it first by mistake, is erased."""
    one, other = bank.account("王芳"), bank.account("李强")
    with bank.db.transaction(bank.actor, "同一张服务单存进两个账户") as tx:
        side = writing.community_account(tx, GIVING, "分")
        first, _ = (
            tx.add(
                PointsEntry(
                    kind=DEPOSIT, from_account_id=side, to_account_id=account.id, amount=2, at=at, on="2026-11-22",
                    by_name="张三", ref_type="service_order", ref_id="a" * 32,
                )
            )
            for at, account in enumerate((one, other))
        )  # fmt: skip
    assert [bank.line(account).balance for account in (one, other)] == [2, 0]
    with bank.db.transaction(bank.actor, "清除") as tx:
        tx.execute("UPDATE points_entry SET sync_del=1 WHERE id=?", (first.id,))
    assert [bank.line(account).balance for account in (one, other)] == [0, 2]
