"""A form with a file in it: a bounded body in bounded time, one at a time, read with the standard library alone.

Only somebody who is signed in may send one: that is asked before the body is read.
"""

import asyncio
import re
import time
from typing import Final

from starlette.requests import Request

from central_server.console.web import LONGEST_FIELD, Denied, from_here

MOST_BYTES: Final = 160 << 20
"""The biggest file a desk writes: records and contents of attachments."""
GRACE_S: Final = 30
SLOWEST: Final = 64 << 10
"""Bytes a second an upload must come at on average, once the grace is over."""
MOST_HEAD: Final = 2000
MOST_PARTS: Final = 20
FILE: Final = "file"
_BOUNDARY: Final = re.compile(
    r'multipart/form-data\s*;.*\bboundary="?([0-9A-Za-z\'()+_,./:=? -]{1,70})"?', re.IGNORECASE
)
_NAME: Final = re.compile(rb'\bname="([a-z_]{1,40})"')
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)


async def upload_of(http: Request) -> tuple[dict[str, str], bytes]:
    """The fields of a form and the content of its file (empty without one), or turned away."""
    if not from_here(http):
        raise Denied(403, "这次提交不是从控制台的页面发出的，没有执行。")
    found = _BOUNDARY.fullmatch(http.headers.get("content-type", ""))
    if found is None:
        raise Denied(415, "看不懂这次提交。")
    length = http.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Denied(413, f"文件太大（最多 {MOST_BYTES >> 20} MB），没有接收。")
    async with _ONE_AT_A_TIME:
        body = await _body(http)
        return _parts(body, b"--" + found[1].encode())


async def _body(http: Request) -> bytes:
    body, started = bytearray(), time.monotonic()
    stream = http.stream().__aiter__()
    while True:
        until = started + GRACE_S + len(body) / SLOWEST
        try:
            async with asyncio.timeout(max(0.01, until - time.monotonic())):
                body += await anext(stream)
        except StopAsyncIteration:
            return bytes(body)
        except TimeoutError as error:
            raise Denied(408, "文件迟迟没有传完，请再试一次。") from error
        if len(body) > MOST_BYTES:
            raise Denied(413, f"文件太大（最多 {MOST_BYTES >> 20} MB），没有接收。")


def _parts(body: bytes, delimiter: bytes) -> tuple[dict[str, str], bytes]:
    """Fields and file of a body (RFC 7578, RFC 2046 section 5.1)."""
    fields, file, at = dict[str, str](), b"", body.find(delimiter)
    for _ in range(MOST_PARTS):
        start = at + len(delimiter)
        head_end = body.find(b"\r\n\r\n", start, start + MOST_HEAD)
        end = body.find(b"\r\n" + delimiter, head_end + 4)
        if min(at, head_end, end) < 0:
            break
        name, value = _NAME.search(body, start, head_end), body[head_end + 4 : end]
        if name and name[1].decode() == FILE:
            file = value
        elif name:
            fields[name[1].decode()] = value[:LONGEST_FIELD].decode("utf-8", errors="replace").strip()
        at = end + 2
    return fields, file
