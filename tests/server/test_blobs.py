"""The content of attachments on the server: only for records one has, only whole if its hash is right."""

import hashlib
from random import Random

import orjson
import pytest

from central_server import blobs as contents
from central_server import devices, history
from central_server.app import make_app
from central_server.blobs import Blobs
from central_server.exchange import Central
from sync_protocol import blobs, codec
from sync_protocol.blobs import Held, Named, Part
from sync_protocol.messages import Change
from tests.server.conftest import SCOPE, Speaker, Station, logged
from tests.server.http import Http

OTHER = 420299001002
DATA = Random(1).randbytes(2_500_000)  # noqa: S311 any bytes will do
SHA = hashlib.sha256(DATA).hexdigest()


def attachment(record_id: str, sha256: str = SHA, **values: object) -> Change:
    fields = {"owner_table": "person", "owner_id": "p1", "sha256": sha256, "size": len(DATA), **values}
    return Change("attachment", record_id, "i", 0, {}, 0, "clerk1", fields)


@pytest.fixture
def store(station: Station, tmp_path) -> Blobs:
    """The folder of contents; the server uses it."""
    made = Blobs(tmp_path / "blobs")
    station.http = Http(make_app(Central(station.storage, now=station.clock, blobs=made)))
    return made


def ask(desk: Speaker, *named: tuple[str, str]) -> list[Held]:
    body = orjson.dumps({"ask": [list(one) for one in named]})
    told = desk.signed("/v1/blobs", body).json()
    return [Held.from_wire(one) for one in told["blobs"]]


def put(desk: Speaker, record: str, offset: int, data: bytes, *, sha256: str = SHA, size: int = len(DATA)):
    part = Part(Named(record, sha256), offset, size)
    return desk.signed("/v1/blob/put", codec.join(orjson.dumps(part.to_wire()), data))


def get(desk: Speaker, record: str, offset: int = 0, count: int = blobs.PART, *, sha256: str = SHA):
    return desk.signed("/v1/blob/get", orjson.dumps(Part(Named(record, sha256), offset, count).to_wire()))


def send(desk: Speaker, record: str, data: bytes = DATA, sha256: str = SHA) -> None:
    for start in range(0, len(data), blobs.PART):
        answer = put(desk, record, start, data[start : start + blobs.PART], sha256=sha256, size=len(data))
        assert answer.status_code == 200, answer.content


def fetch(desk: Speaker, record: str, sha256: str = SHA) -> bytes:
    data, size = b"", 1
    while len(data) < size:
        told, some = codec.split(get(desk, record, len(data), sha256=sha256).content, 2)
        size = orjson.loads(told)["size"]
        data += some
    return data


def code(answer) -> str:
    return answer.json()["code"]


@pytest.fixture
def stranger(station: Station) -> Speaker:
    """A desk of another community."""
    with station.storage.writing() as session:
        history.open_unit(session, OTHER, "和平社区", station.clock.ms)
    return Speaker(station, "邻居", OTHER)


def test_a_content_goes_up_and_comes_down_at_another_desk(store, desk, other):
    desk.sync(attachment("a1"))
    assert ask(desk, ("a1", SHA)) == [Held(blobs.MISSING, 0)]
    send(desk, "a1")
    assert ask(other, ("a1", SHA)) == [Held(blobs.WHOLE, len(DATA))]
    assert fetch(other, "a1") == DATA


def test_an_upload_that_was_cut_goes_on_where_it_was(store, desk):
    desk.sync(attachment("a1"))
    put(desk, "a1", 0, DATA[:700_000])
    assert ask(desk, ("a1", SHA)) == [Held(blobs.MISSING, 700_000)]
    assert code(put(desk, "a1", 800_000, b"x")) == "WRONG_OFFSET"
    assert put(desk, "a1", 800_000, b"x").json()["info"] == {"offset": 700_000}
    put(desk, "a1", 700_000, DATA[700_000:1_700_000])
    last = put(desk, "a1", 1_700_000, DATA[1_700_000:])
    assert last.json() == {"blob": [blobs.WHOLE, len(DATA)]}


def test_a_request_that_comes_twice_changes_nothing(store, desk):
    desk.sync(attachment("a1"))
    for _ in range(2):
        put(desk, "a1", 0, DATA[: blobs.PART])
    send(desk, "a1")
    assert put(desk, "a1", 2 * blobs.PART, DATA[2 * blobs.PART :]).json()["blob"][0] == blobs.WHOLE
    assert fetch(desk, "a1") == DATA


