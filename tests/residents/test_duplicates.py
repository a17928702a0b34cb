"""Residents entered twice: who is suspected, who is not, and what becomes of them when they are merged."""

import pytest
from sqlalchemy import select

from desktop_app.residents import actions, duplicates, merging, queries
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonEvent, PersonTag, Residence
from desktop_app.shared.errors import AppError
from desktop_app.store import history
from tests.residents.conftest import id_number

BORN = "1950-03-05"


def pairs(street):
    return [((pair.a.name, pair.b.name), pair.reasons) for pair in duplicates.suspected(street.db)]


# ---------------------------------------------------------------------------------------------------------- suspicion


def test_one_number_on_two_entries_is_sure(street):
    """The form warns, a merge of two desks' work does not: so it is found afterwards."""
    street.person("陈秀兰", id_no=id_number(BORN, 2))
    street.person("陈秀蓝", id_no=id_number(BORN, 2))
    (pair,) = duplicates.suspected(street.db)
    assert pair.sure
    assert duplicates.SAME_NUMBER in pair.reasons


def test_names_that_sound_alike_with_one_birth_date_are_suspected(street):
    street.person("单丽", birth=BORN)
    street.person("单莉", birth=BORN)
    street.person("王强", birth=BORN)
    assert pairs(street) == [(("单丽", "单莉"), (duplicates.SAME_BIRTH,))]


def test_a_shared_room_or_phone_counts_a_shared_name_alone_does_not(street):
    room = street.room("1", "101")
    street.person("刘洋", room)
    street.person("刘扬", room, relation="其他")
    street.person("李娜", phones="10000000001")
    street.person("李娜", phones="10000000001 02700000000")
    street.person("周杰")
    street.person("周杰")
    assert sorted(pairs(street)) == [
        (("刘洋", "刘扬"), (duplicates.SAME_HOME,)),
        (("李娜", "李娜"), (duplicates.SAME_PHONE,)),
    ]


def test_two_sound_numbers_or_two_birth_dates_are_two_people(street):
    street.person("张伟", id_no=id_number(BORN, 1), phones="10000000001")
    street.person("张伟", id_no=id_number(BORN, 3), phones="10000000001")
    street.person("赵敏", birth="1980-01-01", phones="10000000002")
    street.person("赵敏", birth="1985-01-01", phones="10000000002")
    assert pairs(street) == []


def test_a_number_that_half_the_street_shares_says_nothing(street):
    for _ in range(duplicates.MOST_ALIKE + 1):
        street.person("王芳", phones="02700000000")
    assert pairs(street) == []


def test_who_was_found_to_be_two_is_never_asked_about_again(street):
    one, other = street.person("单丽", birth=BORN), street.person("单莉", birth=BORN)
    duplicates.are_two(street.db, street.actor, other.id, one.id, "见过两人")
    assert pairs(street) == []
    with pytest.raises(AppError, match="已经核对过"):
        duplicates.are_two(street.db, street.actor, one.id, other.id)


def test_while_a_name_is_typed_those_of_the_same_day_or_room_are_shown(street):
    room = street.room("1", "101")
    there = street.person("单丽", room, birth=BORN)
    street.person("单莉")
    assert [hit.id for hit in duplicates.while_typing(street.db, "张丽", BORN)] == []
    assert [hit.id for hit in duplicates.while_typing(street.db, "善丽", BORN)] == [there.id]
    assert [hit.id for hit in duplicates.while_typing(street.db, "单丽", None, room.id)] == [there.id]
    assert duplicates.while_typing(street.db, "单丽", BORN, besides=there.id) == []
    assert duplicates.while_typing(street.db, "单丽", None) == []


# ---------------------------------------------------------------------------------------------------------------- merge


def open_rows(street, cls, person_id):
    return street.db.select(
        select(cls).where(cls.person_id == person_id, cls.sync_del == 0, cls.to_on.is_(None)).order_by(cls.local_no)
    )


def test_the_older_entry_stays_takes_what_it_lacks_and_keeps_both_phones(street):
    one = street.person("陈秀兰", phones="10000000001")
    other = street.person("陈秀兰", birth=BORN, phones="10000000002", employer="纺织厂")
    merged = merging.merge(street.db, street.actor, other.id, one.id)
    assert merged.id == one.id
    assert (merged.birth, merged.employer, merged.phones) == (BORN, "纺织厂", "10000000001 10000000002")
    assert street.db.get(Person, other.id) is None


