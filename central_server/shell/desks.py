"""Carries the requests of desks to `Central` and replies back."""

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Callable
from typing import Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from central_server.config import Limits
from central_server.exchange import Central, Reply, Request, refused
from central_server.shell.backlog import Backlog
from central_server.shell.bodies import Bodies
from central_server.shell.metrics import Numbers
from sync_protocol import short, signing
from sync_protocol.digests import body_hash
from sync_protocol.refusals import Refused

REQUEST_ID: Final = "x-request-id"
OK: Final = 200
Observer = Callable[[Request, Reply], None]
log = logging.getLogger("central_server")


def request_id() -> str:
    """A word that finds a request in the log; it stands in refusals, and in each answer to whoever sends the header."""
    return secrets.token_hex(8)


class Shell:
    """Limits, threads, headers, one line of log per request.  What is said is for `exchange` to know."""

    def __init__(
        self, central: Central, limits: Limits, numbers: Numbers | None = None, observer: Observer | None = None
    ) -> None:
        self._central = central
        self._numbers = numbers
        self._observer = observer
        self._lanes = asyncio.Semaphore(limits.lanes)
        self._threads = CapacityLimiter(limits.lanes)
        self._bodies = Bodies(limits)
        self.backlog = Backlog(limits.lanes, limits.wait_s)

    async def answer(self, http: HttpRequest) -> Response:
        """One request of a desk."""
        started, name = time.monotonic(), request_id()
        with self._bodies.reserved() as taken:
            try:
                body = await self._bodies.read(http, taken)
                request = Request(http.method, http.url.path, _headers(http, body), body)
                reply = await self._in_turn(request, _who(http))
            except Refused as refusal:
                reply = refused(refusal)
            except ClientDisconnect:
                reply = refused(Refused("BAD_REQUEST"))
        self._note(http.url.path, name, reply, time.monotonic() - started)
        return _response(reply, name if REQUEST_ID in http.headers or reply.status != OK else "")

    async def _in_turn(self, request: Request, who: str) -> Reply:
        wait = self.backlog.admit(who, time.monotonic())
        if wait:
            raise Refused("BUSY", retry_after=math.ceil(wait))
        try:
            await self._lanes.acquire()
        except BaseException:
            self.backlog.leave()
            raise
        self.backlog.begin()
        began = time.monotonic()
        try:
            return await run_sync(self._work, request, limiter=self._threads)
        finally:
            self.backlog.end(time.monotonic() - began)
            self._lanes.release()

    def _work(self, request: Request) -> Reply:
        try:
            reply = self._central.answer(request)
        except Exception:
            log.exception("unexpected error on %s", request.path)
            reply = refused(Refused("SERVER_ERROR"))
        if self._observer:
            try:
                self._observer(request, reply)
            except Exception:
                log.exception("could not note what was answered")
        return reply

    def _note(self, path: str, name: str, reply: Reply, seconds: float) -> None:
        """Numbers and codes only: no names, no content, no addresses; of a path only what can be no message."""
        facts = {"request": name, "path": path[:80], "status": reply.status, "ms": round(seconds * 1000, 1)}
        log.info("request", extra={"facts": {**facts, **reply.facts}})
        if self._numbers:
            self._numbers.note(path, reply.status, seconds, reply.facts)
            self._numbers.waiting.set(self.backlog.waiting)
            self._numbers.running.set(self.backlog.running)


def _who(http: HttpRequest) -> str:
    """Whose place in the backlog it is: what a request says of itself is enough for that."""
    name = http.headers.get(signing.HEADER_DEVICE) or short.speaker(http.headers.get(short.HEADER, ""))
    return name[:64] or (http.client.host if http.client else "")


def _headers(http: HttpRequest, body: bytes) -> dict[str, str]:
    """The headers as they came; from the one of the short form, those that it stands for."""
    given = dict(http.headers)
    return {**given, **short.long_headers(given[short.HEADER], body)} if short.HEADER in given else given


def _response(reply: Reply, name: str) -> Response:
    if reply.short:  # nothing keeps the answer to a POST that does not ask for it
        return Response(reply.body, reply.status, {short.HEADER: short.answer_header(reply.body)})
    headers = {signing.HEADER_HASH: body_hash(reply.body), "cache-control": "no-store"}
    if reply.content_type == signing.CONTENT_TYPE:
        headers[short.OFFER] = "1"
    if name:
        headers[REQUEST_ID] = name
    if reply.status in {429, 503}:
        headers |= _retry_after(reply.body)
    return Response(reply.body, reply.status, headers, reply.content_type)


def _retry_after(body: bytes) -> dict[str, str]:
    """The same seconds as in the body, for gateways and for clients that are none of ours."""
    from central_server.wire import CODEC

    seconds = CODEC.loads(body).get("retry_after")
    return {} if seconds is None else {"retry-after": str(seconds)}
