"""Who is called: party-centre households first, then by distance; nobody who cannot come."""

import pytest

from desktop_app.care.responding import responders
from desktop_app.places import actions as places
from desktop_app.residents import actions as residents
from desktop_app.shared.errors import AppError


def called(db, street, radius=None, **more):
    return responders(db, street.room("1", "101").id, radius, **more)


def names(found):
    return [line.name for line in found.lines]


@pytest.fixture
def helpers(street, grandmother):
    """陈建国 next door, 李志强 100 m away as a centre household, 赵敏 400 m away, 孙悦 900 m away; 吴老 is 90."""
    made = {
        "陈建国": street.person("陈建国", "1", "202", political="中共党员", birth="1970-01-01"),
        "李志强": street.person("李志强", "2", "101", political="中共党员", birth="1965-01-01"),
        "赵敏": street.person("赵敏", "3", "101", "志愿者", birth="1990-01-01"),
        "孙悦": street.person("孙悦", "5", "101", political="中共党员", birth="1980-01-01"),
        "吴老": street.person("吴老", "1", "301", political="中共党员", birth="1936-01-01"),
        "邻居": street.person("何邻居", "1", "102", political="群众", birth="1980-01-01"),
    }
    street.centre(made["李志强"])
    return made


def test_centre_households_come_first_then_the_nearest(db, street, helpers):
    found = called(db, street)
    assert [(line.name, line.capacity, line.metres) for line in found.lines] == [
        ("李志强", "党员中心户", 100),
        ("陈建国", "党员", 0),
        ("赵敏", "志愿者", 400),
    ]
    assert {line.phone for line in found.lines} == {"13900001111"}
    assert found.lines[1].far == "同一栋"


def test_the_radius_decides(db, street, helpers):
    assert names(called(db, street, 1_000)) == ["李志强", "陈建国", "赵敏", "孙悦"]
    assert names(called(db, street, 99)) == ["陈建国"]


def test_nobody_who_moved_out_died_or_moved_within_is_looked_for_where_they_were(db, actor, street, helpers):
    residents.record_death(db, actor, helpers["李志强"].id, "2026-11-01")
    residents.leave(db, actor, helpers["陈建国"].id, "迁出", "2026-11-01")
    residents.move(db, actor, helpers["赵敏"].id, residents.Home(street.room("2", "202").id), "2026-11-01")
    assert [(line.name, line.metres) for line in called(db, street).lines] == [("赵敏", 100)]


def test_who_has_no_phone_is_counted_and_not_listed(db, actor, street, grandmother):
    street.person("周静", "1", "202", political="中共党员", phones="")
    found = called(db, street)
    assert found.lines == ()
    assert found.silent == 1
    assert any("没有登记电话" in words for words in found.remarks)
    assert any("没有找到" in words for words in found.remarks)


def test_a_building_without_coordinates_finds_its_own_people_and_says_so(db, street, helpers):
    street.person("郑华", "4", "202", political="中共党员")
    found = responders(db, street.room("4", "101").id)
    assert not found.located
    assert names(found) == ["郑华"]
    assert "没有登记坐标" in found.remarks[0]
    assert called(db, street).without_place == 1
    assert "1 栋楼没有坐标" in called(db, street).remarks[0]


def test_a_building_that_was_pulled_down_is_nowhere(db, actor, street, helpers):
    residents.leave(db, actor, helpers["赵敏"].id, "搬离", "2026-11-01")
    places.retire_building(db, actor, street.buildings["3"].id, "2026-11-10")
    assert "赵敏" not in names(called(db, street))


def test_a_radius_that_cannot_be_is_brought_within_bounds_when_it_came_from_elsewhere(db, street, helpers):
    assert called(db, street, 50_000).radius_m == 5_000
    assert called(db, street, -3).radius_m == 50


def test_a_list_is_as_long_as_was_asked_and_the_centre_households_stay_on_it(db, street, helpers):
    assert names(called(db, street, most=1)) == ["李志强"]


def test_a_room_that_is_gone_is_told(db, street):
    with pytest.raises(AppError, match="不在了"):
        responders(db, "0" * 32)
