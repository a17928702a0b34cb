"""Two desks and a server: what each of them has after everybody has synced."""

from desktop_app.sync import conflicts
from desktop_app.sync.status import RowState, row_state, status


def settle(*desks) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def test_a_record_made_on_one_desk_arrives_at_the_other(first, second):
    person = first.add("王小明", phones="13900000001")
    first.sync()
    report = second.sync()
    assert second.person(person).phones == "13900000001"
    assert report.pulled >= 1
    assert first.replica().keys() >= second.replica().keys()


def test_different_fields_of_one_record_edited_offline_are_both_kept(first, second):
    person = first.add("王小明", phones="13900000001", note="甲")
    settle(first, second)
    first.edit(person, phones="13900000002")
    second.edit(person, note="乙")
    settle(first, second)
    for desk in (first, second):
        assert (desk.person(person).phones, desk.person(person).note) == ("13900000002", "乙")
        assert conflicts.count_open(desk.db) == 0
    assert first.replica() == second.replica()


def test_of_the_same_field_the_newest_wins_on_both_and_the_other_value_is_kept_on_both(first, second):
    person = first.add("王小明", phones="13900000001")
    settle(first, second)
    second.clock.move(minutes=1)
    first.edit(person, phones="13900000002")
    second.edit(person, phones="13900000003")
    settle(second, first)
    for desk in (first, second):
        assert desk.person(person).phones == "13900000003"
        (clash,) = conflicts.open_conflicts(desk.db)
        assert (clash.shown.value, clash.other.value) == ("13900000003", "13900000002")
        assert (clash.record_name, clash.field_zh, clash.shown.by, clash.other.by) == (
            "王小明",
            "联系电话",
            "张三",
            "张三",
        )
        assert row_state(desk.db, "person", person) is RowState.CONFLICT
        assert status(desk.db).conflicts == 1


def test_a_conflict_settled_on_one_desk_is_settled_on_all(first, second):
    person = first.add("王小明", phones="13900000001")
    settle(first, second)
    second.clock.move(minutes=1)
    first.edit(person, phones="13900000002")
    second.edit(person, phones="13900000003")
    settle(first, second)
    conflicts.swap(first.db, first.app.actor, conflicts.open_conflicts(first.db)[0].id)
    settle(first, second)
    assert second.person(person).phones == "13900000002"
    assert conflicts.open_conflicts(second.db) == []
    assert first.replica() == second.replica()
