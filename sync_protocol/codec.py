"""Packing and framing.  JSON and zstd come from outside, because this package imports the standard library alone."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

PUSH_CAP: Final = 8 << 20
"""Most bytes one pushed batch may unpack to (batches aim at 1 MiB)."""
PAGE_CAP: Final = 64 << 20
"""Most bytes one page of a pull may unpack to."""
CHUNK: Final = 512
"""Fed to the decompressor at once: even a bomb unpacks to 16 MiB at most before the cap is looked at."""
LEVEL: Final = 3
BRIEF: Final = 160
"""Bytes of JSON that compression makes no shorter."""
MAX_WINDOW: Final = 1 << 23
"""Memory a frame may ask for, in bytes."""
FRAME_SIZE: Final = struct.Struct(">I")


class Unreadable(ValueError):  # noqa: N818 - reads better where it is caught
    """Bytes that are not what they should be: cut off, damaged, too big, or from somebody else."""


class Stream(Protocol):
    """A streaming decompressor, as of `zstandard`."""

    def decompress(self, data: bytes, /) -> bytes:
        """The next part."""

    @property
    def eof(self) -> bool:
        """Whether the frame ended, its checksum included."""

    @property
    def unused_data(self) -> bytes:
        """What followed the frame."""


@dataclass(frozen=True, slots=True)
class Codec:
    """Turns messages into bytes and back.  `loads` raises ValueError for bad JSON, a stream `bad_stream`."""

    dumps: Callable[[Any], bytes]
    loads: Callable[[bytes], Any]
    compress: Callable[[bytes], bytes]
    stream: Callable[[], Stream]
    bad_stream: type[Exception]

    def pack(self, message: object) -> bytes:
        """Compressed JSON with a checksum in the frame."""
        return self.compress(self.dumps(message))

    def pack_brief(self, message: object) -> bytes:
        """The same, but what is too short to be worth it stays as it is; its hash travels beside it."""
        text = self.dumps(message)
        return text if len(text) <= BRIEF else self.compress(text)

    def unpack_brief(self, data: bytes, cap: int) -> Any:
        """The message in `data`, compressed or not."""
        if not data.startswith(b"["):
            return self.unpack(data, cap)
        if len(data) > cap:
            raise Unreadable("message too large")
        try:
            return self.loads(data)
        except (ValueError, RecursionError) as error:
            raise Unreadable("unreadable message") from error

    def unpack(self, data: bytes, cap: int) -> Any:
        """The message in `data`, or Unreadable.  Stops at `cap` bytes, whatever the frame declares (R12)."""
        try:
            return self.loads(self._inflate(data, cap))
        except (ValueError, RecursionError, self.bad_stream) as error:
            raise Unreadable("unreadable message") from error

    def _inflate(self, data: bytes, cap: int) -> bytes:
        parts: list[bytes] = []
        stream, size = self.stream(), 0
        for start in range(0, len(data), CHUNK):
            if stream.eof:
                raise Unreadable("something follows the message")
            part = stream.decompress(data[start : start + CHUNK])
            size += len(part)
            if size > cap:
                raise Unreadable("message too big")
            parts.append(part)
        if not stream.eof or stream.unused_data:
            raise Unreadable("message cut off or continued")
        return b"".join(parts)


def make(json: Any, zstd: Any) -> Codec:
    """The codec both sides use, from the modules `orjson` and `zstandard`: level 3, a checksum in every frame."""
    return Codec(
        dumps=json.dumps,
        loads=json.loads,
        compress=lambda data: zstd.ZstdCompressor(level=LEVEL, write_checksum=True).compress(data),
        stream=lambda: zstd.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj(),
        bad_stream=zstd.ZstdError,
    )


def join(*parts: bytes) -> bytes:
    """Several byte strings as one; `split` takes them apart, so the frozen body of a push keeps its bytes."""
    return b"".join(FRAME_SIZE.pack(len(part)) + part for part in parts)


def split(data: bytes, count: int) -> list[bytes]:
    """Exactly `count` parts; raises Unreadable otherwise."""
    parts: list[bytes] = []
    at = 0
    while at < len(data) and len(parts) < count:
        if len(data) - at < FRAME_SIZE.size:
            raise Unreadable("cut off")
        (size,) = FRAME_SIZE.unpack_from(data, at)
        at += FRAME_SIZE.size
        parts.append(data[at : at + size])
        at += size
    if len(parts) != count or at != len(data):
        raise Unreadable("not the parts expected")
    return parts
