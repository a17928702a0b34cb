"""How a desk gets in: what a mix-up of codes costs."""

import pytest

from central_server import devices
from desktop_app.shared.errors import AppError
from desktop_app.sync import enrol
from tests.sync.conftest import NEIGHBOUR
from tests.sync.desks import SCOPE, Desk, Server


def code_of(server: Server, unit: int) -> str:
    with server.storage.writing() as session:
        return devices.make_code(session, unit, server.clock.ms())


def let_in(desk: Desk, code: str, **more) -> None:
    enrol.enrol(
        desk.db,
        desk.app.secrets,
        server_url="https://central.test",
        code=code,
        name="新电脑",
        transport=desk.line,
        **more,
    )


def test_a_code_of_another_community_costs_neither_the_code_nor_a_device(ours, theirs, district):
    """A desk with the data of one community is told whose the code is; over there it lets a desk in all the same."""
    before, code = ours.state(), code_of(district, NEIGHBOUR)
    with pytest.raises(AppError, match=r"属于江北社区.*接入码没有用掉") as told:
        let_in(ours, code)
    assert told.value.field == "code"
    assert ours.state() == before
    assert district.rows("select name from device where scope_id=?", NEIGHBOUR) == [("江北一号机",)]
    let_in(theirs, code)
    assert theirs.sync().problems == []


def test_a_desk_set_up_for_one_community_that_never_synced_is_told_the_same(make_desk, district):
    desk = make_desk("新电脑", enrolled=False)
    with pytest.raises(AppError, match=r"属于江北社区.*接入码没有用掉"):
        let_in(desk, code_of(district, NEIGHBOUR))
    assert not desk.state().enrolled
    let_in(desk, code_of(district, SCOPE))
    assert desk.state().scope == SCOPE


def test_an_older_server_that_does_not_hear_whose_data_it_is_lets_nothing_get_mixed_up(ours, district, monkeypatch):
    monkeypatch.setattr(devices, "_must_fit", lambda *_: None)
    with pytest.raises(AppError, match=r"属于江北社区.*数据没有变化"):
        let_in(ours, code_of(district, NEIGHBOUR))
    assert ours.state().scope == SCOPE
