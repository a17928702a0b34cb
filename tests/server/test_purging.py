"""Old tombstones and marks go, desks away too long are told, unusual deletions are asked about."""

import pytest

from central_server import fuse, leases, purging
from central_server.exchange import Central
from sync_protocol.messages import Batch, Place
from sync_protocol.refusals import Refused
from tests.server.conftest import CODEC, SCOPE, Station, read
from tests.server.town import Desk

DAY = purging.DAY_MS


@pytest.fixture
def old(station: Station) -> tuple[Desk, Desk, Desk]:
    """Two desks that knew a record deleted 401 days ago; the second was away since before. The third is new."""
    desk, away = Desk(station, SCOPE), Desk(station, SCOPE, "二号机")
    desk.push(desk.new("person", "p1", name="甲"), desk.new("person", "p2", name="乙"))
    away.pull()
    desk.push(desk.drop("person", "p1"))
    station.clock.ms += 401 * DAY
    desk.push(desk.new("person", "p3", name="丙"))
    return desk, away, Desk(station, SCOPE, "三号机")


def test_old_tombstones_go_and_the_digest_agrees(station, old):
    desk, _, new = old
    assert purging.purge(station.storage, station.clock.ms) == {SCOPE: (1, 0)}
    assert station.rows("select id from record order by id") == [("p2",), ("p3",)]
    _, page = desk.sync()
    assert page.purged == 3
    del desk.rows["person", "p1"]
    desk.push()
    new.pull()
    assert {key[1] for key in new.rows} == {"p2", "p3"}
    assert purging.purge(station.storage, station.clock.ms) == {SCOPE: (0, 0)}


def test_a_desk_that_was_away_too_long_is_told_so(station, old):
    _, away, _ = old
    purging.purge(station.storage, station.clock.ms)
    with pytest.raises(Refused) as caught:
        away.pull()
    assert (caught.value.code, caught.value.info) == ("TOO_OLD", {"purged": 3})


def test_an_edit_of_a_record_whose_tombstone_is_forgotten_makes_no_half_record(station, old):
    """Its desk heard of the end in time, so it is not too old: it is told no, and keeps what was written to be read."""
    desk = old[0]
    late = desk.edit("person", "p1", note="迟到")
    purging.purge(station.storage, station.clock.ms)
    del desk.rows["person", "p1"]
    desk.push(late)
    assert desk.refused == ["ELSEWHERE"]
    assert station.rows("select 1 from record where id='p1'") == []


def test_a_new_desk_that_reads_page_by_page_is_not_too_old(station, old):
    purging.purge(station.storage, station.clock.ms)
    new = old[2]
    new._take(new.sync(limit=1)[1].rows)
    assert new.place.cur < 3
    new.pull()
    assert {key[1] for key in new.rows} == {"p2", "p3"}


def test_young_tombstones_stay(station):
    desk = Desk(station, SCOPE)
    desk.push(desk.new("person", "p1", name="甲"))
    desk.push(desk.drop("person", "p1"))
    station.clock.ms += 399 * DAY
    assert purging.purge(station.storage, station.clock.ms) == {SCOPE: (0, 0)}


def test_old_marks_are_thinned_but_never_the_last_of_a_desk(station):
    desk, quiet = Desk(station, SCOPE), Desk(station, SCOPE, "二号机")
    quiet.push(quiet.new("person", "q", name="静"))
    for number in range(300):
        desk.sync(desk.new("person", f"p{number}", name="甲"))
        station.clock.ms += DAY
    station.clock.ms += 401 * DAY
    desk.sync(desk.new("person", "last", name="甲"))
    (_, thinned) = purging.purge(station.storage, station.clock.ms)[SCOPE]
    left = {seq for (seq,) in station.rows("select seq from mark")}
    assert thinned > 100
    assert {0, 1, 301, 302} <= left
    quiet.place = quiet.place.__class__(quiet.place.epoch, 302, _mark(station, 302), quiet.place.push)
    quiet.sync(quiet.new("person", "q2", name="静"))


def test_the_marks_at_which_desks_stand_are_never_thinned(station):
    """Also where one may stand since an answer of which nobody knows whether it arrived."""
    desk, away = Desk(station, SCOPE), Desk(station, SCOPE, "二号机")
    for number in range(300):
        desk.sync(desk.new("person", f"p{number}", name="甲"))
        if number in (42, 43):
            away.sync()
    station.clock.ms += 401 * DAY
    desk.sync(desk.new("person", "last", name="甲"))
    station.clock.ms += 401 * DAY
    desk.sync(desk.new("person", "more", name="甲"))
    purging.purge(station.storage, station.clock.ms)
    left = {seq for (seq,) in station.rows("select seq from mark")}
    assert {43, 44} <= left
    assert len(left) < 100
    with pytest.raises(Refused) as caught:
        away.pull()
    assert caught.value.code == "TOO_OLD", "its past is ours, it was merely away"


