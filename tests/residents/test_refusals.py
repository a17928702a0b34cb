"""What an action does not do, because the register would then say two things at once."""

import pytest

from desktop_app.places import actions as places
from desktop_app.residents import actions
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from tests.residents.conftest import Street

DAY = "2026-11-22"


@pytest.fixture
def person(street: Street) -> Person:
    """王小明, who lives in 1-101."""
    return street.person("王小明", street.room("1", "101"))


def events(street: Street) -> list[str]:
    return [kind for (kind,) in street.db.rows("SELECT kind FROM person_event ORDER BY local_no")]


def test_nothing_more_happens_to_somebody_who_died(street: Street, person: Person) -> None:
    actions.record_death(street.db, street.actor, person.id, DAY)
    with pytest.raises(AppError, match="已经登记死亡"):
        actions.move(street.db, street.actor, person.id, Home(street.room("1", "201").id), DAY)
    with pytest.raises(AppError, match="已经登记死亡"):
        actions.leave(street.db, street.actor, person.id, "迁出", DAY)
    with pytest.raises(AppError, match="已经登记死亡"):
        actions.record_death(street.db, street.actor, person.id, DAY)
    assert events(street) == ["登记", "死亡"]


def test_who_left_leaves_once_and_may_come_back(street: Street, person: Person) -> None:
    actions.leave(street.db, street.actor, person.id, "迁出", "2026-11-20")
    with pytest.raises(AppError, match="没有重复登记"):
        actions.leave(street.db, street.actor, person.id, "迁出", DAY)
    actions.move(street.db, street.actor, person.id, Home(street.room("1", "201").id), DAY)
    assert events(street) == ["登记", "迁出", "返回"]


@pytest.mark.parametrize("day", ["", "昨天", "2026-02-30", "20261122"])
def test_a_day_the_calendar_does_not_have_is_refused(street: Street, person: Person, day: str) -> None:
    for act in (
        lambda: actions.move(street.db, street.actor, person.id, Home(street.room("1", "201").id), day),
        lambda: actions.leave(street.db, street.actor, person.id, "搬离", day),
        lambda: actions.record_death(street.db, street.actor, person.id, day),
    ):
        with pytest.raises(AppError) as refusal:
            act()
        assert refusal.value.field == "on"
    assert events(street) == ["登记"]


def test_nobody_dies_tomorrow(street: Street, person: Person) -> None:
    with pytest.raises(AppError, match="在今天之后"):
        actions.record_death(street.db, street.actor, person.id, "2026-11-23")


@pytest.mark.parametrize("field", ["deceased_on", "left_on"])
def test_a_correction_takes_nobody_off_the_register(street: Street, person: Person, field: str) -> None:
    """They would go on living in their room; the day of a departure that was recorded may be put right."""
    with pytest.raises(AppError) as refusal:
        actions.correct(street.db, street.actor, person.id, {field: DAY})
    assert refusal.value.field == field
    actions.leave(street.db, street.actor, person.id, "迁出", "2026-11-20")
    assert actions.correct(street.db, street.actor, person.id, {"left_on": "2026-11-19"}).left_on == "2026-11-19"


def test_a_household_never_gets_a_second_head(street: Street, person: Person) -> None:
    room = street.room("1", "101")
    home = str(street.db.scalar("SELECT id FROM household"))
    with pytest.raises(AppError, match="已经有户主"):
        actions.register(street.db, street.actor, Person(name="李梅"), Home(room.id, household_id=home))
    actions.register(street.db, street.actor, Person(name="李梅"), Home(room.id, household_id=home, relation="配偶"))
    relations = street.db.rows("SELECT relation FROM household_member ORDER BY local_no")
    assert relations == [("户主",), ("配偶",)]


def test_nobody_moves_into_a_room_that_is_no_more(street: Street, person: Person) -> None:
    room = street.room("1", "201")
    places.retire_room(street.db, street.actor, room.id, DAY)
    with pytest.raises(AppError, match="已经停用"):
        actions.move(street.db, street.actor, person.id, Home(room.id), DAY)


def test_another_word_for_a_tag_is_the_same_tag(street: Street, person: Person) -> None:
    assert actions.tag(street.db, street.actor, [person.id, person.id], "低保") == 1
    assert actions.tag(street.db, street.actor, [person.id], "低保户") == 0


@pytest.mark.parametrize("day", ["1930-01-01", "1941-11-22"])
def test_nobody_leaves_or_dies_before_being_born(street: Street, day: str) -> None:
    person = street.person("曾德福", birth="1941-11-23")
    with pytest.raises(AppError, match="早于出生日期"):
        actions.record_death(street.db, street.actor, person.id, day)
    with pytest.raises(AppError, match="早于出生日期"):
        actions.leave(street.db, street.actor, person.id, "迁出", day)
