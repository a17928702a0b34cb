"""Small wishes: collected without names on the wall, claimed once, fulfilled with proof, thanked for."""

import pytest

from desktop_app.orders import wish_lists, wish_rules, wishes
from desktop_app.orders.wishes import WishDeed
from desktop_app.shared.errors import AppError
from desktop_app.sync import erasing


@pytest.fixture
def wish(db, actor):
    def made(text="想要一床棉被", **fields):
        told = {"alias": "独居王奶奶", "cost_cap_fen": 20000, "kind": "生活物品", **fields}
        return wishes.collect(db, actor, wishes.blank(db, text=text, **told))

    return made


@pytest.fixture
def act(db, actor):
    return lambda wish, kind, **more: wishes.act_on_wish(db, actor, wish.id, WishDeed(kind, **more))


def test_a_wish_goes_its_way_and_the_list_shows_what_is_missing(db, wish, act) -> None:
    one = wish()
    assert (one.no, one.expires_on) == ("X2026-001", "2027-01-21")
    assert [line.text for line in wish_lists.wishes_open(db)] == ["想要一床棉被"]
    act(one, "认领", taker="李四", taker_phone="13900000002")
    assert wish_lists.wishes(db)[0].taker_phone == "139****0002"
    assert wish_lists.wishes_open(db) == []
    act(one, "实现", text="已送到家", cost_fen=26000)
    line = wish_lists.wishes(db)[0]
    assert line.remark == "缺凭证、超出费用上限"
    assert act(one, "答谢", text="谢谢你们").phase == wish_rules.THANKED
    found = wish_lists.wish_detail(db, one.id)
    assert [each.kind for each in found.events] == ["登记", "认领", "实现", "答谢"]
    assert found.allowed == ("备注",)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"cost_cap_fen": -1}, "cost_cap_fen"),
        ({"cost_cap_fen": 100_000}, "cost_cap_fen"),
        ({"text": " "}, "text"),
        ({"alias": ""}, "alias"),
        ({"kind": "房子"}, "kind"),
        ({"name": "王桂英", "text": "王桂英想要一床棉被"}, "text"),
        ({"name": "王桂英", "alias": "王桂英奶奶"}, "alias"),
        ({"expires_on": "2026-01-01"}, "expires_on"),
        ({"received_on": "2026-12-01"}, "received_on"),
    ],
)
def test_no_wish_is_taken_in_that_costs_less_than_nothing_or_names_the_wisher(db, wish, fields, field) -> None:
    with pytest.raises(AppError) as refused:
        wish(**fields)
    assert refused.value.field == field
    assert wish_lists.wishes(db) == []


def test_a_wish_that_is_claimed_is_not_claimed_again_and_what_was_never_claimed_is_not_fulfilled(wish, act) -> None:
    one = wish()
    with pytest.raises(AppError, match="待认领，不能实现"):
        act(one, "实现", text="送到了")
    act(one, "认领", taker="李四")
    with pytest.raises(AppError, match="已认领，不能认领"):
        act(one, "认领", taker="王五")
    with pytest.raises(AppError, match="负数"):
        act(one, "实现", text="送到了", cost_fen=-5)
    assert act(one, "退回", text="出差").phase == wish_rules.OPEN


def test_a_wish_that_has_expired_is_claimed_only_after_it_was_put_off(db, clock, wish, act) -> None:
    one = wish(expires_on="2026-11-30")
    clock.move(days=10)
    assert wish_lists.wishes(db)[0].phase == wish_rules.EXPIRED
    with pytest.raises(AppError, match="到期"):
        act(one, "认领", taker="李四")
    with pytest.raises(AppError, match="今天之后"):
        act(one, "延期", until="2026-11-30")
    act(one, "延期", until="2026-12-31")
    assert act(one, "认领", taker="李四").phase == wish_rules.CLAIMED


def test_a_wish_is_the_wishers_own_and_goes_when_they_ask_for_it(db, actor, street, wish, act) -> None:
    person = street.person("王桂英", "1", "101")
    one = wish(person_id=person.id)
    assert one.name == "王桂英"
    act(one, "认领", taker="李四", text="给王奶奶送被子")
    erasing.erase(db, actor, person.id, "本人书面申请")
    assert db.scalar("SELECT count(*) FROM wish_event WHERE text LIKE '%王奶奶%'") == 0, "its line goes with it"
    assert wish_lists.wishes(db) == []
    assert db.scalar("SELECT count(*) FROM wish WHERE text LIKE '%棉被%'") == 0
