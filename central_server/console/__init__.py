"""The console: plain pages, made on the server, that work without scripts and ask nobody else for anything."""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from central_server.config import LOOPBACK, Settings
from central_server.console import (
    accounts,
    attention_page,
    audit_page,
    device_page,
    figures_page,
    overview_page,
    quarantine_page,
    sessions,
    signing_page,
    slips,
    sticks_page,
    unit_page,
    users_page,
)
from central_server.console.uploads import upload_of
from central_server.console.web import BASE, HEADERS, PAGES, Denied, Visit, form_of
from central_server.exchange import Central, wall_clock
from central_server.shell.desks import REQUEST_ID, request_id
from central_server.storage import ContendedError, UnavailableError
from central_server.units import UnitError

ANYBODY: Final = "anybody"
SIGNED: Final = "signed"
ADMINISTRATOR: Final = "administrator"
MISTAKES: Final = frozenset({400, 429})
"""Refusals that somebody can do something about in the form itself."""
Page = Callable[[Visit], Response]
log = logging.getLogger("central_server")


@dataclass(frozen=True, slots=True)
class Door:
    """One address of the console and who may use it."""

    method: str
    path: str
    page: Page
    role: str = ADMINISTRATOR
    upload: bool = False
    """Its form has a file in it."""
    form: Page | None = None
    """The page its form stands on: shown again, with the reason and what was typed, when the form is refused."""


DOORS: Final = (
    Door("GET", "/sign-in", signing_page.show, ANYBODY),
    Door("POST", "/sign-in", signing_page.sign_in, ANYBODY),
    Door("POST", "/sign-out", signing_page.sign_out, SIGNED),
    Door("GET", "/password", signing_page.password, SIGNED),
    Door("POST", "/password", signing_page.change_password, SIGNED, form=signing_page.password),
    Door("GET", "/figures", figures_page.show, SIGNED),
    Door("GET", "/figures.xlsx", figures_page.workbook, SIGNED),
    Door("GET", "/figures.csv", figures_page.csv, SIGNED),
    Door("GET", "/attention", attention_page.show),
    Door("GET", "/attention.xlsx", attention_page.workbook),
    Door("GET", "/units", overview_page.show),
    Door("POST", "/units", unit_page.create, form=overview_page.show),
    Door("GET", "/units/{unit}", unit_page.show),
    Door("POST", "/units/{unit}/name", unit_page.rename, form=unit_page.show),
    Door("POST", "/units/{unit}/parent", unit_page.move, form=unit_page.show),
    Door("POST", "/units/{unit}/codes", unit_page.make_code, form=unit_page.show),
    Door("GET", "/devices/{unit}/{device}", device_page.show),
    Door("GET", "/devices/{unit}/{device}/revoke", device_page.ask),
    Door("POST", "/devices/{unit}/{device}/revoke", device_page.revoke, form=device_page.show),
    Door("GET", "/sticks", sticks_page.show),
    Door("POST", "/sticks", sticks_page.answer, upload=True, form=sticks_page.show),
    Door("GET", "/sticks/{token}", sticks_page.take),
    Door("POST", "/units/{unit}/starter", sticks_page.starter, form=unit_page.show),
    Door("GET", "/slips/{token}", slips.show),
    Door("GET", "/quarantine", quarantine_page.show),
    Door("GET", "/users", users_page.show),
    Door("POST", "/users", users_page.add, form=users_page.show),
    Door("POST", "/users/disable", users_page.disable, form=users_page.show),
    Door("POST", "/users/password", users_page.password, form=users_page.show),
    Door("GET", "/audit", audit_page.show),
)
"""Every page.  What is not said to be for others is for administrators."""


def make_console(central: Central, settings: Settings, now: Callable[[], int] = wall_clock) -> list[BaseRoute]:
    """The routes of the console."""
    behind = _Entrance(central, settings, now)
    routes: list[BaseRoute] = [
        Route(BASE, _home, methods=["GET"]),
        Route(f"{BASE}/", _home, methods=["GET"]),
        *(Route(address, _static, methods=["GET"]) for address in PAGES.static),
    ]
    routes += [Route(BASE + door.path, behind.handler(door), methods=[door.method]) for door in DOORS]
    return [*routes, Route(f"{BASE}/{{rest:path}}", _nothing, methods=["GET", "POST"])]


async def _home(_: Request) -> Response:
    return RedirectResponse(f"{BASE}/units", 303, dict(HEADERS))


