"""What desks ask about the content of attachments.

It is heard before anything is touched, granted by the records, and answered from the folder outside the transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from central_server.blobs import Blobs, Grant
from central_server.wire import CODEC
from sync_protocol import blobs, codec
from sync_protocol.blobs import Named, Part

ASK, PUT, GET = "/v1/blobs", "/v1/blob/put", "/v1/blob/get"
PATHS: Final = (ASK, PUT, GET)


@dataclass(frozen=True, slots=True)
class Talk:
    """A request about contents: which, and for a part of one, where it begins and what it holds."""

    path: str
    named: list[Named]
    part: Part | None = None
    data: bytes = b""

    def answer(self, store: Blobs, device: int, granted: Sequence[Grant | None]) -> tuple[bytes, dict[str, Any]]:
        """The body that goes back, and what the log may say of it: numbers, neither hashes nor records."""
        if self.part is None:
            told = [store.held(one, device).to_wire() for one in granted]
            return CODEC.dumps({"blobs": told}), {"asked": len(told)}
        if self.path == PUT:
            held = store.take(granted[0], device, self.part, self.data)
            return CODEC.dumps({"blob": held.to_wire()}), {"blob_up": len(self.data)}
        size, data = store.read(granted[0], self.part)
        return codec.join(CODEC.dumps({"size": size}), data), {"blob_down": len(data)}


def heard(path: str, body: bytes) -> Talk:
    """A request as it was meant; Unreadable or BadMessage for any other bytes."""
    if path == PUT:
        told, data = codec.split(body, 2)
        part = Part.from_wire(_json(told))
        return Talk(path, [part.named], part, data)
    if path == GET:
        part = Part.from_wire(_json(body))
        return Talk(path, [part.named], part)
    return Talk(path, blobs.named_from_wire(_json(body)))


def _json(body: bytes) -> Any:
    try:
        return CODEC.loads(body)
    except ValueError as error:
        raise codec.Unreadable("not JSON") from error
