"""Two values for one field: who decides, and that nothing of it is lost on the way."""

import pytest

from desktop_app.meetings.model import AgendaItem, Meeting
from desktop_app.profiles.queries import codes
from desktop_app.residents.actions import change_head
from desktop_app.residents.model import Household, HouseholdMember, PersonTag
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.store.conflict import Conflict
from desktop_app.store.history import last_action, undo
from desktop_app.sync import conflicts, settling
from desktop_app.sync.status import RowState, row_state
from desktop_app.sync.wording import KINDS, record_name, value_words
from tests.sync.desks import Desk, lost


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


@pytest.fixture
def clash(first, second) -> conflicts.OpenConflict:
    """The phone of 王小明, 13900000003 against 13900000002, known to both desks."""
    person = first.add("王小明", phones="13900000001")
    settle(first, second)
    second.clock.move(minutes=1)
    first.edit(person, phones="13900000002")
    second.edit(person, phones="13900000003")
    settle(first, second)
    (found,) = conflicts.open_conflicts(first.db)
    return found


def test_it_says_what_happened_in_one_sentence(clash):
    assert clash.words == "居民“王小明”的联系电话有两个值。"


def test_the_conflicts_of_one_record_can_be_asked_for(first, clash):
    assert conflicts.open_conflicts(first.db, "person", clash.record_id) == [clash]
    assert conflicts.open_conflicts(first.db, "person", "somebody else") == []


