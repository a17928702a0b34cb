"""Two desks and a server: what each of them has after everybody has synced."""

from desktop_app.places.model import Area
from desktop_app.residents.model import Person
from desktop_app.sync import conflicts, enrol
from desktop_app.sync.status import RowState, row_state, status
from tests.sync.desks import SCOPE


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


def test_the_state_of_a_record_and_of_the_desk_can_be_asked_at_any_time(first, second):
    first.sync()
    person = first.add("王小明")
    assert row_state(first.db, "person", person) is RowState.WAITING
    assert status(first.db).words == "上次同步 11-22 12:00 · 待上报 1"
    seen = []
    first.line.before = lambda *_: seen.append((row_state(first.db, "person", person), status(first.db).waiting))
    first.sync()
    assert seen == [(RowState.SENDING, 1)]
    assert row_state(first.db, "person", person) is RowState.SYNCED
    assert row_state(first.db, "person", "nobody") is RowState.LOCAL


def test_a_desk_that_has_not_synced_for_long_says_so(first):
    first.sync()
    urgencies = []
    for _ in range(3):
        urgencies.append(status(first.db).urgency)
        first.clock.move(days=7)
    assert urgencies == ["", "amber", "red"]


def test_a_small_change_and_an_idle_sync_are_one_request_each(first):
    first.sync()
    for change in (lambda: first.add("王小明"), lambda: None):
        change()
        assert first.sync().requests == 1


def test_the_connection_can_be_tried_and_tells_how_far_the_clock_is_off(first):
    first.clock.move(minutes=10)
    connection = enrol.check(first.db, first.app.secrets, first.line)
    assert connection.identity.unit == "江山社区"
    assert connection.clock_ahead_ms == 600_000


def test_what_was_pulled_is_announced_to_the_window(first, second):
    first.add("王小明")
    first.sync()
    told = []
    second.db.changed.append(told.append)
    second.sync()
    assert any("person" in tables for tables in told)


def test_a_pulled_change_keeps_the_earlier_value_in_the_history(first, second):
    person = first.add("王小明", note="甲")
    first.sync()
    second.sync()
    first.edit(person, note="乙")
    first.sync()
    second.sync()
    befores = second.db.rows("SELECT before FROM journal_change WHERE op='r' AND tbl=7")
    assert any("甲" in before for (before,) in befores)


def test_what_an_edit_clashed_with_comes_in_the_very_answer_to_it(first, second):
    """R5: somebody typed while the other value was on its way here; nothing has to be compared to find that out."""
    person = first.add("王小明", note="初")
    settle(first, second)
    second.clock.move(minutes=1)
    second.edit(person, note="乙")
    second.sync()

    def type_on(*_: object) -> None:
        first.line.heal()
        first.edit(person, note="甲")

    first.line.before = type_on
    first.sync()
    assert first.person(person).note == "乙"
    assert conflicts.count_open(first.db) == 1
    assert "/v1/repair" not in [path for path, *_ in first.line.sent]


def test_a_desk_where_somebody_types_on_does_not_clash_with_itself(first, second):
    """R4: its first value was on its way, and met what another had changed beside it."""
    person = first.add("王小明", note="初", phones="13900000001")
    settle(first, second)
    second.edit(person, phones="13900000002")
    second.sync()
    first.edit(person, note="一")

    def type_on(*_: object) -> None:
        first.line.heal()
        first.edit(person, note="二")

    first.line.before = type_on
    settle(first, second)
    for desk in (first, second):
        assert (desk.person(person).note, desk.person(person).phones) == ("二", "13900000002")
        assert conflicts.count_open(desk.db) == 0


def test_a_record_that_was_made_at_both_desks_clashes_where_they_differ(first, second):
    """R3: whoever made it wrote all of its fields, so the other did not see them."""
    for desk, note in ((first, "甲"), (second, "乙")):
        with desk.db.transaction(desk.app.actor, "登记") as tx:
            tx.add(Person(id="p1", name="王小明", note=note))
    settle(first, second)
    (one,) = conflicts.open_conflicts(first.db)
    assert {one.shown.value, one.other.value} == {"甲", "乙"}
    assert first.person("p1").note == second.person("p1").note


def test_a_desk_that_joins_blanks_nothing_of_the_community_both_have_made(make):
    """A community has the same derived identifier wherever it is set up; a new desk knows less of it."""
    first = make(SCOPE, "一号机")
    area = first.db.scalar("SELECT id FROM area WHERE level='社区'")
    with first.db.transaction(first.app.actor, "填写社区") as tx:
        tx.change(Area, area, phone="0714-5400001", address="红旗路1号")
    first.sync()
    second = make(SCOPE, "二号机")
    settle(second, first, second)
    for desk in (first, second):
        assert desk.db.rows("SELECT phone,address FROM area WHERE id=?", (area,)) == [("0714-5400001", "红旗路1号")]
        assert conflicts.count_open(desk.db) == 0
