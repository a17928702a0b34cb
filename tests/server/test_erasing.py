"""Erasure: the content leaves every unit, and nobody brings it back."""

import shutil
from pathlib import Path

import orjson
import pytest

from central_server import erasing, purging
from central_server.exchange import Central
from central_server.storage.sqlite import SqliteStorage
from central_server.wire import CODEC
from sync_protocol import codec
from sync_protocol.messages import Ack, Gone
from tests.server.conftest import Station
from tests.server.test_moves import settle, transfer
from tests.server.town import STREET, A, B, Desk, build, check

SECRET = "绝密"


class Outside:
    """A server whose data folder is apart from its database."""

    def __init__(self, station: Station, folder: Path) -> None:
        from central_server.app import make_app
        from tests.server.http import Http

        self.station, self.folder = station, folder
        folder.mkdir(exist_ok=True)
        self.central = Central(station.storage, now=station.clock, folder=folder)
        station.http = Http(make_app(self.central))


@pytest.fixture
def outside(station: Station, tmp_path: Path) -> Outside:
    build(station)
    return Outside(station, tmp_path / "outside")


def erase(desk: Desk, record: str = "p1", table: str = "person", name: str = "er1") -> None:
    desk.push(desk.new("erasure", name, tbl=table, row_id=record, reason="本人要求"))


def everything(station: Station) -> str:
    """All that stands in the database, as text."""
    found = []
    for (table,) in [("record",), ("quarantine",), ("device",), ("enrol_code",)]:
        for row in station.rows(f"select * from {table}"):
            for cell in row:
                packed = isinstance(cell, (bytes, memoryview))
                found.append(str(CODEC.unpack(bytes(cell), codec.PAGE_CAP)) if packed else str(cell))
    return "\n".join(found)


def test_an_erased_resident_is_nowhere_any_more(outside, station):
    desk, other = Desk(station, A), Desk(station, A, "二号机")
    settle(None, desk)
    desk.push(desk.edit("person", "p1", name=SECRET, note=SECRET))
    other.pull()
    desk.push(desk.edit("person", "p1", ts=9, note=f"{SECRET}1"), desk.edit("person_tag", "t-p1", tag=SECRET))
    other.push(
        other.edit("person", "p1", ts=5, note=f"{SECRET}2"),
        other.new("person_event", "e-p1", person_id="p1", kind=SECRET),
    )
    assert other.conflicts()
    assert SECRET in everything(station)
    erase(desk)
    assert SECRET not in everything(station)
    other.pull()
    for key in (("person", "p1"), ("person_tag", "t-p1"), ("person_event", "e-p1"), ("attachment", "x-p1")):
        assert (other.gone(*key), other.rows[key].values) == (Gone.ERASED, {})
    assert other.conflicts() == []
    check(station)


def test_what_was_erased_never_comes_back(outside, station):
    desk, late = Desk(station, A), Desk(station, A, "二号机")
    settle(None, desk)
    late.pull()
    erase(desk)
    late.push(
        late.edit("person", "p1", name=SECRET),
        late.new("person_event", "e9", person_id="p1", text=SECRET),
        late.new("person", "p1b", name="别人"),
    )
    assert late.refused == []
    assert late.gone("person", "p1") == late.gone("person_event", "e9") == Gone.ERASED
    assert late.values("person", "p1b") == {"name": "别人"}
    assert SECRET not in everything(station)


def test_also_after_its_tombstone_was_forgotten(outside, station):
    desk = Desk(station, A)
    settle(None, desk)
    erase(desk)
    with station.storage.writing() as session:
        session.run("delete from record where sync_del=2")
        session.run("update scope_head set digest=0")
    late = Desk(station, A, "二号机")
    late.sync(late.new("person_tag", "t4", person_id="p1", tag=SECRET))
    late.sync(late.new("person", "p1", name=SECRET), late.new("person_tag", "t5", person_id="p1", tag=SECRET))
    assert SECRET not in everything(station)
    assert station.rows("select id,sync_del from record where tbl in ('person','person_tag') order by id") == [
        ("p1", 2),
        ("t4", 2),
        ("t5", 2),
    ]


