"""Desks that wait for news: one question to the storage each second for all of them, no thread and no row of its own.

    POST /v1/wait   {"cur": n, "seconds": s} → {"head": n}

Answered as soon as the unit's head is above `cur`, or after so many seconds: 55 at most, and where none are named.

The request is signed like any other, but its counter is only compared, not stored: whoever sends one again learns that
a number has grown, and only until the desk's own next request.  Nothing is changed, so nothing can be done twice.
"""

import asyncio
from collections import Counter
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from central_server import devices
from central_server.devices import Device
from central_server.exchange import Central, Reply, Request, checked, refused
from central_server.wire import CODEC
from sync_protocol import signing
from sync_protocol.digests import body_hash
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage, member, whole

PATH: Final = "/v1/wait"
LONGEST_S: Final = 55.0
EVERY_S: Final = 1.0
MOST: Final = 5000
"""Desks that may wait at one process; more are asked to come back."""
BODY_BYTES: Final = 200
BODY_S: Final = 10.0
RETRY_AFTER_S: Final = 300


class Waiting:
    """The desks that wait at this process."""

    def __init__(self, central: Central, *, longest_s: float = LONGEST_S, every_s: float = EVERY_S) -> None:
        self._central = central
        self._longest_s, self._every_s = longest_s, every_s
        self._wanted: Counter[int] = Counter()
        self._heads: dict[int, int] = {}
        self._news = asyncio.Condition()
        self._poll: asyncio.Task[None] | None = None
        self._closed = False

    async def answer(self, http: HttpRequest) -> Response:
        """One desk that waits."""
        try:
            request = Request(http.method, http.url.path, dict(http.headers), await _body(http))
            device, cur, seconds = await run_in_threadpool(self._heard, request)
            reply = _reply({"head": await self._head_above(device.scope, cur, seconds)})
        except Refused as refusal:
            reply = refused(refusal)
        except (BadMessage, ClientDisconnect, TimeoutError):
            reply = refused(Refused("BAD_REQUEST"))
        headers = {signing.HEADER_HASH: body_hash(reply.body), "cache-control": "no-store"}
        return Response(reply.body, reply.status, headers, reply.content_type)

    def close(self) -> None:
        """Sends everybody home: the server is about to stop."""
        self._closed = True

    def _heard(self, request: Request) -> tuple[Device, int, float]:
        """Who asks, how far it has come, and how many seconds it would wait."""
        checked(request)
        device, counter = self._central.verified(request)
        if counter < device.counter:
            raise Refused("STALE", {"counter": device.counter})
        if device.successor is not None:
            with self._central.storage.reading() as session:
                raise Refused("SCOPE_GONE", devices.successor(session, device))
        try:
            said = CODEC.loads(request.body)
        except ValueError as error:
            raise BadMessage("not JSON") from error
        seconds = said.get("seconds") if isinstance(said, dict) else None
        most = self._longest_s if seconds is None else min(self._longest_s, float(whole(seconds)))
        return device, whole(member(said, "cur")), most

    async def _head_above(self, unit: int, cur: int, seconds: float) -> int:
        """The unit's head, once it is above `cur` or the time is up."""
        if self._wanted.total() >= MOST:
            raise Refused("BUSY", retry_after=RETRY_AFTER_S)
        self._wanted[unit] += 1
        try:
            if self._wanted[unit] == 1:  # what was known of it before may be old
                self._heads.pop(unit, None)
            if self._poll is None or self._poll.done():
                self._poll = asyncio.create_task(self._keep_asking())
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self._closed or self._heads.get(unit, 0) > cur)
        except TimeoutError:
            pass
        finally:
            self._wanted[unit] -= 1
        return self._heads.get(unit, cur)

    async def _keep_asking(self) -> None:
        """Asks for the heads of all units somebody waits for, as long as somebody does."""
        while +self._wanted and not self._closed:
            units = sorted(+self._wanted)
            try:
                self._heads = await run_in_threadpool(self._ask, units)
            except OSError:  # the storage does not answer: whoever waits is told nothing new
                self._heads = {}
            async with self._news:
                self._news.notify_all()
            await asyncio.sleep(self._every_s)
        async with self._news:  # the server is about to stop: nobody is kept waiting
            self._news.notify_all()

    def _ask(self, units: list[int]) -> dict[int, int]:
        with self._central.storage.reading() as session:
            found = session.rows("select scope_id,next_seq from scope_head where scope_id = any(?)", units)
        return {unit: next_seq - 1 for unit, next_seq in found}


async def _body(http: HttpRequest) -> bytes:
    parts, size = list[bytes](), 0
    async with asyncio.timeout(BODY_S):
        async for part in http.stream():
            size += len(part)
            if size > BODY_BYTES:
                raise Refused("TOO_LARGE")
            parts.append(part)
    return b"".join(parts)


def _reply(message: object) -> Reply:
    return Reply(200, CODEC.dumps(message), "application/json")
