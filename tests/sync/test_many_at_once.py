"""Many new records in one page are stored together; nobody can tell from what is there afterwards."""

import gc

import pytest

from desktop_app.residents.model import Person
from desktop_app.store import search
from desktop_app.store.bulk import LEAST
from sync_protocol.messages import Gone

MANY = LEAST + 20
WORDS = "SELECT kind,key,local_no FROM search_key ORDER BY 1,2,3"
PHONES = "SELECT rowid FROM search_phone('139') ORDER BY 1"


@pytest.fixture
def crowd(told):
    """A desk that is about to pull many persons, some of them deleted."""
    for number in range(MANY):
        gone = Gone.DELETED if number % 50 == 7 else Gone.ALIVE
        phones = f"139{number:08d}" if number % 3 else ""
        values = {"name": "王小明", "used_name": None if number % 2 else "王二", "phones": phones, "source": ""}
        told.script.tell("person", f"p{number}", gone, **({} if gone else values))
    return told


def found(desk):
    return desk.db.rows(WORDS), desk.db.rows(PHONES)


def found_anew(desk):
    with desk.db.applying() as tx:
        search.rebuild(tx)
    return found(desk)


def correct_all(desk, **more):
    """Somebody elsewhere changes every person of the crowd who was not deleted; returns how many."""
    alive = [row.id for row in desk.script.rows if not row.gone and row.id.startswith("p")]
    for number, record in enumerate(alive):
        phones = "" if number % 5 == 1 else f"1390000{number:04d}"
        desk.script.tell("person", record, name="李小红", used_name=None, phones=phones, source="", **more)
    return len(alive)


def test_many_records_pulled_at_once_are_stored_found_and_not_captured(crowd):
    report = crowd.sync()
    assert report.pulled == MANY
    assert not report.problems
    assert crowd.value("SELECT count(*) FROM person WHERE name='王小明'") == MANY - 3
    assert crowd.value("SELECT used_name FROM person WHERE id='p1'") is None
    assert crowd.value("SELECT count(*) FROM sync_dirty WHERE tbl=?", Person.__table_no__) == 0
    kept = found(crowd)
    assert all(kept)
    assert found_anew(crowd) == kept


def test_many_records_changed_elsewhere_are_changed_found_and_kept_in_the_history_but_not_captured(crowd):
    crowd.sync()
    changed = correct_all(crowd)
    assert crowd.sync().pulled == changed
    assert crowd.value("SELECT count(*) FROM person WHERE name='李小红' AND used_name IS NULL") == changed
    assert crowd.value("SELECT phones FROM person WHERE id='p0'") == "13900000000"
    assert crowd.value("SELECT count(*) FROM person WHERE name='李小红' AND phones=''") > 0
    assert crowd.value("SELECT count(*) FROM sync_dirty WHERE tbl=?", Person.__table_no__) == 0
    before = "SELECT count(*) FROM journal_change WHERE op='r' AND json_extract(before,'$.name')='王小明'"
    assert crowd.value(before) == changed
    kept = found(crowd)
    assert all(kept)
    assert found_anew(crowd) == kept


def test_of_many_records_changed_elsewhere_one_that_cannot_be_stored_stops_no_other(crowd):
    crowd.sync()
    with crowd.db.applying() as tx:
        tx.execute("CREATE TRIGGER odd BEFORE UPDATE ON person WHEN NEW.id='p3' BEGIN SELECT RAISE(ABORT,'odd'); END")
    changed = correct_all(crowd)
    assert crowd.sync().pulled == changed - 1
    assert crowd.value("SELECT count(*) FROM person WHERE name='李小红'") == changed - 1
    assert crowd.value("SELECT count(*) FROM sync_parked WHERE pk='p3'") == 1


def test_after_many_records_were_pulled_what_somebody_does_is_captured_and_pushed(crowd):
    crowd.sync()
    crowd.edit("p0", name="李小红")
    crowd.script.pushed.clear()
    crowd.sync()
    (batch,) = crowd.script.pushed
    assert [(change.id, change.op, change.values) for change in batch.changes] == [("p0", "u", {"name": "李小红"})]
    assert crowd.value("SELECT count(*) FROM search_key WHERE key='李小红'") == 1


@pytest.mark.parametrize("name", [None, 5, ["王"], {}])
def test_one_odd_record_among_many_stops_no_other(crowd, name):
    crowd.script.tell("person", "odd", name=name, phones="", source="")
    report = crowd.sync()
    assert report.pulled >= MANY
    assert crowd.value("SELECT count(*) FROM person WHERE id='p0'") == 1
    stored = crowd.value("SELECT count(*) FROM person WHERE id='odd'")
    assert stored + crowd.value("SELECT count(*) FROM sync_parked WHERE pk='odd'") == 1


def test_the_collector_of_cycles_is_as_it_was_after_a_sync(crowd):
    was_on = gc.isenabled()
    crowd.sync()
    assert gc.isenabled() == was_on
