"""The file that travels on a stick when there is no network: the same signed requests and the same answers.

A file is a readable header, the two public keys its content was sealed with, sealed chunks, and a signature over all of
it.  Up go requests exactly as they would go over the network, down come the server's answers to them and the pages that
follow; so a request that arrives both ways is answered twice with the same words.  Cryptography comes from outside,
because this package imports the standard library alone.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple, Protocol, Self

from sync_protocol import shapes
from sync_protocol.codec import Unreadable

MAGIC: Final = b"LINLI-BUNDLE-1\n"
SUFFIX: Final = ".linli"
CHUNK: Final = 1 << 20
"""Bytes sealed at once, so that a file of any size is opened in little memory."""
TAG: Final = 16
SIGNATURE: Final = 64
KEY: Final = 32
MOST_HEADER: Final = 4096
MOST_PART: Final = 64 << 20
"""Most bytes of one request or answer."""
MOST_BATCHES: Final = 50
"""Batches a desk has under way at once, at most."""
MOST_FILE: Final = 512 << 20
"""Most bytes of a file; what is bigger is no bundle."""
STARTER_DAYS: Final = 7
PASSCODE_LENGTH: Final = 16
"""Characters of `enrolment.CODE_ALPHABET`: 79 bits."""
ARGON2: Final = {"iterations": 3, "lanes": 2, "memory_cost": 64 * 1024}
"""Argon2id, RFC 9106: 64 MiB, three passes."""
FOR: Final = "for"
"""Header of an answer: the path that was asked, or one of the next two."""
PAGE: Final = "page"
STARTER: Final = "starter"
BATCH: Final = "batch"
"""Header of an answer: the number of the batch it is about."""
HASH: Final = "hash"
"""Header of an answer: the hash of that batch."""
AFTER: Final = "after"
"""Header of a page: the number its records come after."""
ABOUT: Final = "about"
"""Of an answer about a content: record, hash and offset, with blanks between."""
MOST_CONTENTS: Final = 64 << 20
"""Bytes of contents of attachments that one file takes along; the rest goes with the next."""
PUBLIC: Final = "key"
"""Header of a new identity: the public key it belongs to."""
WHEN: Final = "when"
"""Header of a request for a new identity: `ALWAYS`, or only if the request before was refused for want of one."""
ALWAYS: Final = "always"
NEEDS_IDENTITY: Final = ("HISTORY", "CLONE", "SCOPE_GONE")
_SIZE: Final = struct.Struct(">I")
_NONCE: Final = struct.Struct(">4xQ")


class Way(Enum):
    """Where a file is going."""

    UP = "up"
    """From a desk to the server."""
    DOWN = "down"
    """The server's answer to a desk."""
    STARTER = "starter"
    """What a new desk is set up from; sealed with a passcode, not with a key."""


@dataclass(frozen=True, slots=True)
class Header:
    """What anybody may read on a file: where it goes, whom it is about and when it was made (UTC ms); no content.

    `reply_to` is the X25519 key, in hex, that the answer is to be sealed to; `salt` goes with a passcode.
    """

    way: Way
    scope: int
    device: int
    made_at: int
    reply_to: str = ""
    salt: str = ""

    def to_wire(self) -> dict[str, Any]:
        return {
            "way": self.way.value,
            "scope": self.scope,
            "device": self.device,
            "made_at": self.made_at,
            "reply_to": self.reply_to,
            "salt": self.salt,
        }

    @classmethod
    def from_wire(cls, raw: object) -> Self:
        try:
            way = Way(shapes.member(raw, "way"))
        except ValueError as error:
            raise shapes.BadMessage("not a way") from error
        return cls(
            way,
            shapes.whole(shapes.member(raw, "scope")),
            shapes.whole(shapes.member(raw, "device")),
            shapes.whole(shapes.member(raw, "made_at")),
            shapes.words(shapes.member(raw, "reply_to"), 64),
            shapes.words(shapes.member(raw, "salt"), 64),
        )


