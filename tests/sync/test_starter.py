"""A new desk that never had a network, set up from a file."""

from pathlib import Path

import pytest

from central_server import bundles, devices
from desktop_app import app as desktop
from desktop_app.app import Beginning
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.sync import rebase, starter, state
from tests.conftest import NOON
from tests.sync.desks import SCOPE, Desk, lost
from tests.sync.sticks import Stick

DAYS = 86_400_000


@pytest.fixture
def usb(tmp_path, server) -> Stick:
    return Stick(tmp_path / "usb", server)


@pytest.fixture
def begin(tmp_path, server, usb):
    """Makes a starter, or opens one as a new desk."""
    made: list[Desk] = []

    class Begin:
        def starter(self, **options) -> tuple[Path, str]:
            data, passcode = bundles.starter(server.central, SCOPE, "二号机", **options)
            file = usb.new("starter")
            file.write_bytes(data)
            return file, passcode

        def desk(self, file: Path, passcode: str, name: str) -> Desk:
            clock = FixedClock(NOON)
            told = starter.read(file, passcode, clock)
            app = desktop.create(tmp_path / name, Beginning(told.identity.unit, told.code, "李四"), clock=clock)
            starter.apply(app.db, app.secrets, told)
            app.close()
            made.append(Desk(tmp_path / name, server, clock))
            return made[-1]

    yield Begin()
    for desk in made:
        desk.app.close()


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def test_a_desk_set_up_from_a_file_has_everything_and_works_by_stick_alone(first, begin, usb):
    person = first.add("王小明", phones="13900000001")
    first.sync()
    desk = begin.desk(*begin.starter(), "new")
    desk.line.before = lost
    assert desk.person(person).phones == "13900000001"
    assert desk.app.community.name == "江山社区"
    first_identity = desk.state().device
    desk.edit(person, note="来自新机")
    report = usb.carry(desk)
    assert report.problems == []
    assert desk.state().device != first_identity
    assert desk.db.setting(rebase.RENEW) is None
    first.sync()
    assert first.person(person).note == "来自新机"
    usb.carry(desk)
    assert desk.replica() == first.replica()


def test_at_its_first_contact_over_the_network_it_takes_a_key_the_server_does_not_know(first, begin, server):
    first.add("王小明")
    first.sync()
    desk = begin.desk(*begin.starter(url="https://central.test"), "new")
    before = desk.state()
    desk.sync()
    now = desk.state()
    assert now.device != before.device
    assert server.rows("select parent from device where id=?", now.device) == [(before.device,)]
    assert not desk.app.secrets.get(f"sync-key-{SCOPE}-{before.device}")
    settle(desk, first)
    assert desk.replica() == first.replica()


@pytest.mark.parametrize("by_stick", [True, False])
def test_a_starter_opened_twice_makes_two_desks_and_the_second_takes_another_identity(first, begin, usb, by_stick):
    first.add("王小明")
    first.sync()
    file, passcode = begin.starter(url="https://central.test")
    one, two = begin.desk(file, passcode, "one"), begin.desk(file, passcode, "two")
    mine, theirs = one.add("李小红"), two.add("赵小刚")
    for desk in (one, two):
        if by_stick:
            usb.carry(desk)
            usb.carry(desk)
        else:
            desk.sync()
    assert len({desk.state().device for desk in (first, one, two)}) == 3
    settle(first, one, two)
    assert {mine, theirs} <= first.people().keys()
    assert first.replica() == one.replica() == two.replica()


def test_the_passcode_is_asked_for_and_what_people_type_is_tidied(begin, usb):
    file, passcode = begin.starter()
    told = starter.read(file, f" {passcode[:4].lower()}-{passcode[4:]} ", FixedClock(NOON))
    assert told.identity.unit == "江山社区"
    for wrong in ("", "A", "A" * 16, passcode[::-1]):
        with pytest.raises(AppError, match="启动口令") as refused:
            starter.read(file, wrong, FixedClock(NOON))
        assert refused.value.field == "passcode"
    assert passcode.encode() not in file.read_bytes()
    assert "江山社区".encode() not in file.read_bytes()


def test_a_starter_is_good_for_seven_days_here_and_at_the_server(first, begin, usb, server):
    file, passcode = begin.starter()
    late = FixedClock(NOON)
    late.move(days=8)
    with pytest.raises(AppError, match="有效期"):
        starter.read(file, passcode, late)
    desk = begin.desk(file, passcode, "new")
    up = usb.export(desk)
    server.clock.move(days=8)
    with pytest.raises(bundles.BundleError, match="过期"):
        usb.answer(up)
    with desk.db.applying() as tx:
        state.save(tx, server_url="https://central.test")
    with pytest.raises(AppError, match="停用"):
        desk.sync()


def test_a_desk_without_an_address_says_that_it_goes_by_stick(begin):
    desk = begin.desk(*begin.starter(), "new")
    desk.line = None
    with pytest.raises(AppError, match="U盘"):
        desk.sync()


def test_something_else_or_a_damaged_file_is_no_starter(first, begin, usb):
    file, passcode = begin.starter()
    first.add("王小明")
    with pytest.raises(AppError, match="不是启动文件"):
        starter.read(usb.export(first), passcode, FixedClock(NOON))
    whole = file.read_bytes()
    for spoiled, words in ((whole[:-1], "已损坏"), (whole[:20], "没有拷贝完整"), (b"", "没有拷贝完整")):
        file.write_bytes(spoiled)
        with pytest.raises(AppError, match=words):
            starter.read(file, passcode, FixedClock(NOON))


def test_whoever_is_shut_out_later_takes_the_desks_that_came_from_the_starter_along(first, begin, usb, server):
    desk = begin.desk(*begin.starter(), "new")
    made = desk.state().device
    usb.carry(desk)
    up = usb.export(desk)
    with server.storage.writing() as session:
        devices.revoke(session, desk.state().scope, made, server.clock.ms())
    with pytest.raises(bundles.BundleError, match="停用"):
        usb.answer(up)
