"""Versions this build could not store: what people write beside them, and what becomes of both after an upgrade."""

import pytest

from desktop_app.residents.model import Person
from desktop_app.shared.errors import CancelledError, NetworkError
from desktop_app.sync import parked, replay, state
from desktop_app.sync.enrol import client_for
from desktop_app.sync.status import status
from desktop_app.sync.wire import CODEC
from sync_protocol.messages import Batch, Change, Gone, Pull, Row
from tests.sync.desks import Desk, lost
from tests.sync.test_units import equal_to_server, settle


def write_as_newer_program(desk: Desk, record_id: str, *, op: str = "u", **values: object) -> None:
    """What a desk with a newer program, for which a name may be missing, writes in sight of everything."""
    desk.sync()
    now = desk.state()
    base = now.cur if op == "u" else 0
    change = Change("person", record_id, op, base, {}, desk.clock.ms() << 16, None, values)
    batch = Batch(now.scope, now.device, now.batch_no + 1, now.prev, now.place, [change])
    client = client_for(now, desk.app.secrets, desk.line)
    client.sync(Pull(now.place, (now.nonces[0], state.new_nonce())), CODEC.pack(batch.to_wire()))


def upgrade(desk: Desk) -> None:
    """The next program can store what waited."""
    with desk.db.applying() as tx:
        tx.execute("UPDATE sync_parked SET body=json_set(body,'$.v.name','王小明')")
        tx.set_setting(replay.SEEN, "an older program")
    desk.reopen()


@pytest.fixture
def beside(first, second) -> str:
    """A resident of whom `first` has a version it cannot store, beside the one it shows."""
    person = first.add("王小明", note="旧", phones="13900000001")
    settle(first, second)
    write_as_newer_program(second, person, name=None, employer="新厂")
    first.sync()
    assert first.db.rows("SELECT pk FROM sync_parked") == [(person,)]
    assert first.person(person).employer is None
    return person


def shown(desk: Desk, person: str) -> tuple:
    found = desk.person(person)
    return found.name, found.note, found.employer, found.phones


def test_what_waits_finds_its_place_after_the_upgrade(first, beside, server):
    upgrade(first)
    assert shown(first, beside) == ("王小明", "旧", "新厂", "13900000001")
    assert equal_to_server(first, server)


def test_what_was_written_and_taken_beside_a_version_that_waits_stands_after_the_upgrade(first, beside, server):
    """The number of the answer is that of both together, so both together wait under it."""
    first.edit(beside, note="新")
    first.sync()
    upgrade(first)
    assert shown(first, beside) == ("王小明", "新", "新厂", "13900000001")
    assert equal_to_server(first, server)


def test_what_was_deleted_beside_a_version_that_waits_does_not_come_back_with_the_upgrade(told):
    told.script.people("p1")
    told.sync()
    told.script.tell("person", "p1", name=None, phones="", source="手工")
    told.sync()
    with told.db.transaction(told.app.actor, "撤销登记") as tx:
        tx.bury(Person, "p1")
    told.sync()
    with told.db.applying() as tx:
        tx.set_setting(replay.SEEN, None)
    replay.after_upgrade(told.db)
    assert told.value("SELECT sync_del FROM person WHERE id='p1'") == 1
    assert told.value("SELECT count(*) FROM sync_parked") == 0


def test_what_is_on_its_way_during_an_upgrade_is_not_written_over_by_what_waited(first, beside, server):
    """The answer was lost, so it is in no version this desk has heard of."""
    first.edit(beside, note="新")
    first.line.after = lost
    with pytest.raises(NetworkError):
        first.sync()
    upgrade(first)
    assert first.person(beside).note == "新"
    first.line.heal()
    first.sync()
    assert shown(first, beside) == ("王小明", "新", "新厂", "13900000001")
    assert equal_to_server(first, server)