class Cipher(Protocol):
    """AES-256-GCM, as of `cryptography`."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext and tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The content, or `Crypto.bad` for a tag that does not fit."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """What is needed of a cryptographic library.  Keys are 32 raw bytes.

    `pair()` gives (private, public) X25519; `agree(private, public)` the shared secret; `sign(private, data)` and
    `check(public, signature, data)` are Ed25519, the latter raises `bad`; `cipher(key)` is AES-256-GCM.
    """

    pair: Callable[[], tuple[bytes, bytes]]
    agree: Callable[[bytes, bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]
    check: Callable[[bytes, bytes, bytes], None]
    cipher: Callable[[bytes], Cipher]
    bad: tuple[type[Exception], ...]


def make(x25519: Any, ed25519: Any, aesgcm: Any, bad: tuple[type[Exception], ...]) -> Crypto:
    """The cryptography both sides use, from the modules of `cryptography` that are named like the parameters."""

    def pair() -> tuple[bytes, bytes]:
        private = x25519.X25519PrivateKey.generate()
        return private.private_bytes_raw(), private.public_key().public_bytes_raw()

    def agree(private: bytes, public: bytes) -> bytes:
        other = x25519.X25519PublicKey.from_public_bytes(public)
        shared: bytes = x25519.X25519PrivateKey.from_private_bytes(private).exchange(other)
        return shared

    def sign(private: bytes, data: bytes) -> bytes:
        signature: bytes = ed25519.Ed25519PrivateKey.from_private_bytes(private).sign(data)
        return signature

    def check(public: bytes, signature: bytes, data: bytes) -> None:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, data)

    return Crypto(pair, agree, sign, check, aesgcm, bad)


class Request(NamedTuple):
    """One request as it would go over the network; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """One answer as it would have come over the network."""

    status: int
    headers: dict[str, str]
    body: bytes


# -------------------------------------------------------------------------------------------------------- the envelope


def seal(crypto: Crypto, header: Header, sealed_to: bytes, signer: bytes, content: bytes) -> bytes:
    """A file for the owner of the public key `sealed_to`, signed with the private key `signer`."""
    private, public = crypto.pair()
    secret = crypto.agree(private, sealed_to)
    front = _front(header) + sealed_to + public
    body = front + _chunks(crypto.cipher(_content_key(secret, front)), content)
    return body + crypto.sign(signer, _digest(body))


def unseal(crypto: Crypto, data: bytes, opener: Callable[[Header, bytes], bytes], signed_by: bytes) -> bytes:
    """The content of a file, or Unreadable: damaged, cut off, forged, or meant for somebody else.

    `opener(header, sealed_to)` gives the private half of the public key that the file was sealed to, b"" if it is not
    ours.
    """
    header, at = read_header(data)
    body, signature = data[:-SIGNATURE], data[-SIGNATURE:]
    sealed_to, public = data[at : at + KEY], data[at + KEY : at + 2 * KEY]
    if len(public) != KEY or len(data) < at + 2 * KEY + SIGNATURE:
        raise Unreadable("cut off")
    private = opener(header, sealed_to)
    if not private:
        raise Unreadable("sealed to somebody else")
    try:
        crypto.check(signed_by, signature, _digest(body))
        cipher = crypto.cipher(_content_key(crypto.agree(private, public), data[: at + 2 * KEY]))
        return b"".join(_opened(cipher, body[at + 2 * KEY :]))
    except crypto.bad as error:
        raise Unreadable("damaged or forged") from error


def lock(crypto: Crypto, header: Header, key: bytes, content: bytes) -> bytes:
    """A file under a key that both sides know already: a starter, whose key is made from a passcode."""
    front = _front(header)
    return front + _chunks(crypto.cipher(_content_key(key, front)), content)


def unlock(crypto: Crypto, data: bytes, key: bytes) -> bytes:
    """The content of a locked file, or Unreadable."""
    _, at = read_header(data)
    try:
        return b"".join(_opened(crypto.cipher(_content_key(key, data[:at])), data[at:]))
    except crypto.bad as error:
        raise Unreadable("damaged, or another passcode") from error


