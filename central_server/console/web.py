"""One visit to a page: who comes, what was sent, and how the answer is dressed."""

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from central_server.config import Settings
from central_server.console.sessions import COOKIE, Signed
from central_server.exchange import Central
from central_server.rollups.report import Period
from central_server.storage import Storage
from central_server.units import UnitError

HERE: Final = Path(__file__).parent
BASE: Final = "/console"
CHINA: Final = timezone(timedelta(hours=8))
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FORM_BYTES: Final = 64 << 10
FIELDS: Final = 50
LONGEST_FIELD: Final = 2000
_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
"""No year past 2099, no digits of other scripts: a list of months up to such a one has no end."""


class Denied(Exception):  # noqa: N818 - an answer, not an error of this program
    """A visit that is turned away: status and words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(slots=True)
class Visit:
    """What a page needs.  Pages run in a thread and may ask the storage directly."""

    central: Central
    settings: Settings
    now: int
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    address: str
    secure: bool
    signed: Signed | None = None
    pre: str = ""
    file: bytes = b""
    cookie: str = ""
    tried: str = ""
    """The form that was just refused, by its path; why, in `reason`."""
    reason: str = ""

    @property
    def storage(self) -> Storage:
        """Where everything is."""
        return self.central.storage

    @property
    def who(self) -> Signed:
        """Who is signed in; only on pages that ask for it."""
        if self.signed is None:
            raise Denied(403, "请先登录。")
        return self.signed

    def number(self, name: str) -> int:
        """A number in the path or the form; turned away if it is none."""
        text = self.path.get(name) or self.form.get(name, "")
        if not text.isascii() or not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - 64 bits
            raise Denied(404, "没有这个页面。")
        return int(text)

    def optional(self, name: str) -> int | None:
        """The number of a unit in form or query that may be left out; turned away if it is none.

        What cannot be read must not count as left out: no unit is more than any unit.
        """
        text = self.form.get(name, "") or self.query.get(name, "")
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - as above
            raise UnitError(f"“{text[:40]}”不是单位编号（6 至 18 位数字），没有执行。")
        return int(text)

    def _is_tried(self, form: str, row: str) -> bool:
        return self.tried == form and (not row or self.form.get("name") == row)

    def why(self, form: str, row: str = "") -> str:
        """Why a form was refused just now (`row`: the one of several with this name in it); empty if it was not."""
        return self.reason if self._is_tried(form, row) else ""

    def typed(self, form: str, field: str, usual: object = "") -> str:
        """What somebody typed into a form that was refused; else what stands there usually.  Never for passwords."""
        return self.form.get(field, "") if self._is_tried(form, "") else str(usual)

    @property
    def period(self) -> Period:
        """The months that were asked for; this month and the eleven before it otherwise."""
        last = self.query.get("last", "")
        if not _MONTH.fullmatch(last):
            last = f"{local(self.now):%Y-%m}"
        first = self.query.get("first", "")
        if not _MONTH.fullmatch(first) or first > last:
            first = f"{last[:4]}-01"
        return Period(first, last)


def local(ms: int) -> datetime:
    """A moment as the clock in the office shows it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(CHINA)


async def form_of(http: Request) -> dict[str, str]:
    """The fields of a form: a bounded body in bounded time, or turned away."""
    if not from_here(http):
        raise Denied(403, "这次提交不是从控制台的页面发出的，没有执行。")
    if http.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise Denied(415, "看不懂这次提交。")
    body, started = b"", time.monotonic()
    stream = http.stream().__aiter__()
    while True:
        try:
            async with asyncio.timeout(max(0.01, started + 10 - time.monotonic())):
                body += await anext(stream)
        except StopAsyncIteration:
            break
        except TimeoutError as error:
            raise Denied(408, "提交的内容迟迟没有传完，请再试一次。") from error
        if len(body) > FORM_BYTES:
            raise Denied(413, "提交的内容太多。")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError as error:
        raise Denied(400, "看不懂这次提交。") from error
    return {name: value.strip()[:LONGEST_FIELD] if name != "password" else value for name, value in pairs}


def from_here(http: Request) -> bool:
    """Whether a form comes from one of our own pages, as far as the browser says."""
    if http.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = http.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == http.headers.get("host", "")


class Pages:
    """The templates, and what each of them may use."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._environment.filters["when"] = lambda ms: f"{local(ms):%Y-%m-%d %H:%M}" if ms else "—"
        self._environment.globals["base"] = BASE
        self._environment.globals["css"] = self.address(".css")
        self._environment.globals["icon"] = self.address(".svg")

    @cached_property
    def static(self) -> Mapping[str, tuple[bytes, str]]:
        """Address → (content, type) of what never changes under its address: the address changes with the content."""
        found = {}
        for path in sorted((HERE / "static").iterdir()):
            content = path.read_bytes()
            mark = hashlib.blake2b(content, digest_size=6).hexdigest()
            found[f"{BASE}/static/{path.stem}-{mark}{path.suffix}"] = content, TYPES[path.suffix]
        return found

    def address(self, ending: str) -> str:
        """Where a static file is, by its ending."""
        return next(address for address in self.static if address.endswith(ending))

    def html(self, template: str, visit: Visit | None, status: int = 200, **values: Any) -> Response:
        """A page; every one knows who is signed in and the token for its forms."""
        signed = visit.signed if visit else None
        text = self._environment.get_template(template).render(
            signed=signed,
            csrf=signed.csrf if signed else "",
            once=secrets.token_urlsafe(16),
            now=visit.now if visit else 0,
            visit=visit,
            **values,
        )
        return Response(text, status, dict(HEADERS), "text/html; charset=utf-8")


PAGES: Final = Pages()


def to(path: str) -> Response:
    """After a form: to the page that shows what came of it."""
    return RedirectResponse(BASE + path, 303, dict(HEADERS))


def set_cookie(answer: Response, visit: Visit, value: str, name: str = COOKIE) -> None:
    """Only for this server, unseen by scripts, gone with the browser; over TLS only where there is TLS."""
    answer.set_cookie(
        name,
        value,
        path=BASE,
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )


def drop_cookie(answer: Response, name: str = COOKIE) -> None:
    """Takes a cookie back."""
    answer.delete_cookie(name, path=BASE, httponly=True, samesite="strict")
