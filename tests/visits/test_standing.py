"""What a list of residents says of visits, and campaigns over a list of residents."""

from desktop_app.visits import actions, campaigns
from desktop_app.visits.model import Visit
from desktop_app.visits.standing import Standing, standings
from tests.visits.conftest import DAY


def test_residents_of_a_home_in_need_of_care_have_a_day_and_others_have_none(db, actor, court, people):
    wang, zhang = people["王桂英"], people["张立"]
    assert standings(db, [wang.id, zhang.id], DAY) == {wang.id: Standing(None, DAY, 0)}
    actions.record(db, actor, Visit(on="2026-10-01", person_id=wang.id))
    late = standings(db, [wang.id], DAY)[wang.id]
    assert (late.last_on, late.days_over > 0) == ("2026-10-01", True)
    actions.record(db, actor, Visit(on=DAY, person_id=wang.id))
    assert standings(db, [wang.id], DAY)[wang.id].days_over < 0


def test_whoever_lives_with_somebody_in_need_of_care_shares_the_visit(db, court, people):
    guest = court.person("王小妹", "101", relation="女儿")
    assert standings(db, [guest.id], DAY)[guest.id].due_on == DAY


def test_nobody_asked_means_nothing_found(db, people):
    assert standings(db, [], DAY) == {}


def test_the_homes_of_a_list_of_residents_are_each_knocked_at_once(db, court, people):
    numbers = [people[name].local_no for name in ("李大山", "王桂英", "王桂英")]
    guest = court.person("王小妹", "101", relation="女儿")
    homes = campaigns.homes_of_numbers(db, [*numbers, guest.local_no])
    assert homes == campaigns.in_order(db, homes)
    assert [home.household_id for home in homes] == [
        court.household(people["王桂英"]).id,
        court.household(people["李大山"]).id,
    ]