def test_the_mark_of_a_last_push_above_where_its_desk_stands_is_never_thinned(station, monkeypatch):
    """It pushed, and read but one page of what others had written: its push is proved by a mark of its own."""
    desk, quiet = Desk(station, SCOPE), Desk(station, SCOPE, "二号机")
    for number in range(150):
        desk.sync(desk.new("person", f"p{number}", name="甲"))
    quiet.sync(quiet.new("person", "q", name="静"), limit=1)
    for number in range(150, 300):
        desk.sync(desk.new("person", f"p{number}", name="甲"))
    assert quiet.place.cur < 10 < quiet.place.push[0]
    monkeypatch.setattr(purging, "MARKS_PER_OCTAVE", 1)
    for _ in range(2):
        station.clock.ms += 401 * DAY
        desk.sync(desk.new("person", f"later{station.clock.ms}", name="甲"))
    purging.purge(station.storage, station.clock.ms)
    with pytest.raises(Refused) as caught:
        quiet.sync()
    assert caught.value.code == "TOO_OLD", "its past is ours"


def test_a_desk_that_proves_what_is_lost_is_not_told_that_it_was_away_too_long(station, old):
    """TOO_OLD means that what is not here was deleted; of what was lost nobody knows that."""
    _, away, _ = old
    away.place = Place(away.place.epoch, 2, away.place.mark, (7, "lost"))
    purging.purge(station.storage, station.clock.ms)
    with pytest.raises(Refused) as caught:
        away.sync()
    assert caught.value.code == "HISTORY"


def test_the_mark_of_a_last_push_is_not_asked_for_once_the_desk_has_read_beyond_it(station):
    """Whoever proves a number has proved all below it; a desk that only reads would lose its proof in the end."""
    desk = Desk(station, SCOPE)
    desk.push(desk.new("person", "p1", name="甲"))
    desk.place = Place(desk.place.epoch, 1, desk.place.mark, (0, "thinned"))
    desk.sync()


def _mark(station: Station, seq: int) -> tuple[int, str]:
    return station.rows("select seq,nonce from mark where seq=?", seq)[0]


# --------------------------------------------------------------------------------------------------------------- fuse


def many(desk: Desk, count: int):
    return [desk.drop("person", f"p{number}") for number in range(count)]


def test_a_batch_that_deletes_unusually_much_is_asked_about(station):
    desk = Desk(station, SCOPE)
    desk.push(*(desk.new("person", f"p{number}", name="甲") for number in range(60)))
    with pytest.raises(Refused) as caught:
        desk.push(*many(desk, 51))
    assert (caught.value.code, caught.value.info) == ("FUSE", {"table": "person", "count": 51, "total": 60})
    desk.push(*many(desk, 50))
    rest = [desk.drop("person", f"p{number}") for number in range(50, 60)]
    desk.push(*rest)


def test_a_confirmed_batch_is_taken(station):
    desk = Desk(station, SCOPE)
    desk.push(*(desk.new("person", f"p{number}", name="甲") for number in range(60)))
    batch = Batch(desk.scope, desk.device, desk.number + 1, desk.prev, desk.place, many(desk, 60), sure=True)
    ack, _ = read(desk.send(CODEC.pack(batch.to_wire())))
    assert all(ack.numbers)


def test_two_percent_of_a_large_table_are_nothing_unusual(station):
    desk = Desk(station, SCOPE)
    for start in range(0, 3000, 1000):
        desk.push(*(desk.new("person", f"p{start + number}", name="甲") for number in range(1000)))
    desk.push(*many(desk, 60))
    assert fuse.SOME == 50


# ------------------------------------------------------------------------------------------------------------- leases


def test_a_database_that_was_set_back_begins_a_new_epoch_by_itself(station, tmp_path):
    desk = Desk(station, SCOPE)
    central = Central(station.storage, now=station.clock, folder=tmp_path)
    central.leases.note(SCOPE, 7)
    central.close()
    ((before,),) = station.rows("select epoch from scope_head where scope_id=?", SCOPE)
    desk.push(desk.new("person", "p1", name="甲"))
    Central(station.storage, now=station.clock, folder=tmp_path)
    ((after,),) = station.rows("select epoch from scope_head where scope_id=?", SCOPE)
    assert before != after
    with pytest.raises(Refused) as caught:
        desk.pull()
    assert (caught.value.code, caught.value.info["epoch"]) == ("HISTORY", after)
    Central(station.storage, now=station.clock, folder=tmp_path)
    assert station.rows("select epoch from scope_head where scope_id=?", SCOPE) == [(after,)]


def test_the_lease_is_written_now_and_then_and_a_torn_one_is_ignored(tmp_path):
    moment = [0.0]
    kept = leases.Leases(tmp_path, clock=lambda: moment[0])
    kept.note(1, 5)
    assert not (tmp_path / leases.FILE).exists()
    moment[0] = 61.0
    kept.note(1, 6)
    assert (tmp_path / leases.FILE).read_text() == '{"1": 6}'
    (tmp_path / leases.FILE).write_text('{"1": ')
    leases.Leases(tmp_path).close()


def test_a_desk_that_proves_what_is_lost_starts_a_new_epoch_once(station):
    desk, other = Desk(station, SCOPE), Desk(station, SCOPE, "二号机")
    desk.push(desk.new("person", "p1", name="甲"))
    other.pull()
    ((before,),) = station.rows("select epoch from scope_head where scope_id=?", SCOPE)
    desk.place = desk.place.__class__(before, 1, (1, "lost"), desk.place.push)
    told = []
    for one in (desk, desk, other):
        with pytest.raises(Refused) as caught:
            one.sync()
        told.append(caught.value.info["epoch"])
    assert before not in told
    assert len(set(told)) == 1