@pytest.mark.parametrize("gone", [Gone.ALIVE, Gone.DELETED])
@pytest.mark.parametrize("sent", [False, True])
def test_what_waits_to_be_offered_is_offered_after_the_upgrade_too(first, second, server, gone, sent):
    """A restored server lost it; this desk is the only one that has it."""
    settle(first, second)
    values = {} if gone else {"name": "王小明", "phones": "", "source": "手工", "hat_size": 58}
    with first.db.applying() as tx:
        parked.park(tx, Row("person", "p1", 0, 1, 7, None, gone, values))
        tx.execute("UPDATE sync_parked SET body=json_set(body,'$.offer',1)")
    if sent:
        first.line.before = lost
        with pytest.raises(NetworkError):
            first.sync()
        first.line.heal()
    with first.db.applying() as tx:
        tx.set_setting(replay.SEEN, "an older program")
    first.reopen()
    settle(first, second)
    assert server.rows("select sync_del from record where id='p1'") == [(int(gone),)]
    assert [one.name for one in (second.person("p1"),) if one] == ([] if gone else ["王小明"])
    assert status(first.db).waiting == 0
    assert equal_to_server(first, server)


@pytest.mark.parametrize("older_is_here", [True, False])
def test_an_offer_this_program_still_cannot_place_stays_an_offer(first, second, server, older_is_here):
    """A restored server lost it, this desk was stopped before it could offer it, and the next program is no wiser."""
    person = "p1"
    settle(first, second)
    if older_is_here:
        person = first.add("王小明", note="旧", phones="13900000001")
        settle(first, second)
        copy = server.keep_copy()
        write_as_newer_program(second, person, name=None, employer="新厂")
    else:
        copy = server.keep_copy()
        values = {"name": None, "phones": "", "source": "手工", "employer": "新厂"}
        write_as_newer_program(second, person, op="i", **values)
    first.sync()
    assert first.db.rows("SELECT pk FROM sync_parked") == [(person,)]
    server.restore(copy)
    with pytest.raises(CancelledError):
        first.sync(cancelled=iter([False, True]).__next__)
    with first.db.applying() as tx:
        tx.set_setting(replay.SEEN, "an older program")
    first.reopen()
    settle(first)
    (fields,) = server.rows("select fields from record where id=?", person)
    assert CODEC.loads(fields[0])["employer"] == "新厂"
    assert first.db.rows("SELECT pk,json_extract(body,'$.v.employer') FROM sync_parked") == [(person, "新厂")]
    assert status(first.db).waiting == 0
    assert equal_to_server(first, server)


def test_after_a_restore_both_what_waited_and_what_was_written_beside_it_are_offered(first, second, server):
    person = first.add("王小明", note="旧", phones="13900000001")
    settle(first, second)
    copy = server.keep_copy()
    first.edit(person, phones="13900000002")
    settle(first, second)
    write_as_newer_program(second, person, name=None, employer="新厂")
    first.sync()
    first.edit(person, note="新")
    server.restore(copy)
    settle(first)
    (record,) = server.rows("select fields from record where id=?", person)
    found = CODEC.loads(record[0])
    assert (found["note"], found["employer"], found["phones"]) == ("新", "新厂", "13900000002")
    upgrade(first)
    assert shown(first, person) == ("王小明", "新", "新厂", "13900000002")
    assert first.db.rows("SELECT count(*) FROM conflict") == [(0,)]
    assert equal_to_server(first, server)


def test_an_offer_the_server_does_not_take_is_made_once_though_it_is_written_beside(told):
    told.script.people("p1")
    told.sync()
    told.script.tell("person", "p1", name=None, phones="", source="手工")
    told.sync()
    with told.db.applying() as tx:
        tx.execute("UPDATE sync_parked SET body=json_set(body,'$.offer',1)")
    told.edit("p1", note="新")
    told.script.judge = lambda change: "TOO_LARGE" if change.op == "i" and change.table == "person" else ""
    told.sync(cancelled=iter([False] * 9 + [True]).__next__)
    assert [change.op for change in told.script.changes if change.table == "person"] == ["i", "u"]
    assert status(told.db).set_aside == 1
