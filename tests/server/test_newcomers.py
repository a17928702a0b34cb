"""A batch of new records is taken as a set; what comes of it is what comes of taking them one by one."""

import pytest

from central_server import history, newcomers
from sync_protocol import stamps
from sync_protocol.messages import Change
from tests.server.conftest import Speaker, Station, person

ALONE = 420299001002
"""A second unit: what the first takes as a set, this one takes one by one."""
FUTURE = stamps.stamp(1_780_000_000_000 + 400 * 86_400_000)
PLAIN = [person(f"p{number}", ts=1000 + number, name="王小明", phones=str(number), note=None) for number in range(4)]


def tag(record_id: str, of: str) -> Change:
    return Change("person_tag", record_id, "i", 0, {}, 5, "s1", {"person_id": of, "tag": "独居老人"})


BATCHES = {
    "plain": PLAIN,
    "of several tables, what follows first": [tag("t1", "p1"), *PLAIN, tag("t2", "p3"), tag("t3", "nobody")],
    "with stamps of the future and of no time": [person("a", ts=FUTURE, name="甲"), person("b", ts=0, name="乙")],
    "with a value nobody can store": [*PLAIN, person("x", name=["甲"], note={"a": 1})],
    "with a record that is too big": [*PLAIN, person("x", note="很" * 100_000)],
    "with a long one that fits": [*PLAIN, person("x", note="很" * 80_000)],
    "with one record twice": [*PLAIN, person("p1", name="又一次", ts=9000)],
    "with one that is there": [person("there", name="改了名", ts=9000), *PLAIN],
    "with an edit and a deletion": [*PLAIN, person("there", "u", 1, note="改"), person("gone", "d", 0)],
    "without any field": [person("p1"), person("p2")],
}


@pytest.fixture
def station_with_two(station: Station) -> Station:
    with station.storage.writing() as session:
        history.open_unit(session, ALONE, "江北社区", station.clock.ms)
    return station


def left(station: Station, scope: int) -> list[list[tuple[object, ...]]]:
    """All that a batch leaves, without the names of its unit and its desk."""
    columns = "tbl,id,fields,sync_seq,sync_ts,sync_by,sync_del,home=scope_id,parent,holders"
    return [
        station.rows(f"select {columns} from record where scope_id=? order by tbl,id", scope),
        station.rows("select next_seq,digest from scope_head where scope_id=?", scope),
        station.rows("select tbl,id,code,body from quarantine where scope_id=? order by tbl,id", scope),
        station.rows("select seq from mark where scope_id=? order by seq", scope),
    ]


@pytest.mark.parametrize("kind", BATCHES)
def test_what_comes_of_a_batch_is_what_comes_of_its_records_one_by_one(station_with_two, monkeypatch, kind):
    station, answers = station_with_two, []
    for scope, least in ((ALONE, 1 << 30), (420299001001, 1)):
        monkeypatch.setattr(newcomers, "LEAST", least)
        desk = Speaker(station, scope=scope)
        desk.sync(person("there", name="王小明", ts=1))
        ack, page = desk.sync(*BATCHES[kind])
        answers.append((ack.numbers, ack.last, ack.contiguous, ack.refused, [row.id for row in ack.truth], page.digest))
    assert answers[0] == answers[1]
    assert left(station, ALONE) == left(station, 420299001001)


def test_another_desk_gets_what_was_taken_as_a_set(desk, other, monkeypatch):
    monkeypatch.setattr(newcomers, "LEAST", 1)
    desk.sync(*PLAIN, tag("t1", "p1"))
    _, page = other.sync()
    assert {(row.table, row.id): row.values for row in page.rows} == {
        (one.table, one.id): one.values for one in (*PLAIN, tag("t1", "p1"))
    }
    assert page.digest is not None