def test_erasure_reaches_copies_and_the_unit_a_record_has_moved_to(outside, station):
    old, new, street = Desk(station, A), Desk(station, B), Desk(station, STREET)
    old.push(
        old.new("meeting", "m1", title=SECRET, audience=str(STREET)),
        old.new("agenda_item", "i1", meeting_id="m1", title=SECRET),
    )
    settle(None, old)
    street.pull()
    transfer(old, B)
    new.pull()
    erase(new)
    erase(old, "m1", "meeting")
    assert SECRET not in everything(station)
    street.pull()
    assert street.gone("meeting", "m1") == street.gone("agenda_item", "i1") == Gone.ERASED
    old.pull()
    assert old.gone("person", "p1") == Gone.ERASED
    check(station)


def test_only_the_home_of_a_record_may_erase_it(outside, station):
    desk, street, other = Desk(station, A), Desk(station, STREET), Desk(station, B)
    desk.push(desk.new("meeting", "m1", title="会", audience=str(STREET)))
    street.pull()
    erase(street, "m1", "meeting")
    assert street.refused == ["NOT_YOURS"]
    erase(other, "m1", "meeting")
    desk.pull()
    assert desk.values("meeting", "m1")


def test_a_restored_database_is_told_again_what_was_erased(tmp_path):
    class Disk:
        def open(self):
            return SqliteStorage(tmp_path / "central.db")

    outside = tmp_path / "outside"
    outside.mkdir()
    station = Station(Disk())
    build(station)
    made = Outside(station, outside)
    desk = Desk(station, A)
    settle(None, desk)
    desk.push(desk.edit("person", "p1", name=SECRET))
    with station.storage.writing() as session:
        session.run("update device set ack=null")
    station.storage.close()
    shutil.copy(tmp_path / "central.db", tmp_path / "backup.db")
    station.storage = made.central.storage = Disk().open()
    erase(desk)
    station.storage.close()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"central.db{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", tmp_path / "central.db")
    station.storage = Disk().open()
    assert SECRET in everything(station)
    station.clock.ms += 30 * purging.DAY_MS
    Central(station.storage, now=station.clock, folder=outside)
    assert SECRET not in everything(station)
    assert station.rows("select count(*) from erasure")[0][0] >= 4
    assert station.rows("select distinct at from erasure") == [(station.clock.ms,)], "its files have it until then"
    station.storage.close()


def test_an_administrator_may_erase_and_the_list_tells_nobody_who_it_was(outside, station):
    desk = Desk(station, A)
    settle(None, desk)
    erasing.erase(station.storage, outside.central.erased, A, ("person", "p1"), station.clock.ms)
    text = (outside.folder / erasing.LIST_FILE).read_text("ascii")
    assert len(text.splitlines()) == 4
    assert "p1" not in text
    assert [set(orjson.loads(line)) for line in text.splitlines()] == [{"unit", "hash", "at"}] * 4
    with pytest.raises(LookupError):
        erasing.erase(station.storage, outside.central.erased, B, ("person", "p1"), 1)


def test_a_stored_answer_keeps_its_shape_without_the_content(outside, station):
    desk, other = Desk(station, A), Desk(station, A, "二号机")
    settle(None, desk)
    other.pull()
    desk.push(desk.edit("person", "p1", ts=9, note="1"))
    other.push(other.edit("person", "p1", ts=5, note=SECRET))
    erase(desk)
    ((packed,),) = station.rows("select ack from device where id=?", other.device)
    ack = Ack.from_wire(CODEC.unpack(bytes(packed), codec.PAGE_CAP))
    assert {row.gone for row in ack.truth} == {Gone.ERASED}


def test_a_torn_line_of_the_list_is_passed_over(tmp_path):
    kept = erasing.ErasedList(tmp_path)
    kept.note([(1, "ab", 2)])
    with (tmp_path / erasing.LIST_FILE).open("a") as file:
        file.write('{"unit": 1, "ha')
    assert erasing.ErasedList(tmp_path).entries() == [(1, "ab", 2)]
    assert erasing.ErasedList(tmp_path).hash(("person", "p1")) == kept.hash(("person", "p1"))


