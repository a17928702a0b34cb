"""Contents follow their records from unit to unit, and no further: shared, answered, withdrawn, moved."""

import hashlib

import pytest

from central_server.app import make_app
from central_server.blobs import Blobs
from central_server.exchange import Central
from tests.server.conftest import Station
from tests.server.http import Http
from tests.server.test_blobs import code, fetch, get, send
from tests.server.town import STREET, A, B, Desk, build

MINE, THEIRS, SECRET = b"a photo of A" * 100, b"a scan of the street" * 100, b"a secret of A" * 100


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def town(station: Station, tmp_path):
    """Desks of units, made when they are first asked for."""
    contents = Blobs(tmp_path / "blobs")
    station.http = Http(make_app(Central(station.storage, now=station.clock, blobs=contents)))
    build(station)
    made: dict[int, Desk] = {}

    def desk(unit: int) -> Desk:
        if unit not in made:
            made[unit] = Desk(station, unit)
        return made[unit]

    return desk


def attached(desk: Desk, record: str, data: bytes, owner: str = "m1", table: str = "meeting"):
    return desk.new("attachment", record, owner_table=table, owner_id=owner, sha256=sha(data), size=len(data))


@pytest.fixture
def shared(town):
    """A meeting of A with a photo that the street receives, and a secret photo of a resident that it does not."""
    desk = town(A)
    desk.push(
        desk.new("meeting", "m1", title="联席会", audience=str(STREET)),
        attached(desk, "x1", MINE),
        desk.new("person", "p1", name="王小明"),
        attached(desk, "x9", SECRET, "p1", "person"),
    )
    send(desk, "x1", MINE, sha(MINE))
    send(desk, "x9", SECRET, sha(SECRET))
    town(STREET).pull()
    return desk


def test_who_receives_a_meeting_reads_its_photos_and_nobody_else(town, shared):
    assert fetch(town(STREET), "x1", sha(MINE)) == MINE
    assert code(get(town(B), "x1", sha256=sha(MINE))) == "NO_CONTENT"
    assert code(get(town(STREET), "x9", sha256=sha(SECRET))) == "NO_CONTENT"


def test_what_a_guest_adds_is_read_at_home(town, shared):
    street = town(STREET)
    street.push(attached(street, "x2", THEIRS))
    send(street, "x2", THEIRS, sha(THEIRS))
    shared.pull()
    assert fetch(shared, "x2", sha(THEIRS)) == THEIRS


def test_a_guest_who_names_a_secret_hash_gets_nothing(town, shared):
    """It knows the hash and has a shared meeting to hang it on; what it lacks are the bytes."""
    street = town(STREET)
    street.push(attached(street, "x3", SECRET))
    shared.pull()
    assert shared.values("attachment", "x3")
    assert code(get(street, "x3", sha256=sha(SECRET))) == "NO_CONTENT"
    street.push(street.edit("attachment", "x1", sha256=sha(SECRET)))  # nor by changing a record of A
    assert code(get(street, "x1", sha256=sha(SECRET))) == "NO_CONTENT"


def test_after_a_withdrawal_nothing_is_read_any_more(town, shared):
    street = town(STREET)
    assert fetch(street, "x1", sha(MINE)) == MINE
    shared.push(shared.edit("meeting", "m1", audience=""))
    street.pull()
    assert code(get(street, "x1", sha256=sha(MINE))) == "NO_CONTENT"
    assert fetch(shared, "x1", sha(MINE)) == MINE


def test_a_photo_moves_with_its_resident(town, shared):
    shared.push(shared.new("transfer", "t1", tbl="person", row_id="p1", to_scope=B, reason="搬家"))
    new = town(B)
    new.pull()
    assert new.values("attachment", "x9")
    assert fetch(new, "x9", sha(SECRET)) == SECRET
    assert code(get(shared, "x9", sha256=sha(SECRET))) == "NO_CONTENT"


def files(tmp_path) -> set[str]:
    return {path.name for path in (tmp_path / "blobs").glob("*/*/*")}


def test_an_erased_resident_leaves_no_photo_in_the_community_they_came_from(town, shared, tmp_path):
    """It was never copied: the new community reads it from the old one's folder."""
    shared.push(shared.new("transfer", "t1", tbl="person", row_id="p1", to_scope=B, reason="搬家"))
    new = town(B)
    new.pull()
    assert files(tmp_path) == {sha(MINE), sha(SECRET)}
    new.push(new.new("erasure", "e1", tbl="person", row_id="p1"))
    assert files(tmp_path) == {sha(MINE)}


def test_a_photo_that_was_deleted_before_goes_with_its_resident_at_once(town, shared, tmp_path):
    """The tombstone does not say which it was; what nobody names where somebody was erased has no reason to stay."""
    shared.push(shared.drop("attachment", "x9"))
    shared.push(shared.new("erasure", "e1", tbl="person", row_id="p1"))
    assert files(tmp_path) == {sha(MINE)}


def test_a_photo_that_another_record_needs_stays_after_an_erasure(town, shared, tmp_path):
    shared.push(shared.new("person", "p2", name="李小红"), attached(shared, "x10", SECRET, "p2", "person"))
    shared.push(shared.new("erasure", "e1", tbl="person", row_id="p1"))
    assert fetch(shared, "x10", sha(SECRET)) == SECRET