def test_wrong_bytes_never_become_a_content(store, desk, other):
    desk.sync(attachment("a1"))
    put(desk, "a1", 0, DATA[: blobs.PART])
    put(desk, "a1", blobs.PART, bytes(blobs.PART))
    refused = put(desk, "a1", 2 * blobs.PART, DATA[2 * blobs.PART :])
    assert (refused.status_code, code(refused)) == (409, "WRONG_CONTENT")
    assert ask(desk, ("a1", SHA)) == [Held(blobs.MISSING, 0)]
    assert code(get(other, "a1")) == "NO_CONTENT"
    send(desk, "a1")
    assert fetch(other, "a1") == DATA


def test_two_desks_may_send_the_same_content_at_once(store, desk, other):
    desk.sync(attachment("a1"))
    other.sync(attachment("a2"))
    for start in range(0, len(DATA), blobs.PART):
        put(desk, "a1", start, DATA[start : start + blobs.PART])
        put(other, "a2", start, DATA[start : start + blobs.PART])
    assert fetch(desk, "a2") == fetch(other, "a1") == DATA
    assert len(list((store.folder / str(SCOPE)).glob("??/*"))) == 1


def test_nobody_reads_the_content_of_another_community_even_knowing_its_hash(store, desk, stranger):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    assert code(get(stranger, "a1")) == "NO_CONTENT"
    assert ask(stranger, ("a1", SHA)) == [Held(blobs.UNKNOWN, 0)]
    assert code(put(stranger, "a1", 0, DATA[: blobs.PART])) == "NO_CONTENT"
    for record in ("a1", "a2"):  # not even by a record of its own that names it, with the same id or another
        stranger.sync(attachment(record))
        assert code(get(stranger, record)) == "NO_CONTENT"
        assert ask(stranger, (record, SHA)) == [Held(blobs.MISSING, 0)]
    assert fetch(desk, "a1") == DATA


def test_a_desk_cannot_speak_for_another_community(store, desk, stranger):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    stranger.scope = SCOPE  # its own number and key under the other community's name
    assert code(get(stranger, "a1")) == "UNKNOWN_DEVICE"
    stranger.device = desk.device
    assert code(get(stranger, "a1")) == "BAD_SIGNATURE"


def test_what_is_not_there_and_what_one_may_not_see_are_the_same_answer(store, desk, stranger):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    there, nothing = get(stranger, "a1"), get(stranger, "a9")
    assert there.content == nothing.content


def test_the_hash_must_be_the_one_the_record_names(store, desk):
    desk.sync(attachment("a1"), attachment("a2", "0" * 64))
    send(desk, "a1")
    assert code(get(desk, "a2")) == "NO_CONTENT"
    assert code(get(desk, "a1", sha256="0" * 64)) == "NO_CONTENT"


def test_a_removed_attachment_is_no_longer_read_nor_sent(store, desk):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    desk.sync(Change("attachment", "a1", "d", desk.place.cur, {}, 1, "clerk1", {}))
    assert code(get(desk, "a1")) == "NO_CONTENT"
    assert ask(desk, ("a1", SHA)) == [Held(blobs.UNKNOWN, 0)]


def test_a_revoked_desk_neither_reads_nor_sends(store, station, desk):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    with station.storage.writing() as session:
        devices.revoke(session, desk.scope, desk.device, station.clock.ms)
    for answer in (get(desk, "a1"), put(desk, "a1", 0, DATA[:10]), desk.signed("/v1/blobs", b'{"ask":[]}')):
        assert (answer.status_code, code(answer)) == (403, "REVOKED")


def test_a_content_that_is_too_big_is_refused_before_it_is_stored(store, desk):
    desk.sync(attachment("a1"))
    assert code(put(desk, "a1", 0, DATA[:100], size=blobs.MAX_SIZE + 1)) == "TOO_LARGE"
    assert not list(store.folder.rglob("*.*"))


def test_a_community_has_a_quota_of_its_own(store, station, desk, stranger):
    store.quota = 3_000_000
    second = hashlib.sha256(DATA[:-1]).hexdigest()
    desk.sync(attachment("a1"), attachment("a2", second))
    send(desk, "a1")
    refused = put(desk, "a2", 0, DATA[: blobs.PART], sha256=second, size=len(DATA) - 1)
    assert (refused.status_code, code(refused)) == (507, "NO_SPACE")
    stranger.sync(attachment("b1"))
    send(stranger, "b1")


