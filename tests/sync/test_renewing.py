"""A renewal gives a desk another identity, never another unit: that is said by SCOPE_GONE alone (docs/protocol.md)."""

from dataclasses import replace

import pytest

from central_server import devices, regrouping
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import enrol, merge, rebase, units
from sync_protocol.refusals import Refused
from tests.sync.conftest import NEIGHBOUR
from tests.sync.desks import SCOPE, lost
from tests.sync.test_units import equal_to_server, settle

WRONG = r"改到另一个单位.*没有照办.*数据没有变化"


@pytest.fixture
def mistaken(monkeypatch):
    """A server that answers every renewal with an identity of the neighbours."""
    renew = devices.renew

    def elsewhere(session, device, key, now):
        return renew(session, replace(device, scope=NEIGHBOUR, successor=None), key, now)

    monkeypatch.setattr(devices, "renew", elsewhere)
    yield
    monkeypatch.undo()


def test_a_twin_does_not_become_a_desk_of_another_unit(ours, theirs, district, mistaken, monkeypatch):
    person = ours.add("王小明")
    settle(ours, theirs)
    ours.edit(person, note="没有上报")
    before = ours.state()
    with ours.db.applying() as tx:
        tx.execute("UPDATE sync_state SET nonce='twin:'")
    with pytest.raises(AppError, match=WRONG):
        ours.sync()
    assert (ours.state().scope, ours.state().device) == (SCOPE, before.device)
    assert units.mine(ours.db).id == SCOPE
    monkeypatch.undo()
    settle(ours, theirs)
    assert ours.state().scope == SCOPE
    assert theirs.person(person) is None
    assert equal_to_server(ours, district)


def test_a_desk_whose_server_was_restored_does_not_offer_its_records_to_another_unit(ours, theirs, district, mistaken):
    copy = district.keep_copy()
    person = ours.add("王小明")
    settle(ours, theirs)
    district.restore(copy)
    with pytest.raises(AppError, match=WRONG):
        ours.sync()
    theirs.sync()
    assert ours.state().scope == SCOPE
    assert theirs.person(person) is None


def test_a_desk_that_changes_its_key_stays_in_its_unit(ours, theirs, mistaken):
    before = ours.state()
    with pytest.raises(AppError, match=WRONG):
        enrol.rotate(ours.db, ours.app.secrets, ours.line)
    assert (ours.state().scope, ours.state().device) == (SCOPE, before.device)


def test_a_renewal_that_names_another_unit_than_the_merger_does_is_not_obeyed(told):
    """And what belongs to the unit it was told of is no longer taken for this desk's."""
    told.script.people("p1")
    told.sync()
    told.script.refuse["/v1/sync"] = Refused("SCOPE_GONE", {"scope": NEIGHBOUR, "name": "江北社区"})
    told.script.scope = 420299001003
    with pytest.raises(AppError, match=WRONG):
        told.sync()
    assert told.db.setting(merge.JOINING) is None
    assert told.db.setting(merge.JOINED) is None
    assert told.value("SELECT sync_seq FROM person WHERE id='p1'") > 0


def test_only_communities_are_merged_so_a_street_never_becomes_a_community(street, district, theirs):
    settle(street)
    told = units.mine(street.db)
    identity = enrol.check(theirs.db, theirs.app.secrets, theirs.line).identity
    with pytest.raises(AppError, match=WRONG):
        enrol.must_stay(street.db, identity, Refused("SCOPE_GONE", {"scope": NEIGHBOUR}))
    assert units.mine(street.db) == told


def test_what_a_server_says_of_another_unit_in_its_greeting_is_not_noted(ours, monkeypatch):
    settle(ours)
    identity = devices.identity

    def strange(session, device, now):
        return identity(session, replace(device, scope=NEIGHBOUR), now)

    monkeypatch.setattr(devices, "identity", strange)
    ours.clock.move(days=2)
    ours.sync()
    assert units.mine(ours.db).id == SCOPE


