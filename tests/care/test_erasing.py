"""Whoever is erased takes bell, alarms and pairs along; the pairs they kept for others stay without their name."""

from desktop_app.care import actions, queries
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.sync.erasing import erase
from tests.care.conftest import DAY


def test_what_hangs_on_an_erased_resident_goes_with_them(db, actor, street, grandmother):
    bell = actions.hang(db, actor, DoorBell(person_id=grandmother.id, kind="门口按键")).bell
    actions.note(db, actor, DoorBellEvent(bell_id=bell.id, kind="报警", at=DAY, by_name="", text="摔倒送医"))
    actions.pair(db, actor, CarePair(person_id=grandmother.id, helper_name="李静"))
    erase(db, actor, grandmother.id, "本人书面申请")
    assert queries.bells(db, ended=True) == []
    assert queries.pairs(db, ended=True) == []
    assert db.scalar("SELECT count(*) FROM door_bell_event WHERE text IS NOT NULL") == 0


def test_a_helper_who_is_erased_leaves_the_pair_without_a_name(db, actor, street, grandmother):
    helper = street.person("陈建国", "2", "101")
    actions.pair(db, actor, CarePair(person_id=grandmother.id, helper_id=helper.id, helper_name=""))
    erase(db, actor, helper.id, "本人书面申请")
    (line,) = queries.pairs(db)
    assert (line.helper, line.helper_phone) == ("（已清除）", "")
    assert "不在了" in line.doubt