def test_a_full_disk_is_a_refusal_and_leaves_what_was_there(store, desk, monkeypatch):
    desk.sync(attachment("a1"))
    put(desk, "a1", 0, DATA[: blobs.PART])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(contents, "_write", full)
    assert code(put(desk, "a1", blobs.PART, DATA[blobs.PART : 2 * blobs.PART])) == "NO_SPACE"
    monkeypatch.undo()
    assert ask(desk, ("a1", SHA)) == [Held(blobs.MISSING, blobs.PART)]


def test_a_server_without_a_folder_says_that_it_cannot_do_this(station, desk):
    central = Central(station.storage, now=station.clock)
    central.blobs = None
    station.http = Http(make_app(central))
    assert code(get(desk, "a1")) == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/v1/blobs", "/v1/blob/put", "/v1/blob/get"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b'{"ask":[["a1"]]}',
        b'{"ask":[["a1","../../etc"]]}',
        b'{"ask":"x"}',
        b'{"blob":["a1","%s"],"offset":-1,"count":1}' % SHA.encode(),
        b'{"blob":["a1","%s"],"offset":1e3,"count":1}' % SHA.encode(),
        b'{"blob":["../a","%s"],"offset":0,"count":1}' % SHA.encode(),
        b'{"blob":["a1","%s"],"offset":99999999999999999999,"count":1}' % SHA.encode(),
        codec.join(b"{}", b"x"),
        codec.join(b"x", b"x", b"x"),
        orjson.dumps({"ask": [["a1", SHA]] * 201}),
        bytes(range(64, 128)),
    ],
)
def test_garbage_is_answered_with_a_refusal(store, desk, path, body):
    desk.sync(attachment("a1"))
    answer = desk.signed(path, body)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("offset", "data", "size"), [(0, b"", 10), (0, b"xx", 1), (5, b"x", 5), (0, b"x" * 1048577, 2_000_000)]
)
def test_a_part_that_cannot_be_is_refused(store, desk, offset, data, size):
    desk.sync(attachment("a1"))
    assert code(put(desk, "a1", offset, data, size=size)) == "BAD_REQUEST"


def test_reading_beyond_the_end_is_refused_and_at_the_end_gives_nothing(store, desk):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    assert code(get(desk, "a1", len(DATA) + 1)) == "BAD_REQUEST"
    assert codec.split(get(desk, "a1", len(DATA)).content, 2)[1] == b""


def test_neither_hash_nor_record_stands_in_the_log(store, desk, caplog):
    desk.sync(attachment("a1secret"))
    send(desk, "a1secret")
    words = str(logged(caplog))
    assert SHA not in words
    assert "a1secret" not in words
    assert "blob_up" in words


def test_only_what_no_record_has_named_for_thirty_days_is_swept(store, station, desk, stranger):
    desk.sync(attachment("a1"))
    send(desk, "a1")
    (path,) = (store.folder / str(SCOPE)).glob("??/*")
    now = path.stat().st_mtime

    def sweep(days: float) -> int:
        return store.sweep(station.storage, now + days * 86_400)

    assert sweep(400) == 0
    desk.sync(Change("attachment", "a1", "d", desk.place.cur, {}, 1, "clerk1", {}))
    assert sweep(429) == 0
    assert path.exists()
    assert sweep(431) == 1
    assert not path.exists()


def test_an_upload_nobody_goes_on_with_is_thrown_away_after_a_week(store, station, desk):
    desk.sync(attachment("a1"))
    put(desk, "a1", 0, DATA[:1000])
    (upload,) = (store.folder / str(SCOPE) / "uploads").iterdir()
    store.sweep(station.storage, upload.stat().st_mtime + 6 * 86_400)
    assert upload.exists()
    store.sweep(station.storage, upload.stat().st_mtime + 8 * 86_400)
    assert not upload.exists()


def test_an_erased_content_is_gone_at_once_unless_another_record_names_it(store, desk):
    other = hashlib.sha256(DATA[:-1]).hexdigest()
    desk.sync(attachment("a1"), attachment("a2", other), attachment("a3", other))
    send(desk, "a1")
    send(desk, "a2", DATA[:-1], other)
    desk.sync(
        *(
            Change("erasure", f"e{record}", "i", 0, {}, 2, "clerk1", {"tbl": "attachment", "row_id": record})
            for record in ("a1", "a2")
        )
    )
    assert len(list(store.folder.glob("*/??/*"))) == 1
    assert fetch(desk, "a3", other) == DATA[:-1]
