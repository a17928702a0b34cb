"""What a supervisor and Prometheus ask: alive, ready, numbers, and the description of the interface."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from central_server.config import LOOPBACK, Metrics
from central_server.openapi import document
from central_server.shell.metrics import CONTENT_TYPE, Numbers
from central_server.storage import Storage

READY_S: Final = 3.0
FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip")
Handler = Callable[[Request], Awaitable[Response]]


async def healthz(_: Request) -> Response:
    """Says that the server is up, and that it is ours."""
    return JSONResponse({"service": "linli-central", "ok": True})


def readyz(storage: Storage) -> Handler:
    """Says whether the storage answers; 503 if it does not within three seconds."""

    def look() -> None:
        with storage.reading() as session:
            session.row("select 1")

    async def answer(_: Request) -> Response:
        try:
            async with asyncio.timeout(READY_S):
                await run_in_threadpool(look)
        except Exception:  # noqa: BLE001 - whatever the engine raises, the answer is the same
            return JSONResponse({"ready": False}, 503, {"retry-after": "5"})
        return JSONResponse({"ready": True})

    return answer


def metrics(numbers: Numbers, settings: Metrics) -> Handler:
    """The numbers, for whoever has the token, or for this machine if there is none."""

    async def answer(http: Request) -> Response:
        if not may_read(http, settings.token):
            return JSONResponse({"code": "NOT_FOUND"}, 404)
        return Response(await run_in_threadpool(numbers.text), media_type=CONTENT_TYPE)

    return answer


def may_read(http: Request, token: str) -> bool:
    """A gateway on this machine forwards everybody, so what was forwarded does not come from this machine."""
    if token:
        given = http.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = any(name in http.headers for name in FORWARDED)
    return not forwarded and http.client is not None and http.client.host in LOOPBACK


async def openapi(_: Request) -> Response:
    """The description of the interface for programs."""
    return JSONResponse(document())
