"""What both sides share: shapes, stamps, refusals, packing."""

import hashlib
import string

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from desktop_app import schema
from desktop_app.store.base import record_classes
from sync_protocol import behaviours, codec, digests, enrolment, messages, stamps, versions
from sync_protocol.messages import Ack, Batch, Change, Page, Place, Row
from sync_protocol.refusals import REFUSALS, Refused
from sync_protocol.shapes import BadMessage

assert schema.MODELS
CODEC = codec.make(orjson, zstandard)
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=4)
IDS = st.text(string.hexdigits, min_size=1, max_size=6)
NUMBERS = st.integers(0, 1 << 62)
CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 60), 1 << 60), st.text(max_size=5))
VALUES = st.dictionaries(NAMES, CELLS, max_size=4)
BY = st.one_of(st.none(), IDS)
MARKS = st.tuples(NUMBERS, IDS)
PLACES = st.builds(Place, IDS, NUMBERS, MARKS, MARKS)
CHANGES = st.builds(
    Change,
    NAMES,
    IDS,
    st.sampled_from("iud"),
    NUMBERS,
    st.dictionaries(NAMES, NUMBERS, max_size=2),
    NUMBERS,
    BY,
    VALUES,
)
ROWS = st.builds(Row, NAMES, IDS, NUMBERS, NUMBERS, NUMBERS, BY, st.integers(0, 4), VALUES, st.integers(0, 3))


def travelled(message):
    return CODEC.unpack(CODEC.pack(message), codec.PAGE_CAP)


@given(st.lists(CHANGES, max_size=6), PLACES)
def test_a_batch_arrives_as_it_was_sent_in_the_order_both_sides_count(changes, place):
    batch = Batch(1, 2, 3, "prev", place, messages.in_wire_order(changes))
    assert Batch.from_wire(travelled(batch.to_wire())) == batch


@given(st.lists(ROWS, max_size=6), st.one_of(st.none(), st.integers(-(1 << 63), (1 << 63) - 1)))
def test_a_page_and_an_ack_arrive_as_they_were_sent(rows, digest):
    listed = messages.rows_from_wire(messages.rows_to_wire(rows))
    assert sorted(map(repr, listed)) == sorted(map(repr, rows))
    page = Page("e", 1, "m", 2, 3, digest, listed)
    assert Page.from_wire(travelled(page.to_wire())) == page
    ack = Ack(1, "e", [1, 0], 1, "m", contiguous=True, truth=listed, refused=[(1, "TOO_LARGE")])
    assert Ack.from_wire(travelled(ack.to_wire())) == ack


@given(st.recursive(CELLS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)))
def test_whatever_json_comes_it_is_a_message_or_a_bad_message(raw):
    for kind in (Batch, Page, Ack, Place, messages.Pull, enrolment.EnrolRequest, enrolment.Identity):
        with pytest.raises(BadMessage):
            kind.from_wire(raw)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_a_message_or_unreadable(data):
    with pytest.raises(codec.Unreadable):
        CODEC.unpack(data, codec.PUSH_CAP)


def test_a_message_beyond_its_cap_is_unreadable():
    packed = CODEC.pack("x" * 10_000)
    assert CODEC.unpack(packed, 20_000)
    with pytest.raises(codec.Unreadable):
        CODEC.unpack(packed, 5_000)


@given(st.integers(0, 1 << 62), st.integers(0, 1 << 62), st.integers(0, 1 << 45))
def test_a_stamp_never_falls_behind_what_was_seen_nor_runs_far_ahead(floor, value, now):
    assert stamps.next_stamp(now, floor) > floor
    assert 0 <= stamps.clamp(value, now) <= stamps.latest_allowed(now)
    assert stamps.ms_of(stamps.stamp(now, 7)) == now


def test_stamps_of_later_moments_are_greater():
    assert stamps.stamp(1, 65535) < stamps.stamp(2)


def test_the_hash_of_a_version_is_the_one_in_the_protocol():
    expected = int.from_bytes(hashlib.blake2b(b"person|p1|7", digest_size=8).digest(), "big")
    assert digests.version_hash("person", "p1", 7) == expected
    assert digests.version_hash("person", "p1", 0) == 0


@given(st.integers(-(1 << 70), 1 << 70))
def test_a_digest_fits_a_signed_column(number):
    assert -(1 << 63) <= digests.signed64(number) < 1 << 63
    assert (digests.signed64(number) - number) % (1 << 64) == 0


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_has_words_that_end_in_what_to_do_and_travels(code):
    refusal = Refused(code, {"a": 1}, retry_after=5)
    again = Refused.from_body(orjson.loads(orjson.dumps(refusal.body())))
    assert (again.code, again.info, again.retry_after, again.message) == (code, {"a": 1}, 5, refusal.message)
    assert refusal.message.endswith(("。", "）。"))
    assert "请" in refusal.message
    assert 400 <= refusal.status < 600


def test_a_refusal_of_a_newer_server_keeps_its_own_words():
    refusal = Refused.from_body({"code": "FULL_MOON", "message": "今天不行。"})
    assert (refusal.code, refusal.message) == ("FULL_MOON", "今天不行。")


def test_versions_are_numbered_and_dated_in_order():
    assert [version.number for version in versions.VERSIONS] == list(range(1, len(versions.VERSIONS) + 1))
    assert [version.date for version in versions.VERSIONS] == sorted(version.date for version in versions.VERSIONS)
    assert all(version.name and version.reason for version in versions.VERSIONS)


def test_the_append_only_tables_of_the_desk_are_those_of_the_protocol():
    """A desk refuses to rewrite them by trigger, the server by this list: the two must not drift apart."""
    here = {name for name, cls in record_classes().items() if cls.__append_only__}
    there = {name for name in record_classes() if behaviours.behaviour_of(name) is behaviours.Behaviour.APPEND}
    assert here == there