def test_a_desk_that_changes_its_key_while_its_unit_is_merged_arrives_there_all_the_same(ours, theirs, district):
    person = theirs.add("李小红")
    settle(ours, theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    with pytest.raises(AppError):
        enrol.rotate(theirs.db, theirs.app.secrets, theirs.line)
    assert theirs.state().scope == NEIGHBOUR
    settle(theirs, ours)
    assert theirs.state().scope == SCOPE
    assert theirs.person(person).name == ours.person(person).name == "李小红"
    assert equal_to_server(theirs, district)


@pytest.mark.parametrize("replaces", [True, False])
def test_an_answer_that_was_lost_before_the_merger_still_brings_the_desk_there(ours, theirs, district, replaces):
    """It asked for another identity in its own unit, never heard the answer, and then the unit was merged."""
    person = theirs.add("李小红")
    settle(ours, theirs)
    theirs.line.after = lost
    with pytest.raises(NetworkError):
        if replaces:
            enrol.rotate(theirs.db, theirs.app.secrets, theirs.line)
        else:
            client = enrol.client_for(theirs.state(), theirs.app.secrets, theirs.line)
            client.renew(enrol.public_key(enrol.waiting_key(theirs.app.secrets)))
    theirs.line.heal()
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    theirs.edit(person, note="路上写的")
    settle(theirs, ours)
    assert theirs.state().scope == SCOPE
    assert ours.person(person).note == "路上写的"
    assert equal_to_server(theirs, district)
    assert theirs.db.setting(rebase.RENEW) is None


# ----------------------------------------------------------------------------- a server that does not know its desk


def test_a_server_set_back_twice_knows_its_desks_by_what_they_were(first, second, server):
    """After the first restore each took another identity; the second goes back to before that."""
    older = server.keep_copy()
    person = first.add("王小明")
    settle(first, second)
    newer = server.keep_copy()
    second.edit(person, note="后来写的")
    settle(second, first)
    server.restore(newer)
    first.edit(person, phones="13900000001")
    settle(first, second)
    server.restore(older)
    second.edit(person, employer="新厂")
    settle(second, first)
    for desk in (first, second):
        found = desk.person(person)
        assert (found.note, found.phones, found.employer) == ("后来写的", "13900000001", "新厂")
        assert equal_to_server(desk, server)
    assert first.replica() == second.replica()


def test_what_a_desk_was_before_brings_it_to_where_its_unit_was_merged_meanwhile(ours, theirs, district):
    """The server knows only that, and the unit has gone: it says so to whoever speaks as a desk of that."""
    older = district.keep_copy()
    person = theirs.add("李小红")
    settle(ours, theirs)
    newer = district.keep_copy()
    theirs.edit(person, note="后来写的")
    settle(ours, theirs)
    district.restore(newer)
    theirs.sync()
    district.restore(older)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    theirs.edit(person, phones="13900000001")
    settle(theirs, ours)
    assert theirs.state().scope == SCOPE
    assert (ours.person(person).note, ours.person(person).phones) == ("后来写的", "13900000001")
    assert equal_to_server(theirs, district)


def test_a_desk_that_was_shut_out_is_not_let_in_by_what_it_was_before(first, server):
    copy = server.keep_copy()
    first.add("王小明")
    first.sync()
    with server.storage.writing() as session:
        devices.revoke(session, SCOPE, first.state().device, server.clock.ms())
    first.enrol("一号机（重装）")
    first.sync()
    with server.storage.writing() as session:
        session.run("delete from device where scope_id=? and id=?", SCOPE, first.state().device)
    with pytest.raises(AppError, match="服务器不认识这台电脑"):
        first.sync()
    server.restore(copy)  # which knows nothing of all that, and is asked once
    first.sync()
    assert equal_to_server(first, server)


def test_where_nobody_knows_any_of_its_names_a_person_is_asked_for_a_code(first, server):
    first.sync()
    first.enrol("一号机")
    first.add("王小明")
    with server.storage.writing() as session:
        session.run("delete from device where scope_id=?", SCOPE)
    with pytest.raises(AppError, match="服务器不认识这台电脑") as told:
        first.sync()
    assert "接入码" in str(told.value)
    assert [path for path, *_ in first.line.sent[-2:]] == ["/v1/sync", "/v1/renew"]
