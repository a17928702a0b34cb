"""Long lists: a vector in the order wanted, lines a page at a time, rooms with something under way."""

import pytest

from desktop_app.appeals import actions, lists
from desktop_app.appeals.queries import AppealFilter
from desktop_app.appeals.sheet import HEADERS, write_ledger
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate
from desktop_app.places.rules import BuildingPlan
from desktop_app.spreadsheets.workbook import read


@pytest.fixture
def three(take, act):
    """An old one that is overdue, one that is closed, one of today."""
    old = take("老的", received_on="2026-10-01", klass="电梯")
    done = take("办完的", received_on="2026-10-15", klass="停车")
    act(done, "办结", outcome="已回应解决", text="好了")
    act(done, "评价", satisfaction="满意")
    return old, done, take("新的", urgency="急")


def titles(db, which=None, order="received", **how):
    wanted = lists.numbers(db, which or AppealFilter(), order, **how)
    return [line.title for line in lists.lines_of(db, wanted)]


def test_the_latest_stand_first_unless_it_is_asked_otherwise(db, three):
    assert titles(db) == ["新的", "办完的", "老的"]
    assert titles(db, ascending=True) == ["老的", "办完的", "新的"]


@pytest.mark.parametrize("order", sorted(lists.ORDERS))
def test_every_order_keeps_every_appeal_both_ways(db, three, order):
    for ascending in (True, False):
        assert sorted(titles(db, order=order, ascending=ascending)) == sorted(["新的", "办完的", "老的"])


@pytest.mark.parametrize("ascending", [True, False])
def test_what_is_not_due_stands_last_whichever_way_it_is_sorted(db, three, ascending):
    assert titles(db, order="due", ascending=ascending)[-1] == "办完的"


def test_a_filter_leaves_out_and_the_most_overdue_can_come_first(db, three):
    assert titles(db, AppealFilter(due="逾期"), "due", ascending=True) == ["老的"]
    assert titles(db, AppealFilter(phase="在办", klass="电梯")) == ["老的"]
    assert titles(db, AppealFilter(text="办完")) == ["办完的"]


def test_an_appeal_that_is_gone_meanwhile_leaves_a_gap_in_its_page(db, actor, three):
    wanted = lists.numbers(db, AppealFilter(text="新的"))
    assert lists.ids_of(db, wanted) == [three[2].id]
    actions.cancel(db, actor, three[2].id, "登记重复")
    assert lists.lines_of(db, wanted) == [None]
    assert lists.ids_of(db, wanted) == []


def test_rooms_with_an_open_appeal_are_known_and_whether_one_is_late(db, actor, take, act):
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    plan = BuildingPlan(units=1, floors=2, per_floor=2)
    building, _ = places.add_building(db, actor, Building(estate_id=estate.id, no="3"), plan)
    rooms = [room for (room,) in db.rows("SELECT id FROM room ORDER BY floor,seq")]
    take(room_id=rooms[0], received_on="2026-10-01")
    take(room_id=rooms[1])
    done = take(room_id=rooms[2])
    act(done, "办结", outcome="已回应解决", text="好了")
    assert lists.rooms_with_open(db, building.id) == {rooms[0]: True, rooms[1]: False}


def test_the_register_goes_out_in_the_order_of_the_list_with_masked_phones(db, three, take, tmp_path):
    take("有电话", reporter_name="王小明", reporter_phone="13900000001")
    path = tmp_path / "台账.xlsx"
    assert write_ledger(db, path, lists.numbers(db, AppealFilter())) == 4
    (sheet,) = read(path).sheets
    told = [[str(cell) for cell in row] for row in sheet.rows]
    assert tuple(told[0]) == HEADERS
    assert [row[HEADERS.index("事由")] for row in told[1:]] == ["有电话", "新的", "办完的", "老的"]
    assert "13900000001" not in str(told)
    assert "139****0001" in str(told)
