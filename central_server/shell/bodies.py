"""Reading what a client sends: bounded in size, in memory over all clients, and in time."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from central_server.config import Limits
from sync_protocol.refusals import Refused

MIB = 1 << 20


class Incoming(Protocol):
    """What is read of a request."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""

    def stream(self) -> AsyncIterator[bytes]:
        """The body in parts."""


class Bodies:
    """All bodies that are being read; together they never take more than a budget."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = limits.body_mib * MIB
        self._budget = limits.bodies_mib * MIB
        self.held = 0

    @contextmanager
    def reserved(self) -> Iterator[list[int]]:
        """Room for one body; what is in the list is given back at the end."""
        taken = [0]
        try:
            yield taken
        finally:
            self.held -= taken[0]

    async def read(self, http: Incoming, taken: list[int], most: int | None = None) -> bytes:
        """The whole body; refuses what is too large, too slow, or too much for the memory set aside."""
        most = min(most or self._most, self._most)
        declared = http.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared[:20]) > most:
            raise Refused("TOO_LARGE")
        parts: list[bytes] = []
        started = time.monotonic()
        stream = http.stream().__aiter__()
        while True:
            try:
                async with asyncio.timeout(self._patience(taken[0], time.monotonic() - started)):
                    part = await anext(stream)
            except StopAsyncIteration:
                return b"".join(parts)
            except TimeoutError as error:
                raise Refused("BAD_REQUEST", {"part": "body"}) from error
            self._count(len(part), taken, most)
            parts.append(part)

    def _patience(self, size: int, spent: float) -> float:
        """Seconds until the next part must be there, so that the average speed stays above the least allowed."""
        return max(0.01, self._limits.body_grace_s + size / (self._limits.body_kib_per_s * 1024) - spent)

    def _count(self, size: int, taken: list[int], most: int) -> None:
        taken[0] += size
        self.held += size
        if taken[0] > most:
            raise Refused("TOO_LARGE")
        if self.held > self._budget:
            raise Refused("BUSY", retry_after=5)
