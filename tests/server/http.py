"""The least of a client for an ASGI application: one request at a time, in this process, without sockets."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Http:
    """Calls the application as a web server would."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, path: str) -> Answer:
        return asyncio.run(self._request("GET", path, {}, []))

    def post(self, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        pieces = [content[start : start + 65536] for start in range(0, len(content), 65536)]
        return asyncio.run(self._request("POST", path, headers, pieces))

    async def _request(self, method: str, path: str, headers: dict[str, str], pieces: list[bytes]) -> Answer:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8750),
        }
        events = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        events.append({"type": "http.request", "body": b"", "more_body": False})
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return events.pop(0) if events else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))

    def live(self) -> None:
        """Starts and ends the application, as a web server does."""
        asyncio.run(self._live())

    async def _live(self) -> None:
        events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive() -> dict[str, Any]:
            return events.pop(0)

        async def send(message: Any) -> None:
            assert message["type"].endswith(".complete")

        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
