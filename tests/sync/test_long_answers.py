"""Records may be as long as a record can be: no answer is more than a desk reads at once, and none grows for ever."""

import pytest

from central_server import records
from central_server.feeds import Feeds, transaction
from desktop_app.sync import conflicts
from desktop_app.sync.status import status
from sync_protocol import codec
from sync_protocol.messages import ROW_BYTES
from sync_protocol.refusals import Refused
from tests.sync.desks import SCOPE, Desk
from tests.sync.test_cells import write_as_stranger
from tests.sync.test_units import equal_to_server, settle

LONG = "很长的备注，" * 100
BYTES_OF_A_CHARACTER = 3


@pytest.fixture
def narrow(monkeypatch) -> None:
    """A desk reads forty thousand bytes at once, and a page has four records of these."""
    monkeypatch.setattr(codec, "PAGE_CAP", 40_000)
    monkeypatch.setattr(records, "PAGE_CHARACTERS", 2_500)


def long_ones(desk: Desk, count: int) -> list[str]:
    return [desk.add(f"居民{at}", note=LONG) for at in range(count)]


def test_a_page_is_no_more_than_a_desk_reads_though_it_goes_on_to_the_next_mark():
    """Before new records alone, which come in one batch, there is no mark."""
    half = records.PAGE_CHARACTERS * BYTES_OF_A_CHARACTER + ROW_BYTES
    assert half + max(half, codec.PUSH_CAP) < codec.PAGE_CAP


@pytest.mark.usefixtures("narrow")
def test_a_new_desk_receives_any_number_of_long_records(first, second, server):
    people = [pk for _ in range(10) for pk in _pushed(first, 3)]
    second.sync()
    assert {second.person(pk).note for pk in people} == {LONG}
    assert equal_to_server(second, server)


def _pushed(desk: Desk, count: int) -> list[str]:
    made = long_ones(desk, count)
    desk.sync()
    return made


@pytest.mark.usefixtures("narrow")
def test_a_batch_whose_answer_gives_back_too_much_goes_in_halves(first, second, server):
    """Both wrote in the same thirty long records: the answer to the later one has all of them, and the clashes."""
    people = [pk for _ in range(10) for pk in _pushed(first, 3)]
    settle(first, second)
    for pk in people:
        first.edit(pk, phones="13900000001")
    first.sync()
    second.clock.move(seconds=9)
    for pk in people:
        second.edit(pk, phones="13900000002")
    settle(second, first)
    assert {first.person(pk).phones for pk in people} == {"13900000002"}
    assert first.db.rows("SELECT count(*),max(lose_value) FROM conflict") == [(30, '"13900000001"')]
    assert first.replica() == second.replica()
    assert equal_to_server(second, server)


@pytest.mark.usefixtures("narrow")
def test_what_keeps_its_number_in_a_transaction_gets_no_mark_of_its_own(first, server, monkeypatch):
    """A record may be written anew without news for its unit; the end of the push it came with is marked already."""
    monkeypatch.setattr(records, "PAGE_CHARACTERS", 1)
    keeps, renewed, last = [_pushed(first, 1)[0] for _ in range(3)]

    def write(feeds: Feeds) -> None:
        feeds.put(SCOPE, feeds.get(SCOPE, ("person", keeps)))
        for person in (renewed, last):
            feeds.renew(SCOPE, feeds.get(SCOPE, ("person", person)))

    ((before,),) = server.rows("select max(seq) from mark where scope_id=?", SCOPE)
    transaction(server.storage, server.clock.ms(), [SCOPE], write)
    marks = server.rows("select seq from mark where scope_id=? and seq>? order by seq", SCOPE, before)
    assert marks == [(before + 1,), (before + 2,)]
    first.sync()
    assert equal_to_server(first, server)


def test_a_record_does_not_grow_for_ever_though_every_change_of_it_is_small(first, second, server, monkeypatch):
    """A program of somebody's own adds fields nobody knows, one after the other, and would shut everybody out."""
    monkeypatch.setattr(records, "MOST_CHARACTERS", 5_000)
    person = first.add("王小明", note=LONG)
    settle(first, second)
    with pytest.raises(Refused, match="TOO_LARGE"):
        for number in range(9):
            write_as_stranger(second, "person", person, "u", **{f"field_{number}": LONG})
    ((fields,),) = server.rows("select fields from record where id=?", person)
    assert 4_000 < len(fields) < 5_000
    first.sync()
    first.edit(person, phones="13900000001")
    other = first.add("李小红")
    first.edit(person, employer=LONG)
    report = first.sync()
    settle(second)
    assert ["没有接受" in problem for problem in report.problems] == [True]
    assert second.person(other) is not None
    first.edit(person, employer="短")
    settle(first, second)
    assert (second.person(person).employer, second.person(person).phones) == ("短", "13900000001")


def test_a_clash_of_two_long_texts_survives_a_restore_and_is_settled_everywhere(first, second, server):
    """Both values stand in one record, which is offered again whole."""
    person = first.add("王小明")
    settle(first, second)
    copy = server.keep_copy()
    first.edit(person, note="长" * 80_000)
    second.clock.move(seconds=9)
    second.edit(person, note="短" * 80_000)
    settle(first, second)
    ((clash,),) = first.db.rows("SELECT id FROM conflict")
    server.restore(copy)
    settle(first, second)
    conflicts.keep(first.db, first.app.actor, clash)
    settle(first, second)
    assert second.db.rows("SELECT status FROM conflict WHERE id=?", (clash,)) == [("kept",)]
    assert status(first.db).set_aside == status(second.db).set_aside == 0
