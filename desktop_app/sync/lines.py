"""Lines that are slow, dead or silent: how long anything is waited for, and which of a server's addresses is tried."""

import io
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

CONNECT_S: Final = 10.0
READ_S: Final = 60.0
MOST_S: Final = 600.0
"""Seconds to connect, between two bytes, for a whole answer."""
GLANCE_S: Final = 2.0
"""Where a name has several addresses, each has so long at first: one that swallows packets (IPv6 that leads nowhere)
must not stand in the way of the others."""
PIECE: Final = 16 << 10
"""Handed over at once, each within the time of a connection: a slow line is no dead one."""
_good: dict[tuple[str, int], str] = {}
"""The address that answered last, by name and port: it comes first."""


class Patient(io.RawIOBase):
    """What is read of an answer, head and body, until patience is over: a drip of bytes is no answer."""

    def __init__(self, raw: Any, most_s: float) -> None:
        super().__init__()
        self._raw, self._until = raw, time.monotonic() + most_s

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """The next bytes, or TimeoutError."""
        if time.monotonic() > self._until:
            raise TimeoutError("timed out")
        found: int | None = self._raw.readinto(buffer)
        return found

    def close(self) -> None:
        """Closes what it reads from, too."""
        self._raw.close()
        super().close()


def addresses(host: str, port: int) -> list[str]:
    """The numeric addresses of a name, the one that answered last before the others; none if it cannot be resolved."""
    try:
        told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    found = dict.fromkeys(str(one[4][0]) for one in told)
    return sorted(found, key=lambda one: one != _good.get((host, port)))


def attempts(host: str, port: int, timeout: float) -> Iterator[tuple[str, float]]:
    """Which address to try, and for how long: each for a moment, then each for as long as there is patience."""
    found = addresses(host, port)
    if len(found) > 1:
        yield from ((one, min(GLANCE_S, timeout)) for one in found)
    yield from ((one, timeout) for one in found)


def answered(host: str, port: int, address: str) -> None:
    """Remembers which address answered."""
    _good[host, port] = address
