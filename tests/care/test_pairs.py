"""A pair brings somebody to a home as often as was agreed, and says when nobody can be expected to come."""

import pytest

from desktop_app.care import actions, queries
from desktop_app.care.model import CarePair
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.shared.errors import AppError
from desktop_app.visits import actions as visits
from desktop_app.visits import queries as due
from desktop_app.visits.model import Visit
from tests.care.conftest import DAY


@pytest.fixture
def helper(street):
    return street.person("陈建国", "2", "101", political="中共党员", birth="1970-01-01")


def paired(db, actor, person, **fields):
    fields.setdefault("helper_name", "社区李静")
    return actions.pair(db, actor, CarePair(person_id=person.id, **fields))


def visited(db, actor, person, on, **fields):
    return visits.record(db, actor, Visit(on=on, person_id=person.id, **fields))


def only(db, **more):
    (line,) = queries.pairs(db, **more)
    return line


def test_a_pair_of_residents_takes_name_and_phone_from_the_register(db, actor, grandmother, helper):
    paired(db, actor, grandmother, helper_id=helper.id, helper_name="", care_class="独居")
    line = only(db)
    assert (line.name, line.helper, line.helper_phone) == ("王桂英", "陈建国", "139****1111")
    assert (line.care_class, line.days, line.address) == ("独居老人", 30, "桂花苑1栋101室")


def test_its_interval_makes_visits_due_as_a_care_class_does(db, actor, clock, street):
    """孙芳 has no care class; her pair wants somebody every ten days."""
    person = street.person("孙芳", "3", "101")
    assert due.due(db, DAY) == []
    paired(db, actor, person, interval_days=10)
    (line,) = due.due(db, DAY)
    assert (line.id, line.tags, line.days, line.last_on) == (street.household(person).id, ("结对包保",), 10, None)
    visited(db, actor, person, "2026-11-20")
    assert due.due(db, DAY) == []
    assert due.due_of(db, street.household(person).id, DAY, general=False).due_on == "2026-11-30"
    assert only(db).due_on == "2026-11-30"
    assert [one.id for one in due.due(db, "2026-11-30", building_id=street.buildings["3"].id)] == [line.id]
    assert due.due(db, "2026-11-30", building_id=street.buildings["1"].id) == []


def test_the_stricter_of_class_and_pair_decides(db, actor, street, grandmother):
    visited(db, actor, grandmother, "2026-11-10")
    home = street.household(grandmother).id
    assert due.due_of(db, home, DAY, general=False).due_on == "2026-12-10"
    paired(db, actor, grandmother, interval_days=7)
    line = due.due_of(db, home, DAY, general=False)
    assert (line.due_on, sorted(line.tags)) == ("2026-11-17", ["独居老人", "结对包保"])
    assert only(db).overdue


def test_a_pair_that_ended_asks_for_no_visits(db, actor, street):
    person = street.person("孙芳", "3", "101")
    made = paired(db, actor, person, interval_days=10, from_on="2026-10-01")
    actions.end_pair(db, actor, made.id, DAY, "子女接走")
    assert due.due(db, DAY) == []
    assert queries.pairs(db) == []
    assert only(db, ended=True).to_on == DAY


def test_a_household_may_be_paired_and_one_that_moved_away_is_not_visited(db, actor, street):
    person = street.person("孙芳", "3", "101")
    home = street.household(person).id
    actions.pair(db, actor, CarePair(household_id=home, helper_name="李静", interval_days=15))
    assert [line.id for line in due.due(db, DAY)] == [home]
    assert only(db).name == "孙芳"
    residents.leave(db, actor, person.id, "搬离", "2026-11-20")
    assert due.due(db, DAY) == []


def test_somebody_without_a_home_is_visited_all_the_same(db, actor):
    from desktop_app.residents.model import Person

    someone = residents.register(db, actor, Person(name="赵无居"))
    paired(db, actor, someone, interval_days=5)
    (line,) = due.due(db, DAY)
    assert (line.subject, line.id) == ("person", someone.id)


