"""The HTTP shell: limits, threads, headers, one line of log per request.  What is said is for `exchange` to know."""

import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from central_server.exchange import Central, Reply, Request, refused
from sync_protocol import signing
from sync_protocol.digests import body_hash
from sync_protocol.refusals import Refused

MAX_BODY: Final = 4 << 20
"""Most bytes of one request, compressed."""
MAX_WAITING: Final = 64
"""More requests than this at once, and a desk is asked to come back later."""
RETRY_AFTER_S: Final = 5
log = logging.getLogger("central_server")


class Shell:
    """Carries requests to `Central` and replies back; counts those under way."""

    def __init__(self, central: Central) -> None:
        self._central = central
        self._under_way = 0

    async def answer(self, http: HttpRequest) -> Response:
        """One request of a desk."""
        started = time.monotonic()
        try:
            body = await self._body(http)
            reply = await self._hand_over(Request(http.method, http.url.path, dict(http.headers), body))
        except Refused as refusal:
            reply = refused(refusal)
        except ClientDisconnect:
            reply = refused(Refused("BAD_REQUEST"))
        _note(http.url.path, reply, time.monotonic() - started)
        return _response(reply)

    async def _hand_over(self, request: Request) -> Reply:
        if self._under_way >= MAX_WAITING:
            raise Refused("BUSY", retry_after=RETRY_AFTER_S)
        self._under_way += 1
        try:
            return await run_in_threadpool(self._central.answer, request)
        except Exception:
            log.exception("unexpected error on %s", request.path)
            return refused(Refused("SERVER_ERROR"))
        finally:
            self._under_way -= 1

    @staticmethod
    async def _body(http: HttpRequest) -> bytes:
        parts, size = [], 0
        async for part in http.stream():
            size += len(part)
            if size > MAX_BODY:
                raise Refused("TOO_LARGE")
            parts.append(part)
        return b"".join(parts)


def _response(reply: Reply) -> Response:
    headers = {signing.HEADER_HASH: body_hash(reply.body), "cache-control": "no-store"}
    return Response(reply.body, reply.status, headers, reply.content_type)


def _note(path: str, reply: Reply, seconds: float) -> None:
    """Numbers and codes only: no names, no content, no addresses."""
    log.info(json.dumps({"path": path, "status": reply.status, "ms": round(seconds * 1000, 1), **reply.facts}))


async def healthz(_: HttpRequest) -> Response:
    """Says that the server is up, and that it is ours."""
    return JSONResponse({"service": "linli-central", "ok": True})


def make_app(central: Central) -> Starlette:
    """The application; closes the storage when it ends."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        central.storage.close()

    shell = Shell(central)
    methods: list[str] = ["POST", "GET", "PUT", "DELETE"]
    routes: list[Any] = [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/{path:path}", shell.answer, methods=methods),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
