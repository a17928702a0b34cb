"""Hashes that both sides must compute alike."""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

BODY_HASH_BYTES: Final = 16


def body_hash(body: bytes) -> str:
    """The name of a body: 32 hex digits of BLAKE2b-128."""
    return hashlib.blake2b(body, digest_size=BODY_HASH_BYTES).hexdigest()


def version_hash(table: str, record_id: str, seq: int) -> int:
    """What one version of one record adds to the digest of its scope; a record without a number adds nothing."""
    if not seq:
        return 0
    return int.from_bytes(blake2b(f"{table}|{record_id}|{seq}".encode(), digest_size=8).digest(), "big")


def versions_hash(table: str, versions: Iterable[tuple[str, int]]) -> int:
    """What versions of records of one table, (id, number), add together; quicker than `version_hash` one by one."""
    begin = f"{table}|"
    found = [blake2b(f"{begin}{pk}|{seq}".encode(), digest_size=8).digest() for pk, seq in versions if seq]
    return sum(struct.unpack(f">{len(found)}Q", b"".join(found)))


def signed64(number: int) -> int:
    """The digest lives in a signed 64-bit column, so sums wrap around."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def conflict_id(*parts: str | int) -> str:
    """The id of a conflict record: the same clash gets the same id, however often it is found (32 hex digits)."""
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=16, person=b"conflict").hexdigest()


BUCKETS: Final = 256


def bucket_of(table: str, record_id: str) -> int:
    """Which of the 256 buckets a record counts in, when two replicas look for where they differ."""
    return hashlib.blake2b(f"{table}|{record_id}".encode(), digest_size=1, person=b"bucket").digest()[0]


def content_hash(table: str, record_id: str, seq: int, values: Mapping[str, Any]) -> int:
    """What one version counts with its content, for a deep comparison; blank fields count like missing ones."""
    said = {name: value for name, value in values.items() if value not in (None, "", 0)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content = f"{table}|{record_id}|{seq}|{text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