def test_keeping_the_value_settles_it_everywhere(first, second, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    settle(first, second)
    for desk in (first, second):
        assert conflicts.count_open(desk.db) == 0
        assert desk.person(clash.record_id).phones == "13900000003"
        assert row_state(desk.db, "person", clash.record_id) is RowState.SYNCED


def test_what_was_settled_cannot_be_settled_again(first, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    with pytest.raises(AppError, match="已经有人处理过"):
        conflicts.swap(first.db, first.app.actor, clash.id)


def test_both_desks_may_settle_it_offline_and_end_alike(first, second, clash):
    conflicts.keep(first.db, first.app.actor, clash.id)
    second.clock.move(minutes=1)
    conflicts.swap(second.db, second.app.actor, clash.id)
    settle(first, second)
    assert first.replica() == second.replica()
    assert conflicts.count_open(first.db) == 0


def test_a_third_value_written_meanwhile_is_not_overwritten_by_a_choice_between_the_two(first, clash):
    first.edit(clash.record_id, phones="13900000009")
    with pytest.raises(AppError, match="联系电话后来又改过"):
        conflicts.swap(first.db, first.app.actor, clash.id)
    assert first.person(clash.record_id).phones == "13900000009"
    conflicts.keep(first.db, first.app.actor, clash.id)


def test_a_deletion_that_lost_can_still_be_carried_out(first, second):
    person = first.add("王小明", note="甲")
    settle(first, second)
    first.delete(person)
    second.edit(person, note="乙")
    settle(second, first)
    conflicts.swap(first.db, first.app.actor, conflicts.open_conflicts(first.db)[0].id)
    settle(first, second)
    assert second.person(person) is None


def test_a_field_edited_again_in_flight_does_not_silently_beat_a_value_it_did_not_see(first, second):
    """R5: what is typed over a value that is just losing rests on what that value rested on."""
    person = first.add("王小明", phones="0")
    settle(first, second)
    first.clock.move(minutes=1)
    first.edit(person, phones="unseen")
    first.sync()
    edits = ["loses", "typed while that was on its way"]

    def type_on(_path, answer):
        if edits:  # the first while the page with "unseen" is on its way, the second while the first is being pushed
            second.edit(person, phones=edits.pop(0))
            second.clock.move(minutes=2)
        return answer

    second.line.after = type_on
    second.sync()
    settle(first, second)
    losers = {clash.other.value for clash in conflicts.open_conflicts(first.db)}
    assert first.person(person).phones == "typed while that was on its way"
    assert losers == {"loses", "unseen"}


def test_numbers_from_before_a_restore_prove_nothing_after_it(first, second, server):
    """R9: otherwise a value written after the restore would be overwritten by somebody who never saw it."""
    person = first.add("王小明", phones="0")
    settle(first, second)
    copy = server.keep_copy()
    for note in "abcdefgh":
        first.edit(person, note=note)
        first.sync()
    second.sync()
    first.edit(person, note="i")
    first.sync()
    calls = []

    def answered(_path, answer):
        calls.append(1)
        if len(calls) == 1:
            second.edit(person, phones="mine")  # while the page is on its way: it is stored beside this edit
        else:
            lost()
        return answer

    second.line.after = answered
    with pytest.raises(NetworkError):
        second.sync()
    second.line.heal()
    server.restore(copy)
    first.sync()
    first.clock.move(minutes=1)
    first.edit(person, phones="theirs")
    settle(first, second)
    values = {(clash.shown.value, clash.other.value) for clash in conflicts.open_conflicts(second.db)}
    assert values == {("theirs", "mine")}
    assert first.replica() == second.replica()


# ------------------------------------------------------------------------------------- a third value, both, many, again


def test_both_numbers_can_be_kept_the_one_that_stands_first_and_so_it_is_on_every_desk(first, second, clash):
    assert conflicts.choices(first.db, clash).joined == "13900000003 13900000002"
    conflicts.join(first.db, first.app.actor, clash.id)
    settle(first, second)
    assert second.person(clash.record_id).phones == "13900000003 13900000002"
    (done,) = conflicts.settled_conflicts(second.db)
    assert (done.status, done.resolved_by) == ("merged", first.app.actor.name)
    assert conflicts.count_open(second.db) == 0


def test_a_third_value_can_be_typed_and_is_tidied_like_in_the_form(first, second, clash):
    conflicts.merge(first.db, first.app.actor, clash.id, " 13900000002，13900000009 ")
    settle(first, second)
    assert second.person(clash.record_id).phones == "13900000002 13900000009"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [("birth", "2026-02-30", "不是日历上有的日期"), ("name", "", "不能空着"), ("sex", "甲", "性别不能是")],
)
def test_a_third_value_that_is_not_sound_is_refused_at_its_field_and_nothing_changes(first, field, typed, words):
    person = first.add("王小明", sex="男", birth="1950-01-01")
    with first.db.transaction(first.app.actor, "准备") as tx:
        now = getattr(first.person(person), field)
        made = tx.add(Conflict(tbl="person", row_id=person, field=field, win_value=f'"{now}"', lose_value='"x"'))
    with pytest.raises(AppError, match=words) as caught:
        conflicts.merge(first.db, first.app.actor, made.id, typed)
    assert caught.value.field == field
    assert getattr(first.person(person), field) == now
    assert conflicts.count_open(first.db) == 1


@pytest.mark.parametrize(
    ("field", "one", "other", "both"),
    [
        ("phones", "1 2", "2 3", "1 2 3"),
        ("note", "周二上门", "女儿在武汉", "周二上门\n女儿在武汉"),
        ("note", "周二上门", "周二上门，女儿在武汉", "周二上门，女儿在武汉"),
        ("occupation", "教师", "退休", "教师、退休"),
        ("occupation", "教师", None, None),
        ("name", "王小明", "王晓明", None),
        ("birth", "1950-01", "1951-01", None),
    ],
)
def test_what_can_be_joined_is_joined_as_people_would_write_it(field, one, other, both):
    assert settling.joined("person", field, one, other) == both


def test_several_are_settled_in_one_step_and_what_cannot_be_settled_stays_open(first, second):
    people = [first.add(name, occupation="0") for name in ("王小明", "李德福", "张桂兰")]
    settle(first, second)
    second.clock.move(minutes=1)
    for person in people:
        first.edit(person, occupation="教师")
        second.edit(person, occupation="工人")
    settle(first, second)
    first.edit(people[2], occupation="医生")
    chosen = [conflicts.Choice(one.id, conflicts.SWAP) for one in conflicts.open_conflicts(first.db)]
    settled = conflicts.settle(first.db, first.app.actor, chosen)
    assert settled.count == 2
    assert "职业后来又改过" in settled.problems[0]
    assert [first.person(person).occupation for person in people] == ["教师", "教师", "医生"]
    assert [one.record_id for one in conflicts.open_conflicts(first.db)] == [people[2]]
    undo(first.db, first.app.actor, last_action(first.db, first.app.actor)[0])
    assert [first.person(person).occupation for person in people] == ["工人", "工人", "医生"]
    assert conflicts.count_open(first.db) == 3


@pytest.fixture
def two_heads(first, second) -> tuple[str, str, str]:
    """A household whose head two desks changed while apart: the home, who heads it now, who would by the other."""
    people = [first.add(name) for name in ("王小明", "李德福", "张桂兰")]
    with first.db.transaction(first.app.actor, "登记一户") as tx:
        home = tx.add(Household(kind="家庭户", status="在住", head_id=people[0])).id
        for person, relation in zip(people, ("户主", "子", "女"), strict=True):
            tx.add(HouseholdMember(household_id=home, person_id=person, relation=relation))
    settle(first, second)
    second.clock.move(minutes=1)
    change_head(first.db, first.app.actor, home, people[1])
    change_head(second.db, second.app.actor, home, people[2])
    settle(first, second)
    return home, people[2], people[1]


def family(desk: Desk, home: str) -> tuple[str, dict[str, str]]:
    """Who heads a household, and how everybody is related."""
    told = desk.db.rows("SELECT person_id,relation FROM household_member WHERE household_id=?", (home,))
    return desk.db.scalar("SELECT head_id FROM household WHERE id=?", (home,)), dict(told)


@pytest.mark.parametrize("how", [conflicts.KEEP, conflicts.SWAP])
def test_two_heads_of_one_household_are_one_question_and_nobody_else_is_called_head(first, second, two_heads, how):
    home, now, other = two_heads
    waiting = conflicts.open_conflicts(first.db)
    assert sorted(one.field for one in waiting) == ["head_id", "relation", "relation"]
    about_head = next(one for one in waiting if one.field == "head_id")
    conflicts.settle(first.db, first.app.actor, [conflicts.Choice(about_head.id, how)])
    chosen = now if how == conflicts.KEEP else other
    settle(first, second)
    for desk in (first, second):
        assert conflicts.count_open(desk.db) == 0, "who is called 户主 follows from it"
        head, relations = family(desk, home)
        assert head == chosen
        assert [person for person, relation in relations.items() if relation == "户主"] == [chosen]
    undo(first.db, first.app.actor, last_action(first.db, first.app.actor)[0])
    assert conflicts.count_open(first.db) == 3
    assert family(first, home)[0] == now


def test_all_three_chosen_at_once_end_like_the_head_alone(first, second, two_heads):
    home, _, other = two_heads
    waiting = conflicts.open_conflicts(first.db)
    done = conflicts.settle(first.db, first.app.actor, [conflicts.Choice(one.id, conflicts.SWAP) for one in waiting])
    assert done == conflicts.Settled(3, ())
    assert family(first, home)[0] == other


def test_nobody_becomes_a_second_head_by_his_relation_alone(first, second, two_heads):
    home, now, _other = two_heads
    relation = next(one for one in conflicts.open_conflicts(first.db) if one.record_name == "李德福")
    assert not conflicts.choices(first.db, relation).swap
    for choose in (
        lambda: conflicts.swap(first.db, first.app.actor, relation.id),
        lambda: conflicts.merge(first.db, first.app.actor, relation.id, "户主"),
    ):
        with pytest.raises(AppError, match="一户只有一位户主"):
            choose()
    assert family(first, home)[0] == now


def test_taking_a_choice_back_puts_it_back_on_every_desk(first, second, clash):
    conflicts.swap(first.db, first.app.actor, clash.id)
    settle(first, second)
    assert conflicts.count_open(second.db) == 0
    undo(first.db, first.app.actor, last_action(first.db, first.app.actor)[0])
    settle(first, second)
    assert second.person(clash.record_id).phones == "13900000003"
    assert [one.id for one in conflicts.open_conflicts(second.db)] == [clash.id]
    assert first.replica() == second.replica()


def test_what_was_settled_at_another_desk_can_be_asked_again_with_what_stands_now_first(first, second, clash):
    conflicts.swap(first.db, first.app.actor, clash.id)
    settle(first, second)
    conflicts.reopen(second.db, second.app.actor, clash.id)
    settle(second, first)
    (again,) = conflicts.open_conflicts(first.db)
    assert (again.shown.value, again.other.value) == ("13900000002", "13900000003")
    conflicts.swap(first.db, first.app.actor, clash.id)
    settle(first, second)
    assert second.person(clash.record_id).phones == "13900000003"


def test_a_signed_meeting_is_not_changed_by_a_choice(first):
    with first.db.transaction(first.app.actor, "准备") as tx:
        meeting = tx.add(Meeting(title="议事会", kind="议事会", place="甲", signed_at=1))
        item = tx.add(AgendaItem(meeting_id=meeting.id, seq=1, title="甲"))
        rows = (("meeting", meeting.id, "place"), ("agenda_item", item.id, "title"))
        made = [
            tx.add(Conflict(tbl=table, row_id=row, field=field, win_value='"甲"', lose_value='"乙"')).id
            for table, row, field in rows
        ]
    for one in made:
        with pytest.raises(AppError, match="已经签字"):
            conflicts.swap(first.db, first.app.actor, one)
        conflicts.keep(first.db, first.app.actor, one)


# ------------------------------------------------------------------------------------------------------- every kind


@pytest.mark.parametrize("kind", [*KINDS, "brand_new"])
@pytest.mark.parametrize("table", ["person", "person_event", "stall"])
def test_every_kind_of_clash_about_any_table_has_words_and_can_at_least_be_acknowledged(first, kind, table):
    person = first.add("王小明")
    with first.db.transaction(first.app.actor, "准备") as tx:
        made = tx.add(
            Conflict(
                tbl=table,
                row_id=person,
                field="" if kind in ("delete_edit", "undelete") else "note",
                kind=kind,
                win_value="not json at all",
                lose_value='{"phones": "13900000001", "who": [1, null]}',
                base_value="7",
            )
        )
    (found,) = conflicts.open_conflicts(first.db)
    assert found.words
    assert "{" not in found.words
    assert found.meaning.keep
    assert found.base == 7
    can = conflicts.choices(first.db, found)
    if table == "stall":  # of a newer version
        assert (can.swap, can.merge, can.joined) == (False, False, None)
    conflicts.keep(first.db, first.app.actor, made.id)
    assert [one.kind for one in conflicts.settled_conflicts(first.db)] == [kind]


def test_a_whole_record_as_a_value_is_read_field_by_field_with_its_numbers_masked(first):
    words = value_words(first.db, "person", "", {"name": "王小明", "phones": "13900000001", "note": None})
    assert words.shown == "姓名：王小明；联系电话：139****0001"
    assert words.whole == "姓名：王小明；联系电话：13900000001"


def test_codes_references_and_moments_are_read_as_words(first):
    person = first.add("王小明")
    with first.db.transaction(first.app.actor, "准备") as tx:
        home = tx.add(Household(head_id=person))
        tag = tx.add(PersonTag(person_id=person, tag="独居老人"))
    db = first.db
    assert value_words(db, "household", "head_id", person).shown == "王小明"
    assert value_words(db, "household", "head_id", "nobody").shown == "已不在的记录"
    assert value_words(db, "seat", "role", "building_head").shown == codes("roles").name("building_head")
    assert value_words(db, "attendance", "voting", value=True).shown == "是"
    assert value_words(db, "meeting", "signed_at", 0).shown.startswith("1970-01-01")
    assert record_name(db, "household", home.id) == "王小明 家庭户"
    assert record_name(db, "person_tag", tag.id) == "王小明 独居老人"
