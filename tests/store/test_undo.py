"""Taking an action back: what others rest on stays, what was signed stands, what was pulled is not reverted."""

import pytest

from desktop_app.app import App
from desktop_app.health import examine
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.store.history import UndoReport, last_action, last_undone, undo


def last(db: Database, actor: Actor) -> int:
    found = last_action(db, actor)
    assert found is not None
    return found[0]


@pytest.fixture
def building(db: Database, actor: Actor) -> int:
    """The action that made 3栋 with its four rooms."""
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    places.add_building(db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=2, per_floor=2))
    return last(db, actor)


def test_a_building_nobody_uses_goes_whole(db: Database, actor: Actor, building: int) -> None:
    assert undo(db, actor, building) == UndoReport(undone=5, kept=0)


def test_a_room_somebody_lives_in_by_now_stays_with_its_building(app: App, actor: Actor, building: int) -> None:
    db = app.db
    room = str(db.scalar("SELECT id FROM room WHERE no='201'"))
    person = residents.register(db, actor, Person(name="王小明"), Home(room))
    assert undo(db, actor, building) == UndoReport(undone=3, kept=2)
    assert db.rows("SELECT no FROM room WHERE sync_del=0") == [("201",)]
    assert not [one for one in examine(app) if one.code.startswith("orphan.")]
    residents.leave(db, actor, person.id, "迁出", "2026-11-22")
    assert db.get(Room, room) is not None


def test_what_is_kept_for_later_work_keeps_what_it_points_to(app: App, actor: Actor, building: int) -> None:
    db = app.db
    room = str(db.scalar("SELECT id FROM room WHERE no='101'"))
    places.change_room(db, actor, room, area_m2=88.5)
    assert undo(db, actor, building) == UndoReport(undone=3, kept=2)
    assert db.scalar("SELECT count(*) FROM building WHERE sync_del=0") == 1


def test_a_person_who_was_given_a_tag_since_stays(db: Database, actor: Actor) -> None:
    person = residents.register(db, actor, Person(name="王小明"))
    registered = last(db, actor)
    residents.tag(db, actor, [person.id], "低保")
    assert undo(db, actor, registered).kept == 1
    assert db.get(Person, person.id) is not None


def test_taking_back_the_later_work_first_lets_everything_go(db: Database, actor: Actor, building: int) -> None:
    room = str(db.scalar("SELECT id FROM room WHERE no='201'"))
    residents.register(db, actor, Person(name="王小明"), Home(room))
    undo(db, actor, last(db, actor))
    assert undo(db, actor, building) == UndoReport(undone=5, kept=0)
    assert db.scalar("SELECT count(*) FROM household WHERE sync_del=0") == 0
    assert db.scalar("SELECT count(*) FROM household") == 1, "a tombstone"


def test_what_another_desk_changed_is_not_reverted_here(db: Database, actor: Actor) -> None:
    person = residents.register(db, actor, Person(name="王小明", phones="13900000001"))
    with db.applying() as tx:
        tx.execute("UPDATE person SET phones='13900000002' WHERE id=?", (person.id,))
        pulled = tx.action
    with pytest.raises(AppError, match="别的电脑上改的"):
        undo(db, actor, pulled)
    assert db.scalar("SELECT phones FROM person") == "13900000002"


@pytest.mark.parametrize("which", ["add the item", "what was said", "the time"])
def test_what_was_signed_is_not_changed_by_taking_back_what_came_before(db: Database, actor: Actor, which: str) -> None:
    """The fingerprint of the signature is over these; an undo of an earlier step would go around the lock."""
    meeting = meetings.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-22 15:00"))
    item = meetings.add_agenda_item(db, actor, meeting.id, "修缮单车棚")
    steps = {"add the item": last(db, actor)}
    meetings.record_discussion(db, actor, item.id, "王东：早该修了。")
    steps["what was said"] = last(db, actor)
    meetings.change_meeting(db, actor, meeting.id, ends_at="2026-11-22 16:00")
    steps["the time"] = last(db, actor)
    with db.transaction(actor, "会议记录签字") as tx:
        tx.change(Meeting, meeting.id, signed_at=db.clock.ms())
    with pytest.raises(AppError, match="后来已有会议的签字时间"):
        undo(db, actor, steps[which])
    assert db.rows("SELECT discussion FROM agenda_item WHERE sync_del=0") == [("王东：早该修了。",)]


def test_what_may_still_be_changed_after_a_signature_may_be_taken_back(db: Database, actor: Actor) -> None:
    meeting = meetings.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-22 15:00"))
    other = meetings.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-23 15:00"))
    before = last(db, actor)
    with db.transaction(actor, "会议记录签字") as tx:
        tx.change(Meeting, meeting.id, signed_at=db.clock.ms())
    meetings.change_meeting(db, actor, meeting.id, issue_no="第9期")
    undo(db, actor, last(db, actor))
    assert db.rows("SELECT issue_no FROM meeting") == [(None,), (None,)]
    undo(db, actor, before)
    assert db.get(Meeting, other.id) is None


# ------------------------------------------------------------------------------------------------------- doing it again


def again(db: Database, actor: Actor) -> str:
    """Does again what was taken back last, as Ctrl+Y does; its words."""
    found = last_undone(db, actor)
    assert found is not None
    undo(db, actor, found[0])
    return str(db.scalar("SELECT what FROM journal_action ORDER BY no DESC LIMIT 1"))


def names(db: Database) -> list[str]:
    return [name for (name,) in db.rows("SELECT name FROM person WHERE sync_del=0 ORDER BY local_no")]


@pytest.fixture
def three(db: Database, actor: Actor) -> list[str]:
    """Three people, registered one after the other."""
    for name in ("王一", "王二", "王三"):
        residents.register(db, actor, Person(name=name))
    return names(db)


def test_what_was_taken_back_step_by_step_comes_back_step_by_step(db: Database, actor: Actor, three: list[str]) -> None:
    undo(db, actor, last(db, actor))
    undo(db, actor, last(db, actor))
    assert names(db) == three[:1]
    again(db, actor)
    assert names(db) == three[:2]
    again(db, actor)
    assert names(db) == three
    assert last_undone(db, actor) is None


def test_undo_and_redo_may_follow_each_other_for_ever(db: Database, actor: Actor, three: list[str]) -> None:
    for _ in range(3):
        undo(db, actor, last(db, actor))
        assert names(db) == three[:2]
        again(db, actor)
        assert names(db) == three
    undo(db, actor, last(db, actor))
    undo(db, actor, last(db, actor))
    assert names(db) == three[:1], "what was done again is one step, not two"


def test_a_redo_is_told_in_the_words_of_what_was_done(db: Database, actor: Actor, three: list[str]) -> None:
    found = last_action(db, actor)
    assert found is not None
    undo(db, actor, found[0])
    assert again(db, actor) == f"重做：{found[1]}"
    undo(db, actor, last(db, actor))
    assert db.scalar("SELECT what FROM journal_action ORDER BY no DESC LIMIT 1") == f"撤销：{found[1]}"


def test_after_something_new_there_is_nothing_to_do_again(db: Database, actor: Actor, three: list[str]) -> None:
    undo(db, actor, last(db, actor))
    residents.register(db, actor, Person(name="王四"))
    assert last_undone(db, actor) is None


def test_what_somebody_else_took_back_is_not_done_again_here(db: Database, actor: Actor, three: list[str]) -> None:
    undo(db, actor, last(db, actor))
    assert last_undone(db, Actor("f" * 32, "李四")) is None
