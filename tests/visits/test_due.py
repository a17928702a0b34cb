"""A home is due by the strictest interval of its members' tags, counted from the last time somebody was spoken to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.profiles.queries import forget
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.visits import actions, queries, rules
from desktop_app.visits.model import Visit
from tests.visits.conftest import DAY

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1)).map(date.isoformat)


def names(lines):
    return [line.name for line in lines]


def visited(db, actor, person, on, **fields):
    return actions.record(db, actor, Visit(on=on, person_id=person.id, **fields)).visit


def test_who_was_never_visited_is_due_at_once_and_who_needs_no_care_is_not(db, people):
    lines = queries.due(db, DAY)
    assert sorted(names(lines)) == ["李大山", "王桂英"]
    assert {(line.last_on, line.due_on, line.days_over) for line in lines} == {(None, DAY, 0)}
    assert {line.address for line in lines} == {"桂花苑10栋101室", "桂花苑10栋202室"}


def test_each_class_has_its_own_interval(db, actor, people):
    visited(db, actor, people["王桂英"], "2026-10-23")
    visited(db, actor, people["李大山"], "2026-10-23")
    assert [(line.name, line.days, line.due_on) for line in queries.due(db, DAY)] == [("王桂英", 30, DAY)]
    assert queries.due(db, "2026-11-21") == []
    assert names(queries.due(db, "2026-11-21", days_ahead=1)) == ["王桂英"]
    assert names(queries.due(db, "2027-04-21")) == ["王桂英", "李大山"]


def test_the_strictest_member_decides_for_the_home(db, actor, court, people):
    court.person("李小山", "202", "残疾", relation="子")
    visited(db, actor, people["李大山"], "2026-11-01")
    line = queries.due_of(db, court.household(people["李大山"]).id, DAY)
    assert (line.days, line.due_on) == (30, "2026-12-01")
    assert sorted(line.tags) == ["残疾", "退役军人"]


def test_only_a_visit_that_met_somebody_counts(db, actor, people):
    visited(db, actor, people["王桂英"], "2026-11-20", result="无人")
    assert "王桂英" in names(queries.due(db, DAY))
    visited(db, actor, people["王桂英"], "2026-11-21", result="电话", mode="电话")
    assert "王桂英" not in names(queries.due(db, DAY))


def test_a_promise_to_come_earlier_holds_and_one_to_come_later_does_not(db, actor, court, people):
    wang = people["王桂英"]
    home = court.household(wang).id
    visited(db, actor, wang, "2026-11-01", next_due_on="2026-11-10")
    assert queries.due_of(db, home, DAY).due_on == "2026-11-10"
    visited(db, actor, wang, "2026-11-12", next_due_on="2027-03-01")
    assert queries.due_of(db, home, DAY).due_on == "2026-12-12"


def test_tags_that_ended_and_people_who_left_or_died_are_not_due(db, actor, people):
    tag = db.scalar("SELECT id FROM person_tag WHERE person_id=?", (people["李大山"].id,))
    residents.end_tag(db, actor, tag, "2026-11-01")
    residents.leave(db, actor, people["王桂英"].id, "搬离", "2026-11-01")
    assert queries.due(db, DAY) == []


def test_a_resident_without_a_home_is_not_forgotten(db, actor):
    someone = residents.register(db, actor, Person(name="赵无居"))
    residents.tag(db, actor, [someone.id], "低保")
    (line,) = queries.due(db, DAY)
    assert (line.subject, line.id, line.address) == ("person", someone.id, "")
    visited(db, actor, someone, DAY)
    assert queries.due(db, DAY) == []


def test_general_visits_are_asked_for(db, actor, court, people):
    assert len(queries.due(db, DAY, general=True)) == 4
    visited(db, actor, people["张立"], "2026-11-01")
    assert queries.due_of(db, court.household(people["张立"]).id, DAY).due_on == "2027-05-02"
    assert "张立" not in names(queries.due(db, DAY, general=True))
    assert queries.due_of(db, court.household(people["张立"]).id, DAY, general=False) is None


def test_places_narrow_the_list(db, people, court):
    building = court.building
    assert len(queries.due(db, DAY, building_id=building.id)) == 2
    assert len(queries.due(db, DAY, estate_id=building.estate_id)) == 2
    assert queries.due(db, DAY, building_id="0" * 32) == []
    assert queries.due(db, DAY, grid_id="0" * 32, general=True) == []
    assert len(queries.due(db, DAY, most=1)) == 1


def test_the_counts_of_the_home_page_agree_with_the_list(db, actor, people):
    visited(db, actor, people["王桂英"], "2026-09-01")
    counts = queries.due_counts(db, DAY)
    assert (counts.homes, counts.never) == (2, 1)
    assert dict(counts.by_tag) == {"独居老人": 1, "退役军人": 1}


def test_the_room_chart_shows_when_each_room_was_visited(db, actor, court, people):
    visited(db, actor, people["王桂英"], "2026-10-01")
    marks = queries.room_visits(db, court.building.id, DAY)
    assert marks[court.room("101").id] == queries.RoomVisit("2026-10-01", "2026-10-31", 22)
    assert court.room("401").id not in marks


def test_the_intervals_are_data_with_a_copy_of_the_community_before_the_shipped_one(db, people):
    told = queries.intervals(db)
    assert told.by_tag["独居老人"] == told.by_tag["10"] == 30
    assert (told.general, told.soon) == (182, 7)
    folder = db.path.parent / "profiles" / "codes"
    folder.mkdir(parents=True)
    (folder / "visit_rules.toml").write_text("general_days = 90\nsoon_days = 3\n", "utf-8")
    forget()
    from desktop_app.profiles.queries import visit_rules

    visit_rules.cache_clear()
    assert queries.intervals(db).general == 90


@given(DAYS, st.integers(1, 400), DAYS)
def test_a_visit_is_never_due_before_it_was_made_and_never_later_than_its_interval(last, days, today):
    due = rules.due_on(last, days, None, today)
    assert due > last
    assert date.fromisoformat(due) - date.fromisoformat(last) == timedelta(days=days)
    assert rules.due_on(last, days, "2000-01-01", today) <= due


@given(st.lists(st.sampled_from(["独居老人", "退役军人", "党员", "本地词"])))
def test_a_tag_more_never_makes_a_visit_later(tags):
    told = rules.Intervals({"独居老人": 30, "退役军人": 180}, 182, 7)
    days = told.days(tags)
    more = told.days([*tags, "独居老人"])
    assert more == 30
    assert days is None or more <= days


def test_a_month_counts_homes_reached_opinions_and_days_out(db, actor, people):
    visited(db, actor, people["王桂英"], "2026-11-02", opinions="路灯\n电梯", workers="张三，李四")
    visited(db, actor, people["王桂英"], "2026-11-20", opinions="停车", workers="张三")
    visited(db, actor, people["李大山"], "2026-11-20", result="无人", workers="张三")
    visited(db, actor, people["张立"], "2026-10-31", opinions="不算这个月")
    figures = queries.month_figures(db, "2026-11", (3, 4))
    assert (figures.visits, figures.households, figures.opinions, figures.worker_days) == (3, 1, 3, 3)
    assert (figures.opinions_per_worker_day, figures.solved_percent) == (1.0, 75)
    empty = queries.month_figures(db, "2026-09")
    assert (empty.visits, empty.opinions_per_worker_day, empty.solved_percent) == (0, None, None)


@pytest.mark.parametrize(
    ("told", "names_"), [("张三、李四", ("张三", "李四")), ("张三 李四,张三", ("张三", "李四")), ("", ())]
)
def test_names_are_told_apart_however_they_are_separated(told, names_):
    assert rules.names_of(told) == names_
