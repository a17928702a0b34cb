"""Registering, moving, leaving: who lives where, and who heads the household."""

from datetime import date

import pytest

from desktop_app.residents import actions, queries, rules
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Household, Person
from desktop_app.shared.errors import AppError
from desktop_app.store.history import history, last_action, undo
from tests.residents.conftest import Street, id_number

DAY = "2026-11-22"


@pytest.fixture
def family(street: Street) -> dict[str, Person]:
    room = street.room("1", "201")
    return {
        "father": street.person("陈国栋", room, birth="1947-10-10"),
        "mother": street.person("缪桂兰", room, "配偶", birth="1949-05-05"),
        "son": street.person("陈志强", room, "儿子", birth="1972-01-01"),
    }


def household(street: Street, person: Person) -> Household:
    found = queries.household_of(street.db, person.id)
    assert found is not None
    return found


def test_a_sound_id_number_fills_sex_and_birth_date(street: Street) -> None:
    number = id_number("1991-07-11", 481)
    person = street.person("魏晓强", id_no=number.lower())
    assert (person.id_no, person.sex, person.birth) == (number, "男", "1991-07-11")


def test_what_was_typed_is_not_overwritten_by_the_number(street: Street) -> None:
    person = street.person("魏晓强", id_no=id_number("1991-07-11", 481), sex="女")
    assert person.sex == "女"


def test_a_wrong_check_digit_is_refused_unless_the_card_was_seen(street: Street) -> None:
    number = id_number("1991-07-11", 481)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    with pytest.raises(AppError) as refusal:
        street.person("魏晓强", id_no=wrong)
    assert refusal.value.field == "id_no"
    kept = actions.register(street.db, street.actor, Person(name="魏晓强", id_no=wrong), card_seen=True, why="证件如此")
    assert queries.detail(street.db, kept.id) is not None


def test_a_name_is_needed_and_nothing_is_stored_without_it(street: Street) -> None:
    with pytest.raises(AppError, match="姓名"):
        street.person("  ")
    assert street.db.scalar("SELECT count(*) FROM person") == 0


def test_a_family_is_one_household_with_its_head_first(street: Street, family: dict[str, Person]) -> None:
    members = queries.members(street.db, household(street, family["son"]))
    assert [(m.name, m.relation, m.is_head) for m in members] == [
        ("陈国栋", "户主", True),
        ("缪桂兰", "配偶", False),
        ("陈志强", "儿子", False),
    ]


def test_when_the_head_dies_the_spouse_heads_the_household(street: Street, family: dict[str, Person]) -> None:
    actions.record_death(street.db, street.actor, family["father"].id, DAY)
    members = queries.members(street.db, household(street, family["son"]))
    assert [(m.name, m.relation) for m in members] == [("缪桂兰", "户主"), ("陈志强", None)]
    assert queries.ids(street.db, queries.ResidentFilter(state="已去世")).tolist() == [1]


def test_the_last_one_to_leave_closes_the_household(street: Street) -> None:
    alone = street.person("曾德福", street.room("1", "101"))
    kept = household(street, alone)
    actions.leave(street.db, street.actor, alone.id, "迁出", DAY, "随子女居住")
    closed = street.db.get(Household, kept.id)
    assert closed is not None
    assert closed.to_on == DAY


def test_moving_ends_the_earlier_residence_and_keeps_it(street: Street, family: dict[str, Person]) -> None:
    son = family["son"]
    actions.move(street.db, street.actor, son.id, Home(street.room("2", "302").id), DAY)
    detail = queries.detail(street.db, son.id)
    assert detail is not None
    assert detail.place is not None
    assert detail.place.full == "桂花苑3栋2单元302室"
    stays = street.db.rows("SELECT to_on FROM residence WHERE person_id=? ORDER BY local_no", (son.id,))
    assert stays == [(DAY,), (None,)]


def test_a_flat_with_two_households_asks_which_one_to_join(street: Street) -> None:
    room = street.room("1", "301")
    street.person("甲", room)
    street.person("乙", room)
    with pytest.raises(AppError, match="几户"):
        street.person("丙", room, "儿子")
    assert len(queries.households_in(street.db, room.id)) == 2


def test_only_a_member_can_become_head(street: Street, family: dict[str, Person]) -> None:
    stranger = street.person("外人")
    with pytest.raises(AppError, match="成员"):
        actions.change_head(street.db, street.actor, household(street, family["son"]).id, stranger.id)


def test_a_tag_is_given_once_and_ends_on_a_day(street: Street, family: dict[str, Person]) -> None:
    people = [person.id for person in family.values()]
    assert actions.tag(street.db, street.actor, people, "低保", from_on="2026-01-01") == 3
    assert actions.tag(street.db, street.actor, people, "低保") == 0
    detail = queries.detail(street.db, people[0])
    assert detail is not None
    actions.end_tag(street.db, street.actor, detail.tags[0].id, DAY)
    assert queries.tags_in_use(street.db) == [("低保", 2)]


def test_correcting_one_field_leaves_what_a_colleague_changed(street: Street) -> None:
    """Two forms were opened at once; each saves only what its clerk touched."""
    person = street.person("王小明", phones="13800001234")
    actions.correct(street.db, street.actor, person.id, {"employer": "公交集团"})
    actions.correct(street.db, street.actor, person.id, {"phones": "13900000000"})
    now = street.db.get(Person, person.id)
    assert now is not None
    assert (now.employer, now.phones) == ("公交集团", "13900000000")


def test_history_tells_before_and_after_with_numbers_masked(street: Street) -> None:
    person = street.person("王小明", phones="13800001234")
    actions.correct(street.db, street.actor, person.id, {"phones": "13900005678"}, why="本人来电")
    newest, oldest = history(street.db, Person, person.id)
    (change,) = newest.changes
    assert (newest.who, newest.why, change.label) == ("张三", "本人来电", "联系电话")
    assert (change.before, change.after) == ("138****1234", "139****5678")
    assert oldest.op == "i"


def test_an_action_can_be_taken_back_but_later_work_is_kept(street: Street) -> None:
    person = street.person("王小明", employer="甲厂", phones="1")
    actions.correct(street.db, street.actor, person.id, {"employer": "乙厂", "phones": "13900000000"})
    action = last_action(street.db, street.actor)
    assert action is not None
    actions.correct(street.db, street.actor, person.id, {"employer": "丙厂"})
    undo(street.db, street.actor, action[0])
    now = street.db.get(Person, person.id)
    assert now is not None
    assert (now.employer, now.phones) == ("丙厂", "1")
    with pytest.raises(AppError, match="已经撤销过"):
        undo(street.db, street.actor, action[0])


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [("1946-11-22", date(2026, 11, 22), 80), ("1946-11-23", date(2026, 11, 22), 79),
     ("2004-02-29", date(2026, 2, 28), 21),
     ("1950-03", date(2026, 11, 22), 76), ("1950", date(2026, 11, 22), 76), (None, date(2026, 11, 22), None),
     ("2030-01-01", date(2026, 11, 22), None)],
)  # fmt: skip
def test_age_is_whole_years_on_the_day(birth: str | None, day: date, age: int | None) -> None:
    assert rules.age_on(birth, day) == age


def test_a_tag_is_given_to_a_whole_community_at_once(street: Street) -> None:
    """More people than the database takes values in one statement."""
    person = street.person("王小明")
    assert actions.tag(street.db, street.actor, [person.id, *(f"{n:032x}" for n in range(40_000))], "普查") == 40_001
