"""Connections that say nothing, or one byte a second, are closed: the web server below has no such limit of its own."""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

BEFORE_STOP: Final = "before_stop"
"""In the state of the application: what is called, once per connection, when the server is asked to stop."""


class Together:
    """A transport that sends what is written in one turn of the loop in one go: head and body of a short answer."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Sends at the end of this turn."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        """Closes once everything is sent."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))


class BoundedConnection(H11Protocol):
    """From the opening of a connection, and from the first byte of each later request, headers must come in time.

    A connection that is idle between two requests is the business of the keep-alive limit.
    """

    head_s: ClassVar[float] = 15.0
    """The same for the whole process."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(Together(transport, self.loop))  # type: ignore[arg-type]  # it passes on all the rest
        self._deadline: asyncio.TimerHandle | None = None
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        self._wait_for_head()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        self._stop_waiting()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._deadline is None:
            self._deadline = self.loop.call_later(self.head_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()

    def shutdown(self) -> None:
        """The server is about to stop: whoever waits for news is sent home, the others finish."""
        app = self.app
        while app is not None and not hasattr(app, "state"):
            app = getattr(app, "app", None)  # what uvicorn wraps around it
        close = getattr(getattr(app, "state", None), BEFORE_STOP, None)
        if close is not None:
            close()
        super().shutdown()
