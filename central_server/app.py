"""The application: the conversation of desks, health and numbers, and the console where it is wanted."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route

from central_server import openapi
from central_server.config import Console, Reports, Settings
from central_server.exchange import Central
from central_server.shell import health
from central_server.shell.connections import BEFORE_STOP
from central_server.shell.desks import Shell
from central_server.shell.metrics import Numbers
from central_server.waiting import PATH, Waiting

METHODS: Final = ["POST", "GET", "PUT", "DELETE"]
BARE: Final = Settings(Path(), console=Console(enabled=False), reports=Reports(refresh_minutes=0))
"""The conversation alone."""
HOUR_S: Final = 3600
DAY_S: Final = 86_400
SOON_S: Final = 10
"""After a start the reports are brought up to date soon."""
log = logging.getLogger("central_server")


def make_app(central: Central, settings: Settings = BARE) -> Starlette:
    """The application; closes the storage when it ends."""
    numbers = Numbers(central.storage, openapi.PATHS, settings.data)
    observer, pages = _console(central, settings)
    shell = Shell(central, settings.limits, numbers, observer)
    routes: list[BaseRoute] = [
        Route("/healthz", health.healthz, methods=["GET"]),
        Route("/readyz", health.readyz(central.storage), methods=["GET"]),
        Route("/openapi.json", health.openapi, methods=["GET"]),
    ]
    if settings.metrics.enabled:
        routes.append(Route("/metrics", health.metrics(numbers, settings.metrics), methods=["GET"]))
    waiting = Waiting(central)
    routes += [
        *pages,
        Route(PATH, waiting.answer, methods=["POST"]),
        Route("/{path:path}", shell.answer, methods=METHODS),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        reader = asyncio.create_task(_keep_counting(central, settings.reports.refresh_minutes))
        sweeper = asyncio.create_task(_keep_tidy(central))
        yield
        for task in (reader, sweeper):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        central.close()
        central.storage.close()

    app = Starlette(routes=routes, lifespan=lifespan)
    setattr(app.state, BEFORE_STOP, waiting.close)
    return app


def _console(central: Central, settings: Settings) -> tuple[Any, list[BaseRoute]]:
    if not settings.console.enabled:
        return None, []
    from central_server.console import contacts, make_console

    return contacts.Contacts(central.storage).note, make_console(central, settings)


async def _keep_tidy(central: Central) -> None:
    """An hour after the start and once a day: forgets what nobody needs, tombstones, marks and contents."""
    wait = HOUR_S
    while True:
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - spreads processes, guards nothing
        wait = DAY_S
        for what, work in (("forget old tombstones", central.purge), ("sweep the attachments", central.sweep)):
            try:
                if count := await run_in_threadpool(work):
                    log.info("%s: %s", what, count)
            except Exception:
                log.exception("could not %s", what)


async def _keep_counting(central: Central, minutes: int) -> None:
    """Refreshes the reports every few minutes; several processes take turns by chance."""
    if not minutes:
        return
    from central_server.rollups import reader

    wait = SOON_S
    while True:
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - spreads processes, guards nothing
        wait = minutes * 60
        try:
            await run_in_threadpool(reader.refresh, central.storage)
        except Exception:
            log.exception("could not refresh the reports")