async def _nothing(_: Request) -> Response:
    return PAGES.html("message.html", None, 404, words="没有这个页面。")


async def _static(http: Request) -> Response:
    content, media = PAGES.static[http.url.path]
    return Response(content, 200, {**HEADERS, "cache-control": "public, max-age=31536000, immutable"}, media)


def _note(door: Door, status: int, name: str, seconds: float) -> None:
    """Which page, not of which unit; who did what stands in the audit table."""
    facts = {"request": name, "path": BASE + door.path, "method": door.method, "status": status}
    log.info("page", extra={"facts": {**facts, "ms": round(seconds * 1000, 1)}})


def _refusal(door: Door, visit: Visit, status: int, words: str) -> Response:
    """The form again with what was typed and the reason; a page of words where there is no form to show."""
    if door.form is not None and status in MISTAKES:
        visit.tried, visit.reason = door.path, words
        with suppress(Denied):
            answer = door.form(visit)
            answer.status_code = status
            return answer
    return PAGES.html("message.html", visit, status, words=words)


class _Entrance:
    """Checks every visit before a page sees it."""

    def __init__(self, central: Central, settings: Settings, now: Callable[[], int]) -> None:
        self._central = central
        self._settings = settings
        self._now = now

    def handler(self, door: Door) -> Callable[[Request], Awaitable[Response]]:
        """The ASGI side of a page."""

        async def answer(http: Request) -> Response:
            started, name = time.monotonic(), request_id()
            try:
                form, file = dict[str, str](), b""
                if door.upload:
                    await run_in_threadpool(self._must_be_let_in, door, http)
                    form, file = await upload_of(http)
                elif door.method == "POST":
                    form = await form_of(http)
                found = await run_in_threadpool(self._visit, door, http, form, file)
            except Denied as denied:
                found = PAGES.html("message.html", None, denied.status, words=denied.words)
            except (ContendedError, UnavailableError):
                found = PAGES.html("message.html", None, 503, words="数据库现在没有回应，没有执行。请过一会儿再试。")
            found.headers[REQUEST_ID] = name
            _note(door, found.status_code, name, time.monotonic() - started)
            return found

        return answer

    def _must_be_let_in(self, door: Door, http: Request) -> None:
        """Who may not come in does not get to send a file either."""
        visit = self._arrival(http, {})
        if visit.signed is None:
            raise Denied(403, "登录已过期，没有执行。请重新登录后再做一次。")
        if door.role == ADMINISTRATOR and not visit.signed.user.administrator:
            raise Denied(403, "这一页只有管理员能看。")

    def _visit(self, door: Door, http: Request, form: dict[str, str], file: bytes) -> Response:
        visit = self._arrival(http, form, file)
        if visit.signed is None and door.role != ANYBODY:
            if door.method == "POST":
                raise Denied(403, "登录已过期，没有执行。请重新登录后再做一次。")
            return RedirectResponse(f"{BASE}/sign-in", 303, dict(HEADERS))
        if visit.signed and door.role == ADMINISTRATOR and not visit.signed.user.administrator:
            if door.path == "/units":
                return RedirectResponse(f"{BASE}/figures", 303, dict(HEADERS))
            raise Denied(403, "这一页只有管理员能看。")
        if door.method == "POST":
            known = visit.signed.csrf if visit.signed and door.role != ANYBODY else visit.pre
            if not known or not accounts.same(form.get("csrf", ""), known):
                raise Denied(403, "这一页放得太久了，没有执行。请返回、刷新后再试。")
        try:
            return door.page(visit)
        except (UnitError, accounts.AccountError) as error:
            return _refusal(door, visit, 400, str(error))
        except Denied as denied:
            return _refusal(door, visit, denied.status, denied.words)

    def _arrival(self, http: Request, form: dict[str, str], file: bytes = b"") -> Visit:
        host = http.client.host if http.client else ""
        secure = self._settings.console.secure_cookie and not (http.url.scheme == "http" and host in LOOPBACK)
        visit = Visit(
            central=self._central,
            settings=self._settings,
            now=self._now(),
            path=dict(http.path_params),
            query=dict(http.query_params),
            form=form,
            address=host,
            secure=secure,
            pre=http.cookies.get(signing_page.PRE_COOKIE, ""),
            file=file,
            cookie=http.cookies.get(sessions.COOKIE, ""),
        )
        limits = self._settings.console
        visit.signed = sessions.find(visit.storage, visit.cookie, visit.now, limits.idle_minutes, limits.session_hours)
        return visit
