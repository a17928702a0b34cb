"""A bell belongs to a home, is tested every month, and what happened to it is never rewritten."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.care import actions, queries, rules
from desktop_app.care.model import DoorBell, DoorBellEvent
from desktop_app.care.rules import ALARM, CAME, FAULT, KINDS, REPAIRED, TEST
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.shared.errors import AppError
from desktop_app.store import history
from tests.care.conftest import DAY


def hung(db, actor, person, **fields):
    fields.setdefault("kind", "门口按键")
    return actions.hang(db, actor, DoorBell(person_id=person.id, **fields)).bell


def heard(db, actor, bell, kind, at, **fields):
    return actions.note(db, actor, DoorBellEvent(bell_id=bell.id, kind=kind, at=at, by_name="", **fields))


def only(db):
    (line,) = queries.bells(db)
    return line


def test_a_bell_finds_its_home_and_is_to_be_tested_at_once(db, actor, street, grandmother):
    bell = hung(db, actor, grandmother, kind="爱心门铃")
    line = only(db)
    assert (bell.kind, bell.household_id, bell.room_id) == (
        "门口按键",
        street.household(grandmother).id,
        street.room("1", "101").id,
    )
    assert (line.name, line.address, line.radius_m, line.word) == ("王桂英", "桂花苑1栋101室", 500, "该试铃")
    assert line.test_due


def test_a_test_is_due_every_month_and_an_alarm_that_rang_is_one(db, actor, clock, grandmother):
    bell = hung(db, actor, grandmother, installed_on="2026-10-01")
    assert only(db).state.days_over == 22
    heard(db, actor, bell, TEST, "2026-11-01")
    assert (only(db).word, only(db).state.test_due) == ("正常", "2026-12-01")
    heard(db, actor, bell, ALARM, "2026-11-20 03:20", who_came="李志强", cause="摔倒")
    assert only(db).state.test_due == "2026-12-20"
    clock.move(days=28)
    assert [line.id for line in queries.bells_due(db)] == [bell.id]


def test_an_alarm_waits_until_somebody_notes_who_came(db, actor, grandmother):
    bell = hung(db, actor, grandmother)
    heard(db, actor, bell, ALARM, "2026-11-21 22:15")
    assert only(db).word == "报警未记到场"
    heard(db, actor, bell, CAME, "2026-11-21 22:20", who_came="陈建国", text="扶起，无大碍")
    assert only(db).word == "正常"
    assert [event.kind for event in queries.bell_events(db, bell.id)] == [CAME, ALARM]


def test_a_fault_lasts_until_a_repair_or_a_test_that_worked(db, actor, grandmother):
    bell = hung(db, actor, grandmother)
    heard(db, actor, bell, FAULT, "2026-11-20")
    assert only(db).word == "故障"
    heard(db, actor, bell, REPAIRED, "2026-11-21")
    assert only(db).word == "正常"


MOMENTS = st.dates().map(lambda day: f"{day.isoformat()} 08:00")
EVENTS = st.lists(st.tuples(st.sampled_from(KINDS), MOMENTS, st.sampled_from((None, "李志强"))), max_size=20)


@given(EVENTS, st.integers(0, 99), EVENTS)
def test_where_a_bell_stands_does_not_depend_on_the_order_events_arrive_in_or_on_repetition(events, seed, more):
    shuffled = [*events, *events[: len(more)]]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 an order that can be repeated
    assert rules.latest(shuffled) == rules.latest(events)


def test_an_alarm_to_come_is_refused_and_nothing_is_written(db, actor, grandmother):
    bell = hung(db, actor, grandmother)
    for at in ("2026-11-23", "2026-11-22 12:01"):
        with pytest.raises(AppError, match="还没有到") as told:
            heard(db, actor, bell, ALARM, at)
        assert told.value.field == "at"
    assert queries.bell_events(db, bell.id) == []
    heard(db, actor, bell, ALARM, "2026-11-22 12:00", who_came="张三")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "响铃", "at": DAY}, "kind"),
        ({"kind": ALARM, "at": "昨晚"}, "at"),
        ({"kind": ALARM, "at": "2026-11-21 25:00"}, "at"),
        ({"kind": ALARM, "at": "2026-11-21 10:00", "who_came": "李", "came_at": "2026-11-21 09:00"}, "came_at"),
        ({"kind": CAME, "at": DAY}, "who_came"),
        ({"kind": ALARM, "at": DAY, "cause": "外星人"}, "cause"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(db, actor, grandmother, fields, field):
    bell = hung(db, actor, grandmother)
    with pytest.raises(AppError) as told:
        actions.note(db, actor, DoorBellEvent(bell_id=bell.id, by_name="", **fields))
    assert told.value.field == field
    assert told.value.next_step


def test_no_bell_hangs_in_an_empty_room(db, actor, street):
    with pytest.raises(AppError, match="没有登记住户"):
        actions.hang(db, actor, DoorBell(room_id=street.room("1", "302").id, kind="门口按键"))
    assert queries.bells(db) == []


def test_a_bell_whose_household_moved_away_says_so_and_is_not_tested(db, actor, street, grandmother):
    bell = hung(db, actor, grandmother)
    residents.leave(db, actor, grandmother.id, "搬离", "2026-11-10")
    db_line = only(db)
    assert (db_line.word, db_line.test_due) == ("无人居住", False)
    street.person("新住户", "1", "101")
    assert (only(db).word, only(db).test_due) == ("住户已换", True)
    assert actions.take_down(db, actor, bell.id, DAY, "搬走").to_on == DAY
    assert queries.bells(db) == []
    assert [line.word for line in queries.bells(db, ended=True)] == [f"{DAY} 拆除"]


@pytest.mark.parametrize(("metres", "words"), [(0, "太小"), (49, "太小"), (50_000, "太大")])
def test_a_radius_of_nothing_or_of_half_the_town_is_refused(db, actor, grandmother, metres, words):
    with pytest.raises(AppError, match=words) as told:
        hung(db, actor, grandmother, radius_m=metres)
    assert told.value.field == "radius_m"
    bell = hung(db, actor, grandmother, radius_m=300)
    with pytest.raises(AppError, match=words):
        actions.change_bell(db, actor, bell.id, radius_m=metres)
    assert only(db).radius_m == 300


def test_a_second_bell_in_the_same_place_is_refused_and_one_elsewhere_is_not(db, actor, grandmother):
    hung(db, actor, grandmother)
    with pytest.raises(AppError, match="已经登记过"):
        hung(db, actor, grandmother)
    hung(db, actor, grandmother, place="床头")
    assert len(queries.bells(db)) == 2


def test_where_it_hangs_cannot_be_changed_and_its_number_can(db, actor, street, grandmother):
    bell = hung(db, actor, grandmother)
    with pytest.raises(AppError, match="不能改"):
        actions.change_bell(db, actor, bell.id, room_id=street.room("2", "101").id)
    assert actions.change_bell(db, actor, bell.id, device_no="A-17").device_no == "A-17"


def test_nobody_who_has_died_gets_a_bell(db, actor, street, grandmother):
    residents.record_death(db, actor, grandmother.id, "2026-11-10")
    with pytest.raises(AppError, match="去世"):
        hung(db, actor, grandmother)


def test_a_building_without_coordinates_is_a_doubt_when_a_bell_is_hung(db, actor, street):
    person = street.person("刘奶奶", "4", "101")
    (doubt,) = actions.hang(db, actor, DoorBell(person_id=person.id, kind="拉绳")).doubts
    assert "没有坐标" in doubt


def test_nothing_is_noted_of_a_bell_after_it_was_taken_down(db, actor, grandmother):
    bell = hung(db, actor, grandmother)
    actions.take_down(db, actor, bell.id, "2026-11-10")
    with pytest.raises(AppError, match="拆除"):
        heard(db, actor, bell, TEST, DAY)
    heard(db, actor, bell, TEST, "2026-11-09")


def test_a_walk_of_tests_is_noted_at_once_and_taken_back_at_once(db, actor, street, grandmother):
    other = street.person("李奶奶", "2", "101")
    bells = [hung(db, actor, grandmother), hung(db, actor, other)]
    actions.note_all(db, actor, [DoorBellEvent(bell_id=one.id, kind=TEST, at=DAY, by_name="") for one in bells])
    assert queries.bells_due(db) == []
    number, what = history.last_action(db, actor)
    assert what == "登记门铃测试（2次）"
    history.undo(db, actor, number)
    assert len(queries.bells_due(db)) == 2


def test_a_bell_moves_with_nobody(db, actor, street, grandmother):
    """It stays at the door when its user moves to another room of the community."""
    hung(db, actor, grandmother)
    residents.move(db, actor, grandmother.id, Home(street.room("2", "102").id), "2026-11-15")
    assert only(db).address == "桂花苑1栋101室"
    assert only(db).word == "无人居住"


def test_a_bell_in_a_colleagues_grid_needs_a_reason(db, actor, grandmother, monkeypatch):
    """首问负责: nobody is sent away, and the reason is kept."""

    def elsewhere(*_told, why="", **_who):
        if not why:
            raise AppError("不是您负责的网格。", field="why", next_step="请写明原因。")

    monkeypatch.setattr(actions, "must_reach", elsewhere)
    with pytest.raises(AppError) as told:
        hung(db, actor, grandmother)
    assert told.value.field == "why"
    actions.hang(db, actor, DoorBell(person_id=grandmother.id, kind="门口按键"), "窗口代办")
    assert len(queries.bells(db)) == 1
    assert db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1") == "窗口代办"
