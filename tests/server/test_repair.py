"""Two replicas that should be equal find out where they differ."""

import orjson
import pytest

from central_server.wire import CODEC
from sync_protocol import codec, repair
from sync_protocol.digests import BUCKETS, bucket_of, content_hash, signed64, version_hash
from sync_protocol.messages import Place, rows_from_wire
from tests.server.conftest import SCOPE, Station
from tests.server.town import Desk


@pytest.fixture
def desk(station: Station) -> Desk:
    made = Desk(station, SCOPE)
    made.push(*(made.new("person", f"p{number}", name=f"甲{number}", note="") for number in range(600)))
    made.push(made.drop("person", "p7"))
    return made


def compare(desk: Desk, *, deep: bool = False) -> repair.Versions:
    sums = [0] * BUCKETS
    for row in desk.rows.values():
        count = content_hash(row.table, row.id, row.seq, row.values) if deep else version_hash(*row[:3])
        sums[bucket_of(row.table, row.id)] += count
    message = repair.Sums(tuple(signed64(one) for one in sums), deep)
    answer = desk.signed("/v1/repair", orjson.dumps(message.to_wire()))
    assert answer.status_code == 200
    return repair.Versions.from_wire(CODEC.unpack(answer.content, codec.PAGE_CAP))


def fetch(desk: Desk, *keys):
    answer = desk.signed("/v1/fetch", orjson.dumps(repair.Wanted(tuple(keys)).to_wire()))
    return rows_from_wire(CODEC.unpack(answer.content, codec.PAGE_CAP)["groups"])


@pytest.mark.parametrize("deep", [False, True])
def test_equal_replicas_have_nothing_to_tell_each_other(desk, deep):
    told = compare(desk, deep=deep)
    assert (told.buckets, told.rows, told.head) == ((), [], desk.place.cur)
    assert (told.head, told.mark) == desk.place.mark


def test_a_lost_record_is_named_and_can_be_fetched(desk):
    lost = desk.rows.pop(("person", "p3"))
    told = compare(desk)
    assert told.buckets == (bucket_of("person", "p3"),)
    assert ("person", "p3") in {(row.table, row.id) for row in told.rows}
    assert all(row.values == {} for row in told.rows)
    (found,) = fetch(desk, ("person", "p3"), ("person", "nobody"))
    assert (found.values, found.seq) == (lost.values, lost.seq)


def test_damage_within_a_version_is_found_by_a_deep_look_alone(desk):
    key = ("person", "p5")
    desk.rows[key] = desk.rows[key]._replace(values={"name": "损坏", "note": ""})
    assert compare(desk).buckets == ()
    assert compare(desk, deep=True).buckets == (bucket_of(*key),)


def test_blank_fields_count_like_missing_ones(desk):
    key = ("person", "p5")
    desk.rows[key] = desk.rows[key]._replace(values={"name": "甲5", "more": None})
    assert compare(desk, deep=True).buckets == ()


def test_a_tombstone_is_fetched_without_content(desk):
    (found,) = fetch(desk, ("person", "p7"))
    assert (found.gone, found.values) == (1, {})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/repair", b"{}"),
        ("/v1/repair", b'{"sums": [1], "deep": false}'),
        ("/v1/fetch", b'{"keys": [["person"]]}'),
        ("/v1/fetch", b'{"keys": 7}'),
        ("/v1/fetch", orjson.dumps({"keys": [["person", f"p{number}"] for number in range(2001)]})),
    ],
)
def test_garbage_is_a_bad_request(desk, path, body):
    assert desk.signed(path, body).json()["code"] == "BAD_REQUEST"


def test_a_desk_with_another_past_is_told_before_anything_is_compared(desk, station):
    """What a restored database does not list was lost, not deleted: the desk must not drop it."""
    lost = repair.Sums((0,) * BUCKETS, place=Place(desk.place.epoch, 700, (700, "lost"), (700, "lost")))
    answer = desk.signed("/v1/repair", orjson.dumps(lost.to_wire()))
    assert answer.status_code == 409
    assert answer.json()["code"] == "HISTORY"
    assert answer.json()["info"]["epoch"] != desk.place.epoch, "the unit begins a new epoch"
    assert [[*desk.place.mark]] == [one for one in answer.json()["info"]["marks"] if one[0] == desk.place.cur]
