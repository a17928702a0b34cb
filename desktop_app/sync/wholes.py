"""Connections that send the head of a request together with its body: one packet where urllib3 alone makes two.

And that put up with bad lines, see `lines`.
"""

import io
import socket
from http.client import HTTPResponse
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from desktop_app.sync import lines

_LONGEST_JOINED = 64 << 10
"""A longer body goes by itself: it fills packets anyway, and nothing of it is copied."""


class _Answer(HTTPResponse):
    """An answer that is not waited for longer than patience lasts, whatever drips in."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(lines.Patient(self.fp.detach(), lines.MOST_S))


class _Whole(HTTPConnection):
    _head = b""
    response_class = _Answer

    def send(self, data: Any) -> None:
        if not self._head and isinstance(data, bytes) and data.startswith(b"POST ") and data.endswith(b"\r\n\r\n"):
            self._head = data
            return
        head, self._head = self._head, b""
        if head and len(data) > _LONGEST_JOINED:
            super().send(head)
            for start in range(0, len(data), lines.PIECE):
                super().send(memoryview(data)[start : start + lines.PIECE])
        else:
            super().send(head + data if head else data)

    def getresponse(self) -> Any:
        if self._head:  # there was no body
            head, self._head = self._head, b""
            super().send(head)
        return super().getresponse()

    def close(self) -> None:
        self._head = b""
        super().close()

    def _new_conn(self) -> socket.socket:
        """A connection to the first address of the server that answers."""
        host, timeout, failed = self._dns_host, self.timeout, None
        for address, patience in lines.attempts(host, self.port or self.default_port, float(timeout or 0)):
            try:
                self._dns_host, self.timeout = address, patience
                made = super()._new_conn()
            except (ConnectTimeoutError, NewConnectionError) as error:
                failed = error
            else:
                lines.answered(host, self.port or self.default_port, address)
                made.settimeout(float(timeout or 0))
                return made
            finally:
                self._dns_host, self.timeout = host, timeout
        if failed:
            raise failed
        return super()._new_conn()  # it cannot be resolved, which is said in words of its own


class _SecureWhole(_Whole, HTTPSConnection):
    pass


class Pool(HTTPConnectionPool):
    """In the clear."""

    ConnectionCls = _Whole


class SecurePool(HTTPSConnectionPool):
    """Over TLS."""

    ConnectionCls = _SecureWhole