def passcode_key(argon2id: Any, passcode: str, salt: str) -> bytes:
    """The key that a passcode stands for; `argon2id` is the class of `cryptography`, `salt` that of the header."""
    try:
        key: bytes = argon2id(salt=bytes.fromhex(salt), length=KEY, **ARGON2).derive(passcode.encode())
    except ValueError as error:
        raise Unreadable("no salt") from error
    return key


def read_header(data: bytes) -> tuple[Header, int]:
    """The header of a file and where it ends; Unreadable for a file of another kind."""
    start = len(MAGIC) + _SIZE.size
    if len(data) < start or not data.startswith(MAGIC):
        raise Unreadable("not a bundle")
    (size,) = _SIZE.unpack_from(data, len(MAGIC))
    if size > MOST_HEADER or len(data) < start + size:
        raise Unreadable("cut off")
    try:
        return Header.from_wire(json.loads(data[start : start + size])), start + size
    except (ValueError, RecursionError) as error:
        raise Unreadable("no header") from error


def _front(header: Header) -> bytes:
    text = json.dumps(header.to_wire(), separators=(",", ":")).encode()
    return MAGIC + _SIZE.pack(len(text)) + text


def _content_key(secret: bytes, front: bytes) -> bytes:
    """The header and both public keys go into the key, so none of them can be exchanged."""
    return hashlib.blake2b(hashlib.sha256(front).digest(), key=secret[:64], digest_size=32, person=b"bundle").digest()


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def _chunks(cipher: Cipher, content: bytes) -> bytes:
    """Chunks numbered in their nonces; the last one says so, or a cut file would pass as a whole one."""
    count = max(1, -(-len(content) // CHUNK))
    return b"".join(
        cipher.encrypt(_NONCE.pack(no), content[no * CHUNK : (no + 1) * CHUNK], b"last" if no == count - 1 else b"")
        for no in range(count)
    )


def _opened(cipher: Cipher, data: bytes) -> Iterator[bytes]:
    size = CHUNK + TAG
    count = max(1, -(-len(data) // size))
    for no in range(count):
        part = data[no * size : (no + 1) * size]
        if len(part) < TAG:
            raise Unreadable("cut off")
        yield cipher.decrypt(_NONCE.pack(no), part, b"last" if no == count - 1 else b"")


# --------------------------------------------------------------------------------------------------------- the content


def pack(parts: Sequence[Request | Answer]) -> bytes:
    """Requests or answers, one after the other."""
    return b"".join(_framed(part) for part in parts)


def unpack_requests(content: bytes) -> list[Request]:
    """The requests in a file that went up; Unreadable for anything else."""
    return [Request(shapes.words(first), headers, body) for first, headers, body in _unframed(content)]


def unpack_answers(content: bytes) -> list[Answer]:
    """The answers in a file that came down; Unreadable for anything else."""
    return [Answer(shapes.whole(first), headers, body) for first, headers, body in _unframed(content)]


def _framed(part: Request | Answer) -> bytes:
    head = json.dumps([part[0], part.headers], separators=(",", ":")).encode()
    return _SIZE.pack(len(head)) + head + _SIZE.pack(len(part.body)) + part.body


def _unframed(content: bytes) -> Iterator[tuple[Any, dict[str, str], bytes]]:
    at = 0
    while at < len(content):
        head, at = _part(content, at)
        body, at = _part(content, at)
        try:
            first, headers = json.loads(head)
        except (ValueError, TypeError, RecursionError) as error:
            raise Unreadable("not a request or an answer") from error
        yield first, {shapes.words(name): shapes.words(value, 1000) for name, value in shapes.pairs(headers)}, body


def _part(content: bytes, at: int) -> tuple[bytes, int]:
    if len(content) < at + _SIZE.size:
        raise Unreadable("cut off")
    (size,) = _SIZE.unpack_from(content, at)
    at += _SIZE.size
    if size > MOST_PART or len(content) < at + size:
        raise Unreadable("cut off")
    return content[at : at + size], at + size
