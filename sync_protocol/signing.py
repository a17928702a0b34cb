"""What a desk signs with its Ed25519 key, and the headers it travels in.

A signature over the content survives the TLS-terminating proxies of city networks, where client certificates do not.
"""

import hashlib
from typing import Final

HEADER_PROTOCOL: Final = "x-linli-protocol"
HEADER_DEVICE: Final = "x-linli-device"
HEADER_COUNTER: Final = "x-linli-counter"
HEADER_SIGNATURE: Final = "x-linli-signature"
HEADER_HASH: Final = "x-linli-hash"
"""Both ways: `digests.body_hash` of the body, so that a damaged message is known before it is read."""

CONTENT_TYPE: Final = "application/vnd.linli.sync"
"""Type of what a desk and the server exchange; anything else comes from somebody in between."""


def device_name(scope: int, device: int) -> str:
    """The value of the device header: `<scope>.<device>`."""
    return f"{scope}.{device}"


def parse_device_name(text: str) -> tuple[int, int]:
    """Scope and device number of a device header; ValueError if it is none."""
    scope, device = text.split(".")
    return int(scope), int(device)


def signed_text(method: str, path: str, device: str, counter: int, body: bytes) -> bytes:
    """The bytes a desk signs for one request; the counter of a device must grow from request to request."""
    content = hashlib.blake2b(body, digest_size=32).hexdigest()
    return f"{method}|{path}|{device}|{counter}|{content}".encode()
