"""Units are split and merged while desks are half-way: batches frozen, sticks sealed, codes handed out."""

from pathlib import Path

import pytest

from central_server import bundles, devices, regrouping, units
from desktop_app import app as desktop
from desktop_app.app import Beginning
from desktop_app.meetings import actions as meetings
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import enrol, starter
from desktop_app.sync.status import status
from tests.conftest import NOON
from tests.sync.conftest import NAMES, NEIGHBOUR, STREET
from tests.sync.desks import SCOPE, Desk, Server, lost
from tests.sync.sticks import Stick
from tests.sync.test_units import call, equal_to_server, house, settle

THIRD = 420299001003


def at_rest(desk: Desk, server: Server) -> bool:
    now = status(desk.db)
    return (now.waiting, now.set_aside) == (0, 0) and equal_to_server(desk, server)


@pytest.fixture
def late(tmp_path, district):
    """A computer of 江北社区 that was set up and is not known to the server yet."""
    home = tmp_path / "late"
    desktop.create(home, Beginning(NAMES[NEIGHBOUR], str(NEIGHBOUR), "李四"), clock=FixedClock(NOON)).close()
    desk = Desk(home, district, FixedClock(NOON))
    yield desk
    desk.app.close()


@pytest.mark.parametrize("answered", ["before the split", "after it"])
def test_what_was_frozen_and_sealed_before_a_split_goes_after_whoever_went(make, theirs, district, tmp_path, answered):
    usb, first, second = Stick(tmp_path / "usb", district), make(SCOPE, "一号机"), make(SCOPE, "二号机")
    goes, stays = house(first, "王小明"), house(first, "李小红")
    settle(first, second, theirs)
    second.edit(goes, note="封在U盘里", phones="13900000001")
    second.edit(stays, note="封在U盘里")
    up = usb.export(second)
    second.edit(goes, live_address="封好以后")
    first.edit(goes, note="网上先到")
    first.sync()
    down = usb.answer(up) if answered == "before the split" else None
    assert regrouping.split(district.storage, SCOPE, NEIGHBOUR, [("person", goes)], district.clock.ms()) == (1, [])
    usb.import_(second, down or usb.answer(up))
    settle(second, theirs, first)
    assert first.person(goes) is second.person(goes) is None
    found = theirs.person(goes)
    assert (found.phones, found.live_address) == ("13900000001", "封好以后")
    ((lost_note,),) = theirs.db.rows("SELECT lose_value FROM conflict WHERE row_id=? AND field='note'", (goes,))
    assert {found.note, lost_note.strip('"')} == {"封在U盘里", "网上先到"}
    assert first.person(stays).note == "封在U盘里"
    assert [at_rest(desk, district) for desk in (first, second, theirs)] == [True] * 3
    assert first.replica() == second.replica()


@pytest.mark.parametrize("enrolled", [False, True])
def test_a_code_of_a_unit_that_is_merged_before_the_desk_first_speaks_still_lets_it_in(
    ours, theirs, district, late, enrolled
):
    known, mine = theirs.add("李小红"), late.add("接入前登记的")
    settle(theirs)
    with district.storage.writing() as session:
        code = devices.make_code(session, NEIGHBOUR, district.clock.ms())

    def let_in() -> None:
        way = {"server_url": "https://central.test", "name": "新电脑", "transport": late.line}
        enrol.enrol(late.db, late.app.secrets, code=code, **way)

    if enrolled:
        let_in()
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    if not enrolled:
        let_in()
    settle(late, ours)
    assert late.state().scope == SCOPE
    assert late.person(known).name == "李小红"
    assert ours.person(mine).name == "接入前登记的"
    assert at_rest(late, district)


def test_a_desk_set_up_from_a_file_of_a_unit_that_is_merged_meanwhile_gets_there_by_stick(
    ours, theirs, district, tmp_path
):
    usb, known = Stick(tmp_path / "usb", district), theirs.add("李小红")
    settle(theirs)
    data, passcode = bundles.starter(district.central, NEIGHBOUR, "新电脑")
    file = usb.new("starter")
    file.write_bytes(data)
    clock = FixedClock(NOON)
    told = starter.read(file, passcode, clock)
    app = desktop.create(tmp_path / "new", Beginning(told.identity.unit, told.code, "李四"), clock=clock)
    starter.apply(app.db, app.secrets, told)
    app.close()
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    desk = Desk(Path(tmp_path / "new"), district, clock)
    try:
        desk.edit(known, note="在路上写的")
        for _ in range(4):
            usb.carry(desk)
        settle(ours)
        usb.carry(desk)
        assert desk.state().scope == SCOPE
        assert ours.person(known).note == desk.person(known).note == "在路上写的"
        assert at_rest(desk, district)
    finally:
        desk.app.close()


def test_a_desk_that_slept_through_two_mergers_hands_over_its_frozen_batch_and_arrives(
    ours, theirs, make, district, monkeypatch
):
    with district.storage.writing() as session:
        units.create(session, THIRD, "江东社区", district.clock.ms(), kind="community", parent=STREET)
    monkeypatch.setitem(NAMES, THIRD, "江东社区")
    desk = make(THIRD, "江东一号机")
    person = desk.add("赵小刚")
    settle(desk)
    desk.edit(person, note="在途")
    desk.line.after = lost
    with pytest.raises(NetworkError):
        desk.sync()
    desk.line.heal()
    new = desk.add("钱小花")
    regrouping.merge(district.storage, THIRD, NEIGHBOUR, district.clock.ms())
    settle(theirs)
    theirs.edit(person, phones="13900000001")
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    settle(desk, theirs, ours)
    for one in (desk, theirs, ours):
        assert one.state().scope == SCOPE
        assert (one.person(person).note, one.person(person).phones) == ("在途", "13900000001")
        assert one.person(new) is not None
        assert at_rest(one, district)


def test_a_withdrawal_that_arrives_before_what_it_takes_back_leaves_nothing_and_hinders_no_new_share(
    ours, street, district
):
    meeting = call(ours)
    settle(ours, street)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    ours.sync()
    sharing.unshare(ours.db, ours.app.actor, meeting)
    ours.sync()
    street.sync()
    assert street.db.get(Meeting, meeting) is None
    assert street.db.rows("SELECT title,sync_del FROM meeting") == [("", 3)]
    assert at_rest(street, district)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    meetings.add_resolution(street.db, street.app.actor, meeting, "街道协调")
    settle(street, ours)
    assert ours.db.scalar("SELECT text FROM resolution WHERE meeting_id=?", (meeting,)) == "街道协调"
    assert at_rest(street, district)
