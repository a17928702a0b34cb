"""Identifiers: UUID version 7 (RFC 9562) as 32 hexadecimal digits.

Text rather than 16 bytes: the same value stands in SQL, JSON, logs and on the command line, see docs/decisions.
"""

import hashlib
import os
import threading
import time

DERIVED = "8"
"""The thirteenth digit of an identifier that `named_id` made: UUID version 8, made from other data (RFC 9562, 5.8)."""
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new identifier; those of one process sort in the order they were made."""
    global _last  # noqa: PLW0603 the counter must outlive the call
    with _lock:
        stamp = time.time_ns() >> 8  # 48 bits of ms and 12 of fraction fit above 256 ns
        stamp = max(stamp, _last + 1)
        _last = stamp
    ms, fraction = divmod(stamp << 8, 1_000_000)
    head = f"{ms & 0xFFFFFFFFFFFF:012x}7{(fraction << 12) // 1_000_000:03x}"
    tail = int.from_bytes(os.urandom(8)) & 0x3FFFFFFFFFFFFFFF | 0x8000000000000000
    return f"{head}{tail:016x}"


def named_id(*parts: str) -> str:
    """The identifier that every desk derives from the same words, for records that several desks may make at once."""
    digest = bytearray(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest())
    digest[6] = digest[6] & 0x0F | int(DERIVED) << 4
    digest[8] = digest[8] & 0x3F | 0x80
    return digest.hex()
