"""A browser of a few lines: cookies, forms, redirects; in this process, without sockets."""

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

from tests.server.http import Answer


class Visitor:
    """Somebody at the console; `last` is the last page."""

    def __init__(self, app: Any, address: str = "203.0.113.5") -> None:
        self._app, self._address = app, address
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        self.last = Answer(0, {}, b"")

    def get(self, path: str) -> Answer:
        return self._follow(self._ask("GET", path, b"", {}))

    def post(self, path: str, form: dict[str, object], **headers: str) -> Answer:
        """Sends a form with the tokens of the last page, unless the form brings them."""
        form.setdefault("csrf", self.token())
        form.setdefault("once", self.token("once"))
        body = urlencode(form).encode()
        given = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self._follow(self._ask("POST", path, body, given))

    def token(self, name: str = "csrf") -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        return self.last.content.decode()

    def _follow(self, answer: Answer) -> Answer:
        while answer.status_code == 303:
            answer = self._ask("GET", answer.headers["location"], b"", {})
        self.last = answer
        return answer

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        return asyncio.run(self._request(method, path, body, headers))

    async def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        bare, _, query = path.partition("?")
        given = {"host": "central", "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": bare,
            "raw_path": bare.encode(),
            "root_path": "",
            "scheme": "https",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": (self._address, 1),
            "server": ("central", 443),
        }
        events = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not events:
                await asyncio.Event().wait()  # it stays until it has its answer
            return events.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        pairs = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
        self.set_cookies = [value for name, value in pairs if name == "set-cookie"]
        for one in self.set_cookies:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return Answer(sent[0]["status"], dict(pairs), b"".join(message.get("body", b"") for message in sent[1:]))
