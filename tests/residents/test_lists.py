"""Lists of residents: filters, sorting, masking, the marks of the room chart."""

import pytest

from desktop_app.residents import actions, queries
from desktop_app.residents.queries import ResidentFilter
from tests.residents.conftest import Street, id_number


@pytest.fixture
def people(street: Street) -> Street:
    one = street.person("曾德福", street.room("2", "302"), birth="1941-11-23", political="群众")
    street.person("盖文斌", street.room("1", "101"), birth="1968-06-30", political="中共党员", sex="男",
                  id_no=id_number("1968-06-30", 1), phones="13500001206 13500009999")  # fmt: skip
    street.person("区慧敏", street.room("1", "101"), "配偶", birth="1970-01-12", sex="女")
    street.person("白无房", birth="1990")
    actions.tag(street.db, street.actor, [one.id], "独居老人")
    return street


def listed(street: Street, wanted: ResidentFilter, order: str = "address") -> list[str]:
    return [line.name for line in queries.lines(street.db, queries.ids(street.db, wanted, order))]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ResidentFilter(min_age=80), {"曾德福"}),
        (ResidentFilter(max_age=60), {"盖文斌", "区慧敏", "白无房"}),
        (ResidentFilter(sex="女"), {"区慧敏"}),
        (ResidentFilter(tags=("独居老人",)), {"曾德福"}),
        (ResidentFilter(political=("中共党员", "中共预备党员")), {"盖文斌"}),
        (ResidentFilter(living_alone=True), {"曾德福"}),
        (ResidentFilter(without_room=True), {"白无房"}),
    ],
)
def test_a_filter_leaves_those_it_names(people: Street, wanted: ResidentFilter, names: set[str]) -> None:
    assert set(listed(people, wanted)) == names


def test_filters_of_place_narrow_to_the_building(people: Street) -> None:
    wanted = ResidentFilter(estate_id=people.estate.id, building_id=people.building.id)
    assert listed(people, wanted) == ["盖文斌", "区慧敏", "曾德福"]


def test_by_name_means_by_reading_with_the_surname_right(people: Street) -> None:
    assert listed(people, ResidentFilter(), "name") == ["白无房", "盖文斌", "区慧敏", "曾德福"]


def test_those_who_left_are_in_their_own_list(people: Street) -> None:
    gone = queries.find(people.db, "曾德福")[0]
    actions.leave(people.db, people.actor, gone.id, "迁出", "2026-11-22")
    assert "曾德福" not in listed(people, ResidentFilter())
    assert listed(people, ResidentFilter(state="已迁出")) == ["曾德福"]


def test_lists_show_numbers_masked(people: Street) -> None:
    (line,) = queries.lines(people.db, queries.ids(people.db, ResidentFilter(sex="男")))
    assert (line.phone, line.id_no[:6], line.id_no[6:14]) == ("135****1206", "420299", "********")


def test_the_room_chart_knows_who_lives_alone_and_where_the_party_is(people: Street) -> None:
    marks = queries.room_marks(people.db, people.building.id)
    alone, family = marks[people.room("2", "302").id], marks[people.room("1", "101").id]
    assert (alone.head, alone.persons, alone.living_alone, alone.tags) == ("曾德福", 1, True, {"独居老人"})
    assert (family.head, family.persons, family.party, family.living_alone) == ("盖文斌", 2, 1, False)


def test_home_counts_what_the_lists_count(people: Street) -> None:
    counts = queries.counts(people.db)
    assert counts["persons"] == len(queries.ids(people.db, ResidentFilter()))
    assert (counts["households"], counts["elders"], counts["party"]) == (2, 1, 1)
    assert (counts["rooms"], counts["vacant"]) == (12, 10)