def test_fields_that_differ_are_shown_and_may_be_chosen_by_hand(street):
    one, other = street.person("单丽", birth=BORN), street.person("单莉", birth=BORN)
    told = merging.plan(street.db, one.id, other.id)
    assert [(field.zh, field.stays, field.goes) for field in told.fields if field.differ] == [("姓名", "单丽", "单莉")]
    assert merging.merge(street.db, street.actor, one.id, other.id, values={"name": "单莉"}).name == "单莉"


def test_tags_and_events_come_along_and_a_tag_both_have_is_kept_once(street):
    one, other = street.person("陈秀兰"), street.person("陈秀兰")
    actions.tag(street.db, street.actor, [one.id, other.id], "独居老人")
    actions.tag(street.db, street.actor, [other.id], "低保")
    merging.merge(street.db, street.actor, one.id, other.id)
    assert sorted(tag.tag for tag in open_rows(street, PersonTag, one.id)) == ["低保", "独居老人"]
    kinds = [event.kind for event in street.db.select(select(PersonEvent).where(PersonEvent.person_id == one.id))]
    assert sorted(kinds) == ["合并", "登记", "登记"]


def test_two_homes_ask_which_one_holds_and_nobody_else_is_moved(street):
    """A merge never moves a household silently."""
    first, second = street.room("1", "101"), street.room("1", "102")
    one = street.person("陈秀兰", first)
    wife = street.person("周桂英", first, relation="配偶")
    other = street.person("陈秀兰", second)
    with pytest.raises(AppError, match="住在不同的地方") as refused:
        merging.merge(street.db, street.actor, one.id, other.id)
    assert refused.value.field == "home"
    merging.merge(street.db, street.actor, one.id, other.id, home="goes")
    assert [home.room_id for home in open_rows(street, Residence, one.id)] == [second.id]
    assert queries.household_of(street.db, one.id).head_id == one.id
    assert [home.room_id for home in open_rows(street, Residence, wife.id)] == [first.id]
    assert queries.household_of(street.db, wife.id).head_id == wife.id


def test_the_home_of_the_one_that_stays_holds_when_it_is_chosen(street):
    first, second = street.room("1", "101"), street.room("1", "102")
    one, other = street.person("陈秀兰", first), street.person("陈秀兰", second)
    left = queries.household_of(street.db, other.id)
    merging.merge(street.db, street.actor, one.id, other.id, home="stays")
    assert [home.room_id for home in open_rows(street, Residence, one.id)] == [first.id]
    assert street.db.get(Household, left.id).to_on, "nobody lives there any more"


def test_two_entries_in_one_household_become_one_member_who_heads_it(street):
    room = street.room("1", "101")
    one = street.person("周桂英", room)
    other = street.person("周桂英", room, relation="配偶")
    actions.change_head(street.db, street.actor, queries.household_of(street.db, one.id).id, other.id)
    merging.merge(street.db, street.actor, one.id, other.id)
    household = queries.household_of(street.db, one.id)
    assert household.head_id == one.id
    (member,) = open_rows(street, HouseholdMember, one.id)
    assert member.relation == "户主"
    assert len(open_rows(street, Residence, one.id)) == 1


def test_a_household_headed_by_the_entry_that_goes_is_headed_by_the_one_that_stays(street):
    one, other = street.person("陈秀兰"), street.person("陈秀兰", street.room("1", "101"))
    merging.merge(street.db, street.actor, one.id, other.id)
    assert queries.household_of(street.db, one.id).head_id == one.id


def test_an_undo_takes_a_merge_apart_again(street):
    first, second = street.room("1", "101"), street.room("1", "102")
    one, other = street.person("陈秀兰", first), street.person("陈秀蓝", second, phones="10000000002")
    actions.tag(street.db, street.actor, [other.id], "低保")
    merging.merge(street.db, street.actor, one.id, other.id, values={"name": "陈秀蓝"}, home="goes")
    action, _ = history.last_action(street.db, street.actor)
    history.undo(street.db, street.actor, action)
    assert [street.db.get(Person, person.id).name for person in (one, other)] == ["陈秀兰", "陈秀蓝"]
    for person, room in ((one, first), (other, second)):
        assert [home.room_id for home in open_rows(street, Residence, person.id)] == [room.id]
        assert queries.household_of(street.db, person.id).head_id == person.id
    assert [tag.tag for tag in open_rows(street, PersonTag, other.id)] == ["低保"]