def test_the_list_tells_the_last_visit_and_the_last_of_the_helper(db, actor, street, grandmother):
    paired(db, actor, grandmother, helper_name="李静")
    visited(db, actor, grandmother, "2026-11-01", workers="李静、张三")
    visited(db, actor, grandmother, "2026-11-15", workers="张三")
    visited(db, actor, grandmother, "2026-11-16", workers="李静", result="无人")
    line = only(db)
    assert (line.last_on, line.by_helper) == ("2026-11-15", "2026-11-01")


def test_nobody_is_paired_with_oneself_nor_with_ones_own_home(db, actor, street, grandmother):
    for made in (
        CarePair(person_id=grandmother.id, helper_id=grandmother.id, helper_name=""),
        CarePair(household_id=street.household(grandmother).id, helper_id=grandmother.id, helper_name=""),
    ):
        with pytest.raises(AppError, match="不能和自己") as told:
            actions.pair(db, actor, made)
        assert told.value.field == "helper_id"
    assert queries.pairs(db) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"interval_days": 0}, "interval_days"),
        ({"interval_days": 400}, "interval_days"),
        ({"from_on": "2026-11-23"}, "from_on"),
        ({"from_on": "不详"}, "from_on"),
        ({"helper_name": " "}, "helper_name"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(db, actor, grandmother, fields, field):
    with pytest.raises(AppError) as told:
        paired(db, actor, grandmother, **fields)
    assert told.value.field == field
    assert queries.pairs(db) == []


def test_a_helper_who_died_or_moved_out_is_refused_and_later_shown(db, actor, street, grandmother, helper):
    paired(db, actor, grandmother, helper_id=helper.id, helper_name="")
    residents.leave(db, actor, helper.id, "迁出", "2026-11-20")
    assert only(db).doubt == "结对人已于 2026-11-20 迁出"
    with pytest.raises(AppError, match="迁出"):
        paired(db, actor, street.person("孙芳", "3", "101"), helper_id=helper.id)
    residents.record_death(db, actor, grandmother.id, "2026-11-21")
    assert "王桂英已于 2026-11-21 去世" in only(db).doubt


def test_the_same_helper_twice_is_refused_and_a_second_one_is_not(db, actor, grandmother):
    paired(db, actor, grandmother)
    with pytest.raises(AppError, match="已经和这里结对"):
        paired(db, actor, grandmother)
    paired(db, actor, grandmother, helper_name="志愿者周静")
    assert len(queries.pairs(db)) == 2


def test_two_entries_of_one_person_take_their_pairs_and_bells_along(db, actor, street, grandmother):
    twin = residents.register(db, actor, type(grandmother)(name="王桂英", birth="1940-05-01"))
    paired(db, actor, twin, interval_days=10)
    stays = merging.merge(db, actor, grandmother.id, twin.id)
    assert only(db).subject_id == stays.id
    assert only(db).address == "桂花苑1栋101室"


def test_filters_narrow_the_list(db, actor, street, grandmother, helper):
    paired(db, actor, grandmother, care_class="独居老人")
    paired(db, actor, helper, helper_name="周静", care_class="低保", interval_days=3)
    assert [line.name for line in queries.pairs(db, care_class="低保")] == ["陈建国"]
    assert [line.name for line in queries.pairs(db, text="1栋101")] == ["王桂英"]
    assert [line.name for line in queries.pairs(db, helper="周")] == ["陈建国"]
    assert queries.pairs(db, overdue=True) == []


def test_those_who_need_care_are_listed_with_who_looks_after_them(db, actor, street, grandmother):
    other = street.person("李奶奶", "2", "202", "低保", "残疾")
    paired(db, actor, grandmother)
    lines = {line.name: line for line in queries.cared(db)}
    assert lines["王桂英"].helper == "社区李静"
    assert sorted(lines["李奶奶"].classes) == ["低保", "残疾"]
    assert [line.id for line in queries.cared(db, unpaired=True)] == [other.id]
    assert [line.name for line in queries.cared(db, care_class="残疾")] == ["李奶奶"]