def test_what_was_erased_is_not_in_the_file_of_the_database_nor_in_its_log(tmp_path):
    class Disk:
        def open(self):
            return SqliteStorage(tmp_path / "central.db")

    station = Station(Disk())
    build(station)
    Outside(station, tmp_path)
    desk = Desk(station, A)
    settle(None, desk)
    desk.push(desk.edit("person", "p1", name=SECRET, note=SECRET * 500))
    desk.push(desk.edit("person", "p1", note=SECRET))
    assert SECRET.encode() in b"".join(path.read_bytes() for path in tmp_path.glob("central.db*"))
    erase(desk)
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("central.db*"))
    station.storage.close()


def test_the_files_are_cleared_of_what_was_erased_however_long_the_server_was_off(outside, station, monkeypatch):
    """Once, when it comes to it: after three weeks of holidays, and again if somebody was in the way."""
    desk = Desk(station, A)
    settle(None, desk)
    erase(desk)
    answers, wiped = [False, True, True], list[list[int]]()
    monkeypatch.setattr(station.storage, "wipe", lambda units=(): wiped.append(sorted(units)) or answers.pop(0))
    station.clock.ms += 21 * purging.DAY_MS
    for _ in range(3):
        outside.central.purge()
    assert wiped[0] == wiped[1]
    assert A in wiped[0]
    assert wiped[2] == []


def test_an_erasure_of_this_very_hour_is_looked_at_once_more(outside, station, monkeypatch):
    """Another may have begun before and ended after the files were cleared."""
    desk = Desk(station, A)
    settle(None, desk)
    erase(desk)
    wiped = list[list[int]]()
    monkeypatch.setattr(station.storage, "wipe", lambda units=(): wiped.append(sorted(units)) or True)
    for hours in (0, 24, 24):
        station.clock.ms += hours * 3_600_000
        outside.central.purge()
    assert [A in units for units in wiped] == [True, True, False]


def test_what_follows_a_record_goes_also_when_the_tombstone_of_that_is_forgotten(outside, station):
    """The order to erase waited at its desk for years; the deletion did not."""
    desk = Desk(station, A)
    settle(None, desk)
    desk.push(desk.edit("person_tag", "t-p1", detail=SECRET))
    desk.push(desk.drop("person", "p1"))
    for _ in range(2):
        station.clock.ms += 401 * purging.DAY_MS
        desk.push(desk.new("person", f"p{station.clock.ms}", name="甲"))
    purging.purge(station.storage, station.clock.ms)
    assert station.rows("select 1 from record where id='p1'") == []
    late = Desk(station, A, "二号机")
    late.pull()
    erase(late)
    assert SECRET not in everything(station)
    assert station.rows("select id,sync_del from record where id='t-p1'") == [("t-p1", 2)]


def test_an_order_to_erase_what_nobody_knows_leaves_what_was_set_aside_elsewhere(outside, station):
    """Else a desk could empty the evidence of a whole city by asking for a word that stands in every text."""
    desk = Desk(station, A)
    settle(None, desk)
    columns = "insert into quarantine(scope_id,tbl,id,at,device,code,body) values(?,?,?,1,1,'BAD_VALUE',?)"
    with station.storage.writing() as session:
        session.run(columns, B, "person", "p9", '{"op": "u", "on": "2026-11-22"}')
        session.run(columns, A, "person", "p8", '{"op": "u", "on": "2026-11-22"}')
        session.run(columns, B, "visit", "never-heard", '{"text": "x"}')
    erase(desk, "2026-11-22", "zzz", "er1")
    assert {row[0] for row in station.rows("select id from quarantine")} == {"p9", "never-heard"}
    erase(desk, "never-heard", "visit", "er2")
    assert {row[0] for row in station.rows("select id from quarantine")} == {"p9"}
