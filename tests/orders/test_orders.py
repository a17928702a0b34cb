"""What one may do with orders, through the same doors as the window and the command line."""

import sqlite3

import pytest

from desktop_app.orders import actions, forgetting, people, queries, rules
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, OrderEvent
from desktop_app.orders.queries import OrderFilter
from desktop_app.residents import actions as residents
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action, undo
from desktop_app.sync import erasing
from tests.orders.conftest import TODAY


def served(act, order, helper, minutes=60):
    act(order, "派单", helper_id=helper.id)
    act(order, "接单", helper_id=helper.id)
    return act(order, "完成", minutes=minutes)


def test_an_order_goes_its_way_from_the_asking_to_the_evaluation(db, street, place, act) -> None:
    asked = street.person("王桂英", "1", "101", phones="13900000001")
    helper = street.helper("李四")
    order = place(person_id=asked.id, want_on="2026-11-23", from_time="14:00", to_time="16:00")
    assert (order.no, order.requester_name, order.building_id) == ("2026-0001", "王桂英", street.buildings["1"].id)
    served(act, order, helper)
    state = act(order, "评单", satisfaction="满意", by_name="王桂英")
    assert (state.phase, state.minutes) == (rules.RATED, 60)
    line = queries.orders(db)[0]
    assert (line.phase, line.helper, line.colour, line.want) == ("已评", "李四", "红·关爱老人", "11-23 14:00-16:00")
    assert line.phone == "139****0001"
    found = queries.detail(db, order.id)
    assert [one.kind for one in found.events] == ["点单", "派单", "接单", "完成", "评单"]
    assert found.events[-2].result == "60 分钟"
    assert queries.tally(db).satisfaction == 100.0


def test_an_order_of_the_organisation_goes_out_at_once_and_whoever_is_there_takes_it(db, street, place, act) -> None:
    order = place("清理楼道", colour="黄", variant=rules.GIVEN_OUT)
    assert queries.orders(db)[0].helper == "公开派单"
    assert [one.kind for one in queries.detail(db, order.id).events] == ["派单"]
    assert act(order, "接单", helper_id=street.helper("赵六", colours="3").id).phase == rules.TAKEN


def test_who_has_seen_an_older_state_is_refused_and_nothing_is_written(db, actor, street, place, act) -> None:
    order, helper = place(), street.helper("李四")
    seen = queries.detail(db, order.id).state.last_id
    act(order, "派单", helper_id=helper.id)
    with pytest.raises(AppError, match="已派"):
        actions.act(db, actor, order.id, Deed("派单", helper.id, expects=seen))
    act(order, "退单", text="有事")
    with pytest.raises(AppError, match="刚由别人办了一步"):
        actions.act(db, actor, order.id, Deed("派单", helper.id, expects=seen))
    assert len(queries.detail(db, order.id).events) == 3


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("评单", {"satisfaction": "满意"}, "kind"),
        ("完成", {"minutes": 30}, "kind"),
        ("退单", {"text": " "}, "text"),
        ("接单", {}, "helper_id"),
        ("验收", {}, "kind"),
        ("备注", {"text": "x", "on": "2026-12-01"}, "on"),
        ("备注", {"text": "x", "on": "2026-01-01"}, "on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(street, place, act, kind, more, field) -> None:
    order = place(helper_id=street.helper("李四").id)
    with pytest.raises(AppError) as refused:
        act(order, kind, **more)
    assert refused.value.field == field
    assert refused.value.next_step


@pytest.mark.parametrize("more", [{}, {"satisfaction": "满意", "why_none": "联系不上"}, {"satisfaction": "很好"}])
def test_an_evaluation_is_a_word_of_the_three_or_a_reason_why_there_is_none(street, place, act, more) -> None:
    order, helper = place(), street.helper("李四")
    served(act, order, helper)
    with pytest.raises(AppError):
        act(order, "评单", **more)
    assert act(order, "评单", why_none="联系不上").phase == rules.RATED


@pytest.mark.parametrize("minutes", [0, -10, 1441])
def test_minutes_are_those_of_a_day(street, place, act, minutes) -> None:
    order, helper = place(), street.helper("李四")
    act(order, "派单", helper_id=helper.id)
    act(order, "接单", helper_id=helper.id)
    with pytest.raises(AppError, match="服务分钟"):
        act(order, "完成", minutes=minutes)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"colour": "8"}, "colour"),
        ({"variant": "随便"}, "variant"),
        ({"received_on": "2026-11-23"}, "received_on"),
        ({"want_on": "2026-11-01"}, "want_on"),
        ({"from_time": "14:00"}, "want_on"),
        ({"want_on": "2026-11-23", "from_time": "25:00"}, "from_time"),
        ({"want_on": "2026-11-23", "from_time": "15:00", "to_time": "14:00"}, "to_time"),
        ({"requester_phone": "12"}, "requester_phone"),
    ],
)
def test_no_order_is_placed_with_what_no_order_can_have(db, place, fields, field) -> None:
    with pytest.raises(AppError) as refused:
        place(**fields)
    assert refused.value.field == field
    assert queries.count(db) == 0


