"""Whoever brought something up may be merged, move or leave while it is open: the appeal shows the living record."""

import pytest

from desktop_app.appeals import queries
from desktop_app.appeals.reporters import living_record
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person


@pytest.fixture
def rooms(db, actor):
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    plan = BuildingPlan(units=1, floors=2, per_floor=2)
    places.add_building(db, actor, Building(estate_id=estate.id, no="3"), plan)
    return [room for (room,) in db.rows("SELECT id FROM room ORDER BY floor,seq")]


@pytest.fixture
def wang(db, actor, rooms):
    return residents.register(db, actor, Person(name="王小明"), Home(rooms[0], relation="户主", from_on="2020-01-01"))


def note(db, appeal):
    return queries.detail(db, appeal.id).person_note


def test_nothing_is_said_of_somebody_who_is_where_they_were(db, take, wang):
    appeal = take(person_id=wang.id)
    assert note(db, appeal) == ""
    assert appeal.household_id == db.scalar("SELECT household_id FROM household_member")


def test_somebody_who_moved_within_the_community_is_told_with_the_new_home(db, actor, take, act, wang, rooms):
    appeal = take(person_id=wang.id)
    residents.move(db, actor, wang.id, Home(rooms[3], relation="户主"), "2026-11-20")
    assert note(db, appeal) == "这位居民已搬到桂花苑3栋202室"
    assert act(appeal, "派办", to_whom="李四").assignee == "李四"


def test_an_appeal_that_still_names_a_merged_entry_leads_to_the_one_that_stays(db, actor, take, act, wang):
    twin = residents.register(db, actor, Person(name="王晓明"))
    appeal = take(person_id=twin.id)
    stays = merging.merge(db, actor, wang.id, twin.id)
    assert queries.detail(db, appeal.id).appeal.person_id == stays.id
    with db.transaction(actor, "另一台电脑上登记时还没有合并") as tx:
        tx.execute("UPDATE appeal SET person_id=? WHERE id=?", (twin.id, appeal.id))
    assert living_record(db, twin.id) == stays.id
    assert living_record(db, queries.detail(db, appeal.id).appeal.person_id) == stays.id
    assert note(db, appeal) in {"", f"登记已合并到“{stays.name}”"}  # "" once the record itself was led there
    assert act(appeal, "办结", outcome="已回应解决", text="好了").phase == "待评价"


def test_somebody_who_left_or_died_is_told_and_the_work_goes_on(db, actor, take, act, wang):
    appeal = take(person_id=wang.id)
    residents.leave(db, actor, wang.id, "迁出", "2026-11-21")
    assert note(db, appeal) == "这位居民已于2026-11-21迁出"
    assert act(appeal, "补充", text="由儿子接着反映").phase == "办理中"
