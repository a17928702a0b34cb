"""The rule book: what a rule gives, what it says of itself, and that what was shipped can be read."""

from typing import Any

import pytest

from desktop_app.points import book
from desktop_app.points.rules import OWNED, PER, UNIT, PointsRule
from desktop_app.practice import actions as practice
from desktop_app.practice import queries as shipped
from desktop_app.shared.errors import AppError


def rule(**told: Any) -> PointsRule:
    usual = {
        "code": "x", "name": "例", "of": "党员积分", "points": 2, "per": "次", "cap_month": 0, "cap_year": 0,
        "reviewers": 0, "veto": False, "group": "", "version": 1,
    }  # fmt: skip
    return PointsRule(**(usual | told))


@pytest.mark.parametrize(
    ("told", "amount", "gives", "words"),
    [
        ({}, None, 2, "例：每次 2 分（第 1 版）"),
        ({}, 3, 6, "例：每次 2 分（第 1 版）"),
        ({"points": -3}, None, -3, "例：每次 -3 分（第 1 版）"),
        ({"per": "分钟", "points": 1, "of": "志愿时间"}, 90, 90, "例：每分钟 1 分钟（第 1 版）"),
        ({"per": "实数", "cap_month": 10}, 7, 7, "例：按实数，每月最多 10 分（第 1 版）"),
        ({"per": "实数", "points": -1}, 5, -5, "例：按实数（第 1 版）"),
        ({"veto": True, "points": 0}, None, 0, "例：本年归零（第 1 版）"),
    ],
)
def test_what_a_rule_gives_and_how_an_entry_remembers_it(told, amount, gives, words):
    assert (rule(**told).amount(amount), rule(**told).words) == (gives, words)


def test_every_rule_that_is_shipped_belongs_to_an_account_and_says_how_it_is_counted(db):
    every = book.rules_on(db)
    assert {one.of for one in every} == set(OWNED)
    assert all(one.per in PER and one.of in UNIT and (one.points or one.veto) for one in every)
    assert all(one.reviewers == 2 for one in every if one.of == "志愿时间"), "东亭：没有两名审核人不存入"


def test_a_community_changes_a_rule_from_a_day_on_and_earlier_days_keep_theirs(bank, clock):
    account = bank.account()
    text = shipped.text_of(bank.db, "codes/points_rules", "2026-11-22")
    anew = text.replace("version = 1", "version = 2").replace("points = 3, per", "points = 5, per")
    practice.adopt(bank.db, bank.actor, "codes/points_rules", anew, from_on="2026-12-01", why="居民代表会议")
    clock.move(days=12)
    before, after = (bank.deposit(account, "三会一课", on=on) for on in ("2026-11-30", "2026-12-02"))
    assert (before.amount, after.amount) == (3, 5)
    assert "（第 2 版）" in (after.rule_words or "")


@pytest.mark.parametrize(
    ("before", "after"),
    [('of = "家庭积分"', 'of = "存款"'), ("points = 3, per", 'points = "三", per'), ('per = "分钟"', 'per = "小时"')],
)
def test_a_rule_nobody_could_count_by_is_not_adopted(bank, before, after):
    text = shipped.text_of(bank.db, "codes/points_rules", "2026-11-22").replace(before, after)
    with pytest.raises(AppError) as caught:
        practice.adopt(bank.db, bank.actor, "codes/points_rules", text, from_on="2026-12-01", why="试")
    assert caught.value.field == "content"