def test_what_is_gone_already_is_not_merged_again(street):
    one, other = street.person("陈秀兰"), street.person("陈秀兰")
    merging.merge(street.db, street.actor, one.id, other.id)
    with pytest.raises(AppError, match="不都在了"):
        merging.merge(street.db, street.actor, one.id, other.id)
    with pytest.raises(AppError, match="不都在了"):
        merging.plan(street.db, one.id, one.id)


@pytest.mark.parametrize("field", ["left_on", "deceased_on"])
def test_a_day_of_leaving_on_one_entry_takes_nobody_off_the_register_unasked(street, field):
    one, other = street.person("陈秀兰"), street.person("陈秀兰", street.room("1", "101"))
    with street.db.transaction(street.actor, "旧档") as tx:
        tx.change(Person, one.id, **{field: "2024-05-01"})
    (differing,) = [told for told in merging.plan(street.db, one.id, other.id).fields if told.differ]
    assert differing.name == field
    assert getattr(merging.merge(street.db, street.actor, one.id, other.id), field) is None


def test_a_merge_that_was_undone_and_made_again_tells_the_events_again(street):
    one, other = street.person("陈秀兰"), street.person("陈秀兰")
    for _ in range(2):
        merging.merge(street.db, street.actor, one.id, other.id)
        action, _ = history.last_action(street.db, street.actor)
        history.undo(street.db, street.actor, action)
    merging.merge(street.db, street.actor, one.id, other.id)
    told = select(PersonEvent).where(PersonEvent.person_id == one.id, PersonEvent.sync_del == 0)
    assert sorted(event.kind for event in street.db.select(told)) == ["合并", "登记", "登记"]


def open_ones(street, cls, person_id):
    return street.db.select(
        select(cls).where(cls.person_id == person_id, cls.sync_del == 0, cls.to_on.is_(None)),
    )


def with_membership_alone(street, name, home):
    """Somebody who was put into a household and never into a room."""
    person = street.person(name, birth=BORN)
    with street.db.transaction(street.actor, "造数") as tx:
        tx.add(HouseholdMember(household_id=home, person_id=person.id, relation="其他"))
    return person


def test_a_twin_with_a_membership_and_no_residence_leaves_one_membership(street):
    room = street.room("1", "101")
    older = street.person("陈秀兰", room, birth=BORN)
    home = queries.household_of(street.db, older.id).id
    twin = with_membership_alone(street, "陈秀蓝", home)
    merged = merging.merge(street.db, street.actor, older.id, twin.id)
    assert len(open_ones(street, HouseholdMember, merged.id)) == 1
    assert len(open_ones(street, Residence, merged.id)) == 1


def test_a_twin_whose_membership_is_elsewhere_asks_which_home_holds(street):
    older = street.person("陈秀兰", street.room("1", "101"), birth=BORN)
    other = street.person("王强", street.room("1", "102"))
    twin = with_membership_alone(street, "陈秀蓝", queries.household_of(street.db, other.id).id)
    assert merging.plan(street.db, older.id, twin.id).homes_differ
    merged = merging.merge(street.db, street.actor, older.id, twin.id, home="stays")
    assert [one.household_id for one in open_ones(street, HouseholdMember, merged.id)] == [
        queries.household_of(street.db, older.id).id
    ]


def test_what_only_the_twin_has_of_a_home_is_kept(street):
    room = street.room("1", "101")
    older = street.person("陈秀兰", birth=BORN)
    twin = street.person("陈秀蓝", room, birth=BORN)
    merged = merging.merge(street.db, street.actor, older.id, twin.id)
    assert len(open_ones(street, HouseholdMember, merged.id)) == len(open_ones(street, Residence, merged.id)) == 1


def test_a_tag_that_was_hung_on_the_twin_meanwhile_goes_to_the_one_that_stays(street):
    older, twin = street.person("陈秀兰", birth=BORN), street.person("陈秀蓝", birth=BORN)
    merging.merge(street.db, street.actor, older.id, twin.id)
    with street.db.applying() as tx:  # as a pull brings it
        tx.insert(PersonTag, [{"id": "f" * 32, "person_id": twin.id, "tag": "独居老人"}])
    merging.follow_up(street.db, frozenset({"person_tag"}))
    assert [tag.tag for tag in queries.detail(street.db, older.id).tags] == ["独居老人"]
    assert not street.db.rows("SELECT 1 FROM person_tag WHERE person_id=? AND sync_del=0", (twin.id,))