def test_a_retired_colour_is_refused_for_what_is_new_and_stays_on_what_has_it(db, actor, home, street, place) -> None:
    order, helper = place(colour="7"), street.helper("李四", colours="1 7")
    from desktop_app.profiles import queries as profiles
    from desktop_app.shared.resources import resource

    own = home / "profiles" / "codes"
    own.mkdir(parents=True)
    text = resource("codes", "seven_colours.toml").read_text("utf-8")
    retired = text.replace('token = "purple"}', 'token = "purple", valid_to = 2026-01-01}')
    (own / "seven_colours.toml").write_text(retired, "utf-8")
    profiles.codes.cache_clear()
    with pytest.raises(AppError, match="已停用"):
        place(colour="7")
    with pytest.raises(AppError, match="已停用"):
        street.helper("王五", colours="7")
    assert actions.change(db, actor, order.id, colour="7", title="改了").title == "改了"
    assert people.change_helper(db, actor, helper.id, colours="1 7").colours == "1 7"
    assert queries.orders(db)[0].colour == "紫·妇女维权", "the word is still there to read"


def test_a_helper_who_moved_out_is_asked_no_more_and_what_they_hold_says_so(db, actor, street, place, act) -> None:
    person = street.person("李四", "1", "101", phones="13900000002")
    helper = people.add_helper(db, actor, Helper(name="", person_id=person.id, colours="1"))
    assert (helper.name, helper.phone, helper.building_id) == ("李四", "13900000002", street.buildings["1"].id)
    order, other = place(helper_id=helper.id), place("送药")
    residents.leave(db, actor, person.id, "迁出", TODAY)
    with pytest.raises(AppError, match="迁出"):
        act(other, "派单", helper_id=helper.id)
    assert "迁出" in queries.detail(db, order.id).notes[0]
    assert act(order, "退单", text="已搬走").phase == rules.WAITING


def test_a_helper_with_orders_in_hand_does_not_leave_and_one_who_left_gets_none(db, actor, street, place, act) -> None:
    helper = street.helper("李四")
    order = place(helper_id=helper.id)
    with pytest.raises(AppError, match="手上还有 1 单"):
        people.end_helper(db, actor, helper.id)
    act(order, "退单", text="有事")
    people.end_helper(db, actor, helper.id)
    with pytest.raises(AppError, match="退出"):
        act(order, "派单", helper_id=helper.id)


