"""The file that travels on a stick: whatever happens to it on the way is noticed."""

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.sync.client import new_key, public_key
from desktop_app.sync.sealing import CRYPTO
from sync_protocol import bundle
from sync_protocol.bundle import Answer, Header, Request, Way
from sync_protocol.codec import Unreadable

SIGNER, OTHER = new_key(), new_key()
PRIVATE, PUBLIC = CRYPTO.pair()
HEADER = Header(Way.UP, 420299001001, 1 << 21, 1_780_000_000_000, "ab" * 32)
KEY = b"k" * 32
CONTENT = b"x" * (bundle.CHUNK + 7)
SEALED = bundle.seal(CRYPTO, HEADER, PUBLIC, SIGNER, CONTENT)
LOCKED = bundle.lock(CRYPTO, HEADER, KEY, CONTENT)
places = st.one_of(
    st.integers(0, 400), st.integers(0, len(SEALED) - 1), st.integers(len(SEALED) - 200, len(SEALED) - 1)
)


def opened(data: bytes, signer: bytes = SIGNER, private: bytes = PRIVATE) -> bytes:
    return bundle.unseal(CRYPTO, data, lambda _header, _public: private, bytes.fromhex(public_key(signer)))


def unlocked(data: bytes, key: bytes = KEY) -> bytes:
    return bundle.unlock(CRYPTO, data, key)


@given(st.binary(max_size=3000))
def test_what_was_sealed_or_locked_is_opened_again(content):
    assert opened(bundle.seal(CRYPTO, HEADER, PUBLIC, SIGNER, content)) == content
    assert unlocked(bundle.lock(CRYPTO, HEADER, KEY, content)) == content


@pytest.mark.parametrize("size", [0, 1, bundle.CHUNK - 1, bundle.CHUNK, bundle.CHUNK + 1, 2 * bundle.CHUNK])
def test_any_number_of_chunks_is_opened_again(size):
    assert opened(bundle.seal(CRYPTO, HEADER, PUBLIC, SIGNER, b"z" * size)) == b"z" * size


@given(places, st.integers(0, 7))
def test_any_flipped_bit_is_unreadable(at, bit):
    for data, read in ((SEALED, opened), (LOCKED, unlocked)):
        where = min(at, len(data) - 1)
        spoiled = data[:where] + bytes([data[where] ^ 1 << bit]) + data[where + 1 :]
        with pytest.raises(Unreadable):
            read(spoiled)


@given(places)
def test_any_cut_is_unreadable(at):
    for data, read in ((SEALED, opened), (LOCKED, unlocked)):
        with pytest.raises(Unreadable):
            read(data[: min(at, len(data) - 1)])


@given(st.binary(min_size=1, max_size=50))
def test_whatever_follows_a_file_makes_it_unreadable(more):
    for data, read in ((SEALED, opened), (LOCKED, unlocked)):
        with pytest.raises(Unreadable):
            read(data + more)


@given(
    st.sampled_from(Way),
    st.integers(0, 1 << 62),
    st.integers(0, 1 << 62),
    st.integers(0, 1 << 62),
    st.sampled_from(("ab" * 32, "", "cd" * 32)),
)
def test_another_header_on_the_same_content_is_unreadable(way, scope, device, made_at, reply_to):
    other = Header(way, scope, device, made_at, reply_to)
    if other == HEADER:
        return
    _, end = bundle.read_header(SEALED)
    front = bundle.lock(CRYPTO, other, KEY, b"")[: -bundle.TAG]
    for data, read in ((SEALED, opened), (LOCKED, unlocked)):
        with pytest.raises(Unreadable):
            read(front + data[end:])


def test_the_last_chunk_cannot_be_dropped_and_chunks_cannot_change_places():
    for data, read, tail in ((SEALED, opened, bundle.SIGNATURE), (LOCKED, unlocked, 0)):
        _, at = bundle.read_header(data)
        at += 2 * bundle.KEY if tail else 0
        size = bundle.CHUNK + bundle.TAG
        body, rest = data[at : len(data) - tail], data[len(data) - tail :] if tail else b""
        for changed in (body[:size], body[size:] + body[:size], body[:size] + body):
            with pytest.raises(Unreadable):
                read(data[:at] + changed + rest)


def test_only_its_owner_opens_it_and_only_its_maker_is_believed():
    with pytest.raises(Unreadable):
        opened(SEALED, signer=OTHER)
    with pytest.raises(Unreadable):
        opened(SEALED, private=b"")
    with pytest.raises(Unreadable):
        opened(SEALED, private=CRYPTO.pair()[0])
    with pytest.raises(Unreadable):
        unlocked(LOCKED, b"l" * 32)


def test_another_passcode_is_another_key_and_a_bad_salt_is_unreadable():
    key = bundle.passcode_key(Argon2id, "A" * 16, "00" * 16)
    assert key == bundle.passcode_key(Argon2id, "A" * 16, "00" * 16)
    assert len({key, bundle.passcode_key(Argon2id, "B" * 16, "00" * 16)}) == 2
    for salt in ("", "zz", "00"):
        with pytest.raises(Unreadable):
            bundle.passcode_key(Argon2id, "A" * 16, salt)


@given(st.binary(max_size=300))
def test_garbage_is_unreadable_and_nothing_worse(data):
    for front in (b"", bundle.MAGIC, bundle.MAGIC + b"\x00\x00\x00\x10"):
        for read in (opened, unlocked):
            with pytest.raises(Unreadable):
                read(front + data)


texts = st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=3)
requests = st.builds(Request, st.text(max_size=30), texts, st.binary(max_size=200))
answers = st.builds(Answer, st.integers(0, 999), texts, st.binary(max_size=200))


@given(st.lists(requests, max_size=4), st.lists(answers, max_size=4))
def test_requests_and_answers_come_out_as_they_went_in(up, down):
    assert bundle.unpack_requests(bundle.pack(up)) == up
    assert bundle.unpack_answers(bundle.pack(down)) == down


@given(st.binary(max_size=100))
def test_content_of_another_shape_is_refused(content):
    for read in (bundle.unpack_requests, bundle.unpack_answers):
        try:
            read(content)
        except ValueError:
            continue
