"""Desks call each other by name."""

from desktop_app.sync import conflicts, logbook, units
from desktop_app.sync.units import HOUR_MS
from sync_protocol.enrolment import Identity


def clash(first, second) -> conflicts.OpenConflict:
    """Two desks write the same field without having seen each other."""
    person = first.add("王小明", note="")
    for desk in (first, second):
        desk.sync()
    first.edit(person, note="甲")
    second.edit(person, note="乙")
    for desk in (first, second, first):
        desk.sync()
    (one,) = conflicts.open_conflicts(first.db)
    return one


def test_a_clash_says_which_desk_wrote_what(first, second):
    one = clash(first, second)
    first.clock.move(milliseconds=HOUR_MS)
    first.sync()
    assert {units.desk_name(first.db, side.device) for side in (one.shown, one.other)} == {"本机", "二号机"}
    assert units.desks(first.db) == ["一号机", "二号机"]
    assert ("本单位电脑", "一号机、二号机") in logbook.facts(first.db)


def test_a_desk_that_came_later_is_known_within_the_hour_when_its_name_is_needed(first, make_desk):
    """The first desk was told who is there before the other one came; once a day it asks anyway."""
    first.sync()
    later = make_desk("新来的")
    one = clash(first, later)
    theirs = max(side.device for side in (one.shown, one.other) if side.device != first.state().device)
    assert units.desk_name(first.db, theirs) == "另一台电脑"
    first.clock.move(milliseconds=HOUR_MS)
    first.sync()
    assert units.desk_name(first.db, theirs) == "新来的"


def test_what_a_desk_wrote_under_an_earlier_identity_is_its_own(first, server):
    before = first.state().device
    with server.storage.writing() as session:  # a twin has spoken
        session.run("update device set nonce='other'")
    first.sync()
    assert first.state().device != before
    assert units.desk_name(first.db, before) == "本机"
    assert units.desk_name(first.db, 0) == ""


def test_a_server_that_does_not_name_desks_yet_is_understood():
    told = Identity(7, 1, 420299001001, "江山社区", "一号机", 1, desks=()).to_wire()
    del told["desks"]
    assert Identity.from_wire(told).desks == ()