def test_who_asked_is_forgotten_on_request_and_the_order_stays_in_the_figures(db, actor, street, place, act) -> None:
    person = street.person("王桂英", "1", "101", phones="13900000001")
    people.add_helper(db, actor, Helper(name="", person_id=person.id, colours="1"))
    order = place(person_id=person.id)
    served(act, order, street.helper("李四"))
    act(order, "评单", satisfaction="满意", text="王奶奶说很好", by_name="王桂英")
    erasing.erase(db, actor, person.id, "本人书面申请")
    line = queries.orders(db)[0]
    assert (line.id, line.requester, line.phone) == (order.id, "", "")
    assert (line.phase, line.helper, line.minutes, line.satisfaction) == ("已评", "李四", 60, "满意")
    assert [one.by_name for one in queries.detail(db, order.id).events][-1] == "本人"
    assert db.scalar("SELECT count(*) FROM helper WHERE name='王桂英'") == 0
    assert db.scalar("SELECT count(*) FROM order_event WHERE text LIKE '%王奶奶%' OR by_name='王桂英'") == 0


def test_what_another_desk_told_without_words_before_is_not_told_twice(db, actor, street, place, act) -> None:
    """Its new events came with one page, and the erasure of those with words comes with the next."""
    person = street.person("王桂英", "1", "101")
    order = place(person_id=person.id)
    served(act, order, street.helper("李四"))
    act(order, "评单", satisfaction="满意", text="王奶奶说很好", by_name="王桂英")
    kinds = [one.kind for one in queries.detail(db, order.id).events]
    with db.transaction(actor, "清除") as tx:
        forgetting.tell_again(tx, [order.id], ["王桂英"])
    erasing.erase(db, actor, person.id, "本人书面申请")
    assert [one.kind for one in queries.detail(db, order.id).events] == kinds
    assert db.scalar("SELECT count(*) FROM order_event WHERE text LIKE '%王奶奶%' OR by_name='王桂英'") == 0


def test_taking_a_step_back_leaves_the_order_as_it_was(db, actor, street, place, act) -> None:
    order = place()
    act(order, "派单", helper_id=street.helper("李四").id)
    undo(db, actor, last_action(db, actor)[0])
    assert queries.orders(db)[0].helper in ("", "李四")
    assert queries.detail(db, order.id).state.phase == queries.orders(db)[0].phase


def test_orders_nobody_took_are_told_after_the_days_of_the_rules_the_longest_waiting_first(
    db, clock, place, street, act
) -> None:
    first = place("第一单")
    clock.move(days=1)
    place("第二单")
    clock.move(days=1)
    assert [one.title for one in queries.nobody_took(db)] == ["第一单"]
    clock.move(days=1)
    assert [(one.title, one.waited) for one in queries.nobody_took(db)] == [("第一单", 3), ("第二单", 2)]
    helper = street.helper("李四")
    act(first, "派单", helper_id=helper.id)
    act(first, "接单", helper_id=helper.id)
    assert [one.title for one in queries.nobody_took(db)] == ["第二单"]


def test_lists_narrow_by_what_one_asks(db, street, place, act) -> None:
    helper = street.helper("李四", colours="1 3")
    place("换灯泡", colour="3", place="1栋门厅")
    order = place("陪诊", helper_id=helper.id)
    act(order, "取消", text="自己去了")
    assert [one.title for one in queries.orders(db, OrderFilter(phase="在办"))] == ["换灯泡"]
    assert [one.title for one in queries.orders(db, OrderFilter(colour="黄"))] == ["换灯泡"]
    assert [one.title for one in queries.orders(db, OrderFilter(text="门厅"))] == ["换灯泡"]
    assert queries.count(db, OrderFilter(phase="取消")) == 1
    supply = {colour: (asked, there) for colour, asked, there in queries.tally(db).by_colour}
    assert supply["黄·民生事务"] == (1, 1)
    assert supply["紫·妇女维权"] == (0, 0)


def test_events_are_written_once(db, actor, place) -> None:
    place()
    with pytest.raises((AppError, sqlite3.DatabaseError)), db.transaction(actor, "改写") as tx:
        tx.change(OrderEvent, db.scalar("SELECT id FROM order_event"), text="改写")
